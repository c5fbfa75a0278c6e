# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys over the timeline: one for the menu round the mouse, one that asks for the words at once.

They are free in both of Blender's own sets of keys, and can be changed in the add-on's preferences.
"""

from typing import Any, Dict, List, NamedTuple, Tuple

import bpy

from . import menus

KEYMAP = "Sequencer"


class Shortcut(NamedTuple):
    """What a key calls unless the user says otherwise."""

    operator: str
    properties: Dict[str, str]
    key: Dict[str, Any]


SHORTCUTS = (
    Shortcut("wm.call_menu_pie", {"name": menus.FOLEY_MT_pie.bl_idname}, {"type": "F", "shift": True}),
    Shortcut("foley.generate", {}, {"type": "F", "shift": True, "alt": True}),
)

_set: List[Tuple[Any, Any]] = []
"""The keys that were set, each with its keymap."""


def register() -> None:
    """Set the keys. Without a window there are none."""
    keys = bpy.context.window_manager.keyconfigs.addon
    if keys is None:
        return
    keymap = keys.keymaps.new(name=KEYMAP, space_type="SEQUENCE_EDITOR")
    for shortcut in SHORTCUTS:
        item = keymap.keymap_items.new(shortcut.operator, value="PRESS", **shortcut.key)
        for name, value in shortcut.properties.items():
            setattr(item.properties, name, value)
        _set.append((keymap, item))


def unregister() -> None:
    """Free the keys."""
    for keymap, item in _set:
        keymap.keymap_items.remove(item)
    _set.clear()


def draw(layout: Any, context: Any) -> None:
    """The keys as the user has them now, to be changed."""
    import rna_keymap_ui  # Blender's own; what has no window does not need it.

    keys = context.window_manager.keyconfigs.user
    keymap = keys.keymaps.get(KEYMAP) if keys else None
    layout.label(text="Keys over the timeline:")
    for item in _ours(keymap) if keymap else ():
        rna_keymap_ui.draw_kmi([], keys, keymap, item, layout.column(), 0)


def _ours(keymap: Any) -> List[Any]:
    return [
        item
        for shortcut in SHORTCUTS
        for item in keymap.keymap_items
        if item.idname == shortcut.operator
        if all(getattr(item.properties, name) == value for name, value in shortcut.properties.items())
    ]
