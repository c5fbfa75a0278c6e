"""Regenerating: the sound changes in place, and all else stays."""

from fractions import Fraction
from pathlib import Path

import bpy
import pytest
from asked import ask, plays, record, regenerate
from cut import clicks, cut_off, draw_film, move, where

pytestmark = pytest.mark.each_blender


def test_regenerating_swaps_the_sound_and_keeps_all_else(cut, film):
    cut.place(film, trim=10, frames=60)
    ask(cut, prompt="wood", seed=7)
    sound = cut.take()
    old = plays(sound)
    cut_off(sound, left=30, right=30)
    move(sound, 2)
    sound.pan, sound.volume, sound.name = -0.5, 0.25, "My steps"
    sound.keyframe_insert("volume", frame=30)
    place, channel = where(sound), sound.channel
    cut.select(sound)
    regenerate(cut, prompt="metal", seed=8, handles=3.0)
    sound = cut.take()
    assert (where(sound), sound.channel, sound.name) == (place, channel, "My steps")
    assert (sound.pan, sound.volume) == (-0.5, 0.25)
    assert len(cut.addon.timeline.compat.curves(cut.scene)) == 1
    assert (record(sound)["prompt"], record(sound)["seed"]) == ("metal", "8")
    assert plays(sound) != old
    (kept,) = record(sound)["others"]
    assert (kept["prompt"], Path(kept["take"]["path"])) == ("wood", old)
    assert old.is_file()


def test_a_strip_s_own_name_follows_its_prompt(cut, film):
    cut.place(film)
    ask(cut, prompt="wood")
    sound = cut.take()
    cut.select(sound)
    regenerate(cut, prompt="metal")
    cut.finish()
    assert sound.name == "metal"


def test_a_new_take_has_the_same_prompt_and_another_seed(cut, film):
    clip = cut.place(film)
    ask(cut, prompt="wood", takes=2, seed=7)
    sound = cut.take()
    cut.select(clip)
    cut.addon.jobs.retake.new_take(bpy.context)
    assert len(cut.finish()) == 1
    assert record(sound)["prompt"] == "wood"
    assert record(sound)["seed"] not in ("7", "8")
    assert [other["number"] for other in record(sound)["others"]] == [1, 2]


def test_all_selected_parts_of_a_sound_that_was_split_are_swapped_for_one_take(cut, film):
    cut.place(film)
    ask(cut)
    sound = cut.take()
    cut.select(sound, sound.split(frame=50, split_method="SOFT"))
    regenerate(cut, seed=8)
    assert len(cut.queue.running) == 1
    left, right = cut.finish()
    assert plays(left) == plays(right)
    assert record(left)["seed"] == record(right)["seed"] == "8"
    assert where(left).frames + where(right).frames == 96


def test_each_layer_is_swapped_for_its_own(cut, film):
    cut.place(film)
    ask(cut, place="layers", engine="faulty")
    cut.finish()
    cut.select(cut.sounds[0])
    regenerate(cut, seed=8)
    assert len(cut.finish()) == 3
    assert sorted(plays(strip).stem.rsplit("-")[-1] for strip in cut.sounds) == [
        "ambience",
        "hits",
        "movement",
    ]
    assert {record(strip)["seed"] for strip in cut.sounds} == {"8"}


def test_a_layer_that_is_not_wished_any_more_is_silent_until_it_comes_back(cut, film):
    cut.place(film)
    ask(cut, place="layers", engine="faulty")
    cut.finish()
    ambience = next(strip for strip in cut.sounds if record(strip)["layer"] == "ambience")
    cut.select(ambience)
    regenerate(cut, layers=("hits", "movement"))
    cut.finish()
    regenerate(cut, seed=9)
    cut.finish()
    assert [record(strip)["layer"] for strip in cut.sounds if strip.mute] == ["ambience"]
    cut.sounds[0].mute = True
    bpy.ops.foley.choose_take(index=0)
    assert [strip.mute for strip in cut.sounds] == [True, False, False]


def test_a_layer_that_is_wished_later_gets_a_strip_and_one_that_was_deleted_does_not(cut, film):
    cut.place(film)
    ask(cut, place="layers", layers=("hits", "movement"), engine="faulty")
    hits, movement = cut.finish()
    cut.select(hits)
    cut.strips.remove(movement)
    regenerate(cut, layers=("hits", "movement", "ambience"))
    strips = cut.finish()
    assert [record(strip)["layer"] for strip in strips] == ["hits", "ambience"]
    assert len({strip["foley_uid"] for strip in strips}) == 1
    assert len({where(strip) for strip in strips}) == 1
    assert [plays(strip).stem.rsplit("-")[-1] for strip in strips] == ["hits", "ambience"]


def test_a_handle_of_no_whole_frames_keeps_the_sound_in_sync(cut, film):
    clip = cut.place(film, trim=26, frames=40)
    ask(cut)
    cut.set_rate(30, 1.001)
    sound = cut.take()
    assert where(sound).start == where(clip).start
    start = cut.sample_of(where(clip).start, Fraction(30_000, 1001))
    expected = [start + Fraction(frame - 26, 24) * 48_000 for frame in (30, 50)]
    assert clicks(cut.mix()) == pytest.approx([float(at) for at in expected], abs=3)


def test_a_take_of_a_longer_stretch_is_swapped_in_in_sync(cut, tmp_path):
    path, _, flashes = draw_film(tmp_path / "flash", rate="24", seconds=6, flashes=[40, 61, 100])
    clip = cut.place(path, trim=30, frames=20)
    ask(cut)
    sound = cut.take()
    place = where(sound)
    cut_off(sound, left=where(sound).cut_left + 2, right=where(sound).cut_right + 2)
    cut_off(clip, left=20, right=20)
    ask(cut, goal=cut.addon.core.job.Goal("replace", sound["foley_uid"]), seed=8)
    cut.finish()
    assert where(sound)[:2] == (place.start + 2, place.end - 2)
    start = cut.sample_of(place.start, 24)
    assert clicks(cut.mix()) == pytest.approx(
        [start + (Fraction(flashes[0]) - Fraction(30, 24)) * 48_000], abs=3
    )


def test_what_fails_leaves_the_sound_as_it_was(cut, film):
    cut.place(film)
    ask(cut, takes=2)
    sound = cut.take()
    before, kept = plays(sound), sound["foley_meta"]
    cut.select(sound)
    Path(record(sound)["others"][0]["take"]["path"]).write_bytes(b"no sound")
    with pytest.raises(RuntimeError, match="take_unreadable"):
        bpy.ops.foley.choose_take(index=0)
    Path(record(sound)["others"][0]["take"]["path"]).unlink()
    with pytest.raises(RuntimeError, match="take_missing"):
        bpy.ops.foley.choose_take(index=0)
    with pytest.raises(RuntimeError, match="no_such_take"):
        bpy.ops.foley.choose_take(index=1)
    regenerate(cut, engine="faulty", prompt="raise")
    cut.finish()
    assert (plays(sound), sound["foley_meta"]) == (before, kept)


def test_a_sound_that_is_gone_leaves_its_new_take_to_be_inserted_by_hand(cut, film):
    clip = cut.place(film, trim=12, frames=40)
    ask(cut)
    sound = cut.take()
    cut.select(sound)
    regenerate(cut, seed=8)
    cut.strips.remove(sound)
    cut.finish()
    (left,) = cut.queue.unplaced
    assert left.reason.endswith("[sound_gone]")
    cut.select(clip)
    bpy.ops.foley.insert(path=left.path)
    sound = cut.take()
    assert cut.queue.unplaced == []
    assert where(sound)[:2] == where(clip)[:2]
    assert record(sound)["seed"] == "8"


def test_a_project_moved_with_its_film_is_regenerated_from_where_that_is_now(cut, film, tmp_path):
    old, new = tmp_path / "old.mp4", tmp_path / "new" / "old.mp4"
    old.write_bytes(film.read_bytes())
    clip = cut.place(old)
    ask(cut)
    sound = cut.take()
    new.parent.mkdir()
    old.rename(new)
    cut.select(sound)
    with pytest.raises(RuntimeError, match="media_missing"):
        bpy.ops.foley.new_take()
    clip.filepath = str(new)
    bpy.ops.foley.new_take()
    cut.finish()
    assert record(sound)["take"]["cue"]["media"] == str(new)
