# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the fades of a strip that is laid anew at its ends. Other keys go with what is heard."""

from typing import Any, Dict, List, Tuple

import bpy

from . import compat

_NEAR = 2
"""Frames from an end within which a fade that belongs to it begins or ends."""

Keys = Dict[str, List[Tuple[float, float]]]


def of(scene: Any, strip: Any) -> Keys:
    """The keys of a strip, frame and value, for each of its curves."""
    return {curve.data_path: _points(curve) for curve in _curves(scene, strip)}


def lay(scene: Any, strip: Any, known: Keys, was: compat.Bounds, moved: int) -> None:
    """Put keys where they belong once a strip has other ends, and its sound was moved by so many frames."""
    now = compat.bounds(strip)
    for curve in _curves(scene, strip):
        points = known.get(curve.data_path, [])
        head, tail = _head(points, was.left), _tail(points, was.right)
        if len(points) != len(getattr(curve, "keyframe_points", ())):
            continue
        for number, (point, (frame, _value)) in enumerate(zip(curve.keyframe_points, points, strict=True)):
            by = moved
            if number < head:
                by = now.left - was.left
            elif number >= len(points) - tail:
                by = now.right - was.right
            _move(point, frame + by)
        curve.update()


def _curves(scene: Any, strip: Any) -> List[Any]:
    of_strip = '["{}"].'.format(bpy.utils.escape_identifier(strip.name))
    return [curve for curve in compat.curves(scene) if of_strip in curve.data_path]


def _points(curve: Any) -> List[Tuple[float, float]]:
    return [(float(point.co[0]), float(point.co[1])) for point in getattr(curve, "keyframe_points", ())]


def _head(keys: List[Tuple[float, float]], left: int) -> int:
    """How many keys are a fade that comes in at the left end."""
    if not keys or keys[0][1] > 1e-6 or abs(keys[0][0] - left) > _NEAR:
        return 0
    count = 1
    while count < len(keys) and keys[count][1] > keys[count - 1][1]:
        count += 1
    return count


def _tail(keys: List[Tuple[float, float]], right: int) -> int:
    """How many keys are a fade that goes out at the right end."""
    return _head([(-frame, value) for frame, value in reversed(keys)], -right)


def _move(point: Any, frame: float) -> None:
    by = frame - point.co[0]
    point.co[0] += by
    point.handle_left[0] += by
    point.handle_right[0] += by
