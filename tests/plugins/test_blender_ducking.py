"""The rules by which a sound is turned down, comes in and goes out, which need no Blender."""

from __future__ import annotations

import importlib
import sys
import types
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st


def _part(name: str) -> Any:
    """A module of the add-on's core, without the package around it, which needs Blender."""
    package = types.ModuleType("blender_addon_core")
    package.__path__ = [str(Path(__file__).parents[2] / "plugins" / "blender_addon" / "core")]
    sys.modules.setdefault(package.__name__, package)
    return importlib.import_module(f"{package.__name__}.{name}")


ducking, fading = _part("ducking"), _part("fading")

SPANS = st.tuples(st.integers(-200, 200), st.integers(1, 100)).map(lambda at: range(at[0], at[0] + at[1]))
GAINS = st.sampled_from([ducking.FLOOR, 0.25, 0.5, 1.0])
CHANGES = st.lists(st.tuples(SPANS, GAINS), max_size=8)


def after(changes: list[tuple[range, float]]) -> Any:
    stretches: list[Any] = []
    for span, gain in changes:
        stretches = ducking.changed(stretches, span, gain)
    return stretches


@given(changes=CHANGES)
def test_in_every_frame_what_was_said_last_holds(changes: list[tuple[range, float]]) -> None:
    stretches = after(changes)
    assert all(first.stop <= second.start for first, second in pairwise(stretches))
    for frame in range(-210, 310):
        said = [gain for span, gain in changes if frame in span]
        inside = [one.gain for one in stretches if one.start <= frame < one.stop]
        assert inside == ([said[-1]] if said and said[-1] != 1.0 else [])


@given(changes=CHANGES, fade=st.integers(2, 8))
def test_no_frame_of_a_stretch_is_louder_than_asked_not_even_where_blender_lags(
    changes: list[tuple[range, float]], fade: int
) -> None:
    for one in after(changes):
        for frame in range(one.start - ducking.LAG, one.stop + 1):
            assert ducking.gain_at(after(changes), frame, fade) <= one.gain


@given(changes=CHANGES, fade=st.integers(2, 8))
def test_between_its_bends_the_gain_is_straight(changes: list[tuple[range, float]], fade: int) -> None:
    stretches = after(changes)
    gains = [ducking.gain_at(stretches, frame, fade) for frame in range(-230, 330)]
    bends = ducking.bends(stretches, fade)
    for at, (left, here, right) in enumerate(zip(gains, gains[1:], gains[2:], strict=False), -229):
        assert at in bends or abs((here - left) - (right - here)) < 1e-9


@given(changes=CHANGES)
def test_all_of_it_can_be_taken_back(changes: list[tuple[range, float]]) -> None:
    assert ducking.changed(after(changes), range(-500, 500), 1.0) == []


def test_a_level_is_a_gain_and_never_nothing() -> None:
    assert ducking.gain_of(0) == 1.0
    assert abs(ducking.gain_of(-20) - 0.1) < 1e-12
    assert ducking.gain_of(-1_000) == ducking.FLOOR


@given(frames=st.integers(1, 300), come=st.integers(0, 100), go=st.integers(0, 100))
def test_a_sound_comes_in_from_nothing_and_is_gone_at_its_end(frames: int, come: int, go: int) -> None:
    fades = fading.Fades(10, 10 + frames, come, go)
    gains = [fades.gain_at(frame) for frame in range(10, 10 + frames)]
    assert all(ducking.FLOOR <= gain <= 1.0 for gain in gains)
    assert not come or gains[0] == ducking.FLOOR
    assert not go or fades.gain_at(10 + frames - ducking.LAG) == ducking.FLOOR
    straight = [frame for frame in range(10, 10 + frames) if frame not in fades.bends()]
    inner = [frame for frame in straight if 10 + come <= frame <= 10 + frames - ducking.LAG - go]
    assert all(fades.gain_at(frame) == 1.0 for frame in inner)


def test_fades_of_no_length_are_none() -> None:
    none = fading.Fades(0, 50, 0, 0)
    assert none.bends() == set()
    assert {none.gain_at(frame) for frame in range(-10, 60)} == {1.0}
