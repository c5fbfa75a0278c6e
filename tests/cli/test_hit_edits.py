"""What was seen, edited by what is typed: hits added, dropped and nudged, to the sample."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from backend.cli.arguments import TimeReader
from backend.cli.hit_edits import REACH, HitEdits, edited, read_edits
from foley_core.cue import WantedHit
from foley_core.media.probe import probe
from foley_core.picture.spotting import Impact
from foley_core.timecode import exact, sample_at
from tests.cli.conftest import ROOT, Foley
from tests.timecoded import draw_timecoded

DEMO = ROOT / "installers" / "demo" / "demo.mp4"
NTSC = Fraction(30000, 1001)


def impact(time: Fraction, strength: float = 0.5) -> Impact:
    return Impact(time=time, strength=strength, x=0.25, y=0.75, size=0.125)


def hit(time: Fraction, strength: float = 0.5) -> WantedHit:
    return WantedHit(time=time, strength=strength, x=0.25, y=0.75, size=0.125)


SEEN = [impact(Fraction(n), n / 10) for n in (1, 2, 4)]


def test_each_edit_changes_its_hit_and_leaves_all_others_as_they_were_seen() -> None:
    edits = HitEdits(
        add=(WantedHit(time=Fraction(3), sound="glass"),),
        drop=(Fraction(9, 10),),
        nudge=((Fraction(21, 10), Fraction(5, 2)),),
    )
    assert edited(edits, SEEN) == (
        WantedHit(time=Fraction(3), sound="glass"),
        hit(Fraction(4), 0.4),
        hit(Fraction(9, 2), 0.2),
    )
    assert edited(HitEdits(), SEEN) == tuple(hit(one.time, one.strength) for one in SEEN)


@given(
    times=st.lists(st.fractions(0, 20), unique=True, max_size=12).map(sorted),
    typed=st.fractions(0, 20),
    by=st.fractions(-3, 3),
)
def test_the_nearest_within_reach_is_meant_or_the_error_names_the_nearest(
    times: list[Fraction], typed: Fraction, by: Fraction
) -> None:
    impacts = [impact(time) for time in times]
    distance = min((abs(time - typed) for time in times), default=None)
    if distance is None or distance > REACH:
        with pytest.raises(click.BadParameter, match="No impact is seen within") as caught:
            edited(HitEdits(drop=(typed,)), impacts)
        nearest = sorted(times, key=lambda time: abs(time - typed))[:3]
        assert all(f"{float(time):.3f} s" in str(caught.value.message) for time in nearest)
        return
    meant = next(time for time in times if abs(time - typed) == distance)
    others = [time for time in times if time != meant]
    assert [one.time for one in edited(HitEdits(drop=(typed,)), impacts)] == others
    moved = edited(HitEdits(nudge=((typed, by),)), impacts)
    assert [one.time for one in moved] == sorted([*others, meant + by])


@pytest.mark.parametrize(
    "edits",
    [
        HitEdits(drop=(Fraction(1), Fraction(11, 10))),
        HitEdits(drop=(Fraction(1),), nudge=((Fraction(1), Fraction(1)),)),
        HitEdits(nudge=((Fraction(1), Fraction(1)), (Fraction(1), Fraction(2)))),
    ],
)
def test_an_impact_that_is_meant_twice_is_a_wrong_usage(edits: HitEdits) -> None:
    with pytest.raises(click.BadParameter, match=r"1\.000 s is dropped or nudged twice"):
        edited(edits, SEEN)


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> TimeReader:
    """Of a film at 29.97 that begins at an hour, drop frame."""
    path = tmp_path_factory.mktemp("film") / "film.mov"
    return TimeReader(probe(draw_timecoded(path, NTSC, "01:00:00;00", seconds=3)))


def typed(**lists: list[str]) -> dict[str, Any]:
    return {"add": [], "drop": [], "nudge": [], **lists}


@pytest.mark.parametrize(
    ("text", "time", "sound"),
    [
        ("1.25", Fraction(5, 4), ""),
        ("1.25:glass", Fraction(5, 4), "glass"),
        ("40f: heavy boots: two ", 40 / NTSC, "heavy boots: two"),
        ("01:00:01;10", 40 / NTSC, ""),
        ("01:00:01:10:glass", 40 / NTSC, "glass"),
        ("1001/24000:", Fraction(1001, 24000), ""),
    ],
)
def test_a_hit_to_add_is_a_time_in_any_form_and_words_after_a_colon(
    clock: TimeReader, text: str, time: Fraction, sound: str
) -> None:
    assert read_edits(typed(add=[text]), clock).add == (WantedHit(time=time, sound=sound),)


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("1:+2f", 2 / NTSC),
        ("1:0f", Fraction(0)),
        ("01:00:01;00:-1f", -1 / NTSC),
        ("1:-40ms", Fraction(-1, 25)),
        ("30f:2.5ms", Fraction(1, 400)),
        ("1:+0.1s", Fraction(1, 10)),
        ("1:-.5s", Fraction(-1, 2)),
    ],
)
def test_a_nudge_is_so_many_frames_milliseconds_or_seconds(
    clock: TimeReader, text: str, by: Fraction
) -> None:
    ((_time, distance),) = read_edits(typed(nudge=[text]), clock).nudge
    assert distance == by


@pytest.mark.parametrize(
    ("lists", "option"),
    [
        ({"add": ["soon"]}, "--add"),
        ({"add": [""]}, "--add"),
        ({"add": ["00:00:01;00"]}, "--add"),
        ({"drop": ["1:glass"]}, "--drop"),
        ({"nudge": ["1"]}, "--nudge"),
        ({"nudge": ["1:"]}, "--nudge"),
        ({"nudge": ["1:later"]}, "--nudge"),
        ({"nudge": ["1:+1.5f"]}, "--nudge"),
        ({"nudge": ["1:..ms"]}, "--nudge"),
    ],
)
def test_what_cannot_be_read_is_a_wrong_usage_of_its_option(
    clock: TimeReader, lists: dict[str, list[str]], option: str
) -> None:
    with pytest.raises(click.BadParameter) as caught:
        read_edits(typed(**lists), clock)
    assert caught.value.param_hint == option


def sound_of(path: Path) -> np.ndarray:
    return soundfile.read(path, dtype="int32")[0]


def test_a_take_of_edited_hits_is_heard_as_edited_and_records_them(foley: Foley, tmp_path: Path) -> None:
    seen = foley("detect", DEMO, "--json").json["impacts"]
    first, second = (exact(one["time_exact"]) for one in seen[:2])
    usual = ("-p", "wood", "--seed", "1", "--layers", "hits", "--json")
    edits = (
        "--drop",
        f"{float(first) + 0.1:.3f}",
        "--nudge",
        f"{float(second):.3f}:-40ms",
        "--add",
        "0.25:glass",
    )
    (take,) = foley("generate", DEMO, "-o", tmp_path / "a.wav", *usual, *edits).json["takes"]
    moved = second - Fraction(1, 25)
    assert [(hit["time_exact"], hit["sound"]) for hit in take["impacts"]] == [
        ("1/4", "glass"),
        (f"{moved.numerator}/{moved.denominator}", "wood"),
        *((one["time_exact"], "wood") for one in seen[2:]),
    ]
    assert [hit["sample"] for hit in take["impacts"][:2]] == [12_000, sample_at(moved)]
    assert take["impacts"][1]["strength"] == seen[1]["strength"]
    assert take["decoded_frames"] == 0
    assert np.abs(sound_of(tmp_path / "a.wav")[:12_000]).max() == 0
    cue = take["cue"]
    assert (len(cue["hit_list"]), cue["hits"], "min_sure" in cue) == (len(seen), None, False)


def test_what_is_not_edited_sounds_to_the_bit_as_it_was_seen(foley: Foley, tmp_path: Path) -> None:
    for name, more in (("a", ()), ("b", ("--nudge", "0.9:0f"))):
        limits = ("--min-sure", "0.7", "--seed", "1")
        assert foley("generate", DEMO, "-p", "wood", "-o", tmp_path / f"{name}.wav", *limits, *more).code == 0
    np.testing.assert_array_equal(sound_of(tmp_path / "a.wav"), sound_of(tmp_path / "b.wav"))


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        (("--drop", "0.2"), "No impact is seen within 0.25 s of 0.200 s. The nearest: 0.8"),
        (("--drop", "0.9", "--min-strength", "0.99"), "No impact is seen within"),
        (("--add", "99"), "99.000 s lies outside the range"),
        (("--nudge", "0.9:-1s"), "-0.106 s lies outside the range"),
        (("--add", "1", "--hits", "2"), "--hits overrules it"),
    ],
)
def test_an_edit_that_makes_no_sense_is_told_before_anything_is_made(
    edits: tuple[str, ...], said: str, foley: Foley, tmp_path: Path
) -> None:
    answer = foley("generate", DEMO, "-p", "wood", "-o", tmp_path / "t.wav", *edits)
    assert (answer.code, said in answer.err) == (2, True), answer.err
    assert not (tmp_path / "t.wav").exists()
    assert not (Path(os.environ["FOLEY_HOME"]) / "connection.json").exists()


def test_detected_impacts_become_markers_in_the_films_own_timecode(foley: Foley, tmp_path: Path) -> None:
    film = draw_timecoded(tmp_path / "film.mov", NTSC, "00:59:58;00", seconds=4, flash=90)
    seen = foley("detect", film, "-o", tmp_path / "m.edl", "--json").json["impacts"]
    lines = (tmp_path / "m.edl").read_text().splitlines()
    assert lines[:2] == ["TITLE: film", "FCM: DROP FRAME"]
    assert [one["timecode"] for one in seen] == [line.split()[4] for line in lines if "  V  " in line]
    assert all(one["timecode"].count(";") == 1 for one in seen)
