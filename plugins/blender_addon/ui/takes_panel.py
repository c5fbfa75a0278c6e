# SPDX-License-Identifier: GPL-3.0-or-later
"""The takes of the sound that is shown, as a list in the sidebar and as a menu."""

from typing import Any, Dict

import bpy

from ..core import history, placing, remarks
from ..jobs.queue import queue
from ..timeline import compat, selection, sounds
from . import fit_ops
from .audition_ops import play_icon
from .queue_panel import sentence
from .waveform_icon import waveform


class FOLEY_MT_takes(bpy.types.Menu):
    """The takes of the sound that is meant, to choose one."""

    bl_idname = "FOLEY_MT_takes"
    bl_label = "Choose Take"

    def draw(self, context: Any) -> None:
        """One entry a take; the one in use is checked."""
        record = record_shown(context)
        for entry in history.entries(record) if record else []:
            if entry["take"] == record["take"]:
                self.layout.label(**_named(record, entry, "CHECKMARK"))
            else:
                choose = self.layout.operator("foley.choose_take", **_named(record, entry, "SOUND"))
                choose.index = _index(record, entry)


def record_shown(context: Any) -> Any:
    """What is kept of the sound that is shown; None where there is none."""
    strip = selection.sound_shown(compat.scene_of(context))
    return history.of(strip) if strip is not None else None


def draw_take_menu(menu: Any, context: Any) -> None:
    """The entry Choose Take; grey where there is none to choose."""
    record = record_shown(context)
    row = menu.layout.row()
    row.enabled = bool(record and record["others"])
    row.menu(FOLEY_MT_takes.bl_idname)


def draw_takes(layout: Any, context: Any) -> None:
    """The takes of the sound that is shown, each with what can be done with it."""
    strip = selection.sound_shown(compat.scene_of(context))
    if strip is None:
        return
    record = sounds.record_of(strip)
    fit_ops.draw_change(layout, context)
    column = layout.column(align=True)
    for entry in history.entries(record):
        row = column.row(align=True)
        if entry["take"] == record["take"]:
            row.label(**_named(record, entry, "CHECKMARK"))
            row.operator("foley.audition", text="", icon=play_icon(record["take"]["path"])).index = -1
            row.operator("foley.open_report", text="", icon="TEXT")
            row.operator("foley.reveal_take", text="", icon="FILE_FOLDER")
            row.operator("foley.use_settings", text="", icon="COPYDOWN").index = -1
            continue
        choose = row.operator("foley.choose_take", **_named(record, entry, "SOUND"))
        hear = row.operator("foley.audition", text="", icon=play_icon(entry["take"]["path"]))
        use = row.operator("foley.use_settings", text="", icon="COPYDOWN")
        delete = row.operator("foley.delete_take", text="", icon="TRASH")
        choose.index = hear.index = use.index = delete.index = _index(record, entry)
    if record["others"]:
        layout.operator("foley.compare", icon="ARROW_LEFTRIGHT")
    _draw_sound(layout, context, strip, record)


def _draw_sound(layout: Any, context: Any, strip: Any, record: history.Record) -> None:
    """How the take in use sounds, and what it did not understand."""
    if strip.sound is None:
        return
    icon = waveform.icon(bpy.path.abspath(strip.sound.filepath), record["take"])
    layout.template_icon(icon_value=icon, scale=8.0)
    said = remarks.said(record["take"])
    if said and said != queue.note:
        sentence(layout, context, said, icon="QUESTION")


def _named(record: history.Record, entry: history.Record, icon: str) -> Dict[str, str]:
    """Text and icon of a take in a list. One that was not there can be pressed: it is looked for anew."""
    if sounds.is_gone(history.part(dict(entry, layer=record["layer"]))):
        return {"text": "{}: not there".format(_title(entry)), "icon": "ERROR"}
    return {"text": _title(entry), "icon": icon}


def _title(entry: history.Record) -> str:
    words = ": " + placing.strip_name(entry["prompt"]) if entry["prompt"] else ""
    return "Take {}{} (seed {})".format(entry["number"], words, entry["seed"])


def _index(record: history.Record, entry: history.Record) -> int:
    return [one["take"]["path"] for one in record["others"]].index(entry["take"]["path"])


CLASSES = (FOLEY_MT_takes,)
