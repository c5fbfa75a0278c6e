"""Real films with their own sound: is it left alone, and is what is claimed true where it was put late?

    python benchmarks/align_real.py FOLDER

FOLDER holds films whose sound is right, and may hold other files. Each film's own sound is written to a WAV
as it is, late and early by known amounts, stretched, and with its second half late; `align_recording` is
given the film and that. Prints two JSON lines for each film and ends with 1 where sound that was right is
moved by more than 20 ms, or where sound that was moved lies more than 50 ms from where the film has it. Where
it came to lie is found in the WAV by correlation with the film's own, second by second. What is not moved
claims nothing.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import soundfile  # noqa: E402
import soxr  # noqa: E402
from numpy.typing import NDArray  # noqa: E402
from scipy.signal import correlate  # noqa: E402

from benchmarks.figure import Figure, judged  # noqa: E402
from benchmarks.watched_once import WatchedOnce  # noqa: E402
from foley_core.align.alignment import Alignment  # noqa: E402
from foley_core.align.recording import align_recording  # noqa: E402
from foley_core.errors import FoleyError  # noqa: E402
from foley_core.media.probe import probe  # noqa: E402
from foley_core.media.sound import sound  # noqa: E402
from foley_core.samples import Sound  # noqa: E402
from foley_core.timecode import SAMPLE_RATE  # noqa: E402

FILMS = (".mp4", ".mov", ".mkv", ".webm")
LATE_MS = (40, 83, 120, 137, 200, 263, -40, -90, -120)
STRETCHED = (0.995, 1.005)
HALF_LATE_MS = 150
STILL, CLAIMED = 20.0, 50.0
"""Milliseconds by which right sound may be moved, and by which moved sound may lie wrong."""
_REACH = SAMPLE_RATE // 2
_ALIKE = 0.5
"""Correlation from which a second of sound was found again."""


def shifted(whole: Sound, ms: int) -> Sound:
    """The sound later by so much, as long as it was."""
    by = ms * SAMPLE_RATE // 1000
    silence = np.zeros((abs(by), 2), np.float32)
    return (
        np.concatenate([silence, whole])[: len(whole)] if by > 0 else np.concatenate([whole[-by:], silence])
    )


def spoilt(whole: Sound) -> Iterator[tuple[str, Sound]]:
    """The sound put wrong in each way, as long as it was."""
    for ms in LATE_MS:
        yield f"{abs(ms)} ms {'late' if ms > 0 else 'early'}", shifted(whole, ms)
    for ratio in STRETCHED:
        made = soxr.resample(whole, SAMPLE_RATE, SAMPLE_RATE * ratio, quality="VHQ")[: len(whole)]
        yield f"stretched by {ratio - 1:+.1%}", np.pad(made, ((0, len(whole) - len(made)), (0, 0)))
    half = len(whole) // 2
    yield (
        f"second half {HALF_LATE_MS} ms late",
        np.concatenate([whole[:half], shifted(whole[half:], HALF_LATE_MS)]),
    )


def off_ms(before: Sound, after: Sound) -> NDArray[np.float64]:
    """By how much each second of `before` that is found again comes later in `after`, in milliseconds."""
    one, other = (wave.mean(axis=1, dtype=np.float64) for wave in (before, after))
    other = np.pad(other, (_REACH, _REACH))
    found = []
    for first in range(0, len(one) - SAMPLE_RATE // 2, SAMPLE_RATE):
        part = one[first : first + SAMPLE_RATE]
        there = other[first : first + len(part) + 2 * _REACH]
        power = (there**2).cumsum()
        power = power[len(part) - 1 :] - np.concatenate([[0.0], power[: -len(part)]])
        alike = correlate(there, part, "valid", "fft") / np.sqrt(np.maximum(power * (part**2).sum(), 1e-12))
        if alike.max() > _ALIKE:
            found.append(1000 * (int(alike.argmax()) - _REACH) / SAMPLE_RATE)
    return np.array(found)


def told(account: Alignment, before: Sound, given: Sound, after: Sound) -> dict[str, Any]:
    """What was moved, and what was claimed, against the truth."""
    about: dict[str, Any] = {"told": account.told, "moved": account.moved, "measured_ms": account.shift_ms}
    about["by_ms"] = 0.0 if np.array_equal(given, after) else _worst(off_ms(given, after))
    if account.moved:
        about |= {"claimed_ms": account.p95_ms, "off_ms": _worst(off_ms(before, after))}
    return about


def _worst(found: NDArray[np.float64]) -> float | None:
    return float(np.abs(found).max()) if len(found) else None


def film(path: Path, scratch: Path) -> Iterator[Figure]:
    """What comes of one film's sound, in all ways."""
    seen, given, output = WatchedOnce(), scratch / "given.wav", scratch / "output.wav"
    whole = np.concatenate(list(sound(path, Fraction(0), probe(path).duration)))

    def aligned(wave: Sound) -> dict[str, Any]:
        soundfile.write(given, wave, SAMPLE_RATE, "PCM_24")
        account = align_recording(path, given, output, store=seen)
        files = [soundfile.read(file, dtype="float32", always_2d=True)[0] for file in (given, output)]
        return told(account, whole, *files)

    right = aligned(whole)
    still = right["by_ms"] is not None and right["by_ms"] <= STILL
    yield Figure(f"{path.name}, as it is: moved by, ms", f"<= {STILL:g}", right["by_ms"], still, right)
    late = {how: aligned(wave) for how, wave in spoilt(whole)}
    claims = [about["off_ms"] for about in late.values() if about["moved"]]
    worst = None if None in claims else max(claims, default=0.0)
    kept = worst is not None and worst <= CLAIMED
    details = {"claims": len(claims), "ways": len(late), **late}
    yield Figure(
        f"{path.name}, put wrong: what was moved is off by, ms", f"<= {CLAIMED:g}", worst, kept, details
    )


def films(folder: Path, scratch: Path) -> Iterator[Figure]:
    """All films of the folder that have sound."""
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in FILMS:
            try:
                yield from film(path, scratch)
            except FoleyError as error:
                print(f"{path.name} is left out: {error}", file=sys.stderr)


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="of films with their own sound")
    folder = parser.parse_args().folder
    with tempfile.TemporaryDirectory() as scratch:
        return judged(films(folder, Path(scratch)))


if __name__ == "__main__":
    sys.exit(main())
