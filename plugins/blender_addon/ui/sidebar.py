# SPDX-License-Identifier: GPL-3.0-or-later
"""The tab Foley in the sequencer's sidebar: what can be done, what is being made, what went wrong.

What has nothing to show is not there, so that the takes of a sound are in sight without scrolling.
"""

from typing import Any, Dict, List

import bpy

from ..jobs.queue import queue
from ..timeline import compat, selection, words
from . import backend_ops, menus, mixing, own_sound_ops, queue_panel, takes_panel
from .queue_panel import sentence

STATES = {
    "away": "Starts when needed",
    "starting": "Starting",
    "greeting": "Connecting",
    "ready": "Ready",
    "replacing": "Being updated",
    "broken": "Cannot be reached",
}


class _Tab:
    bl_space_type = "SEQUENCE_EDITOR"
    bl_region_type = "UI"
    bl_category = "Foley"

    @classmethod
    def poll(cls, context: Any) -> bool:
        """Beside a timeline, not beside a preview alone."""
        return context.space_data.view_type in {"SEQUENCER", "SEQUENCER_PREVIEW"}


class FOLEY_PT_panel(_Tab, bpy.types.Panel):
    """What can be done with the selected strip, and what went wrong."""

    bl_label = "Foley"

    def draw(self, context: Any) -> None:
        """Draw it."""
        strip = selection.picture_strip(context)
        for group in menus.LINES:
            column = self.layout.column(align=True)
            column.operator_context = "INVOKE_DEFAULT"
            for line in group:
                row = column.row(align=True)
                for entry in line:
                    shown = _prompt(context, strip) if entry == "foley.set_prompt" else {}
                    menus.draw_entry(row, context, entry, **shown)
        if queue.note:
            _draw_standing(self.layout.box(), context, queue.note, "QUESTION")
        if queue.problem and queue.problem not in _listed():
            box = self.layout.box()
            _draw_standing(box, context, queue.problem, "ERROR")
            sentence(box, context, "Logs: {}".format(backend_ops.logs()), icon="TEXT")
            box.operator("foley.open_log")


def _draw_standing(box: Any, context: Any, text: str, icon: str) -> None:
    row = box.row()
    sentence(row, context, text, icon=icon)
    row.operator("foley.dismiss_problem", text="", icon="X")


def _listed() -> List[str]:
    """What stands in the queue already, with the job whose fault it was."""
    return [*(take.reason for take in queue.unplaced), *(str(job.error) for job in queue.failed.values())]


def _prompt(context: Any, strip: Any) -> Dict[str, str]:
    prompt = words.of(compat.scene_of(context), strip) if strip is not None else None
    return {"text": "Prompt: {}".format(prompt)} if prompt else {}


class _OfSound(_Tab):
    @classmethod
    def poll(cls, context: Any) -> bool:
        """Where a sound of Foley is active, or a picture that has one."""
        return super().poll(context) and takes_panel.record_shown(context) is not None


class FOLEY_PT_takes(_OfSound, bpy.types.Panel):
    """The takes of the sound that is meant, how the one in use sounds, and what it did not understand."""

    bl_label = "Takes"
    bl_parent_id = "FOLEY_PT_panel"

    def draw(self, context: Any) -> None:
        """Draw it."""
        takes_panel.draw_takes(self.layout, context)


class FOLEY_PT_mix(_OfSound, bpy.types.Panel):
    """How loud the sound is that is meant, its fades, and the clip's own sound under it."""

    bl_label = "Mix"
    bl_parent_id = "FOLEY_PT_panel"

    def draw(self, context: Any) -> None:
        """Draw it."""
        mixing.draw(self.layout, context)
        own_sound_ops.draw(self.layout, context)


class FOLEY_PT_queue(_Tab, bpy.types.Panel):
    """What is being made, what failed, what waits for a place, and what is done."""

    bl_label = "Queue"
    bl_parent_id = "FOLEY_PT_panel"

    @classmethod
    def poll(cls, context: Any) -> bool:
        """Where anything is in it."""
        return super().poll(context) and not queue_panel.is_empty()

    def draw(self, context: Any) -> None:
        """Draw it."""
        queue_panel.draw_queue(self.layout, context)


class FOLEY_PT_backend(_Tab, bpy.types.Panel):
    """How the backend is, which engine it uses, and on which device."""

    bl_label = "Backend"
    bl_parent_id = "FOLEY_PT_panel"

    def draw(self, context: Any) -> None:
        """Draw it."""
        self.layout.label(text=STATES.get(queue.backend, ""))
        for line in queue.told.lines():
            self.layout.label(text=line)
        for worker in queue.told.workers:
            engine, device = worker.get("engine"), worker.get("device")  # An older backend may not say.
            used = " on ".join(word for word in (engine, device) if word) if engine else "none used yet"
            self.layout.label(text="Engine: {}".format(used), icon="SOUND")
        row = self.layout.row(align=True)
        row.operator("foley.start_backend")
        row.operator("foley.restart_backend")
        row.operator("foley.open_log")


CLASSES = (FOLEY_PT_panel, FOLEY_PT_takes, FOLEY_PT_mix, FOLEY_PT_queue, FOLEY_PT_backend)
