"""The report's page: everything in it, safe whatever the prompt says, and as JSON the takes' records."""

from __future__ import annotations

import json
import re
import tracemalloc
from base64 import b64encode
from fractions import Fraction
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from unittest.mock import ANY

import msgspec
import pytest

from foley_core.cue import encode
from foley_core.errors import OutputDenied
from foley_core.report.hits_table import MOST_ROWS
from foley_core.report.report import write_report
from foley_core.take import PREVIEW_NOTE, Take
from foley_core.timecode import SAMPLE_RATE
from tests.report.pages import JPEG, made_of, page_of, seen, take_of

HOSTILE = """<script>alert(1)</script> "><img src=x onerror=alert(2)> ' </style></title> & 🥁"""


def test_each_impact_has_a_row_with_its_picture_time_strength_sound_and_how_sure_it_is(
    tmp_path: Path,
) -> None:
    times = [Fraction(1, 3), Fraction(3, 2)]
    write_report(made_of(take_of(tmp_path, times), spotting=seen(*times)), tmp_path / "report.html")
    page = page_of(tmp_path / "report.html")
    assert len(page.named("tr")) == 1 + len(times)
    assert [image["src"] for image in page.named("img")] == [f"data:image/jpeg;base64,{JPEG}"] * 2
    for shown in ("00:00:00:08", "00:00:01:12", "0.60", "wood", "0.88"):
        assert shown in page.text
    assert "1.00" not in page.text


def test_film_prompt_seed_engine_range_and_loudness_are_shown(tmp_path: Path) -> None:
    write_report(made_of(take_of(tmp_path, [Fraction(1)])), tmp_path / "report.html")
    text = page_of(tmp_path / "report.html").text
    for shown in ("Scene 12.mov", "wood & rain", "procedural 1", "00:00:02:00", "−23.4 LUFS", "−5.5 dBTP"):
        assert shown in text


def test_what_the_limiter_did_and_a_loudness_that_was_missed_are_shown(tmp_path: Path) -> None:
    take = take_of(tmp_path, [], limited_db=11.98, limited_share=0.032)
    wanted = {**take.cue, "loudness": -16.0}
    take = msgspec.structs.replace(take, cue=wanted)
    take = msgspec.structs.replace(take, remarks=(take.missed_loudness(),))
    write_report(made_of(take), tmp_path / "report.html")
    text = page_of(tmp_path / "report.html").text
    assert "for −16.0 LUFS; peaks limited by up to 12.0 dB, 3% of the time" in text
    assert "-16.0 LUFS asked for, but its peaks, limited by up to 12.0 dB, allow no more." in text
    write_report(made_of(take_of(tmp_path, [])), tmp_path / "report.html")
    assert "limited" not in page_of(tmp_path / "report.html").text


def test_the_marks_lie_over_the_waveform_at_their_times(tmp_path: Path) -> None:
    write_report(
        made_of(take_of(tmp_path, [Fraction(0), Fraction(1), Fraction(2)])), tmp_path / "report.html"
    )
    page = page_of(tmp_path / "report.html")
    marks = [float(line["x1"] or 0) for line in page.named("line") if line["class"] == "mark"]
    middle = next(line for line in page.named("line") if line["class"] == "middle")
    left, right = float(middle["x1"] or 0), float(middle["x2"] or 0)
    assert marks == pytest.approx([left, (left + right) / 2, right])


def test_a_take_that_is_taken_away_meanwhile_is_said_so_and_nothing_is_left(tmp_path: Path) -> None:
    take = take_of(tmp_path, [Fraction(1)])
    Path(take.path).unlink()
    with pytest.raises(OutputDenied, match="cannot be read"):
        write_report(made_of(take), tmp_path / "report.html")
    assert not list(tmp_path.glob("report.*"))


def test_a_user_s_hit_is_shown_by_the_picture_of_what_was_seen_near_it(tmp_path: Path) -> None:
    take = take_of(tmp_path, [Fraction(1), Fraction(3, 2)])
    write_report(made_of(take, spotting=seen(Fraction(105, 100), Fraction(17, 10))), tmp_path / "report.html")
    assert len(page_of(tmp_path / "report.html").named("img")) == 1


def test_as_json_it_is_the_take_s_record_and_each_file_is_written_under_its_name_alone(
    tmp_path: Path,
) -> None:
    take = take_of(tmp_path, [Fraction(1, 3)], unknown_words=("kazoo",))
    before = set(tmp_path.iterdir())
    write_report(made_of(take), tmp_path / "page.html")
    assert set(tmp_path.iterdir()) - before == {tmp_path / "page.html"}
    write_report(made_of(take), tmp_path / "record.JSON")
    written = (tmp_path / "record.JSON").read_bytes()
    assert json.loads(written).items() >= {**json.loads(encode(take)), "impacts": ANY}.items()
    assert encode(msgspec.json.decode(written, type=Take)) == encode(take)


def test_what_is_to_be_said_of_the_preview_is_shown(tmp_path: Path) -> None:
    take = take_of(tmp_path, [Fraction(1)], notes={PREVIEW_NOTE: "left out", "seen": "x"})
    write_report(made_of(take), tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<dt>Preview</dt><dd>left out</dd>" in page
    assert "<dt>Engine: seen</dt>" in page


def test_unknown_words_come_with_the_known_ones_most_like_them(tmp_path: Path) -> None:
    near = {"thundr": ("thunder", "drum", "hinder")}
    take = take_of(tmp_path, [Fraction(1)], unknown_words=("thundr", "x"), near_words=near)
    write_report(made_of(take), tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "thundr (nearest: thunder, drum, hinder); x" in page


def test_whatever_the_words_are_they_stay_words(tmp_path: Path) -> None:
    take = take_of(tmp_path, [Fraction(1)])
    hit = msgspec.structs.replace(take.impacts[0], sound=HOSTILE)
    cue = take.cue | {"prompt": HOSTILE, "negative": HOSTILE, "media": HOSTILE}
    hostile = msgspec.structs.replace(
        take,
        cue=cue,
        impacts=(hit,),
        unknown_words=(HOSTILE,),
        notes={HOSTILE: HOSTILE},
        remarks=(HOSTILE,),
        engine=HOSTILE,
    )
    write_report(made_of(hostile), tmp_path / "report.html")
    page = page_of(tmp_path / "report.html")
    assert page.text.count("<script>alert(1)</script>") >= 8
    assert page.script == (files("foley_core.report") / "player.js").read_text(encoding="utf-8")
    assert len(page.named("script")) == 1
    assert page.named("img") == []
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)


def test_nothing_is_fetched_from_anywhere_and_links_lead_to_the_files_that_are_named(tmp_path: Path) -> None:
    times = [Fraction(1)]
    write_report(made_of(take_of(tmp_path, times), spotting=seen(*times)), tmp_path / "report.html")
    page = page_of(tmp_path / "report.html")
    names = ("src", "srcset", "data", "action", "poster", "href")
    sources = {str(a[name]) for _, a in page.tags for name in names if name in a}
    assert {source for source in sources if not source.startswith(("data:", "#"))} == {"./take.wav"}
    assert not re.search(r"https?:|@import|url\(", (tmp_path / "report.html").read_text(encoding="utf-8"))


def test_no_script_is_let_run_but_the_page_s_own(tmp_path: Path) -> None:
    write_report(made_of(take_of(tmp_path, [Fraction(1)])), tmp_path / "report.html")
    page = page_of(tmp_path / "report.html")
    policy = next(tag["content"] for tag in page.named("meta") if tag.get("http-equiv"))
    digest = b64encode(sha256(page.script.encode()).digest()).decode()
    assert policy is not None
    assert dict(rule.split(" ", 1) for rule in policy.split("; ")) == {
        "default-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "img-src": "data:",
        "media-src": "data:",
        "style-src": "'unsafe-inline'",
        "script-src": f"'sha256-{digest}'",
    }


def test_a_take_with_very_many_impacts_has_a_page_that_opens(tmp_path: Path) -> None:
    times = [Fraction(k, 3_000) for k in range(5_000)]
    made = made_of(take_of(tmp_path, times))
    for name in ("report.html", "report.json"):
        write_report(made, tmp_path / name)
    page = page_of(tmp_path / "report.html")
    assert len(page.named("tr")) == 1 + MOST_ROWS
    assert "4000 more impacts" in page.text
    assert len(json.loads((tmp_path / "report.json").read_bytes())["impacts"]) == 5_000


@pytest.mark.parametrize("samples", [1, 2, 959, 48_001])
def test_a_take_of_any_length_is_drawn(tmp_path: Path, samples: int) -> None:
    write_report(made_of(take_of(tmp_path, [], samples)), tmp_path / "report.html")
    page = page_of(tmp_path / "report.html")
    assert "No impacts." in page.text
    assert "nan" not in str(page.named("path")[0]["d"])


def test_a_take_without_loudness_and_with_handles_is_shown(tmp_path: Path) -> None:
    take = take_of(
        tmp_path, [], lufs=None, true_peak=None, head=4_800, tail=9_600, start=-0.1, start_exact="-1/10"
    )
    write_report(made_of(take), tmp_path / "report.html")
    page = page_of(tmp_path / "report.html")
    assert len([rect for rect in page.named("rect") if rect["class"] == "handle"]) == 2
    assert "–" in page.text


def test_memory_does_not_grow_with_the_length_of_the_take(tmp_path: Path) -> None:
    def peak(seconds: int) -> int:
        take = take_of(tmp_path, [], seconds * SAMPLE_RATE)
        tracemalloc.start()
        try:
            write_report(made_of(take), tmp_path / "report.html")
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(40) <= 1.05 * peak(4) + 50_000


def test_a_folder_that_is_not_there_is_one_clear_error(tmp_path: Path) -> None:
    take = take_of(tmp_path, [])
    with pytest.raises(OutputDenied):
        write_report(made_of(take), tmp_path / "none" / "report.html")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["take.wav"]


def test_a_page_that_cannot_be_written_leaves_no_record_either(tmp_path: Path) -> None:
    take = take_of(tmp_path, [])
    (tmp_path / "report.html").mkdir()
    with pytest.raises(OutputDenied):
        write_report(made_of(take), tmp_path / "report.html")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "take.wav"]
