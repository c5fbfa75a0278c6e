"""Our own films: twenty seconds drawn and encoded once, made as long as wanted by copying their packets.

The times of all strikes and flashes are exact: they come from how a round is drawn, and round n lies n times
a round's exact length later. H.264 in MP4, of little detail, as an interview or an animation has.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.video.stream import VideoStream

from backend.soak.scene import FLASHES, STRIKES, Painter, Scene

ROUND = 20
"""Seconds of a round, or as near to it as whole frames allow."""
RATES: dict[str, Fraction | None] = {
    "29.97": Fraction(30_000, 1001),
    "VFR": None,
    "59.94": Fraction(60_000, 1001),
    "23.976": Fraction(24_000, 1001),
    "25": Fraction(25),
    "30": Fraction(30),
}
"""Each kind of film and its rate; None stands for one that varies, from 30 down to 24, as telephones film."""

_TICK = Fraction(1, 90_000)
_X264 = {"preset": "veryfast", "crf": "23", "sc_threshold": "0"}


@dataclass(frozen=True)
class Footage:
    """A film, and what is true of it in media time."""

    path: Path
    kind: str
    length: Fraction
    strikes: tuple[Fraction, ...]
    """What should be heard; none where nobody knows, as in a film that was given."""
    flashes: tuple[Fraction, ...]
    """When each white frame is first shown."""


@dataclass(frozen=True)
class Round:
    """A round's frames."""

    times: tuple[Fraction, ...]
    length: Fraction
    rate: Fraction
    """For the encoder; of a film that varies, about."""
    tick: Fraction

    def flashes(self) -> list[int]:
        """Numbers of the frames that are white."""
        return [next(n for n, time in enumerate(self.times) if time >= flash) for flash in FLASHES]


def draw(folder: Path, kind: str, seconds: Fraction, size: tuple[int, int] = (1920, 1080)) -> Footage:
    """A film of that kind, `seconds` long at least, in `folder`."""
    frames = frames_of(kind)
    short, path = folder / f"{kind}-round.mp4", folder / f"{kind}.mp4"
    _encode(short, frames, size)
    rounds = math.ceil(seconds / frames.length)
    _lengthen(short, path, frames, rounds)
    short.unlink()
    late = [number * frames.length for number in range(rounds)]
    return Footage(
        path,
        kind,
        rounds * frames.length,
        strikes=tuple(start + strike for start in late for strike in STRIKES),
        flashes=tuple(start + frames.times[n] for start in late for n in frames.flashes()),
    )


def frames_of(kind: str) -> Round:
    """The frames of a round of that kind of film."""
    rate = RATES[kind]
    if rate is None:
        return Round(tuple(_varying()), Fraction(ROUND), Fraction(27), _TICK)
    count = round(ROUND * rate)
    return Round(tuple(number / rate for number in range(count)), count / rate, rate, 1 / rate)


def _varying() -> Iterator[Fraction]:
    """Times in ticks, each step a little longer or shorter than the light asks for."""
    chance, time = random.Random(1), Fraction(0)
    while time < ROUND - Fraction(1, 100):
        yield time
        rate = 27 + 3 * math.cos(2 * math.pi * float(time) / ROUND)
        time += round(90_000 / rate * chance.uniform(0.9, 1.1)) * _TICK


def _encode(path: Path, frames: Round, size: tuple[int, int]) -> None:
    painter, white = Painter(Scene(*size, frames.length)), set(frames.flashes())
    options = _X264 | {"g": str(2 * round(frames.rate)), "bf": "0" if frames.tick == _TICK else "2"}
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=frames.rate, options=options)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.time_base = frames.tick
        for number, time in enumerate(frames.times):
            picture = painter.white() if number in white else painter.picture(time)
            frame = av.VideoFrame.from_ndarray(picture, format="yuv420p")
            frame.pts, frame.time_base = int(time / frames.tick), frames.tick
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))


def _lengthen(short: Path, path: Path, frames: Round, rounds: int) -> None:
    """Copy the round again and again, each packet at its exact time."""
    with av.open(str(short)) as source, av.open(str(path), "w") as output:
        packets = [packet for packet in source.demux(video=0) if packet.size]
        stream = output.add_stream_from_template(source.streams.video[0])
        for number, packet in itertools.product(range(rounds), packets):
            output.mux(_later(packet, number * frames.length, stream))


def _later(packet: Any, seconds: Fraction, stream: Any) -> Any:
    ticks = seconds / packet.time_base
    assert ticks.denominator == 1
    copied = av.Packet(bytes(packet))
    copied.pts, copied.dts, copied.duration = (
        packet.pts + int(ticks),
        packet.dts + int(ticks),
        packet.duration,
    )
    copied.time_base, copied.is_keyframe, copied.stream = packet.time_base, packet.is_keyframe, stream
    return copied
