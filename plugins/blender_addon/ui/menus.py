# SPDX-License-Identifier: GPL-3.0-or-later
"""The entries in the sequencer's right-click menu and in its Strip menu."""

from typing import Any

import bpy

from . import fit_ops, takes_panel

MENUS = ("SEQUENCER_MT_context_menu", "SEQUENCER_MT_strip")


def draw(menu: Any, context: Any) -> None:
    """All that can be done with the selected strip; what cannot is grey."""
    layout = menu.layout
    layout.separator()
    layout.operator_context = "INVOKE_DEFAULT"
    layout.operator("foley.generate", icon="SOUND")
    fit_ops.draw_regenerate(layout, context)
    layout.operator("foley.new_take")
    takes_panel.draw_take_menu(menu, context)
    layout.operator("foley.region")
    layout.operator("foley.fit_to_picture")
    layout.operator("foley.hits_from_markers")
    layout.operator("foley.show_impacts")
    layout.operator("foley.score")


def register() -> None:
    """Put the entries into Blender's menus."""
    for menu in MENUS:
        getattr(bpy.types, menu).append(draw)


def unregister() -> None:
    """Take them away."""
    for menu in MENUS:
        getattr(bpy.types, menu).remove(draw)
