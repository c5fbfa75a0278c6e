"""The demo clip: small, as described, and its truth is what the script says."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from foley_core.engines.procedural.prompt.parser import parse_prompt
from foley_core.media.probe import probe
from foley_core.timecode import exact

DEMO = Path(__file__).parents[2] / "installers" / "demo"


def test_the_film_is_what_it_is_said_to_be() -> None:
    info = probe(DEMO / "demo.mp4")
    assert (info.width, info.height, info.rate, info.duration) == (1280, 720, Fraction(30), Fraction(10))
    assert info.sound is not None
    assert (DEMO / "demo.mp4").stat().st_size < 1_000_000


def test_the_truth_beside_it_is_what_the_script_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(DEMO)
    import draw

    draw.write_truth(tmp_path / "demo.json")
    assert (tmp_path / "demo.json").read_bytes() == (DEMO / "demo.json").read_bytes()


def test_its_impacts_are_many_apart_and_inside_the_picture() -> None:
    impacts = json.loads((DEMO / "demo.json").read_text(encoding="utf-8"))["impacts"]
    times = [exact(impact["time_exact"]) for impact in impacts]
    assert len(impacts) >= 8
    assert all(later - earlier >= Fraction(1, 5) for earlier, later in pairwise(times))
    assert all(float(time) == impact["time"] for time, impact in zip(times, impacts, strict=True))
    assert all(0 < impact["x"] < 1 and 0 < impact["y"] < 1 for impact in impacts)


def test_its_prompt_is_understood_to_the_last_word() -> None:
    soundscape = parse_prompt(json.loads((DEMO / "demo.json").read_text(encoding="utf-8"))["prompt"])
    assert [voice.name for voice in soundscape.voices] == ["wood", "metal", "hammer", "rain"]
    assert soundscape.unknown == ()
