# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on's preferences: whether everything is in place."""

from typing import Any

import bpy

from .jobs import jobs


class FoleyPreferences(bpy.types.AddonPreferences):
    """Tells what the add-on found; there is nothing to set."""

    bl_idname = __package__

    def draw(self, context: Any) -> None:
        """Draw them."""
        try:
            from . import foley_client
        except ImportError as error:
            self.layout.label(text="pyzmq cannot be loaded: {}. Restart Blender.".format(error), icon="ERROR")
            return
        installed = (foley_client.home() / "launch.json").is_file()
        self.layout.label(
            text="Backend installed" if installed else "Backend not installed: run Foley's installer",
            icon="CHECKMARK" if installed else "ERROR",
        )
        self.layout.label(text="Connection: {}".format(jobs.backend))
        self.layout.label(text="Files: {}".format(foley_client.home()))
