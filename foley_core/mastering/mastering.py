"""Mastering: one gain for the whole take, ends that do not click, and the files.

The engine's sound first goes to a float32 working file while its loudness is measured; then one constant gain
is chosen and everything is written in a second pass. So a take is never clipped, its inner balance is the
engine's, and stems add up to the mix. Memory does not grow with the length.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import numpy as np

from foley_core.align.splice_rendering import spliced_part
from foley_core.align.splices import Splice
from foley_core.cue import Layer
from foley_core.engines.engine import Block
from foley_core.errors import DiskFull, writing
from foley_core.mastering.loudness import SHORTEST, Loudness, Meter
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

CEILING = -1.0
"""dBTP that no take exceeds (EBU R 128 s1: -1 dBTP for programme at 48 kHz)."""
_AIM = CEILING - 0.05
"""dBTP to which too loud a take is lowered: another meter's filter may read a little more than ours."""
SHORT_PEAK = -6.0
"""dBTP given to a sound too short to have a loudness, where one is asked for."""
FADE_IN = SAMPLE_RATE * 2 // 1000
FADE_OUT = SAMPLE_RATE * 10 // 1000

_FRAME = 8  # Bytes of a stereo sample in float32.
_PASS = SAMPLE_RATE  # Samples read from the working file at a time.


class WorkingSound:
    """The engine's sound on disk in float32: the mix, and each layer where stems are wanted.

    With `apart` there are only the layers (then all of them), and the mix is their sum: so the hits can be
    moved. A context manager; the files are gone when it ends, whatever happened.
    """

    def __init__(self, folder: Path, layers: tuple[Layer, ...], *, apart: bool = False) -> None:
        self._folder = folder
        self._layers = layers
        self._apart = apart
        self._splices: Sequence[Splice] = ()
        self._files: dict[Layer | None, BinaryIO] = {}
        self._meter = Meter()
        self.samples = 0

    def __enter__(self) -> WorkingSound:
        with ExitStack() as opened:
            opened.callback(self._close)
            for name in self._layers if self._apart else (None, *self._layers):
                path = self._folder / f".working-{name or 'mix'}.f32"
                with writing(path):
                    self._files[name] = path.open("w+b")
            opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def add(self, block: Block) -> None:
        """Append the next block."""
        mix = _sum([block[layer] for layer in self._layers] if self._apart else block.values())
        self._meter.feed(mix)
        if not self._apart:
            self._write(None, mix)
        for layer in self._layers:
            self._write(layer, block[layer])
        self.samples += len(mix)

    def move_hits(self, splices: Sequence[Splice], tick: Callable[[float], None]) -> None:
        """From now on the hits are read as moved by `splices`; to be called once, after the last block.

        The loudness is measured anew, of which `tick` is told the share.
        """
        if not splices:
            return
        self._splices, self._meter = splices, Meter()
        for first in range(0, self.samples, _PASS):
            self._meter.feed(self._sound(None, first, min(_PASS, self.samples - first)))
            tick(first / self.samples)

    def loudness(self) -> Loudness:
        """Of the whole mix; to be asked once, after the last block."""
        return self._meter.reading()

    def read(self, layer: Layer | None, gain: float) -> Iterator[Sound]:
        """The mix (None) or a layer from the start, with `gain` (linear) and faded ends.

        The last of several stems takes up what rounding leaves of the others, so that as files of 24 bits
        they add up to the mix.
        """
        others = self._layers[:-1] if layer and layer == self._layers[-1] else ()
        for first in range(0, self.samples, _PASS):
            sound = self._part(None if others else layer, first, gain)
            if others:
                sound = _rounded(sound) - sum(_rounded(self._part(other, first, gain)) for other in others)
            yield sound

    def _part(self, layer: Layer | None, first: int, gain: float) -> Sound:
        count = min(_PASS, self.samples - first)
        sound = self._sound(layer, first, count) * np.float32(gain)
        if first < FADE_IN or first + count > self.samples - FADE_OUT:
            sound *= _ends(first, count, self.samples)[:, None]
        return sound

    def _sound(self, layer: Layer | None, first: int, count: int) -> Sound:
        """As it is to be heard: the hits moved, the mix put together."""
        if layer is None and self._apart:
            return _sum([self._sound(name, first, count) for name in self._layers])
        if layer == "hits" and self._splices:
            return spliced_part(lambda at, much: self._played("hits", at, much), self._splices, first, count)
        return self._played(layer, first, count)

    def _played(self, layer: Layer | None, first: int, count: int) -> Sound:
        """As the engine played it; silence before its beginning and after its end."""
        begin = min(max(first, 0), self.samples)
        end = max(min(first + count, self.samples), begin)
        file = self._files[layer]
        file.seek(begin * _FRAME)
        sound = np.frombuffer(file.read((end - begin) * _FRAME), dtype=np.float32).reshape(-1, 2)
        before = min(max(-first, 0), count)
        behind = count - before - len(sound)
        return np.pad(sound, ((before, behind), (0, 0))) if before or behind else sound

    def _write(self, layer: Layer | None, sound: Sound) -> None:
        file = self._files[layer]
        with writing(Path(file.name)):
            file.write(np.ascontiguousarray(sound).data)

    def _close(self) -> None:
        for file in self._files.values():
            with suppress(OSError):  # The last buffer may find no room; the file goes anyway.
                file.close()
            Path(file.name).unlink(missing_ok=True)
        self._files.clear()


def _sum(sounds: Iterable[Sound]) -> Sound:
    return np.asarray(sum(sounds), dtype=np.float32)


def _rounded(sound: Sound) -> Sound:
    """To the values that 24 bits have."""
    return np.asarray(np.rint(sound * np.float32(2**23)) / np.float32(2**23), np.float32)


def _ends(first: int, count: int, samples: int) -> Sound:
    """The fade envelope for `count` samples from `first` of a sound of `samples`: raised cosines."""
    position = np.arange(first, first + count)
    rise = min(FADE_IN, samples // 4) or 1
    fall = min(FADE_OUT, samples // 4) or 1
    edge = np.minimum(np.minimum(position / rise, (samples - 1 - position) / fall), 1.0)
    return np.asarray(0.5 - 0.5 * np.cos(math.pi * edge), dtype=np.float32)


@dataclass(frozen=True)
class Mastering:
    """What mastering does to a take, and what it measures afterwards."""

    gain_db: float
    lufs: float | None
    true_peak: float | None
    """dBTP; None for silence."""


def decide(measured: Loudness, wanted: float | None, samples: int) -> Mastering:
    """Choose the gain for a take that measured so; both figures move by just that gain."""
    gain = choose_gain(measured, wanted, samples)
    peak = measured.true_peak_db
    return Mastering(
        gain_db=gain,
        lufs=None if measured.lufs is None else measured.lufs + gain,
        true_peak=None if peak is None else peak + gain,
    )


def choose_gain(measured: Loudness, wanted: float | None, samples: int) -> float:
    """The one gain, in dB, for a take measured so.

    Without a wanted loudness the engine's own level stays, lowered only where it would pass the ceiling. A
    wanted loudness that the ceiling does not allow is reached as far as it does.
    """
    peak = measured.true_peak_db
    if peak is None:
        return 0.0
    room = _AIM - peak
    if wanted is None:
        return min(0.0, room)
    if samples < SHORTEST:
        return min(SHORT_PEAK - peak, room)
    if measured.lufs is None:
        return min(0.0, room)
    return min(wanted - measured.lufs, room)


def stem_path(take: Path, layer: Layer) -> Path:
    """Where a layer's stem lies: beside its take, as NAME-LAYER.wav."""
    return take.with_name(f"{take.stem}-{layer}{take.suffix}")


def require_disk_space(folder: Path, needed: int, free: Callable[[Path], int]) -> None:
    """Raise `DiskFull` before anything is made, where `needed` bytes will not fit."""
    with writing(folder):
        there = free(folder)
    if there < needed:
        raise DiskFull(
            f"The take needs {needed / 1e6:.0f} MB in {folder}, and {there / 1e6:.0f} MB are free.",
            "Free some space, or move FOLEY_HOME.",
        )


def bytes_needed(samples: int, bits: int, files: int, working: int) -> int:
    """Bytes that a take of so many files, and so many working files, take up at most."""
    return samples * 2 * (files * (bits // 8) + working * 4)
