"""A sound whose picture has changed says so, and is made anew for what is seen now, or fitted to it."""

import json
import shutil
from fractions import Fraction
from types import SimpleNamespace

import bpy
import pytest
from asked import ask, plays, record, regenerate
from cut import clicks, cut_off, draw_film, move, where
from drawn import Drawn

RATE = 24
FLASHES = [12, 30, 50, 70, 90, 110]


@pytest.fixture(scope="module")
def six(tmp_path_factory):
    return draw_film(tmp_path_factory.mktemp("six") / "six.mp4", rate="24", seconds=6, flashes=FLASHES)[0]


@pytest.fixture
def clip(stage, six):
    """A film of six seconds of which frames 40 to 80 are on the timeline, from frame 51 on."""
    return stage.place(shutil.copy(six, stage.folder), trim=40, frames=40)


@pytest.fixture
def sound(stage, clip):
    ask(stage, prompt="boots", handles=0.5)
    sound = stage.take()
    assert where(sound)[:2] == where(clip)[:2] == (51, 91)
    stage.select(sound)
    return sound


def slip(clip, frames):
    """Show what comes so many frames later in the film, between the same ends."""
    ends = where(clip)[:2]
    move(clip, -frames)
    cut_off(clip, left=where(clip).cut_left + frames, right=where(clip).cut_right - frames)
    assert where(clip)[:2] == ends


def told(stage):
    """What the tab says of the active sound, in one line."""
    drawn = Drawn()
    context = SimpleNamespace(
        **{name: getattr(bpy.context, name) for name in ("scene", "preferences")},
        region=SimpleNamespace(width=4_000),
        sequencer_scene=stage.scene,
    )
    stage.addon.ui.fit_ops.draw_change(drawn, context)
    return " ".join(text for kind, text in drawn.texts if kind == "label")


def entry(stage):
    """What the menu calls Regenerate."""
    told = stage.addon.ui.fit_ops.words_of_regenerate(bpy.context)
    return told.get("text", "foley.regenerate")


def hears(stage, clip, sound, flashes):
    """Whether each of these frames of the film is heard where the clip shows it, and no other."""
    starts = where(clip).start - where(clip).cut_left
    wanted = [stage.sample_of(starts + flash, RATE) for flash in flashes]
    return clicks(stage.mix()) == pytest.approx(wanted, abs=3)


def stretch(sound):
    cue = record(sound)["take"]["cue"]
    return Fraction(cue["in"]) * RATE, Fraction(cue["out"]) * RATE


def test_a_sound_whose_picture_is_as_it_was_says_nothing(stage, clip, sound):
    move(clip, 30)
    move(sound, 30)
    clip.name, clip.channel = "Other name", 5
    clip.transform.scale_x = clip.transform.scale_y = 0.5
    assert told(stage) == ""
    assert entry(stage) == "foley.regenerate"


def test_a_picture_that_was_extended_is_made_anew_as_it_is_now_and_the_sound_grows_with_it(
    stage, clip, sound
):
    sound.volume, sound.pan = 0.5, -0.25
    cut_off(clip, left=20, right=44)
    assert where(clip)[:2] == (31, 111)
    assert told(stage) == "Out of date. Its picture is 40 frames longer."
    assert entry(stage) == "Regenerate (out of date)…"
    stage.select(clip)
    assert entry(stage) == "Regenerate (out of date)…"
    regenerate(stage, seed=8)
    stage.finish()
    assert stretch(sound) == (20, 100)
    assert where(sound)[:2] == where(clip)[:2]
    assert (sound.volume, sound.pan) == (0.5, -0.25)
    assert hears(stage, clip, sound, [30, 50, 70, 90])
    assert told(stage) == ""
    assert len(record(sound)["others"]) == 1


def test_trims_of_the_user_s_own_stay_and_fades_go_with_the_ends(stage, clip, sound):
    cut_off(sound, left=where(sound).cut_left + 6)
    for frame, volume in ((57, 0.0), (63, 1.0), (70, 0.5), (85, 1.0), (91, 0.0)):
        sound.volume = volume
        sound.keyframe_insert("volume", frame=frame)
    cut_off(clip, left=30, right=50)
    bpy.ops.foley.new_take()
    stage.finish()
    assert where(sound)[:2] == (57, where(clip).end) == (57, 105)
    (curve,) = stage.addon.timeline.compat.curves(stage.scene)
    keys = [(round(point.co[0]), round(point.co[1], 2)) for point in curve.keyframe_points]
    assert keys == [(57, 0), (63, 1), (70, 0.5), (99, 1), (105, 0)]


def test_a_picture_that_was_trimmed_takes_the_sound_s_ends_with_it(stage, clip, sound):
    cut_off(clip, left=50)
    assert told(stage) == "Out of date. Its picture is 10 frames shorter."
    bpy.ops.foley.new_take()
    stage.finish()
    assert stretch(sound) == (50, 80)
    assert where(sound)[:2] == where(clip)[:2] == (61, 91)
    assert hears(stage, clip, sound, [50, 70])


@pytest.mark.parametrize("frames", [7, -25])
def test_a_picture_that_was_slipped_is_made_anew_in_sync(stage, clip, sound, frames):
    slip(clip, frames)
    count = f"{abs(frames)} frames"
    assert told(stage) == f"Out of date. Its picture was slipped by {count}."
    bpy.ops.foley.new_take()
    stage.finish()
    assert stretch(sound) == (40 + frames, 80 + frames)
    assert where(sound)[:2] == (51, 91)
    assert hears(stage, clip, sound, [f for f in FLASHES if 40 + frames <= f < 80 + frames])
    assert told(stage) == ""


def test_a_picture_that_was_retimed_is_rendered_and_made_anew(stage, clip, sound):
    clip.use_reverse_frames = True
    assert told(stage) == "Out of date. Its picture is timed differently."
    media = record(sound)["take"]["cue"]["media"]
    bpy.ops.foley.new_take()
    stage.finish()
    assert record(sound)["take"]["cue"]["media"] != media
    assert where(sound)[:2] == (51, 91)
    mirrored = [143 - flash for flash in FLASHES]
    assert hears(stage, clip, sound, sorted(f for f in mirrored if 40 <= f < 80))
    assert told(stage) == ""


def test_a_picture_that_was_graded_is_rendered_and_made_anew(stage, clip, sound):
    clip.color_multiply = 0.8
    assert told(stage) == "Out of date. Its picture looks different."
    bpy.ops.foley.new_take()
    stage.finish()
    assert stretch(sound) == (0, 40)
    assert hears(stage, clip, sound, [50, 70])
    stage.select(sound)
    assert bpy.ops.foley.choose_take(index=0) == {"FINISHED"}
    assert stretch(sound) == (40, 80)
    assert hears(stage, clip, sound, [50, 70])


def test_a_rendered_picture_that_was_extended_is_rendered_and_made_anew(stage, clip):
    clip.color_multiply = 0.8
    ask(stage)
    sound = stage.take()
    stage.select(sound)
    assert told(stage) == ""
    footage = stage.folder / "foley" / "footage"
    bpy.ops.foley.new_take()
    stage.finish()
    assert len(list(footage.iterdir())) == 1, "what did not change is not rendered twice"
    cut_off(clip, left=20)
    assert told(stage) == "Out of date. Its picture is 20 frames longer."
    bpy.ops.foley.new_take()
    stage.finish()
    assert stretch(sound) == (0, 60)
    assert where(sound)[:2] == where(clip)[:2] == (31, 91)
    assert hears(stage, clip, sound, [30, 50, 70])
    assert told(stage) == ""


def test_a_film_that_was_replaced_by_another_is_what_the_sound_is_made_for(stage, clip, sound, tmp_path):
    clip.filepath = draw_film(tmp_path / "other.mp4", rate="24", seconds=6, flashes=[45, 61])[0]
    assert told(stage) == "Out of date. Its picture plays another film."
    bpy.ops.foley.new_take()
    stage.finish()
    assert record(sound)["take"]["cue"]["media"].endswith("other.mp4")
    assert hears(stage, clip, sound, [45, 61])
    assert told(stage) == ""


def test_a_sound_whose_picture_is_gone_is_made_anew_for_what_it_was(stage, clip, sound):
    stage.strips.remove(clip)
    assert told(stage) == ""
    bpy.ops.foley.new_take()
    stage.finish()
    assert stretch(sound) == (40, 80)
    assert where(sound)[:2] == (51, 91)


def test_a_cut_changes_no_picture_and_each_half_is_made_for_its_own(stage, clip, sound):
    other, right = clip.split(frame=61, split_method="SOFT"), sound.split(frame=61, split_method="SOFT")
    for strip in (sound, right):
        stage.select(strip)
        said = told(stage)
        assert "longer" not in said
    before = plays(sound)
    stage.select(right)
    bpy.ops.foley.new_take()
    stage.finish()
    assert plays(sound) == before
    assert plays(right) != before
    assert stretch(right) == (50, 80)
    assert where(right)[:2] == where(other)[:2] == (61, 91)
    assert hears(stage, clip, sound, [50, 70])


def test_a_part_that_was_made_anew_is_not_out_of_date(stage, clip, sound):
    stage.scene.use_preview_range = True
    stage.scene.frame_preview_start, stage.scene.frame_preview_end = 65, 79
    bpy.ops.foley.region()
    assert len(stage.finish()) == 3
    for strip in stage.sounds:
        stage.select(strip)
        assert told(stage) == ""
    cut_off(clip, left=30)
    part = next(
        strip for strip in stage.sounds if record(strip)["job"] == strip["foley_uid"] != sound["foley_uid"]
    )
    lies = where(part)[:2]
    stage.select(part)
    bpy.ops.foley.new_take()
    stage.finish()
    assert where(part)[:2] == lies


def test_hits_of_markers_are_for_the_picture_as_it_is_now(stage, clip, sound):
    cut_off(clip, left=20)
    stage.scene.timeline_markers.new("Hit", frame=35)
    bpy.ops.foley.hits_from_markers()
    stage.finish()
    assert Fraction(24, RATE) in [Fraction(hit) for hit in record(sound)["hits"]]
    assert where(sound)[:2] == where(clip)[:2]


def test_fit_to_picture_moves_and_trims_the_sound_as_far_as_it_reaches(stage, clip, sound, capfd):
    file, others = plays(sound), record(sound)["others"]
    for frame, volume in ((51, 0.0), (57, 1.0), (85, 1.0), (91, 0.0)):
        sound.volume = volume
        sound.keyframe_insert("volume", frame=frame)
    move(clip, 100)
    cut_off(clip, left=35, right=40)
    assert bpy.ops.foley.fit_to_picture() == {"FINISHED"}
    assert "'boots' has no sound for 12 frames at its end: Regenerate makes it." in capfd.readouterr().out
    assert where(clip)[:2] == (146, 215)
    assert where(sound)[:2] == (146, 203)
    assert (plays(sound), record(sound)["others"]) == (file, others)
    assert not stage.queue.running
    (curve,) = stage.addon.timeline.compat.curves(stage.scene)
    assert [round(point.co[0]) for point in curve.keyframe_points] == [146, 152, 197, 203]
    assert told(stage) == "Out of date. Its picture is 12 frames longer."
    for point in list(curve.keyframe_points):
        point.co[1] = 1.0
    curve.update()
    assert hears(stage, clip, sound, [50, 70, 90])


def test_fit_to_picture_slips_the_sound_with_it(stage, clip, sound, capfd):
    slip(clip, 7)
    bpy.ops.foley.fit_to_picture()
    assert "'boots' fits its picture." in capfd.readouterr().out
    assert where(sound)[:2] == (51, 91)
    assert hears(stage, clip, sound, [50, 70])
    assert told(stage) == ""
    bpy.ops.foley.new_take()
    stage.finish()
    assert stretch(sound) == (47, 87)
    assert hears(stage, clip, sound, [50, 70])


def test_fit_to_picture_keeps_halves_of_a_cut_beside_each_other(stage, clip, sound):
    right = sound.split(frame=61, split_method="SOFT")
    cut_off(clip, left=36, right=60)
    stage.select(sound, right)
    bpy.ops.foley.fit_to_picture()
    assert (where(sound)[:2], where(right)[:2]) == ((47, 61), (61, 95))
    move(clip, 30)
    bpy.ops.foley.fit_to_picture()
    assert (where(sound)[:2], where(right)[:2]) == ((77, 91), (91, 125))
    assert sound.channel == right.channel
    assert hears(stage, clip, sound, [50, 70])


def test_what_cannot_be_fitted_is_said(stage, clip, sound):
    lies = where(sound)
    slip(clip, 64)
    with pytest.raises(RuntimeError, match=r"Use Regenerate. \[out_of_reach\]"):
        bpy.ops.foley.fit_to_picture()
    clip.use_reverse_frames = True
    with pytest.raises(RuntimeError, match=r"is timed differently.*\[picture_changed\]"):
        bpy.ops.foley.fit_to_picture()
    stage.strips.remove(clip)
    with pytest.raises(RuntimeError, match=r"\[no_picture\]"):
        bpy.ops.foley.fit_to_picture()
    assert where(sound) == lies


def test_a_sound_of_an_older_version_is_made_anew_as_it_was(stage, clip, sound):
    old = record(sound)
    del old["shown"]
    sound["foley_meta"] = json.dumps(old)
    cut_off(clip, left=20)
    assert told(stage) == ""
    with pytest.raises(RuntimeError, match=r"\[not_noted\]"):
        bpy.ops.foley.fit_to_picture()
    bpy.ops.foley.new_take()
    stage.finish()
    assert stretch(sound) == (40, 80)


def test_a_project_that_was_moved_with_its_film_is_not_out_of_date(stage, clip, sound, tmp_path):
    (tmp_path / "moved").mkdir()
    (tmp_path / "six.mp4").rename(tmp_path / "moved" / "six.mp4")
    clip.filepath = str(tmp_path / "moved" / "six.mp4")
    assert told(stage) == ""


def cross(stage, one, other):
    """Lay a cross-fade over where two films overlap."""
    known = stage.strips.bl_rna.functions["new_effect"].parameters
    start, end = where(other).start, where(one).end
    how = {"length": end - start} if "length" in known else {"frame_end": end}
    names = ("input1", "input2") if "input1" in known else ("seq1", "seq2")
    stage.strips.new_effect("Cross", "CROSS", 6, start, **how, **dict(zip(names, (one, other), strict=True)))


def test_a_cross_fade_at_its_end_is_no_change(stage, clip, sound, six):
    other = stage.strips.new_movie("Next", six, 5, 85)
    cross(stage, clip, other)
    assert told(stage) == ""
    clip.color_saturation = 0.2
    assert told(stage) == "Out of date. Its picture looks different."


def test_a_picture_of_several_strips_is_out_of_date_with_any_of_them(stage, clip, six):
    second = stage.strips.new_movie("Second", six, 1, 91)
    cut_off(second, right=144 - 20)
    stage.select(clip, second)
    stage.scene.sequence_editor.active_strip = clip
    ask(stage)
    sound = stage.take()
    stage.select(sound)
    assert where(sound)[:2] == (51, 111)
    assert told(stage) == ""
    stage.select(clip, second, sound)
    with stage.over_timeline():
        assert bpy.ops.sequencer.duplicate() == {"FINISHED"}
    copies = [strip for strip in stage.strips if strip.name.endswith(".001")]
    assert len(copies) == 3
    for copy in copies:
        move(copy, 300)
    stage.select(next(copy for copy in copies if copy.type == "SOUND"))
    assert told(stage) == ""
    stage.select(sound)
    cut_off(second, right=144 - 30)
    assert told(stage).startswith("Out of date. Its picture ")
    bpy.ops.foley.new_take()
    stage.finish()
    assert where(sound)[:2] == (51, 121)
    for copy in copies:
        stage.strips.remove(copy)
    assert hears(stage, clip, sound, [50, 70, 80 + 12])
    assert told(stage) == ""


def test_a_shot_that_is_partly_covered_is_not_out_of_date_and_follows_only_with_its_own_end(stage, clip, six):
    cover = stage.strips.new_movie("Cutaway", six, 2, 60)
    cut_off(cover, right=144 - 10)
    assert bpy.ops.foley.score(engine="impulse", channels="all") == {"FINISHED"}
    stage.until(lambda: not stage.queue.later and not stage.queue.running)
    ours = [strip for strip in stage.sounds if record(strip)["strip"] == clip["foley_uid"]]
    first, last = sorted(ours, key=lambda strip: where(strip).start)
    assert [where(strip)[:2] for strip in (first, last)] == [(51, 60), (70, 91)]
    for strip in (first, last):
        stage.select(strip)
        assert told(stage) == ""
    cut_off(clip, right=144 - 90)
    stage.select(first, last)
    bpy.ops.foley.new_take()
    stage.finish()
    assert [where(strip)[:2] for strip in (first, last)] == [(51, 60), (70, 101)]


def test_a_meta_strip_is_out_of_date_when_what_is_in_it_is_moved(stage, clip):
    with stage.over_timeline():
        assert bpy.ops.sequencer.meta_make() == {"FINISHED"}
    (meta,) = stage.strips
    stage.select(meta)
    ask(stage)
    sound = stage.take()
    stage.select(sound)
    assert told(stage) == ""
    move(meta, 10)
    move(sound, 10)
    assert told(stage) == ""
    clip = next(iter(meta.strips if hasattr(meta, "strips") else meta.sequences))
    slip(clip, 5)
    assert told(stage) == "Out of date. Its picture is timed differently."
    bpy.ops.foley.new_take()
    stage.finish()
    assert hears(stage, clip, sound, [50, 70])
    assert told(stage) == ""


def test_a_retimed_picture_that_is_only_moved_is_not_out_of_date(stage, clip, sound):
    stage.select(clip)
    with stage.over_timeline():
        assert bpy.ops.sequencer.retiming_segment_speed_set(speed=50.0) == {"FINISHED"}
    stage.select(sound)
    assert told(stage) == "Out of date. Its picture is timed differently."
    bpy.ops.foley.new_take()
    stage.finish()
    assert told(stage) == ""
    assert where(sound)[:2] == where(clip)[:2]
    move(clip, 40)
    move(sound, 40)
    assert told(stage) == ""
