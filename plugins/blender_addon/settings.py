# SPDX-License-Identifier: GPL-3.0-or-later
"""What the dialog asks for, as properties; what is prefilled in them; and the prompts used lately.

A scene keeps what was asked last. What it was never told is as the preferences have it, and a picture strip
keeps a prompt of its own.
"""

import json
from types import SimpleNamespace
from typing import Any, Iterator, List, Optional

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty, StringProperty

from . import compat
from .problem import Problem
from .wishes import FOLEY, LAYERS, MAX_TAKES, NEW, PER_LAYER, Wishes, lately, read_seed

PROMPT = "foley_prompt"
"""The custom property with a picture strip's own prompt."""

PLACES = (
    (FOLEY, "Foley channel", "The channel called Foley, or else a free one, which is then called so"),
    (NEW, "New channel", "A channel that holds nothing yet"),
    (PER_LAYER, "Channel per layer", "Hits, movement and ambience each on a channel of their own"),
)
_LAYERS = (
    ("hits", "Hits", "Sounds of single events", 1),
    ("movement", "Movement", "Cloth, rolling, sliding", 2),
    ("ambience", "Ambience", "The bed: rain, wind, a room", 4),
)
_ALIGNMENTS = (
    ("off", "Off", "Leave the engine's hits where they are"),
    ("report", "Report", "Say how far each hit is from its picture"),
    ("snap", "Snap", "Move each hit onto its picture"),
)
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


def prompts_used() -> List[str]:
    """Newest first."""
    try:
        return [str(prompt) for prompt in json.loads(preferences().prompts)]
    except (TypeError, ValueError):
        return []


def _prompts(_owner: Any, _context: Any, _text: str) -> List[str]:
    return prompts_used()


def _engines(_owner: Any, _context: Any, _text: str) -> Iterator[str]:
    yield Wishes().engine


def prompt_property() -> Any:
    """A prompt that is typed, or chosen from those used lately."""
    return StringProperty(
        name="Prompt",
        description="What to hear: boots on gravel, distant thunder",
        search=_prompts,
        search_options={"SUGGESTION"},
    )


class Defaults:
    """The choices that the preferences have too. For any class that has properties."""

    engine: StringProperty(
        name="Engine",
        description="What makes the sound: procedural, or another that the backend has",
        default=Wishes().engine,
        search=_engines,
        search_options={"SUGGESTION"},
    )
    use_loudness: BoolProperty(name="Set Loudness", description="Or else the engine's own level is kept")
    loudness: FloatProperty(
        name="Loudness", description="Integrated, in LUFS", default=-23.0, min=-70.0, max=-5.0, precision=1
    )
    handles: FloatProperty(
        name="Handles",
        description="Seconds of sound beyond the picture on both sides, behind the trims",
        default=1.0,
        min=0.0,
        max=60.0,
    )
    place: EnumProperty(name="Goes To", description="Where the sound goes", items=PLACES)


class Wished(Defaults):
    """All choices of the dialog. For any class that has properties."""

    prompt: prompt_property()
    negative: StringProperty(name="Without", description="What must not be heard")
    layers: EnumProperty(
        name="Layers",
        description="What kinds of sound to make",
        items=_LAYERS,
        options={"ENUM_FLAG"},
        default=set(LAYERS),
    )
    seed: StringProperty(name="Seed", description="Repeats a take; empty: a new one each time")
    takes: IntProperty(name="Takes", description="How many at once", default=1, min=1, max=MAX_TAKES)
    alignment: EnumProperty(
        name="Alignment",
        description="What to do about hits that are not on their picture",
        items=_ALIGNMENTS,
        default=Wishes().alignment,
    )


class FoleySettings(Wished, bpy.types.PropertyGroup):
    """What was asked last, kept with the scene."""


def read(asked: Any) -> Wishes:
    """The wishes that properties hold."""
    if not asked.layers:
        raise Problem("bad_layers", "No layer is chosen.", "Choose at least one.")
    return Wishes(
        asked.prompt,
        asked.negative,
        tuple(layer for layer in LAYERS if layer in asked.layers),
        read_seed(asked.seed),
        asked.takes,
        asked.engine,
        asked.alignment,
        round(asked.loudness, 2) if asked.use_loudness else None,
        round(asked.handles, 3),
        asked.place,
    )


def write(wishes: Wishes, asked: Any, only_unset: bool = False) -> None:
    """Put wishes into properties: into all, or into those that were not set."""
    values = dict(wishes._asdict(), layers=set(wishes.layers), use_loudness=wishes.loudness is not None)
    values["seed"] = "" if wishes.seed is None else str(wishes.seed)
    if wishes.loudness is None:
        del values["loudness"]
    for name, value in values.items():
        if not (only_unset and asked.is_property_set(name)):
            setattr(asked, name, value)


def prefill(scene: Any, strip: Optional[Any], asked: Any) -> None:
    """Set what was not set: to the picture strip's own prompt, what was asked last, what is preferred."""
    last, preferred = scene.foley, preferences()
    values = {name: getattr(last, name) for name in (*Defaults.__annotations__, *Wished.__annotations__)}
    for name in Defaults.__annotations__:
        if not last.is_property_set(name):
            values[name] = getattr(preferred, name)
    own = prompt_of(strip) if strip is not None else None
    if own is not None:
        values["prompt"] = own
    for name, value in values.items():
        if not asked.is_property_set(name):
            setattr(asked, name, value)


def prompt_of(strip: Any) -> Optional[str]:
    """The prompt that a picture strip keeps; none where it was given none."""
    own = strip.get(PROMPT)
    return own if isinstance(own, str) else None


def picture_strip(context: Any) -> Optional[Any]:
    """The selected, active strip, where it is no sound."""
    editor = compat.scene_of(context).sequence_editor
    strip = editor.active_strip if editor else None
    return strip if strip is not None and strip.select and strip.type != "SOUND" else None


def remember(prompt: str) -> None:
    """Put a prompt before the others that were used lately."""
    used = prompts_used()
    if lately(used, prompt) != used:
        preferences().prompts = json.dumps(lately(used, prompt))
        bpy.context.preferences.is_dirty = True


def draw(layout: Any, asked: Any) -> None:
    """What all dialogs ask; one can type the prompt at once."""
    row = layout.row()
    row.activate_init = True
    row.prop(asked, "prompt")
    layout.prop(asked, "negative")
    layout.row().prop(asked, "layers")
    for name in ("seed", "takes", "engine", "alignment"):
        layout.prop(asked, name)
    draw_loudness(layout, asked)


def draw_loudness(layout: Any, asked: Any) -> None:
    """A choice that one need not make."""
    row = layout.row()
    row.prop(asked, "use_loudness")
    if asked.use_loudness:
        row.prop(asked, "loudness")
