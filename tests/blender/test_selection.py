"""What the selection is: a film sent as it is, a range of which a copy is rendered, or one clear message."""

from fractions import Fraction
from pathlib import Path

import bpy
import pytest
from cut import cut_off, draw_film, move, where

pytestmark = pytest.mark.each_blender


@pytest.fixture(scope="session")
def short(tmp_path_factory):
    """Two seconds at 24 frames per second, 320x180."""
    folder = tmp_path_factory.mktemp("short")
    return draw_film(folder / "short.mp4", rate="24", seconds=2, flashes=[20])[0]


@pytest.fixture
def stage(cut):
    """A project of the film's rate."""
    cut.set_rate(24)
    return cut


def selected(cut):
    return cut.addon.timeline.selection.picture(bpy.context)


def refused(cut, code):
    with pytest.raises(cut.addon.core.problem.Problem) as error:
        selected(cut)
    assert error.value.code == code
    return str(error.value)


def test_a_plain_clip_is_its_film_from_in_to_out(stage, short):
    clip = stage.place(short, trim=6, frames=30)
    picture = selected(stage)
    assert (picture.media, picture.film) == (short, short)
    assert (picture.first, picture.last) == (Fraction(6, 24), Fraction(36, 24))
    assert (picture.frames, picture.lead, picture.render) == (30, 0, None)
    assert picture.shows == (clip.name,)


def _nothing(cut, clip):
    pass


def _show_it_smaller(cut, clip):
    clip.transform.scale_x = clip.transform.scale_y = 0.5


def _fit_it_into_the_scene(cut, clip):
    clip.transform.scale_x = clip.transform.scale_y = 6.0


def _cover_it(cut, clip):
    cut.place_effect("COLOR", 4, *where(clip)[:2])
    cut.select(clip)


def _lay_it_over_another(cut, clip):
    move(cut.place(clip.filepath, channel=2), 10)
    clip.channel = 3
    cut.select(clip)


def _put_an_adjustment_layer_elsewhere(cut, clip):
    cut.place_effect("ADJUSTMENT", 4, where(clip).end, where(clip).end + 20)
    cut.select(clip)


def _animate_another(cut, clip):
    other = cut.place(clip.filepath, channel=2)
    other.keyframe_insert("blend_alpha", frame=20)
    cut.select(clip)


def _mute_its_effect(cut, clip):
    cut.place_effect("SPEED", 4, *where(clip)[:2], film=clip).mute = True
    cut.select(clip)


def _select_its_sound_too(cut, clip):
    sound = cut.folder / "sound.wav"
    bpy.ops.sound.mixdown(filepath=str(sound), container="WAV", codec="PCM", format="S16")
    heard = cut.strips.new_sound("Sound", str(sound), 5, 1)
    cut.select(clip, heard)


def _select_a_muted_one_too(cut, clip):
    other = cut.place(clip.filepath, channel=2)
    other.mute = True
    cut.select(clip, other)


PLAIN = [
    _nothing,
    _show_it_smaller,
    _fit_it_into_the_scene,
    _cover_it,
    _lay_it_over_another,
    _put_an_adjustment_layer_elsewhere,
    _animate_another,
    _mute_its_effect,
    _select_its_sound_too,
    _select_a_muted_one_too,
]


@pytest.mark.parametrize("change", PLAIN)
def test_what_does_not_change_a_clip_s_own_picture_leaves_it_plain(stage, short, change):
    clip = stage.place(short)
    change(stage, clip)
    picture = selected(stage)
    assert (picture.render, picture.media, picture.name) == (None, short, clip.name)


def test_a_clip_that_has_a_take_is_still_plain(stage, short):
    clip = stage.place(short)
    stage.generate(engine="faulty")
    stage.take()
    stage.select(clip)
    assert selected(stage).render is None


def _move_it_aside(cut, clip):
    clip.transform.offset_x = 40


def _turn_it(cut, clip):
    clip.transform.rotation = 0.5


def _stretch_it(cut, clip):
    clip.transform.scale_x = 2.0


def _show_a_part_of_it(cut, clip):
    clip.transform.scale_x = clip.transform.scale_y = 8.0


def _show_it_in_a_small_scene(cut, clip):
    cut.scene.render.resolution_x = cut.scene.render.resolution_y = 100


def _crop_it(cut, clip):
    clip.crop.min_x = 8


def _mirror_it(cut, clip):
    clip.use_flip_x = True


def _brighten_it(cut, clip):
    clip.color_multiply = 1.2


def _bleach_it(cut, clip):
    clip.color_saturation = 0.0


def _see_through_it(cut, clip):
    clip.blend_alpha = 0.5


def _deinterlace_it(cut, clip):
    clip.use_deinterlace = True


def _animate_it(cut, clip):
    clip.keyframe_insert("blend_alpha", frame=20)


def _drive_it(cut, clip):
    clip.driver_add("blend_alpha")


CHANGED = [
    _move_it_aside,
    _turn_it,
    _stretch_it,
    _show_a_part_of_it,
    _show_it_in_a_small_scene,
    _crop_it,
    _mirror_it,
    _brighten_it,
    _bleach_it,
    _see_through_it,
    _deinterlace_it,
    _animate_it,
    _drive_it,
]


@pytest.mark.parametrize("change", CHANGED)
def test_what_changes_a_clip_s_own_picture_has_it_rendered(stage, short, change):
    clip = stage.place(short, start=11, trim=4)
    change(stage, clip)
    picture = selected(stage)
    assert picture.render == (15, 58)
    assert (picture.media, picture.film) == ("", short)
    assert (picture.first, picture.last, picture.frames) == (0, Fraction(44, 24), 44)


def test_of_several_strips_the_active_one_or_else_the_leftmost_is_found_again(stage, short):
    late, early = stage.place(short, start=90, channel=1), stage.place(short, start=30, channel=2)
    stage.select(late, early)
    picture = selected(stage)
    assert (picture.name, picture.lead, picture.render) == (early.name, 0, (30, 137))
    stage.scene.sequence_editor.active_strip = late
    picture = selected(stage)
    assert (picture.name, picture.lead, picture.render) == (late.name, 60, (30, 137))
    assert picture.uid == late["foley_uid"]
    assert set(picture.shows) == {early.name, late.name}


def test_the_take_for_several_strips_begins_where_the_first_of_them_does(stage, short):
    late, early = stage.place(short, start=90, channel=1), stage.place(short, start=30, channel=2)
    stage.select(late, early)
    stage.scene.sequence_editor.active_strip = late
    stage.generate(engine="faulty", several="all")
    move(late, 7)
    move(early, 7)
    place = where(stage.take())
    assert (place.start, place.frames) == (37, 108)


def test_the_take_for_a_clip_that_an_undo_took_the_uid_from_is_still_placed(stage, short):
    clip = stage.place(short)
    clip.use_reverse_frames = True
    stage.generate(engine="faulty")
    del clip["foley_uid"]
    sound = stage.take()
    assert where(sound).start == where(clip).start
    assert stage.addon.timeline.sounds.over(stage.scene, clip) == [sound]


def test_a_clip_is_judged_by_the_film_that_it_plays_now(stage, short, tmp_path):
    """Which is another one than when it was placed, or another file of the same name."""
    film, other = tmp_path / "film.mp4", draw_film(tmp_path / "other.mp4", rate="25", seconds=3)[0]
    film.write_bytes(Path(short).read_bytes())
    clip = stage.place(film, frames=30)
    assert selected(stage).render is None
    clip.filepath = other
    assert selected(stage).render is not None
    clip.filepath = str(film)
    assert selected(stage).render is None
    film.write_bytes(Path(other).read_bytes())
    assert selected(stage).render is not None


def test_what_is_selected_inside_a_closed_meta_is_not_meant(stage, short):
    clip = stage.place(short)
    with stage.over_timeline():
        bpy.ops.sequencer.meta_make()
    clip.select = True
    meta = stage.scene.sequence_editor.active_strip
    assert selected(stage).shows == (meta.name,)
    meta.select = False
    assert "No strip" in refused(stage, "no_selection")


def test_a_muted_clip_channel_or_meta_is_refused(stage, short):
    clip = stage.place(short)
    clip.mute = True
    assert clip.name in refused(stage, "clip_muted")
    clip.mute = False
    stage.scene.sequence_editor.channels[clip.channel].mute = True
    refused(stage, "clip_muted")
    stage.scene.sequence_editor.channels[clip.channel].mute = False
    selected(stage)
    with stage.over_timeline():
        bpy.ops.sequencer.meta_make()
    stage.scene.sequence_editor.active_strip.mute = True
    refused(stage, "clip_muted")


def test_a_film_inside_a_meta_that_is_missing_is_refused(stage, short, tmp_path):
    gone = tmp_path / "gone.mp4"
    gone.write_bytes(Path(short).read_bytes())
    stage.place(gone)
    with stage.over_timeline():
        bpy.ops.sequencer.meta_make()
    gone.unlink()
    assert str(gone) in refused(stage, "media_missing")


def test_nothing_is_rendered_before_frame_zero_and_a_plain_clip_may_lie_there(stage, short):
    clip = stage.place(short, start=-20)
    assert selected(stage).render is None
    cut_off(clip, right=-3)
    assert "frame 0" in refused(stage, "before_zero")
