"""The engine that goes astray on purpose: it is as wrong as it says, and no more."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from foley_core.engines.engine import Brief, find_engine
from foley_core.engines.testing.drifting import ECHO, sounded_at
from foley_core.picture.spotting import Impact, Spotting
from foley_core.picture.spotting_stream import SpottingStream
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE, sample_at

HOUR = 3600


def brief(times: list[Fraction], start: int = 0, seconds: int = 10, prompt: str = "", seed: int = 1) -> Brief:
    impacts = tuple(Impact(time=time, strength=0.8, x=0.5, y=0.5) for time in times)
    spotting = Spotting(start=Fraction(0), end=Fraction(2 * HOUR), impacts=impacts, frames=0)
    return Brief(
        media=Path("film.mp4"),
        prompt=prompt,
        negative="",
        layers=("hits",),
        seed=seed,
        first_sample=start * SAMPLE_RATE,
        samples=seconds * SAMPLE_RATE,
        picture=SpottingStream.of(spotting),
        tick=lambda share: None,
    )


def played(asked: Brief) -> Sound:
    return np.concatenate([block["hits"] for block in find_engine("drifting").perform(asked).blocks])


def attacks(asked: Brief) -> list[int]:
    """Samples of media time at which sound begins after silence."""
    sound = played(asked)
    loud = np.flatnonzero(np.abs(sound).max(axis=1) > 1e-3)
    begins = loud[np.diff(loud, prepend=-SAMPLE_RATE) > SAMPLE_RATE // 100]
    return [asked.first_sample + int(at) for at in begins]


@pytest.mark.parametrize(
    ("start", "time", "late_ms"),
    [
        (0, 0, 60),
        (HOUR // 2, HOUR // 2, 165),
        (HOUR, HOUR, 270),
        (HOUR + 600, HOUR + 600, 270),
        (0, 1000, 1118),
    ],
)
def test_it_is_late_by_more_and_more(start: int, time: int, late_ms: int) -> None:
    asked = brief([], start=start)
    late = sounded_at(asked, Fraction(time)) - time
    assert round(late * 1000) == late_ms


def test_a_knock_lies_where_it_says() -> None:
    asked = brief([Fraction(1), Fraction(4)])
    wanted = [sounded_at(asked, Fraction(time)) * SAMPLE_RATE for time in (1, 4)]
    assert attacks(asked) == [pytest.approx(float(at), abs=2) for at in wanted]


def test_it_loses_and_doubles_one_hit_in_a_hundred() -> None:
    asked = brief([Fraction(half, 2) for half in range(2, 802)], seconds=403)
    loud = np.abs(played(asked)).max(axis=1)
    due = [sample_at(sounded_at(asked, impact.time)) for impact in asked.picture.impacts()]
    first, again = (
        [float(loud[at + late : at + late + 480].max()) > 0.05 for at in due] for late in (0, sample_at(ECHO))
    )
    assert 2 <= first.count(False) <= 20
    assert 2 <= again.count(True) <= 20


@pytest.mark.alone
def test_each_cue_takes_longer_where_the_prompt_says_so() -> None:
    engine, took = find_engine("drifting"), []
    for _ in range(3):
        begun = time.monotonic()
        for _block in engine.perform(brief([], seconds=2, prompt="slow 200")).blocks:
            pass
        took.append(time.monotonic() - begun)
    assert took[1] >= 0.4
    assert took[2] >= 0.8


@pytest.mark.process
def test_it_ends_its_process_over_every_nth_cue() -> None:
    program = (
        "from tests.engines.test_drifting import brief\n"
        "from foley_core.engines.engine import find_engine\n"
        "engine = find_engine('drifting')\n"
        "for number in range(9):\n"
        "    engine.perform(brief([], prompt='wood, crash 3'))\n"
        "    print(number, flush=True)\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.split()) == (137, ["0", "1"])


def test_it_says_no_hits() -> None:
    assert find_engine("drifting").perform(brief([Fraction(1)])).hits is None


def test_without_words_it_does_not_dawdle() -> None:
    asked = replace(brief([]), prompt="slowly crashing waves")
    assert find_engine("drifting").perform(asked)
