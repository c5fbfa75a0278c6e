# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection to the backend, made as the preferences have it, and what is sent over it."""

import os
import shlex
import time
from contextlib import suppress
from typing import Any, Dict, List, Tuple

import bpy

from ..core import placing
from ..core.job import Job
from ..core.problem import Problem
from . import output_folder, user_preferences


def new_client() -> Any:
    """The client of the backend; it connects to nothing yet."""
    try:
        from .. import foley_client
    except ImportError as error:
        message = "pyzmq, which Foley needs, cannot be loaded: {}.".format(error)
        raise Problem(
            "no_pyzmq", message, "Restart Blender; if that does not help, reinstall Foley."
        ) from error
    start, launch = preferred_launch()
    client = foley_client.Client("blender {}".format(bpy.app.version_string), start)
    client.launch = launch
    return client


def submit(client: Any, job: Job) -> None:
    """Ask for the takes of a job, to be written into the folder of this project."""
    from ..foley_client import ClientError

    picture, wishes = job.picture, job.wishes
    cue = wishes.cue(picture.media, (picture.first, picture.last), picture.rate, job.hits, job.batch)
    stem = os.path.join(output_folder.of_open_project(), placing.file_stem(wishes.prompt, job.id))
    paths = ["{}{}.wav".format(stem, "-{}".format(at + 1) if at else "") for at in range(wishes.takes)]
    try:
        made = time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(job.asked_at))
        client.submit(cue, {"takes": paths, "report": stem + ".html", "made": made}, job.id)
    except ClientError as error:
        raise Problem(error.code, error.message, error.hint) from error


def follow(client: Any, job: Job) -> None:
    """Ask what has become of a job; its `failed` says `job_unknown` where the backend never heard of it."""
    client.subscribe([job.id])


def preferred_launch() -> Tuple[bool, Dict[str, Any]]:
    """A client's `start` and `launch`: whether it may start the backend, and what stands for launch.json."""
    kept = user_preferences.current()
    return kept.auto_start, {"command": split(kept.command)} if kept.command else {}


def warm_up() -> None:
    """Load pyzmq ahead, which takes a tenth of a second, so that no click has to wait for it."""
    with suppress(ImportError):
        from .. import foley_client  # noqa: F401


def split(command: str) -> List[str]:
    """The parts of a command line; what has blanks stands in quotes. On Windows a backslash is a letter."""
    try:
        if os.name != "nt":
            return shlex.split(command)
        return [part.strip('"') for part in shlex.split(command, posix=False)]
    except ValueError as error:
        message = "The backend command {!r} cannot be read: {}.".format(command, error)
        raise Problem("bad_command", message, "Correct it in Foley's preferences.") from error
