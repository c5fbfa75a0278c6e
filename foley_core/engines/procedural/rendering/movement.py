"""Movement: sound that is as loud as much moves in the picture, and lies where it moves.

Its amplitude follows the energy of the movement summed over the picture, a little less than in proportion,
so that small movements can be heard beside large ones. It fades from a kind's slow texture to its fast one
with the energy of the block that moves most. Where nothing moves there is silence.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from foley_core.engines.engine import Picture
from foley_core.engines.procedural.kind import MovementSound
from foley_core.engines.procedural.rendering.endless_texture import EndlessTexture
from foley_core.engines.procedural.rendering.levels import reverb_send
from foley_core.engines.procedural.rendering.tail_mixing import Played, with_send
from foley_core.engines.procedural.soundscape import Voice
from foley_core.picture.spotting import MOVEMENT_COLUMNS, MOVEMENT_RATE
from foley_core.timecode import SAMPLE_RATE

MUCH = 1.0
"""The energy, summed over the picture, at which a kind is played at its own loudness."""
_POWER = 0.6
"""Amplitude goes by the energy to this power."""
_LOUDEST = 4.0
"""No energy makes it more than 12 dB louder than that."""
_FAST = 0.4
"""From this energy in one block on only the fast texture is heard."""
_STEP = SAMPLE_RATE // MOVEMENT_RATE
_RAMP = np.arange(_STEP, dtype=np.float32) / np.float32(_STEP)
_AROUND = 8
"""Steps of movement before and after that are looked at: 0.32 s."""
_LEVEL_WINDOW = np.hanning(5)[1:-1] / np.hanning(5).sum()
_PAN_WINDOW = np.hanning(2 * _AROUND + 1) / np.hanning(2 * _AROUND + 1).sum()
_NOTHING = 1e-6
"""So much energy in the middle keeps the place there where nothing moves."""
_WIDTH = 0.8

Steps = NDArray[np.float64]
"""A value for each step of movement."""


class MovementRenderer:
    """Plays one voice that moves, in any blocks."""

    def __init__(self, voice: Voice, picture: Picture, seed: int) -> None:
        assert isinstance(voice.kind.sound, MovementSound)
        kind = voice.kind.sound
        self._voice, self._picture = voice, picture
        self._textures = (
            EndlessTexture(voice, kind.slow, kind.lufs, seed, ": slow"),
            EndlessTexture(voice, kind.fast, kind.lufs, seed, ": fast"),
        )

    def play(self, first: int, samples: int) -> Played:
        """`samples` samples from `first` on."""
        sound = np.zeros((samples, 2), np.float32)
        for texture, gain in zip(self._textures, self._gains(first, samples), strict=True):
            if gain.any():
                sound += texture.play(first, samples) * gain.T
        return with_send(sound, reverb_send(self._voice.distance))

    def _gains(self, first: int, samples: int) -> NDArray[np.float32]:
        """For the slow and the fast texture, left and right, and each sample.

        They are drawn between the middles of the steps; nothing depends on where `first` lies.
        """
        begin, into = divmod(first - _STEP // 2, _STEP)
        end = begin + (into + samples - 1) // _STEP + 2
        level, speed, pan = followed(self._picture, begin, end)
        if self._voice.pan is not None:
            pan = np.full_like(pan, self._voice.pan)
        fade, angle = speed * np.pi / 2, (0.5 + _WIDTH * (pan - 0.5)) * np.pi / 2
        textures = level * 2**0.5 * np.array([np.cos(fade) * (speed < 1), np.sin(fade)])
        gains = (textures[:, None] * np.array([np.cos(angle), np.sin(angle)])).astype(np.float32)
        drawn: NDArray[np.float32] = gains[..., :-1, None] * (1 - _RAMP) + gains[..., 1:, None] * _RAMP
        return drawn.reshape(2, 2, -1)[..., into : into + samples]


def followed(picture: Picture, begin: int, end: int) -> tuple[Steps, Steps, Steps]:
    """Level (1 where much moves), speed (0 slow to 1 fast) and place (0 left to 1 right) of these steps."""
    watched = (Fraction(step, MOVEMENT_RATE) for step in (begin - _AROUND, end + _AROUND))
    energy = picture.movement(*watched).astype(np.float64)
    summed, most, columns = energy.sum(axis=(1, 2)), energy.max(axis=(1, 2)), energy.sum(axis=1)
    level = np.minimum((_smooth(summed, _LEVEL_WINDOW) / MUCH) ** _POWER, _LOUDEST)
    speed = np.minimum(_smooth(most, _LEVEL_WINDOW) / _FAST, 1.0)
    sides = np.stack([_smooth(column, _PAN_WINDOW) for column in columns.T], axis=1)
    middles = (np.arange(MOVEMENT_COLUMNS) + 0.5) / MOVEMENT_COLUMNS
    pan = ((sides * middles).sum(axis=1) + _NOTHING / 2) / (sides.sum(axis=1) + _NOTHING)
    return level, speed, pan


def _smooth(steps: Steps, window: Steps) -> Steps:
    """Smoothed, and cut to what has `_AROUND` steps on both sides."""
    return np.convolve(steps, window, "same")[_AROUND:-_AROUND]
