# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks the backend for its sounds and words, what a prompt is taken for, and auditions; plays those.

It waits for nothing: `keep_fresh` asks, and plays what has come. The list is asked for once per connection.
"""

import os
from typing import Any, Dict

import bpy

from ..core.known_sounds import KnownSounds
from ..core.problem import Problem
from .queue import queue

SECONDS = "3"
"""Of an audition."""
_wanted = ""
"""The prompt that was typed last."""
_asked: Dict[str, str] = {}
"""What was asked on this connection: "sounds" and "explain", each with what about."""
_files: Dict[str, str] = {}
"""Auditions that are there, by what they are of."""
_playing: Any = None
"""Device and handle: without them the sound would end."""


def known() -> KnownSounds:
    """All that the backend has told."""
    return queue.told.sounds


def typed(prompt: str) -> None:
    """Somebody types this prompt: have it explained."""
    global _wanted
    _wanted = prompt


def hear(sound: str) -> None:
    """Play a sound, or a prompt, as soon as there is an audition of it."""
    if os.path.exists(_files.get(sound, "")):
        _play(_files[sound])
        return
    if queue.backend == "ready" and queue.client.older:
        raise Problem("backend_older", "This backend plays no sounds by themselves.", "Update Foley.")
    name = "foley-heard-{}.wav".format(len(_files) + 1)
    path = _files.setdefault(sound, os.path.join(bpy.app.tempdir, name))
    known().answers[queue.client.ask("hear", prompt=sound, path=path, seconds=SECONDS)] = {}


def keep_fresh() -> None:
    """Ask what is not known yet of a backend that is there, and play what has come; the timer calls it."""
    if queue.backend != "ready":
        _asked.clear()
    elif not queue.client.older:
        if "sounds" not in _asked:
            _asked["sounds"] = queue.client.ask("sounds")
        if _wanted.strip() and _asked.get("explain") != _wanted:
            _asked["explain"] = _wanted
            queue.client.ask("explain", prompt=_wanted)
    for request, answer in list(known().answers.items()):
        if answer:
            del known().answers[request]
            _take(answer)


def stop() -> None:
    """Play no more."""
    global _playing
    if _playing is not None:
        _playing[1].stop()
    _playing = None


def _take(answer: Dict[str, Any]) -> None:
    try:
        if answer["type"] == "error":
            raise Problem(**answer["error"])
        _play(answer["path"])
    except Problem as problem:
        queue.news.report(problem)


def _play(path: str) -> None:
    global _playing
    stop()
    try:
        import aud
    except ImportError as error:
        message = "This Blender cannot play a sound by itself: {}.".format(error)
        raise Problem("no_sound", message, "Open it with another program: {}".format(path)) from error
    try:
        device = _device(aud)
        _playing = device, device.play(aud.Sound(path))
    except aud.error as error:
        message = "The sound cannot be played: {}.".format(error)
        raise Problem("no_sound", message, "Choose a device in Blender's preferences, System.") from error


def _device(aud: Any) -> Any:
    return aud.Device()
