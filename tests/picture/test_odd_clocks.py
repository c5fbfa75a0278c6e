"""Films whose clock is odd: pauses, jumps, dropped frames, frames at one time, parts that were joined."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import assume, example, given
from hypothesis import strategies as st

import foley_core
from foley_core.cue import Cue, encode
from foley_core.errors import MediaUnreadable
from foley_core.media.frames import frames
from foley_core.media.pause import LONGEST
from foley_core.media.preview import write_preview
from foley_core.media.probe import probe
from foley_core.media.sound import sound
from foley_core.picture import movement
from foley_core.picture.movement import first_step, last_step, steps_in
from foley_core.picture.spotting import MOVEMENT_RATE, Hold, Spotting
from foley_core.picture.spotting_stream import SpottingStream
from foley_core.picture.watch import watch
from foley_core.timecode import sample_at
from tests.picture.clocks import BOUNCE, GRAY, RATE, STEP, STRIKE, WHITE, bounce, clocked
from tests.picture.drawn import Picture
from tests.picture.long import peak
from tests.picture.seeing import see

PAUSES = [700, 5_000, 21_330, 300_000, 1_800_000, 95_443_000, 1_750_000_000_000]
"""Milliseconds, up to a clock that tells the time since 1970."""
NOISE = 2
"""Times that go back by fewer milliseconds are taken for the same."""
LAST = 2**50
"""Milliseconds after all frames of a test."""

BOUNCES = [bounce(number / RATE) for number in range(BOUNCE)]


@dataclass(frozen=True)
class Shown:
    """One frame of the file: how long after the one before it is shown, in milliseconds, and its picture."""

    later: int
    white: bool


def seconds(milliseconds: int) -> Fraction:
    return Fraction(milliseconds, 1000)


def in_file(path: Path, shown: Sequence[Shown]) -> list[int]:
    """Draw the film; the times of its frames."""
    times = [max(time, 0) for time in accumulate((one.later for one in shown[1:]), initial=0)]
    clocked(path, times, [WHITE if one.white else GRAY for one in shown])
    return times


def on_screen(times: Sequence[int], shown: Sequence[Shown]) -> dict[Fraction, bool]:
    """What can be seen, by time: of frames at the same time the last."""
    seen, latest = {}, 0
    for time, one in zip(times, shown, strict=True):
        latest = max(latest, time)
        seen[seconds(latest)] = one.white
    return seen


def goes_back(times: Sequence[int]) -> bool:
    return any(time <= before - NOISE for time, before in zip(times, accumulate(times, max), strict=True))


ORDINARY = st.just(STEP)
REPEATED = st.sampled_from([0, 0, 1, -1])
MISSING = st.integers(2, 6).map(lambda count: count * STEP)
PAUSED = st.sampled_from(PAUSES) | st.integers(STEP, 120_000)
BACK = st.integers(2, 400).map(lambda time: -time)
FORWARD = st.one_of(*[ORDINARY] * 6, REPEATED, MISSING, PAUSED)


def clocks(step: st.SearchStrategy[int]) -> st.SearchStrategy[list[Shown]]:
    return st.lists(st.builds(Shown, step, st.booleans()), min_size=20, max_size=60)


@given(clocks(FORWARD), st.data())
def test_every_frame_that_stays_is_given_at_its_time(shown: list[Shown], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "film.mkv")
        times = in_file(path, shown)
        assume(not goes_back(times))
        expected, info = on_screen(times, shown), probe(path)
        found = {
            frame.time: bool(frame.luma(16, 16).mean() > 150)
            for frame in frames(info, Fraction(0), info.duration)
        }
        assert found == expected
        assert info.duration > max(expected)
        start = data.draw(st.sampled_from(sorted(expected)))
        part = [frame.time for frame in frames(info, start, start + 2)]
        assert part == [time for time in expected if start <= time < start + 2]


@given(clocks(st.one_of(FORWARD, FORWARD, FORWARD, BACK)))
@example([Shown(STEP, False)] * 20 + [Shown(-300, False)] + [Shown(STEP, True)] * 20)
def test_a_clock_that_goes_back_is_an_error_and_any_other_is_watched(shown: list[Shown]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "film.mkv")
        times = in_file(path, shown)
        if goes_back(times):
            with pytest.raises(MediaUnreadable, match="go back"):
                list(frames(probe(path), Fraction(0), seconds(LAST)))
            return
        assert_whole(see(path))


def assert_whole(seen: Spotting) -> None:
    """Movement covers all of the stretch."""
    kept = seen.movement
    assert steps_in(kept.energy, kept.holds) == last_step(seen.end) - first_step(seen.start)
    assert all(hold.steps > movement.LONGEST for hold in kept.holds)


PARTS = st.lists(
    st.tuples(
        st.sampled_from(PAUSES),
        st.sets(st.sampled_from([4, 7, 10, 29, 32, 35]), max_size=3),
        st.booleans(),
    ),
    min_size=1,
    max_size=3,
)
"""Parts of a film: the pause before each, frames that are missing, or are there twice where that is true."""


JOLT = Fraction(1, 5)
"""Seconds behind a missing frame within which the jolt that it makes may pass for an impact."""


@given(PARTS)
@example([(700, {4}, False), (700, {4}, True), (700, {4, 29}, False)])
def test_what_strikes_is_seen_at_its_time_in_every_part(parts: list[tuple[int, set[int], bool]]) -> None:
    times: list[int] = []
    pictures: list[Picture] = []
    strikes, missing, begin = [], [], 0
    for pause, odd, twice in parts:
        begin = begin + pause if times else 0
        for number in range(BOUNCE):
            if number not in odd or twice:
                times.append(begin + number * STEP)
                pictures.append(BOUNCES[number])
            if number in odd and twice:
                times.append(begin + number * STEP)
                pictures.append(BOUNCES[number])
        strikes.append(seconds(begin) + STRIKE)
        missing += [seconds(begin + number * STEP) for number in odd if not twice]
        begin += BOUNCE * STEP
    with tempfile.TemporaryDirectory() as folder:
        seen = see(clocked(Path(folder, "film.mkv"), times, pictures))
    found = [one.time for one in seen.impacts]
    hits = [min(found, key=lambda time, true=true: abs(time - true), default=None) for true in strikes]
    assert all(
        time is not None and abs(time - true) <= Fraction(1, 50)
        for time, true in zip(hits, strikes, strict=True)
    )
    assert all(any(0 <= time - gap <= JOLT for gap in missing) for time in set(found) - set(hits))
    assert_whole(seen)


@given(
    st.lists(
        st.tuples(st.integers(2, 12), st.sampled_from([0, STEP, 3 * STEP, 2_500])), min_size=3, max_size=5
    ),
    st.sampled_from([0, 0, *PAUSES]),
)
def test_clicks_lie_at_the_flashes_or_the_pause_is_named(flashes: list[tuple[int, int]], jump: int) -> None:
    """Of each flash: how many dark frames come before it, and how long it is shown."""
    shown = [Shown(STEP, False)]
    for dark, after in flashes:
        shown += [Shown(STEP, False)] * dark + [
            Shown(STEP, True),
            Shown(after or STEP, False),
            Shown(STEP if after else 0, False),
        ]
    half = len(shown) // 2
    shown = [*shown[:half], Shown(STEP + jump, False), *shown[half:]] if jump else shown
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "film.mkv")
        expected = on_screen(in_file(path, shown), shown)
        film_end = probe(path).duration
        cue = Cue(media=str(path), prompt="", engine="impulse", alignment="off", seed=1)
        if film_end > LONGEST:
            with pytest.raises(MediaUnreadable, match="stands still from"):
                foley_core.generate(cue, Path(folder, "take.wav"))
        end = min(film_end, Fraction(20))
        cue = Cue(media=str(path), prompt="", engine="impulse", alignment="off", seed=1, out_point=end)
        take = foley_core.generate(cue, Path(folder, "take.wav"))
        played, _ = soundfile.read(take.path)
    clicks = np.flatnonzero(np.abs(played).max(axis=1) > 0.1).tolist()
    assert take.samples == len(played) == sample_at(end)
    begins = [
        time
        for (time, white), before in zip(expected.items(), [False, *expected.values()], strict=False)
        if white and not before
    ]
    assert clicks == [sample_at(time) for time in begins if time < end]


def paused(path: Path, pause: int) -> Path:
    """A thing that bounces, and bounces again after a pause of so many milliseconds."""
    times = [number * STEP + (pause if number >= BOUNCE else 0) for number in range(2 * BOUNCE)]
    return clocked(path, times, 2 * BOUNCES)


@pytest.mark.process
def test_memory_and_what_is_kept_do_not_depend_on_how_long_a_pause_lasts(tmp_path: Path) -> None:
    costs, kept = [], []
    for pause in (1_000, 60_000, 1_800_000, 95_443_000):
        path = paused(tmp_path / "film.mkv", pause)
        costs.append(peak(path, 0, 2**30))
        kept.append(len(encode(see(path))))
    assert [found for _, found in costs] == [2] * 4
    assert max(bytes_ for bytes_, _ in costs) <= 1.1 * costs[0][0]
    assert max(kept[1:]) <= 1.01 * min(kept[1:]) <= 1.4 * kept[0]


@pytest.mark.parametrize("before", [Fraction(-1), Fraction(0), Fraction(3, 10)])
def test_a_preview_begins_in_a_pause_and_not_before_it(tmp_path: Path, before: Fraction) -> None:
    """The last key frame lies hours before the in-point."""
    pause = 95_443_000
    path = paused(tmp_path / "film.mkv", pause)
    start = seconds(BOUNCE * STEP + pause) + before
    cue = Cue(media=str(path), prompt="", engine="impulse", seed=1, in_point=start, out_point=start + 1)
    take = foley_core.generate(cue, tmp_path / "take.wav")
    preview = write_preview(take, path, start, start + 1, tmp_path / "preview.mkv")
    heard = sum(len(block) for block in sound(preview.path, Fraction(0), None))
    assert 48_000 <= heard <= 48_000 * (1 + max(before, 0) + seconds(STEP))
    assert probe(preview.path).sound


def test_what_is_seen_beyond_a_pause_is_what_is_seen_without_the_rest(tmp_path: Path) -> None:
    seen = see(paused(tmp_path / "film.mkv", 1_800_000))
    start = seconds(BOUNCE * STEP + 1_800_000)
    part = see(tmp_path / "film.mkv", start - 1, seen.end)
    assert part.impacts == seen.impacts[1:]


@given(
    st.lists(st.tuples(st.integers(1, 40), st.integers(0, 255)), min_size=1, max_size=6),
    st.lists(st.integers(0, 50), max_size=6),
)
def test_movement_is_read_as_if_every_step_of_a_pause_were_kept(
    runs: list[tuple[int, int]], cuts: list[int]
) -> None:
    """Runs of some steps, of which all longer than three are kept as one, and are read in pieces."""
    steps = [value for count, value in runs for _ in range(count)]
    energy, holds, at = bytearray(), list[Hold](), 0
    for count, value in runs:
        energy += bytes([value] * 12) * (1 if count > 3 else count)
        holds += [Hold(at, count)] if count > 3 else []
        at += count
    edges = sorted({0, len(steps), *(cut for cut in cuts if cut < len(steps))})
    for first, past in pairwise(edges):
        found = movement.between(
            7, energy, holds, Fraction(7 + first, MOVEMENT_RATE), Fraction(7 + past, MOVEMENT_RATE)
        )
        assert movement.coded(found) == bytes(v for value in steps[first:past] for v in [value] * 12)
    assert steps_in(energy, holds) == len(steps)


def test_a_kept_spotting_with_a_pause_is_read_as_it_was(tmp_path: Path) -> None:
    seen = see(paused(tmp_path / "film.mkv", 60_000))
    again = SpottingStream.of(seen)
    assert again.spotting().movement == seen.movement
    assert len(seen.movement.holds) == 1
    whole = again.movement(Fraction(0), seen.end)
    assert len(whole) == last_step(seen.end)
    assert whole[-20:].any()


def test_what_is_seen_in_a_slide_show_is_given_out_as_it_comes(tmp_path: Path) -> None:
    """Nothing in it can be followed, but that is no reason to hold on to all of its pictures."""
    path = clocked(tmp_path / "film.mkv", [1000 * n for n in range(60)], [GRAY] * 60)
    assert len(list(watch(probe(path), Fraction(0), Fraction(60), lambda share: None))) > 40
