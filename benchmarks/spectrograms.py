"""Draws docs/images/sounds-FAMILY.png, a spectrogram of every kind of sound; tables for docs/procedural.md.

    python benchmarks/spectrograms.py [--only-tables]

Time goes to the right, frequency up by octaves, and what is 60 dB below the loudest is dark. Struck sounds
are struck twice, softly and hard; what moves moves ever faster and comes to rest again.
"""

from __future__ import annotations

import argparse
import struct
import sys
import zlib
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.known_words import families, image_name, rewritten  # noqa: E402
from benchmarks.neighbours import picture_for  # noqa: E402
from benchmarks.played import Picture, impact, layer_of, loaded, play  # noqa: E402
from foley_core.engines.engine import Engine  # noqa: E402
from foley_core.engines.procedural.catalogue import catalogue  # noqa: E402
from foley_core.engines.procedural.kind import Kind  # noqa: E402
from foley_core.samples import Sound  # noqa: E402
from foley_core.timecode import SAMPLE_RATE  # noqa: E402

DOCUMENT = ROOT / "docs" / "procedural.md"
IMAGES = ROOT / "docs" / "images"

Pixels: TypeAlias = NDArray[np.uint8]

WIDE, HIGH = 200, 130
"""Pixels of one spectrogram."""
COLUMNS = 4
LEFT, ABOVE, BELOW, GAP = 46, 20, 18, 10
LOWEST, HIGHEST = 50.0, 16_000.0
RANGE = 60.0
"""dB from dark to bright."""
SHADES, GREYS = 16, 16
"""Steps of colour, and after them in the palette of grey for the writing; few, so that files are small."""
BLUR = 0.7
MARKS = {100: "100 Hz", 1_000: "1 kHz", 10_000: "10 kHz"}
GROUND, FAINT, INK = 0, 170, 235
"""Greys: 0 is the ground, which is not quite black."""
_WINDOW = 4096

_STRUCK = Picture(2.4, impacts=(impact(0.1, 0.3), impact(1.2, 1.0)))
_MOVED = Picture(4.0, curve=tuple((0.6 * np.sin(np.pi * np.arange(100) / 100) ** 2).tolist()))


def spectrogram(sound: Sound) -> NDArray[np.float64]:
    """(HIGH, WIDE), 0 dark to 1 bright, the highest frequency on top."""
    mono = sound.mean(axis=1, dtype=np.float64)
    middles = (np.arange(WIDE) + 0.5) * len(mono) / WIDE
    padded = np.pad(mono, _WINDOW // 2)
    frames = np.stack([padded[int(at) : int(at) + _WINDOW] for at in middles])
    power = np.abs(np.fft.rfft(frames * np.hanning(_WINDOW), axis=1)) ** 2
    edges = np.geomspace(LOWEST, HIGHEST, HIGH + 1) * _WINDOW / SAMPLE_RATE
    whole = np.concatenate([np.zeros((WIDE, 1)), np.cumsum(power, axis=1)], axis=1)
    up_to = np.stack([np.interp(edges, np.arange(whole.shape[1]), row) for row in whole])
    level = 10 * np.log10(np.diff(up_to, axis=1).T[::-1] + 1e-20)
    shown = np.clip(1 + (level - level.max()) / RANGE, 0, 1)
    return np.asarray(cv2.GaussianBlur(shown, (0, 0), BLUR), np.float64)


def panel(kind: Kind, engine: Engine) -> Pixels:
    """One kind: its name, its spectrogram, its time; numbers in the palette."""
    picture = {"hits": _STRUCK, "movement": _MOVED}.get(layer_of(kind)) or picture_for(kind)
    sound = play(engine, kind.name, picture, 1, [layer_of(kind)]).layers[layer_of(kind)]
    grey = np.full((ABOVE + HIGH + BELOW, LEFT + WIDE + GAP), GROUND, np.uint8)
    for frequency, text in MARKS.items():
        row = ABOVE + HIGH - 1 - round(HIGH * np.log(frequency / LOWEST) / np.log(HIGHEST / LOWEST))
        grey[row, LEFT - 4 : LEFT] = FAINT
        write(grey, text, (2, row + 3), FAINT, 0.32)
    write(grey, kind.name, (LEFT, ABOVE - 6), INK, 0.42)
    write(grey, "0", (LEFT, ABOVE + HIGH + 13), FAINT, 0.32)
    write(grey, f"{picture.seconds:g} s", (LEFT + WIDE - 28, ABOVE + HIGH + 13), FAINT, 0.32)
    pixels = SHADES + grey // (256 // GREYS)
    pixels[ABOVE : ABOVE + HIGH, LEFT : LEFT + WIDE] = np.rint(spectrogram(sound) * (SHADES - 1))
    return np.asarray(pixels, np.uint8)


def write(grey: Pixels, text: str, at: tuple[int, int], ink: int, size: float) -> None:
    """Text with its lower left corner at (x, y)."""
    cv2.putText(grey, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, ink, 1, cv2.LINE_AA)


def sheet(panels: list[Pixels]) -> Pixels:
    """All of a family, in rows."""
    columns = min(len(panels), COLUMNS)
    filled = panels + [np.full_like(panels[0], SHADES)] * (-len(panels) % columns)
    rows = [np.hstack(filled[at : at + columns]) for at in range(0, len(filled), columns)]
    return np.asarray(np.vstack(rows), np.uint8)


def palette() -> bytes:
    """Red, green and blue of all colours: dark to bright, then the greys."""
    shades = np.linspace(0, 255, SHADES).astype(np.uint8)[None]
    colours = cv2.applyColorMap(shades, cv2.COLORMAP_INFERNO)[0, :, ::-1]
    greys = np.linspace(20, 255, GREYS).astype(np.uint8)
    return colours.tobytes() + np.stack([greys] * 3, axis=1).tobytes()


def png(pixels: Pixels) -> bytes:
    """A PNG with a palette, which OpenCV does not write (W3C, Portable Network Graphics, 2003)."""
    height, width = pixels.shape
    rows = np.hstack([np.zeros((height, 1), np.uint8), pixels])
    chunks = {
        b"IHDR": struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0),
        b"PLTE": palette(),
        b"IDAT": zlib.compress(rows.tobytes(), 9),
        b"IEND": b"",
    }
    parts = (
        struct.pack(">I", len(body)) + name + body + _check(name + body) for name, body in chunks.items()
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _check(chunk: bytes) -> bytes:
    return struct.pack(">I", zlib.crc32(chunk))


def draw(engine: Engine) -> None:
    """Draw them all, and take away those of families that are gone."""
    for old in IMAGES.glob("sounds-*.png"):
        old.unlink()
    for family, sounds in families().items():
        image = sheet([panel(catalogue()[sound["name"]], engine) for sound in sounds])
        (IMAGES / image_name(family)).write_bytes(png(image))


def main() -> int:
    """Write the tables and the images."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only-tables", action="store_true", help="leave the images as they are")
    options = parser.parse_args()
    DOCUMENT.write_text(rewritten(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    if not options.only_tables:
        draw(loaded())
    return 0


if __name__ == "__main__":
    sys.exit(main())
