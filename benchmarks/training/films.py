"""Drawn films by their number: the same number gives the same pictures and the same truth.

A film is one scene, or two with a cut or a crossfade between, looked at by a camera and recorded in some way.
What is heard in it is known to a millisecond: `Film.events`. `FILMS` of every kind there is are drawn for
training; numbers from `KEPT_APART` on are never trained on, and tell how well all has been learnt.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator

from benchmarks.training.cameras import camera, centred
from benchmarks.training.kinds import KINDS
from benchmarks.training.recording import Over, Recording, Seen, record, recording
from benchmarks.training.scene import Canvas, Event, Light

SECONDS = 8.0
SHORTEST = 1.5
"""A quarter of the films last from so many seconds to the whole length."""
KEPT_APART = 1_000_000
FADE = 0.5
"""Seconds that a crossfade lasts."""


@dataclass(frozen=True)
class Film:
    """A drawn film, and its truth."""

    kind: str
    path: Path
    events: tuple[Event, ...]
    changes: tuple[float, ...]
    """When it is cut, or has faded half way."""
    how: Recording


@dataclass(frozen=True)
class _Shot:
    """A scene that is looked at from one time on until another."""

    seen: Seen
    events: tuple[Event, ...]
    begins: float
    ends: float


def film(kind: str, number: int, folder: Path) -> Film:
    """The film of this kind with this number, drawn into a file in `folder`."""
    names = sorted(KINDS)
    rng = np.random.default_rng([number, zlib.crc32(kind.encode())])
    how = recording(rng)
    if rng.random() < 0.15:
        change = float(rng.uniform(2.5, SECONDS - 2.5))
        fades = rng.random() < 0.4
        other = kind if rng.random() < 0.5 else names[int(rng.integers(len(names)))]
        shots = [_shot(rng, kind, how, 0.0, change), _shot(rng, other, how, change, SECONDS)]
    else:
        change, fades = SECONDS, False
        shots = [_shot(rng, kind, how, 0.0, SECONDS)]
    half = FADE / 2 if fades else 0.0

    def seen(time: float) -> Light:
        first, last = shots[0], shots[-1]
        if time < change - half or len(shots) == 1:
            return first.seen(time)
        if time >= change + half:
            return last.seen(time)
        share = np.float32((time - change + half) / (2 * half))
        return np.asarray((1 - share) * first.seen(time) + share * last.seen(time), np.float32)

    over = _over(rng, how)
    lasts = float(rng.uniform(SHORTEST, SECONDS)) if rng.random() < 0.25 else SECONDS
    path = record(folder / f"{kind}-{number}.mkv", how, seen, over, lasts)
    events = [e for shot in shots for e in shot.events if shot.begins + half <= e.time < shot.ends - half]
    heard = sorted((event for event in events if event.time < lasts), key=lambda event: event.time)
    return Film(kind, path, tuple(heard), (change,) if len(shots) > 1 else (), how)


def _shot(rng: Generator, kind: str, how: Recording, begins: float, ends: float) -> _Shot:
    scene = KINDS[kind](rng, SECONDS)
    if scene.camera is None:
        look = camera(rng, SECONDS, scene.jolts, height=how.height)
    else:
        look = centred(scene.camera, how.height)
    mirrored = rng.random() < 0.5

    def seen(time: float) -> Light:
        canvas = Canvas(*how.size, look(time))
        scene.draw(canvas, time)
        return np.ascontiguousarray(canvas.light[:, ::-1]) if mirrored else canvas.light

    return _Shot(seen, scene.events, begins, ends)


def _over(rng: Generator, how: Recording) -> Over:
    """Bars, subtitles that come and go, a mark in the corner, a clock, film grain, light that flickers."""
    width, height = how.size
    bars = int(height * rng.uniform(0.06, 0.14)) if rng.random() < 0.08 else 0
    texts = _subtitles(rng, how) if rng.random() < 0.1 else []
    mark = _text("XY", how, (width - width // 8, height // 8)) if rng.random() < 0.1 else None
    clock = rng.random() < 0.05
    grain = rng.uniform(2, 7) if rng.random() < 0.08 else 0.0
    plate = rng.normal(0, 1, (height + 64, width + 64)).astype(np.float32)
    flicker = rng.uniform(0.01, 0.05) if rng.random() < 0.08 else 0.0
    pace = rng.uniform(3, 14)

    def over(light: Light, time: float) -> Light:
        light = light * np.float32(1 + flicker * np.sin(2 * np.pi * pace * time))
        if grain:
            down, aside = (int(v) % 64 for v in (time * 9973, time * 7919))
            light = light + np.float32(grain) * plate[down : down + height, aside : aside + width]
        if bars:
            light[:bars] = light[-bars:] = 16
        shown = [text for begins, ends, text in texts if begins <= time < ends]
        shown += [mark] if mark is not None else []
        shown += [_text(f"{time:04.1f}", how, (width // 20, height // 8))] if clock else []
        for text in shown:
            light = light + text * (240 - light)
        return np.asarray(light, np.float32)

    return over


def _subtitles(rng: Generator, how: Recording) -> list[tuple[float, float, Light]]:
    """When each comes and goes."""
    width, height = how.size
    begins = np.sort(rng.uniform(0, SECONDS, 3))
    words = ["ab cd ef gh ij kl"[: int(rng.integers(6, 17))] for _ in begins]
    place = (width // 5, height - height // 12)
    return [(t, t + rng.uniform(0.8, 2.5), _text(w, how, place)) for t, w in zip(begins, words, strict=True)]


def _text(text: str, how: Recording, place: tuple[int, int]) -> Light:
    """How much of each pixel it covers."""
    width, height = how.size
    mask = np.zeros((height, width), np.uint8)
    cv2.putText(mask, text, place, cv2.FONT_HERSHEY_SIMPLEX, height / 380, 255, 1, cv2.LINE_AA)
    return np.asarray(mask / np.float32(255), np.float32)
