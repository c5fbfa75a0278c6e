"""Our own film: what is true of it is in the picture, at every rate and in every round."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from backend.soak.film import RATES, draw, frames_of
from backend.soak.plan import Plan, clips_of, in_turn
from backend.soak.scene import STRIKES, Scene
from foley_core.media.frames import frames
from foley_core.media.probe import probe


@pytest.mark.parametrize("kind", RATES)
def test_white_frames_are_shown_when_it_says_in_every_round(kind: str, tmp_path: Path) -> None:
    film = draw(tmp_path, kind, Fraction(50), (64, 36))
    info = probe(film.path)
    shown = list(frames(info, Fraction(0), film.length))
    white = [frame.time for frame in shown if frame.luma(16, 8).mean() > 180]
    assert tuple(white) == film.flashes
    assert len(shown) == 3 * len(frames_of(kind).times)
    rate = RATES[kind]
    assert info.variable_rate is (rate is None)
    assert rate in (None, info.rate)


@pytest.mark.parametrize("strike", STRIKES)
def test_the_ball_is_lowest_when_it_strikes(strike: Fraction) -> None:
    scene, moment = Scene(1920, 1080, Fraction(20)), Fraction(1, 100)
    floor = scene.where(strike)[1]
    assert floor == pytest.approx(0.88 * 1080)
    for near in (strike - moment, strike + moment):
        assert scene.where(near)[1] < floor - 3


def test_a_round_goes_over_into_the_next_without_a_cut() -> None:
    scene = Scene(1920, 1080, Fraction(20))
    end, start = scene.where(Fraction(19_999, 1000)), scene.where(Fraction(0))
    assert np.hypot(end[0] - start[0], end[1] - start[1]) < 3


@pytest.mark.parametrize("clips", [1, 2, 3, 4, 12, 13, 60])
def test_the_second_half_of_a_run_mirrors_the_first(clips: int) -> None:
    order = in_turn(tuple(RATES), clips)
    assert order == order[::-1]
    assert len(order) == clips


def test_twelve_cues_have_film_of_every_kind() -> None:
    assert set(in_turn(tuple(RATES), 12)) == set(RATES)


def test_cues_are_as_long_as_asked_for_and_lie_side_by_side(tmp_path: Path) -> None:
    plan = Plan(minutes=Fraction(2), clips=5, size=(64, 36))
    clips = clips_of(plan, tmp_path)
    assert [clip.seconds for clip in clips] == [Fraction(24)] * 5
    assert [clip.at for clip in clips] == [24 * number for number in range(5)]
    stretches = [(clip.footage.kind, clip.start) for clip in clips]
    assert len(set(stretches)) == 5
    for clip in clips:
        assert clip.end <= probe(clip.footage.path).duration
        assert any(clip.start <= strike < clip.end for strike in clip.footage.strikes)
