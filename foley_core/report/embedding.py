"""What a page holds in itself: sound and film as data, within bounds, in memory that does not grow.

All sound of a page together is at most 20 MB, so that it can be mailed, and browsers take it (some read no
more than 32 MB of data from a page). Short takes are heard at 128 kbit/s, longer ones at less; what would
need less than 64 kbit/s is linked. So a page holds up to 41 minutes of takes, 20 of them at the best rate. A
preview is within it up to 8 MB, if it is of a kind that browsers play.
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from urllib.parse import quote

import numpy as np

from foley_core.media.sound_encoding import write_aac
from foley_core.report.waveform import sound_of
from foley_core.samples import Sound
from foley_core.take import Take
from foley_core.timecode import SAMPLE_RATE

MOST_SOUND = 20_000_000
"""Bytes of sound in a page."""
MOST_FILM = 8_000_000
"""Bytes of a preview in it."""
BIT_RATES = (128_000, 96_000, 64_000)
FILM_TYPES = {".mp4": "video/mp4", ".webm": "video/webm"}
"""The previews that browsers play."""

_CHUNK = 3 * 2**16
"""A multiple of three, so that pieces of base64 join."""


def bit_rates(lengths: Sequence[Fraction]) -> list[int | None]:
    """The bit rate of each take, of these seconds; None for those that are linked, the last ones first."""
    total = sum(lengths, Fraction(0))
    bits = MOST_SOUND * 8
    rate = next((rate for rate in BIT_RATES if rate * total <= bits), BIT_RATES[-1])
    rates: list[int | None] = []
    used = Fraction(0)
    for length in lengths:
        used += rate * length
        rates.append(rate if used <= bits else None)
    return rates


@dataclass(frozen=True)
class Compressed:
    """A take made small, as a file."""

    path: Path
    bit_rate: int


def compress(takes: Sequence[Take], folder: Path, tick: Callable[[float], None]) -> list[Compressed | None]:
    """Each take compressed into `folder`; None for those that the page links.

    `tick` is told the share done, and may raise.
    """
    lengths = [Fraction(take.samples, take.sample_rate) for take in takes]
    made: list[Compressed | None] = []
    for number, (take, rate) in enumerate(zip(takes, bit_rates(lengths), strict=True)):
        if rate is None:
            made.append(None)
            continue
        small = Compressed(folder / f"take-{number + 1}.m4a", rate)
        before, total = sum(lengths[:number], Fraction(0)), sum(lengths, Fraction(0))
        write_aac(small.path, _told(_heard(take), before, total, tick), rate)
        made.append(small)
    return made


def over_full_scale(take: Take) -> float:
    """The dB by which a take in float is turned down where it is heard; 0 for any that needs it not."""
    return max(take.true_peak or 0.0, 0.0)


def _heard(take: Take) -> Iterator[Sound]:
    """The take on both sides, not over full scale."""
    level = np.float32(10 ** (-over_full_scale(take) / 20))
    for block in sound_of(take.file()):
        yield np.broadcast_to(block * level, (len(block), 2))


def _told(
    blocks: Iterator[Sound], done: Fraction, total: Fraction, tick: Callable[[float], None]
) -> Iterator[Sound]:
    for block in blocks:
        yield block
        done += Fraction(len(block), SAMPLE_RATE)
        tick(float(done / total))


def data_url(path: Path, kind: str) -> Iterator[str]:
    """The file as the address of data, piece by piece."""
    yield f"data:{kind};base64,"
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            yield b64encode(piece).decode()


def film_type(preview: Path) -> str | None:
    """What the preview is, if it goes into the page; None if it is linked."""
    kind = FILM_TYPES.get(preview.suffix.lower())
    return kind if kind and preview.stat().st_size <= MOST_FILM else None


def link_to(path: Path, folder: Path) -> str | None:
    """The address of a file for a page that lies in `folder`; None where none leads there (another drive).

    Whatever the file is called, the address is that of a file.
    """
    try:
        way = Path(os.path.relpath(path, folder))
    except ValueError:
        return None
    return f"./{quote(way.as_posix(), errors='surrogateescape')}"
