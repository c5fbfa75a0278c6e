"""Mel spectra as Synchformer's audio half was taught to hear: each segment of 0.64 s by itself.

Power in 128 triangular bands of the mel scale, as its natural logarithm, brought to about half a unit of
variance. A segment knows nothing of the sound around it: at its ends it is mirrored.
"""

from __future__ import annotations

from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor

RATE = 16_000
SEGMENT = RATE * 64 // 100
"""Samples of a segment."""
BANDS, STEPS = 128, 66
"""Of a segment's spectra; the last step holds no sound."""

_FFT, _WINDOW, _HOP = 1024, 400, 160
_FLOOR = 1e-6
_MEAN, _DEVIATION = -4.2677393, 4.5689974
"""Of logarithms of power, over the sounds that the audio half was first taught with; twice the deviation is
one unit."""


def spectra(segments: Tensor) -> Tensor:
    """Segments (segments, 10240) of sound at 16 kHz, float32, to (segments, 66, 128)."""
    window = torch.hann_window(_WINDOW, device=segments.device)
    found = torch.stft(segments, _FFT, _HOP, _WINDOW, window, return_complex=True).abs() ** 2
    told = torch.log(_bands().to(segments.device) @ found + _FLOOR)
    told = F.pad(told, (0, STEPS - told.shape[-1]))  # zeros beside logarithms, as it was taught
    return ((told - _MEAN) / (2 * _DEVIATION)).transpose(1, 2)


@cache
def _bands() -> Tensor:
    """What each frequency counts for in each band, (128, 513): triangles that reach to the next middles."""
    highest = 2595 * torch.log10(torch.tensor(1 + RATE / 2 / 700))
    corners = 700 * (10 ** (torch.linspace(0, float(highest), BANDS + 2) / 2595) - 1)
    frequencies = torch.linspace(0, RATE / 2, _FFT // 2 + 1)
    rising = (frequencies - corners[:-2, None]) / (corners[1:-1] - corners[:-2])[:, None]
    falling = (corners[2:, None] - frequencies) / (corners[2:] - corners[1:-1])[:, None]
    return torch.minimum(rising, falling).clamp(min=0)
