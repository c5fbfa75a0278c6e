"""Volume, pan and fades of a sound are set in the tab, for all its layers, changed, and taken away again."""

import bpy
import numpy as np
import pytest
from asked import ask, parts
from cut import clicks, draw_film, move, where
from drawn import Drawn
from test_only_selected import duplicate

pytestmark = pytest.mark.each_blender


@pytest.fixture(scope="session")
def flickering(tmp_path_factory):
    """Four seconds at 24 frames per second, with a flash every tenth frame."""
    path = tmp_path_factory.mktemp("flickering") / "film"
    return draw_film(path, rate="24", seconds=4, flashes=list(range(10, 91, 10)))[0]


@pytest.fixture
def sound(cut, flickering):
    """A sound with nine hits that are alike, ten frames apart, from frame 11 of the timeline on."""
    cut.place(flickering, start=1)
    ask(cut)
    made = cut.take()
    cut.select(made)
    cut.whole = heard(cut)
    assert len(cut.whole) == 9
    return made


def heard(cut):
    """How loud the hits are in the mix."""
    mix = cut.mix()
    frames = [round(cut.sample_of(frame, 24)) for frame in range(11, 92, 10)]
    return np.array([np.abs(mix[at - 400 : at + 400]).max() for at in frames])


def decibels(cut):
    """The hits, against what they were at first."""
    return 20 * np.log10(np.maximum(heard(cut), 1e-7) / cut.whole)


def test_the_volume_is_in_decibels(cut, sound):
    mix = cut.scene.foley_mix
    assert mix.volume == pytest.approx(0, abs=1e-4)
    mix.volume = -9.0
    assert mix.volume == pytest.approx(-9, abs=1e-4)
    assert np.allclose(decibels(cut), -9, atol=0.05)
    mix.volume = 0
    assert sound.volume == pytest.approx(1)


def test_a_sound_comes_in_and_goes_out(cut, sound):
    mix = cut.scene.foley_mix
    mix.fade_in, mix.fade_out = 1.0, 1.5
    assert (mix.fade_in, mix.fade_out) == (1.0, 1.5)
    levels = decibels(cut)
    # Blender's mixer may be two frames behind the keys.
    rising = [20 * np.log10(np.sin(np.pi / 2 * at / 24)) for at in (8, 10, 18, 20)]
    assert rising[0] - 0.1 <= levels[0] <= rising[1] + 0.1
    assert rising[2] - 0.1 <= levels[1] <= rising[3] + 0.1
    assert np.allclose(levels[2:5], 0, atol=0.1)
    assert list(levels[5:]) == sorted(levels[5:], reverse=True)
    assert levels[8] < -6
    mixed = cut.mix()
    last = mixed[round(cut.sample_of(96, 24)) : round(cut.sample_of(97, 24))]
    assert np.abs(last).max() < 1e-3


def test_fades_are_changed_and_taken_away(cut, sound):
    mix = cut.scene.foley_mix
    for seconds in (1.0, 2.0, 0.5):
        mix.fade_in = seconds
    mix.fade_out = 1.0
    mix.volume = -6.0
    levels = decibels(cut)
    assert levels[0] < -6.1
    assert np.allclose(levels[1:6], -6, atol=0.1)
    mix.fade_in = mix.fade_out = 0.0
    assert np.allclose(decibels(cut), -6, atol=0.05)
    assert sound.volume == pytest.approx(10 ** (-6 / 20), rel=1e-4)
    assert "foley_fades" not in sound
    sound.volume = 1.0
    assert np.allclose(decibels(cut), 0, atol=0.05), "no keys are left"


def test_fades_go_where_the_sound_was_moved(cut, sound):
    mix = cut.scene.foley_mix
    mix.fade_in = 1.0
    mix.fade_in = 0.0
    move(sound, 30)
    mix.fade_in = 1.0
    move(sound, -30)
    mix.fade_in = 0.0
    assert where(sound).start == 1


def test_all_layers_of_a_sound_are_mixed_alike_and_no_other_sound(cut, flickering):
    cut.place(flickering)
    ask(cut, place="layers", engine="faulty")
    ask(cut, place="new")
    cut.finish()
    layers, (other,) = parts(cut)[:3], parts(cut)[3:]
    assert {strip.name.split(" (")[0] for strip in layers} == {other.name.split(".")[0]}
    layers[0].volume, layers[1].volume = 1.0, 0.5
    cut.select(layers[0])
    mix = cut.scene.foley_mix
    mix.volume, mix.pan = -20.0, -0.5
    assert [strip.volume for strip in layers] == pytest.approx([0.1, 0.05, 0.1], rel=1e-4)
    assert [strip.pan for strip in layers] == [-0.5] * 3
    assert (other.volume, other.pan) == (1.0, 0.0)
    mix.fade_out = 1.0
    assert ["foley_fades" in strip for strip in (*layers, other)] == [True] * 3 + [False]


def test_a_copy_that_lies_beside_the_sound_is_mixed_by_itself(cut, sound):
    (copy,) = duplicate(cut, sound, by=7, up=3)
    cut.select(copy)
    mix = cut.scene.foley_mix
    mix.volume, mix.fade_in = -20.0, 1.0
    assert sound.volume == 1.0
    assert ["foley_fades" in strip for strip in (sound, copy)] == [False, True]


def test_they_stand_in_the_tab_of_a_sound_and_pan_only_where_it_does_something(cut, sound):
    drawn = Drawn()
    cut.addon.ui.mixing.draw(drawn, bpy.context)
    assert [text for kind, text in drawn.texts if kind == "prop"] == ["volume", "fade_in", "fade_out"]
    assert sound.sound.channels == "STEREO"


def test_without_a_sound_they_are_nothing(cut, flickering):
    cut.place(flickering)
    mix = cut.scene.foley_mix
    mix.volume, mix.fade_in = -10, 1
    assert (mix.volume, mix.fade_in, mix.pan) == (0, 0, 0)


def test_hits_lie_where_they_did(cut, sound):
    before = clicks(cut.mix())
    cut.scene.foley_mix.fade_in = 0.3
    assert clicks(cut.mix())[-6:] == before[-6:]
