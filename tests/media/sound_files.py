"""Writes sound files and films with sound of which every sample, place and time is known."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.stream import Disposition
from numpy.typing import NDArray

from foley_core.timecode import SAMPLE_RATE

Wave = NDArray[np.float32]
"""Shape (samples, channels)."""
_FLOAT = bytes.fromhex("0300000000001000800000aa00389b71")


def clicks(length: int, at: Sequence[int], level: float = 0.5) -> NDArray[np.float32]:
    """One channel of silence with single samples."""
    wave = np.zeros(length, np.float32)
    wave[list(at)] = level
    return wave


def one_of(channels: int, channel: int, wave: NDArray[np.float32]) -> Wave:
    """`wave` in one channel of many, which are silent else."""
    many = np.zeros((len(wave), channels), np.float32)
    many[:, channel] = wave
    return many


def write_masked(path: Path, wave: Wave, mask: int | None) -> Path:
    """A WAV in float; `mask` says where the channels belong, None writes the old form that has no mask."""
    channels, data = wave.shape[1], wave.astype("<f4").tobytes()
    tag, frame = (3 if mask is None else 0xFFFE), 4 * channels
    form = struct.pack("<HHIIHH", tag, channels, SAMPLE_RATE, SAMPLE_RATE * frame, frame, 32)
    if mask is not None:
        form += struct.pack("<HHI", 22, 32, mask) + _FLOAT
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data)) + data
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


@dataclass(frozen=True)
class Track:
    """A sound track of a file, of one or two channels."""

    wave: Wave
    codec: str = "pcm_s16le"
    language: str = ""
    flags: Disposition | None = None
    times: dict[int, int] = field(default_factory=dict)
    """From sample to the time, in samples, that the container states from there on."""


def write_tracks(path: Path, *tracks: Track, picture: int | None = None, block: int = 480) -> Path:
    """A file with these tracks, in blocks of 10 ms; `picture` frames at 25 a second before them."""
    with av.open(str(path), "w") as output:
        streams = []
        film = output.add_stream("mpeg4", rate=25) if picture else None
        if film is not None:
            film.width, film.height, film.pix_fmt = 64, 48, "yuv420p"
        for track in tracks:
            stream = output.add_stream(
                track.codec, rate=SAMPLE_RATE, layout="mono" if track.wave.shape[1] == 1 else "stereo"
            )
            assert isinstance(stream, AudioStream)
            if track.codec.startswith("wma"):
                stream.bit_rate = 128_000
            if track.flags is not None:
                stream.disposition = track.flags
            if track.language:
                stream.metadata["language"] = track.language
            streams.append(stream)
        for number in range(picture or 0):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64), 90, np.uint8), "gray")
            frame.pts = number
            output.mux(film.encode(frame.reformat(format="yuv420p")))  # type: ignore[union-attr]
        if film is not None:
            output.mux(film.encode(None))
        for stream, track in zip(streams, tracks, strict=True):
            _write_track(output, stream, track, block)
    return path


def _write_track(output: av.container.OutputContainer, stream: AudioStream, track: Track, block: int) -> None:
    name = stream.codec_context.layout.name
    shift = 0
    for at in range(0, len(track.wave), block):
        shift = track.times[at] - at if at in track.times else shift
        part = np.ascontiguousarray(track.wave[at : at + block].T)
        frame = av.AudioFrame.from_ndarray(part, "fltp", name)
        frame.sample_rate, frame.pts = SAMPLE_RATE, at + shift
        output.mux(stream.encode(frame))
    output.mux(stream.encode(None))
