# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that the open project names: by its sounds, and in the records of all takes on its strips."""

import os
from typing import Any, Dict, Iterator, List, Set

import bpy

from ..core import history, places
from ..core.custom_properties import META, PROJECT
from . import compat, sounds


def mention(place: str) -> bool:
    """Whether the project may name a file below the place for takes of unsaved projects, or an older one."""
    scenes = [scene for scene in _own_scenes() if scene.sequence_editor]
    strips = [strip for scene in scenes for strip in compat.all_strips(scene.sequence_editor)]
    texts = (str(strip.get(META, "")) for strip in strips if strip.type == "SOUND")
    in_sounds = any(places.below(_path(sound), place) for sound in _own_sounds())
    return in_sounds or any(places.mentions(text, place) for text in texts)


def named() -> Set[str]:
    """All of them, as absolute paths."""
    return {_path(sound) for sound in _own_sounds()}.union(*(_paths(strip) for strip in own_strips()))


def point(moves: Dict[str, str]) -> None:
    """Let whatever names a file that has moved name it in its new place."""
    if moves:
        for sound in _own_sounds():
            if _path(sound) in moves:
                sound.filepath = moves[_path(sound)]
        point_records(moves)


def point_records(moves: Dict[str, str]) -> None:
    """The same for the records alone."""
    for strip in own_strips():
        if not moves.keys().isdisjoint(_paths(strip)):
            sounds.keep(strip, places.renamed(sounds.record_of(strip), moves))


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
            paths = {path for strip in sounds.all_of(scene) for path in _paths(strip)}
            there = {path: places.moved(path, was, folder) for path in paths if os.path.isabs(path)}
            moves.update({path: place for path, place in there.items() if os.path.isfile(place)})
    point_records({path: place for path, place in moves.items() if path != place})


def look_for_takes() -> None:
    """Note which of the takes that the project names are there."""
    records = [sounds.record_of(strip) for strip in own_strips()]
    listed = [entry for record in records for entry in history.entries(record)]
    sounds.look_for(path for entry in listed for path in history.files(entry))


def own_strips() -> Iterator[Any]:
    """Our strips in all scenes, but those of other files that are linked."""
    return (strip for scene in _own_scenes() for strip in sounds.all_of(scene))


def _own_scenes() -> List[Any]:
    return [scene for scene in bpy.data.scenes if scene.library is None]


def _paths(strip: Any) -> List[str]:
    return history.paths(sounds.record_of(strip))


def _path(sound: Any) -> str:
    return os.path.abspath(bpy.path.abspath(sound.filepath))


def _own_sounds() -> Iterator[Any]:
    """Those that can be changed: not those of other files that are linked."""
    return (sound for sound in bpy.data.sounds if sound.library is None)
