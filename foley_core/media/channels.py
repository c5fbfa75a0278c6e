"""The channels of a sound, made two: any frame as stereo in float.

Channels that have a place (front left, centre ...) are folded down as FFmpeg does; what it refuses or leaves
out (heights, wide and lone sides) goes to the side that its name tells. Channels without a place, as a
recorder of many tracks writes them, are equal tracks: their gains are given (`sound_tracks.py` finds them).
No level is changed beside that. A sample that is no number is silence.
"""

from __future__ import annotations

from typing import TypeAlias

import av
import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from foley_core.samples import Sound

Gains: TypeAlias = NDArray[np.float32]
"""Shape (channels, 2): how much of each channel goes to the left and to the right."""

_NO_PLACE = ("NONE", "UNK", "UNSD", "USR", "AMBI")
_FOLDED = frozenset(("FL", "FR", "FC", "LFE", "BL", "BR", "FLC", "FRC", "BC", "SL", "SR", "TFL", "TFR"))
"""What FFmpeg folds down; the low frequency effects it leaves out, as players do."""
_HALF_POWER = 0.5**0.5


def without_places(frame: AudioFrame) -> bool:
    """Whether these are more than two channels of which nobody says where they belong."""
    names = [channel.name for channel in frame.layout.channels]
    return len(names) > 2 and any(name.startswith(_NO_PLACE) for name in names)


class Channels:
    """Gives the samples of frames in float, all channels side by side.

    FFmpeg packs them: PyAV looks past the end where more than eight channels lie apart.
    """

    def __init__(self, rate: int | None = None) -> None:
        """`rate` to be converted to; None keeps the frames' own."""
        self._rate = rate
        self._setup: tuple[str, str, int] | None = None
        self._converter = av.AudioResampler()

    def of(self, frame: AudioFrame) -> NDArray[np.float32]:
        """The frame's samples, shape (samples, channels), full scale at ±1."""
        setup = frame.format.name, frame.layout.name, frame.sample_rate
        if setup != self._setup:
            self._setup = setup
            self._converter = av.AudioResampler("flt", frame.layout, self._rate or frame.sample_rate)
        parts = [
            part.to_ndarray().reshape(-1, frame.layout.nb_channels)
            for part in self._converter.resample(frame)
        ]
        return (
            _numbers(np.concatenate(parts)) if parts else np.zeros((0, frame.layout.nb_channels), np.float32)
        )


class Stereo:
    """Makes float stereo of any frame, at one rate. One channel is copied to both sides."""

    def __init__(self, rate: int, gains: Gains | None = None) -> None:
        """`gains` are for channels without places."""
        self._rate = rate
        self._given = gains
        self._setup: tuple[str, str, int] | None = None
        self._gains: Gains | None = None
        self._channels = Channels(rate)
        self._converter = av.AudioResampler()

    def of(self, frame: AudioFrame) -> Sound:
        """The frame's sound as (samples, 2)."""
        setup = frame.format.name, frame.layout.name, frame.sample_rate
        if setup != self._setup:  # some broadcasts change from stereo to 5.1 and back
            self._setup = setup
            self._set_up(frame)
        if self._gains is not None:
            return np.ascontiguousarray(self._channels.of(frame) @ self._gains, np.float32)
        parts = [part.to_ndarray() for part in self._converter.resample(frame)]
        planes = np.concatenate(parts, axis=1) if parts else np.zeros((2, 0), np.float32)
        both = np.broadcast_to(planes, (2, planes.shape[1])).T
        return _numbers(np.ascontiguousarray(both, dtype=np.float32))

    def _set_up(self, frame: AudioFrame) -> None:
        count = frame.layout.nb_channels
        names = [channel.name for channel in frame.layout.channels]
        self._gains = None
        if without_places(frame):
            given = self._given is not None and len(self._given) == count
            self._gains = self._given if given else np.full((count, 2), 1 / count, np.float32)
        elif count > 2 and not _FOLDED.issuperset(names):
            self._gains = _gains_by_name(names)
        layout = "mono" if count == 1 else "stereo"
        self._converter = av.AudioResampler("fltp", layout, self._rate)
        if self._gains is None and not _takes(frame, layout, self._rate):
            self._gains = _gains_by_name(names)


def _takes(frame: AudioFrame, layout: str, rate: int) -> bool:
    """Whether FFmpeg folds such frames down."""
    try:
        av.AudioResampler("fltp", layout, rate).resample(frame)
    except av.ArgumentError:
        return False
    return True


def _gains_by_name(names: list[str]) -> Gains:
    """FL, TBL, WL ... to the left, FR, TBR, WR ... to the right, others to both; the loudest full."""
    gains = np.array([_gain(name) for name in names], np.float32)
    most = gains.max()
    return np.asarray(gains / most if most else np.full_like(gains, 1 / len(names)), np.float32)


def _gain(name: str) -> tuple[float, float]:
    if name.startswith("LFE"):
        return 0.0, 0.0
    level = 1.0 if name in ("FL", "FR", "FLC", "FRC") else _HALF_POWER
    if name.endswith(("L", "LC")):
        return level, 0.0
    if name.endswith(("R", "RC")):
        return 0.0, level
    level = _HALF_POWER if name == "FC" else 0.5
    return level, level


def _numbers(sound: Sound) -> Sound:
    return sound if np.isfinite(sound).all() else np.nan_to_num(sound, nan=0.0, posinf=0.0, neginf=0.0)
