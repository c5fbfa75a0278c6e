# SPDX-License-Identifier: GPL-3.0-or-later
"""Multiplies the volume of sound strips, evenly or over time, and tells how loud they are.

Gains are multiplied into what a strip has, keys too, so that they add to the user's own and can be taken back
by the inverse. A strip whose keys are all alike has none any more.
"""

from typing import Any, Callable, Iterable, Optional

import bpy

from . import compat

_SAME = 1e-4


def curve_of(scene: Any, strip: Any) -> Optional[Any]:
    """The keys of a strip's volume; none where it has none, or a driver."""
    name = '["{}"].volume'.format(bpy.utils.escape_identifier(strip.name))
    found = [curve for curve in compat.curves(scene) if curve.data_path.endswith(name)]
    keyed = [curve for curve in found if len(getattr(curve, "keyframe_points", ())) > 0]
    return keyed[0] if keyed else None


def level(scene: Any, strip: Any) -> float:
    """The volume of a strip where it is loudest."""
    curve = curve_of(scene, strip)
    return float(max(point.co[1] for point in curve.keyframe_points) if curve else strip.volume)


def at(scene: Any, strip: Any, frame: float) -> float:
    """The volume of a strip in a frame."""
    curve = curve_of(scene, strip)
    return float(curve.evaluate(frame) if curve else strip.volume)


def multiply(scene: Any, strip: Any, gain: Callable[[float], float], bends: Iterable[int] = ()) -> None:
    """Multiply the volume by `gain(frame)`, which is straight between the frames `bends`.

    Where it bends nowhere it is the same in all frames.
    """
    curve, bends = curve_of(scene, strip), set(bends)
    if curve is None and not bends:
        strip.volume *= gain(compat.bounds(strip).left)
        return
    keyed = {float(point.co[0]) for point in curve.keyframe_points} if curve else set()
    volumes = {frame: at(scene, strip, frame) * gain(frame) for frame in sorted(keyed | bends)}
    if max(volumes.values()) - min(volumes.values()) <= _SAME * max(volumes.values()):
        for frame in keyed:
            strip.keyframe_delete("volume", frame=frame)
        strip.volume = max(volumes.values())
        return
    for frame, volume in volumes.items():
        strip.volume = volume
        strip.keyframe_insert("volume", frame=frame)
    for point in curve_of(scene, strip).keyframe_points:  # type: ignore[union-attr]
        if point.co[0] in bends:
            point.interpolation = "LINEAR"
    strip.volume = at(scene, strip, scene.frame_current)
