"""How a drawn scene becomes a film file: exposure, light, noise, what is laid over it, and compression."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

import av
import cv2
import numpy as np
from av.video.stream import VideoStream
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.training.scene import Light

Seen: TypeAlias = Callable[[float], Light]
"""The picture at a time, as the camera sees it in no time at all."""
Over: TypeAlias = Callable[[Light, float], Light]
"""What is laid over a picture."""

RATES = tuple(
    Fraction(rate)
    for rate in ("15", "43/2", "24000/1001", "24", "25", "123/5", "30000/1001", "30", "50", "60000/1001")
)
_ODDS = (0.1, 0.07, 0.1, 0.12, 0.15, 0.06, 0.17, 0.15, 0.04, 0.04)
SIZES = ((320, 180), (320, 240), (240, 180), (180, 320), (426, 240), (480, 270))
_CODECS = (
    ("libx264", {"preset": "veryfast", "x264-params": "mbtree=0"}, "crf", (17, 36), 0.62),
    ("mpeg4", {}, "qscale", (2, 14), 0.14),
    ("mpeg2video", {}, "qscale", (2, 12), 0.08),
    ("mjpeg", {"strict": "-1"}, "qscale", (2, 12), 0.08),
    ("libvpx", {"deadline": "good", "cpu-used": "5", "b": "0"}, "crf", (8, 45), 0.08),
)
"""Encoder, its options, the one that says how coarse, from where to where, and how often it is taken.

With its macroblock tree x264 compresses the same pictures differently now and then, whatever its threads."""


@dataclass(frozen=True)
class Recording:
    """How one film is recorded."""

    rate: Fraction
    size: tuple[int, int]
    exposure: float
    """Share of the time between frames in which a frame gathers light."""
    noise: float
    """Deviation of each pixel, of 255, anew in each frame."""
    soft: float
    """Deviation of the lens's blur, in pixels."""
    interlaced: bool
    """Each frame is woven of two fields."""
    repeated: float
    """Share of frames that show the frame before once more."""
    smeared: float
    """Share of each frame that is left of the one before, as cameras mix them against noise in the dark."""
    codec: str
    options: tuple[tuple[str, str], ...]
    seed: int

    @property
    def height(self) -> float:
        """Of the picture, in widths."""
        return self.size[1] / self.size[0]


def recording(rng: Generator) -> Recording:
    """One of those that are met with."""
    number = int(rng.choice(len(_CODECS), p=[codec[-1] for codec in _CODECS]))
    codec, options, coarse, (finest, coarsest), _ = _CODECS[number]
    rate = RATES[int(rng.choice(len(RATES), p=_ODDS))]
    if codec == "mpeg2video" and (rate == 15 or rate.denominator not in (1, 1001)):
        codec = "mpeg4"  # MPEG-2 knows none but broadcasters' rates
    chosen = {**options, coarse: str(int(rng.integers(finest, coarsest)))}
    return Recording(
        rate=rate,
        size=SIZES[int(rng.choice(len(SIZES), p=(0.5, 0.12, 0.08, 0.06, 0.14, 0.1)))],
        exposure=float(rng.choice([0.05, 0.25, 0.5, 0.9])),
        noise=float(rng.choice([0.0, 1.0, 3.0, 8.0], p=(0.35, 0.3, 0.25, 0.1))),
        soft=float(rng.uniform(0, 1.2)),
        interlaced=bool(rng.random() < 0.05),
        repeated=float(rng.choice([0.0, 0.03, 0.2], p=(0.92, 0.05, 0.03))),
        smeared=float(rng.uniform(0.15, 0.5)) if rng.random() < 0.15 else 0.0,
        codec=codec,
        options=tuple(chosen.items()),
        seed=int(rng.integers(1 << 31)),
    )


def record(path: Path, how: Recording, seen: Seen, over: Over, seconds: float) -> Path:
    """The film, in a file."""
    with av.open(str(path), "w", format="matroska") as output:
        stream = output.add_stream(how.codec, rate=how.rate, options=_for_codec(how))
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = how.size
        stream.pix_fmt = "yuvj420p" if how.codec == "mjpeg" else "yuv420p"
        stream.codec_context.thread_count = 1
        if "qscale" in dict(how.options):
            stream.codec_context.flags |= av.codec.context.Flags.qscale
            stream.codec_context.global_quality = 118 * int(dict(how.options)["qscale"])
        for number, picture in enumerate(_pictures(how, seen, over, seconds)):
            frame = av.VideoFrame.from_ndarray(picture, format="gray").reformat(format=stream.pix_fmt)
            frame.pts, frame.time_base = number, 1 / how.rate
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def _for_codec(how: Recording) -> dict[str, str]:
    return {name: value for name, value in how.options if name != "qscale"}


def _pictures(how: Recording, seen: Seen, over: Over, seconds: float) -> Iterator[NDArray[np.uint8]]:
    rng = np.random.default_rng(how.seed)
    period = float(1 / how.rate)
    last: NDArray[np.uint8] | None = None
    kept: Light | None = None
    for number in range(int(seconds * how.rate)):
        if last is not None and rng.random() < how.repeated:
            yield last
            continue
        time = number * period
        light = _exposed(how, seen, time, period)
        if how.interlaced:
            light[1::2] = _exposed(how, seen, time + period / 2, period)[1::2]
        if how.soft > 0.3:
            light = cv2.GaussianBlur(light, (0, 0), how.soft).astype(np.float32)
        if how.smeared:
            kept = light if kept is None else light + np.float32(how.smeared) * (kept - light)
            light = kept
        light = over(light, time)
        if how.noise:
            light = light + rng.normal(0, how.noise, light.shape).astype(np.float32)
        last = np.clip(np.rint(light), 0, 255).astype(np.uint8)
        yield last


def _exposed(how: Recording, seen: Seen, time: float, period: float) -> Light:
    """The light that one frame gathers: its shutter opens at its time."""
    steps = 1 if how.exposure < 0.1 else 3 if how.exposure < 0.4 else 5
    passed = how.exposure * period
    pictures = [seen(time + passed * (step + 0.5) / steps) for step in range(steps)]
    return np.asarray(np.mean(pictures, axis=0), np.float32)
