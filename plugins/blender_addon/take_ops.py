# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user can do with takes: choose, delete, hear, find the file, insert one by hand, redo a part."""

import os
from contextlib import suppress
from typing import Any, List, Set

import bpy
from bpy.props import IntProperty, StringProperty

from . import compat, history, inserting, replacing, retake, sounds, timer
from .jobs import jobs
from .problem import Problem


class TakeOperator:
    """An operator on a Foley strip: a `Problem` becomes its report."""

    # Not REGISTER: the "Adjust Last Operation" box would run it again with every change.
    bl_options = {"UNDO"}  # noqa: RUF012 (as Blender has it)

    @classmethod
    def poll(cls, context: Any) -> bool:
        """Wherever there are strips."""
        return compat.scene_of(context).sequence_editor is not None

    def execute(self, context: Any) -> Set[str]:
        """Do it."""
        try:
            self.run(context)
        except Problem as problem:
            self.report({"ERROR"}, str(problem))  # type: ignore[attr-defined]
            return {"CANCELLED"}
        return {"FINISHED"}

    def run(self, context: Any) -> None:
        """What the operator does."""
        raise NotImplementedError


class FOLEY_OT_choose_take(TakeOperator, bpy.types.Operator):
    """Hear this take instead; the one that is heard now can be chosen again"""

    bl_idname = "foley.choose_take"
    bl_label = "Choose Take"

    index: IntProperty(name="Take", description="Which of the other takes, from 0", min=0)

    def run(self, context: Any) -> None:
        """Swap it in, wherever the take that is there is played."""
        strips = retake.sounds_of(context)
        path = history.other(sounds.record_of(strips[0]), self.index)["take"]["path"]
        knowing = [strip for strip in strips if _knows(strip, path)]
        swaps = [(strip, history.chosen(sounds.record_of(strip), path)) for strip in knowing]
        replacing.swap(compat.scene_of(context), swaps)


class FOLEY_OT_delete_take(TakeOperator, bpy.types.Operator):
    """Delete this take and its files; this cannot be undone"""

    bl_idname = "foley.delete_take"
    bl_label = "Delete Take"

    index: IntProperty(name="Take", description="Which of the other takes, from 0", min=0)

    def invoke(self, context: Any, event: Any) -> Set[str]:
        """Ask first."""
        answer: Set[str] = context.window_manager.invoke_confirm(self, event)
        return answer

    def run(self, context: Any) -> None:
        """Delete the files, unless a strip plays one, then take it off every list."""
        entry = history.other(sounds.record_of(retake.sounds_of(context)[0]), self.index)
        files = [sounds.found(path) for path in history.files(entry)]
        ours = [strip for scene in bpy.data.scenes for strip in sounds.all_of(scene)]
        _check_unused(files)
        for path in files:
            _delete(path)
        for strip in ours:
            if _knows(strip, entry["take"]["path"]):
                sounds.keep(strip, history.without(sounds.record_of(strip), entry["take"]["path"]))


class FOLEY_OT_reveal_take(TakeOperator, bpy.types.Operator):
    """Open the folder with the take's file"""

    bl_idname = "foley.reveal_take"
    bl_label = "Show File"
    bl_options = {"INTERNAL"}  # noqa: RUF012

    def run(self, context: Any) -> None:
        """Open it with what the system has for folders."""
        path = sounds.found(history.part(sounds.record_of(retake.sounds_of(context)[0])))
        if not os.path.isfile(path):
            raise Problem("take_missing", "The take is not there any more: {}.".format(path))
        bpy.ops.wm.path_open(filepath=os.path.dirname(path))


class FOLEY_OT_audition(TakeOperator, bpy.types.Operator):
    """Play from the beginning of the sound"""

    bl_idname = "foley.audition"
    bl_label = "Play Take"
    bl_options = {"INTERNAL"}  # noqa: RUF012

    def run(self, context: Any) -> None:
        """Go to where the strip begins, and play, unless it plays already."""
        strip = retake.sounds_of(context)[0]
        compat.scene_of(context).frame_set(compat.bounds(strip).left)
        if context.screen is not None and not context.screen.is_animation_playing:
            with suppress(RuntimeError):
                bpy.ops.screen.animation_play()


class FOLEY_OT_insert(TakeOperator, bpy.types.Operator):
    """Put this take at the selected picture, or at the playhead"""

    bl_idname = "foley.insert"
    bl_label = "Insert Take"

    path: StringProperty(name="File", description="Of a take that found no place", options={"HIDDEN"})

    @classmethod
    def poll(cls, context: Any) -> bool:
        """Into an empty timeline, too."""
        return compat.scene_of(context) is not None

    def run(self, context: Any) -> None:
        """Lay it down, and take it off the list."""
        waiting = [take for take in jobs.unplaced if take.path == self.path]
        if not waiting:
            raise Problem("no_such_take", "No such take waits to be inserted.", "Choose one from the list.")
        inserting.insert(compat.scene_of(context), waiting[0].job)
        jobs.dismiss(self.path)


class FOLEY_OT_region(TakeOperator, bpy.types.Operator):
    """Make the part in the preview range anew, or that between two selected markers"""

    bl_idname = "foley.region"
    bl_label = "Regenerate Part"

    def run(self, context: Any) -> None:
        """Ask the backend."""
        retake.region(context)
        timer.start()


class FOLEY_MT_takes(bpy.types.Menu):
    """The takes of the active sound, to choose one."""

    bl_idname = "FOLEY_MT_takes"
    bl_label = "Choose Take"

    def draw(self, context: Any) -> None:
        """One entry a take; the one in use is checked."""
        record = _active_record(context)
        for entry in history.entries(record) if record else []:
            if entry["take"] == record["take"]:
                self.layout.label(text=_title(entry), icon="CHECKMARK")
            else:
                choose = self.layout.operator(
                    FOLEY_OT_choose_take.bl_idname, text=_title(entry), icon="SOUND"
                )
                choose.index = _index(record, entry)


def draw_take_menu(menu: Any, context: Any) -> None:
    """The entry Choose Take; grey where there is none to choose."""
    record = _active_record(context)
    row = menu.layout.row()
    row.enabled = bool(record and record["others"])
    row.menu(FOLEY_MT_takes.bl_idname)


def draw_takes(layout: Any, context: Any) -> None:
    """The takes of the active sound, each with what can be done with it."""
    record = _active_record(context)
    if record is None:
        return
    column = layout.column(align=True)
    for entry in history.entries(record):
        row = column.row(align=True)
        if entry["take"] == record["take"]:
            row.label(text=_title(entry), icon="CHECKMARK")
            row.operator(FOLEY_OT_audition.bl_idname, text="", icon="PLAY")
            row.operator(FOLEY_OT_reveal_take.bl_idname, text="", icon="FILE_FOLDER")
            continue
        choose = row.operator(FOLEY_OT_choose_take.bl_idname, text=_title(entry), icon="SOUND")
        delete = row.operator(FOLEY_OT_delete_take.bl_idname, text="", icon="TRASH")
        choose.index = delete.index = _index(record, entry)


def _active_record(context: Any) -> Any:
    editor = compat.scene_of(context).sequence_editor
    strip = editor.active_strip if editor else None
    return history.of(strip) if strip is not None and strip.type == "SOUND" else None


def _title(entry: history.Record) -> str:
    return "Take {}, seed {}".format(entry["number"], entry["seed"])


def _index(record: history.Record, entry: history.Record) -> int:
    return [one["take"]["path"] for one in record["others"]].index(entry["take"]["path"])


def _knows(strip: Any, path: str) -> bool:
    return any(entry["take"]["path"] == path for entry in sounds.record_of(strip)["others"])


def _check_unused(files: List[str]) -> None:
    """No strip in any scene may play one of them, whoever made the strip."""
    everything = [
        strip
        for scene in bpy.data.scenes
        if scene.sequence_editor
        for strip in compat.all_strips(scene.sequence_editor)
    ]
    wanted = {os.path.realpath(path) for path in files}
    for strip in everything:
        sound = strip.sound if strip.type == "SOUND" else None
        if sound is not None and os.path.realpath(bpy.path.abspath(sound.filepath)) in wanted:
            message = "{!r} plays this take.".format(strip.name)
            raise Problem("take_in_use", message, "Delete the strip first, or choose another take for it.")


def _delete(path: str) -> None:
    """Delete a file, of which Blender may hold one that no strip plays any more."""
    for sound in list(bpy.data.sounds):
        unused = sound.users - sound.use_fake_user == 0
        if unused and os.path.realpath(bpy.path.abspath(sound.filepath)) == os.path.realpath(path):
            bpy.data.sounds.remove(sound)
    try:
        os.remove(path)
    except FileNotFoundError:
        return
    except OSError as error:
        message = "The take cannot be deleted: {}.".format(error)
        raise Problem("take_locked", message, "Close what plays it, then try again.") from error


CLASSES = (
    FOLEY_OT_choose_take,
    FOLEY_OT_delete_take,
    FOLEY_OT_reveal_take,
    FOLEY_OT_audition,
    FOLEY_OT_insert,
    FOLEY_OT_region,
    FOLEY_MT_takes,
)
