# SPDX-License-Identifier: GPL-3.0-or-later
"""The menu Foley: in the sequencer's right-click menu, in its menus Strip and Add, and round the mouse.

The right-click menu has it on top, so that the words are asked for by two clicks. The tab has the same
entries in fewer lines, so that the takes are in sight under them.
"""

from typing import Any

import bpy

from . import fit_ops, takes_panel

GROUPS = (
    ("foley.generate", "foley.set_prompt"),
    ("foley.regenerate", "foley.new_take", "foley.region", "foley.fit_to_picture"),
    ("foley.show_impacts", "foley.hits_from_markers"),
    ("foley.score", "foley.sounds"),
)
"""What can be done, as it is offered in the menu."""
LINES = (
    (("foley.generate",), ("foley.set_prompt",)),
    (("foley.regenerate",), ("foley.new_take", "foley.region")),
    (("foley.show_impacts", "foley.hits_from_markers"), ("foley.fit_to_picture", "foley.sounds")),
    (("foley.score",),),
)
"""The same in the lines of the tab."""
ICONS = {"foley.generate": "SOUND", "foley.set_prompt": "TEXT", "foley.sounds": "VIEWZOOM"}
ROUND = (
    "foley.new_take",
    "foley.regenerate",
    "foley.region",
    "foley.generate",
    "foley.show_impacts",
    "foley.hits_from_markers",
    "foley.set_prompt",
    "foley.score",
)
"""As they stand round the mouse: west, east, south, north, and between these."""
LONG_MENUS = ("SEQUENCER_MT_strip", "SEQUENCER_MT_add")


class FOLEY_MT_foley(bpy.types.Menu):
    """All that Foley can do with what is selected; what it cannot is grey and tells why"""

    bl_idname = "FOLEY_MT_foley"
    bl_label = "Foley"

    def draw(self, context: Any) -> None:
        """Draw it."""
        layout = self.layout
        layout.operator_context = "INVOKE_DEFAULT"
        for at, group in enumerate(GROUPS):
            if at:
                layout.separator()
            for entry in group:
                draw_entry(layout, context, entry)
            if "foley.new_take" in group:
                takes_panel.draw_take_menu(self, context)


class FOLEY_MT_pie(bpy.types.Menu):
    """All that Foley can do, round the mouse"""

    bl_idname = "FOLEY_MT_pie"
    bl_label = "Foley"

    def draw(self, context: Any) -> None:
        """Draw it."""
        pie = self.layout.menu_pie()
        pie.operator_context = "INVOKE_DEFAULT"
        for entry in ROUND:
            draw_entry(pie, context, entry)


def draw_entry(layout: Any, context: Any, entry: str, **more: str) -> None:
    """One entry, as it looks everywhere; `more` is what a layout takes besides.

    Regenerate says where the sound that is meant is out of date.
    """
    icon = {"icon": ICONS[entry]} if entry in ICONS else {}
    stale = fit_ops.words_of_regenerate(context) if entry == "foley.regenerate" else {}
    layout.operator(entry, **icon, **stale, **more)


def draw_first(menu: Any, _context: Any) -> None:
    """The menu on top of another."""
    menu.layout.menu(FOLEY_MT_foley.bl_idname, icon="SOUND")
    menu.layout.separator()


def draw_last(menu: Any, _context: Any) -> None:
    """The menu at the end of another."""
    menu.layout.separator()
    menu.layout.menu(FOLEY_MT_foley.bl_idname, icon="SOUND")


def register() -> None:
    """Put the menu into Blender's own."""
    bpy.types.SEQUENCER_MT_context_menu.prepend(draw_first)
    for menu in LONG_MENUS:
        getattr(bpy.types, menu).append(draw_last)


def unregister() -> None:
    """Take it away."""
    bpy.types.SEQUENCER_MT_context_menu.remove(draw_first)
    for menu in LONG_MENUS:
        getattr(bpy.types, menu).remove(draw_last)


CLASSES = (FOLEY_MT_foley, FOLEY_MT_pie)
