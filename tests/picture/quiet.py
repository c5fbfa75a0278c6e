"""Footage in which nothing can be heard: drawn, but with detail at every scale, as the world has.

The pictures are noise whose amplitude falls with spatial frequency, as it does in natural scenes (Field,
"Relations between the statistics of natural images", J. Opt. Soc. Am. A 4, 1987). Every kind of footage is a
function from a time in seconds to a frame.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.picture.drawn import Picture

SHOT = 0.8
"""Seconds from cut to cut, in the footage that has cuts."""
_SCENE = (960, 600)
"""Width and height of a scene, of which a frame shows a part."""


@cache
def scene(seed: int) -> NDArray[np.float32]:
    """A picture larger than any frame, as (height, width), 0 to 255."""
    width, height = _SCENE
    rng = np.random.default_rng(seed)
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None])
    frequency[0, 0] = np.inf
    wave = rng.standard_normal((2, height, width // 2 + 1)) / frequency
    picture = np.fft.irfft2(wave[0] + 1j * wave[1], (height, width))
    mean, spread = rng.uniform(80, 150), rng.uniform(25, 45)
    return np.asarray(np.clip(mean + spread * picture / picture.std(), 0, 255), np.float32)


def view(seed: int, x: float = 0, y: float = 0, zoom: float = 1) -> NDArray[np.float32]:
    """What a camera (640x360) sees of a scene, from the middle moved by (x, y) pixels."""
    width, height = 640, 360
    left, top = (_SCENE[0] - width / zoom) / 2 + x, (_SCENE[1] - height / zoom) / 2 + y
    move = np.array([[1 / zoom, 0, left], [0, 1 / zoom, top]])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(scene(seed), move, (width, height), flags=flags), np.float32)


def still(time: float) -> NDArray[np.float32]:
    """A camera on a stand."""
    return view(1)


def pan(time: float) -> NDArray[np.float32]:
    """30 pixels a second."""
    return view(2, x=30 * (time % 8) - 120)


def zoom(time: float) -> NDArray[np.float32]:
    """By half in eight seconds."""
    return view(3, zoom=1 + time % 8 / 16)


def shake(time: float) -> NDArray[np.float32]:
    """A camera in the hand: sways of some pixels, at several paces that never fall together."""
    x = (
        7 * np.sin(2 * np.pi * 0.7 * time)
        + 3 * np.sin(2 * np.pi * 2.3 * time)
        + np.sin(2 * np.pi * 7.9 * time)
    )
    y = 5 * np.sin(2 * np.pi * 0.9 * time + 1) + 2 * np.sin(2 * np.pi * 3.1 * time)
    return view(4, x=float(x), y=float(y))


def grain(time: float) -> NDArray[np.float32]:
    """As of fast film: coarser than a pixel, other in every frame."""
    rng = np.random.default_rng(round(time * 1000))
    noise = rng.normal(0, 16, (360, 640)).astype(np.float32)
    return np.asarray(view(5) + cv2.GaussianBlur(noise, (0, 0), 0.8), np.float32)


def flicker(time: float) -> NDArray[np.float32]:
    """A lamp at mains frequency, filmed: brightness beats with the frames, by a quarter."""
    return np.asarray(view(6) * (0.85 + 0.15 * np.cos(2 * np.pi * 11.3 * time)), np.float32)


def fades(time: float) -> NDArray[np.float32]:
    """Every two seconds another scene: by a dissolve, through black, by a dissolve, through white."""
    turn, share = int(time // 2), min(time % 2 / 0.8, 1.0)
    before, after = view(20 + turn), view(21 + turn)
    if turn % 2 == 0:
        return np.asarray(before + (after - before) * share, np.float32)
    middle = 0.0 if turn % 4 == 1 else 255.0
    one, part = (before, 1 - 2 * share) if share < 0.5 else (after, 2 * share - 1)
    return np.asarray(middle + (one - middle) * part, np.float32)


def cuts(time: float) -> NDArray[np.float32]:
    """Every `SHOT` another scene, panned and zoomed or still."""
    shot, since = divmod(time + 1e-6, SHOT)
    moves = shot % 3 * 20 * since
    return view(40 + int(shot), x=moves, y=moves / 2, zoom=1 + (shot % 2) * since / 8)


QUIET = {
    "still": still,
    "pan": pan,
    "zoom": zoom,
    "grain": grain,
    "shake": shake,
    "flicker": flicker,
    "fades": fades,
    "cuts": cuts,
}
"""Every kind of quiet footage."""
SILENT = ("still", "pan", "zoom", "grain")
"""Those in which not one impact may be seen."""


def frame(kind: str, width: int = 640) -> Callable[[float], Picture]:
    """The frames of one kind, as brightness, made `width` wide."""

    def at(time: float) -> Picture:
        seen = QUIET[kind](time)
        if width != seen.shape[1]:
            seen = np.asarray(cv2.resize(seen, (width, width * 9 // 16), interpolation=cv2.INTER_AREA))
        return np.clip(np.rint(seen), 0, 255).astype(np.uint8)

    return at
