"""Previews of films in every codec: no take may be lost for one, and flash and click must lie together.

    python benchmarks/previews.py [ENCODER]...

Draws a film with each encoder that FFmpeg has here (or those named), in each container that foley reads, and
has the real service make a take with a click at its white frame, with a preview in each container. Films
whose take is refused without a preview too are left out, and named.

Prints one JSON line for each figure: takes lost for a preview (0 is asked for); the most that a flash lies
from its click in a preview (1 ms); how many previews have their picture copied, encoded anew, or are left
out. Ends with 1 where one is missed. Runs in a state folder of its own.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from backend.client import Client, ClientError  # noqa: E402
from backend.launch import record_launch  # noqa: E402
from benchmarks.encoded_films import FLASH, RATE, encoders, films  # noqa: E402
from benchmarks.figure import Figure, judged  # noqa: E402
from foley_core.errors import FoleyError  # noqa: E402
from foley_core.media.frames import frames  # noqa: E402
from foley_core.media.preview_container import CONTAINERS  # noqa: E402
from foley_core.media.probe import probe  # noqa: E402
from foley_core.media.sound import sound  # noqa: E402
from foley_core.timecode import SAMPLE_RATE  # noqa: E402

APART_MS = 1.0
CUE = {"in": str(Fraction(FLASH - 10, RATE)), "out": str(Fraction(FLASH + 15, RATE))}


@dataclass
class Found:
    """What became of the films."""

    takes: int = 0
    films: set[str] = field(default_factory=set)
    no_film: list[str] = field(default_factory=list)
    """Encoders without a container that foley reads."""
    refused: dict[str, str] = field(default_factory=dict)
    """Films without a take, with the code of the error."""
    lost: dict[str, str] = field(default_factory=dict)
    """Takes that came without a preview, and not with one."""
    apart: dict[str, float] = field(default_factory=dict)
    pictures: Counter[str] = field(default_factory=Counter)
    left_out: dict[str, str] = field(default_factory=dict)


def look(client: Client, film: Path, folder: Path, found: Found) -> None:
    """Have takes made for a film, without a preview and with each."""
    error, _ = made(client, film, folder / "take.wav", None)
    if error:
        found.refused[film.name] = error
        return
    found.films.add(film.name)
    for suffix in CONTAINERS:
        found.takes += 1
        name = f"{film.name} in {suffix}"
        take, preview = folder / "take.wav", folder / f"preview{suffix}"
        take.unlink()
        error, done = made(client, film, take, preview)
        if error or not take.is_file():
            found.lost[name] = error
            made(client, film, take, None)
            continue
        note = done["takes"][0]["notes"].get("preview", "")
        kind = "copied" if not note else "encoded anew" if done["preview"] else "left out"
        found.pictures[f"{kind} in {suffix}"] += 1
        if done["preview"]:
            found.apart[name] = apart_ms(preview)
            preview.unlink()
        else:
            found.left_out[name] = note


def made(client: Client, film: Path, take: Path, preview: Path | None) -> tuple[str, dict[str, Any]]:
    """The code of the error, or how the job was done."""
    cue = {"media": str(film), "prompt": "x", "engine": "impulse", "seed": 1, **CUE}
    deliver = {"takes": [str(take)], "preview": str(preview) if preview else None}
    try:
        return "", client.follow(client.submit(cue, deliver))
    except ClientError as error:
        return error.code, {}


def apart_ms(preview: Path) -> float:
    """Between the white frame and the click; infinite where one of them is missing."""
    try:
        info = probe(preview)
        shown = [frame.time for frame in frames(info, Fraction(0), info.duration) if _white(frame.luma(8, 8))]
        heard = np.concatenate(list(sound(preview, Fraction(0), info.duration)))[:, 0]
    except FoleyError:
        return float("inf")
    if not shown or np.abs(heard).max() < 0.1:
        return float("inf")
    return abs(float(Fraction(int(np.abs(heard).argmax()), SAMPLE_RATE) - shown[0])) * 1000


def _white(luma: Any) -> bool:
    return bool(luma.mean() > 150)


def figures(found: Found) -> Iterator[Figure]:
    """The figures of a run."""
    details = {"of": found.takes, "films": len(found.films), "lost": found.lost}
    lost = len(found.lost)
    yield Figure("takes lost for a preview", "0", lost, not lost and found.takes > 0, details)
    worst = max(found.apart.values(), default=None)
    missed = {name: ms for name, ms in found.apart.items() if ms > APART_MS}
    yield Figure("flash to click, ms", f"{APART_MS:g}", worst, not missed, {"missed": missed})
    pictures = dict(sorted(found.pictures.items()))
    yield Figure("previews", "told", len(found.apart), True, {**pictures, "left out": found.left_out})
    unread = {"refused": found.refused, "in no container that is read": found.no_film}
    yield Figure("films that are none for foley", "told", len(found.refused), True, unread)


def main() -> int:
    """Measure, print, judge."""
    logging.disable()
    av.logging.set_level(None)
    found = Found()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        folder = Path(place)
        os.environ |= {"FOLEY_HOME": str(folder / "home"), "FOLEY_TEST_ENGINES": "1"}
        record_launch()
        with Client("benchmark") as client:
            try:
                for encoder in sys.argv[1:] or encoders():
                    drawn = list(films(encoder, folder))
                    found.no_film += [] if drawn else [encoder]
                    for film in drawn:
                        look(client, film, folder, found)
                        film.unlink()
            finally:
                client.request("shutdown", {"mode": "now"})
        return judged(figures(found))


if __name__ == "__main__":
    sys.exit(main())
