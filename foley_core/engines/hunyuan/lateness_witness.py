"""Synchformer as a witness of lateness: how late it thinks a sound is, window by window.

Looks at the film once, and holds one window of it at a time. The model is loaded when it is asked, on
the card where there is one. What it says is as good as its weights; here that was never measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from fractions import Fraction
from pathlib import Path

import numpy as np
import soxr
import torch
from numpy.typing import NDArray
from torch import Tensor

from foley_core.engines.hunyuan import memory, spectra
from foley_core.engines.hunyuan.config import SAMPLE_RATE, SEGMENT_FRAMES, SEGMENT_HOP, SYNC_RATE
from foley_core.engines.hunyuan.encoder_frames import FrameRequest, Pixels, sample_frames
from foley_core.engines.hunyuan.inference import best_device, best_dtype
from foley_core.engines.hunyuan.loading import load_whole_synchformer
from foley_core.engines.hunyuan.synchformer_offset import SEGMENTS, WholeSynchformer
from foley_core.media.probe import MediaInfo
from foley_core.samples import Sound
from foley_core.timecode import sample_at

_FRAMES = SEGMENT_FRAMES + (SEGMENTS - 1) * SEGMENT_HOP
_SAMPLES = SAMPLE_RATE * _FRAMES // SYNC_RATE
"""Of a window of 4.8 s."""
_EDGE = SAMPLE_RATE // 10
"""Samples read beyond both ends, so that the rate is changed there as anywhere."""
_FINER = SAMPLE_RATE // spectra.RATE
_NEEDED = 3 * 2**30
"""Bytes of the card's memory: generous."""


class SynchformerWitness:
    """Holds the model of one file."""

    name = "Synchformer"

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(
        self,
        info: MediaInfo,
        starts: Sequence[Fraction],
        sound: Callable[[int, int], Sound],
        tick: Callable[[float], None],
    ) -> NDArray[np.float64]:
        """How likely it is that the sound is so late, (windows, 21): logarithms, from 2 s early to 2 s late.

        Windows of 4.8 s at `starts`, rising media times; `sound` reads so many samples from one on, of a
        sound that begins at media time 0. `tick` is told the share done. Raises `ModelUnreadable`,
        `OutOfMemory` and `MediaUnreadable`.
        """
        looks = (
            FrameRequest(start + Fraction(number, SYNC_RATE), "offset")
            for start in starts
            for number in range(_FRAMES)
        )
        told = []
        with _in_plain_words(), closing(sample_frames(info, looks, "nearest", lambda: None)) as seen:
            device = best_device()
            model = load_whole_synchformer(self._path, best_dtype(device)).to(device)
            for number, start in enumerate(starts):
                frames = np.stack([next(seen)[1] for _ in range(_FRAMES)])
                told.append(_told(model, frames, _heard(sound, start)))
                tick((number + 1) / len(starts))
        return np.stack(told)


@torch.no_grad()
def _told(model: WholeSynchformer, frames: Pixels, heard: Tensor) -> NDArray[np.float64]:
    place = next(model.parameters())
    seen = torch.from_numpy(frames).to(place.device).permute(0, 3, 1, 2).float() / 127.5 - 1
    segments = seen.unfold(0, SEGMENT_FRAMES, SEGMENT_HOP).movedim(-1, 1)
    logits = model(segments.to(place.dtype), spectra.spectra(heard.to(place.device)).to(place.dtype))
    by_offset = torch.log_softmax(logits.double(), 0).cpu().numpy()
    return np.asarray(by_offset[::-1])  # what comes too early by the most comes last there, and first here


def _heard(sound: Callable[[int, int], Sound], start: Fraction) -> Tensor:
    """The segments of a window's sound, (14, 10240)."""
    read = sound(sample_at(start) - _EDGE, _SAMPLES + 2 * _EDGE).mean(axis=1)
    finer = soxr.resample(read, SAMPLE_RATE, spectra.RATE)[_EDGE // _FINER :][: _SAMPLES // _FINER]
    return torch.from_numpy(finer).unfold(0, spectra.SEGMENT, spectra.SEGMENT // 2)


@contextmanager
def _in_plain_words() -> Iterator[None]:
    try:
        yield
    except torch.OutOfMemoryError as error:
        raise memory.out_of_memory(_NEEDED, int(torch.cuda.mem_get_info()[0])) from error
