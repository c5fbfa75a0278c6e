# SPDX-License-Identifier: GPL-3.0-or-later
"""Fit to Picture, and what is said of a sound whose picture has changed since it was made."""

from typing import Any, Dict

import bpy

from ..core import marks
from ..jobs import refusals
from ..timeline import compat, cues, fitting, selection
from .operator_bases import ReportingOperator
from .queue_panel import sentence

OUT_OF_DATE = "Regenerate (out of date)…"


class FOLEY_OT_fit_to_picture(ReportingOperator, bpy.types.Operator):
    """Move and trim this sound to its picture as that lies now; takes and fades stay, and nothing is made"""

    bl_idname = "foley.fit_to_picture"
    bl_label = "Fit to Picture"
    needs = staticmethod(refusals.no_sound)

    def run(self, context: Any) -> str:
        """Fit all sounds that are meant."""
        scene = compat.scene_of(context)
        said = [_said(fitting.fit(scene, strips)[0]) for strips in selection.sounds_meant(context)]
        return " ".join(said)


def _said(fit: fitting.Fit) -> str:
    before, after = fit.missing
    parts = [(before, "at its beginning"), (after, "at its end")]
    missing = ["{} {}".format(marks.counted(count, "frame"), where) for count, where in parts if count]
    if not missing:
        return "'{}' fits its picture.".format(fit.strip.name)
    return "'{}' has no sound for {}: Regenerate makes it.".format(fit.strip.name, " and ".join(missing))


def words_of_regenerate(context: Any) -> Dict[str, str]:
    """What the entry Regenerate says beside its name: whether the sound that is meant is out of date."""
    return {"text": OUT_OF_DATE, "icon": "ERROR"} if _change(context) else {}


def draw_change(layout: Any, context: Any) -> None:
    """What has become of the picture of the sound that is shown, and what helps."""
    change = _change(context)
    if not change:
        return
    box = layout.box()
    sentence(box, context, "Out of date. " + change)
    row = box.row(align=True)
    row.operator_context = "INVOKE_DEFAULT"
    row.operator("foley.regenerate", text="Regenerate…")
    row.operator("foley.fit_to_picture")


def _change(context: Any) -> str:
    """What has become of the picture of the sound that is shown, in words; empty where nothing has."""
    scene = compat.scene_of(context)
    strip = selection.sound_shown(scene)
    return cues.change_of(scene, strip) if strip is not None else ""


CLASSES = (FOLEY_OT_fit_to_picture,)
