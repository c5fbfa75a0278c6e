"""Alignment: what of a sound belongs to what of the picture, how far off it is, and where to move it.

The one door: what was seen and what was heard go in; the account of it, and the splices that put it right,
come out. It guarantees: nothing is told that impacts which were held out do not bear out (`held_out.py`), and
nothing is moved that is off by no more than the impacts themselves may be. All it tells is measured against
the impacts that were seen; whether these are right it cannot know. It reads no file and moves no sample
itself (`splice_rendering.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np
from msgspec import UNSET, UnsetType, structs

from foley_core.align.evidence import MovementIn
from foley_core.align.held_out import HeldOutCheck, check
from foley_core.align.lateness import Lateness, estimate, expected_samples
from foley_core.align.matching import Pair, match
from foley_core.align.sound_analysis import SoundAnalysis
from foley_core.align.splices import Splice, output_positions, plan
from foley_core.align.witness import Statement
from foley_core.picture.spotting import Impact
from foley_core.timecode import SAMPLE_RATE

SURE = 0.5
"""Confidence from which a pair counts."""
CLAIM = SAMPLE_RATE * 50 // 1000
"""Samples by which impacts may lie wrong at most where a sound is moved onto them: about what is noticed
(ITU-R BT.1359: 45 ms early)."""


class AlignedPair(msgspec.Struct, frozen=True):
    """An impact and its onset: how late it was, how late it is now."""

    impact: float
    """Media time of the impact, in seconds."""
    onset: float
    """Media time of the onset before anything was moved."""
    before_ms: float
    after_ms: float
    confidence: float


class Alignment(msgspec.Struct, frozen=True, kw_only=True):
    """The account of an alignment, measured against the impacts that were seen, and no truer than these.

    The percentiles are of the distances of confident pairs, afterwards.
    """

    told: bool = False
    """Whether impacts that were held out bear the lateness out, or the engine says where its hits lie. Where
    nothing is told there are no pairs."""
    moved: bool = False
    """Whether anything was moved."""
    within_ms: float | None = None
    """By how much the impacts themselves may lie wrong all together; None where that was not measured."""
    pairs: tuple[AlignedPair, ...]
    shift_ms: float | None
    """How late the sound was as a whole: the median over its length; None where nothing is told."""
    p50_ms: float | None
    p95_ms: float | None
    worst_ms: float | None
    unmatched_impacts: int
    unmatched_onsets: int
    notes: tuple[str, ...] = ()
    """Sentences that say why nothing could be told or moved, and what else is worth knowing: which track of a
    recording was taken, that its clock jumps, that it was turned down."""
    witnessed: int | UnsetType = UNSET
    """Of how many stretches of five seconds a third witness said how late the sound is; absent where none
    was asked."""


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
    ask: Callable[[], Statement] | None = None,
    move: bool = True,
) -> Aligned:
    """Align what was `heard` in a sound that begins at `first_sample` of media time with what was seen.

    With onsets and impacts that have nothing to do with each other nothing is moved; without `move` nothing
    ever is, and the account is of the sound as it lies. `ask` asks a third witness: only where impacts and
    onsets do not bear a lateness out by themselves, so that it can take nothing back.
    """

    def measured(statement: Statement | None) -> tuple[Lateness, HeldOutCheck]:
        lateness = estimate(impacts, heard, movement, first_sample, statement)
        return lateness, check(lateness, impacts, heard, first_sample, statement)

    statement = None
    lateness, checked = measured(None)
    if ask and impacts and heard.onsets and not checked.holds:
        statement = ask()
        lateness, checked = measured(statement)
    pairs = match(impacts, heard.onsets, lateness, first_sample) if checked.holds else []
    moves = move and _can_be_moved(lateness, checked)
    aligned = align_known_pairs(impacts, heard, pairs, lateness, first_sample, move=moves)
    account = structs.replace(
        aligned.alignment,
        told=checked.holds,
        within_ms=_ms(checked.within) if checked.holds else None,
        shift_ms=aligned.alignment.shift_ms if checked.holds else None,
        witnessed=UNSET if statement is None else len(statement.said),
    )
    notes = (*_notes(impacts, heard, lateness, checked), *_witness_notes(statement))
    return replace(aligned, alignment=structs.replace(account, notes=notes))


def _can_be_moved(lateness: Lateness, checked: HeldOutCheck) -> bool:
    """Whether it is late by more than the impacts may lie wrong, and these are seen exactly enough."""
    return checked.holds and checked.within <= CLAIM and not lateness.within(checked.within)


def _notes(
    impacts: Sequence[Impact], heard: SoundAnalysis, lateness: Lateness, checked: HeldOutCheck
) -> tuple[str, ...]:
    if not impacts:
        return ("Nothing is seen that should be heard: nothing is moved.",)
    if not heard.onsets:
        return ("Nothing is heard to begin: nothing is moved.",)
    if not checked.holds:
        return (
            f"{len(impacts)} impacts are seen and {len(heard.onsets)} onsets heard, which do not clearly "
            "belong together: whether this sound is late cannot be told, and nothing is moved.",
        )
    if lateness.right or _can_be_moved(lateness, checked):
        return ()
    return (
        f"The picture's impacts may themselves lie {_ms(checked.within):.0f} ms wrong all together: that is "
        "too much to move this sound by them.",
    )


def _witness_notes(statement: Statement | None) -> tuple[str, ...]:
    if statement is None or not statement.said:
        return ()
    seconds = 5 * len(statement.said)
    return (f"{statement.name} was asked as well how late this sound is, in {seconds} s of the film.",)


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
        told=True,
        moved=bool(splices),
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
