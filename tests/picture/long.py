"""A film of many hours, made without drawing it: one minute, packet by packet, over and over.

Each minute has one frame a second but for two seconds in its middle, in which a thing is thrown back once.
"""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from tests.picture.drawn import Picture, film_at, thing_at

ROOT = Path(__file__).parents[2]
MINUTE = 60
BURST, STRIKE = 29, Fraction(29_777, 1000)
"""Seconds into the minute: when the thing begins to move, and when it is thrown back."""
_SIZE = (128, 72)


def minute(path: Path) -> Path:
    """One of the minutes."""
    times = sorted({*map(Fraction, range(MINUTE)), *(BURST + Fraction(n, 25) for n in range(50))})
    return film_at(path, times, _picture, options={"bf": "0", "g": "30"})


def _picture(time: float) -> Picture:
    moved = min(max(time - BURST, 0.0), 2.0)
    picture = thing_at(40 + 100 * moved, 150 - 160 * abs(moved - float(STRIKE - BURST)))
    return np.asarray(cv2.resize(picture, _SIZE, interpolation=cv2.INTER_AREA), np.uint8)


def lengthened(source: Path, path: Path, minutes: int) -> Path:
    """So many of the minutes, one after the other."""
    with av.open(str(source)) as opened, av.open(str(path), "w") as output:
        stream = opened.streams.video[0]
        copy = output.add_stream_from_template(stream)
        packets = [
            (bytes(packet), packet.pts, packet.dts, packet.is_keyframe)
            for packet in opened.demux(stream)
            if packet.size
        ]
        assert stream.time_base is not None
        for number in range(minutes):
            late = round(number * MINUTE / stream.time_base)
            for content, pts, dts, key in packets:
                packet = av.Packet(content)
                packet.pts, packet.dts, packet.time_base = pts + late, dts + late, stream.time_base
                packet.stream, packet.is_keyframe = copy, key
                output.mux(packet)
    return path


_PEAK = """
import sys, psutil
from fractions import Fraction
from pathlib import Path
from foley_core.media.probe import probe
from foley_core.picture.spotting_stream import SpottingStream
from foley_core.picture.watch import watch

path, start, end = Path(sys.argv[1]), Fraction(sys.argv[2]), Fraction(sys.argv[3])
process, peak = psutil.Process(), 0

def tick(share):
    global peak
    peak = max(peak, process.memory_info().rss)

seen = SpottingStream(start, end, watch(probe(path), start, end, tick)).spotting()
print(peak, len(seen.impacts))
"""


def peak(path: Path, start: int, end: int) -> tuple[int, int]:
    """Memory in bytes that watching takes at most, in a process of its own, and how many impacts it finds."""
    command = [sys.executable, "-c", _PEAK, str(path), str(start), str(end)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    most, impacts = done.stdout.split()
    return int(most), int(impacts)
