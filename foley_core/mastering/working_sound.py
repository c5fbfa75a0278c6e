"""The working sound: a take's sound on disk in float32, between the engine and the files.

It is written once, as the engine plays, and read as often as mastering likes: with the hits moved, a gain,
soft ends and the limiter. The same comes out of every reading, and memory does not grow with the length.
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
from foley_core.errors import writing
from foley_core.mastering.limiter import Gain, Read, limiter_gain
from foley_core.mastering.loudness import Loudness, Meter
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

FADE_IN = SAMPLE_RATE * 2 // 1000
FADE_OUT = SAMPLE_RATE * 10 // 1000

_FRAME = 8  # Bytes of a stereo sample in float32.
_PASS = SAMPLE_RATE  # Samples read from the working file at a time.


@dataclass(frozen=True)
class Limited:
    """What a sound measures behind the limiter, and what the limiter did."""

    loudness: Loudness
    most_db: float
    """The most it took away."""
    share: float
    """Of the time, in which it took anything away: 0 to 1."""


class WorkingSound:
    """The engine's sound on disk in float32: the mix, and each layer where stems are wanted.

    With `apart` there are only the layers (then all of them), and the mix is their sum: so the hits can be
    moved. `width` is how far apart left and right are kept, 0 to 1; with `mono` both sides are the same, and
    the loudness is that of one. A context manager; the files are gone when it ends, whatever happened.
    """

    def __init__(
        self,
        folder: Path,
        layers: tuple[Layer, ...],
        *,
        apart: bool = False,
        width: float = 1.0,
        mono: bool = False,
    ) -> None:
        self._folder = folder
        self._width, self._channels = 0.0 if mono else width, 1 if mono else 2
        self._layers = layers
        self._apart = apart
        self._splices: Sequence[Splice] = ()
        self._files: dict[Layer | None, BinaryIO] = {}
        self._meter = Meter(self._channels)
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
        block = {layer: _narrowed(sound, self._width) for layer, sound in block.items()}
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
        self._splices, self._meter = splices, Meter(self._channels)
        for first, count in self._pieces():
            self._meter.feed(self._sound(None, first, count))
            tick(first / self.samples)

    def loudness(self) -> Loudness:
        """Of the whole mix; to be asked once, after the last block."""
        return self._meter.reading()

    def limited(self, gain: float, ceiling: float, tick: Callable[[float], None]) -> Limited:
        """Measure the mix with `gain` and the limiter, both linear; `tick` is told the share."""
        meter, lowest, samples = Meter(self._channels), 1.0, 0
        for first, count in self._pieces():
            limiter = self._limiter(first, count, gain, ceiling)
            meter.feed(self._part(None, first, count, gain) * limiter[:, None])
            lowest = min(lowest, float(limiter.min()))
            samples += int(np.count_nonzero(limiter < 1))
            tick((first + count) / self.samples)
        return Limited(meter.reading(), -20 * math.log10(lowest), samples / self.samples)

    def read(
        self, layer: Layer | None, gain: float, ceiling: float | None = None, *, whole: bool = True
    ) -> Iterator[Sound]:
        """The mix (None) or a layer from the start, with `gain` (linear) and faded ends.

        With a `ceiling` (linear) the limiter keeps the mix below it, and each layer gets the mix's gain. The
        last of several stems takes up what rounding leaves of the others, so that as files of 24 bits they
        add up to the mix; without `whole` that is the rounding of float.
        """
        rounded = _rounded if whole else _as_it_is
        others = self._layers[:-1] if layer and layer == self._layers[-1] else ()
        for first, count in self._pieces():
            limiter = None if ceiling is None else self._limiter(first, count, gain, ceiling)
            sound = self._part(None if others else layer, first, count, gain, limiter)
            if others:
                rest = (rounded(self._part(other, first, count, gain, limiter)) for other in others)
                sound = rounded(sound) - sum(rest)
            yield sound

    def _pieces(self) -> Iterator[tuple[int, int]]:
        """First and count of each stretch that is worked on at a time."""
        for first in range(0, self.samples, _PASS):
            yield first, min(_PASS, self.samples - first)

    def _limiter(self, first: int, count: int, gain: float, ceiling: float) -> Gain:
        def mix(at: int, much: int) -> Sound:
            return _padded(lambda at, much: self._part(None, at, much, gain), self.samples, at, much)

        return limiter_gain(mix, first, count, ceiling)

    def _part(
        self, layer: Layer | None, first: int, count: int, gain: float, limiter: Gain | None = None
    ) -> Sound:
        sound = self._sound(layer, first, count) * np.float32(gain)
        if first < FADE_IN or first + count > self.samples - FADE_OUT:
            sound *= _ends(first, count, self.samples)[:, None]
        return sound if limiter is None else sound * limiter[:, None]

    def _sound(self, layer: Layer | None, first: int, count: int) -> Sound:
        """As it is to be heard: the hits moved, the mix put together."""
        if layer is None and self._apart:
            return _sum([self._sound(name, first, count) for name in self._layers])
        if layer == "hits" and self._splices:
            return spliced_part(lambda at, much: self._played("hits", at, much), self._splices, first, count)
        return self._played(layer, first, count)

    def _played(self, layer: Layer | None, first: int, count: int) -> Sound:
        """As the engine played it; silence before its beginning and after its end."""
        file = self._files[layer]

        def read(at: int, much: int) -> Sound:
            file.seek(at * _FRAME)
            return np.frombuffer(file.read(much * _FRAME), dtype=np.float32).reshape(-1, 2)

        return _padded(read, self.samples, first, count)

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


def _padded(read: Read, samples: int, first: int, count: int) -> Sound:
    """`count` samples from `first` of a sound of `samples`; silence beyond both ends."""
    begin = min(max(first, 0), samples)
    end = max(min(first + count, samples), begin)
    sound = read(begin, end - begin)
    before = min(max(-first, 0), count)
    behind = count - before - len(sound)
    return np.pad(sound, ((before, behind), (0, 0))) if before or behind else sound


def _sum(sounds: Iterable[Sound]) -> Sound:
    return np.asarray(sum(sounds), dtype=np.float32)


def _narrowed(sound: Sound, width: float) -> Sound:
    """With the difference of the sides made smaller, and their middle kept."""
    if width == 1:
        return sound
    middle = (sound[:, :1] + sound[:, 1:]) * np.float32(0.5)
    return np.asarray(middle + (sound - middle) * np.float32(width), np.float32)


def _as_it_is(sound: Sound) -> Sound:
    return sound


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
