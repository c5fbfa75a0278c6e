"""A take's file read in constant memory: its sound, and its outline from one pass over it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from foley_core.errors import OutputDenied
from foley_core.samples import Sound

_BLOCK = 65_536


@dataclass(frozen=True)
class Waveform:
    """The sound in columns of equal time; of several channels, the louder."""

    low: NDArray[np.float32]
    """The lowest sample of each column, full scale at -1."""
    high: NDArray[np.float32]
    """The highest."""

    @property
    def peak(self) -> float:
        """The largest sample, regardless of sign."""
        return float(max(self.high.max(initial=0.0), -self.low.min(initial=0.0)))


def waveform(path: Path, columns: int) -> Waveform:
    """Read the sound file `path` into `columns` columns, or as many as it has samples.

    Raises `OutputDenied` where it is not there any more.
    """
    with _opened(path) as file:
        columns = max(1, min(columns, file.frames))
        low, high = np.zeros(columns, np.float32), np.zeros(columns, np.float32)
        done = 0
        for block in _blocks(file):
            of_column = np.arange(done, done + len(block)) * columns // file.frames
            starts = np.flatnonzero(np.diff(of_column, prepend=-1))
            here = of_column[starts]
            low[here] = np.minimum(low[here], np.minimum.reduceat(block.min(axis=1), starts))
            high[here] = np.maximum(high[here], np.maximum.reduceat(block.max(axis=1), starts))
            done += len(block)
    return Waveform(low, high)


def sound_of(path: Path) -> Iterator[Sound]:
    """The sound of the file, in blocks; `OutputDenied` where it is not there any more."""
    with _opened(path) as file:
        yield from _blocks(file)


def _blocks(file: soundfile.SoundFile) -> Iterator[Sound]:
    blocks: Iterator[Sound] = file.blocks(_BLOCK, dtype="float32", always_2d=True)
    return blocks


def _opened(path: Path) -> soundfile.SoundFile:
    try:
        return soundfile.SoundFile(path)
    except soundfile.LibsndfileError as error:
        raise OutputDenied(
            f"{path} was just made, and cannot be read: {error.error_string}", "Was it moved?"
        ) from error
