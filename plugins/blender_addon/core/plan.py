# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done about each shot or picture that is to get sound, where some have a sound. No Blender here.

A shot that has a sound, or for which one is on its way, never gets a second one unless that is asked for by
name. What a user has changed in a plan stays when the plan is made anew.
"""

from typing import Iterable, List, NamedTuple, Sequence, Tuple

from .batches import Pace
from .clock import clock

NEW, SKIP, REGENERATE, REPLACE, BESIDE = "new", "skip", "regenerate", "replace", "beside"
"""A first sound; none; other takes in the place of the sound that is there; another sound instead of all that
are there; another sound beside them."""
_SAID = ((NEW, "new"), (BESIDE, "beside another"), (REGENERATE, "regenerated"), (REPLACE, "replaced"))


class Line(NamedTuple):
    """One line of a plan as the user sees and changes it: what is offered, and what is chosen."""

    key: Tuple[str, str, int, int]
    """Uid and name of the strip, and the shot's frames."""
    offered_words: str
    words: str
    offered_act: str
    act: str
    """What is done: one of the above."""
    acts: Tuple[str, ...]
    """What can be chosen, but for `SKIP`; none where a sound is on its way."""


def acts(sounds: int, on_its_way: bool) -> Tuple[str, ...]:
    """What can be done about a shot that has so many sounds, beside leaving it as it is."""
    if on_its_way:
        return ()
    return (REGENERATE, REPLACE) if sounds else (NEW,)


def offered(possible: Sequence[str], existing: str) -> str:
    """What is done unless the user says otherwise; `existing` is for those that have a sound."""
    if NEW in possible:
        return NEW
    return existing if existing in possible else SKIP


def kept(lines: Iterable[Line], before: Iterable[Line]) -> List[Line]:
    """The lines of a plan made anew, with what the user had changed in the one before."""
    old, merged = {line.key: line for line in before}, []
    for line in lines:
        was = old.get(line.key)
        if was is not None and was.words != was.offered_words:
            line = line._replace(words=was.words)
        if was is not None and was.act != was.offered_act and was.act in (*line.acts, SKIP):
            line = line._replace(act=was.act)
        merged.append(line)
    return merged


def counted(acts_chosen: Sequence[str]) -> str:
    """How many shots get what: `13 shots: 10 new, 2 regenerated, 1 left as it is`."""
    counts = [(acts_chosen.count(act), said) for act, said in _SAID]
    counts.append(
        (acts_chosen.count(SKIP), "left as " + ("it is" if acts_chosen.count(SKIP) == 1 else "they are"))
    )
    told = ", ".join("{} {}".format(number, said) for number, said in counts if number)
    total = len(acts_chosen)
    return "{} shot{}{}".format(total, "" if total == 1 else "s", ": " + told if told else "")


def time_needed(seconds: Iterable[float], takes: int, engine: str, pace: Pace) -> str:
    """About how long it will take to make sound for shots of so many seconds."""
    needed = sum(pace.seconds(engine, one * takes) for one in seconds)
    return "about {}".format(clock(needed)) if needed else ""


def touch(spans: Iterable[range]) -> bool:
    """Whether stretches of the timeline leave no gap between them."""
    ordered = sorted(spans, key=lambda span: span.start)
    return all(
        span.start <= max(before.stop for before in ordered[:at]) for at, span in enumerate(ordered) if at
    )
