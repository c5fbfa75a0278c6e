"""Alignment: what of a sound belongs to what of the picture, how far off it is, and where to move it.

The one door: what was seen and what was heard go in; the account of it, and the splices that put it right,
come out. It reads no file and moves no sample itself (`splice_rendering.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np
from msgspec import structs

from foley_core.align.evidence import MovementIn
from foley_core.align.lateness import Lateness, estimate, expected_samples
from foley_core.align.matching import Pair, match
from foley_core.align.sound_analysis import SoundAnalysis
from foley_core.align.splices import Splice, output_positions, plan
from foley_core.picture.spotting import Impact
from foley_core.timecode import SAMPLE_RATE

SURE = 0.5
"""Confidence from which a pair counts."""


class AlignedPair(msgspec.Struct, frozen=True):
    """An impact and its onset: how late it was, how late it is now."""

    impact: float
    """Media time of the impact, in seconds."""
    onset: float
    """Media time of the onset before anything was moved."""
    before_ms: float
    after_ms: float
    confidence: float


class Alignment(msgspec.Struct, frozen=True):
    """The account of an alignment; the percentiles are of the distances of confident pairs, afterwards."""

    pairs: tuple[AlignedPair, ...]
    shift_ms: float
    """How late the sound was as a whole: the median over its length."""
    p50_ms: float | None
    p95_ms: float | None
    worst_ms: float | None
    unmatched_impacts: int
    unmatched_onsets: int
    notes: tuple[str, ...] = ()
    """Sentences that say why nothing could be told or moved, and what else is worth knowing: which track of a
    recording was taken, that its clock jumps, that it was turned down."""


@dataclass(frozen=True)
class Aligned:
    """The account, and the splices that carry it out."""

    alignment: Alignment
    splices: tuple[Splice, ...]
    pairs: tuple[Pair, ...]
    """As they stand in the account."""


def align(
    impacts: Sequence[Impact],
    heard: SoundAnalysis,
    movement: MovementIn | None = None,
    first_sample: int = 0,
    *,
    move: bool = True,
) -> Aligned:
    """Align what was `heard` in a sound that begins at `first_sample` of media time with what was seen.

    With onsets and impacts that have nothing to do with each other nothing is moved; without `move` nothing
    ever is, and the account is of the sound as it lies.
    """
    lateness = estimate(impacts, heard, movement, first_sample)
    pairs = match(impacts, heard.onsets, lateness, first_sample)
    aligned = align_known_pairs(impacts, heard, pairs, lateness, first_sample, move=move and lateness.told)
    notes = _notes(impacts, heard, lateness)
    return replace(aligned, alignment=structs.replace(aligned.alignment, notes=notes))


def _notes(impacts: Sequence[Impact], heard: SoundAnalysis, lateness: Lateness) -> tuple[str, ...]:
    if not impacts:
        return ("Nothing is seen that should be heard: nothing is moved.",)
    if not heard.onsets:
        return ("Nothing is heard to begin: nothing is moved.",)
    if not lateness.told:
        return ("What is heard does not clearly belong to what is seen: nothing is moved.",)
    return ()


def align_known_pairs(
    impacts: Sequence[Impact],
    heard: SoundAnalysis,
    pairs: Sequence[Pair],
    lateness: Lateness,
    first_sample: int = 0,
    *,
    move: bool = True,
) -> Aligned:
    """The same where the pairs are known already, as with an engine that tells its hits."""
    splices = plan(pairs, heard.onsets, lateness, heard.level, heard.samples) if move else []
    account = _account(impacts, heard, pairs, lateness, splices, first_sample)
    return Aligned(account, tuple(splices), tuple(pairs))


def _account(
    impacts: Sequence[Impact],
    heard: SoundAnalysis,
    pairs: Sequence[Pair],
    lateness: Lateness,
    splices: Sequence[Splice],
    first_sample: int,
) -> Alignment:
    wanted = expected_samples(impacts, first_sample)
    after = output_positions(splices, [heard.onsets[pair.onset].sample for pair in pairs])
    aligned = tuple(
        AlignedPair(
            impact=round(float(impacts[pair.impact].time), 6),
            onset=round((heard.onsets[pair.onset].sample + first_sample) / SAMPLE_RATE, 6),
            before_ms=_ms(pair.before),
            after_ms=_ms(now - int(wanted[pair.impact])),
            confidence=round(pair.confidence, 3),
        )
        for pair, now in zip(pairs, after, strict=True)
    )
    away = [abs(pair.after_ms) for pair in aligned if pair.confidence >= SURE]
    return Alignment(
        pairs=aligned,
        shift_ms=_ms(float(np.median(lateness.late))),
        p50_ms=round(float(np.percentile(away, 50)), 3) if away else None,
        p95_ms=round(float(np.percentile(away, 95)), 3) if away else None,
        worst_ms=max(away) if away else None,
        unmatched_impacts=len(impacts) - len(pairs),
        unmatched_onsets=len(heard.onsets) - len(pairs),
    )


def _ms(samples: float) -> float:
    return round(samples * 1000 / SAMPLE_RATE, 3)
