"""Takes: they lie right, are made anew in place or in part, chosen, deleted, and inserted by hand."""

import json
import os
import sys
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import bpy
import pytest
from cut import clicks, cut_off, draw_film, move, where
from drawn import Drawn


def ask(cut, goal=None, **wishes):
    """Ask for takes of the selected clip, as the dialog does; gives the job's id."""
    addon = cut.addon
    wished = addon.wishes.Wishes(**dict({"engine": "impulse", "seed": 7}, **wishes))
    picture = addon.sequencer.selected_picture(bpy.context)
    return addon.jobs.start(picture, wished, goal or addon.job.Goal())


def regenerate(cut, **changed):
    """Ask for the selected sound anew."""
    retake = cut.addon.retake
    return retake.regenerate(bpy.context, retake.wishes_of(bpy.context)._replace(**changed))


def record(strip):
    return json.loads(strip["foley_meta"])


def plays(strip):
    """The file that a strip plays."""
    return Path(bpy.path.abspath(strip.sound.filepath))


def parts(cut):
    """The sound strips in order of time."""
    return sorted(cut.sounds, key=lambda strip: (where(strip).start, strip.channel))


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
        ask(cut, prompt="wood", place="layers")
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
    assert len(cut.addon.compat.curves(cut.scene)) == 1
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
    cut.addon.retake.new_take(bpy.context)
    assert len(cut.finish()) == 1
    assert record(sound)["prompt"] == "wood"
    assert record(sound)["seed"] not in ("7", "8")
    assert [other["number"] for other in record(sound)["others"]] == [1, 2]


def test_all_parts_of_a_sound_that_was_split_are_swapped(cut, film):
    cut.place(film)
    ask(cut)
    sound = cut.take()
    sound.split(frame=50, split_method="SOFT")
    cut.select(sound)
    regenerate(cut, seed=8)
    left, right = cut.finish()
    assert plays(left) == plays(right)
    assert record(left)["seed"] == record(right)["seed"] == "8"
    assert where(left).frames + where(right).frames == 96


def test_each_layer_is_swapped_for_its_own(cut, film):
    cut.place(film)
    ask(cut, place="layers")
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
    ask(cut, place="layers")
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
    ask(cut, place="layers", layers=("hits", "movement"))
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


def test_a_take_that_found_no_channel_is_inserted_once_one_is_free(cut, film):
    clip = cut.place(film)
    for channel in list(cut.scene.sequence_editor.channels)[1:]:
        channel.lock = True
    ask(cut, takes=2)
    assert cut.finish() == []
    (left,) = cut.jobs.unplaced
    assert left.reason.endswith("[no_channel]")
    with pytest.raises(RuntimeError, match="no_channel"):
        bpy.ops.foley.insert(path=left.path)
    assert cut.jobs.unplaced == [left]
    cut.scene.sequence_editor.channels[100].lock = False
    bpy.ops.foley.insert(path=left.path)
    sound = cut.take()
    assert (sound.channel, where(sound)[:2]) == (100, where(clip)[:2])
    assert len(record(sound)["others"]) == 1


def test_a_take_of_a_longer_stretch_is_swapped_in_in_sync(cut, tmp_path):
    path, _, flashes = draw_film(tmp_path / "flash", rate="24", seconds=6, flashes=[40, 61, 100])
    clip = cut.place(path, trim=30, frames=20)
    ask(cut)
    sound = cut.take()
    place = where(sound)
    cut_off(clip, left=20, right=20)
    ask(cut, goal=cut.addon.job.Goal("replace", sound["foley_uid"]), seed=8)
    cut.finish()
    assert where(sound)[:2] == place[:2]
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
    (left,) = cut.jobs.unplaced
    assert left.reason.endswith("[sound_gone]")
    cut.select(clip)
    bpy.ops.foley.insert(path=left.path)
    sound = cut.take()
    assert cut.jobs.unplaced == []
    assert where(sound)[:2] == where(clip)[:2]
    assert record(sound)["seed"] == "8"


def test_a_take_without_a_picture_is_inserted_at_the_playhead(cut, film):
    clip = cut.place(film, trim=12, frames=40)
    ask(cut)
    cut.strips.remove(clip)
    cut.finish()
    (left,) = cut.jobs.unplaced
    cut.scene.frame_set(77)
    bpy.ops.foley.insert(path=left.path)
    assert where(cut.take())[:2] == (77, 117)
    with pytest.raises(RuntimeError, match="no_such_take"):
        bpy.ops.foley.insert(path=left.path)


def test_a_take_is_deleted_with_its_files(cut, film):
    cut.place(film)
    ask(cut, takes=2, place="layers")
    cut.finish()
    sound = cut.sounds[0]
    cut.select(sound)
    (other,) = record(sound)["others"]
    files = [Path(path) for path in (other["take"]["path"], *other["take"]["stems"].values())]
    assert all(path.is_file() for path in files)
    bpy.ops.foley.delete_take(index=0)
    assert not any(path.exists() for path in files)
    assert [record(strip)["others"] for strip in cut.sounds] == [[], [], []]
    assert all(plays(strip).is_file() for strip in cut.sounds)


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


def test_a_take_is_played_from_its_beginning(cut, film):
    cut.place(film, start=31)
    ask(cut)
    cut.select(cut.take())
    screen = bpy.context.window_manager.windows[0].screen
    with cut.over_timeline():
        bpy.ops.foley.audition()
        assert cut.scene.frame_current == 31
        assert screen.is_animation_playing
        bpy.ops.foley.audition()
        assert screen.is_animation_playing
        bpy.ops.screen.animation_play()


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


@pytest.fixture
def flashes(cut, tmp_path):
    """A film of eight seconds at frame 11, and its sound, which is selected; gives its flashes in samples."""
    frames = [20, 60, 90, 110, 150]
    path, _, times = draw_film(tmp_path / "flash", rate="24", seconds=8, flashes=frames)
    cut.place(path)
    ask(cut, seed=7)
    cut.select(cut.take())
    return [float(Fraction(time) * 48_000) for time in times]


def choose(cut, first, last):
    cut.scene.use_preview_range = True
    cut.scene.frame_preview_start, cut.scene.frame_preview_end = first, last


def heard(cut, first, after):
    """Positions and signs of the clicks, from one frame of the timeline to before another."""
    cut.scene.use_preview_range = False
    mix = cut.mix()
    ends = [cut.sample_of(frame, 24) for frame in (first, after)]
    return [(at, mix[at]) for at in clicks(mix) if ends[0] <= at < ends[1]]


def test_a_part_is_made_anew_between_neighbours_that_stay(cut, flashes):
    before = heard(cut, 1, 250)
    choose(cut, 11 + 50, 11 + 129)
    bpy.ops.foley.region()
    cut.finish()
    left, new, right = parts(cut)
    assert (where(left).start, where(right).end) == (11, 11 + 192)
    assert (where(new).start, where(right).start) == (11 + 50 - 3, 11 + 130)
    assert where(new).end == 11 + 130 + 3 + 2
    assert new.channel != left.channel == right.channel
    assert record(new)["seed"] != "7" == record(left)["seed"] == record(right)["seed"]
    after = heard(cut, 1, 250)
    start = cut.sample_of(11, 24)
    assert [at - start for at, _ in after] == pytest.approx(flashes, abs=3)
    assert [level for _, level in (after[0], after[-1])] == [before[0][1], before[-1][1]]
    assert [abs(level) for _, level in after] == pytest.approx([abs(before[0][1])] * 5, rel=1e-3)
    new.mute = True
    assert [at - start for at, _ in heard(cut, 1, 250)] == pytest.approx([flashes[0], flashes[4]], abs=3)


def test_neighbours_and_new_part_cross_fade_at_equal_power(cut, flashes):
    cut.sounds[0].volume = 0.5
    choose(cut, 11 + 50, 11 + 129)
    bpy.ops.foley.region()
    cut.finish()
    left, new, right = parts(cut)
    for frame in range(11 + 50 - 5, 11 + 130 + 6):
        cut.scene.frame_set(frame)
        playing = [
            strip.volume for strip in (left, new, right) if where(strip).start <= frame < where(strip).end
        ]
        assert sum(volume**2 for volume in playing) == pytest.approx(0.25, abs=1e-4)
    cut.scene.frame_set(11 + 52)
    assert left.volume == pytest.approx(0, abs=1e-6)


def test_a_part_at_the_beginning_has_one_neighbour(cut, flashes):
    choose(cut, 1, 11 + 69)
    bpy.ops.foley.region()
    cut.finish()
    new, right = parts(cut)
    assert (where(new).start, where(right).start) == (11, 11 + 70)
    assert len(heard(cut, 1, 250)) == len(flashes)


def test_a_part_lies_between_two_selected_markers(cut, flashes):
    for frame in (140, 100):
        cut.scene.timeline_markers.new("Here", frame=frame).select = True
    bpy.ops.foley.region()
    cut.finish()
    _, new, right = parts(cut)
    assert (where(new).start, where(right).start) == (97, 140)


def test_stems_and_new_parts_are_connected_to_the_picture(cut, film):
    clip = cut.place(film)
    if not hasattr(clip, "connections"):
        pytest.skip("connections cannot be read before Blender 5.2")
    with cut.over_timeline():
        ask(cut, place="layers", layers=("hits", "ambience"))
        hits, ambience = cut.finish()
        assert {strip.name for strip in clip.connections} == {hits.name, ambience.name}
        cut.select(hits)
        choose(cut, 50, 79)
        bpy.ops.foley.region()
        cut.finish()
    joined = {strip.name for strip in clip.connections}
    assert {strip.name for strip in cut.sounds if where(strip).start in (11, 47)} <= joined


def test_a_part_of_every_layer_is_made_anew(cut, film):
    cut.place(film)
    ask(cut, place="layers")
    cut.finish()
    cut.select(cut.sounds[0])
    choose(cut, 50, 79)
    bpy.ops.foley.region()
    assert len(cut.finish()) == 9
    for layer in ("hits", "movement", "ambience"):
        strips = [strip for strip in parts(cut) if record(strip)["layer"] == layer]
        assert [where(strip).start for strip in strips] == [11, 47, 80]


@pytest.mark.parametrize(
    ("span", "code"), [(None, "no_region"), ((300, 310), "bad_region"), ((1, 400), "whole_region")]
)
def test_what_is_no_part_of_the_sound_is_said(cut, flashes, span, code):
    if span:
        choose(cut, *span)
    with pytest.raises(RuntimeError, match=code):
        bpy.ops.foley.region()
    assert len(cut.sounds) == 1


def test_a_sound_that_was_trimmed_away_meanwhile_keeps_its_rest(cut, flashes):
    (sound,) = cut.sounds
    choose(cut, 61, 100)
    bpy.ops.foley.region()
    cut_off(sound, left=150)
    place = where(sound)
    cut.finish()
    assert [where(strip) for strip in cut.sounds] == [place]
    (left,) = cut.jobs.unplaced
    assert left.reason.endswith("[region_gone]")


def test_what_is_meant_must_be_clear(cut, film):
    clip = cut.place(film)
    with pytest.raises(RuntimeError, match="no_take"):
        bpy.ops.foley.choose_take(index=0)
    for _ in range(2):
        ask(cut)
    cut.finish()
    cut.select(clip)
    with pytest.raises(RuntimeError, match="many_takes"):
        bpy.ops.foley.choose_take(index=0)


def test_the_takes_are_listed_with_what_can_be_done_with_them(cut, film):
    cut.place(film)
    ask(cut, prompt="flash", takes=2, seed=7)
    cut.select(cut.take())
    drawn = Drawn()
    cut.addon.takes_panel.draw_takes(drawn, bpy.context)
    assert ("label", "Take 1: flash (seed 7)") in drawn.texts
    assert ("operator", "Take 2: flash (seed 8)") in drawn.texts
    listed = SimpleNamespace(layout=Drawn())
    cut.addon.takes_panel.FOLEY_MT_takes.draw(listed, bpy.context)
    cut.addon.takes_panel.draw_take_menu(listed, bpy.context)
    assert listed.layout.texts[:2] == [
        ("label", "Take 1: flash (seed 7)"),
        ("operator", "Take 2: flash (seed 8)"),
    ]
    assert ("menu", "FOLEY_MT_takes") in listed.layout.texts


def test_where_no_sound_is_active_no_take_is_listed(cut, film):
    cut.place(film)
    drawn = Drawn()
    cut.addon.takes_panel.draw_takes(drawn, bpy.context)
    assert drawn.texts == []
