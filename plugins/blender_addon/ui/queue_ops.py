# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be done about the queue: cancel, try again, drop, insert by hand, dismiss."""

from functools import partial
from typing import Any, ClassVar, Set

import bpy
from bpy.props import StringProperty

from ..core.problem import Problem
from ..jobs import user_preferences
from ..jobs.queue import queue
from ..timeline import compat, inserting
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
        """Forget the job that failed."""
        queue.drop(self.job)


class FOLEY_OT_insert(ReportingOperator, bpy.types.Operator):
    """Put this take at the selected picture, or at the playhead"""

    bl_idname = "foley.insert"
    bl_label = "Insert Take"

    path: StringProperty(name="File", description="Of a take that found no place", options={"HIDDEN"})

    def run(self, context: Any) -> None:
        """Lay it down, and take it off the list."""
        waiting = [take for take in queue.unplaced if take.path == self.path]
        if not waiting:
            raise Problem("no_such_take", "No such take waits to be inserted.", "Choose one from the list.")
        inserting.insert(compat.scene_of(context), waiting[0].job, user_preferences.current().colour)
        queue.dismiss(self.path)


class FOLEY_OT_dismiss(NoUndoOperator, bpy.types.Operator):
    """Take this off the list; the sound file stays"""

    bl_idname = "foley.dismiss"
    bl_label = "Dismiss"

    path: StringProperty(options={"HIDDEN"})

    def run(self, context: Any) -> None:
        """Forget the take."""
        queue.dismiss(self.path)


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
        return {"RUNNING_MODAL"}

    def modal(self, context: Any, _event: Any) -> Set[str]:
        """Say it, and leave the event to others."""
        return {"PASS_THROUGH", *self.execute(context)}


CLASSES = (
    FOLEY_OT_cancel,
    FOLEY_OT_cancel_all,
    FOLEY_OT_retry,
    FOLEY_OT_drop,
    FOLEY_OT_insert,
    FOLEY_OT_dismiss,
    FOLEY_OT_tell,
)
