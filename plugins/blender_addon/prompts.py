# SPDX-License-Identifier: GPL-3.0-or-later
"""Prompts: typed, or chosen from those used lately; and the one that a picture strip keeps."""

import json
from typing import Any, List, Optional

import bpy
from bpy.props import StringProperty

from . import offering, preferred
from .wishes import lately

PROMPT = "foley_prompt"
"""The custom property with a picture strip's own prompt."""


def used() -> List[str]:
    """Newest first."""
    try:
        return [str(prompt) for prompt in json.loads(preferred.preferences().prompts)]
    except (TypeError, ValueError):
        return []


def remember(prompt: str) -> None:
    """Put a prompt before the others that were used lately."""
    before = used()
    if lately(before, prompt) != before:
        preferred.preferences().prompts = json.dumps(lately(before, prompt))
        bpy.context.preferences.is_dirty = True


def prompt_of(strip: Any) -> Optional[str]:
    """The prompt that a picture strip keeps; none where it was given none."""
    own = strip.get(PROMPT)
    return own if isinstance(own, str) else None


class Prompted:
    """Has a prompt. For any class that has properties."""

    prompt: StringProperty(name="Prompt", description="What to hear: boots on gravel, distant thunder")


class Offered:
    """Offers the prompts used lately, in a dialog."""

    offered_prompt: offering.menu_for("prompt", "Used lately", used)


def draw(layout: Any, asked: Any) -> None:
    """The field, in which one can type at once, and those used lately beside it."""
    offering.draw(layout, asked, "prompt", at_once=True)
