"""Tiny films (96x54) whose frames are shown at any times at all: late, never, twice, hours later, or earlier.

Frames are encoded one by one, and each packet is given its time only then, so no encoder minds the times.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.stream import VideoStream

from tests.picture.drawn import Picture, thing_at

WIDTH, HEIGHT = 96, 54
RATE = 25
STEP = 1000 // RATE
"""Milliseconds from frame to frame, where nothing is odd."""
STRIKE = Fraction(777, 1000)
"""Seconds into `bounce` at which the thing is thrown back."""
BOUNCE = 40
"""Frames of `bounce`."""
GRAY, WHITE = np.full((HEIGHT, WIDTH), 60, np.uint8), np.full((HEIGHT, WIDTH), 255, np.uint8)


def bounce(time: float) -> Picture:
    """Something is thrown back, and goes on."""
    large = thing_at(40 + 100 * time, 150 - 160 * abs(time - float(STRIKE)))
    return np.asarray(cv2.resize(large, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)


def clocked(path: Path, times: Sequence[int], pictures: Sequence[Picture]) -> Path:
    """A film with each of the pictures at its time in milliseconds, in the order of the file."""
    with av.open(str(path), "w") as output:
        video = output.add_stream("mpeg4", rate=RATE, options={"qscale": "2", "g": "12", "bf": "0"})
        assert isinstance(video, VideoStream)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        video.codec_context.qmin = video.codec_context.qmax = 2
        gray = (av.VideoFrame.from_ndarray(picture, format="gray") for picture in pictures)
        packets = [
            packet
            for frame in (*gray, None)
            for packet in video.encode(frame and frame.reformat(format="yuv420p"))
        ]
        for time, packet in zip(times, packets, strict=True):
            packet.time_base = Fraction(1, 1000)
            packet.pts, packet.dts, packet.duration = time, min(time, 0), STEP
            output.mux(packet)
    return path
