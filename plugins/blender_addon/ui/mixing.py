# SPDX-License-Identifier: GPL-3.0-or-later
"""Volume, pan and fades of the sound that is shown, as properties in the tab."""

import math
from typing import Any, Callable

import bpy
from bpy.props import FloatProperty

from ..timeline import compat, copies, fades, gains, selection, sounds

SOFTEST = -60.0


def _get(read: Callable[[Any, Any], float]) -> Callable[[Any], float]:
    def get(properties: Any) -> float:
        strip = selection.sound_shown(properties.id_data)
        return read(properties.id_data, strip) if strip is not None else 0.0

    return get


def _set(write: Callable[[Any, Any, float], None]) -> Callable[[Any, float], None]:
    def change(properties: Any, value: float) -> None:
        strip = selection.sound_shown(properties.id_data)
        if strip is not None:
            write(properties.id_data, strip, value)

    return change


def _volume(scene: Any, strip: Any) -> float:
    return 20 * math.log10(max(gains.level(scene, strip), 10 ** (SOFTEST / 20)))


def _set_volume(scene: Any, strip: Any, decibels: float) -> None:
    fades.set_volume(scene, strip, 10 ** (decibels / 20))


def _set_pan(scene: Any, strip: Any, pan: float) -> None:
    for one in copies.sounding_with(scene, strip):
        one.pan = pan


def _fade_in(scene: Any, strip: Any) -> float:
    return float(fades.of(strip).fade_in / sounds.rate_of(scene))


def _fade_out(scene: Any, strip: Any) -> float:
    return float(fades.of(strip).fade_out / sounds.rate_of(scene))


def _set_fade_in(scene: Any, strip: Any, seconds: float) -> None:
    fades.set_fades(scene, strip, round(seconds * sounds.rate_of(scene)), fades.of(strip).fade_out)


def _set_fade_out(scene: Any, strip: Any, seconds: float) -> None:
    fades.set_fades(scene, strip, fades.of(strip).fade_in, round(seconds * sounds.rate_of(scene)))


class FoleyMix(bpy.types.PropertyGroup):
    """How the sound that is shown is mixed; nothing of it is kept here, but on its strips."""

    volume: FloatProperty(
        name="Volume (dB)",
        description="How loud the sound is where it is loudest, all its layers alike",
        min=SOFTEST,
        max=40.0,
        soft_max=12.0,
        precision=1,
        get=_get(_volume),
        set=_set(_set_volume),
    )
    pan: FloatProperty(
        name="Pan",
        description="Left or right; Blender pans sounds of one channel alone",
        min=-2.0,
        max=2.0,
        get=_get(lambda _scene, strip: float(strip.pan)),
        set=_set(_set_pan),
    )
    fade_in: FloatProperty(
        name="Fade In (s)",
        description="Seconds in which the sound comes in, in whole frames; 0: at once",
        min=0.0,
        soft_max=5.0,
        precision=2,
        get=_get(_fade_in),
        set=_set(_set_fade_in),
    )
    fade_out: FloatProperty(
        name="Fade Out (s)",
        description="Seconds in which the sound goes out, in whole frames; 0: at once",
        min=0.0,
        soft_max=5.0,
        precision=2,
        get=_get(_fade_out),
        set=_set(_set_fade_out),
    )


def draw(layout: Any, context: Any) -> None:
    """The properties of the sound that is shown."""
    scene = compat.scene_of(context)
    strip = selection.sound_shown(scene)
    if strip is None:
        return
    column = layout.column(align=True)
    column.prop(scene.foley_mix, "volume")
    if strip.sound is not None and strip.sound.channels == "MONO":
        column.prop(scene.foley_mix, "pan")
    row = column.row(align=True)
    row.prop(scene.foley_mix, "fade_in")
    row.prop(scene.foley_mix, "fade_out")
