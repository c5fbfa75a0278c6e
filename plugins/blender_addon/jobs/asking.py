# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks for the sound of the pictures that are selected: one for each, or one over all of them.

Where there is a sound it says so, and what is done about it was chosen; nothing is laid beside it unless that
was asked for.
"""

from typing import Any, List, Optional, Sequence

from ..core import history, plan
from ..core.job import INSTEAD, Goal
from ..core.problem import Problem
from ..core.wishes import Wishes
from ..timeline import compat, pictures, shots, sounds
from . import batch, output_folder, retake
from .queue import queue


def states(scene: Any, strips: Sequence[Any]) -> List[batch.State]:
    """Which sounds each of these pictures has, and whether one is on its way."""
    return batch.states(scene, [shots.whole(scene, strip) for strip in strips])


def touch(strips: Sequence[Any]) -> bool:
    """Whether pictures leave no gap between them."""
    return plan.touch(range(*compat.bounds(strip)[:2]) for strip in strips)


def each(scene: Any, strips: Sequence[Any], wishes: Wishes, existing: str) -> str:
    """Ask for a sound for each picture, as one batch; gives what is said of it."""
    chosen, ordered = [], sorted(strips, key=lambda one: compat.bounds(one).left)
    for strip, (there, on_its_way) in zip(ordered, states(scene, ordered), strict=True):
        shot = shots.whole(scene, strip)._replace(prompt=wishes.prompt)
        act = existing if there else plan.NEW
        chosen.append((shot, plan.SKIP if on_its_way and existing != plan.BESIDE else act))
    counted = plan.counted([act for _shot, act in chosen])
    if all(act == plan.SKIP for _shot, act in chosen):
        raise _on_its_way(strips[0])
    output_folder.of_open_project()
    queue.connect()
    batch.ask(scene, chosen, wishes)
    return "{}.".format(counted)


def over(scene: Any, strips: Sequence[Any], wishes: Wishes, existing: str) -> Optional[str]:
    """Ask for one sound over all of these pictures; gives what is said of it, if it has a sound already."""
    picture = pictures.picture_of(scene, strips)
    before = states(scene, strips)
    there = [sound for found, _on_its_way in before for sound in found]
    if existing != plan.BESIDE and any(on_its_way for _found, on_its_way in before):
        raise _on_its_way(strips[0])
    if not there or existing == plan.BESIDE:
        queue.start(picture, wishes)
        return None
    if existing == plan.REPLACE:
        queue.start(picture, wishes, Goal(INSTEAD))
        return "A sound is made that takes the place of what {!r} has.".format(picture.name)
    shown = set(picture.strips)
    same = [sound for sound in there if set(history.pictures(sounds.record_of(sound))) == shown]
    if not same:
        message = "{!r} has a sound of its own already.".format(strips[0].name)
        raise Problem("has_sound", message, "Choose another sound instead, or one beside it.")
    queue.start(picture, *retake.instead_of(scene, same[0], wishes))
    return "{!r} gets another take in place of its sound.".format(picture.name)


def _on_its_way(strip: Any) -> Problem:
    message = "A sound for {!r} is on its way.".format(strip.name)
    return Problem("on_its_way", message, "Wait for it or cancel it, or ask for another beside it.")
