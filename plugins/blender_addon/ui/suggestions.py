# SPDX-License-Identifier: GPL-3.0-or-later
"""A menu beside a text field: what is chosen there is written into the field.

A field that searches by itself would lay its list over the dialog with every letter that is typed.
"""

from typing import Any, Callable, List, Tuple

from bpy.props import EnumProperty

_NONE = "none"


def menu_for(field: str, title: str, texts: Callable[[], List[str]]) -> Any:
    """The property of such a menu, for a class that has the field; `texts` gives what is offered now."""
    # Blender shows garbage where nobody else keeps the texts of a menu.
    kept: List[Tuple[str, str, str, str, int]] = []

    def items(_owner: Any, _context: Any) -> List[Tuple[str, str, str, str, int]]:
        offered = [(str(at), text, "", "BLANK1", at) for at, text in enumerate(texts(), 1)]
        kept[:] = [(_NONE, title, "", "PRESET", 0), *offered]
        return kept

    def take_over(owner: Any, _context: Any) -> None:
        chosen, owner_texts = getattr(owner, name), texts()
        if chosen != _NONE and int(chosen) <= len(owner_texts):
            setattr(owner, field, owner_texts[int(chosen) - 1])
            setattr(owner, name, _NONE)

    name = menu_of(field)
    return EnumProperty(name=title, items=items, update=take_over, options={"SKIP_SAVE", "HIDDEN"})


def menu_of(field: str) -> str:
    """What the property is called."""
    return "offered_" + field


def draw(layout: Any, owner: Any, field: str, at_once: bool = False) -> Any:
    """The field with its menu, in a row; `at_once` one can type in it as soon as the dialog is open."""
    row = layout.row(align=True)
    row.activate_init = at_once
    row.prop(owner, field)
    row.prop(owner, menu_of(field), text="", icon_only=True)
    return row
