# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on's preferences: how the backend is started, where takes go, what is asked for unless said."""

from typing import Any

import bpy
from bpy.props import BoolProperty, EnumProperty, StringProperty

from ..core.problem import Problem
from ..jobs import backend_client
from ..jobs.queue import queue
from ..jobs.user_preferences import ADDON
from . import backend_ops, install_ops, settings, shortcuts
from .queue_panel import sentence

_USUAL = ("Red", "Orange", "Yellow", "Green", "Blue", "Purple", "Pink", "Brown", "Grey")
_COLOURS = (
    ("NONE", "None", "As other sounds"),
    *(
        (
            "COLOR_{:02}".format(at),
            name,
            "The theme's strip colour {}, {} by default".format(at, name.lower()),
        )
        for at, name in enumerate(_USUAL, 1)
    ),
)


def _start_anew(_preferences: Any, _context: Any) -> None:
    try:
        queue.client.start, queue.client.launch = backend_client.preferred_launch()
    except Problem as problem:
        queue.news.report(problem)


class FoleyPreferences(settings.HasDefaults, bpy.types.AddonPreferences):
    """What holds for all projects of this user."""

    bl_idname = ADDON

    command: StringProperty(
        name="Backend Command",
        description="Starts the backend; empty: as Foley's installer set it up",
        update=_start_anew,
    )
    auto_start: BoolProperty(
        name="Start the Backend When Needed",
        description="Or else only with the panel's Start, or by hand: foley serve",
        default=True,
        update=_start_anew,
    )
    folder: StringProperty(
        name="Output Folder",
        description="Where takes are written; empty: in the folder foley beside the project",
        subtype="DIR_PATH",
    )
    project: StringProperty(
        name="Foley's Folder",
        description="The folder that you have Foley in, from which the backend is installed; empty: found",
        subtype="DIR_PATH",
    )
    colour: EnumProperty(
        name="Colour Tag",
        description="Of Foley's strips; it can be changed on each",
        items=_COLOURS,
        default="COLOR_06",
    )
    prompts: StringProperty(default="[]", options={"HIDDEN"})
    presets: StringProperty(default="{}", options={"HIDDEN"})

    def draw(self, context: Any) -> None:
        """Draw them."""
        layout = self.layout
        _draw_state(layout, context, bool(self.command))
        layout.separator()
        layout.prop(self, "command")
        layout.prop(self, "auto_start")
        layout.prop(self, "folder")
        layout.prop(self, "project")
        layout.separator()
        layout.label(text="Unless said otherwise:")
        layout.prop(self, "engine")
        layout.prop(self, "handles")
        settings.draw_loudness(layout, self)
        layout.prop(self, "place")
        layout.prop(self, "colour")
        layout.separator()
        shortcuts.draw(layout, context)


def _draw_state(layout: Any, context: Any, own_command: bool) -> None:
    try:
        from .. import foley_client
    except ImportError as error:
        layout.label(text="pyzmq cannot be loaded: {}. Restart Blender.".format(error), icon="ERROR")
        return
    installed = own_command or (foley_client.home() / "launch.json").is_file()
    layout.label(
        text="Backend installed" if installed else "Backend not installed",
        icon="CHECKMARK" if installed else "ERROR",
    )
    install_ops.draw(layout)
    layout.label(text="Connection: {}".format(queue.backend))
    layout.label(text="Files: {}".format(foley_client.home()))
    if queue.problem:
        sentence(layout, context, queue.problem)
        layout.label(text="Logs: {}".format(backend_ops.logs()))
        layout.operator("foley.open_log")
