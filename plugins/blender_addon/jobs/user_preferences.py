# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on's preferences, wherever they are needed."""

from types import SimpleNamespace
from typing import Any

import bpy

from ..core.wishes import Wishes

ADDON = str(__package__).rpartition(".")[0]
"""The add-on's own name, by which Blender keeps its preferences and its folder."""

_UNKEPT = SimpleNamespace(
    command="",
    folder="",
    auto_start=True,
    engine=Wishes().engine,
    handles=Wishes().handles,
    use_loudness=False,
    loudness=-23.0,
    place=Wishes().place,
    colour="COLOR_06",
    prompts="[]",
    project="",
    presets="{}",
)


def current() -> Any:
    """The add-on's preferences; plain ones where Blender keeps none, as with `--addons`."""
    addon = bpy.context.preferences.addons.get(ADDON)
    return _UNKEPT if addon is None or addon.preferences is None else addon.preferences
