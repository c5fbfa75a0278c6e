"""What ends a command before its time: Ctrl-C, `kill`, `timeout`, a terminal that is closed.

All are one and the same: a `KeyboardInterrupt` where a command works, so that it cancels its job and leaves
nothing half-written. While programs are still being loaded, and after the answer was given, there is nothing
to be put in order, and Python would only show where it was: there the process ends at once.
"""

from __future__ import annotations

import _signal as signal  # type: ignore[import-not-found]  # `signal` itself takes a while to load

NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Where the system has them. SIGBREAK is how Windows closes a console."""


def silent() -> None:
    """From here on the process ends at once."""
    _set(signal.SIG_DFL)


def raised() -> None:
    """From here on a `KeyboardInterrupt` is raised."""
    _set(_interrupt)


def _set(action: object) -> None:
    """Leave alone what is ignored: `nohup`, and shells that run a command in the background, want it so."""
    for number in [getattr(signal, name) for name in NAMES if hasattr(signal, name)]:
        if signal.getsignal(number) != signal.SIG_IGN:
            try:
                signal.signal(number, action)
            except ValueError:  # Not the main thread's to say.
                return


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt
