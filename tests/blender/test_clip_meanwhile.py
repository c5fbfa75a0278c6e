"""Whatever becomes of a clip while its take is being made: the take comes where it belongs, or waits."""

import shutil
from fractions import Fraction

import bpy
import pytest
from cut import cut_off, move, shorten, strips, where
from meanwhile import FLASHES, clip_of, hears_the_flashes, inserted, record_files, retried, waiting


def delete(cut, clip):
    cut.strips.remove(clip)


def delete_scene(cut, clip):
    elsewhere(cut, clip)
    bpy.data.scenes.remove(bpy.data.scenes["Scene"])


def elsewhere(cut, clip):
    """Cut the clip, and paste it in another scene."""
    film, start = clip.filepath, where(clip).start
    cut.strips.remove(clip)
    other = bpy.data.scenes.new("Elsewhere")
    if hasattr(bpy.context, "sequencer_scene"):
        bpy.context.workspace.sequencer_scene = other
    bpy.context.window.scene = other
    cut.place(film, start=start)


@pytest.mark.parametrize("change", [delete, elsewhere, delete_scene])
def test_a_clip_that_is_not_in_its_scene_any_more_leaves_its_take_to_be_inserted(cut, film, change):
    clip = cut.place(film)
    cut.generate()
    change(cut, clip)
    left = waiting(cut, "clip_gone")
    cut.select()
    if cut.scene.name == "Elsewhere":
        cut.select(clip_of(cut))
    else:
        cut.scene.frame_set(11)
    assert where(inserted(cut, left))[:2] == (11, 107)
    assert hears_the_flashes(cut, 11)


def rename(cut, clip):
    clip.name = "Übergang/\"1\" 'x' 🎬"


def rename_scene(cut, clip):
    cut.scene.name = "Szene 2"


def into_a_meta(cut, clip):
    with cut.over_timeline():
        assert bpy.ops.sequencer.meta_make() == {"FINISHED"}


def mute(cut, clip):
    clip.mute = True


def mute_channel(cut, clip):
    cut.scene.sequence_editor.channels[clip.channel].mute = True


def lock_channel(cut, clip):
    cut.scene.sequence_editor.channels[clip.channel].lock = True


def mute_target(cut, clip):
    cut.scene.sequence_editor.channels[2].mute = True


def lock_target(cut, clip):
    cut.scene.sequence_editor.channels[2].lock = True


def fill_target(cut, clip):
    cut.place_effect("COLOR", 2, 1, 300)


def blade(cut, clip):
    clip.split(frame=60, split_method="SOFT")


def blade_and_delete_the_left(cut, clip):
    right = clip.split(frame=60, split_method="SOFT")
    assert right["foley_uid"] == clip["foley_uid"]
    cut.strips.remove(clip)


def trim(cut, clip):
    cut_off(clip, left=25)
    shorten(clip, 40)


def duplicate(cut, clip):
    other = cut.strips.new_movie("Clip.001", clip.filepath, 1, 400)
    other["foley_uid"] = clip["foley_uid"]


def another_film(cut, clip):
    shutil.copy(bpy.path.abspath(clip.filepath), cut.folder / "other film.mp4")
    clip.filepath = str(cut.folder / "other film.mp4")


def lift(cut, clip):
    clip.channel = 7


CHANGES = [rename, rename_scene, mute, mute_channel, lock_channel, mute_target, lock_target, fill_target]
CHANGES += [blade, blade_and_delete_the_left, trim, duplicate, another_film, lift, into_a_meta]


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_becomes_of_the_clip_its_take_is_in_sync_and_above_it(cut, film, change):
    clip = cut.place(film)
    cut.generate()
    change(cut, clip)
    cut.finish()
    assert cut.queue.problem == ""
    meta = next((strip for strip in cut.strips if strip.type == "META"), None)
    (sound,) = [strip for strip in strips(meta) if strip.type == "SOUND"] if meta else cut.sounds
    assert where(sound)[:2] == (11, 107)
    channels = (meta or cut.scene.sequence_editor).channels
    assert not channels[sound.channel].mute
    assert not channels[sound.channel].lock
    assert all(strip.channel < sound.channel for strip in cut.strips if strip.type == "MOVIE")
    for number in range(1, 128):
        cut.scene.sequence_editor.channels[number].mute = False
    assert hears_the_flashes(cut, 11)
    assert record_files(cut.folder) == []


def test_a_clip_that_was_moved_and_trimmed_and_split_gets_a_take_in_sync(cut, film):
    clip = cut.place(film, trim=12, frames=60)
    cut.generate()
    move(clip, 100)
    right = clip.split(frame=150, split_method="SOFT")
    cut_off(clip, left=20)
    sound = cut.take()
    assert where(sound)[:2] == (11 + 12 + 100, 11 + 12 + 100 + 60)
    assert right.name != clip.name
    assert hears_the_flashes(cut, 111, flashes=[30, 50])


def test_a_scene_that_runs_at_another_rate_meanwhile_gets_the_take_at_the_clip(cut, film):
    clip = cut.place(film)
    cut.generate()
    cut.set_rate(25)
    sound = cut.take()
    assert where(sound).start == where(clip).start
    assert where(sound).frames == 100
    assert hears_the_flashes(cut, 11, rate=25, flashes=[Fraction(flash * 25, 24) for flash in FLASHES])


@pytest.mark.parametrize("change", [mute, mute_channel])
def test_a_changed_clip_that_is_muted_before_its_copy_is_rendered_is_not_scored_as_black(cut, film, change):
    small(cut)
    clip = cut.place(film)
    clip.use_reverse_frames = True
    cut.generate()
    change(cut, clip)
    cut.finish()
    assert cut.queue.problem.endswith("[clip_muted]")
    clip.mute = cut.scene.sequence_editor.channels[1].mute = False
    retried(cut)
    assert hears_the_flashes(cut, 11, flashes=[95 - flash for flash in reversed(FLASHES)])


def small(cut):
    """Renders are small, and soon done."""
    cut.scene.render.resolution_x, cut.scene.render.resolution_y = 320, 180


def rename_scene_and_more(cut, clip):
    rename(cut, clip)
    rename_scene(cut, clip)


@pytest.mark.parametrize("change", [rename_scene_and_more, lift, blade_and_delete_the_left])
def test_a_clip_to_be_rendered_is_found_again_too(cut, film, change):
    small(cut)
    clip = cut.place(film, frames=96)
    clip.color_multiply = 0.9
    cut.generate(engine="faulty")
    change(cut, clip)
    cut.finish()
    assert cut.queue.problem == ""
    assert where(cut.take())[:2] == (11, 107)
