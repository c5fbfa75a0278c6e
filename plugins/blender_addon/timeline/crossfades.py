# SPDX-License-Identifier: GPL-3.0-or-later
"""Fades of equal power, as keys of a strip's volume, one a frame; and those where two sounds cross.

Two takes are alike in loudness but not in their samples, so their powers add up. Blender lags behind its keys
by up to `LAG` frames when it mixes.
"""

import math
from typing import Any, Callable, Dict, List, NamedTuple, Optional

from ..core import history
from . import compat, gains, sounds

LAG = 2
Gain = Callable[[float], float]


class Levels(NamedTuple):
    """The volume that a strip has: at each frame, and the frames with keys."""

    at: Dict[int, float]
    changes: List[int]


def levels(scene: Any, strip: Any, span: range) -> Levels:
    """The volume of a strip in a stretch of the timeline."""
    curve = gains.curve_of(scene, strip)
    if curve is None:
        return Levels(dict.fromkeys(span, float(strip.volume)), [])
    keys = [round(point.co[0]) for point in curve.keyframe_points]
    at = {frame: float(curve.evaluate(frame)) for frame in span}
    return Levels(at, [frame for frame in keys if frame in span])


def fade(strip: Optional[Any], span: range, level: Levels, gain: Gain) -> None:
    """Let a strip's volume follow a gain from the first frame of a stretch to the one after its last."""
    if strip is None or len(span) == 0:
        return
    frames = [*span, span.stop]
    key(strip, {frame: level.at[frame] * gain((frame - span.start) / len(span)) for frame in frames})


def key(strip: Any, volumes: Dict[int, float]) -> None:
    """Set keys of a strip's volume."""
    was = strip.volume
    for frame, volume in volumes.items():
        strip.volume = volume
        strip.keyframe_insert("volume", frame=frame)
    strip.volume = was


def coming(along: float) -> float:
    """The gain of what fades in, so far along."""
    return math.sin(along * math.pi / 2)


def going(along: float) -> float:
    """The gain of what fades out."""
    return math.cos(along * math.pi / 2)


def cross(scene: Any, made: List[Any]) -> None:
    """Fade new sounds and those of other pictures into each other, where their pictures cross.

    Where one begins before the other and ends within it, that is; what lies over the other from end to end is
    left alone, and so is what is muted, or has keys of its own there.
    """
    heard = [strip for strip in compat.level_of(scene, made[0]) if strip.type == "SOUND" and not strip.mute]
    places = [(strip, compat.bounds(strip)) for strip in heard]
    done = set()  # type: Any
    for new, place in [(strip, bounds) for strip, bounds in places if strip in made]:
        for other, there in places:
            span = _crossing(place, there) or _crossing(there, place)
            if len(span) == 0 or history.of(other) is None or _same_picture(new, other):
                continue
            first = place.left < there.left
            for strip, gain in ((new, going if first else coming), (other, coming if first else going)):
                if (strip.name, gain) not in done:
                    done.add((strip.name, gain))
                    _fade_where_unkeyed(scene, strip, span, gain)


def _crossing(before: compat.Bounds, after: compat.Bounds) -> range:
    """Where the first goes out while the second is there; nothing where one holds the other.

    It is over so much sooner as Blender lags behind, if it is long enough.
    """
    if not before.left < after.left < before.right < after.right:
        return range(0)
    return range(after.left, max(after.left + 1, before.right - LAG))


def _same_picture(one: Any, other: Any) -> bool:
    shown = [set(history.pictures(sounds.record_of(strip))) for strip in (one, other)]
    return one == other or bool(shown[0] & shown[1])


def _fade_where_unkeyed(scene: Any, strip: Any, span: range, gain: Gain) -> None:
    level = levels(scene, strip, range(span.start, span.stop + 1))
    if not level.changes:
        fade(strip, span, level, gain)
