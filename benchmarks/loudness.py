"""Loudness: measured against another meter, and reached where peaks are in the way.

    python benchmarks/loudness.py [--lengths N] [--seed S]

Lengths: knocks and noise of random lengths, none a multiple of a tenth of a second, against pyloudnorm. That
is given whole gating blocks, since it counts a last half-filled one, as BS.1770-4 does not; how far it is off
with the rest is told. Reached: percussive takes for the demo film at -16 LUFS. Their WAVs are measured by
pyloudnorm, and by four-fold oversampling with scipy. A take that needs more than 24 dB of limiting must say
so. Tones: what is no longer the tone in tones that are limited by 3 dB.

Prints one JSON line for each figure, and ends with 1 where one is missed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np
import pyloudnorm
import soundfile
from numpy.typing import NDArray
from scipy.signal import firwin, resample_poly

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import foley_core  # noqa: E402
from benchmarks.figure import Figure, judged, worst  # noqa: E402
from benchmarks.watched_once import WatchedOnce  # noqa: E402
from foley_core.cue import LAYERS, Cue, Layer  # noqa: E402
from foley_core.mastering.limiter import MOST_DB, limiter_gain  # noqa: E402
from foley_core.mastering.loudness import SHORTEST, Meter  # noqa: E402
from foley_core.mastering.mastering import CEILING  # noqa: E402
from foley_core.samples import Sound  # noqa: E402
from foley_core.timecode import SAMPLE_RATE  # noqa: E402

DEMO = ROOT / "installers" / "demo" / "demo.mp4"
PROMPTS = ("wooden knocks", "metal clanks", "drums", "glass", "footsteps on gravel", "a hammer on steel")
KINDS: tuple[tuple[Layer, ...], ...] = (("hits",), LAYERS)
WANTED = -16.0
AGREEMENT, REACHED, PURE = 0.1, 0.5, -90.0
TONES = (40, 63, 125, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000)
_STEP = SAMPLE_RATE // 10


def lengths(count: int, seed: int) -> Iterator[Figure]:
    """Of sounds from 0.4 s to 20 s."""
    chance = np.random.default_rng(seed)
    other = pyloudnorm.Meter(SAMPLE_RATE, filter_class="DeMan")
    off, with_rest = {}, []
    for _ in range(count):
        samples = int(chance.integers(SHORTEST // _STEP, 200)) * _STEP + int(chance.integers(1, _STEP))
        sound = _knocks(samples, chance)
        lufs = _measured(sound, int(chance.integers(1_000, 50_000)))
        whole = other.integrated_loudness(sound[: samples // _STEP * _STEP])
        off[f"{samples} samples"] = np.inf if lufs is None else abs(lufs - whole)
        with_rest.append(0.0 if lufs is None else abs(lufs - other.integrated_loudness(sound)))
    name = f"loudness of {count} lengths against pyloudnorm, LU"
    figure = worst(name, f"<= {AGREEMENT}", off, lambda value: value <= AGREEMENT)
    rest = {"median": float(np.median(with_rest)), "worst": max(with_rest), "near": _near(with_rest)}
    yield Figure(figure.name, figure.asked, figure.reached, figure.met, {**figure.details, "with_rest": rest})


def reached(scratch: Path) -> Iterator[Figure]:
    """What percussive takes come to."""
    other, store = pyloudnorm.Meter(SAMPLE_RATE), WatchedOnce()
    off, peaks, told = {}, {}, {}
    for prompt in PROMPTS:
        for layers in KINDS:
            cue = Cue(media=str(DEMO), prompt=prompt, layers=layers, seed=1, loudness=WANTED)
            take = foley_core.generate(cue, scratch / "take.wav", store=store)
            sound, _ = soundfile.read(take.path, dtype="float64")
            lufs, name = float(other.integrated_loudness(sound)), f"{prompt}, {len(layers)} layers"
            peaks[name] = _true_peak(sound)
            if take.missed_loudness() and take.limited_db > MOST_DB - 0.1:
                told[name] = {"reached": lufs, "limited": take.limited_db}
            else:
                off[name] = abs(lufs - WANTED)
    figure = worst(f"{WANTED} LUFS, missed by, LU", f"<= {REACHED}", off, lambda value: value <= REACHED)
    yield Figure(figure.name, figure.asked, figure.reached, figure.met, {**figure.details, "told": told})
    yield worst(f"true peak at {WANTED} LUFS, dBTP", f"< {CEILING}", peaks, lambda value: value < CEILING)


def tones() -> Iterator[Figure]:
    """How pure tones are that lie 3 dB above the ceiling."""
    impure = {}
    for hertz in TONES:
        wave = 10 ** (3 / 20) * np.sin(2 * np.pi * hertz * np.arange(3 * SAMPLE_RATE) / SAMPLE_RATE)
        sound = np.stack([wave, wave], axis=1).astype(np.float32)
        gain = limiter_gain(lambda first, count, all=sound: all[first : first + count], 24_000, 96_000, 1.0)
        limited = (sound[24_000:120_000, 0] * gain).astype(np.float64) * np.hanning(96_000)
        power = np.abs(np.fft.rfft(limited)) ** 2
        own = power[2 * hertz - 4 : 2 * hertz + 5].sum()
        impure[f"{hertz} Hz"] = float(10 * np.log10((power.sum() - own) / own))
    yield worst("tones limited by 3 dB, the rest, dB", f"<= {PURE}", impure, lambda value: value <= PURE)


def _near(off: list[float]) -> int:
    return sum(1 for value in off if value <= AGREEMENT)


def _knocks(samples: int, chance: np.random.Generator) -> Sound:
    """Rings that die away, two a second or so, over noise that may be loud or quiet."""
    sound = chance.normal(0, 10 ** chance.uniform(-4, -1.5), (samples, 2))
    for at in chance.integers(0, samples, max(1, samples // 24_000)):
        time = np.arange(min(samples - at, SAMPLE_RATE)) / SAMPLE_RATE
        ring = np.exp(-time / chance.uniform(0.01, 0.2)) * np.sin(
            2 * np.pi * chance.uniform(60, 8_000) * time
        )
        sound[at : at + len(time)] += ring[:, None] * chance.uniform(0.02, 0.5, 2)
    return sound.astype(np.float32)


def _measured(sound: Sound, step: int) -> float | None:
    meter = Meter()
    for first in range(0, len(sound), step):
        meter.feed(sound[first : first + step])
    return meter.reading().lufs


def _true_peak(sound: NDArray[np.float64]) -> float:
    """By four-fold oversampling (ITU-R BS.1770-4, annex 2)."""
    fine = resample_poly(sound, 4, 1, axis=0, window=firwin(511, 0.24, window=("kaiser", 9.0)))
    return float(20 * np.log10(np.abs(fine).max()))


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lengths", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return judged(chain(lengths(options.lengths, options.seed), reached(Path(folder)), tones()))


if __name__ == "__main__":
    sys.exit(main())
