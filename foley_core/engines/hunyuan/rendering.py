"""One brief rendered: its windows looked at, made and joined, block by block.

Memory does not grow with the length: windows are made as they are asked for, as many at once as the runner
takes. Where the whole cue fits into one batch more than once, further takes of it are made along with it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from fractions import Fraction
from itertools import islice

import numpy as np
import torch
from torch import Tensor

from foley_core.cue import Layer
from foley_core.engines.engine import Block, Brief
from foley_core.engines.hunyuan.config import LATENT_RATE, NEGATIVE, SAMPLE_RATE, SAMPLES_PER_LATENT
from foley_core.engines.hunyuan.features import Features, window_features
from foley_core.engines.hunyuan.inference import ModelRunner
from foley_core.engines.hunyuan.noise import noise
from foley_core.engines.hunyuan.pipeline import PipelineInputs
from foley_core.engines.hunyuan.windows import WINDOW, Mono, overlap_added, window_starts
from foley_core.media.probe import probe
from foley_core.timecode import sample_at

_LOOKED, _MADE = 0.1, 0.95
"""Shares of the work that are done when windows have been looked at, and when their latents are there."""


class BriefRenderer:
    """A brief that is being rendered. `frames` counts those that were decoded for it."""

    def __init__(self, runner: ModelRunner, brief: Brief) -> None:
        self.frames = 0
        self._runner, self._brief = runner, brief
        self._info = probe(brief.media)
        self._layer: Layer = "hits" if "hits" in brief.layers else brief.layers[0]
        self._starts = self._window_starts()
        self._done = 0
        """Windows whose sound is there."""

    def blocks(self) -> Iterator[Block]:
        """Of a second at most. The model makes one sound: it is in one layer, and the others are silent."""
        self._watched_to(SAMPLE_RATE)
        made = 0
        for stretch in overlap_added(self._windows(), self._starts, self._brief.samples):
            made += len(stretch)
            self._watched_to(made)
            for first in range(0, len(stretch), SAMPLE_RATE):
                mono = stretch[first : first + SAMPLE_RATE]
                silence = np.zeros((len(mono), 2), np.float32)
                both = np.repeat(mono[:, None], 2, 1)
                yield {layer: both if layer == self._layer else silence for layer in self._brief.layers}
        self._brief.tick(1.0)

    def _watched_to(self, samples: int) -> None:
        """Have the film watched that far; from there on it is watched in a thread, while the model plays."""
        self._brief.picture.impacts(Fraction(self._brief.first_sample + samples, SAMPLE_RATE))

    def _window_starts(self) -> tuple[int, ...]:
        first, samples = self._brief.first_sample, self._brief.samples
        after = max(sample_at(self._info.duration) - first - samples, 0)
        return window_starts(
            -(-samples // SAMPLES_PER_LATENT),
            after // SAMPLES_PER_LATENT,
            max(first, 0) // SAMPLES_PER_LATENT,
        )

    def _windows(self) -> Iterator[Mono]:
        for latents in self._latents():
            sound = self._runner.sound(latents, lambda share: self._tell(_MADE + (1 - _MADE) * share))
            self._done += 1
            yield sound.numpy()

    def _latents(self) -> Iterator[Tensor]:
        kept = self._runner.ahead.pop(self._key(self._brief.seed), None)
        if kept is not None:
            yield from kept
            return
        self._runner.ahead.clear()
        words = self._runner.conditioners.encode_text([self._brief.negative or NEGATIVE, self._brief.prompt])
        left = list(self._starts)
        with closing(self._seen()) as features:
            while left:
                starts = left[: self._runner.plan.batch]
                del left[: len(starts)]
                yield from self._made(starts, list(islice(features, len(starts))), words)

    def _seen(self) -> Generator[Features, None, None]:
        begin = Fraction(self._brief.first_sample, SAMPLE_RATE)
        return window_features(
            self._info,
            [begin + Fraction(start, LATENT_RATE) for start in self._starts],
            self._runner.conditioners,
            self._brief.neural.frames,
            self._brief.store,
            self._frame_decoded,
            lambda: self._tell(0.0),
        )

    def _frame_decoded(self) -> None:
        self.frames += 1
        self._tell(0.0)

    def _made(self, starts: Sequence[int], seen: Sequence[Features], words: Tensor) -> Tensor:
        """Latents of the windows that begin there, (windows, 128, 400)."""
        seeds, layer = self._seeds(), self._layer
        times = len(seeds)
        asked = PipelineInputs(
            words=words,
            visual=None if self._brief.neural.prompt_over_picture else _stacked(seen, "visual", times),
            sync=_stacked(seen, "sync", times),
            noise=torch.stack([noise(seed, layer, start, WINDOW) for seed in seeds for start in starts]),
        )

        def tick(share: float) -> None:
            self._tell((_LOOKED + (_MADE - _LOOKED) * share) * len(starts))

        made = self._runner.latents(asked, self._brief.neural, tick).unflatten(0, (times, -1))
        for seed, latents in zip(seeds[1:], made[1:], strict=True):
            self._runner.ahead[self._key(seed)] = latents
        return made[0]

    def _seeds(self) -> tuple[int, ...]:
        """Of the takes that are made at once."""
        if self._brief.neural.block_cache:
            return (self._brief.seed,)  # it decides for a whole batch, so others would be heard in this one
        takes = max(self._runner.plan.batch // len(self._starts), 1)
        return (self._brief.seed, *self._brief.further_seeds)[:takes]

    def _key(self, seed: int) -> object:
        """What latents depend on."""
        of, film = self._brief, self._brief.media.stat()
        where = of.media, film.st_mtime_ns, film.st_size, of.first_sample, of.samples
        return *where, of.prompt, of.negative, of.neural, self._layer, seed

    def _tell(self, windows: float) -> None:
        """So much is done of the windows that are being made."""
        self._brief.tick(min((self._done + windows) / len(self._starts), 1.0))


def _stacked(seen: Sequence[Features], encoder: str, times: int) -> Tensor:
    return torch.stack([getattr(one, encoder) for one in seen]).repeat(times, 1, 1)
