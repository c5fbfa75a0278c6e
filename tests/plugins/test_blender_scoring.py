"""The rules for hits and for scoring a whole sequence, which need no Blender."""

from __future__ import annotations

import importlib
import sys
import types
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st


def _part(name: str) -> Any:
    """A module of the add-on's core, without the package around it, which needs Blender."""
    package = types.ModuleType("blender_addon_core")
    package.__path__ = [str(Path(__file__).parents[2] / "plugins" / "blender_addon" / "core")]
    sys.modules.setdefault(package.__name__, package)
    return importlib.import_module(f"{package.__name__}.{name}")


marks, scoring, batches, problem = _part("marks"), _part("scoring"), _part("batches"), _part("problem")
waiting, clock = _part("waiting"), _part("clock")

RATES = [Fraction(24), Fraction(25), Fraction(24_000, 1001), Fraction(30_000, 1001), Fraction(60_000, 1001)]


@st.composite
def stretches(draw: st.DrawFn) -> Any:
    first = Fraction(draw(st.integers(0, 100_000)), draw(st.sampled_from([1, 24, 1001, 48_000])))
    rate = draw(st.sampled_from(RATES))
    return marks.Stretch(draw(st.integers(-500, 5_000)), draw(st.integers(1, 300)), first, rate)


@st.composite
def impacts_within(draw: st.DrawFn, stretch: Any) -> list[tuple[Fraction, float]]:
    """Impacts anywhere in the stretch, each at a time of its own."""
    share = st.fractions(0, 1, max_denominator=10_000).filter(lambda part: part < 1)
    shares = draw(st.lists(share, max_size=20, unique=True))
    strengths = st.floats(0, 1, width=32)
    return [(stretch.first + part * stretch.frames / stretch.rate, draw(strengths)) for part in shares]


@given(st.data(), stretches())
def test_a_marker_stands_on_the_frame_nearest_to_its_impact(data: st.DataObject, stretch: Any) -> None:
    impacts = data.draw(impacts_within(stretch))
    set_there = marks.marks(impacts, stretch)
    assert len(set_there) == len(impacts)
    for mark, (time, strength) in zip(set_there, sorted(impacts), strict=True):
        assert stretch.holds(mark.frame)
        assert marks.is_hit(mark.name)
        away = abs(time - stretch.time_of(mark.frame)) * stretch.rate
        in_the_last_half = (
            time >= stretch.time_of(stretch.start + stretch.frames) - Fraction(1, 2) / stretch.rate
        )
        assert away <= Fraction(1, 2) or (
            in_the_last_half and mark.frame == stretch.start + stretch.frames - 1
        )
        assert mark.name == f"Hit {strength:.1f}"


@given(st.data(), stretches())
def test_markers_that_were_not_moved_keep_the_exact_times_of_their_impacts(
    data: st.DataObject, stretch: Any
) -> None:
    impacts = data.draw(impacts_within(stretch))
    frames = data.draw(st.permutations([mark.frame for mark in marks.marks(impacts, stretch)]))
    assert marks.hits(frames, impacts, stretch) == sorted(time for time, _ in impacts)


@given(st.data(), stretches())
def test_a_marker_that_was_moved_means_the_beginning_of_its_frame(data: st.DataObject, stretch: Any) -> None:
    impacts = data.draw(impacts_within(stretch))
    taken = {mark.frame for mark in marks.marks(impacts, stretch)}
    anywhere = st.integers(stretch.start - 50, stretch.start + stretch.frames + 50)
    frames = data.draw(st.lists(anywhere.filter(lambda frame: frame not in taken), unique=True))
    inside = sorted(frame for frame in frames if stretch.holds(frame))
    times = marks.hits(frames, impacts, stretch)
    assert times == [stretch.first + (frame - stretch.start) / stretch.rate for frame in inside]


def test_of_two_impacts_on_a_frame_a_marker_keeps_the_stronger() -> None:
    stretch = marks.Stretch(1, 24, Fraction(0), Fraction(24))
    impacts = [(Fraction(100, 2400), 0.3), (Fraction(101, 2400), 0.9)]
    assert [mark.frame for mark in marks.marks(impacts, stretch)] == [2, 2]
    assert marks.hits([2], impacts, stretch) == [Fraction(101, 2400)]
    assert marks.hits([2, 2], impacts, stretch) == [Fraction(100, 2400), Fraction(101, 2400)]


def test_impacts_in_the_handles_stay() -> None:
    stretch = marks.Stretch(1, 24, Fraction(1), Fraction(24))
    impacts = [(Fraction(1, 3), 0.5), (Fraction(3, 2), 0.5), (Fraction(7, 3), 0.5)]
    assert marks.hits([], impacts, stretch) == [Fraction(1, 3), Fraction(7, 3)]


def test_the_impacts_of_a_take_are_read_exactly() -> None:
    take = {"impacts": [{"time": 0.0417, "time_exact": "1001/24000", "strength": 0.8, "x": 0.5}]}
    assert marks.impacts_of(take) == [(Fraction(1001, 24_000), 0.8)]


@pytest.mark.parametrize(
    ("name", "hit"), [("Hit", True), ("Hit 0.8", True), ("Hitchcock", False), ("A Hit", False)]
)
def test_a_hit_is_known_by_the_beginning_of_its_name(name: str, hit: bool) -> None:
    assert marks.is_hit(name) is hit


@pytest.mark.parametrize(
    ("text", "channels"),
    [
        ("1-3, 5", [1, 2, 3, 5]),
        ("7", [7]),
        (" 2 - 4 ,3", [2, 3, 4]),
        ("128", [128]),
        ("1-128", [*range(1, 129)]),
    ],
)
def test_channels_are_read_as_they_are_typed(text: str, channels: list[int]) -> None:
    assert scoring.read_channels(text) == channels


def test_no_channels_typed_are_all() -> None:
    assert scoring.read_channels("") == scoring.read_channels(" All ") == list(range(1, 129))


@pytest.mark.parametrize("text", ["0", "129", "3-1", "1;2", "1-", "one", "1,,2", "-3", "1-2-3", "٣"])
def test_channels_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(problem.Problem) as error:
        scoring.read_channels(text)
    assert error.value.code == "bad_channels"


@st.composite
def timelines(draw: st.DrawFn) -> list[Any]:
    made = []
    for number in range(draw(st.integers(0, 12))):
        left = draw(st.integers(-20, 100))
        right = left + draw(st.integers(1, 60))
        channel, opaque = draw(st.integers(1, 6)), draw(st.booleans())
        made.append(scoring.Strip(f"u{number}", f"strip {number}", channel, left, right, opaque))
    return made


@given(timelines(), st.sets(st.integers(1, 6)))
def test_every_frame_that_is_seen_is_scored_once_and_no_other(strips: list[Any], channels: set[int]) -> None:
    shots = scoring.plan(strips, sorted(channels), scoring.ONE, "words")
    scored = [(shot.strip.uid, frame) for shot in shots for frame in range(shot.left, shot.right)]
    chosen = [strip for strip in strips if strip.channel in channels]
    expected = [
        (strip.uid, frame)
        for strip in chosen
        for frame in range(strip.left, strip.right)
        if not any(
            other.opaque and other.channel > strip.channel and other.left <= frame < other.right
            for other in chosen
        )
    ]
    assert sorted(scored) == sorted(expected)
    assert [shot.left for shot in shots] == sorted(shot.left for shot in shots)


@given(timelines())
def test_two_parts_of_a_strip_never_touch(strips: list[Any]) -> None:
    shots = scoring.plan(strips, range(1, 7), scoring.ONE, "")
    for strip in strips:
        parts = sorted((shot.left, shot.right) for shot in shots if shot.strip is strip)
        assert all(before[1] < after[0] for before, after in pairwise(parts))


MARKERS = [(10, "rain"), (1, "a door"), (50, "  ")]


@pytest.mark.parametrize(
    ("source", "frame", "words"),
    [
        (scoring.OWN, 1, "own words"),
        (scoring.ONE, 1, "common"),
        (scoring.MARKERS, 0, "common"),
        (scoring.MARKERS, 1, "a door"),
        (scoring.MARKERS, 10, "rain"),
        (scoring.MARKERS, 49, "rain"),
        (scoring.MARKERS, 60, "common"),
        (scoring.NAMES, 1, "boots on gravel"),
    ],
)
def test_the_words_come_from_where_the_user_said(source: str, frame: int, words: str) -> None:
    strip = scoring.Strip("u", "boots_on-gravel.mp4.001", 1, frame, frame + 5, True, " own words ")
    (shot,) = scoring.plan([strip], [1], source, "common", MARKERS)
    assert shot.prompt == words


def test_a_strip_without_words_of_its_own_gets_the_common_ones() -> None:
    (shot,) = scoring.plan([scoring.Strip("u", "a", 1, 0, 5, True)], [1], scoring.OWN, "common")
    assert shot.prompt == "common"


@pytest.mark.parametrize(
    ("prompt", "wished", "heard", "words"),
    [
        ("given", False, [], ["given", "given"]),
        ("given", False, [(0, 10, "wood")], ["wood", "given"]),
        ("given", True, [(0, 10, "wood")], ["given", "given"]),
        ("", False, [(0, 10, "wood"), (5, 9, "glass"), (20, 30, "metal")], ["wood", "metal"]),
        ("", False, [(0, 10, " "), (10, 20, "hidden")], ["common", "common"]),
        (" ", True, [(15, 40, "metal")], ["common", "metal"]),
    ],
)
def test_each_part_of_a_strip_has_what_was_set_for_it_else_the_words_of_its_sound(
    prompt: str, wished: bool, heard: list[Any], words: list[str]
) -> None:
    strip = scoring.Strip("u", "a", 1, 0, 30, True, prompt, wished=wished, heard=tuple(heard))
    above = scoring.Strip("v", "b", 2, 10, 20, True)
    shots = scoring.plan([strip, above], [1, 2], scoring.OWN, "common")
    assert [shot.prompt for shot in shots if shot.strip is strip] == words


@given(st.lists(st.floats(0.1, 100), min_size=1), st.integers(1, 200), st.floats(0, 1_000))
def test_a_batch_is_expected_to_go_on_as_fast_as_so_far(ended: list[float], left: int, worked: float) -> None:
    batch = batches.Batch()
    assert batch.time_left(left, worked) is None
    for seconds in ended:
        batch.end(seconds)
    mean = sum(ended) / len(ended)
    expected = mean * (left - 1) + max(mean - worked, 0.0)
    assert batch.time_left(left, worked) == pytest.approx(expected)
    batch.end(None)
    assert batch.time_left(left, worked) == pytest.approx(expected)
    assert batch.time_left(0, worked) == 0.0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s"), (59, "59 s"), (60, "1 min"), (61, "2 min"), (3_600, "1 h 00 min"), (3_900, "1 h 05 min")],
)
def test_a_length_of_time_is_said_as_people_say_it(seconds: float, words: str) -> None:
    assert clock.clock(seconds) == words


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ({"place": 2, "wait_s": 40, "reason": "jobs"}, "behind 2 jobs, about 40 s"),
        ({"place": 1, "wait_s": None, "reason": "jobs"}, "behind 1 job"),
        ({"place": 3, "wait_s": None, "reason": "load"}, "behind 3 jobs, the engine is being loaded"),
        ({"place": 0, "wait_s": None, "reason": "start"}, "the worker is starting"),
        ({"place": 0, "wait_s": 0, "reason": "jobs"}, ""),
        ({"place": 4, "wait_s": 90, "reason": "a reason of a newer version"}, "behind 4 jobs, about 2 min"),
        ({"stage": "sound", "progress": 0.5}, ""),
        ({"place": None, "wait_s": None, "reason": ""}, ""),
    ],
)
def test_a_job_that_waits_says_how_many_come_first(event: dict[str, Any], words: str) -> None:
    assert waiting.place(event) == words


def test_the_panel_knows_every_reason_that_the_backend_and_the_command_line_know() -> None:
    from backend.cli.wording import REASONS
    from backend.service.waiting import WaitReason

    assert waiting.REASONS == REASONS
    assert {"jobs", *REASONS} == set(get_args(WaitReason))
