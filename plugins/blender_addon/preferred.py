# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on's preferences, wherever they are needed; what they are stands in `preferences`."""

from types import SimpleNamespace
from typing import Any

import bpy

from .wishes import Wishes

_UNKEPT = SimpleNamespace(
    command="",
    folder="",
    auto_start=True,
    engine=Wishes().engine,
    handles=Wishes().handles,
    use_loudness=False,
    loudness=-23.0,
    place=Wishes().place,
    prompts="[]",
)


def preferences() -> Any:
    """The add-on's preferences; plain ones where Blender keeps none, as with `--addons`."""
    addon = bpy.context.preferences.addons.get(__package__)
    return _UNKEPT if addon is None or addon.preferences is None else addon.preferences
