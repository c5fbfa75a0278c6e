"""Sound made smaller: encoded for a preview's track, or as a file of its own that every browser plays.

That file is AAC in MP4. Of what FFmpeg can always encode it is the one that Safari plays in all versions, on
phones too; Chrome, Edge and Firefox have played it for as long. Opus is smaller, but older Safaris play it in
no container that others play. An edit list in the file takes the encoder's lead away, so that its time 0 is
the first sample.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.packet import Packet

from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

AAC_TYPE = "audio/mp4"
"""What a browser is told that it is."""
_QUICK = {"aac_coder": "fast"}
"""FFmpeg's quicker way to choose quantizers; from 64 kbit/s on it is no worse than the slow one."""


def encoded_sound(track: AudioStream, blocks: Iterable[Sound]) -> Iterator[Packet[AudioStream]]:
    """The packets of `blocks`, stereo at 48 kHz, for a track of a file that is being written."""
    played = 0
    for block in blocks:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block.T), "fltp", "stereo")
        frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, played, Fraction(1, SAMPLE_RATE)
        played += len(block)
        yield from track.encode(frame)
    yield from track.encode(None)


def write_aac(path: Path, blocks: Iterable[Sound], bit_rate: int) -> None:
    """Write `blocks` to `path` as AAC at about `bit_rate` bits a second, 64 000 or more.

    Memory hardly grows with the length. Raises what the system and FFmpeg raise.
    """
    with av.open(f"file:{path}", "w", format="mp4", options={"movflags": "faststart"}) as output:
        track = output.add_stream("aac", rate=SAMPLE_RATE, layout="stereo", options=_QUICK)
        assert isinstance(track, AudioStream)
        track.bit_rate = bit_rate
        for packet in encoded_sound(track, blocks):
            output.mux(packet)
