"""Draws films that carry a timecode."""

from __future__ import annotations

import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av

from tests.films import Make, draw_film, steady_times


def draw_timecoded(
    path: Path,
    rate: Fraction,
    timecode: str,
    *,
    missing: int | None = None,
    flash: int | None = None,
    seconds: int = 2,
) -> Path:
    """A film with a timecode that may lack a frame, and of which one may be white."""
    times = [time for number, time in enumerate(steady_times(rate, seconds)) if number != missing]
    flashes = () if flash is None else (times.index(flash / rate),)
    make = Make(suffix=path.suffix if path.suffix in (".mov", ".mp4") else ".mkv")
    silent = draw_film(path.with_name("silent"), make, rate, times, flashes)
    return with_timecode(silent.path, path, timecode)


def with_timecode(silent: Path, path: Path, timecode: str) -> Path:
    """The film copied with a timecode, which MOV and MP4 hold in a track of its own, others as a tag."""
    with av.open(str(silent)) as film, av.open(str(path), "w") as output:
        copy = output.add_stream_from_template(film.streams.video[0])
        output.metadata["timecode"] = timecode
        for packet in film.demux(film.streams.video[0]):
            if packet.size:
                packet.stream = copy
                output.mux(packet)
    return path


def patched(path: Path, change: Callable[[bytearray, int], None]) -> Path:
    """The MOV with its timecode's description changed, which begins at that byte."""
    content = bytearray(path.read_bytes())
    change(content, content.index(b"tmcd", content.rindex(b"stsd")))
    path.write_bytes(content)
    return path


def flagged(flags: int) -> Callable[[bytearray, int], None]:
    """Sets the flags of a timecode track: 1 is drop frame, 8 a counter."""
    return lambda content, at: struct.pack_into(">I", content, at + 16, flags)
