# SPDX-License-Identifier: GPL-3.0-or-later
"""The copy of its picture that a job waits for, where the film itself cannot be sent. A step at a time."""

from . import rendering
from .job import Job


def step(job: Job) -> bool:
    """Begin the copy, or go on with it; whether it is there now, in the place of the picture."""
    if job.rendering is None:
        job.rendering, job.stage = rendering.begin(job.picture), "rendering"
    media = job.rendering.poll()
    if media is None:
        job.progress = 0.0
        return False
    job.rendering, job.stage = None, "waiting"
    job.picture = job.picture._replace(media=media, render=None)
    return True


def stop(job: Job) -> None:
    """Make no copy."""
    if job.rendering is not None:
        job.rendering.cancel()
    job.rendering = None
