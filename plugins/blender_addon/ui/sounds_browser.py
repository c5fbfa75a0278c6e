# SPDX-License-Identifier: GPL-3.0-or-later
"""All sounds and words: searched, heard, and taken over into a prompt, in the dialog that asks for it."""

from typing import Any, List, Tuple

from bpy.props import BoolProperty, EnumProperty, StringProperty

from ..core import known_sounds
from ..jobs import sounds
from ..jobs.queue import queue

ROWS = 12
"""Sounds that are shown at once."""
_WORDS = 60
"""Letters of a sound's words that are shown."""
_NONE = "none"
_ICONS = {"hits": "MARKER_HLT", "movement": "ORIENTATION_GIMBAL", "ambience": "WORLD"}
# Blender shows garbage where nobody else keeps the texts of a menu or of buttons.
_kept_families: List[Tuple[str, str, str]] = []
_kept_sounds: List[Tuple[str, str, str, int]] = []


def _families(_asked: Any, _context: Any) -> List[Tuple[str, str, str]]:
    families = sounds.known().families() or [_NONE]
    _kept_families[:] = [(family, family.capitalize(), "") for family in families]
    return _kept_families


def _found(asked: Any) -> List[known_sounds.Sound]:
    return sounds.known().found(asked.sought, asked.family)


def _shown(asked: Any, _context: Any) -> List[Tuple[str, str, str, int]]:
    found = enumerate(_found(asked)[:ROWS], 1)
    _kept_sounds[:] = [(_NONE, "", "", 0)]
    _kept_sounds.extend((str(at), "Use", "Add to the prompt: " + one.name, at) for at, one in found)
    return _kept_sounds


def _take_over(asked: Any, _context: Any) -> None:
    found = _found(asked)
    if asked.chosen_sound != _NONE and int(asked.chosen_sound) <= len(found):
        asked.prompt = known_sounds.added(asked.prompt, found[int(asked.chosen_sound) - 1].name)
        asked.chosen_sound = _NONE


class HasSounds:
    """Shows all sounds. For any class that has a prompt, in a dialog."""

    show_sounds: BoolProperty(name="All Sounds", description="All sounds and words", options={"SKIP_SAVE"})
    sought: StringProperty(
        name="Search",
        description="In names and words; empty: those of the family",
        options={"TEXTEDIT_UPDATE", "SKIP_SAVE"},
    )
    family: EnumProperty(name="Family", items=_families, options={"SKIP_SAVE"})
    chosen_sound: EnumProperty(name="Use", items=_shown, update=_take_over, options={"SKIP_SAVE", "HIDDEN"})


def draw(layout: Any, asked: Any, at_once: bool) -> None:
    """A search, in which one can type `at_once`, and what it finds."""
    if not sounds.known().sounds:
        layout.label(text=_why_none(), icon="INFO")
        return
    row = layout.row(align=True)
    row.activate_init = at_once
    row.prop(asked, "sought", text="", icon="VIEWZOOM")
    if not asked.sought:
        row.prop(asked, "family", text="")
    found = _found(asked)
    column = layout.box().column(align=True)
    for at, sound in enumerate(found[:ROWS], 1):
        _draw_sound(column, asked, sound, str(at))
    if not found:
        column.label(text="No sound has these words.", icon="INFO")
    elif len(found) > ROWS:
        column.label(text="And {} more: search for more words.".format(len(found) - ROWS))


def _draw_sound(column: Any, asked: Any, sound: known_sounds.Sound, at: str) -> None:
    parts = column.split(factor=0.36)
    row = parts.row(align=True)
    row.operator("foley.hear", text="", icon="PLAY").sound = sound.name
    row.label(text=sound.name, icon=_ICONS.get(sound.layer, "SOUND"))
    row = parts.row(align=True)
    row.label(text=_words(sound, asked.sought))
    row.prop_enum(asked, "chosen_sound", at, text="", icon="ADD")


def _words(sound: known_sounds.Sound, sought: str) -> str:
    """Those that are sought come first."""
    wanted = sought.lower().split()
    words = sorted(sound.words, key=lambda word: not any(each in word for each in wanted))
    text = ", ".join(word for word in words if word != sound.name)
    return text if len(text) <= _WORDS else text[:_WORDS].rpartition(",")[0] + " …"


def _why_none() -> str:
    if queue.backend == "ready" and queue.client.older:
        return "This backend is older, and lists no sounds."
    return "The sounds are listed once the backend is there: type on, or come back."
