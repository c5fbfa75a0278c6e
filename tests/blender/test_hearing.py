"""Takes are heard with the picture, alone, and against each other; the project is left as it was."""

import sys
from fractions import Fraction
from pathlib import Path

import bpy
import numpy as np
import pytest
from asked import ask, record
from cut import clicks, draw_film, samples_of
from drawn import Drawn
from listening import RATE, is_running, untouched
from listening import device as device


def two_takes(cut, film, **how):
    """A sound with another take, selected."""
    cut.place(film, **how)
    ask(cut, takes=2)
    sound = cut.take()
    cut.select(sound)
    return sound


def file_of(entry):
    return samples_of(entry["take"]["path"])


def test_each_take_is_heard_alone_with_the_picture_to_the_sample(cut, film, device):
    sound = two_takes(cut, film, start=11, trim=20, frames=40)
    cut.scene.frame_set(40)
    with untouched(cut.scene), cut.over_timeline():
        bpy.ops.foley.audition(index=0)
        assert is_running()
        assert not cut.scene.use_audio, "or the sequencer is heard, too"
        assert cut.scene.frame_current == 40, "the playhead was within the strip"
        other = file_of(record(sound)["others"][0])
        begin = record(sound)["others"][0]["take"]["head"] + 9 * RATE // 24
        assert np.allclose(device.play_on(4_000), other[begin : begin + 4_000], atol=1e-4)
        bpy.ops.foley.audition(index=0)
        assert not is_running()
        assert not device.play_on(4_000).any()


@pytest.mark.parametrize(("fps", "base"), [(30, 1.001), (3, 0.1001), (24, 1.0)])
def test_the_picture_and_the_take_agree_at_any_rate(cut, tmp_path, device, fps, base):
    rate = Fraction(24) if fps == 24 else Fraction(30000, 1001)
    path, _, flashes = draw_film(tmp_path / "film", rate=str(rate), seconds=4, flashes=[40, 70])
    cut.set_rate(fps, base)
    cut.place(path, start=981, trim=20, frames=67)
    ask(cut)
    cut.select(cut.take())
    cut.scene.frame_set(1009)
    with cut.over_timeline():
        bpy.ops.foley.audition()
        heard = device.play_on(3 * RATE)
    expected = [(Fraction(flash) - Fraction(28) / rate) * RATE for flash in flashes]
    assert len(clicks(heard)) == 2
    assert all(abs(at - wanted) <= 1 for at, wanted in zip(clicks(heard), expected, strict=True))


def test_from_elsewhere_a_take_begins_where_its_strip_does_and_ends_with_it(cut, film, device):
    sound = two_takes(cut, film, start=11, trim=20, frames=40)
    cut.scene.frame_set(5)
    with untouched(cut.scene), cut.over_timeline():
        bpy.ops.foley.audition()
        assert cut.scene.frame_current == 31
        begin = record(sound)["take"]["head"]
        heard = device.play_on(3 * RATE)
        length = 40 * RATE // 24
        assert np.allclose(heard[:length], file_of(record(sound))[begin : begin + length], atol=1e-4)
        assert not heard[length:].any(), "the handle behind the trim is not heard"
        cut.scene.frame_set(70)
        cut.addon.timeline.hearing.hearing.step()
        assert is_running()
        cut.scene.frame_set(71)
        cut.addon.timeline.hearing.hearing.step()
        assert not is_running()


def test_it_ends_too_where_the_picture_begins_again_at_the_end_of_the_scene(cut, film, device):
    two_takes(cut, film, start=1)
    cut.scene.frame_start, cut.scene.frame_end = 1, 96
    with untouched(cut.scene), cut.over_timeline():
        bpy.ops.foley.audition()
        for frame in (95, 1):
            assert is_running()
            cut.scene.frame_set(frame)
            cut.addon.timeline.hearing.hearing.step()
        assert not is_running()


def test_in_a_preview_range_it_goes_round(cut, film, device):
    sound = two_takes(cut, film, start=1)
    cut.scene.use_preview_range = True
    cut.scene.frame_preview_start, cut.scene.frame_preview_end = 25, 90
    with untouched(cut.scene), cut.over_timeline():
        bpy.ops.foley.audition()
        assert cut.scene.frame_current == 25
        device.play_on(66 * RATE // 24)
        for frame in (90, 25):
            cut.scene.frame_set(frame)
            cut.addon.timeline.hearing.hearing.step()
        begin = record(sound)["take"]["head"] + RATE
        assert np.allclose(device.play_on(9_000), file_of(record(sound))[begin : begin + 9_000], atol=1e-4)
        bpy.ops.foley.audition()


def test_two_takes_are_compared_without_a_gap(cut, film, device):
    sound = two_takes(cut, film)
    mine, other = file_of(record(sound)), file_of(record(sound)["others"][0])
    step = 40_000
    with untouched(cut.scene), cut.over_timeline():
        heard = []
        for _ in range(3):
            bpy.ops.foley.compare()
            assert is_running()
            heard.append(device.play_on(step))
        bpy.ops.foley.audition()
    begin = record(sound)["take"]["head"]
    whole = np.concatenate([one[begin + at * step :][:step] for at, one in enumerate([mine, other, mine])])
    assert np.abs(whole).max() > 0.1
    assert np.allclose(np.concatenate(heard), whole, atol=1e-4)


def test_the_take_heard_before_is_the_one_compared(cut, film, device):
    cut.place(film)
    ask(cut, takes=3)
    sound = cut.take()
    cut.select(sound)
    first, second = (entry["take"]["path"] for entry in record(sound)["others"])
    hearing = cut.addon.timeline.hearing.hearing
    with cut.over_timeline():
        bpy.ops.foley.audition(index=1)
        bpy.ops.foley.audition(index=0)
        assert hearing.heard.path == first
        bpy.ops.foley.compare()
        assert hearing.heard.path == second
        bpy.ops.foley.compare()
        assert hearing.heard.path == first


def test_a_take_is_as_loud_as_its_strip(cut, film, device):
    sound = two_takes(cut, film)
    cut.scene.frame_set(11)
    loud = np.abs(file_of(record(sound))).max()
    sound.volume = 0.25
    with cut.over_timeline():
        bpy.ops.foley.audition()
    assert np.abs(device.play_on(4 * RATE)).max() == pytest.approx(0.25 * loud, rel=1e-3)


def test_the_take_goes_where_the_playhead_is_put(cut, film, device):
    sound = two_takes(cut, film)
    with cut.over_timeline():
        bpy.ops.foley.audition()
        device.play_on(1_000)
        for frame in (71, 35):
            cut.scene.frame_set(frame)
            cut.addon.timeline.hearing.hearing.step()
            begin = record(sound)["take"]["head"] + (frame - 11) * RATE // 24
            heard = device.play_on(9_000)
            assert np.allclose(heard, file_of(record(sound))[begin : begin + 9_000], atol=1e-4)


def test_a_slow_picture_does_not_break_the_take(cut, film, device):
    sound = two_takes(cut, film)
    with cut.over_timeline():
        bpy.ops.foley.audition()
        first = device.play_on(40_000)
        cut.scene.frame_set(13)
        cut.addon.timeline.hearing.hearing.step()
        heard = np.concatenate([first, device.play_on(40_000)])
    begin = record(sound)["take"]["head"]
    assert np.allclose(heard, file_of(record(sound))[begin : begin + 80_000], atol=1e-4)


def test_a_take_that_waits_for_a_place_is_heard_where_it_would_go(cut, film, device):
    cut.place(film, start=11, trim=20, frames=40)
    for channel in list(cut.scene.sequence_editor.channels)[1:]:
        channel.lock = True
    ask(cut)
    cut.finish()
    (left,) = cut.queue.unplaced
    drawn = Drawn()
    with cut.over_timeline():
        cut.addon.ui.queue_panel.draw_queue(drawn, bpy.context)
    assert ("operator", "foley.audition") in drawn.texts
    with untouched(cut.scene), cut.over_timeline():
        bpy.ops.foley.audition(path=left.path)
        assert cut.scene.frame_current == 31
        take = left.job.takes[0]
        heard = device.play_on(2_000)
        assert np.allclose(heard, samples_of(take["path"])[take["head"] :][:2_000], atol=1e-4)
        bpy.ops.foley.audition(path=left.path)
    assert cut.sounds == []


def test_where_the_user_stops_the_picture_the_take_ends_and_the_playhead_stays(cut, film, device):
    two_takes(cut, film)
    with cut.over_timeline():
        bpy.ops.foley.audition()
        cut.scene.frame_set(40)
        bpy.ops.screen.animation_cancel(restore_frame=False)
        cut.addon.timeline.hearing.hearing.step()
    assert (cut.scene.frame_current, cut.scene.use_audio) == (40, True)
    assert not device.play_on(100).any()


def test_what_is_set_meanwhile_is_never_saved(cut, film, device, tmp_path):
    two_takes(cut, film)
    cut.scene.sync_mode, cut.scene.use_preview_range = "NONE", True
    with cut.over_timeline():
        bpy.ops.foley.audition()
        bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "project.blend"))
    assert not is_running()
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "project.blend"))
    scene = cut.scene
    assert (scene.use_audio, scene.sync_mode, scene.use_preview_range) == (True, "NONE", True)


def test_what_a_file_saved_in_a_crash_brings_along_is_given_back(cut, film, device, tmp_path):
    two_takes(cut, film)
    hearing = cut.addon.timeline.hearing
    bpy.app.handlers.save_pre.remove(hearing.end)
    try:
        with cut.over_timeline():
            bpy.ops.foley.audition()
            bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "auto.blend"), copy=True)
    finally:
        bpy.app.handlers.save_pre.append(hearing.end)
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "auto.blend"))
    assert cut.scene.use_audio
    assert "foley_hearing" not in cut.scene


def test_nothing_is_heard_any_more_once_the_add_on_is_off(cut, film, device, installed):
    import addon_utils

    two_takes(cut, film)
    with untouched(cut.scene), cut.over_timeline():
        bpy.ops.foley.audition()
        timer = cut.addon.timeline.hearing.hearing._timer
        assert bpy.app.timers.is_registered(timer)
        addon_utils.disable(installed)
        assert not bpy.app.timers.is_registered(timer)
        assert not is_running()
    addon_utils.enable(installed)


def test_what_cannot_be_heard_changes_nothing(cut, film, device):
    sound = two_takes(cut, film)
    Path(record(sound)["others"][0]["take"]["path"]).unlink()
    with untouched(cut.scene), cut.over_timeline():
        with pytest.raises(RuntimeError, match="take_missing"):
            bpy.ops.foley.audition(index=0)
        with pytest.raises(RuntimeError, match="no_such_take"):
            bpy.ops.foley.audition(path="elsewhere.wav")
        assert not is_running()


def test_where_blender_has_no_sound_device_the_picture_runs_and_it_is_said(cut, film, capfd):
    two_takes(cut, film)
    with untouched(cut.scene), cut.over_timeline():
        bpy.ops.foley.audition()
        sys.stdout.flush()
        assert "[no_device]" in capfd.readouterr().out
        assert is_running()
        bpy.ops.foley.audition()


def test_a_blender_without_aud_plays_the_take_in_use_on_its_timeline(cut, film, monkeypatch):
    two_takes(cut, film)
    monkeypatch.setattr(cut.addon.timeline.hearing, "aud", None)
    with untouched(cut.scene), cut.over_timeline():
        with pytest.raises(RuntimeError, match="no_aud"):
            bpy.ops.foley.audition(index=0)
        bpy.ops.foley.audition()
        assert is_running()
        assert cut.scene.use_audio
        bpy.ops.foley.audition()


def test_a_sound_with_one_take_cannot_be_compared(cut, film, device):
    cut.place(film)
    ask(cut)
    cut.select(cut.take())
    with cut.over_timeline(), pytest.raises(RuntimeError, match="one_take"):
        bpy.ops.foley.compare()


def test_every_take_in_the_list_can_be_heard(cut, film):
    two_takes(cut, film)
    drawn = Drawn()
    cut.addon.ui.takes_panel.draw_takes(drawn, bpy.context)
    assert drawn.texts.count(("operator", "foley.audition")) == 2
    assert ("operator", "foley.compare") in drawn.texts
