"""Impacts seen and onsets heard by the thousand, of which it is known which belong together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from foley_core.align.alignment import Aligned, align
from foley_core.align.lateness import stretches
from foley_core.align.onsets import Onset
from foley_core.align.sound_analysis import STEP, SoundAnalysis
from foley_core.align.splices import output_positions
from foley_core.align.witness import LATENESSES, WINDOW, Statement
from foley_core.picture.spotting import Impact
from foley_core.timecode import SAMPLE_RATE

NEAREST = 0.1
"""Seconds between two impacts at least."""


@dataclass(frozen=True)
class Flaws:
    """How a sound follows the picture."""

    late: Callable[[float], float] = lambda time: 0.0
    """Seconds by which what is seen at a time sounds late."""
    jitter: float = 0.0
    """Standard deviation of that, in seconds; or of how exactly impacts are seen."""
    lost: float = 0.0
    """Share of the impacts that are not heard."""
    doubled: float = 0.0
    """Share of those that sound twice, 120 ms apart."""
    others: int = 0
    """Onsets that belong to nothing."""


@dataclass(frozen=True)
class Scene:
    """What was seen and heard, and which impact each onset is the sound of (-1: none)."""

    impacts: tuple[Impact, ...]
    heard: SoundAnalysis
    owners: tuple[int, ...]

    def off(self, aligned: Aligned) -> np.ndarray:
        """Milliseconds by which each onset that has an impact is late after alignment."""
        places = output_positions(aligned.splices, [onset.sample for onset in self.heard.onsets])
        return np.array(
            [
                1000 * (place / SAMPLE_RATE - float(self.impacts[owner].time))
                for place, owner in zip(places, self.owners, strict=True)
                if owner >= 0
            ]
        )

    def moves(self, aligned: Aligned) -> np.ndarray:
        """Milliseconds by which each onset was moved."""
        before = np.array([onset.sample for onset in self.heard.onsets])
        return 1000 * (np.array(output_positions(aligned.splices, before.tolist())) - before) / SAMPLE_RATE

    def aligned(self, by: Statement | None = None) -> Aligned:
        """What comes of it, where a third witness says this when it is asked."""
        return align(self.impacts, self.heard, ask=(lambda: by) if by else None)

    def stated(self, late: float, sure: float = 0.9) -> Statement:
        """What a third witness says that is so sure of one lateness, in seconds, all along."""
        odds = np.clip(likely(late, sure) + np.log(len(LATENESSES)), -1.5, 1.5)
        long = WINDOW * SAMPLE_RATE
        parts = [part for part in stretches(self.heard.samples) if part[1] - part[0] >= long]
        return Statement("Pythia", dict.fromkeys(parts, odds))


def likely(late: float, sure: float) -> np.ndarray:
    """Logarithms of how likely each lateness is to one who is so sure of the one nearest to this."""
    share = np.full(len(LATENESSES), (1 - sure) / (len(LATENESSES) - 1))
    share[np.abs(LATENESSES - late * SAMPLE_RATE).argmin()] = sure
    return np.log(share)


def seen(seed: int, count: int, seconds: float) -> tuple[Impact, ...]:
    """Impacts at random times."""
    chance = np.random.default_rng(seed)
    times = np.sort(chance.uniform(0.5, seconds - 0.5, count))
    return tuple(
        Impact(
            time=Fraction(round(time * SAMPLE_RATE), SAMPLE_RATE),
            strength=float(chance.uniform(0.2, 1)),
            sure=float(chance.uniform(0.6, 1)),
            x=0.5,
            y=0.5,
        )
        for time in times[np.diff(times, prepend=-1) >= NEAREST]
    )


def scene(seed: int, impacts: tuple[Impact, ...], seconds: float, flaws: Flaws) -> Scene:
    """A sound of so many seconds in which these impacts are heard."""
    chance = np.random.default_rng([seed, 1])
    found: list[tuple[float, float, int]] = []
    for number, impact in enumerate(impacts):
        time = float(impact.time)
        at = time + flaws.late(time) + chance.normal(0, 1) * flaws.jitter
        fate = chance.random()
        if fate >= flaws.lost:
            found.append((at, impact.strength, number))
        if fate >= 1 - flaws.doubled:
            found.append((at + 0.12, impact.strength, -1))
    found += [(float(at), 0.5, -1) for at in chance.uniform(0, seconds, flaws.others)]
    inside = sorted(one for one in found if 0 <= one[0] < seconds)
    onsets = tuple(Onset(round(at * SAMPLE_RATE), strength) for at, strength, _ in inside)
    return Scene(impacts, heard(onsets, seconds), tuple(owner for _, _, owner in inside))


def heard(onsets: tuple[Onset, ...], seconds: float) -> SoundAnalysis:
    """A sound that dies away quickly after each onset."""
    samples = round(seconds * SAMPLE_RATE)
    level = np.full(-(-samples // STEP), 1e-8, np.float32)
    for onset in onsets:
        part = level[onset.sample // STEP :][:40]
        part += np.float32(onset.strength**2 * 0.01) * np.exp(-np.arange(len(part)) / 8).astype(np.float32)
    return SoundAnalysis(samples, onsets, level)
