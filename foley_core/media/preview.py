"""Preview films: a cue's picture with a take under it at its exact place.

The picture is copied where the container can hold it, and not encoded again; else it is encoded anew. The
container is the one that the name stands for. A copy is read back before it counts: where it does not show
what the film shows, at the same times, it is not a copy. A preview is written whole or not at all.
"""

from __future__ import annotations

import heapq
import itertools
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from foley_core.errors import MediaError, MediaUnreadable, OutputDenied
from foley_core.media.atomic_file import atomic_file
from foley_core.media.container import open_film
from foley_core.media.full_scale import PeakMeter
from foley_core.media.picture_copy import PictureCut, cut_picture
from foley_core.media.picture_encoding import LONGEST_LEAD, codec_name, encode_picture
from foley_core.media.preview_check import keeps_time, looks_alike
from foley_core.media.preview_container import CONTAINERS, PreviewContainer, codec_tags, containers_for
from foley_core.media.probe import MediaInfo, probe
from foley_core.media.sound import sound
from foley_core.media.sound_encoding import encoded_sound
from foley_core.media.streams import picture_stream
from foley_core.samples import Sound
from foley_core.take import Take
from foley_core.timecode import SAMPLE_RATE

_OWN_LEVEL = np.float32(0.5)
"""-6 dB: the film's own sound under the take."""

_Picture: TypeAlias = "Callable[[OutputContainer], tuple[VideoStream, Iterator[Packet[VideoStream]]]]"
"""Adds the stream of the picture to a preview, and gives its packets."""


@dataclass(frozen=True)
class Preview:
    """A preview that was written."""

    path: Path
    notes: tuple[str, ...] = ()
    """What is not as it was in the film, for people."""


def write_preview(
    take: Take,
    media: Path,
    in_point: Fraction,
    out_point: Fraction,
    path: Path,
    *,
    mix: bool = False,
    on_progress: Callable[[float], None] = lambda share: None,
) -> Preview:
    """Write the picture of `media` from `in_point` to `out_point` with `take` at `path`.

    `path` gets another suffix where its own stands for no container (`CONTAINERS`). `mix` keeps the film's
    own sound under the take, both turned down so that their sum cannot clip. `on_progress` is told the share
    done, and may raise. Raises `MediaError` and `OutputError`.
    """
    writing = _Writing(take, probe(media), in_point, out_point, mix, on_progress)
    containers = containers_for(path, media)
    for container in containers:
        target = _named(path, container)
        if writing.copy(target, container):
            return Preview(target, tuple(writing.notes))
    container = containers[0] if len(containers) == 1 else CONTAINERS[".mp4"]
    target = _named(path, container)
    writing.encode(target, container)
    return Preview(target, tuple(writing.notes))


def _named(path: Path, container: PreviewContainer) -> Path:
    return path if path.suffix.lower() == container.suffix else path.with_suffix(container.suffix)


class _NotHeld(Exception):
    """The container takes the picture, but does not give it back as it was."""


@dataclass
class _Writing:
    """The ways in which one preview can be written."""

    take: Take
    info: MediaInfo
    in_point: Fraction
    out_point: Fraction
    mix: bool
    on_progress: Callable[[float], None]
    notes: list[str] = field(default_factory=list)
    _furthest: float = 0.0
    _why: str = ""
    """What else than the container stands against copying."""

    def copy(self, path: Path, container: PreviewContainer) -> bool:
        """Whether the preview could be written with the picture copied."""
        try:
            cut = cut_picture(self.info, self.in_point, self.out_point)
            with open_film(self.info.path) as film:
                tags = codec_tags(picture_stream(film, self.info.path), container)
        except MediaError:
            return False
        if self.in_point - cut.zero > LONGEST_LEAD:
            self._why = f"its last key frame lies {float(self.in_point - cut.zero):.0f} s before the in-point"
            return False
        return any(self._copied(path, container, cut, tag) for tag in tags)

    def _copied(self, path: Path, container: PreviewContainer, cut: PictureCut, tag: str) -> bool:
        info = self.info

        def picture(output: OutputContainer) -> tuple[VideoStream, Iterator[Packet[VideoStream]]]:
            source = picture_stream(film, info.path)
            copy = output.add_stream_from_template(source, opaque=True)  # no encoder is needed
            if tag:
                copy.codec_context.codec_tag = tag
            if container.steady:
                copy.time_base = 1 / info.rate
            return copy, _of(copy, cut.packets(film))

        try:
            with open_film(info.path) as film, atomic_file(path) as part:
                times = self._mux(part, container, picture, cut.zero, info.time_base)
                if not keeps_time(part, info, times, info.time_base, self._breathe):
                    raise _NotHeld
                if not looks_alike(part, info, cut.zero):
                    raise _NotHeld
        except OutputDenied as error:
            if isinstance(error.__cause__, av.FFmpegError):  # it was the muxer, not the system
                return False
            raise
        except (_NotHeld, MediaError, av.FFmpegError, ValueError):
            return False
        return True

    def encode(self, path: Path, container: PreviewContainer) -> None:
        """Write the preview with the picture encoded anew."""
        info = self.info
        encoding = encode_picture(info, self.in_point, self.out_point, self._breathe)
        tick = 1 / info.rate if container.steady else info.time_base
        try:
            with atomic_file(path) as part:
                times = self._mux(
                    part, container, lambda output: encoding.stream(output, container), encoding.zero, tick
                )
                if not keeps_time(part, info, times, tick, self._breathe):
                    raise _NotHeld
        except (_NotHeld, av.FFmpegError, ValueError) as error:
            raise MediaUnreadable(
                f"The picture of {info.path} can neither be copied nor encoded into {path.name}.",
                "Give the preview a name that ends in .mp4 or .mov.",
            ) from error
        why = self._why or f"{container.suffix} cannot hold it as it is ({info.video_codec})"
        self.notes.append(f"the picture is encoded anew ({codec_name(container)}), for {why}")

    def _mux(
        self, part: Path, container: PreviewContainer, picture: _Picture, zero: Fraction, tick: Fraction
    ) -> array[int]:
        """Write picture and sound; gives the times of the frames in ticks, in the order of decoding."""
        times = array("q")
        heard = self._heard(zero)
        with av.open(f"file:{part}", "w", format=container.muxer) as output:
            _stream, shown = picture(output)
            track = output.add_stream(container.sound, rate=SAMPLE_RATE, layout="stereo")
            assert isinstance(track, AudioStream)
            output.start_encoding()  # what the container refuses, it refuses here
            both: tuple[Iterator[Packet[Any]], ...] = (
                self._told(shown, times, zero, tick),
                encoded_sound(track, heard),
            )
            for packet in heapq.merge(*both, key=_decoding_time):
                output.mux(packet)
        return times

    def _told(
        self, shown: Iterator[Packet[VideoStream]], times: array[int], zero: Fraction, tick: Fraction
    ) -> Iterator[Packet[VideoStream]]:
        length = max(self.out_point - zero, tick)
        for packet in shown:
            assert packet.pts is not None
            times.append(packet.pts)
            share = float(packet.pts * tick / length)
            self._furthest = max(self._furthest, min(share, 1.0))
            self._breathe()
            yield packet

    def _breathe(self) -> None:
        self.on_progress(self._furthest)

    def _heard(self, start: Fraction) -> Iterator[Sound]:
        """The take from `start` to the out-point, in blocks of one second.

        One in float that goes over full scale is turned down: a preview may have no room for that.
        """
        taken = sound(self.take.file(), start - self.take.start_time, self.out_point - self.take.start_time)
        if (over := self.take.true_peak or 0.0) > 0:
            self._note(f"the take is {over:.1f} dB over full scale, and turned down by as much")
            taken = (block * np.float32(10 ** (-over / 20)) for block in taken)
        if not self.mix or self.info.sound is None:
            yield from taken
            return
        level = PeakMeter()
        for block, own in zip(taken, itertools.chain(self._own(start), itertools.repeat(None)), strict=False):
            mixed = block.copy()
            if own is not None:
                mixed[: len(own)] += _OWN_LEVEL * own[: len(block)]
            mixed /= 1 + _OWN_LEVEL
            level.see(mixed)
            yield np.clip(mixed, -1, 1)
        if level.over_db:
            self._note(f"the film's own sound is {level.over_db:.1f} dB over full scale, and cut off there")

    def _own(self, start: Fraction) -> Iterator[Sound]:
        """The film's own sound, as far as it can be read."""
        try:
            yield from sound(self.info.path, start, self.out_point, on_note=self._note)
        except MediaError as error:
            self._note(f"the film's own sound is missing: {error.message}")

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)


def _decoding_time(packet: Packet[Any]) -> Fraction:
    assert packet.dts is not None
    return packet.dts * packet.time_base


def _of(copy: VideoStream, run: Iterator[Packet[VideoStream]]) -> Iterator[Packet[VideoStream]]:
    for packet in run:
        packet.stream = copy
        yield packet
