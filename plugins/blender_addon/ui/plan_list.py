# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of Score Sequence as a list that can be changed before it begins: a line for each shot."""

from typing import Any, List, Sequence, Tuple

import bpy
from bpy.props import BoolProperty, CollectionProperty, EnumProperty, IntProperty, StringProperty

from ..core import plan, scoring
from ..core.problem import Problem
from ..jobs import batch
from ..jobs.queue import queue
from ..timeline import compat, shots, sounds

SOURCES = (
    (scoring.OWN, "Each strip's own", "The prompt of each strip or of its sound, or else the one given here"),
    (scoring.ONE, "One for all", "The prompt given here"),
    (
        scoring.MARKERS,
        "Markers",
        "The last marker with a name at or before each shot, or else the prompt given here",
    ),
    (
        scoring.TEXTS,
        "Text strips",
        "What text strips over each shot say, muted ones too, or else the prompt given here",
    ),
    (scoring.NAMES, "Strip names", "What each strip is called"),
)
EXISTING = (
    (plan.SKIP, "Leave as they are", "Shots that have a sound get no other"),
    (plan.REGENERATE, "Regenerate", "Other takes in place of the sound; the old ones can be chosen again"),
    (plan.REPLACE, "Replace", "A new sound as the picture is cut now; all that the shot had are taken away"),
)
_ACTS = {
    plan.NEW: (plan.NEW, "New", "A first sound", 1),
    plan.REGENERATE: (plan.REGENERATE, "Regenerate", EXISTING[1][2], 2),
    plan.REPLACE: (plan.REPLACE, "Replace", EXISTING[2][2], 3),
}
ROWS = 8
"""So many lines are seen at once; the list scrolls."""


def _acts(line: Any, _context: Any) -> List[Tuple[str, str, str, int]]:
    return [_ACTS[act] for act in plan.acts(line.sounds, False)]


class FoleyShot(bpy.types.PropertyGroup):
    """A line of the plan."""

    uid: StringProperty(options={"HIDDEN"})
    strip: StringProperty(name="Strip")
    left: IntProperty(name="First Frame")
    right: IntProperty(name="End")
    sounds: IntProperty(name="Sounds", description="How many sounds it has")
    on_its_way: BoolProperty(name="On Its Way", description="A sound for it is being made")
    place: StringProperty(name="Place")
    length: StringProperty(name="Length")
    words: StringProperty(name="Words", description="What to hear in this shot")
    offered_words: StringProperty(options={"HIDDEN"})
    chosen: BoolProperty(name="Score", description="Make sound for this shot", default=True)
    how: EnumProperty(name="How", description="What becomes of the sound that is there", items=_acts)
    offered_act: StringProperty(options={"HIDDEN"})

    def act(self) -> str:
        """What is done about it."""
        return str(self.how) if self.chosen and not self.on_its_way else plan.SKIP


class FOLEY_UL_plan(bpy.types.UIList):
    """The lines, as many as there is room for."""

    bl_idname = "FOLEY_UL_plan"

    def draw_item(
        self, _context: Any, layout: Any, _owner: Any, line: Any, _icon: int, _active: Any, _name: str
    ) -> None:
        """One line: whether, where, which words, how long, and what becomes of a sound that is there."""
        row = layout.row(align=True)
        tick = row.row(align=True)
        tick.enabled = not line.on_its_way
        tick.prop(line, "chosen", text="")
        split = row.split(factor=0.36)
        split.label(text=line.place)
        split = split.split(factor=0.62)
        words = split.row()
        words.enabled = line.act() != plan.SKIP
        words.prop(line, "words", text="")
        split = split.split(factor=0.36)
        split.label(text=line.length)
        if line.on_its_way:
            split.label(text="On its way")
        elif line.sounds:
            how = split.row()
            how.active = line.chosen
            how.prop(line, "how", text="")
        else:
            split.label(text="New")


def refill(asked: Any, context: Any) -> None:
    """Make the plan of an open dialog anew, as it is asked for now; what was changed in a line stays."""
    if asked.planned:
        fill(asked, context)


def fill(asked: Any, context: Any) -> None:
    """Make the plan; why there is none stands in `refused`."""
    scene = compat.scene_of(context)
    asked.refused = ""
    try:
        planned = plan_of(scene, asked)
    except Problem as problem:
        planned, asked.refused = [], str(problem)
    show(asked, scene, planned)


def show(asked: Any, scene: Any, planned: Sequence[scoring.Shot]) -> None:
    """Put these shots into the list."""
    before = [_line(line) for line in asked.plan]
    found, rate = batch.states(scene, planned), sounds.rate_of(scene)
    offers = [_offer(shot, *there, asked.existing) for shot, there in zip(planned, found, strict=True)]
    offers = plan.kept(offers, before)
    asked.plan.clear()
    for number, (shot, there, offer) in enumerate(zip(planned, found, offers, strict=True), 1):
        line = asked.plan.add()
        line.uid, line.strip, line.left, line.right = shot.strip.uid, shot.strip.name, shot.left, shot.right
        line.sounds, line.on_its_way = len(there[0]), there[1]
        line.place = "{}  {}  {}".format(number, bpy.utils.smpte_from_frame(shot.left), shot.strip.name)
        line.length = "{:.2f} s".format(float((shot.right - shot.left) / rate))
        line.words, line.offered_words, line.offered_act = offer.words, offer.offered_words, offer.offered_act
        line.chosen = offer.act != plan.SKIP
        if offer.acts:
            line.how = offer.act if line.chosen else offer.acts[0]


def plan_of(scene: Any, asked: Any) -> List[scoring.Shot]:
    """The shots that are meant; a `Problem` where there are none."""
    strips, channels = shots.read(scene), scoring.read_channels(asked.channels)
    words = (asked.source, asked.prompt, shots.markers(scene), shots.texts(scene))
    planned = scoring.plan(strips, channels, *words)
    if asked.only_selected:
        planned = [shot for shot in planned if shot.strip.selected]
    if not planned:
        message = "There is no picture to score on the channels {}.".format(asked.channels.strip() or "all")
        message = "None of the selected strips is a picture that is seen." if asked.only_selected else message
        raise Problem("nothing_to_score", message, "Choose channels that hold film strips.")
    return planned


def usual(scene: Any, planned: Sequence[scoring.Shot], existing: str) -> List[Tuple[scoring.Shot, str]]:
    """The shots as they are now, and what is done about each where nobody has changed a list."""
    found = batch.states(scene, planned)
    possible = [plan.acts(len(there), on_its_way) for there, on_its_way in found]
    return [(shot, plan.offered(acts, existing)) for shot, acts in zip(planned, possible, strict=True)]


def chosen(planned: Sequence[scoring.Shot], asked: Any) -> List[Tuple[scoring.Shot, str]]:
    """The shots as they are now, with the words of the list, and what is done about each."""
    return [
        (shot._replace(prompt=line.words) if _is_written(line) else shot, line.act())
        for shot, line in _with_lines(planned, asked)
    ]


def written(planned: Sequence[scoring.Shot], asked: Any) -> List[Tuple[scoring.Shot, str]]:
    """The shots for which the user has written words into the list, and these words."""
    return [(shot, line.words) for shot, line in _with_lines(planned, asked) if _is_written(line)]


def _with_lines(planned: Sequence[scoring.Shot], asked: Any) -> List[Tuple[scoring.Shot, Any]]:
    lines = {(line.uid, line.strip, line.left, line.right): line for line in asked.plan}
    found = [(shot, lines.get(_key(shot))) for shot in planned]
    return [(shot, line) for shot, line in found if line is not None]


def _is_written(line: Any) -> bool:
    return bool(line.words != line.offered_words)


def _key(shot: scoring.Shot) -> Tuple[str, str, int, int]:
    return shot.strip.uid, shot.strip.name, shot.left, shot.right


def seconds(asked: Any, scene: Any) -> List[float]:
    """How long the shots are that get sound."""
    rate = sounds.rate_of(scene)
    return [float((line.right - line.left) / rate) for line in asked.plan if line.act() != plan.SKIP]


def draw(layout: Any, asked: Any, scene: Any) -> None:
    """The list, how many get what, and how long that will take."""
    if asked.refused:
        layout.label(text=asked.refused, icon="ERROR")
        return
    rows = min(max(len(asked.plan), 2), ROWS)
    layout.template_list("FOLEY_UL_plan", "", asked, "plan", asked, "at", rows=rows, maxrows=rows)
    needed = plan.time_needed(seconds(asked, scene), asked.takes, asked.engine, queue.batches.pace)
    counted = plan.counted([line.act() for line in asked.plan])
    layout.label(text=", ".join(part for part in (counted, needed) if part))


class HasPlan:
    """What the plan is made of, and the plan. For any operator."""

    channels: StringProperty(
        name="Channels", description="Such as 1-3, 5; or all", default="all", update=refill
    )
    only_selected: BoolProperty(
        name="Only Selected", description="Score the selected strips alone", update=refill
    )
    source: EnumProperty(name="Prompts From", items=SOURCES, default=scoring.OWN, update=refill)
    existing: EnumProperty(
        name="Shots with a Sound", items=EXISTING, default=plan.SKIP, update=refill, options={"SKIP_SAVE"}
    )
    plan: CollectionProperty(type=FoleyShot, options={"SKIP_SAVE"})
    at: IntProperty(options={"SKIP_SAVE", "HIDDEN"})
    planned: BoolProperty(options={"SKIP_SAVE", "HIDDEN"})
    refused: StringProperty(options={"SKIP_SAVE", "HIDDEN"})


def _line(line: Any) -> plan.Line:
    key = (line.uid, line.strip, line.left, line.right)
    possible = plan.acts(line.sounds, line.on_its_way)
    return plan.Line(key, line.offered_words, line.words, line.offered_act, line.act(), possible)


def _offer(shot: scoring.Shot, there: Sequence[str], on_its_way: bool, existing: str) -> plan.Line:
    possible = plan.acts(len(there), on_its_way)
    act = plan.offered(possible, existing)
    return plan.Line(_key(shot), shot.prompt, shot.prompt, act, act, possible)


CLASSES = (FoleyShot, FOLEY_UL_plan)
