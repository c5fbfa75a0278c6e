"""The command line, `foley`, one module for each command.

Guarantees one JSON object where it is asked for, and one sentence with a code for every error. To the service
it is a client like any other, and knows nothing of how that does its work; some commands need no service.
Begin with `app.py`, then `generate.py`.
"""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; never returns."""
    from backend.cli.interrupts import silent

    silent()  # before anything else is loaded, which takes a quarter of a second
    from backend.cli.app import main as run

    run(arguments)
