"""How far pip is, in a few lines: what is large as it is fetched, how much is installed, and a sign of life.

Pip's own bar is made for a terminal and goes to the log here. Nothing is said of what takes no time.
"""

from __future__ import annotations

import re
import threading
import time
from types import TracebackType
from typing import Optional

from running import say

LARGE = 10.0
"""Megabytes from which on a download is told."""
SILENCE = 10.0
"""Seconds without a word after which it is said that the work goes on."""

_FETCHED = re.compile(r"\s*(?:Downloading|Using cached) ([\w.]+?)-\d\S* \(([\d.]+) (kB|MB|GB)\)")
_INSTALLED = re.compile(r"\s*Installing collected packages: (.+)")
_MEGABYTES = {"kB": 0.001, "MB": 1.0, "GB": 1000.0}


def worth_saying(line: str) -> Optional[str]:
    """What a line of pip's output tells a person who waits; None where that is nothing."""
    fetched = _FETCHED.match(line)
    if fetched is not None:
        name, size, unit = fetched.groups()
        return f"  {name}, {float(size):.0f} {unit}" if float(size) * _MEGABYTES[unit] >= LARGE else None
    installed = _INSTALLED.match(line)
    count = len(installed[1].split(",")) if installed else 0
    return f"  {count} packages are fetched, and being installed" if count > 1 else None


class PipProgress:
    """Says what of pip's lines is worth it, and that it goes on where pip is silent. A context manager."""

    def __init__(self) -> None:
        self._began = self._said = time.monotonic()
        self._over = threading.Event()
        self._waiting = threading.Thread(target=self._say_that_it_goes_on, daemon=True)

    def __enter__(self) -> PipProgress:
        self._waiting.start()
        return self

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], at: Optional[TracebackType]
    ) -> None:
        self._over.set()
        self._waiting.join()

    def line(self, line: str) -> None:
        """The next line that pip has printed."""
        text = worth_saying(line)
        if text is not None:
            self._say(text)

    def _say_that_it_goes_on(self) -> None:
        while not self._over.wait(SILENCE / 5):
            if time.monotonic() - self._said >= SILENCE:
                self._say(f"  ... {time.monotonic() - self._began:.0f} s")

    def _say(self, text: str) -> None:
        self._said = time.monotonic()
        say(text)
