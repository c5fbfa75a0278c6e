"""The report: one page with everything in it, safe whatever the prompt says, and the record beside it."""

from __future__ import annotations

import json
import re
import tracemalloc
from dataclasses import dataclass, field
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import soundfile

from foley_core.cue import Cue, encode, plain
from foley_core.errors import OutputDenied
from foley_core.picture.spotting import Impact, Spotting
from foley_core.report.report import MOST_ROWS, write_report
from foley_core.take import PREVIEW_NOTE, SoundedImpact, Take
from foley_core.timecode import SAMPLE_RATE, exact_text

JPEG = "/9j/4AAQSkZJRgABAQAAAQABAAD/2Q=="
HOSTILE = """<script>alert(1)</script> "><img src=x onerror=alert(2)> ' </style></title> & 🥁"""
EMPTY = frozenset({"meta", "link", "img", "path", "line", "circle", "rect"})


@dataclass
class Page(HTMLParser):
    """A page, taken apart; complains where tags do not match."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    text: str = ""
    open_tags: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open_tags.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open_tags.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def page_of(path: Path) -> Page:
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    assert page.open_tags == []
    return page


def take_of(folder: Path, times: list[Fraction], samples: int = 2 * SAMPLE_RATE, **changes: Any) -> Take:
    sound = np.random.default_rng(1).uniform(-0.5, 0.5, (samples, 2))
    soundfile.write(folder / "take.wav", sound, SAMPLE_RATE, subtype="PCM_24")
    cue = Cue(media="Scene 12.mov", prompt="wood & rain", out_point=Fraction(samples, SAMPLE_RATE), seed=7)
    take = Take(
        path=str(folder / "take.wav"),
        seed=7,
        engine="procedural",
        engine_version="1",
        samples=samples,
        bits=24,
        start=0.0,
        start_exact="0/1",
        time_reference=0,
        head=0,
        tail=0,
        impacts=tuple(sounded(time) for time in times),
        lufs=-23.4,
        true_peak=-5.5,
        gain_db=0.0,
        cue=plain(cue),
    )
    return msgspec.structs.replace(take, **changes)


def sounded(time: Fraction) -> SoundedImpact:
    return SoundedImpact(
        time=float(time),
        time_exact=exact_text(time),
        strength=0.6,
        x=0.25,
        y=0.5,
        sound="wood",
        sample=round(time * SAMPLE_RATE),
        offset_ms=0.0,
    )


def seen(*times: Fraction) -> Spotting:
    impacts = tuple(Impact(time=time, strength=0.6, x=0.25, y=0.5, thumbnail=JPEG) for time in times)
    return Spotting(start=Fraction(0), end=Fraction(2), impacts=impacts, frames=50)


def test_each_impact_has_a_row_with_its_picture_time_strength_sound_and_offset(tmp_path: Path) -> None:
    times = [Fraction(1, 3), Fraction(3, 2)]
    write_report(take_of(tmp_path, times), seen(*times), tmp_path / "report.html")
    page = page_of(tmp_path / "report.html")
    assert len(page.named("tr")) == 1 + len(times)
    assert [image["src"] for image in page.named("img")] == [f"data:image/jpeg;base64,{JPEG}"] * 2
    for shown in ("0:00.333", "0:01.500", "0.60", "wood", "+0.00 ms"):
        assert shown in page.text


def test_film_prompt_seed_engine_range_and_loudness_are_shown(tmp_path: Path) -> None:
    write_report(take_of(tmp_path, [Fraction(1)]), None, tmp_path / "report.html")
    text = page_of(tmp_path / "report.html").text
    for shown in ("Scene 12.mov", "wood & rain", "procedural 1", "0:02.000", "−23.4 LUFS", "−5.5 dBTP"):
        assert shown in text


def test_what_the_limiter_did_and_a_loudness_that_was_missed_are_shown(tmp_path: Path) -> None:
    take = take_of(tmp_path, [], limited_db=11.98, limited_share=0.032)
    wanted = {**take.cue, "loudness": -16.0}
    write_report(msgspec.structs.replace(take, cue=wanted), None, tmp_path / "report.html")
    text = page_of(tmp_path / "report.html").text
    assert "for −16.0 LUFS; peaks limited by up to 12.0 dB, 3% of the time" in text
    assert "-16.0 LUFS asked for, but its peaks, limited by up to 12.0 dB, allow no more." in text
    write_report(take_of(tmp_path, []), None, tmp_path / "report.html")
    assert "limited" not in page_of(tmp_path / "report.html").text


def test_the_marks_lie_over_the_waveform_at_their_times(tmp_path: Path) -> None:
    write_report(take_of(tmp_path, [Fraction(0), Fraction(1), Fraction(2)]), None, tmp_path / "report.html")
    page = page_of(tmp_path / "report.html")
    marks = [float(line["x1"] or 0) for line in page.named("line") if line["class"] == "mark"]
    middle = next(line for line in page.named("line") if line["class"] == "middle")
    left, right = float(middle["x1"] or 0), float(middle["x2"] or 0)
    assert marks == pytest.approx([left, (left + right) / 2, right])


def test_a_take_that_is_taken_away_meanwhile_is_said_so_and_nothing_is_left(tmp_path: Path) -> None:
    take = take_of(tmp_path, [Fraction(1)])
    Path(take.path).unlink()
    with pytest.raises(OutputDenied, match="cannot be read"):
        write_report(take, None, tmp_path / "report.html")
    assert not list(tmp_path.glob("report.*"))


def test_a_user_s_hit_is_shown_by_the_picture_of_what_was_seen_near_it(tmp_path: Path) -> None:
    take = take_of(tmp_path, [Fraction(1), Fraction(3, 2)])
    write_report(take, seen(Fraction(105, 100), Fraction(17, 10)), tmp_path / "report.html")
    assert len(page_of(tmp_path / "report.html").named("img")) == 1


def test_as_json_it_is_the_take_s_record_and_each_file_is_written_under_its_name_alone(
    tmp_path: Path,
) -> None:
    take = take_of(tmp_path, [Fraction(1, 3)], unknown_words=("kazoo",))
    before = set(tmp_path.iterdir())
    write_report(take, None, tmp_path / "page.html")
    assert set(tmp_path.iterdir()) - before == {tmp_path / "page.html"}
    write_report(take, None, tmp_path / "record.JSON")
    written = (tmp_path / "record.JSON").read_bytes()
    assert json.loads(written) == json.loads(encode(take))
    assert encode(msgspec.json.decode(written, type=Take)) == encode(take)


def test_what_is_to_be_said_of_the_preview_is_shown(tmp_path: Path) -> None:
    take = take_of(tmp_path, [Fraction(1)], notes={PREVIEW_NOTE: "left out", "seen": "x"})
    write_report(take, None, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<dt>Preview</dt><dd>left out</dd>" in page
    assert "<dt>Engine: seen</dt>" in page


def test_unknown_words_come_with_the_known_ones_most_like_them(tmp_path: Path) -> None:
    near = {"thundr": ("thunder", "drum", "hinder")}
    take = take_of(tmp_path, [Fraction(1)], unknown_words=("thundr", "x"), near_words=near)
    write_report(take, None, tmp_path / "report.html")
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
    write_report(hostile, None, tmp_path / "report.html")
    page = page_of(tmp_path / "report.html")
    assert page.text.count("<script>alert(1)</script>") >= 8
    assert page.named("script") == []
    assert page.named("img") == []
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)


def test_nothing_is_fetched_from_anywhere(tmp_path: Path) -> None:
    times = [Fraction(1)]
    write_report(take_of(tmp_path, times), seen(*times), tmp_path / "report.html")
    page = page_of(tmp_path / "report.html")
    sources = [
        a[name] for _, a in page.tags for name in ("src", "href", "srcset", "data", "action") if name in a
    ]
    assert sources
    assert all(str(source).startswith("data:") for source in sources)
    assert not re.search(
        r"https?:|//\w|@import|url\(", (tmp_path / "report.html").read_text(encoding="utf-8")
    )


def test_a_take_with_very_many_impacts_has_a_page_that_opens(tmp_path: Path) -> None:
    times = [Fraction(k, 3_000) for k in range(5_000)]
    write_report(take_of(tmp_path, times), None, tmp_path / "report.html", tmp_path / "report.json")
    page = page_of(tmp_path / "report.html")
    assert len(page.named("tr")) == 1 + MOST_ROWS
    assert "4000 more impacts" in page.text
    assert len(json.loads((tmp_path / "report.json").read_bytes())["impacts"]) == 5_000


@pytest.mark.parametrize("samples", [1, 2, 959, 48_001])
def test_a_take_of_any_length_is_drawn(tmp_path: Path, samples: int) -> None:
    write_report(take_of(tmp_path, [], samples), None, tmp_path / "report.html")
    page = page_of(tmp_path / "report.html")
    assert "No impacts." in page.text
    assert "nan" not in str(page.named("path")[0]["d"])


def test_a_take_without_loudness_and_with_handles_is_shown(tmp_path: Path) -> None:
    take = take_of(
        tmp_path, [], lufs=None, true_peak=None, head=4_800, tail=9_600, start=-0.1, start_exact="-1/10"
    )
    write_report(take, None, tmp_path / "report.html")
    page = page_of(tmp_path / "report.html")
    assert len([rect for rect in page.named("rect") if rect["class"] == "handle"]) == 2
    assert "–" in page.text


def test_memory_does_not_grow_with_the_length_of_the_take(tmp_path: Path) -> None:
    def peak(seconds: int) -> int:
        take = take_of(tmp_path, [], seconds * SAMPLE_RATE)
        tracemalloc.start()
        try:
            write_report(take, None, tmp_path / "report.html")
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(40) <= 1.05 * peak(4) + 50_000


def test_a_folder_that_is_not_there_is_one_clear_error(tmp_path: Path) -> None:
    take = take_of(tmp_path, [])
    with pytest.raises(OutputDenied):
        write_report(take, None, tmp_path / "none" / "report.html")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["take.wav"]


def test_a_page_that_cannot_be_written_leaves_no_record_either(tmp_path: Path) -> None:
    take = take_of(tmp_path, [])
    (tmp_path / "report.html").mkdir()
    with pytest.raises(OutputDenied):
        write_report(take, None, tmp_path / "report.html")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "take.wav"]
