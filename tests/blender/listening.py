"""A sound device that keeps what it plays: real sounds of Blender's own, and when each was how loud.

Blender as a module has no device. Here a take's samples are read by the same decoder that would play them.
"""

from contextlib import contextmanager
from types import SimpleNamespace

import aud
import bpy
import numpy as np
import pytest

RATE = 48_000


class Device:
    """What the add-on uses of Blender's device. It plays only when told that time goes by."""

    rate = float(RATE)

    def __init__(self):
        self.handles = []
        self.depth = 0

    def lock(self):
        self.depth += 1

    def unlock(self):
        self.depth -= 1

    def play(self, sound):
        assert self.depth, "two takes that begin apart are not heard in step"
        handle = SimpleNamespace(sound=sound, position=0.0, volume=1.0, status=aud.STATUS_PLAYING)
        handle.stop = lambda: setattr(handle, "status", aud.STATUS_INVALID)
        self.handles.append(handle)
        return handle

    def play_on(self, samples):
        """What is heard meanwhile: mono samples."""
        heard = np.zeros(samples)
        for handle in self.handles:
            if handle.status != aud.STATUS_PLAYING:
                continue
            begin = round(handle.position * RATE)
            there = handle.sound.data()[begin : begin + samples].mean(axis=1)
            heard[: len(there)] += handle.volume * there
            handle.position = (begin + samples) / RATE
        return heard


@pytest.fixture
def device(cut, monkeypatch):
    """The device that takes are heard on."""
    there = Device()
    monkeypatch.setattr(cut.addon.timeline.hearing, "open_device", lambda: there)
    yield there
    cut.addon.timeline.hearing.hearing.stop()
    assert there.depth == 0


def is_running():
    """Whether the picture runs."""
    return bpy.context.window_manager.windows[0].screen.is_animation_playing


@contextmanager
def untouched(scene):
    """Nothing of a scene is left changed."""

    def state():
        return (
            scene.frame_current,
            scene.use_audio,
            scene.sync_mode,
            scene.use_preview_range,
            [key for key in scene.keys() if key.startswith("foley_")],  # noqa: SIM118 (no dictionary)
        )

    was = state()
    yield
    assert state() == was
