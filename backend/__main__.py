"""`python -m backend`: the same as `foley`, but serving loads nothing that only the command line needs."""

from __future__ import annotations

import sys

from backend.cli.interrupts import silent


def main() -> int:
    """Serve, or hand over to the command line."""
    silent()
    if sys.argv[1:] == ["serve"]:
        from backend.service.serve import serve

        return serve()
    from backend.cli import main as command_line

    command_line()
    return 0


if __name__ == "__main__":
    sys.exit(main())
