# SPDX-License-Identifier: GPL-3.0-or-later
"""A copy of a stretch of the timeline as a film, made without touching the user's scene or freezing Blender.

One is rendered at a time, through a copy of the scene that is gone afterwards. The film lies in the folder
`footage` beside the takes and is named after what is in it: the same picture gives the same file, and the
backend knows it again. It stays as long as the takes do; the add-on deletes only what was not finished.
"""

import os
import uuid
from contextlib import suppress
from typing import Any, Optional

import bpy
from bpy.app.handlers import persistent

from ..core.fingerprint import Fingerprint
from ..core.job import Job
from ..core.picture import Picture
from ..core.problem import Problem
from ..timeline import compat, films, pictures, scene_copy
from . import output_folder

STEP_SECONDS = 0.01
"""What a poll may spend on naming a copy that is made."""


def begin(picture: Picture) -> "RenderedCopy":
    """Begin to make the copy; nothing happens before it is polled."""
    return RenderedCopy(picture)


def step(job: Job) -> bool:
    """Begin the copy of a job's picture, or go on with it; whether it is there now, in its place."""
    if job.rendering is None:
        job.rendering, job.stage = begin(job.picture), "rendering"
    media = job.rendering.poll()
    if media is None:
        job.progress = 0.0
        return False
    job.rendering, job.stage = None, "waiting"
    job.picture = job.picture._replace(media=media, render=None)
    return True


def stop(job: Job) -> None:
    """Make no copy for a job."""
    if job.rendering is not None:
        job.rendering.cancel()
    job.rendering = None


class RenderedCopy:
    """The copy of one picture: waiting, being rendered, or there."""

    current: Optional["RenderedCopy"] = None
    """The one that is being rendered."""

    def __init__(self, picture: Picture) -> None:
        self._picture, self._project = picture, bpy.data.filepath
        self._scene = self._path = self._film = ""
        self._cancelled = False
        self._fingerprint: Optional[Fingerprint] = None

    def poll(self) -> Optional[str]:
        """Take the next step: the film's absolute path once it is there, a `Problem` if it cannot be made."""
        _let_go_of_cancelled()
        if self._film or self._cancelled:
            return self._film or None
        if RenderedCopy.current is None and not compat.busy():
            self._start()
            if not bpy.app.background:
                return None
        if RenderedCopy.current is not self or bpy.app.is_job_running("RENDER"):
            return None
        if self._fingerprint is None and not self._is_whole():
            return None
        self._film = self._named()
        return self._film or None

    def cancel(self) -> None:
        """Make no copy. A render that runs cannot be stopped; its film is thrown away when it ends."""
        self._cancelled = True
        _let_go_of_cancelled()
        if RenderedCopy.current is self and not bpy.app.timers.is_registered(_until_let_go):
            bpy.app.timers.register(_until_let_go, first_interval=0.2, persistent=True)

    def let_go(self) -> None:
        """Take away the scene; what was written stays only where it was named."""
        RenderedCopy.current = None
        scene_copy.remove()
        with suppress(OSError):
            os.remove(self._path)

    def _start(self) -> None:
        picture = self._picture
        assert picture.render is not None
        strip = pictures.find(picture, same_file=self._project == bpy.data.filepath)
        scene, place = pictures.scene_of(picture), compat.bounds(strip)
        if compat.is_muted(scene, strip):
            raise pictures.muted(strip)
        moved = place.left - round(place.offset - picture.offset) - picture.lead - picture.render[0]
        self._path = os.path.join(_folder(), "{}.mp4".format(uuid.uuid4().hex))
        self._fingerprint = None
        span = picture.render[0] + moved, picture.render[1] + moved
        shows = [strip.name, *picture.shows[1:]]
        RenderedCopy.current = self
        try:
            copy = scene_copy.make(scene, shows, span, self._path)
            self._scene = copy.name
            _render(copy)
        except Problem:
            self.let_go()
            raise
        except RuntimeError as error:
            self.let_go()
            raise self._failed(str(error)) from error

    def _is_whole(self) -> bool:
        """Whether the film was made; where an undo has ended the render, and its scene, it waits anew."""
        wanted = self._picture.frames
        there = films.frames_of(self._path) if os.path.isfile(self._path) else 0
        if there == wanted:
            self._fingerprint = Fingerprint(self._path)
            scene_copy.remove()
            return True
        try:
            if self._scene in bpy.data.scenes:
                raise self._failed("{} of {} frames were made.".format(there, wanted))
            return False
        finally:
            self.let_go()

    def _named(self) -> str:
        """The film's path, once it is named after what is in it; a large one takes several polls."""
        assert self._fingerprint is not None
        try:
            name = self._fingerprint.step(float("inf") if bpy.app.background else STEP_SECONDS)
            if not name:
                return ""
            named = os.path.join(os.path.dirname(self._path), "{}.mp4".format(name))
            if not os.path.isfile(named):
                os.replace(self._path, named)
        except OSError as error:
            self.let_go()
            raise Problem("output_denied", "A copy cannot be written: {}.".format(error)) from error
        self.let_go()
        return named

    def _failed(self, why: str) -> Problem:
        why = " ".join(why.split()).rstrip(".")
        message = "The picture of {!r} could not be rendered: {}.".format(self._picture.name, why)
        return Problem("render_failed", message, "Esc ends a render; otherwise see the console.")


def _render(copy: Any) -> None:
    """Render the copy's frames: in the background of the window, or at once where there is none."""
    if bpy.app.background:
        bpy.ops.render.render(animation=True, scene=copy.name)
        return
    preferences, window = bpy.context.preferences, bpy.context.window_manager.windows[0]
    shown, changed = preferences.view.render_display_type, preferences.is_dirty
    preferences.view.render_display_type = "NONE"
    try:
        with bpy.context.temp_override(window=window):
            bpy.ops.render.render("INVOKE_DEFAULT", animation=True, scene=copy.name)
    finally:
        preferences.view.render_display_type, preferences.is_dirty = shown, changed


def _folder() -> str:
    place = os.path.join(output_folder.of_open_project(), "footage")
    try:
        output_folder.make(place)
    except OSError as error:
        raise Problem("output_denied", "Copies cannot be written: {}.".format(error)) from error
    return place


def _let_go_of_cancelled() -> None:
    current = RenderedCopy.current
    if current is not None and current._cancelled and not bpy.app.is_job_running("RENDER"):
        current.let_go()


def _until_let_go() -> Optional[float]:
    _let_go_of_cancelled()
    return 0.2 if RenderedCopy.current is not None and RenderedCopy.current._cancelled else None


@persistent
def tidy(*_file: object) -> None:
    """Take away copies that an undo or an opened file brought back; both end a render."""
    if not bpy.app.is_job_running("RENDER"):
        scene_copy.remove()
