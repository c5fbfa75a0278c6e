"""Markers: where each impact lies in film and file, and where its figures come from."""

from __future__ import annotations

import csv
import json
from base64 import b64decode
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
import pytest

from foley_core.report.made import MadeTakes
from foley_core.report.report import write_report
from foley_core.take import AlignmentSummary, Take
from foley_core.timecode import SAMPLE_RATE, FilmClock, TimecodeFormat
from tests.report.pages import made_of, page_of, seen, sounded, take_of

NTSC = Fraction(30000, 1001)
DROPPING = TimecodeFormat(NTSC, drop=True)


def rows_of(made: MadeTakes, folder: Path) -> list[dict[str, str]]:
    write_report(made, folder / "markers.csv")
    with (folder / "markers.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def with_cue(take: Take, **changes: Any) -> Take:
    return msgspec.structs.replace(take, cue=take.cue | changes)


def test_each_marker_tells_timecode_seconds_frame_and_sample(tmp_path: Path) -> None:
    clock = FilmClock(NTSC, DROPPING, DROPPING.number("01:00:59;28"))
    times = [Fraction(1001, 30000), Fraction(1001 * 2, 30000), Fraction(737, 100)]
    takes = [
        take_of(tmp_path, times, 8 * SAMPLE_RATE, name=name, start_exact="-1/10", head=4_800)
        for name in ("one.wav", "two.wav")
    ]
    rows = rows_of(made_of(*takes, clock=clock, spotting=seen(*times)), tmp_path)
    assert [row["take"] for row in rows] == ["1", "1", "1", "2", "2", "2"]
    assert list(rows[1].values()) == [
        "1", "2", "01:01:00;02", "0.066733", "2", "3203", "wood", "hits", "0.6", "0.875", "seen",
        "unknown",
    ]  # fmt: skip
    assert [row["timecode"] for row in rows[:3]] == ["01:00:59;29", "01:01:00;02", "01:01:07;10"]
    for row, time in zip(rows[:3], times, strict=True):
        assert abs(Fraction(row["seconds"]) - time) * SAMPLE_RATE < Fraction(1, 2)
        assert int(row["frame"]) == int(time * NTSC)


def test_a_marker_tells_the_layer_that_the_user_named_for_its_hit(tmp_path: Path) -> None:
    first, second = sounded(Fraction(1, 2)), sounded(Fraction(1))
    moved = msgspec.structs.replace(second, layer="ambience")
    take = msgspec.structs.replace(take_of(tmp_path, []), impacts=(first, moved))
    assert [row["layer"] for row in rows_of(made_of(take), tmp_path)] == ["hits", "ambience"]


def test_a_time_that_was_rounded_to_the_millisecond_is_in_the_frame_that_was_meant(tmp_path: Path) -> None:
    clock = FilmClock(Fraction(24), TimecodeFormat(Fraction(24)))
    rows = rows_of(made_of(take_of(tmp_path, [Fraction("0.333"), Fraction("0.332")]), clock=clock), tmp_path)
    assert [(row["frame"], row["timecode"]) for row in rows] == [("8", "00:00:00:08"), ("7", "00:00:00:07")]


def test_a_timecode_counts_at_its_own_rate_and_frames_at_the_film_s(tmp_path: Path) -> None:
    half = TimecodeFormat(NTSC)
    clock = FilmClock(2 * NTSC, half, half.number("10:00:00:00"))
    (row,) = rows_of(made_of(take_of(tmp_path, [Fraction(1001, 1000)]), clock=clock), tmp_path)
    assert (row["timecode"], row["frame"]) == ("10:00:01:00", "60")


@pytest.mark.parametrize("form", ["hits", "hit_list"])
def test_hits_that_the_user_gave_are_given_and_no_surer_than_that(form: str, tmp_path: Path) -> None:
    times = [Fraction(1, 2), Fraction(1), Fraction(1), Fraction(3, 2)]
    hits: dict[str, Any] = {"hits": ["1/2", "1/1", "3/2"]}
    if form == "hit_list":
        own = [{"time": "3/2"}, {"time": "1/1", "strength": 0.6}, {"time": "1/1", "sound": "glass"}]
        hits = {"hit_list": [*own, own[0], {"time": "1/2"}]}
    else:
        times.remove(Fraction(1))
    take = with_cue(take_of(tmp_path, times), **hits)
    made = made_of(take, spotting=seen(Fraction(1, 2), Fraction(3, 4)))
    rows = rows_of(made, tmp_path)
    assert {(row["sure"], row["kind"], row["source"]) for row in rows} == {("given", "", "given")}
    write_report(made, tmp_path / "record.json")
    record = json.loads((tmp_path / "record.json").read_bytes())
    own_strength = ["given", "assumed"] if form == "hit_list" else ["assumed"]
    assert [one["strength_from"] for one in record["impacts"]] == ["seen", *own_strength, "assumed"]
    told = {(one["sure"], one["kind"], one["source"]) for one in record["impacts"]}
    assert told == {(None, None, "given")}
    write_report(made, tmp_path / "page.html")
    page = page_of(tmp_path / "page.html")
    assert page.text.count("0.60 assumed") == len(own_strength) + 1 - own_strength.count("given")
    assert "1.00" not in page.text


@pytest.mark.parametrize("sound", ["=1+1", "+1", "-1", "@x", " \t=1", '=HYPERLINK("x")', "\r=1"])
def test_a_spreadsheet_is_given_no_formula(sound: str, tmp_path: Path) -> None:
    take = take_of(tmp_path, [Fraction(1)])
    named = msgspec.structs.replace(take.impacts[0], sound=sound)
    (row,) = rows_of(made_of(msgspec.structs.replace(take, impacts=(named,))), tmp_path)
    assert row["sound"] == f"'{sound}"


def test_what_was_not_kept_of_the_picture_is_left_open(tmp_path: Path) -> None:
    silent = msgspec.structs.replace(sounded(Fraction(1)), sound="", sample=None)
    take = msgspec.structs.replace(take_of(tmp_path, []), impacts=(silent,))
    (row,) = rows_of(made_of(take), tmp_path)
    assert (row["sure"], row["sample"], row["sound"]) == ("", "", "")


def test_the_page_holds_the_same_markers(tmp_path: Path) -> None:
    made = made_of(take_of(tmp_path, [Fraction(1, 3), Fraction(1)]), spotting=seen(Fraction(1, 3)))
    rows_of(made, tmp_path)
    write_report(made, tmp_path / "page.html")
    (link,) = [link for link in page_of(tmp_path / "page.html").named("a") if "download" in link]
    assert link["download"] == "page.csv"
    kind, _, data = str(link["href"]).partition(";base64,")
    assert kind == "data:text/csv;charset=utf-8"
    assert b64decode(data) == (tmp_path / "markers.csv").read_bytes()


def test_an_engine_that_places_its_hits_has_no_offsets(tmp_path: Path) -> None:
    found = AlignmentSummary(
        shift_ms=0.0, p50_ms=0.0, p95_ms=0.0, worst_ms=0.0, unmatched_impacts=0, unmatched_onsets=0
    )
    take = take_of(tmp_path, [Fraction(1)], alignment=found)
    write_report(made_of(take), tmp_path / "page.html")
    page = page_of(tmp_path / "page.html")
    assert "placed at its impact" in page.text
    assert not any(word in page.text for word in ("Before", "After", "0.00 ms", "0.0 ms"))
    assert page.named("th")


@pytest.mark.parametrize(
    ("sound", "hits", "told"),
    [
        ("heard", None, "onsets heard in the sound, against the impacts seen in the picture"),
        ("heard", ["1/1"], "onsets heard in the sound, against the times of the hits that were given"),
        ("knock", None, "hits as the engine tells them, against the impacts seen in the picture"),
    ],
)
def test_offsets_that_were_measured_are_shown_with_what_they_were_measured_against(
    sound: str, hits: list[str] | None, told: str, tmp_path: Path
) -> None:
    take = take_of(tmp_path, [Fraction(1)])
    late = msgspec.structs.replace(
        take.impacts[0], sound=sound, before_ms=180.0, offset_ms=-3.25, confidence=0.75
    )
    found = AlignmentSummary(
        shift_ms=180.0, p50_ms=3.2, p95_ms=3.2, worst_ms=3.2, unmatched_impacts=0, unmatched_onsets=0
    )
    late_take = with_cue(msgspec.structs.replace(take, impacts=(late,), alignment=found), hits=hits)
    write_report(made_of(late_take), tmp_path / "page.html")
    text = page_of(tmp_path / "page.html").text
    for shown in (f"Offsets are of the {told}.", "+180.00 ms", "−3.25 ms", "0.75", "half of the hits"):
        assert shown.lower() in text.lower()
    assert "placed" not in text
