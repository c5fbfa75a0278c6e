"""The rules for plans, channels and pieces of pictures, which need no Blender."""

from __future__ import annotations

import importlib
import sys
import types
import wave
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st


def _part(name: str) -> Any:
    """A module of the add-on's core, without the package around it, which needs Blender."""
    package = types.ModuleType("blender_addon_core")
    package.__path__ = [str(Path(__file__).parents[2] / "plugins" / "blender_addon" / "core")]
    sys.modules.setdefault(package.__name__, package)
    return importlib.import_module(f"{package.__name__}.{name}")


placing, plan, scoring, batches = _part("placing"), _part("plan"), _part("scoring"), _part("batches")
pictures, history, waveform = _part("picture"), _part("history"), _part("waveform")


@st.composite
def edits(draw: st.DrawFn) -> list[tuple[int, range]]:
    """Pictures on some channels: the channel of each, and where it lies."""
    made = []
    for _ in range(draw(st.integers(1, 10))):
        start = draw(st.integers(0, 100))
        made.append((draw(st.integers(1, 5)), range(start, start + draw(st.integers(1, 40)))))
    return made


def channels(laid: list[tuple[int, range, bool]], names: dict[int, str]) -> list[Any]:
    """The channels with what lies on them: channel, stretch, and whether it is a picture."""
    return [
        placing.Channel(
            number,
            names.get(number, f"Channel {number}"),
            False,
            False,
            [span for at, span, _ in laid if at == number],
            any(at == number and picture for at, _, picture in laid),
        )
        for number in range(1, 60)
    ]


def overlapping(spans: list[range]) -> int:
    """How many stretches lie over each other at most."""
    return max(sum(frame in span for span in spans) for span in spans for frame in (span.start,))


@given(edits(), st.data())
def test_sounds_of_a_batch_need_as_few_channels_as_overlap_and_none_with_a_picture(
    edit: list[tuple[int, range]], data: st.DataObject
) -> None:
    laid = [(channel, span, True) for channel, span in edit]
    names: dict[int, str] = {}
    above = max(channel for channel, _ in edit)
    spans = [span for _, span in edit]
    lanes = placing.lanes(spans, channels(laid, names), above)
    for at in data.draw(st.permutations(range(len(edit)))):
        picked = placing.pick_channel(channels(laid, names), above, spans[at], "Foley", lanes[at])
        laid.append((picked.number, spans[at], False))
        if placing.has_default_name(picked.name):
            names[picked.number] = placing.free_name(names.values(), "Foley", lanes[at])
    sounding = [(channel, span) for channel, span, picture in laid if not picture]
    assert all(channel > above for channel, _ in sounding)
    used = sorted({channel for channel, _ in sounding})
    assert len(used) == overlapping(spans)
    assert used == [*range(above + 1, above + 1 + len(used))]
    assert {names[channel] for channel in used} == {
        placing.channel_name("Foley", at) for at in range(len(used))
    }
    for number, (channel, span) in enumerate(sounding):
        for other, another in sounding[number + 1 :]:
            assert other != channel or span.stop <= another.start or another.stop <= span.start


def test_a_channel_that_holds_a_picture_anywhere_or_was_named_is_passed_over() -> None:
    laid = [(1, range(50), True), (2, range(500, 600), True), (4, range(900, 990), False)]
    there = channels(laid, {3: "Music"})
    assert placing.pick_channel(there, 1, range(50)).number == 5
    assert placing.pick_channel(channels(laid, {3: "Music", 4: "Foley"}), 1, range(50)).number == 4


def test_lanes_go_round_what_lies_on_foleys_channels_already() -> None:
    laid = [(1, range(100), True), (2, range(30), False)]
    there = channels(laid, {2: "Foley"})
    assert placing.lanes([range(20, 50), range(40, 70), range(70, 99)], there, 1) == [1, 0, 0]
    assert placing.lanes([range(9)], channels(laid, {2: "Foley"}), 2) == [1]


@pytest.mark.parametrize(
    ("name", "lane"),
    [
        ("Foley", 0),
        ("Foley 2", 1),
        ("Foley 12", 11),
        ("Foley 1", None),
        ("Foley hits", None),
        ("Foleys", None),
    ],
)
def test_a_lane_is_known_by_the_name_of_its_channel(name: str, lane: int | None) -> None:
    assert placing.lane_of(name, "Foley") == lane


@given(st.integers(0, 3), st.booleans(), st.sampled_from([plan.SKIP, plan.REGENERATE, plan.REPLACE]))
def test_a_shot_with_a_sound_or_one_on_its_way_is_never_offered_a_second(
    sounds: int, on_its_way: bool, existing: str
) -> None:
    act = plan.offered(plan.acts(sounds, on_its_way), existing)
    assert act == (plan.SKIP if on_its_way else existing if sounds else plan.NEW)


def line(words: str = "wood", act: str = plan.NEW) -> Any:
    key = ("u", "Shot", 1, 9)
    acts = plan.acts(0 if act == plan.NEW else 1, False)
    return plan.Line(key, words, words, act, act, acts)


def test_what_was_changed_in_a_plan_stays_and_the_rest_is_made_anew() -> None:
    assert plan.kept([line("glass")], [line("wood")]) == [line("glass")]
    (kept,) = plan.kept([line("glass")], [line("wood")._replace(words="a door", act=plan.SKIP)])
    assert (kept.words, kept.act, kept.offered_words) == ("a door", plan.SKIP, "glass")
    changed = line(act=plan.SKIP)._replace(act=plan.REPLACE)
    assert plan.kept([line(act=plan.REGENERATE)], [changed])[0].act == plan.REPLACE
    assert plan.kept([line()], [changed])[0].act == plan.NEW, (
        "there is no sound any more that it could replace"
    )


@pytest.mark.parametrize(
    ("acts", "said"),
    [
        ([plan.NEW], "1 shot: 1 new"),
        ([plan.NEW, plan.SKIP, plan.REGENERATE], "3 shots: 1 new, 1 regenerated, 1 left as it is"),
        ([plan.SKIP, plan.REPLACE, plan.SKIP], "3 shots: 1 replaced, 2 left as they are"),
    ],
)
def test_how_many_get_what_is_said_in_one_line(acts: list[str], said: str) -> None:
    assert plan.counted(acts) == said


def test_the_time_needed_is_told_from_what_was_made_or_else_guessed() -> None:
    pace = batches.Pace()
    assert plan.time_needed([10, 10], 1, "auto", pace) == "about 5 s"
    pace.end("auto", 30.0, 10.0)
    assert plan.time_needed([10, 10], 2, "auto", pace) == "about 2 min"
    assert plan.time_needed([10], 1, "other", pace) == "about 3 s"
    assert plan.time_needed([], 1, "auto", pace) == ""


@pytest.mark.parametrize(
    ("spans", "touching"),
    [
        ([range(10), range(10, 20)], True),
        ([range(11, 20), range(10)], False),
        ([range(50), range(5, 9), range(40, 60)], True),
        ([range(3, 4)], True),
    ],
)
def test_pictures_touch_where_there_is_no_gap(spans: list[range], touching: bool) -> None:
    assert plan.touch(spans) is touching


def picture(**changed: Any) -> Any:
    whole = pictures.Picture(
        "Scene", "u", "Clip", "/a.mp4", 20.0, 30, Fraction(0), Fraction(1), Fraction(24), film="/a.mp4"
    )
    return whole._replace(**changed)


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        (("Scene", "u", "Clip", "/a.mp4", 49.0, 5), True),
        (("Scene", "u", "Clip", "/a.mp4", 50.0, 5), False),
        (("Scene", "u", "Clip.001", "/a.mp4", 20.0, 30), False),
        (("Scene", "another", "Clip", "/a.mp4", 20.0, 30), True),
        (("Scene", "another", "Clip", "/b.mp4", 20.0, 30), False),
        (("Other", "u", "Clip", "/a.mp4", 20.0, 30), False),
    ],
)
def test_a_job_is_for_a_part_of_a_strip_wherever_that_was_moved(part: Any, shown: bool) -> None:
    assert picture().shows_part(pictures.Part(*part)) is shown


def test_a_job_over_several_strips_is_for_each_of_them() -> None:
    several = picture(shows=("Clip", "Next"), uids=("u", "v"))
    assert several.shows_part(pictures.Part("Scene", "v", "Next", "", 0.0, 9))
    assert not several.shows_part(pictures.Part("Scene", "w", "Third", "", 0.0, 9))


def test_a_crossed_strip_is_seen_to_the_end_of_the_crossing() -> None:
    upper = scoring.Strip("v", "B", 2, 30, 70, True)
    lower = scoring.Strip("u", "A", 1, 0, 40, True, crosses=(("v", 30, 40),))
    spans = [(shot.left, shot.right) for shot in scoring.plan([upper, lower], [1, 2], scoring.ONE, "")]
    assert spans == [(0, 40), (30, 70)]
    hidden = scoring.plan([upper, lower._replace(crosses=())], [1, 2], scoring.ONE, "")
    assert [(shot.left, shot.right) for shot in hidden] == [(0, 30), (30, 70)]


def test_markers_that_were_never_named_say_nothing() -> None:
    strip = scoring.Strip("u", "A", 1, 40, 50, True)
    markers = [(1, "rain"), (30, "F_30"), (35, "F_-5")]
    (shot,) = scoring.plan([strip], [1], scoring.MARKERS, "wind", markers)
    assert shot.prompt == "rain"
    (shot,) = scoring.plan([strip], [1], scoring.MARKERS, "wind", [(40, "F_40"), (40, "F_sharp")])
    assert shot.prompt == "F_sharp"


def test_texts_over_a_shot_are_its_words_in_order_of_time() -> None:
    strip = scoring.Strip("u", "A", 1, 40, 90, True)
    texts = [(80, 99, "a door"), (10, 40, "before"), (30, 60, " boots\non gravel"), (60, 70, "a door")]
    (shot,) = scoring.plan([strip], [1], scoring.TEXTS, "wind", texts=texts)
    assert shot.prompt == "boots on gravel, a door"
    (shot,) = scoring.plan([strip], [1], scoring.TEXTS, "wind", texts=[(90, 99, "after")])
    assert shot.prompt == "wind"


def test_the_record_of_an_older_version_knows_its_one_picture() -> None:
    assert history.pictures({"strip": "u"}) == ["u"]
    assert history.pictures({"strip": "u", "strips": ["u", "v"]}) == ["u", "v"]


@pytest.mark.parametrize(
    ("width", "frame", "silent"),
    [
        (3, b"\x00\x00\x00", True),
        (3, b"\xff\xff\xff", True),
        (3, b"\x00\x08\x00", False),
        (2, b"\x02\x00", True),
        (2, b"\xfd\xff", False),
    ],
)
def test_a_sound_is_silent_up_to_its_rounding(tmp_path: Path, width: int, frame: bytes, silent: bool) -> None:
    path = tmp_path / "layer.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, width, 48_000, 0, "NONE", ""))
        file.writeframes(bytes(width * 20_000) + frame)
    assert waveform.is_silent(str(path)) is silent
    path.write_bytes(b"no sound")
    assert waveform.is_silent(str(path)) is False
