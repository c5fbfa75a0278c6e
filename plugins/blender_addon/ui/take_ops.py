# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be done with the takes of a sound: choose one, delete one, hear it, find its file."""

import os
from typing import Any, List, Set

import bpy
from bpy.props import IntProperty

from ..core import history
from ..core.problem import Problem
from ..timeline import compat, replacing, selection, sounds
from .operator_bases import NoUndoOperator, ReportingOperator


class FOLEY_OT_choose_take(ReportingOperator, bpy.types.Operator):
    """Hear this take instead; the one that is heard now can be chosen again"""

    bl_idname = "foley.choose_take"
    bl_label = "Choose Take"

    index: IntProperty(name="Take", description="Which of the other takes, from 0", min=0)

    def run(self, context: Any) -> str:
        """Swap it in, in all that is meant and has it in its list."""
        meant = selection.sounds_meant(context)
        path = history.other(sounds.record_of(meant[0][0]), self.index)["take"]["path"]
        knowing = [strip for strips in meant for strip in strips if _knows(strip, path)]
        swaps = [(strip, history.chosen(sounds.record_of(strip), path)) for strip in knowing]
        replacing.swap(compat.scene_of(context), swaps)
        number = sounds.record_of(meant[0][0])["number"]
        return "'{}' plays take {}.".format(meant[0][0].name, number)


class FOLEY_OT_delete_take(ReportingOperator, bpy.types.Operator):
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
        entry = history.other(sounds.record_of(selection.sound_strips(context)[0]), self.index)
        files = [sounds.found(path) for path in history.files(entry)]
        ours = [strip for scene in bpy.data.scenes for strip in sounds.all_of(scene)]
        _check_unused(files)
        for path in files:
            _delete(path)
        for strip in ours:
            if _knows(strip, entry["take"]["path"]):
                sounds.keep(strip, history.without(sounds.record_of(strip), entry["take"]["path"]))
        _delete_report(entry["report"], ours)


class FOLEY_OT_reveal_take(NoUndoOperator, bpy.types.Operator):
    """Open the folder with the take's file"""

    bl_idname = "foley.reveal_take"
    bl_label = "Show File"

    def run(self, context: Any) -> None:
        """Open it with what the system has for folders."""
        named = history.part(sounds.record_of(selection.sound_strips(context)[0]))
        path = sounds.found(named)
        if not os.path.isfile(path) and sounds.packed(path) is not None:
            message = "The take is packed into the project."
            raise Problem("take_packed", message, "Unpack it: File, External Data, Unpack Resources.")
        if not os.path.isfile(path):
            raise sounds.gone(named)
        bpy.ops.wm.path_open(filepath=os.path.dirname(path))


class FOLEY_OT_open_report(NoUndoOperator, bpy.types.Operator):
    """Open the page that shows how the take was made: impacts, hits, how it sounds"""

    bl_idname = "foley.open_report"
    bl_label = "Open Report"

    def run(self, context: Any) -> None:
        """Open it with the system's own program."""
        path = sounds.found(sounds.record_of(selection.sound_strips(context)[0])["report"])
        if not os.path.isfile(path):
            place = sounds.looked_for(path) if path else "none"
            raise Problem("report_missing", "The report is not there any more: {}.".format(place))
        bpy.ops.wm.path_open(filepath=path)


def _knows(strip: Any, path: str) -> bool:
    return any(entry["take"]["path"] == path for entry in sounds.record_of(strip)["others"])


def _delete_report(report: str, ours: List[Any]) -> None:
    """Delete a report and its JSON, unless a take is left that was made along with the one it is about."""
    told = {entry["report"] for strip in ours for entry in history.entries(sounds.record_of(strip))}
    if report and report not in told:
        for path in (report, os.path.splitext(report)[0] + ".json"):
            _delete(sounds.found(path))


def _check_unused(files: List[str]) -> None:
    """No strip in any scene may play one of them, whoever made the strip."""
    everything = [
        strip
        for scene in bpy.data.scenes
        if scene.sequence_editor
        for strip in compat.all_strips(scene.sequence_editor)
    ]
    for strip in everything:
        sound = strip.sound if strip.type == "SOUND" else None
        if sound is not None and any(sounds.is_take(sound, path) for path in files):
            message = "{!r} plays this take.".format(strip.name)
            raise Problem("take_in_use", message, "Delete the strip first, or choose another take for it.")


def _delete(path: str) -> None:
    """Delete a file, of which Blender may hold one that no strip plays any more."""
    for sound in list(bpy.data.sounds):
        unused = sound.users - sound.use_fake_user == 0
        if unused and sounds.is_take(sound, path):
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
    FOLEY_OT_open_report,
)
