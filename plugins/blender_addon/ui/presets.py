# SPDX-License-Identifier: GPL-3.0-or-later
"""Words and choices that the user keeps under a name, in the dialog; they lie in the preferences."""

import json
from typing import Any, Dict, List, Tuple

import bpy
from bpy.props import EnumProperty, StringProperty

from ..core import presets
from ..jobs import user_preferences
from .operator_bases import NoUndoOperator

_NONE = "none"

_kept: List[Tuple[str, str, str, str, int]] = []
"""Blender shows garbage where nobody else keeps the texts of a list."""


def _text() -> str:
    return str(user_preferences.current().presets)


def _items(_asked: Any, _context: Any) -> List[Tuple[str, str, str, str, int]]:
    listed = [
        ("preset " + name, name, presets.wishes(_text(), name).prompt, "BLANK1", at)
        for at, name in enumerate(presets.names(_text()), 1)
    ]
    _kept[:] = [(_NONE, "Presets", "", "BOOKMARKS", 0), *listed]
    return _kept


def _take_over(asked: Any, _context: Any) -> None:
    if asked.offered_preset != _NONE:
        name = asked.offered_preset[len("preset ") :]
        asked.offered_preset = _NONE
        fill(asked, name)


class HasPresets:
    """Offers the presets, and a name for a new one. For any class that has wishes."""

    offered_preset: EnumProperty(
        name="Presets", items=_items, update=_take_over, options={"SKIP_SAVE", "HIDDEN"}
    )
    preset: StringProperty(
        name="Preset",
        description="A name under which these words and choices are kept for all projects",
        options={"SKIP_SAVE", "HIDDEN"},
    )


def fill(asked: Any, name: str) -> None:
    """Put what was kept under a name into properties; seed, takes and place stay."""
    kept = presets.wishes(_text(), name)
    asked.preset, asked.prompt, asked.negative = name, kept.prompt, kept.negative
    asked.layers, asked.engine, asked.alignment = set(kept.layers), kept.engine, kept.alignment
    asked.use_loudness = kept.loudness is not None
    if kept.loudness is not None:
        asked.loudness = kept.loudness


def draw_menu(row: Any, asked: Any) -> None:
    """The presets, to choose one."""
    row.prop(asked, "offered_preset", text="", icon_only=True)


def draw_name(layout: Any, asked: Any) -> None:
    """The name of one, and what can be done with that: keep what the dialog has now, delete what was kept."""
    row = layout.row(align=True)
    row.prop(asked, "preset")
    save = row.operator("foley.save_preset", text="", icon="FILE_TICK")
    save.name, save.choices = asked.preset, json.dumps(_choices(asked))
    row.operator("foley.delete_preset", text="", icon="TRASH").name = asked.preset


def _choices(asked: Any) -> Dict[str, Any]:
    choices = {name: getattr(asked, name) for name in presets.KEPT}
    loudness = round(asked.loudness, 2) if asked.use_loudness else None
    return dict(choices, layers=sorted(asked.layers), loudness=loudness)


def _keep(text: str) -> None:
    user_preferences.current().presets = text
    bpy.context.preferences.is_dirty = True


class FOLEY_OT_save_preset(NoUndoOperator, bpy.types.Operator):
    """Keep these words and choices under this name, for all projects"""

    bl_idname = "foley.save_preset"
    bl_label = "Save Preset"

    name: StringProperty(name="Name", options={"HIDDEN"})
    choices: StringProperty(name="Choices", description="As JSON", default="{}", options={"HIDDEN"})

    def run(self, context: Any) -> str:
        """Keep them; another preset of that name is replaced."""
        _keep(presets.with_one(_text(), self.name, json.loads(self.choices)))
        return "The preset {!r} is kept.".format(self.name)


class FOLEY_OT_delete_preset(NoUndoOperator, bpy.types.Operator):
    """Delete the preset of this name"""

    bl_idname = "foley.delete_preset"
    bl_label = "Delete Preset"

    name: StringProperty(name="Name", options={"HIDDEN"})

    def run(self, context: Any) -> str:
        """Forget it."""
        _keep(presets.without(_text(), self.name))
        return "The preset {!r} is deleted.".format(self.name)


CLASSES = (FOLEY_OT_save_preset, FOLEY_OT_delete_preset)
