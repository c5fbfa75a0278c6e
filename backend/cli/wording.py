"""How the command line says what is long: times, a place in the queue, names that must fit into a line."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len

REASONS = {
    "start": "the worker is starting",
    "load": "the engine is being loaded",
    "renewal": "the worker is being renewed",
    "restart": "the worker is started again",
    "ending": "the backend is ending",
}
"""What is waited for, where it is more than other jobs."""
LEAVING = {"drain": "ends once the running job has ended", "now": "is ending"}
"""What is said of a backend that is about to end."""


def waiting_words(place: int | None, wait_s: int | None, reason: str) -> str:
    """`behind 2 jobs, about 40 s`; empty where there is nothing to say."""
    words = [f"behind {place} job{'s' if place > 1 else ''}"] if place else []
    if reason in REASONS:
        words.append(REASONS[reason])
    if wait_s:
        words.append(f"about {length_words(wait_s)}")
    return ", ".join(words)


def length_words(seconds: float) -> str:
    """40 s, 3 min, 1 h 05 min; never less than it is."""
    whole = int(-(-seconds // 1))
    if whole < 60:
        return f"{whole} s"
    minutes = -(-whole // 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


def age_words(seconds: float) -> str:
    """In the one unit that says most, and never more than it is: 59 s, 3 min, 5 h, 12 d."""
    whole = max(int(seconds), 0)
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if whole >= length:
            return f"{whole // length} {unit}"
    return f"{whole} s"


def shortened(text: str, width: int) -> str:
    """At most `width` columns of a terminal, the middle left out; what cannot be shown becomes `?`."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in text)
    if cell_len(shown) <= width:
        return shown
    begin = _fitting(shown, (width - 1) // 2)
    end = _fitting(reversed(shown), width - 1 - cell_len(begin))
    return f"{begin}…{end[::-1]}"


def padded(text: str, width: int) -> str:
    """Filled with blanks up to `width` columns."""
    return text + " " * (width - cell_len(text))


def _fitting(letters: Iterable[str], width: int) -> str:
    fitting = ""
    for letter in letters:
        if cell_len(fitting + letter) > width:
            break
        fitting += letter
    return fitting
