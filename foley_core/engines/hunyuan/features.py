"""What the model's encoders tell of a film, window by window; kept, so that no window is looked at twice.

A window always has 64 features of the picture and 192 of its motion, whatever the film's rate and length.
Windows that are not kept are looked at in one pass over the film for both encoders. Segments that a
window shares with the one before are told once. Memory does not grow with the number of windows.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush
from itertools import chain, groupby, pairwise, tee

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from foley_core.engines.engine import FeatureStore
from foley_core.engines.hunyuan.conditioners import Conditioners
from foley_core.engines.hunyuan.config import (
    FEATURE_WIDTH,
    SEGMENT_FRAMES,
    SEGMENT_HOP,
    SEGMENT_TOKENS,
    SYNC_RATE,
    VISUAL_RATE,
    WINDOW_SECONDS,
    sync_tokens,
)
from foley_core.engines.hunyuan.encoder_frames import Encoder, FrameRequest, Pixels, Rule, sample_frames
from foley_core.media.probe import MediaInfo
from foley_core.timecode import exact_text

VERSION = "2"
"""Goes into the key under which features are kept; raised whenever others would be told of the same film."""

_VISUALS, _SYNCS = WINDOW_SECONDS * VISUAL_RATE, WINDOW_SECONDS * SYNC_RATE
_TOKENS = sync_tokens(_SYNCS)

Seen = dict[FrameRequest, Pixels]


@dataclass(frozen=True)
class Features:
    """Of one window; on the CPU, of the type in which the models compute."""

    visual: Tensor
    """SigLIP2's, (64, 768)."""
    sync: Tensor
    """Synchformer's, (192, 768)."""


def window_features(
    info: MediaInfo,
    starts: Iterable[Fraction],
    encoders: Conditioners,
    rule: Rule,
    store: FeatureStore | None,
    tick: Callable[[], None],
    meanwhile: Callable[[], None] = lambda: None,
) -> Generator[Features, None, None]:
    """The features of windows of 8 s that begin at `starts`: rising media times, also outside the film.

    `tick` is called for each frame that is decoded, `meanwhile` often while features are computed; what they
    raise passes through. Raises `MediaUnreadable`.
    """
    kept, extractor = _CachedFeatures(info, encoders, rule, store), _FeatureExtractor(encoders, meanwhile)
    asked = ((start, kept.recall(start)) for start in starts)
    for unknown, run in groupby(asked, lambda window: window[1] is None):
        if unknown:
            for start, seen in _windows(info, (start for start, _ in run), rule, tick):
                features = extractor.told(start, seen)
                seen.clear()  # it is large, and not needed while sound is made
                kept.keep(start, features)
                yield features
        else:
            for start, recalled in run:
                assert recalled is not None
                extractor.remember(start, recalled)
                yield recalled


def _windows(
    info: MediaInfo, starts: Iterator[Fraction], rule: Rule, tick: Callable[[], None]
) -> Generator[tuple[Fraction, Seen], None, None]:
    """What is seen in each window."""
    starts, leading = tee(starts)
    seen: Seen = {}
    with closing(sample_frames(info, _in_order(leading), rule, tick)) as found:
        for start, following in pairwise(chain(starts, [None])):
            assert start is not None
            wanted = [*_times(start, "visual"), *_times(start, "sync")]
            while wanted[-1] not in seen:
                request, pixels = next(found)
                seen[request] = pixels
            window = {request: seen[request] for request in wanted}
            seen = (
                {}
                if following is None
                else {request: seen[request] for request in seen if request.time >= following}
            )
            yield start, window


def _in_order(starts: Iterable[Fraction]) -> Iterator[FrameRequest]:
    """Each look of the windows that begin at `starts` once, in order; a start is taken when it is reached."""
    waiting: list[FrameRequest] = []

    def due() -> Iterator[FrameRequest]:
        for start in starts:
            while waiting and waiting[0].time < start:
                yield heappop(waiting)
            for request in (*_times(start, "visual"), *_times(start, "sync")):
                heappush(waiting, request)
        while waiting:
            yield heappop(waiting)

    return (request for request, _ in groupby(due()))


def _times(start: Fraction, encoder: Encoder) -> list[FrameRequest]:
    """The looks of a window that begins at `start`."""
    count, rate = (_VISUALS, VISUAL_RATE) if encoder == "visual" else (_SYNCS, SYNC_RATE)
    return [FrameRequest(start + Fraction(number, rate), encoder) for number in range(count)]


def _segments(start: Fraction) -> list[Fraction]:
    """Where the segments of a window begin."""
    count, hop = _TOKENS // SEGMENT_TOKENS, Fraction(SEGMENT_HOP, SYNC_RATE)
    return [start + number * hop for number in range(count)]


class _FeatureExtractor:
    """Tells of windows in order; knows the segments of the last one."""

    def __init__(self, encoders: Conditioners, meanwhile: Callable[[], None]) -> None:
        self._encoders, self._meanwhile = encoders, meanwhile
        self._segments: dict[Fraction, Tensor] = {}

    def told(self, start: Fraction, seen: Seen) -> Features:
        """The features of what is seen in the window that begins at `start`."""
        visual = self._encoders.encode_frames(_stacked(seen, _times(start, "visual")), self._meanwhile)
        unknown = [segment for segment in _segments(start) if segment not in self._segments]
        frames = [
            FrameRequest(segment + Fraction(number, SYNC_RATE), "sync")
            for segment in unknown
            for number in range(SEGMENT_FRAMES)
        ]
        told = self._encoders.encode_motion(
            _stacked(seen, frames).unflatten(0, (len(unknown), -1)), self._meanwhile
        )
        self._segments.update(zip(unknown, told, strict=True))
        features = Features(visual, torch.cat([self._segments[segment] for segment in _segments(start)]))
        self.remember(start, features)
        return features

    def remember(self, start: Fraction, features: Features) -> None:
        """Know this window's segments, and no others."""
        self._segments = dict(zip(_segments(start), features.sync.split(SEGMENT_TOKENS), strict=True))


def _stacked(seen: Seen, requests: Iterable[FrameRequest]) -> Tensor:
    return torch.from_numpy(np.stack([seen[request] for request in requests]))


class _CachedFeatures:
    """The features of one film, as one set of encoders sees it by one rule, in the store; if there is one."""

    def __init__(
        self, info: MediaInfo, encoders: Conditioners, rule: Rule, store: FeatureStore | None
    ) -> None:
        self._media, self._store = info.path, store
        self._seen_so = f"features {VERSION}, {encoders.fingerprint}, {rule}"

    def recall(self, start: Fraction) -> Features | None:
        """Those of the window that begins at `start`; None where they are not there, or are none."""
        content = self._store.recall(self._media, self._key(start)) if self._store else None
        if content is None:
            return None
        try:
            tensors = load(content)
            features = Features(tensors["visual"], tensors["sync"])
        except (SafetensorError, KeyError):
            return None
        shapes = tuple(features.visual.shape), tuple(features.sync.shape)
        return features if shapes == ((_VISUALS, FEATURE_WIDTH), (_TOKENS, FEATURE_WIDTH)) else None

    def keep(self, start: Fraction, features: Features) -> None:
        """Keep them for later."""
        if self._store:
            tensors = {"visual": features.visual, "sync": features.sync}
            self._store.keep(self._media, self._key(start), save(tensors))

    def _key(self, start: Fraction) -> str:
        return f"{self._seen_so}, {exact_text(start)}"
