"""Takes: they lie right, are listed, chosen, deleted, and inserted by hand."""

import os
import sys
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import bpy
import pytest
from asked import ask, parts, plays, record, regenerate
from cut import clicks, draw_film, where
from drawn import Drawn

pytestmark = pytest.mark.each_blender


@pytest.mark.parametrize(("fps", "base", "frames"), [(24, 1, 24), (30, 1.001, 30), (3, 0.1001, 30)])
def test_handles_lie_behind_the_trims_in_whole_frames(cut, tmp_path, fps, base, frames):
    path = draw_film(
        tmp_path / "film",
        rate=str(Fraction(24) if fps == 24 else Fraction(30000, 1001)),
        seconds=4,
        flashes=[40],
    )[0]
    cut.set_rate(fps, base)
    clip = cut.place(path, trim=35, frames=40)
    ask(cut)
    sound = cut.take()
    assert where(sound)[:2] == where(clip)[:2]
    assert where(sound)[2:] == (frames, frames)


def test_what_lies_before_the_film_is_no_handle(cut, film):
    clip = cut.place(film, trim=5, frames=40)
    ask(cut)
    sound = cut.take()
    assert where(sound)[:2] == where(clip)[:2]
    assert where(sound).cut_left == 5


def test_a_saved_project_names_its_takes_by_relative_paths(cut, film):
    cut.place(film)
    ask(cut)
    assert cut.take().sound.filepath.startswith("//foley")


def test_layers_come_on_channels_of_their_own_which_later_takes_share(cut, film):
    first = cut.place(film, frames=30)
    second = cut.strips.new_movie("Second", str(film), 1, 200)
    for clip in (first, second):
        cut.select(clip)
        ask(cut, prompt="wood", place="layers", engine="faulty")
    cut.finish()
    assert len(cut.sounds) == 6
    for layer in ("hits", "movement", "ambience"):
        strips = [strip for strip in parts(cut) if record(strip)["layer"] == layer]
        assert [strip.name.split(".")[0] for strip in strips] == [f"wood ({layer})"] * 2
        assert {cut.scene.sequence_editor.channels[strip.channel].name for strip in strips} == {
            f"Foley {layer}"
        }
        assert all(plays(strip).stem.endswith(layer) for strip in strips)
    assert len({strip.channel for strip in cut.sounds}) == 3


def test_each_take_that_asks_for_a_new_channel_gets_one(cut, film):
    cut.place(film)
    for _ in range(2):
        ask(cut, place="new")
    first, second = cut.finish()
    assert first.channel != second.channel
    assert "Foley" not in [channel.name for channel in cut.scene.sequence_editor.channels]


def test_the_first_of_several_takes_is_heard_and_the_others_can_be_chosen(cut, film):
    cut.place(film)
    ask(cut, takes=3, seed=7)
    sound = cut.take()
    first = plays(sound)
    assert [other["seed"] for other in record(sound)["others"]] == ["8", "9"]
    cut.select(sound)
    before = cut.mix()
    bpy.ops.foley.choose_take(index=0)
    after = cut.mix()
    assert record(sound)["seed"] == "8"
    assert plays(sound) == Path(record(sound)["take"]["path"]) != first
    assert clicks(after) == clicks(before)
    # The seed decides the polarity.
    assert after[clicks(after)[0]] == pytest.approx(-before[clicks(before)[0]])
    assert [(other["number"], other["seed"]) for other in record(sound)["others"]] == [(1, "7"), (3, "9")]
    bpy.ops.foley.choose_take(index=0)
    assert plays(sound) == first


def test_a_take_that_found_no_channel_is_inserted_once_one_is_free(cut, film):
    clip = cut.place(film)
    for channel in list(cut.scene.sequence_editor.channels)[1:]:
        channel.lock = True
    ask(cut, takes=2)
    assert cut.finish() == []
    (left,) = cut.queue.unplaced
    assert left.reason.endswith("[no_channel]")
    with pytest.raises(RuntimeError, match="no_channel"):
        bpy.ops.foley.insert(path=left.path)
    assert cut.queue.unplaced == [left]
    cut.scene.sequence_editor.channels[100].lock = False
    bpy.ops.foley.insert(path=left.path)
    sound = cut.take()
    assert (sound.channel, where(sound)[:2]) == (100, where(clip)[:2])
    assert len(record(sound)["others"]) == 1


def test_a_take_without_a_picture_is_inserted_at_the_playhead(cut, film):
    clip = cut.place(film, trim=12, frames=40)
    ask(cut)
    cut.strips.remove(clip)
    cut.finish()
    (left,) = cut.queue.unplaced
    cut.scene.frame_set(77)
    bpy.ops.foley.insert(path=left.path)
    assert where(cut.take())[:2] == (77, 117)
    with pytest.raises(RuntimeError, match="no_such_take"):
        bpy.ops.foley.insert(path=left.path)


def test_a_take_is_deleted_with_its_files(cut, film):
    cut.place(film)
    ask(cut, takes=2, place="layers", engine="faulty")
    cut.finish()
    sound = cut.sounds[0]
    cut.select(sound)
    (other,) = record(sound)["others"]
    files = [Path(path) for path in (other["take"]["path"], *other["take"]["stems"].values())]
    report = Path(other["report"])
    assert all(path.is_file() for path in (*files, report, report.with_suffix(".json")))
    bpy.ops.foley.delete_take(index=0)
    assert not any(path.exists() for path in files)
    assert report.is_file(), "the other take of the same job has it, too"
    assert [record(strip)["others"] for strip in cut.sounds] == [[], [], []]
    assert all(plays(strip).is_file() for strip in cut.sounds)


def test_the_last_take_of_a_job_is_deleted_with_its_report(cut, film):
    cut.place(film)
    ask(cut)
    sound = cut.take()
    report = Path(record(sound)["report"])
    regenerate(cut, prompt="wood")
    cut.finish()
    cut.select(sound)
    bpy.ops.foley.delete_take(index=0)
    assert not report.exists()
    assert not report.with_suffix(".json").exists()
    assert Path(record(sound)["report"]).is_file()


def test_a_take_that_any_strip_plays_is_not_deleted(cut, film):
    cut.place(film)
    ask(cut, takes=2)
    sound = cut.take()
    path = record(sound)["others"][0]["take"]["path"]
    cut.strips.new_sound("Mine", path, 9, 400)
    cut.select(sound)
    with pytest.raises(RuntimeError, match="take_in_use"):
        bpy.ops.foley.delete_take(index=0)
    assert Path(path).is_file()
    assert len(record(sound)["others"]) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="xdg-open is Linux's")
def test_the_folder_of_a_take_is_opened(cut, film, tmp_path, monkeypatch):
    opener = tmp_path / "bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text(f'#!/bin/sh\nprintf %s "$1" > {tmp_path}/opened\n')
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", f"{opener.parent}:{os.environ['PATH']}")
    cut.place(film)
    ask(cut)
    cut.select(cut.take())
    bpy.ops.foley.reveal_take()
    cut.until(lambda: (tmp_path / "opened").is_file() and (tmp_path / "opened").read_text() != "")
    assert Path((tmp_path / "opened").read_text()) == tmp_path / "foley"


def test_what_the_record_says_outlives_the_add_on(cut, film, tmp_path, installed):
    import addon_utils

    cut.place(film)
    ask(cut, prompt="wood", takes=2)
    kept = cut.take()["foley_meta"]
    addon_utils.disable(installed)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "again.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "again.blend"))
    (sound,) = cut.sounds
    sound.split(frame=50, split_method="SOFT")
    assert [strip["foley_meta"] for strip in cut.sounds] == [kept, kept]


def test_of_a_picture_without_a_sound_it_is_said_what_makes_one(cut, film):
    cut.place(film)
    with pytest.raises(RuntimeError, match=r"'Clip' has no sound yet. Use Generate.*no_take"):
        bpy.ops.foley.choose_take(index=0)
    cut.select()
    with pytest.raises(RuntimeError, match=r"Select one, or its picture.*no_take"):
        bpy.ops.foley.choose_take(index=0)


def test_the_takes_are_listed_with_what_can_be_done_with_them(cut, film):
    cut.place(film)
    ask(cut, prompt="flash", takes=2, seed=7)
    cut.select(cut.take())
    drawn = Drawn()
    cut.addon.ui.takes_panel.draw_takes(drawn, bpy.context)
    assert ("label", "Take 1: flash (seed 7)") in drawn.texts
    assert ("operator", "Take 2: flash (seed 8)") in drawn.texts
    listed = SimpleNamespace(layout=Drawn())
    cut.addon.ui.takes_panel.FOLEY_MT_takes.draw(listed, bpy.context)
    cut.addon.ui.takes_panel.draw_take_menu(listed, bpy.context)
    assert listed.layout.texts[:2] == [
        ("label", "Take 1: flash (seed 7)"),
        ("operator", "Take 2: flash (seed 8)"),
    ]
    assert ("menu", "FOLEY_MT_takes") in listed.layout.texts


def test_where_no_sound_is_active_no_take_is_listed(cut, film):
    cut.place(film)
    drawn = Drawn()
    cut.addon.ui.takes_panel.draw_takes(drawn, bpy.context)
    assert drawn.texts == []
