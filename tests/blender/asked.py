"""Asks for takes without the dialog, and reads what came of it."""

import json
from pathlib import Path

import bpy
from cut import where


def ask(cut, goal=None, **wishes):
    """Ask for takes of the selected clip, as the dialog does; gives the job's id."""
    addon = cut.addon
    wished = addon.core.wishes.Wishes(**dict({"engine": "impulse", "seed": 7}, **wishes))
    picture = addon.timeline.selection.picture(bpy.context)
    return addon.queue.start(picture, wished, goal or addon.core.job.Goal())


def regenerate(cut, **changed):
    """Ask for the selected sound anew."""
    retake = cut.addon.jobs.retake
    return retake.regenerate(bpy.context, retake.wishes_of(bpy.context)._replace(**changed))


def record(strip):
    """What is kept of a take on its strip."""
    return json.loads(strip["foley_meta"])


def plays(strip):
    """The file that a strip plays."""
    return Path(bpy.path.abspath(strip.sound.filepath))


def parts(cut):
    """The sound strips in order of time."""
    return sorted(cut.sounds, key=lambda strip: (where(strip).start, strip.channel))


def choose(cut, first, last):
    """Choose a part: the preview range, both frames inclusive."""
    cut.scene.use_preview_range = True
    cut.scene.frame_preview_start, cut.scene.frame_preview_end = first, last
