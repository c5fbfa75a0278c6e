# SPDX-License-Identifier: GPL-3.0-or-later
"""The stretch of picture that a take is made for, as plain data."""

from fractions import Fraction
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple


class Picture(NamedTuple):
    """The stretch of picture that a strip shows, or several, and how to find the strip again."""

    scene: str
    uid: str
    name: str
    media: str
    """Path of the film; of the rendered copy, once there is one."""
    offset: float
    """How far the strip's left handle was inside its content when it was asked for."""
    frames: int
    """How long the stretch is on the timeline, at `rate`."""
    first: Fraction
    last: Fraction
    """In and out, in seconds of the film."""
    rate: Fraction
    """The scene's."""
    lead: int = 0
    """Frames from the beginning of the stretch to the strip's left handle."""
    render: Optional[Tuple[int, int]] = None
    """The scene's frames, both inclusive, of which a copy must be rendered first."""
    film: str = ""
    """Path of the film that the strip plays; empty where it is no film strip."""
    shows: Sequence[str] = ()
    """Names of all strips that are to be seen; the strip's own is the first."""
    shown: Optional[Dict[str, Any]] = None
    """What the strips showed, as `shown.Shown` keeps it; an older add-on did not."""
    uids: Sequence[str] = ()
    """Uids of the same; empty in what older versions have noted."""

    @property
    def strips(self) -> List[str]:
        """Uids of all strips that are to be seen, as far as they are known; the strip's own is the first."""
        return list(self.uids) or [self.uid]

    def shows_part(self, part: "Part") -> bool:
        """Whether it shows anything of a part of a strip, wherever that lies now."""
        known = (self.scene, self.name) == (part.scene, part.name)
        if len(self.strips) > 1:
            return self.scene == part.scene and (part.name in self.shows or part.uid in self.strips)
        if not known or (part.uid != self.uid and part.film != self.film):
            return False
        first = self.offset - self.lead
        return first < part.first + part.frames and part.first < first + self.frames


class Part(NamedTuple):
    """A part of a strip, in frames of its content, which stay the same when the strip is moved or trimmed."""

    scene: str
    uid: str
    name: str
    film: str
    first: float
    frames: int
