"""Movement that follows the picture, beds that do not repeat, and what `generate` writes of it all."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from scipy.signal import fftconvolve, resample_poly

import foley_core
from benchmarks.figure import Figure, worst
from benchmarks.log_mel import FLOOR, log_mel
from benchmarks.played import Picture, curve, impact, layer_of, play
from foley_core.cue import Cue
from foley_core.engines.engine import Engine
from foley_core.engines.procedural.kind import Kind
from foley_core.picture.spotting import MOVEMENT_RATE
from foley_core.timecode import SAMPLE_RATE
from tests.picture.drawn import HEIGHT, WIDTH, moving

Values = NDArray[np.float64]

MOVED_SECONDS = 15
BED_SECONDS = 60
FRAMES = 25
"""Log-mel frames a second for beds."""
STEP = 0.2
"""Seconds over which movement and its sound are compared."""
LOUD = "loud metal, loud glass, loud thunder, heavy rain, loud crowd"


def movements(engine: Engine, kinds: list[Kind]) -> Figure:
    """How well the movement layer's level follows what moves, for each kind that moves."""
    follows = {}
    for kind in (kind for kind in kinds if layer_of(kind) == "movement"):
        drawn = [curve(MOVED_SECONDS, seed) for seed in (11, 12)]
        heard = [play(engine, kind.name, Picture(MOVED_SECONDS, curve=c), 1, ["movement"]) for c in drawn]
        follows[kind.name] = min(
            correlation(levels(one.layers["movement"]), steps(np.array(curve_)))
            for one, curve_ in zip(heard, drawn, strict=True)
        )
    return worst("movement layer against movement energy: r", ">= 0.8", follows, lambda r: r >= 0.8, low=True)


def levels(sound: NDArray[np.floating]) -> Values:
    """RMS of each STEP."""
    size = round(STEP * SAMPLE_RATE)
    whole = sound[: len(sound) // size * size].astype(np.float64)
    return np.asarray(np.sqrt(np.mean(whole.reshape(-1, size * sound.shape[1]) ** 2, axis=1)))


def steps(energy: Values) -> Values:
    """Mean of each STEP of a curve at MOVEMENT_RATE."""
    size = round(STEP * MOVEMENT_RATE)
    return np.asarray(energy[: len(energy) // size * size].reshape(-1, size).mean(axis=1))


def correlation(one: Values, other: Values) -> float:
    """Pearson's r over what both have."""
    length = min(len(one), len(other))
    return float(np.corrcoef(one[:length], other[:length])[0, 1])


def beds(engine: Engine, kinds: list[Kind]) -> Iterator[Figure]:
    """How like itself a long bed is at any lag over a second: as it is heard, and as it is written.

    What is heard are log-mel frames less their running mean over a second: a clap of thunder that dies away
    for seconds is alike from one second to the next, but it does not come again.
    """
    heard, written = {}, {}
    for kind in (kind for kind in kinds if layer_of(kind) == "ambience"):
        sound = play(engine, kind.name, Picture(BED_SECONDS), 1, ["ambience"]).layers["ambience"]
        mel = log_mel(sound, hop=SAMPLE_RATE // FRAMES)
        mel = np.maximum(mel, mel.max() - FLOOR)
        heard[kind.name] = self_similarity(mel - uniform_filter1d(mel, FRAMES, axis=0), FRAMES)
        written[kind.name] = self_similarity(sound.sum(axis=1, keepdims=True, dtype=np.float64), SAMPLE_RATE)
    for name, found in (("log-mel", heard), ("waveform", written)):
        yield worst(f"60 s bed: self-similarity ({name}) past 1 s", "< 0.5", found, lambda most: most < 0.5)


def self_similarity(values: Values, rate: int) -> float:
    """The highest autocorrelation at any lag over a second, that at no lag being 1; means are taken out."""
    apart = values - values.mean(axis=0)
    products = fftconvolve(apart, apart[::-1], axes=0).sum(axis=1)[len(apart) - 1 :]
    return float(np.max(products[rate:]) / products[0])


def spaces(engine: Engine) -> Figure:
    """A knock on wood in three places: how long they ring."""
    rings = {}
    for place in ("outdoors", "in a room", "in a cathedral"):
        played = play(engine, f"wood {place}", Picture(8.0, (impact(0.5),)), 1, ["hits"])
        rings[place] = reverberation(played.layers["hits"][SAMPLE_RATE // 2 :])
    longest = rings["in a cathedral"]
    met = longest > 2.0 and longest > 2 * max(rings["in a room"], rings["outdoors"])
    return Figure("T30 in a cathedral, seconds", "> 2, and twice that elsewhere", longest, met, rings)


def reverberation(sound: NDArray[np.floating]) -> float:
    """T30 in seconds: twice the time from -5 to -35 dB of the decay (ISO 3382-1)."""
    to_come = np.cumsum(np.sum(sound.astype(np.float64) ** 2, axis=1)[::-1])[::-1]
    level = 10 * np.log10(to_come / to_come[0] + 1e-20)
    return 2 * float(np.argmax(level < -35) - np.argmax(level < -5)) / SAMPLE_RATE


def written() -> Iterator[Figure]:
    """Through `foley_core.generate` over a drawn film: stems, true peak, and movement that was watched."""
    with tempfile.TemporaryDirectory() as folder:
        film = moving(Path(folder, "film.mp4"), Fraction(25), 12.0, _swing)
        markers = tuple(Fraction(n, 7) for n in range(1, 80))
        cue = Cue(media=str(film), prompt=f"{LOUD}, loud cloth", seed=1, hits=markers, stems=True)
        take = foley_core.generate(cue, Path(folder, "take.wav"))
        mix = _read(take.path)
        apart = np.abs(sum(_read(path) for path in take.stems.values()) - mix).max()
        yield Figure("stems against mix, LSB at 24 bit", "<= 1", float(apart), bool(apart <= 1))
        highest = 20 * np.log10(np.abs(resample_poly(mix / 2**23, 4, 1, axis=0)).max())
        yield Figure("true peak of many loud hits, dBTP", "<= -1", float(highest), bool(highest <= -1))
        r = correlation(levels(_read(take.stems["movement"]) / 2**23), steps(_speed(12.0)))
        yield Figure("movement of a drawn film, watched: r", ">= 0.8", r, r >= 0.8)


def _swing(time: float) -> tuple[float, float]:
    """A thing that swings across the picture, wider and narrower in turn, and never stops at once."""
    reach = 110 * np.sin(np.pi * time / 6) ** 2
    return WIDTH / 2 + float(reach * np.sin(2 * np.pi * 0.8 * time)), HEIGHT / 2


def _speed(seconds: float) -> Values:
    """Its speed at each step of movement, in pixels a second."""
    edges = np.array([_swing(n / MOVEMENT_RATE)[0] for n in range(round(seconds * MOVEMENT_RATE) + 1)])
    return np.abs(np.diff(edges)) * MOVEMENT_RATE


def _read(path: str) -> NDArray[np.int64]:
    return np.asarray(soundfile.read(path, dtype="int32")[0] >> 8, np.int64)
