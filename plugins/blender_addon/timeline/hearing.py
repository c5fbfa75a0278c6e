# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets takes be heard before they are on the timeline: from their files, in step with the picture, alone.

Blender's own device plays them, whose clock the picture follows, and the sequencer is silent meanwhile. Takes
that are heard against each other all run from one moment on, all but one of them at no volume: so changing
over leaves no gap. At its end, or when the picture is stopped, all is as it was.

The project is left as it was. What is changed of a scene for that while is noted on it, and given back by
that note: before a file is saved or another one opened, and where an undo or a file brings the note back.
"""

import json
import os
from contextlib import contextmanager, suppress
from fractions import Fraction
from typing import Any, Dict, Iterator, List, NamedTuple, Optional

import bpy
from bpy.app.handlers import persistent

from ..core import history
from ..core.custom_properties import HEARING
from ..core.job import Job
from ..core.problem import Problem
from . import compat, gains, inserting, sounds

try:
    import aud
except ImportError:  # Some Linux distributions build Blender without it.
    aud = None
CAN_PLAY = aud is not None
"""Whether takes can be heard beside the timeline."""
SECONDS = 0.05
"""How often it is looked whether the take is over."""
ASTRAY = 0.2
"""Seconds by which the playhead is ahead of the take only where it was put there."""
MEANWHILE = ("use_audio", "sync_mode", "use_preview_range")
"""What may be set otherwise in a scene while a take is heard."""


class Take(NamedTuple):
    """A take where it would be heard on the timeline."""

    path: str
    at: Fraction
    """The frame with the file's first sample."""
    span: range
    """The frames in which it is heard."""
    volume: float
    in_use: bool = False
    """Whether the timeline plays it already."""

    @property
    def origin(self) -> Fraction:
        """The frame from which its time is counted: the first sample's, or the beginning before it."""
        return min(self.at, Fraction(self.span.start))


def listed(scene: Any, strip: Any, entry: history.Record) -> Take:
    """A take that a strip knows, where the strip would play it."""
    bounds, rate = compat.bounds(strip), sounds.rate_of(scene)
    at = sounds.frame_of(strip, history.begins(entry), rate)
    volume = gains.level(scene, strip) * scene.audio_volume
    path, used = entry["take"]["path"], sounds.record_of(strip)["take"]["path"]
    return Take(path, at, range(bounds.left, bounds.right), volume, path == used)


def waiting(scene: Any, job: Job, take: Dict[str, Any]) -> Take:
    """A take that is on no timeline yet: where it would go, or at the playhead where that is gone."""
    rate = sounds.rate_of(scene)
    start, frames = inserting.start_of(scene, job), (job.picture.last - job.picture.first) * rate
    at = start - (job.picture.first - Fraction(take["start_exact"])) * rate
    return Take(take["path"], at, range(start, start + round(frames)), float(scene.audio_volume))


def open_device() -> Optional[Any]:
    """Blender's sound device; none where it plays no sound."""
    if aud is None:
        return None
    try:
        device = aud.Device()
    except aud.error:
        return None
    return device if device.rate else None


class Hearing:
    """What is heard now: one take, or several of which one is loud."""

    def __init__(self) -> None:
        self.heard: Optional[Take] = None
        """The one that is loud; none where nothing is heard."""
        self.lately: List[str] = []
        """The paths of the takes that were heard, each once, the last one last."""
        self._scene = ""
        self._from = self._seen = 0
        """Where the playhead was before, and where it was last."""
        self._stage = range(0)
        """The frames that the picture runs through."""
        self._handles: Dict[str, Any] = {}
        self._running: Dict[str, Take] = {}
        self._timer = self.step  # Blender knows a timer by its identity, and each `self.step` is a new one.

    def press(self, scene: Any, take: Take) -> None:
        """Hear a take from the playhead on, or from its beginning; or stop where it is the one heard."""
        if self.heard is not None and self.heard.path == take.path:
            self.stop()
        elif self.heard is not None and self.heard.span == take.span:
            self.change_to(scene, take)
        else:
            self.begin(scene, take)

    def begin(self, scene: Any, take: Take) -> None:
        """Let the picture run, and the take with it."""
        sound = _open(take, sounds.rate_of(scene))
        self.stop()
        self._scene, self._from = scene.name, scene.frame_current
        _set_up(scene, take, alone=sound is not None)
        self._stage = _stage(scene, take)
        frame = scene.frame_current if scene.frame_current in self._stage else self._stage.start
        self._seen = frame
        # This is what tells Blender's mixer that it is to be silent, too.
        scene.frame_set(frame)
        # Held while both begin, so that they begin in the same moment; Blender may open its device only then.
        before = open_device()
        with _held(before):
            compat.play()
            device = open_device()
            with _held(device):
                self._play(device, sound, take, (frame - take.origin) / sounds.rate_of(scene))
        self._make_loud(take)
        if not bpy.app.timers.is_registered(self._timer):
            bpy.app.timers.register(self._timer, first_interval=SECONDS, persistent=True)

    def change_to(self, scene: Any, take: Take) -> None:
        """Hear another take of the same stretch from now on, in the place of the one that is heard."""
        if take.path not in (self._sounding() if self._handles else self._running):
            rate = sounds.rate_of(scene)
            sound, device = _open(take, rate), open_device()
            with _held(device):
                self._play(device, sound, take, self._time(scene) + (self._origin() - take.origin) / rate)
        self._make_loud(take)

    def stop(self, go_back: bool = True) -> None:
        """Be silent, and give everything back; the playhead too, unless the user has stopped it himself."""
        if self.heard is None:
            return
        if bpy.app.timers.is_registered(self._timer):
            bpy.app.timers.unregister(self._timer)
        for handle in self._sounding().values():
            handle.stop()
        self.heard, self._handles, self._running = None, {}, {}
        compat.stop()
        scene = bpy.data.scenes.get(self._scene)
        if scene is not None:
            give_back(scene)
            if go_back:
                scene.frame_set(self._from)
        compat.redraw()

    def step(self) -> Optional[float]:
        """Look whether it is over; gives when to do so again."""
        if self.heard is None:
            return None
        scene = bpy.data.scenes.get(self._scene)
        if scene is None or not compat.is_playing():
            self.stop(go_back=False)
        elif self._is_over(scene):
            self.stop()
        else:
            self._follow(scene)
            self._seen = scene.frame_current
        return SECONDS if self.heard is not None else None

    def _play(self, device: Optional[Any], sound: Any, take: Take, seconds: Fraction) -> None:
        self._running[take.path] = take
        if device is not None:
            handle = device.play(sound)
            handle.position, handle.volume = float(seconds), 0.0
            self._handles[take.path] = handle

    def _make_loud(self, take: Take) -> None:
        self.heard = take
        self.lately = [path for path in self.lately if path != take.path] + [take.path]
        for path, handle in self._sounding().items():
            handle.volume = take.volume if path == take.path else 0.0
        compat.redraw()

    def _sounding(self) -> Dict[str, Any]:
        """The handles by the takes' paths, without those whose sound is over: these can do nothing more."""
        return {path: handle for path, handle in self._handles.items() if handle.status}

    def _origin(self) -> Fraction:
        assert self.heard is not None
        return self.heard.origin

    def _time(self, scene: Any) -> Fraction:
        """Where in the take that is heard the device is; without one, where the playhead is."""
        handle = self._sounding().get(self.heard.path if self.heard else "")
        if handle is not None:
            return Fraction(handle.position)
        return (scene.frame_current - self._origin()) / sounds.rate_of(scene)

    def _is_over(self, scene: Any) -> bool:
        """Whether the take has come to its end. In a preview range it goes round, until it is stopped."""
        assert self.heard is not None
        silent = bool(self._handles) and self.heard.path not in self._sounding()
        near = self._stage.stop - sounds.rate_of(scene)
        begun_again = scene.frame_current < self._seen and self._seen >= near and not scene.use_preview_range
        return silent or begun_again or scene.frame_current not in self.heard.span

    def _follow(self, scene: Any) -> None:
        """Go where the playhead was put: back, or ahead of the take. A slow picture may lie behind it."""
        rate = sounds.rate_of(scene)
        ahead = (scene.frame_current - self._origin()) / rate - self._time(scene)
        if scene.frame_current < self._seen or ahead > ASTRAY:
            for path, handle in self._sounding().items():
                handle.position = float((scene.frame_current - self._running[path].origin) / rate)


def give_back(scene: Any) -> None:
    """Set a scene as it was before a take was heard, by what is noted on it."""
    note = scene.get(HEARING)
    if note is None:
        return
    with suppress(TypeError, ValueError, AttributeError):
        for name, value in json.loads(note).items():
            if name in MEANWHILE:
                setattr(scene, name, value)
    del scene[HEARING]


def _set_up(scene: Any, take: Take, alone: bool) -> None:
    scene[HEARING] = json.dumps({name: getattr(scene, name) for name in MEANWHILE})
    scene.use_audio, scene.sync_mode = not alone, "AUDIO_SYNC"
    elsewhere = not _common(take.span, range(scene.frame_preview_start, scene.frame_preview_end + 1))
    if elsewhere:
        scene.use_preview_range = False


def _stage(scene: Any, take: Take) -> range:
    """The frames of a take that Blender's playback reaches: it goes round in the range of the scene."""
    if scene.use_preview_range:
        return _common(take.span, range(scene.frame_preview_start, scene.frame_preview_end + 1))
    return _common(take.span, range(scene.frame_start, scene.frame_end + 1)) or take.span


def _common(one: range, other: range) -> range:
    return range(max(one.start, other.start), min(one.stop, other.stop))


def _open(take: Take, rate: Fraction) -> Any:
    """The sound of a take's file, from its origin to where the take ends on the timeline."""
    if aud is None:
        if take.in_use:
            return None
        message = "This Blender plays nothing beside its timeline: it was built without aud."
        raise Problem("no_aud", message, "Insert or choose the take, and play the timeline.")
    path = sounds.found(take.path)
    if not os.path.isfile(path):
        raise sounds.gone(take.path)
    try:
        sound = aud.Sound(path)
        _length = sound.length  # Opens it, so that a file that is none is known before anything begins.
    except aud.error as error:
        raise Problem("take_unreadable", "Blender cannot read the take: {}.".format(path)) from error
    if take.at > take.origin:
        sound = sound.delay(float((take.at - take.origin) / rate))
    return sound.limit(0.0, float((take.span.stop - take.origin) / rate))


@contextmanager
def _held(device: Optional[Any]) -> Iterator[None]:
    """A device that plays on only afterwards."""
    if device is not None:
        device.lock()
    try:
        yield
    finally:
        if device is not None:
            device.unlock()


hearing = Hearing()
"""The one thing that is heard in this Blender."""


@persistent
def end(*_file: object) -> None:
    """Nothing must be heard, and no scene be set for it, while a file is saved, opened or undone."""
    hearing.stop()


@persistent
def tidy(*_file: object) -> None:
    """An undo, or a file saved in a crash, may bring back a scene as it is set while a take is heard."""
    for scene in bpy.data.scenes:
        if hearing.heard is None and HEARING in scene:
            give_back(scene)
