# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that the open project names: by its sounds, and in the records of all takes on its strips."""

import os
from typing import Any, Dict, Iterator, List, Set

import bpy

from ..core import history, places
from ..core.custom_properties import PROJECT
from . import sounds


def named() -> Set[str]:
    """All of them, as absolute paths; other texts of the records may be among them."""
    paths = {_path(sound) for sound in _own_sounds()}
    for strip in own_strips():
        paths.update(places.texts(history.of(strip)))
    return paths


def point(moves: Dict[str, str]) -> None:
    """Let whatever names a file that has moved name it in its new place."""
    for sound in _own_sounds():
        if _path(sound) in moves:
            sound.filepath = moves[_path(sound)]
    point_records(moves)


def point_records(moves: Dict[str, str]) -> None:
    """The same for the records alone."""
    for strip in own_strips():
        record = sounds.record_of(strip)
        changed = places.renamed(record, moves)
        if changed != record:
            sounds.keep(strip, changed)


def note_folder(folder: str) -> None:
    """Keep in the file where it is about to lie."""
    for scene in _own_scenes():
        if sounds.all_of(scene):
            scene[PROJECT] = folder


def follow(folder: str) -> None:
    """Let records name what was moved along with the project since it was saved, or copied with it."""
    moves = {}  # type: Dict[str, str]
    for scene in _own_scenes():
        was = scene.get(PROJECT)
        if isinstance(was, str) and os.path.isabs(was) and was != folder:
            texts = {text for strip in sounds.all_of(scene) for text in places.texts(history.of(strip))}
            there = {path: places.moved(path, was, folder) for path in texts if os.path.isabs(path)}
            moves.update({path: place for path, place in there.items() if os.path.isfile(place)})
    point_records(moves)


def own_strips() -> Iterator[Any]:
    """Our strips in all scenes, but those of other files that are linked."""
    return (strip for scene in _own_scenes() for strip in sounds.all_of(scene))


def _own_scenes() -> List[Any]:
    return [scene for scene in bpy.data.scenes if scene.library is None]


def _path(sound: Any) -> str:
    return os.path.abspath(bpy.path.abspath(sound.filepath))


def _own_sounds() -> Iterator[Any]:
    """Those that can be changed: not those of other files that are linked."""
    return (sound for sound in bpy.data.sounds if sound.library is None)
