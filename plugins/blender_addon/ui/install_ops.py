# SPDX-License-Identifier: GPL-3.0-or-later
"""Install or repair the backend, from the preferences or from a report: asks first, and shows the installer's
words."""

from typing import Any, Set

import bpy
from bpy.props import StringProperty

from ..core.problem import Problem
from ..jobs import installing, user_preferences
from ..jobs.installing import installer
from .operator_bases import NoUndoOperator
from .queue_panel import lines

LETTERS, WIDTH = 66, 480
SIZE = "155 MB at most"
WHICH = "Choose the folder of Foley that you have downloaded, with README.md and installers in it."
ONLY_A_PART = "This is only the part in Blender. " + WHICH


class FOLEY_OT_install_backend(NoUndoOperator, bpy.types.Operator):
    """Set up Foley's backend from the folder that you have it in, or repair it; asks first"""

    bl_idname = "foley.install_backend"
    bl_label = "Install Backend"

    project: StringProperty(
        name="Foley's Folder",
        description="The folder that you have downloaded, with README.md and installers in it",
        subtype="DIR_PATH",
    )

    @classmethod
    def poll(cls, context: Any) -> bool:
        """One at a time."""
        return not installer.running

    def invoke(self, context: Any, _event: Any) -> Set[str]:
        """Say what will be done."""
        try:
            self.project = self.project or installing.project()
        except Problem as problem:
            return self.refuse(problem)
        opened: Set[str] = context.window_manager.invoke_props_dialog(
            self, width=WIDTH, title="Install or Repair the Backend", confirm_text="Install"
        )
        return opened

    def draw(self, context: Any) -> None:
        """What is run, what it fetches, where it goes."""
        column = self.layout.column()
        column.prop(self, "project")
        if not self.project:
            lines(column, ONLY_A_PART, LETTERS, "INFO")
            return
        lines(column, "Runs: {}".format(installing.by_hand(self.project)), LETTERS, "CONSOLE")
        told = "It makes the backend's environment in that folder; what is missing there, {}, it downloads."
        lines(column, told.format(SIZE), LETTERS, "INTERNET")

    def run(self, context: Any) -> None:
        """Begin; the preferences show how it goes on."""
        folder = installing.chosen_folder(self.project) if self.project else installing.project()
        if not folder:
            raise Problem("no_project", "Foley's folder is not known.", WHICH)
        if not bpy.app.online_access:
            hint = "Allow Online Access in the preferences under System, or run it by hand: {}"
            raise Problem("offline", "Blender may not go online.", hint.format(installing.by_hand(folder)))
        installer.start(folder)
        kept = user_preferences.current()
        if kept.project != folder:
            kept.project = folder


class FOLEY_OT_stop_installing(NoUndoOperator, bpy.types.Operator):
    """Break the installer off; the next run takes up where it was"""

    bl_idname = "foley.stop_installing"
    bl_label = "Stop"

    def run(self, context: Any) -> None:
        """End it."""
        installer.stop()


def draw(layout: Any) -> None:
    """The buttons, and what the installer says."""
    row = layout.row()
    row.operator_context = "INVOKE_DEFAULT"
    row.operator("foley.install_backend", text="Install or Repair the Backend…", icon="IMPORT")
    if installer.running:
        row.operator("foley.stop_installing", icon="CANCEL")
    if not installer.log:
        return
    box = layout.box().column(align=True)
    ended = "Installed" if installer.code == 0 else "Ended with code {}".format(installer.code)
    box.label(text="Installing…" if installer.running else ended, icon="CONSOLE")
    for line in installer.lines():
        box.label(text=line)
    box.label(text="Log: {}".format(installer.log))


CLASSES = (FOLEY_OT_install_backend, FOLEY_OT_stop_installing)
