"""Sync: which hit sounds for which impact that was seen, how late it is, and how hits must be moved.

An engine that says where its hits lie is believed; of another, the onsets in the sound of its hits are
matched to the impacts (`align/`), where these tell anything. Nothing is moved unless the cue asks for it
(`snap`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec
import numpy as np
from msgspec import UNSET, structs

from foley_core.align.alignment import Aligned, AlignedPair, align, align_known_pairs
from foley_core.align.lateness import Lateness
from foley_core.align.matching import Pair
from foley_core.align.onsets import Onset
from foley_core.align.sound_analysis import SoundAnalysis
from foley_core.align.splices import Splice, output_positions
from foley_core.engines.engine import Brief, Hit
from foley_core.picture.spotting import Impact
from foley_core.take import HEARD, AlignmentSummary, SoundedImpact
from foley_core.timecode import exact_text, sample_at


@dataclass(frozen=True)
class SyncResult:
    """What came of the impacts, and what is to be done to the hits."""

    impacts: tuple[SoundedImpact, ...]
    alignment: AlignmentSummary | None = None
    splices: tuple[Splice, ...] = ()


def sync_hits(
    brief: Brief,
    hits: Sequence[Hit] | None,
    heard: SoundAnalysis | None,
    alignment: Literal["off", "report", "snap"],
) -> SyncResult:
    """Each impact of the brief with its hit.

    `hits` is what the engine says, `heard` what was heard of them; either may be None. With `alignment` off
    no offsets are told.
    """
    impacts, first, move = brief.picture.impacts(), brief.first_sample, alignment == "snap"
    if hits is not None:
        heard, pairs = _told(impacts, hits, heard, brief)
        aligned = align_known_pairs(impacts, heard, pairs, Lateness(), first, move=move)
    elif heard is not None:
        aligned = align(impacts, heard, brief.picture.movement, first, move=move)
    else:
        return SyncResult(tuple(_sounded(impact) for impact in impacts))
    names = {hit.impact: hit.sound for hit in hits or ()}
    lie = _sounded_hits(aligned, heard, brief.samples)
    sounded = [_sounded(impact, lie.get(i), names.get(i, HEARD)) for i, impact in enumerate(impacts)]
    if alignment == "off":
        return SyncResult(tuple(_without_offsets(impact) for impact in sounded))
    summary = msgspec.convert(aligned.alignment, AlignmentSummary, from_attributes=True)
    return SyncResult(tuple(sounded), summary, aligned.splices)


def _told(
    impacts: Sequence[Impact], hits: Sequence[Hit], heard: SoundAnalysis | None, brief: Brief
) -> tuple[SoundAnalysis, list[Pair]]:
    """The hits that the engine says as onsets, each with its impact."""
    known = {hit.impact: hit for hit in hits if 0 <= hit.impact < len(impacts)}
    ordered = sorted(known.values(), key=lambda hit: hit.sample)
    onsets = tuple(Onset(hit.sample - brief.first_sample, hit.strength) for hit in ordered)
    pairs = [
        Pair(hit.impact, index, hit.sample - sample_at(impacts[hit.impact].time), 1.0)
        for index, hit in enumerate(ordered)
    ]
    level = heard.level if heard else np.zeros(0, np.float32)
    return SoundAnalysis(brief.samples, onsets, level), pairs


@dataclass(frozen=True)
class _SoundedHit:
    """Where a hit lies in the take, and how it came there."""

    sample: int
    pair: AlignedPair


def _sounded_hits(aligned: Aligned, heard: SoundAnalysis, samples: int) -> dict[int, _SoundedHit]:
    """For each impact that has one, the hit; those that fell off either end of the take have gone."""
    places = output_positions(aligned.splices, [heard.onsets[pair.onset].sample for pair in aligned.pairs])
    found = zip(aligned.pairs, aligned.alignment.pairs, places, strict=True)
    return {pair.impact: _SoundedHit(at, account) for pair, account, at in found if 0 <= at < samples}


def _sounded(impact: Impact, lies: _SoundedHit | None = None, name: str = "") -> SoundedImpact:
    return SoundedImpact(
        time=float(impact.time),
        time_exact=exact_text(impact.time),
        strength=round(impact.strength, 4),
        x=round(impact.x, 4),
        y=round(impact.y, 4),
        sound=name if lies else "",
        sample=lies.sample if lies else None,
        layer=impact.layer if lies and name != HEARD else UNSET,
        before_ms=lies.pair.before_ms if lies else None,
        offset_ms=lies.pair.after_ms if lies else None,
        confidence=lies.pair.confidence if lies else None,
    )


def _without_offsets(impact: SoundedImpact) -> SoundedImpact:
    return structs.replace(impact, before_ms=None, offset_ms=None, confidence=None)
