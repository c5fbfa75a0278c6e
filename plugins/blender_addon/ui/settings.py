# SPDX-License-Identifier: GPL-3.0-or-later
"""What the dialog asks for, as properties, and what is prefilled in them.

A scene keeps what was asked last. What it was never told is as the preferences have it, and a picture has
words of its own.
"""

from typing import Any, Dict, Optional, Sequence

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty, StringProperty

from ..core import folded
from ..core.problem import Problem
from ..core.wishes import AUTO, DUCK, FOLEY, LAYERS, LEAVE, LIMITS, MUTE, NEW, PER_LAYER, Wishes, read_seed
from ..jobs import user_preferences
from ..timeline import compat, words
from . import engines, presets, prompts

PLACES = (
    (FOLEY, "Foley channel", "The channel called Foley, or else a free one, which is then called so"),
    (NEW, "New channel", "A channel that holds nothing yet"),
    (PER_LAYER, "Channel per layer", "Hits, movement and ambience each on a channel of their own"),
)
OWN_SOUNDS = (
    (LEAVE, "Leave", "The clip's own sound stays as it is"),
    (DUCK, "Duck", "The clip's own sound is turned down where the take lies"),
    (MUTE, "Mute", "The clip's own sound is not heard where the take lies"),
)
_LAYERS = (
    ("hits", "Hits", "Sounds of single events", 1),
    ("movement", "Movement", "Cloth, rolling, sliding", 2),
    ("ambience", "Ambience", "The bed: rain, wind, a room", 4),
)
_ALIGNMENTS = (
    (AUTO, "Automatic", "What suits the engine"),
    ("off", "Off", "Leave the engine's hits where they are"),
    ("report", "Report", "Say how far each hit lies from the impact seen for it"),
    ("snap", "Snap", "Move hits onto the impacts seen, where these clearly tell that they are late"),
)


class HasDefaults:
    """The choices that the preferences have too. For any class that has properties."""

    engine: StringProperty(
        name="Engine",
        description="What makes the sound: auto, which is the best there is, or one that the backend has",
        default=Wishes().engine,
    )
    use_loudness: BoolProperty(name="Set Loudness", description="Or else the engine's own level is kept")
    loudness: FloatProperty(
        name="Loudness (LUFS)",
        description="Integrated, of the whole take",
        default=-23.0,
        min=LIMITS["loudness"][0],
        max=LIMITS["loudness"][1],
        precision=1,
    )
    handles: FloatProperty(
        name="Handles",
        description="Sound beyond the picture on both sides, behind the trims",
        subtype="TIME_ABSOLUTE",
        default=1.0,
        min=LIMITS["handles"][0],
        max=LIMITS["handles"][1],
    )
    place: EnumProperty(name="Goes To", description="Where the sound goes", items=PLACES)


class HasWishes(prompts.HasPrompt, HasDefaults):
    """All choices of the dialog. For any class that has properties."""

    negative: StringProperty(name="Without", description="What must not be heard")
    layers: EnumProperty(
        name="Layers",
        description="What kinds of sound to make",
        items=_LAYERS,
        options={"ENUM_FLAG"},
        default=set(LAYERS),
    )
    seed: StringProperty(name="Seed", description="Repeats a take; empty: a new one each time")
    takes: IntProperty(name="Takes", description="How many at once", default=1, min=1, max=LIMITS["takes"][1])
    alignment: EnumProperty(
        name="Alignment",
        description="What to do about hits that are not where impacts are seen",
        items=_ALIGNMENTS,
        default=Wishes().alignment,
    )
    own_sound: EnumProperty(
        name="Clip's Sound", description="What is done with the clip's own sound", items=OWN_SOUNDS
    )
    duck: FloatProperty(
        name="dB",
        description="By how many decibels the clip's own sound is turned down",
        default=Wishes().duck,
        min=-60.0,
        max=0.0,
        precision=1,
    )
    hear_first: BoolProperty(
        name="Hear First",
        description="The take waits in the tab to be heard; it is inserted, or chosen, only when you say so",
    )


_NAMES = [name for kind in (prompts.HasPrompt, HasDefaults, HasWishes) for name in kind.__annotations__]


class HasMenus(prompts.HasPromptMenu, presets.HasPresets, engines.HasEngineList):
    """Offers what can be chosen in a dialog, and folds what is seldom changed."""

    more: BoolProperty(
        name="More",
        description="Show what is seldom changed",
        get=lambda _asked: compat.scene_of(bpy.context).foley.more,
        set=lambda _asked, shown: setattr(compat.scene_of(bpy.context).foley, "more", shown),
        options={"SKIP_SAVE", "HIDDEN"},
    )


class FoleySettings(HasWishes, bpy.types.PropertyGroup):
    """What was asked last, kept with the scene."""

    more: BoolProperty(name="More", description="Whether the dialogs show all choices")
    score_prompt: StringProperty(name="Score Prompt", description="What the last score was given for all")


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
        asked.own_sound,
        round(asked.duck, 2),
        asked.hear_first,
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
    """Set what was not set: to the picture's own words, what was asked last, what is preferred."""
    last, kept = scene.foley, user_preferences.current()
    values = {name: getattr(last, name) for name in _NAMES}
    for name in HasDefaults.__annotations__:
        if not last.is_property_set(name):
            values[name] = getattr(kept, name)
    own = words.of(scene, strip) if strip is not None else None
    if own is not None:
        values["prompt"] = own
    for name, value in values.items():
        if not asked.is_property_set(name):
            setattr(asked, name, value)


def draw(layout: Any, asked: Any, also: Sequence[str] = ()) -> None:
    """What all dialogs ask, and `also` these, folded with the rest; one can type the prompt at once."""
    presets.draw_menu(prompts.draw(layout, asked), asked)
    layout.row().prop(asked, "layers")
    layout.prop(asked, "takes")
    engines.draw_backend(layout)
    draw_fold(layout, asked, also)


def draw_fold(layout: Any, asked: Any, also: Sequence[str]) -> None:
    """What is seldom changed; while it is folded, only what is not as usual is told."""
    unusual = [] if asked.more else folded.unusual(_foldable(asked, also))
    row = layout.row()
    row.alignment = "LEFT"
    text = ": ".join(["More", ", ".join(unusual)]) if unusual else "More"
    row.prop(asked, "more", text=text, icon="TRIA_DOWN" if asked.more else "TRIA_RIGHT", emboss=False)
    if not asked.more:
        engines.draw_lack(layout, asked)
        return
    layout.prop(asked, "negative")
    layout.prop(asked, "seed")
    engines.draw(layout, asked)
    layout.prop(asked, "alignment")
    draw_loudness(layout, asked)
    layout.prop(asked, "hear_first")
    for name in also:
        if name == "own_sound":
            draw_own_sound(layout, asked)
        else:
            layout.prop(asked, name)
    presets.draw_name(layout, asked)


def _foldable(asked: Any, also: Sequence[str]) -> Dict[str, Any]:
    names = ("negative", "seed", "engine", "alignment", "hear_first", *also)
    loudness = asked.loudness if asked.use_loudness else None
    return dict({name: getattr(asked, name) for name in names}, loudness=loudness)


def draw_loudness(layout: Any, asked: Any) -> None:
    """A choice that one need not make."""
    row = layout.row()
    row.prop(asked, "use_loudness")
    if asked.use_loudness:
        row.prop(asked, "loudness")


def draw_own_sound(layout: Any, asked: Any) -> None:
    """What is done with the clip's own sound."""
    row = layout.row()
    row.prop(asked, "own_sound")
    if asked.own_sound == DUCK:
        row.prop(asked, "duck")
