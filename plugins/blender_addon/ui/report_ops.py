# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of what went wrong, which opens by itself, whatever is open; and what its buttons do.

It opens with the next move of the mouse that nobody else takes: Blender gives it to a text that is typed, to
a menu, a dialog, a drag first. So it never comes between, and it opens where the user is; never without a
window.
"""

import os
from typing import Any, ClassVar, List, Set

import bpy
from bpy.props import StringProperty

from ..core.news import Report
from ..core.problem import Problem
from ..jobs import installing
from ..jobs.queue import queue
from ..jobs.user_preferences import ADDON
from ..timeline import compat
from .operator_bases import NoUndoOperator
from .queue_panel import lines
from .remedies import Remedy, remedies

SHOWN, LETTERS, WIDTH = 3, 66, 480
"""So many different problems are told in one report; letters of a line, and the width of the window."""


class FOLEY_OT_report(bpy.types.Operator):
    """Say what went wrong, and what helps"""

    bl_idname = "foley.report"
    bl_label = "Foley"
    bl_options: ClassVar[Set[str]] = {"INTERNAL"}
    reports: ClassVar[List[Report]] = []
    helping: ClassVar[List[Remedy]] = []

    @classmethod
    def poll(cls, context: Any) -> bool:
        """Once there is something to tell, and nothing is dragged."""
        return bool(queue.news.reports) and not queue.later and not compat.dragging()

    def invoke(self, context: Any, _event: Any) -> Set[str]:
        """Open it."""
        type(self).reports = queue.news.opened()
        type(self).helping = remedies(self.reports)
        confirm = self.helping[0].text if self.helping else "OK"
        opened: Set[str] = context.window_manager.invoke_props_dialog(
            self, width=WIDTH, title=_title(self.reports), confirm_text=confirm, cancel_default=True
        )
        return opened

    def draw(self, context: Any) -> None:
        """What, why, what to do, and buttons that do it."""
        draw(self.layout, self.reports)
        _draw_remedies(self.layout.column(align=True), self.helping[1:])

    def execute(self, _context: Any) -> Set[str]:
        """Do what helps most."""
        for remedy in self.helping[:1]:
            try:
                getattr(bpy.ops.foley, remedy.name)("INVOKE_DEFAULT", **remedy.values)
            except RuntimeError as error:  # It has said why not; now it is this one's to say.
                self.report({"ERROR"}, str(error).replace("Error: ", "").strip())
        return {"FINISHED"}


def draw(layout: Any, reports: List[Report]) -> None:
    """What went wrong, and why."""
    for report in reports[:SHOWN]:
        problem = report.problem
        column = layout.column(align=True)
        times = " ({} times)".format(report.times) if report.times > 1 else ""
        for job in report.jobs[:1] if report.times == 1 else ():
            lines(column, job.title, LETTERS, "SEQUENCE")
        lines(column, "{}{} [{}]".format(problem.message, times, problem.code), LETTERS, "ERROR")
        if problem.hint:
            lines(column, problem.hint, LETTERS, "INFO")
    if len(reports) > SHOWN:
        layout.label(text="and {} more: see the queue".format(sum(one.times for one in reports[SHOWN:])))


def _draw_remedies(column: Any, helping: List[Remedy]) -> None:
    column.operator_context = "INVOKE_DEFAULT"
    for remedy in helping:
        button = column.operator("foley." + remedy.name, text=remedy.text)
        for name, value in remedy.values.items():
            setattr(button, name, value)


def _title(reports: List[Report]) -> str:
    jobs = sum(len(report.jobs) for report in reports)
    return "Foley: {} sounds failed".format(jobs) if jobs > 1 else "Foley: something went wrong"


class FOLEY_OT_show_preferences(NoUndoOperator, bpy.types.Operator):
    """Open Foley's preferences"""

    bl_idname = "foley.show_preferences"
    bl_label = "Open Preferences"

    def run(self, context: Any) -> None:
        """In Blender's own window for them."""
        bpy.ops.screen.userpref_show("INVOKE_DEFAULT", section="ADDONS")
        context.window_manager.addon_search = "Foley"
        if ADDON in context.preferences.addons:
            _expand()


def _expand() -> None:
    """Fold our preferences out, unless they are."""
    import addon_utils

    module = next((one for one in addon_utils.modules(refresh=False) if one.__name__ == ADDON), None)
    if module is not None and not addon_utils.module_bl_info(module).get("show_expanded"):
        bpy.ops.preferences.addon_expand(module=ADDON)


class FOLEY_OT_show_queue(NoUndoOperator, bpy.types.Operator):
    """Open the tab Foley beside a timeline"""

    bl_idname = "foley.show_queue"
    bl_label = "Show the Queue"

    def run(self, context: Any) -> None:
        """The tabs are known once the sidebar is drawn."""
        if not compat.show_tab("Foley"):
            raise Problem("no_timeline", "No timeline is open.", "Open a sequencer, and its sidebar with N.")


class FOLEY_OT_copy_command(NoUndoOperator, bpy.types.Operator):
    """Put the command on the clipboard, to be pasted in a terminal"""

    bl_idname = "foley.copy_command"
    bl_label = "Copy Command"

    words: StringProperty(options={"HIDDEN"})

    def run(self, context: Any) -> str:
        """Foley's own program, wherever it was set up."""
        project = installing.project()
        inside = os.path.join(".venv", "Scripts" if os.name == "nt" else "bin", "foley")
        program = os.path.join(project, inside) if project else "foley"
        command = '"{}" {}'.format(program, self.words) if " " in program else program + " " + self.words
        context.window_manager.clipboard = command
        return "On the clipboard: {}".format(command)


_keys: List[Any] = []


def register() -> None:
    """Let the mouse open it. In the background there are no keys."""
    keys = bpy.context.window_manager.keyconfigs.addon
    if keys is not None and not bpy.app.background:
        keymap = keys.keymaps.new("Window", space_type="EMPTY", region_type="WINDOW")
        _keys.append((keymap, keymap.keymap_items.new("foley.report", "MOUSEMOVE", "ANY", any=True)))


def unregister() -> None:
    """No more."""
    while _keys:
        keymap, item = _keys.pop()
        keymap.keymap_items.remove(item)


CLASSES = (FOLEY_OT_report, FOLEY_OT_show_preferences, FOLEY_OT_show_queue, FOLEY_OT_copy_command)
