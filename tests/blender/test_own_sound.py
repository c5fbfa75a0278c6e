"""The clip's own sound under a take is left, turned down or muted, as wished, once, and put back."""

import subprocess

import bpy
import numpy as np
import pytest
from asked import ask, record
from cut import BACKEND_PYTHON, ROOT, cut_off, shorten, where
from drawn import Drawn

_WITH_TONE = """
import sys
import av
import numpy as np
with av.open(sys.argv[1]) as film, av.open(sys.argv[2], "w") as output:
    (seen,) = film.streams.video
    video, sound = output.add_stream_from_template(seen), output.add_stream("pcm_s16le", 48000, layout="mono")
    packets = [packet for packet in film.demux(seen) if packet.dts is not None]
    for packet in packets:
        packet.stream = video
        output.mux(packet)
    tone = np.sin(np.arange(48000 * int(sys.argv[3])) * np.pi / 24) * 16384
    frame = av.AudioFrame.from_ndarray(tone.astype("<i2")[None], format="s16", layout="mono")
    frame.sample_rate, frame.pts = 48000, 0
    for packet in [*sound.encode(frame), *sound.encode(None)]:
        output.mux(packet)
"""

WHOLE = 0.5 * np.median(np.abs(np.sin(np.arange(48_000) * np.pi / 24))) / np.sqrt(2)
"""The tone in the mix: Blender plays one channel on two, each 3 dB softer."""


@pytest.fixture(scope="session")
def spoken(film, tmp_path_factory):
    """The film of four seconds, with a tone at -6 dBFS as its sound."""
    path = tmp_path_factory.mktemp("spoken") / "spoken.mov"
    command = [BACKEND_PYTHON, "-c", _WITH_TONE, str(film), str(path), "4"]
    subprocess.run(command, cwd=str(ROOT), check=True)
    return path


def shoot(cut, spoken, start=11, trim=0, frames=None, channel=1):
    """The film with its own sound beneath it, cut alike; both, the film selected."""
    clip = cut.place(spoken, start, trim, frames, channel + 1)
    own = cut.strips.new_sound("Own", str(spoken), channel, start)
    cut_off(own, left=trim)
    if frames is not None:
        shorten(own, frames)
    assert where(own)[:2] == where(clip)[:2]
    cut.select(clip)
    return clip, own


def decibels(cut, first, last):
    """How loud the tone is in the mix in these frames, 0 being untouched; a take's clicks do not count."""
    mix = cut.mix()[round(cut.sample_of(first, 24)) : round(cut.sample_of(last, 24))]
    assert len(mix) > 1_000
    return 20 * np.log10(max(np.median(np.abs(mix)), 1e-6) / WHOLE)


def test_it_is_left_unless_said_otherwise(cut, spoken):
    _, own = shoot(cut, spoken)
    ask(cut)
    cut.until(lambda: not cut.queue.running)
    assert (own.volume, own.mute) == (1.0, False)
    assert decibels(cut, 12, 100) == pytest.approx(0, abs=0.05)


def test_as_long_as_the_picture_it_is_turned_down_by_its_volume(cut, spoken):
    _, own = shoot(cut, spoken, trim=20, frames=40)
    ask(cut, own_sound="duck", duck=-12.0)
    cut.until(lambda: not cut.queue.running)
    assert own.volume == pytest.approx(10 ** (-12 / 20))
    assert decibels(cut, 31, 71) == pytest.approx(-12, abs=0.05)
    assert cut.scene.animation_data is None


def test_what_reaches_beyond_the_take_is_turned_down_under_it_alone(cut, spoken):
    clip, own = shoot(cut, spoken)
    cut_off(clip, left=30)
    shorten(clip, 40)
    assert where(clip)[:2] == (41, 81)
    ask(cut, own_sound="duck", duck=-18.0)
    cut.until(lambda: not cut.queue.running)
    assert decibels(cut, 41, 81) == pytest.approx(-18, abs=0.1)
    assert decibels(cut, 41, 42) == pytest.approx(-18, abs=0.3), "its first frame"
    assert decibels(cut, 79, 80) == pytest.approx(-18, abs=0.3)
    assert decibels(cut, 12, 35) == pytest.approx(0, abs=0.05)
    assert decibels(cut, 88, 105) == pytest.approx(0, abs=0.05)
    bpy.ops.foley.own_sound(own_sound="leave")
    assert "foley_own_sound" not in own
    assert decibels(cut, 12, 105) == pytest.approx(0, abs=0.05)
    assert own.volume == pytest.approx(1.0)


def test_it_is_never_turned_down_twice(cut, spoken):
    clip, own = shoot(cut, spoken)
    for duck, place in ((-12.0, "foley"), (-12.0, "new"), (-6.0, "new")):
        cut.select(clip)
        ask(cut, own_sound="duck", duck=duck, place=place)
        cut.until(lambda: not cut.queue.running)
        assert 20 * np.log10(own.volume) == pytest.approx(duck, abs=0.01)


def test_one_sound_under_two_shots_is_turned_down_for_each(cut, spoken):
    clip, own = shoot(cut, spoken)
    shorten(clip, 40)
    second = cut.strips.new_movie("Second", str(spoken), 2, 11)
    cut_off(second, left=60)
    for shot, duck in ((clip, -12.0), (second, -20.0)):
        cut.select(shot)
        ask(cut, own_sound="duck", duck=duck)
        cut.until(lambda: not cut.queue.running)
    assert decibels(cut, 12, 51) == pytest.approx(-12, abs=0.1)
    assert decibels(cut, 58, 64) == pytest.approx(0, abs=0.1)
    assert decibels(cut, 71, 106) == pytest.approx(-20, abs=0.1)
    (take,) = [one for one in cut.sounds if one != own and where(one).start == 71]
    cut.select(take)
    bpy.ops.foley.own_sound(own_sound="leave")
    assert decibels(cut, 12, 51) == pytest.approx(-12, abs=0.1)
    assert decibels(cut, 60, 106) == pytest.approx(0, abs=0.1)


def test_it_is_muted_where_the_take_lies(cut, spoken):
    clip, own = shoot(cut, spoken)
    ask(cut, own_sound="mute")
    cut.until(lambda: not cut.queue.running)
    assert own.mute
    bpy.ops.foley.own_sound(own_sound="leave")
    assert not own.mute
    shorten(clip, 40)
    shorten(next(one for one in cut.sounds if one != own), 40)
    bpy.ops.foley.own_sound(own_sound="mute")
    assert not own.mute
    assert decibels(cut, 12, 51) < -90
    assert decibels(cut, 57, 106) == pytest.approx(0, abs=0.1)
    bpy.ops.foley.own_sound(own_sound="leave")
    assert decibels(cut, 12, 106) == pytest.approx(0, abs=0.1)


def test_what_the_user_has_muted_stays_so(cut, spoken):
    _, own = shoot(cut, spoken)
    own.mute = True
    ask(cut, own_sound="mute")
    cut.until(lambda: not cut.queue.running)
    bpy.ops.foley.own_sound(own_sound="leave")
    assert own.mute


def test_keys_of_the_user_are_turned_down_with_it_and_come_back(cut, spoken):
    _, own = shoot(cut, spoken)
    for frame, volume in ((11, 1.0), (50.4, 0.9), (106, 0.5)):
        own.volume = volume
        own.keyframe_insert("volume", frame=frame)
    before = [decibels(cut, frame, frame + 4) for frame in (13, 60, 100)]
    ask(cut, own_sound="duck", duck=-10.0)
    cut.until(lambda: not cut.queue.running)
    ducked = [decibels(cut, frame, frame + 4) for frame in (13, 60, 100)]
    assert np.allclose(np.subtract(before, ducked), 10, atol=0.05)
    bpy.ops.foley.own_sound(own_sound="leave")
    assert np.allclose([decibels(cut, frame, frame + 4) for frame in (13, 60, 100)], before, atol=0.05)


def test_only_the_clip_s_own_is_touched(cut, spoken, film):
    _, own = shoot(cut, spoken)
    ask(cut)
    music = cut.strips.new_sound("Music", str(film), 5, 11)
    elsewhere = cut.strips.new_sound("Elsewhere", str(spoken), 6, 300)
    ask(cut, own_sound="duck", place="new")
    cut.until(lambda: not cut.queue.running)
    assert [one.name for one in cut.sounds if one.volume < 1] == [own.name]
    assert (music.volume, elsewhere.volume) == (1.0, 1.0)


def test_what_is_connected_to_the_clip_is_its_own(cut, film, spoken):
    clip = cut.place(film)
    recorded = cut.strips.new_sound("Recorded", str(spoken), 3, 11)
    with cut.over_timeline():
        clip.select = recorded.select = True
        if bpy.ops.sequencer.connect(toggle=False) != {"FINISHED"}:
            pytest.skip("nothing is connected in this Blender")
        cut.select(clip)
        ask(cut, own_sound="duck")
        cut.until(lambda: not cut.queue.running)
    assert recorded.volume == pytest.approx(10 ** (-12 / 20))


def test_the_choice_is_in_the_dialogs_and_stays_with_the_scene(cut, spoken):
    _, own = shoot(cut, spoken)
    cut.generate(own_sound="duck", duck=-9.0)
    cut.until(lambda: not cut.queue.running)
    assert 20 * np.log10(own.volume) == pytest.approx(-9, abs=0.01)
    assert (cut.scene.foley.own_sound, cut.scene.foley.duck) == ("duck", pytest.approx(-9))
    (take,) = [one for one in cut.sounds if one != own]
    assert (record(take)["own_sound"], record(take)["duck"]) == ("duck", -9.0)
    drawn = Drawn()
    cut.addon.ui.settings.draw_own_sound(drawn, cut.scene.foley)
    assert drawn.texts == [("row", ""), ("prop", "own_sound"), ("prop", "duck")]


def test_scoring_turns_down_the_own_sound_of_each_shot(cut, spoken):
    clips = [shoot(cut, spoken, start=start, frames=48) for start in (11, 59)]
    bpy.ops.foley.score(channels="2", engine="impulse", own_sound="duck", duck=-6.0)
    cut.until(lambda: not cut.queue.running and not cut.queue.later)
    assert all(20 * np.log10(own.volume) == pytest.approx(-6, abs=0.01) for _clip, own in clips)


def test_a_clip_without_sound_of_its_own_says_so(cut, film):
    cut.place(film)
    ask(cut, own_sound="duck")
    cut.select(cut.take())
    with pytest.raises(RuntimeError, match="no_own_sound"):
        bpy.ops.foley.own_sound(own_sound="mute")
