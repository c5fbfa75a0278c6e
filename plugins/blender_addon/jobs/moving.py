# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings the takes of a project that was not saved beside it once it is: their stems, reports, copies too.

They are copied and named anew just before Blender writes the file, so that the file itself names them where
they stay. If it is not written, or only a copy of it is, the open project names the old ones again. An old
file is deleted only when the project was saved, is closed, and the new one is there: until then an autosave
may need it. What an older version left in the extension's folder is copied, for other projects may name it as
well. So whenever Blender ends, each file names takes that are there.
"""

import os
import shutil
from contextlib import suppress
from typing import Dict, List, Optional

import bpy

from ..core import places
from ..core.job import Job
from ..core.problem import Problem
from ..timeline import references
from . import output_folder

Moves = Dict[str, str]
"""Where files were, and where they are."""

FOOTAGE = "footage"
"""A copy of the same picture is one file for all projects: so none is ever deleted here."""

_written: Moves = {}
"""What the file that is being written names anew."""
_left: Moves = {}
"""What nothing needs once the project is closed."""


def before_save(project: str) -> None:
    """Blender is about to write the open project, under that name."""
    _written.clear()
    references.note_folder(os.path.dirname(project))
    _bring(project, _written)


def after_save() -> None:
    """Blender has written it."""
    _left.update(_written)
    _written.clear()


def not_saved() -> None:
    """Blender has not, or only a copy of it: the open project names what it named before."""
    references.point({place: path for path, place in _written.items()})
    _written.clear()


def after_load() -> None:
    """Another project is open, which may name what an older version left elsewhere."""
    if bpy.data.is_saved:
        references.follow(os.path.dirname(bpy.data.filepath))
    try:
        _bring(bpy.data.filepath, {})
    finally:
        needed = references.named() if _left else set()
        _tidy([path for path in _left if path not in needed])


def after_undo() -> None:
    """An undo or a redo may have brought back what the project named before it was saved."""
    if _left and bpy.data.is_saved:
        _bring(bpy.data.filepath, _left)


def after_placing(job: Job) -> None:
    """Its takes may have been on their way when the project was saved, so that they came to the old place."""
    unsaved = output_folder.unsaved()
    if bpy.data.is_saved and any(places.below(text, unsaved) for text in places.texts(job.takes)):
        _bring(bpy.data.filepath, _left)


def after_quit() -> None:
    """Blender ends."""
    _tidy(list(_left))


def _bring(project: str, moves: Moves) -> None:
    """Copy what lies where it cannot stay, and name it there; adds to `moves`. Raises a `Problem` at the end.

    What cannot be copied stays, and is named where it is.
    """
    if not references.mention(output_folder.unsaved()):
        return
    trouble: Optional[OSError] = None
    copied: Moves = {}
    for path, place in _wanted(project).items():
        try:
            if _copy(path, place):
                copied[path] = place
        except OSError as error:
            trouble = error
    references.point(copied)
    moves.update(copied)
    if trouble is not None:
        message = "Takes cannot be brought beside the project: {}.".format(trouble)
        raise Problem("output_denied", message, "They stay where they are. Make room, and save again.")


def _wanted(project: str) -> Moves:
    """What lies where it cannot stay, and where it would lie beside the project."""
    target, unsaved = output_folder.of(project), output_folder.unsaved()
    parts = {path: places.below(path, unsaved) for path in sorted(references.named())}
    wanted = {path: os.path.join(target, part) for path, part in parts.items() if part}
    for report in [path for path in wanted if path.endswith(".html")]:
        wanted[_beside(report)] = _beside(wanted[report])
    return {path: place for path, place in wanted.items() if path != place}


def _beside(report: str) -> str:
    return os.path.splitext(report)[0] + ".json"


def _copy(path: str, place: str) -> bool:
    """Let the file be there whole, or not at all; gives whether it is there. Names are never given twice."""
    if os.path.isfile(place) or not os.path.isfile(path):
        return os.path.isfile(place)
    output_folder.make(os.path.dirname(place))
    with suppress(FileNotFoundError):
        os.remove(place + ".new")
    try:
        os.link(path, place + ".new")
    except OSError:  # Another disk, or one that knows no links.
        shutil.copy2(path, place + ".new")
    os.replace(place + ".new", place)
    return True


def _tidy(paths: List[str]) -> None:
    for path in paths:
        ours = places.below(path, output_folder.unsaved())
        if ours and not ours.startswith(FOOTAGE) and not places.is_old(path) and os.path.isfile(_left[path]):
            with suppress(OSError):
                os.remove(path)
    _left.clear()
