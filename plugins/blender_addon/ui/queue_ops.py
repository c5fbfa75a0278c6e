# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be done about the queue: pause, cancel, try again, drop, insert by hand, find what is done."""

from functools import partial
from typing import Any, ClassVar, Set

import bpy
from bpy.props import StringProperty

from ..core.problem import Problem
from ..jobs import user_preferences
from ..jobs.queue import queue
from ..timeline import compat, inserting, sounds
from .operator_bases import NoUndoOperator, ReportingOperator


class FOLEY_OT_cancel(NoUndoOperator, bpy.types.Operator):
    """Stop making this sound"""

    bl_idname = "foley.cancel"
    bl_label = "Cancel"

    job: StringProperty(options={"HIDDEN"})

    def run(self, context: Any) -> None:
        """Ask the backend to end the job."""
        queue.cancel(self.job)


class FOLEY_OT_cancel_all(NoUndoOperator, bpy.types.Operator):
    """Stop making all of these sounds"""

    bl_idname = "foley.cancel_all"
    bl_label = "Cancel All"

    def run(self, context: Any) -> None:
        """Ask the backend to end the jobs."""
        queue.cancel_all()


class FOLEY_OT_pause(NoUndoOperator, bpy.types.Operator):
    """Begin no more sounds; the one that is being made is finished"""

    bl_idname = "foley.pause"
    bl_label = "Pause"

    def run(self, context: Any) -> None:
        """Take back what waits."""
        queue.pause()


class FOLEY_OT_resume(NoUndoOperator, bpy.types.Operator):
    """Go on with the sounds that wait"""

    bl_idname = "foley.resume"
    bl_label = "Go On"

    def run(self, context: Any) -> None:
        """Leave the asking to the timer."""
        queue.resume()


class FOLEY_OT_show_sound(ReportingOperator, bpy.types.Operator):
    """Select this sound, and go to where it begins"""

    bl_idname = "foley.show_sound"
    bl_label = "Show Sound"

    sound: StringProperty(options={"HIDDEN"})

    def run(self, context: Any) -> None:
        """Its strips alone."""
        scene = compat.scene_of(context)
        found = [strip for strip in sounds.all_of(scene) if sounds.uid_of(strip) == self.sound]
        if not found:
            message = "The sound is not on this timeline any more."
            raise Problem("sound_gone", message, "Undo may bring it back; its files stay beside the project.")
        for strip in compat.all_strips(scene.sequence_editor):
            strip.select = strip in found
        scene.sequence_editor.active_strip = found[0]
        scene.frame_set(min(compat.bounds(strip).left for strip in found))


class FOLEY_OT_retry(NoUndoOperator, bpy.types.Operator):
    """Try again what failed"""

    bl_idname = "foley.retry"
    bl_label = "Try Again"

    job: StringProperty(options={"HIDDEN"})

    def run(self, context: Any) -> None:
        """Ask again for one, or for all where none is named."""
        chosen = [self.job] if self.job else list(queue.failed)
        queue.start_later(partial(queue.retry, job) for job in chosen)


class FOLEY_OT_drop(NoUndoOperator, bpy.types.Operator):
    """Take this off the list"""

    bl_idname = "foley.drop"
    bl_label = "Drop"

    job: StringProperty(options={"HIDDEN"})

    def run(self, context: Any) -> None:
        """Forget one that failed, or all where none is named."""
        for job in [self.job] if self.job else list(queue.failed):
            queue.drop(job)


class FOLEY_OT_insert(ReportingOperator, bpy.types.Operator):
    """Put this take in its place: at its own or the selected picture, or at the playhead"""

    bl_idname = "foley.insert"
    bl_label = "Insert Take"

    path: StringProperty(name="File", description="Of a take that found no place", options={"HIDDEN"})

    def run(self, context: Any) -> None:
        """Lay it down, and take it off the list."""
        job, chosen = queue.waiting(self.path)
        job.takes = [chosen, *(take for take in job.takes or () if take is not chosen)]
        inserting.insert(compat.scene_of(context), job, user_preferences.current().colour)
        queue.bring(job)
        queue.dismiss(self.path)


class FOLEY_OT_dismiss(NoUndoOperator, bpy.types.Operator):
    """Take this off the list; the sound file stays"""

    bl_idname = "foley.dismiss"
    bl_label = "Dismiss"

    path: StringProperty(options={"HIDDEN"})

    def run(self, context: Any) -> None:
        """Forget the take."""
        queue.dismiss(self.path)


class FOLEY_OT_dismiss_problem(NoUndoOperator, bpy.types.Operator):
    """Take this away"""

    bl_idname = "foley.dismiss_problem"
    bl_label = "Dismiss"

    def run(self, context: Any) -> None:
        """What went wrong last, or was not understood."""
        queue.news.dismiss()


class FOLEY_OT_tell(bpy.types.Operator):
    """Say something in Blender's status bar, which only an operator can"""

    bl_idname = "foley.tell"
    bl_label = "Tell"
    bl_options: ClassVar[Set[str]] = {"INTERNAL"}

    text: StringProperty(options={"HIDDEN"})

    def execute(self, _context: Any) -> Set[str]:
        """Say it: in the status bar if it is called from `modal`, else where Blender was started."""
        self.report({"INFO"}, self.text)
        return {"FINISHED"}

    def invoke(self, context: Any, _event: Any) -> Set[str]:
        """Wait for the next event: what an operator says at once is not shown when Python calls it."""
        if bpy.app.background or context.window is None:
            return self.execute(context)
        context.window_manager.modal_handler_add(self)
        self._soon = context.window_manager.event_timer_add(0.01, window=context.window)
        return {"RUNNING_MODAL"}

    def modal(self, context: Any, _event: Any) -> Set[str]:
        """Say it, and leave the event to others."""
        context.window_manager.event_timer_remove(self._soon)
        return {"PASS_THROUGH", *self.execute(context)}


CLASSES = (
    FOLEY_OT_cancel,
    FOLEY_OT_cancel_all,
    FOLEY_OT_pause,
    FOLEY_OT_resume,
    FOLEY_OT_show_sound,
    FOLEY_OT_retry,
    FOLEY_OT_drop,
    FOLEY_OT_insert,
    FOLEY_OT_dismiss,
    FOLEY_OT_dismiss_problem,
    FOLEY_OT_tell,
)
