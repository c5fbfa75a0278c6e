"""The take: one result for a cue, and the record of how it was made.

A `Take` is what the service answers, what the WAV carries in its iXML chunk, and what the report is drawn
from: one form everywhere. Times are seconds for people, with the exact rational beside them for machines.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from foley_core.timecode import SAMPLE_RATE, exact

LOUDNESS_NEAR = 0.5
"""LU by which a take may miss the loudness asked for, and nothing is said of it."""
_GATING_BLOCK = Fraction(2, 5)
"""Seconds; a shorter sound has no loudness (ITU-R BS.1770-4)."""
PREVIEW_NOTE = "preview"
"""The name of the note on a preview whose picture is not as it was in the film, or that was left out."""
HEARD = "heard"
"""What an impact sounds like whose hit was only listened for: the engine does not say where its hits lie."""


def stem_path(take: Path, layer: str) -> Path:
    """Where a layer's stem lies: beside its take, as NAME-LAYER.wav."""
    return take.with_name(f"{take.stem}-{layer}{take.suffix}")


class SoundedImpact(msgspec.Struct, frozen=True, kw_only=True):
    """An impact, and the hit that sounds for it."""

    time: float
    """Media time in seconds."""
    time_exact: str
    """The same, exact: `"1787/2000"`."""
    strength: float
    """How hard it is struck, 0 to 1."""
    x: float
    """Place in the frame: 0 left, 1 right."""
    y: float
    """0 top, 1 bottom."""
    sound: str = ""
    """What sounds there; empty if nothing does."""
    sample: int | None = None
    """Where the hit's attack lies in the take's file, counted from its first sample."""
    before_ms: float | None = None
    """How much later than the picture the engine sounded the hit."""
    offset_ms: float | None = None
    """How much later than the picture it sounds in the take."""
    layer: str | UnsetType = UNSET
    """The layer that the hit is part of, where the user has named one; else hits."""
    confidence: float | None = None
    """How sure it is that this hit belongs to this impact, 0 to 1; 1 where the engine says so."""


class AlignmentSummary(msgspec.Struct, frozen=True, kw_only=True):
    """How a take's hits lie to the impacts that were seen, all in all, and no truer than these are.

    Distances are of those that surely belong.
    """

    told: bool = True
    """Whether the engine says where its hits lie, or impacts that were held out bear out what was heard."""
    moved: bool = False
    """Whether any hit was moved."""
    within_ms: float | None = None
    """By how much the impacts themselves may lie wrong all together; None where that was not measured."""
    shift_ms: float | None = None
    """How late the engine's sound was as a whole; None where nothing is told."""
    p50_ms: float | None = None
    """Half of the hits lie no further from their impacts than this."""
    p95_ms: float | None = None
    """The same of 95 in 100."""
    worst_ms: float | None = None
    """The furthest lies so far; None where nothing surely belongs together."""
    unmatched_impacts: int
    """How many were seen for which nothing sounds."""
    unmatched_onsets: int
    """How many are heard for which nothing was seen."""
    notes: tuple[str, ...] = ()
    """What else is to be said of it, in sentences for people."""


class Take(msgspec.Struct, frozen=True, kw_only=True):
    """One result for a cue."""

    path: str
    """The WAV."""
    seed: int
    """The cue's seed counted up by the take's number."""
    engine: str
    """The name of the one that played."""
    engine_version: str
    """Its version; another one may sound different."""
    samples: int
    """Length of the file, handles included, in samples per channel."""
    sample_rate: int = SAMPLE_RATE
    """Samples per second."""
    channels: int = 2
    """2, or 1 for a mono take."""
    bits: int
    """Of a sample: 16, 24, or 32, which is float."""
    start: float
    """Media time of the first sample: the cue's in-point less `head`."""
    start_exact: str
    """The same, exact: `"1001/24000"`."""
    time_reference: int
    """That moment in samples since midnight of the film's own timecode: what the WAV's bext chunk carries."""
    head: int
    """Samples before the in-point: the handle, or less where the timecode would turn negative."""
    tail: int
    """Samples after the out-point: the handle."""
    impacts: tuple[SoundedImpact, ...]
    """In order of time."""
    alignment: AlignmentSummary | None = None
    """How its hits lie to what was seen; None where that was not asked for."""
    unknown_words: tuple[str, ...] = ()
    """Words of the prompt that the engine does not know; they changed nothing."""
    near_words: dict[str, tuple[str, ...]] = {}
    """For each unknown word the known ones that it may be a slip for, best first; for most there is none."""
    stems: dict[str, str] = {}
    """Layer to the path of its WAV."""
    lufs: float | None
    """Integrated loudness, in LUFS; None where the take is too short or too quiet to have one."""
    true_peak: float | None
    """In dBTP; None for silence."""
    gain_db: float
    """What mastering did to the engine's level, one gain for the whole take."""
    limited_db: float = 0.0
    """The most that the limiter took from a peak; 0 where there was none."""
    limited_share: float = 0.0
    """Of the time, in which it took anything away: 0 to 1."""
    decoded_frames: int = 0
    """Frames decoded to make this take; 0 where the picture was known already."""
    cached: bool = False
    """Whether it was there already, and is only delivered once more."""
    notes: dict[str, str] = {}
    """What the engine says of how it was made; under `preview`, how its preview differs from the film."""
    remarks: tuple[str, ...] = ()
    """What could not be read in the film, or not be reached, in sentences for people."""
    cue: dict[str, Any]
    """The cue as it was played, with its range and seed filled in, and without its batch."""

    @property
    def start_time(self) -> Fraction:
        """Media time of the first sample, exact."""
        return exact(self.start_exact)

    @property
    def hits_given(self) -> bool:
        """Whether the user gave its hits, in place of those that are seen."""
        return self.cue.get("hits") is not None or self.cue.get("hit_list") is not None

    def missed_loudness(self) -> str:
        """A sentence on why it has not the loudness asked for, or none at all; empty where all is well."""
        wanted = self.cue.get("loudness")
        if self.lufs is None and Fraction(self.samples, self.sample_rate) < _GATING_BLOCK:
            return "The take is shorter than 0.4 s, so it has no loudness."
        if self.true_peak is None:
            return "The take is silent."
        if wanted is None:
            return ""
        if self.lufs is None:
            return f"The take is too quiet to be brought to {wanted:.1f} LUFS."
        if abs(self.lufs - wanted) <= LOUDNESS_NEAR:
            return ""
        limited = f", limited by up to {self.limited_db:.1f} dB," if self.limited_db else ""
        return f"{wanted:.1f} LUFS asked for, but its peaks{limited} allow no more."

    def file(self) -> Path:
        """The WAV as a `Path`."""
        return Path(self.path)
