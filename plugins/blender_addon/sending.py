# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends a job to the backend, over a connection that is made as the preferences have it."""

import os
from typing import Any

import bpy

from . import launching, placing, sequencer
from .job import Job
from .problem import Problem


def new_client() -> Any:
    """The client of the backend; it connects to nothing yet."""
    try:
        from . import foley_client
    except ImportError as error:
        message = "pyzmq, which Foley needs, cannot be loaded: {}.".format(error)
        raise Problem(
            "no_pyzmq", message, "Restart Blender; if that does not help, reinstall Foley."
        ) from error
    start, launch = launching.preferred_launch()
    client = foley_client.Client("blender {}".format(bpy.app.version_string), start)
    client.launch = launch
    return client


def submit(client: Any, job: Job) -> None:
    """Ask for the takes of a job, to be written into the folder of this project."""
    from .foley_client import ClientError

    picture, wishes = job.picture, job.wishes
    cue = wishes.cue(picture.media, (picture.first, picture.last), picture.rate, job.hits, job.batch)
    stem = os.path.join(sequencer.folder(), placing.file_stem(wishes.prompt, job.id))
    paths = ["{}{}.wav".format(stem, "-{}".format(at + 1) if at else "") for at in range(wishes.takes)]
    try:
        client.submit(cue, {"takes": paths, "report": stem + ".html"}, job.id)
    except ClientError as error:
        raise Problem(error.code, error.message, error.hint) from error
