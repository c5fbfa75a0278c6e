"""A recording aligned to a film: read, heard, matched to what is seen, and written with its hits in place.

The result is as long as the recording, at 48 kHz, stereo, 24 bits. Where nothing is moved it is the recording
as it was read, to the bit; only what goes over full scale (sound in float, more tracks than two) is turned
down, all of it by as much, and that is said. Memory does not grow with the length: the sound waits in a file
beside the result, which goes with the last reader, whatever happens. The recording begins where the picture
begins.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import IO

import numpy as np
from msgspec import structs

from foley_core.align.alignment import Alignment, align
from foley_core.align.lateness import stretches
from foley_core.align.sound_analysis import SoundAnalysis, analyze_sound
from foley_core.align.splice_rendering import spliced
from foley_core.align.splices import Splice
from foley_core.align.witness import Statement, Witness, ask
from foley_core.cue import encode
from foley_core.cue_range import film_timecode, first_time
from foley_core.errors import writing
from foley_core.media.full_scale import PeakMeter
from foley_core.media.probe import MediaInfo, probe
from foley_core.media.sound import sound
from foley_core.media.wav import write_wav
from foley_core.media.wav_header import WavHeader
from foley_core.picture.spotting import SpottingStore
from foley_core.picture.spotting_stream import SpottingStream
from foley_core.picture.watch import watch
from foley_core.samples import Sound
from foley_core.timecode import sample_at

_FRAME = 8  # Bytes of a stereo sample in float32.


def align_recording(
    video: Path,
    recording: Path,
    output: Path,
    *,
    store: SpottingStore | None = None,
    witness: Witness | None = None,
    on_progress: Callable[[str, float], None] = lambda stage, share: None,
) -> Alignment:
    """Write `recording` to the WAV `output`, moved so that it fits the picture of `video`; what came of it.

    `store` keeps what was seen in the picture; a `witness` is asked where impacts and onsets alone do not
    tell; `on_progress` is told the stage (hear, watch, compare, write) and how much of it is done. Raises a
    `FoleyError`; `output` is then as it was.
    """
    info = probe(video)
    notes: list[str] = []
    blocks = sound(recording, Fraction(0), None, on_note=notes.append)
    with _ScratchSound(output) as scratch:
        heard = analyze_sound(
            _told(scratch.keep(blocks), sample_at(info.duration), lambda s: on_progress("hear", s))
        )
        stream = _seen(info, store, lambda share: on_progress("watch", share))
        third = _third(witness, info, heard, scratch, lambda share: on_progress("compare", share))
        aligned = align(stream.impacts(), heard, stream.movement, ask=third)
        level = _level(scratch, heard.samples, aligned.splices)
        if level.over_db:
            notes.append(
                f"The sound goes {level.over_db:.1f} dB over full scale: it is turned down by as much."
            )
        account = structs.replace(aligned.alignment, notes=(*info.notes, *aligned.alignment.notes, *notes))
        played = (block * level.gain for block in spliced(scratch.read, heard.samples, aligned.splices))
        header = WavHeader(
            samples=heard.samples,
            time_reference=sample_at(first_time(info)),
            timecode=film_timecode(info),
            description=f"{recording.name} aligned to {video.name}",
            record=encode(account),
        )
        write_wav(output, _told(played, heard.samples, lambda share: on_progress("write", share)), header)
    return account


def _third(
    witness: Witness | None,
    info: MediaInfo,
    heard: SoundAnalysis,
    scratch: _ScratchSound,
    tick: Callable[[float], None],
) -> Callable[[], Statement] | None:
    """How the witness is asked, where there is one."""
    if witness is None:
        return None
    return partial(ask, witness, info, heard, stretches(heard.samples), scratch.read, tick)


def _level(scratch: _ScratchSound, samples: int, splices: Sequence[Splice]) -> PeakMeter:
    """The level of what is played; crossfades are louder by 3 dB at most."""
    if not splices or scratch.level.peak * 2**0.5 <= 1:
        return scratch.level
    level = PeakMeter()
    for block in spliced(scratch.read, samples, splices):
        level.see(block)
    return level


def _seen(info: MediaInfo, store: SpottingStore | None, tick: Callable[[float], None]) -> SpottingStream:
    start, end = Fraction(0), info.duration
    spotting = store.recall(info.path, start, end) if store else None
    if spotting is None:
        with closing(watch(info, start, end, tick)) as chunks:
            spotting = SpottingStream(start, end, chunks).spotting()
        if store:
            store.keep(info.path, spotting)
    return SpottingStream.of(spotting)


def _told(blocks: Iterable[Sound], samples: int, tick: Callable[[float], None]) -> Iterator[Sound]:
    """The same blocks; `tick` is told how much of so many samples has passed."""
    passed = 0
    for block in blocks:
        tick(min(passed / max(samples, 1), 1.0))
        passed += len(block)
        yield block


class _ScratchSound:
    """A sound kept in a file without a name beside the output, so that any part of it can be played."""

    def __init__(self, output: Path) -> None:
        self._output = output
        self._samples = 0
        self.level = PeakMeter()
        with writing(output):
            self._file: IO[bytes] = tempfile.TemporaryFile(dir=output.parent)  # noqa: SIM115

    def __enter__(self) -> _ScratchSound:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def keep(self, blocks: Iterable[Sound]) -> Iterator[Sound]:
        """Pass the blocks on, keeping them."""
        for block in blocks:
            with writing(self._output):
                self._file.write(np.ascontiguousarray(block, np.float32).data)
            self._samples += len(block)
            self.level.see(block)
            yield block
        with writing(self._output):
            self._file.flush()

    def read(self, first: int, count: int) -> Sound:
        """So many samples from `first` on; silence beyond both ends."""
        begin = min(max(first, 0), self._samples)
        end = max(min(first + count, self._samples), begin)
        self._file.seek(begin * _FRAME)
        kept = np.frombuffer(self._file.read((end - begin) * _FRAME), np.float32).reshape(-1, 2)
        before = min(max(-first, 0), count)
        return np.pad(kept, ((before, count - before - len(kept)), (0, 0)))
