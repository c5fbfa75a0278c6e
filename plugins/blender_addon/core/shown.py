# SPDX-License-Identifier: GPL-3.0-or-later
"""What a picture's strip showed when a take was made for it, and what has become of that. No Blender here.

All is counted in frames of the timeline from where the strip's content begins, so that moving a picture
changes nothing. What is compared are notes; no file is opened.
"""

from fractions import Fraction
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple

from .marks import counted
from .picture import Picture


class Shown(NamedTuple):
    """A note of what a picture shows."""

    film: str
    """Path of the film; empty where it is no film strip."""
    time: str
    """Stands for all that decides which frame of the film is seen when, beside the trims."""
    look: str
    """Stands for all that changes the picture: colours, size, what covers it."""
    left: Fraction
    """The first frame that is seen."""
    right: Fraction
    """The one after the last."""
    rate: Fraction
    """The scene's."""
    origin: Fraction = Fraction(0)
    """The frame from which the take's times are counted; where a copy was rendered, its first."""
    names: Sequence[str] = ()
    """Of the strips, where it is the picture of several."""

    def plain(self) -> Dict[str, Any]:
        """As JSON can hold it."""
        exact = {name: value for name, value in self._asdict().items() if isinstance(value, Fraction)}
        texts = {name: "{0.numerator}/{0.denominator}".format(value) for name, value in exact.items()}
        return dict(self._asdict(), names=list(self.names), **texts)

    @classmethod
    def of(cls, kept: Any) -> Optional["Shown"]:
        """What `plain` gave; nothing where none was kept, as in older projects, or it makes no sense."""
        try:
            left, right, rate, origin = [Fraction(kept[name]) for name in ("left", "right", "rate", "origin")]
            film, time, look = [str(kept[name]) for name in ("film", "time", "look")]
            return cls(film, time, look, left, right, rate, origin, tuple(map(str, kept["names"])))
        except (KeyError, TypeError, ValueError, ZeroDivisionError):
            return None


def noted(picture: Picture) -> Optional[Dict[str, Any]]:
    """What is kept with a take of what the picture showed that it was made for."""
    shown = Shown.of(picture.shown)
    if shown is None:
        return None
    begins = Fraction(picture.offset) - picture.lead
    return shown._replace(origin=begins - picture.first * picture.rate).plain()


OTHER_FILM, RETIMED, LOOKS, LONGER, SLIPPED, SHORTER = range(6)


def changes(was: Shown, now: Shown) -> List[int]:
    """What has become of a picture: the gravest first; empty where it is as it was.

    From LONGER on, a take of the picture as it was still fits, as far as it reaches.
    """
    found = []
    if was.film != now.film:
        found.append(OTHER_FILM)
    if was.time != now.time:
        found.append(RETIMED)  # What its ends are then cannot be compared.
    if was.look != now.look:
        found.append(LOOKS)
    by = now.left - was.left, now.right - was.right
    if RETIMED in found:
        return found
    if by[0] == by[1] != 0:
        found.append(SLIPPED)
    elif by[0] < 0 or by[1] > 0:
        found.append(LONGER)
    elif any(by):
        found.append(SHORTER)
    return found


def said(was: Shown, now: Shown) -> str:
    """What has become of a picture, as one sentence; empty where it is as it was."""
    found = changes(was, now)
    none = Fraction(0)
    before, after = was.left - now.left, now.right - was.right
    parts = {
        OTHER_FILM: "plays another film",
        RETIMED: "is timed differently",
        LOOKS: "looks different",
        SLIPPED: "was slipped by {}".format(counted(abs(int(after)), "frame")),
        LONGER: "is {} longer".format(counted(int(max(before, none) + max(after, none)), "frame")),
        SHORTER: "is {} shorter".format(counted(int(-before - after), "frame")),
    }
    return "Its picture {}.".format(" and ".join(parts[one] for one in found)) if found else ""


def followed(edges: Tuple[Fraction, Fraction], was: Shown, now: Shown) -> Tuple[Fraction, Fraction]:
    """Where a stretch begins and ends once the picture has changed.

    What lay on an edge of the picture goes with that edge. What lay elsewhere stays, if any of it is still
    seen.
    """
    left, right = edges
    left = now.left if round(left) == round(was.left) else left
    right = now.right if round(right) == round(was.right) else right
    return (left, right) if left < right else (now.left, now.right)
