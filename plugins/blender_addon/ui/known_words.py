# SPDX-License-Identifier: GPL-3.0-or-later
"""Known words, offered under the prompt while it is typed, and what the prompt is taken for.

Each letter draws the dialog anew, so what is offered stands below the field and covers nothing.
"""

from typing import Any, List, Tuple

from bpy.props import EnumProperty

from ..core import known_sounds
from ..jobs import sounds

_NONE = "none"
# Blender shows garbage where nobody else keeps the texts of buttons.
_kept: List[Tuple[str, str, str, int]] = []


def typed(asked: Any, _context: Any) -> None:
    """The prompt has another letter."""
    sounds.typed(asked.prompt)


def _offered(asked: Any, _context: Any) -> List[Tuple[str, str, str, int]]:
    known = sounds.known()
    words = enumerate(known.offered(asked.prompt), 1)
    _kept[:] = [(_NONE, "", "", 0), *((str(at), word, known.words[word], at) for at, word in words)]
    return _kept


def _take_over(asked: Any, _context: Any) -> None:
    words = sounds.known().offered(asked.prompt)
    if asked.completion != _NONE and int(asked.completion) <= len(words):
        asked.prompt = known_sounds.completed(asked.prompt, words[int(asked.completion) - 1])
        asked.completion = _NONE


class HasCompletions:
    """Completes the prompt. For any class that has one, in a dialog."""

    completion: EnumProperty(
        name="Known Words", items=_offered, update=_take_over, options={"SKIP_SAVE", "HIDDEN"}
    )


def draw(layout: Any, asked: Any) -> None:
    """The words that are offered, and what is heard; as high with words as without."""
    known = sounds.known()
    if not known.words:
        return
    row = layout.row(align=True)
    words = known.offered(asked.prompt)
    if not words:
        row.label(text="")
    for at in range(1, len(words) + 1):
        row.prop_enum(asked, "completion", str(at))
    layout.label(text=known.said_of(asked.prompt))
