# SPDX-License-Identifier: GPL-3.0-or-later
"""A sound and its picture: which strip that is, what has become of it since, where its frames are heard.

A frame of content is counted from where the content of the picture's strip begins, trimmed or not: the same
frame stays the same whatever is moved or trimmed.
"""

import os
import re
from fractions import Fraction
from typing import Any, List, NamedTuple, Optional

from ..core import history, shown
from ..core.custom_properties import UID
from ..core.shown import Shown
from . import compat, showing, sounds


def picture_of(scene: Any, sound: Any) -> List[Any]:
    """The strips of the picture over which a sound lies; empty where it lies over none that it was made for.

    Several where the picture was cut and stayed in its place, or was that of several strips; the one from
    whose content is counted comes first. A picture that was moved away is known if there is no copy of it.
    """
    place, record = compat.bounds(sound), sounds.record_of(sound)
    strips, uid = compat.all_strips(scene.sequence_editor), record["strip"]
    same = [one for one in strips if uid and one.get(UID) == uid and one.type != "SOUND"]
    over = [one for one in same if _overlap(compat.bounds(one), place) > 0]
    over = over or (same if len(same) == 1 else [])
    if not over:
        return []
    nearest = max(over, key=lambda one: _overlap(compat.bounds(one), place))
    start, owner = showing.content_start(nearest), nearest.parent_meta()
    pieces = [one for one in over if showing.content_start(one) == start and one.parent_meta() == owner]
    was = history.shown_of(record)
    names = {_unnumbered(name) for name in was.names[1:]} if was is not None else set()
    known = [one for one in strips if names and one.type != "SOUND" and _unnumbered(one.name) in names]
    others = [one for one in known if one not in pieces and _overlap(compat.bounds(one), place) > 0]
    return [nearest, *(one for one in pieces if one != nearest), *others]


def sounds_of(scene: Any, picture: Any) -> List[Any]:
    """The sounds of a picture's strip, the nearest to its beginning first.

    One that reaches over from a copy of the picture, as its handles allow, is that copy's.
    """
    return [sound for sound in sounds.over(scene, picture) if picture in picture_of(scene, sound)]


class Cue(NamedTuple):
    """What the picture of a sound showed when its take was made, and what it shows now."""

    picture: List[Any]
    was: Shown
    now: Shown

    @property
    def changed(self) -> bool:
        """Whether the take was made for something else."""
        return bool(shown.changes(self.was, self.now))


def cue_of(scene: Any, sound: Any, was: Optional[Shown] = None) -> Optional[Cue]:
    """The cue of a sound; none where its picture is gone, or what it showed was not noted."""
    was = was or history.shown_of(sounds.record_of(sound))
    picture = picture_of(scene, sound) if was is not None else []
    if was is None or not picture:
        return None
    now = showing.read(scene, picture)._replace(origin=was.origin)
    if now.rate != was.rate:
        return None
    return Cue(picture, was, now._replace(film=was.film) if _was_moved(was.film, now.film) else now)


def change_of(scene: Any, sound: Any) -> str:
    """What has become of the picture of a sound since that was made or fitted, in words; empty: nothing."""
    cue = cue_of(scene, sound, history.fitted_to(sounds.record_of(sound)))
    if cue is None:
        return ""
    return shown.said(cue.was, cue.now)


def lag_of(scene: Any, sound: Any, cue: Cue) -> int:
    """How many frames later than its picture a sound is heard; below zero: earlier."""
    rate = sounds.rate_of(scene)
    at = frame_of(sound, cue.now.left, rate)
    return round(at - (showing.content_start(cue.picture[0]) + cue.now.left))


def frame_of(sound: Any, content: Fraction, rate: Fraction) -> Fraction:
    """The frame of the timeline in which a sound plays what belongs to a frame of content."""
    return sounds.frame_of(sound, (content - origin_of(sounds.record_of(sound))) / rate, rate)


def content_of(sound: Any, frame: int, rate: Fraction) -> Fraction:
    """The frame of content that a sound is heard for in a frame of the timeline."""
    return sounds.media_time(sound, frame, rate) * rate + origin_of(sounds.record_of(sound))


def frame_for(sound: Any, other: history.Record, time: Fraction, rate: Fraction) -> Fraction:
    """The frame of the timeline in which a sound plays what belongs to a time of another take of its picture.

    Copies of one picture that were rendered at different times need not begin with the same frame of it.
    """
    was, now, origins = history.shown_of(sounds.record_of(sound)), history.shown_of(other), Fraction(0)
    if was is not None and now is not None:
        origins = now.origin - was.origin
    return sounds.frame_of(sound, time + origins / rate, rate)


def origin_of(record: history.Record) -> Fraction:
    """The frame of content from which a take's times are counted."""
    was = history.shown_of(record)
    return was.origin if was is not None else Fraction(0)


def _was_moved(was: str, now: str) -> bool:
    """Whether it is the same film at another place, as after a project was moved with its films."""
    return was != now and os.path.basename(was) == os.path.basename(now) and not os.path.isfile(was)


def _unnumbered(name: str) -> str:
    """A strip's name without the number that Blender gives to a copy."""
    return re.sub(r"\.\d{3}$", "", name)


def _overlap(one: compat.Bounds, other: compat.Bounds) -> int:
    """How many frames two strips share; none or less where they lie apart."""
    return min(one.right, other.right) - max(one.left, other.left)
