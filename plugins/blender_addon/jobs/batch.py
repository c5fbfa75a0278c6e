# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks for the sounds of several shots as one batch, a few with each tick of the timer.

A shot gets no second sound by accident: what has come or was asked for since the plan was made counts too.
"""

import uuid
from functools import partial
from typing import Any, List, Sequence, Tuple

import bpy

from ..core import plan, scoring
from ..core.batches import Asking
from ..core.job import INSTEAD, NEW, Goal
from ..core.problem import Problem
from ..core.wishes import Wishes
from ..timeline import shots, sounds
from . import retake
from .queue import queue

State = Tuple[List[Any], bool]
"""The sounds that a shot has, each by one of its strips, the nearest first; and whether one is on its way."""


def states(scene: Any, planned: Sequence[scoring.Shot]) -> List[State]:
    """Of each of these shots."""
    found = shots.sounds_of(scene, planned)
    return [
        (list({sounds.uid_of(strip): strip for strip in reversed(there)}.values())[::-1], on_its_way)
        for shot, there in zip(planned, found, strict=True)
        for on_its_way in (queue.is_asked_for(shots.part_of(scene, shot), there),)
    ]


def ask(scene: Any, chosen: List[Tuple[scoring.Shot, str]], wishes: Wishes) -> None:
    """Ask for shots with their own words; what is done about each is one of those in `plan`."""
    wanted = [(shot, act) for shot, act in chosen if act != plan.SKIP]
    replaced = [shot for shot, act in wanted if act == plan.REPLACE]
    gone = {strip.name for there in shots.sounds_of(scene, replaced) for strip in there}
    above, lanes = shots.seats(scene, [shot for shot, _act in wanted], wishes.place, gone)
    batch = uuid.uuid4().hex
    queue.start_later(
        Asking(batch, partial(_ask, scene.name, shot, act, wishes, Goal(NEW, "", above, lane), batch))
        for (shot, act), lane in zip(wanted, lanes, strict=True)
    )


def _ask(scene_name: str, shot: scoring.Shot, act: str, wishes: Wishes, seat: Goal, batch: str) -> None:
    picture = shots.picture(scene_name, shot)
    scene, wishes = bpy.data.scenes[scene_name], wishes._replace(prompt=shot.prompt)
    ((there, on_its_way),) = states(scene, [shot])
    if act != plan.BESIDE and (on_its_way or (there and act == plan.NEW)):
        message = "{!r} has a sound by now, or one is on its way.".format(shot.strip.name)
        raise Problem("has_sound", message, "Score it again to make others.")
    if act == plan.REGENERATE and there:
        queue.start(picture, *retake.instead_of(scene, there[0], wishes), batch)
    else:
        kind = INSTEAD if act == plan.REPLACE else NEW
        queue.start(picture, wishes, Goal(kind, "", seat.above, seat.lane), batch=batch)
