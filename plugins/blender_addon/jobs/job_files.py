# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs on their way, each a JSON file beside the takes, so that a project finds them again when it is opened.

A record is whole or not there. It says which project it belongs to; one that was never saved can be found
again only by the very process that has it open. What cannot be read is set aside, and never stops anything.
"""

import json
import os
from contextlib import suppress
from dataclasses import asdict
from fractions import Fraction
from typing import Any, Dict, Iterator, List

import bpy

from ..core.job import Goal, Job
from ..core.picture import Picture
from ..core.problem import Problem
from ..core.wishes import Wishes
from . import output_folder

FOLDER = ".jobs"


def project() -> str:
    """The file that is open; empty while it is not saved."""
    return os.path.abspath(bpy.data.filepath) if bpy.data.is_saved else ""


def write(job: Job) -> None:
    """Keep what is needed to ask for the job again, and to place its takes."""
    job.record = os.path.join(output_folder.of(job.project), FOLDER, job.id + ".json")
    try:
        os.makedirs(os.path.dirname(job.record), exist_ok=True)
        with open(job.record + ".new", "w", encoding="utf-8") as file:
            json.dump(_plain(job), file, default=_exact)
        os.replace(job.record + ".new", job.record)
    except OSError as error:
        message = "What was asked for cannot be noted: {}.".format(error)
        raise Problem("output_denied", message, "Save the project elsewhere.") from error


def remove(job: Job) -> None:
    """The job is over."""
    with suppress(OSError):
        os.remove(job.record)


def of_open_file() -> List[Job]:
    """The jobs that were asked for from the file that is open now, oldest first."""
    here, found = project(), []  # type: str, List[Job]
    # The preferred folder may have been another when they were asked for.
    folders = {output_folder.of(here), output_folder.usual(here)}
    for path in (path for folder in folders for path in _records(folder)):
        try:
            with open(path, encoding="utf-8") as file:
                kept = json.load(file, object_hook=_fractions)
            if _is_of(kept, here):
                found.append(_job(dict(kept, project=here), path))
        except OSError:
            continue
        except (AttributeError, KeyError, TypeError, ValueError):
            with suppress(OSError):
                os.replace(path, path + ".broken")
    return sorted(found, key=lambda job: job.asked_at)


def _is_of(kept: Dict[str, Any], here: str) -> bool:
    """Whether a record belongs to the open project, which may have been moved along with its folder."""
    if not here:
        return not kept["project"] and bool(kept["session"] == bpy.app.tempdir)
    moved = os.path.basename(kept["project"]) == os.path.basename(here)
    return kept["project"] == here or (moved and not os.path.exists(kept["project"]))


def _records(folder: str) -> Iterator[str]:
    with suppress(OSError):
        names = sorted(os.listdir(os.path.join(folder, FOLDER)))
        yield from (os.path.join(folder, FOLDER, name) for name in names if name.endswith(".json"))


def _plain(job: Job) -> Dict[str, Any]:
    return {
        "id": job.id,
        "project": job.project,
        "session": bpy.app.tempdir,
        "picture": job.picture._asdict(),
        "wishes": job.wishes.plain(),
        "goal": asdict(job.goal),
        "hits": job.hits,
        "batch": job.batch,
        "asked_at": job.asked_at,
    }


def _job(kept: Dict[str, Any], path: str) -> Job:
    known = {name: kept["picture"][name] for name in Picture._fields if name in kept["picture"]}
    known = {name: tuple(value) if isinstance(value, list) else value for name, value in known.items()}
    return Job(
        str(kept["id"]),
        Picture(**known),
        Wishes.of(kept["wishes"]),
        Goal(**kept["goal"]),
        kept["hits"],
        str(kept["batch"]),
        kept["project"],
        path,
        asked_at=float(kept["asked_at"]),
        same_file=bool(kept["project"]),
    )


def _exact(value: Any) -> Dict[str, str]:
    if not isinstance(value, Fraction):
        raise TypeError("cannot be noted: {!r}".format(value))
    return {"exact": "{0.numerator}/{0.denominator}".format(value)}


def _fractions(found: Dict[str, Any]) -> Any:
    return Fraction(found["exact"]) if set(found) == {"exact"} else found
