# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes with the open project when it is saved, and what happens when one is opened: takes and jobs.

Blender says before it writes under which name, and afterwards that it has, or has not. Where it wrote a copy
alone the open project keeps its name. All that is needed to find takes and jobs again is beside the project
before Blender writes, and nothing is taken away before it has.
"""

import os
from typing import Callable

from ..core.problem import Problem
from ..timeline import packing, references
from . import job_files, moving
from .queue import queue


def before(project: str) -> None:
    """Blender is about to write the open project, under that name; without one it is the startup file."""
    if not project:
        return
    packing.keep(references.own_strips())
    _try(moving.before_save, project)
    for job in queue.of_this_file():
        _try(job_files.write_for, project, job)


def after(project: str) -> None:
    """Blender has written it."""
    if not project:
        return
    here = job_files.project()
    if os.path.abspath(project) != here:
        failed(project)
        return
    moving.after_save()
    for job in queue.of_this_file():
        if job.project != here:
            _try(job_files.move, job, here)


def failed(project: str) -> None:
    """Blender has not written it, or only a copy of it."""
    moving.not_saved()
    for job in queue.of_this_file():
        job_files.remove_for(project, job)


def opened() -> None:
    """Another project is open."""
    _try(moving.after_load)
    references.look_for_takes()
    queue.file_opened()


def undone() -> None:
    """An undo or a redo."""
    _try(moving.after_undo)


def _try(do: Callable[..., object], *given: object) -> None:
    try:
        do(*given)
    except Problem as problem:
        queue.news.report(problem)
