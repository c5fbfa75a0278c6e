# SPDX-License-Identifier: GPL-3.0-or-later
"""Prompts: typed, or chosen from those used lately beside the field."""

import json
from typing import Any, List

import bpy
from bpy.props import StringProperty

from ..core.wishes import lately
from ..jobs import user_preferences
from . import known_words, sounds_browser, suggestions


def used() -> List[str]:
    """Newest first."""
    try:
        return [str(prompt) for prompt in json.loads(user_preferences.current().prompts)]
    except (TypeError, ValueError):
        return []


def remember(prompt: str) -> None:
    """Put a prompt before the others that were used lately."""
    before = used()
    if lately(before, prompt) != before:
        user_preferences.current().prompts = json.dumps(lately(before, prompt))
        bpy.context.preferences.is_dirty = True


class HasPrompt:
    """Has a prompt. For any class that has properties."""

    prompt: StringProperty(
        name="Prompt",
        description="What to hear: boots on gravel, distant thunder",
        update=known_words.typed,
        options={"TEXTEDIT_UPDATE"},
    )


class HasPromptMenu(known_words.HasCompletions, sounds_browser.HasSounds):
    """Offers the prompts used lately and the known words, in a dialog."""

    offered_prompt: suggestions.menu_for("prompt", "Used lately", used)


def draw(layout: Any, asked: Any, at_once: bool = True) -> Any:
    """The field, in which one can type `at_once`, those used lately beside it, and the known words below.

    Gives the field's row.
    """
    row = suggestions.draw(layout, asked, "prompt", at_once)
    row.prop(asked, "show_sounds", text="", icon="VIEWZOOM")
    known_words.draw(layout, asked)
    if asked.show_sounds:
        sounds_browser.draw(layout, asked, not at_once)
    return row
