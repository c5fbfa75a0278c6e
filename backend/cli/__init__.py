"""The command line, `foley`, one module for each command.

Guarantees one JSON object where it is asked for, and one sentence with a code for every error. To the service
it is a client like any other, and knows nothing of how that does its work; some commands need no service.
Begin with `app.py`, then `generate.py`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

_OURS = ("backend", "foley_core")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; never returns."""
    from backend.cli.interrupts import silent

    silent()  # before anything else is loaded, which takes a quarter of a second
    try:
        from backend.cli.app import main as run

        run(arguments)
    except ModuleNotFoundError as error:  # what prints errors may itself be what is missing
        if (error.name or "").partition(".")[0] in _OURS:
            raise
        setup = "Run `python3 installers/bootstrap.py setup` in foley's folder."
        sys.exit(f"Error: Foley's environment is not whole: {error.name} is missing. {setup}")
