"""Copies of the timeline: every kind of selection is rendered with each frame in its place, nothing else."""

from fractions import Fraction

import bpy
import pytest
from cut import clicks, cut_off, draw_film, move, shorten, strips, where
from seen import look, rendered

pytestmark = pytest.mark.each_blender

FLASH, FRAMES = 20, 48


def _reverse(cut, clip):
    clip.use_reverse_frames = True
    return list(reversed(range(FRAMES)))


def _strobe(cut, clip):
    clip.strobe = 4
    return [number // 4 * 4 for number in range(FRAMES)]


def _hold_the_first_frame(cut, clip):
    cut_off(clip, left=-10)
    return [0] * 10 + list(range(FRAMES))


def _hold_the_last_frame(cut, clip):
    cut_off(clip, right=-10)
    return [*range(FRAMES), *[FRAMES - 1] * 10]


def _speed_up(cut, clip):
    effect = cut.place_effect("SPEED", 2, *where(clip)[:2], film=clip)
    cut.select(clip)
    effect.speed_control, effect.speed_factor = "MULTIPLY", 2.0
    return [min(2 * number, FRAMES - 1) for number in range(FRAMES)]


def _retime(cut, clip):
    with cut.over_timeline():
        bpy.ops.sequencer.retiming_segment_speed_set(speed=200.0)
    return [2 * number for number in range(where(clip).frames)]


def _change_the_scene_s_rate(cut, clip):
    cut.set_rate(30)
    return list(range(FRAMES))


def _trim_and_crop(cut, clip):
    cut_off(clip, left=7, right=9)
    clip.crop.max_y = 20
    return list(range(7, FRAMES - 9))


def _grade(cut, clip):
    clip.modifiers.new("Contrast", "BRIGHT_CONTRAST").contrast = 10.0
    return list(range(FRAMES))


def _put_into_a_meta(cut, clip):
    with cut.over_timeline():
        bpy.ops.sequencer.meta_make()
    return list(range(FRAMES))


def _blur(cut, clip):
    effect = cut.place_effect("GAUSSIAN_BLUR", 2, *where(clip)[:2], film=clip)
    cut.select(clip)
    effect.size_x = effect.size_y = 1.0
    return list(range(FRAMES))


def _select_the_effect(cut, clip):
    _blur(cut, clip)
    cut.select(next(one for one in cut.strips if one.channel == 2))
    return list(range(FRAMES))


def _put_an_adjustment_layer_above(cut, clip):
    layer = cut.place_effect("ADJUSTMENT", 3, *where(clip)[:2])
    layer.color_multiply = 0.9
    cut.select(clip)
    return list(range(FRAMES))


def _multiply_with_what_is_beneath(cut, clip):
    cut.place_effect("COLOR", 1, *where(clip)[:2])
    clip.channel, clip.blend_type = 2, "MULTIPLY"
    cut.select(clip)
    return list(range(FRAMES))


def _fade_in(cut, clip):
    clip.blend_alpha = 0.9
    clip.keyframe_insert("blend_alpha", frame=11)
    clip.blend_alpha = 1.0
    clip.keyframe_insert("blend_alpha", frame=20)
    return list(range(FRAMES))


CHANGES = [
    _reverse,
    _strobe,
    _hold_the_first_frame,
    _hold_the_last_frame,
    _speed_up,
    _retime,
    _change_the_scene_s_rate,
    _trim_and_crop,
    _grade,
    _put_into_a_meta,
    _blur,
    _select_the_effect,
    _put_an_adjustment_layer_above,
    _multiply_with_what_is_beneath,
    _fade_in,
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_no_plain_clip_is_rendered_frame_by_frame(stage, short, change):
    clip = stage.place(short)
    numbers = change(stage, clip)
    picture, path = rendered(stage)
    seen = look(path)
    rate = stage.scene.render.fps
    # Where it leaves frames out, Blender's own renders are off by up to two here and there.
    rounding = 2 if change in (_retime, _speed_up) else 0
    assert max(abs(a - b) for a, b in zip(seen.numbers, numbers, strict=True)) <= rounding
    assert seen.white == [at for at, number in enumerate(numbers) if number == FLASH]
    assert seen.times == [Fraction(at, rate) for at in range(len(numbers))]
    assert (picture.frames, picture.first, picture.last) == (
        len(numbers),
        0,
        Fraction(len(numbers), rate),
    )
    assert picture.render[0] == where(stage.addon.timeline.pictures.find(picture, same_file=False)).start
    assert not seen.sound


@pytest.mark.parametrize(
    ("fps", "base", "rate"),
    [(24, 1, "24"), (24, 1.001, "24000/1001"), (3, 0.1001, "30000/1001"), (60, 1.001, "60000/1001")],
)
def test_the_copy_of_a_clip_is_the_clip_frame_by_frame_at_its_exact_rate(stage, tmp_path, fps, base, rate):
    film = draw_film(tmp_path / "film", rate=rate, seconds=1, flashes=[15])[0]
    stage.set_rate(fps, base)
    clip = stage.place(film, trim=5)
    clip.color_saturation = 0.999
    _, path = rendered(stage)
    seen = look(path, source=film)
    assert (seen.rate, seen.size) == (Fraction(rate), [320, 180])
    assert seen.times == [at / Fraction(rate) for at in range(where(clip).frames)]
    assert [max(range(len(row)), key=row.__getitem__) for row in seen.psnr] == list(
        range(5, 5 + len(seen.psnr))
    )
    assert min(max(row) for row in seen.psnr) > 45


@pytest.mark.parametrize(("fps", "base", "rate"), [(24, 1, "24"), (3, 0.1001, "30000/1001")])
def test_a_clip_and_its_rendered_copy_are_heard_at_the_same_samples(stage, tmp_path, fps, base, rate):
    film = draw_film(tmp_path / "film", rate=rate, seconds=2, flashes=[20, 33])[0]
    stage.set_rate(fps, base)
    clip = stage.place(film, trim=7)
    stage.generate()
    plain = stage.take()
    heard = clicks(stage.mix())
    plain.mute = True
    clip.color_saturation = 0.999
    stage.select(clip)
    stage.generate(existing="beside")
    stage.finish()
    again = clicks(stage.mix())
    assert len(heard) == len(again) == 2
    assert max(abs(a - b) for a, b in zip(heard, again, strict=True)) <= 3


def test_several_strips_are_one_picture_from_the_first_to_the_last(stage, short):
    early = stage.place(short, start=20, channel=3)
    late = stage.place(short, start=80, channel=1)
    stage.select(late, early)
    stage.scene.sequence_editor.active_strip = late
    picture, path = rendered(stage)
    assert (picture.name, picture.lead, picture.render) == (late.name, 60, (20, 127))
    assert look(path).white == [FLASH, 60 + FLASH]


def test_a_transition_shows_both_its_clips(stage, short):
    first, second = stage.place(short, start=1, channel=1), stage.place(short, start=31, channel=2)
    known = stage.strips.bl_rna.functions["new_effect"].parameters
    names = ("input1", "input2") if "input1" in known else ("seq1", "seq2")
    how = {"length": 18} if "length" in known else {"frame_end": 49}
    stage.strips.new_effect("Cross", "CROSS", 3, 31, **{names[0]: first, names[1]: second}, **how)
    stage.select(first)
    _, path = rendered(stage)
    seen = look(path)
    assert seen.white == [FLASH]
    assert seen.numbers[:30] == list(range(30))


def test_what_covers_a_clip_without_being_part_of_it_is_not_seen(stage, short):
    clip = stage.place(short)
    stage.place_effect("COLOR", 4, *where(clip)[:2])
    title = stage.place_effect("TEXT", 5, *where(clip)[:2])
    title.text = "FOLEY"
    clip.use_reverse_frames = True
    stage.select(clip)
    _, path = rendered(stage)
    assert look(path).numbers == list(reversed(range(FRAMES)))


def test_an_adjustment_layer_alone_is_what_lies_beneath_it(stage, short):
    clip = stage.place(short)
    layer = stage.place_effect("ADJUSTMENT", 3, where(clip).start + 5, where(clip).end)
    stage.select(layer)
    _, path = rendered(stage)
    assert look(path).numbers == list(range(5, FRAMES))


def test_a_clip_in_an_open_meta_is_rendered(stage, short):
    clip = stage.place(short)
    clip.use_reverse_frames = True
    with stage.over_timeline():
        bpy.ops.sequencer.meta_make()
        bpy.ops.sequencer.meta_toggle()
    (inner,) = strips(stage.scene.sequence_editor.meta_stack[0])
    stage.select(inner)
    picture, path = rendered(stage)
    assert picture.name == inner.name
    assert look(path).numbers == list(reversed(range(FRAMES)))
    assert len(stage.scene.sequence_editor.meta_stack) == 1


def test_a_scene_strip_is_rendered(stage, short):
    stage.place(short)
    outer = bpy.data.scenes.new("Outer")
    outer.render.resolution_x, outer.render.resolution_y = 320, 180
    inner, stage_strips = stage.scene, outer.sequence_editor_create()
    strip = strips(stage_strips).new_scene("Inner", inner, 1, 5)
    strip.scene_input = "SEQUENCER"
    inner.frame_start, inner.frame_end = 11, 58
    cut_off(strip, left=0, right=where(strip).frames - FRAMES)
    copy = stage.addon.jobs.rendering.begin(stage.addon.timeline.pictures.picture_of(outer, [strip]))
    assert look(copy.poll()).white == [FLASH]


@pytest.fixture
def without_camera():
    """Scenes for which Blender refuses a render in a window; without one it asks for no camera."""
    refused = []

    def ask(scene, *_more):
        for strip in strips(scene.sequence_editor):
            shows = strip.scene if strip.type == "SCENE" and strip.scene_input == "CAMERA" else None
            if shows is not None and not (strip.scene_camera or shows.camera):
                refused.append(shows.name)

    bpy.app.handlers.render_init.append(ask)
    yield refused
    bpy.app.handlers.render_init.remove(ask)


@pytest.mark.parametrize(("channel", "start"), [(1, 11), (4, 11), (3, 500)])
def test_a_scene_without_a_camera_that_is_no_part_of_the_picture_hinders_nothing(
    stage, short, without_camera, channel, start
):
    other = stage.strips.new_scene("Title", bpy.data.scenes.new("Other"), channel, start)
    clip = stage.place(short, channel=2)
    clip.use_reverse_frames = True
    _, path = rendered(stage)
    assert without_camera == []
    assert look(path).numbers == list(reversed(range(FRAMES)))
    assert (other.scene.name, other.scene_input, other.mute) == ("Other", "CAMERA", False)


@pytest.mark.parametrize("inside", [False, True])
def test_a_picture_that_shows_a_scene_without_a_camera_says_which(stage, inside):
    owner = stage.strips.new_meta("Meta", 1, 11) if inside else stage.scene.sequence_editor
    strip = strips(owner).new_scene("Title", bpy.data.scenes.new("Other"), 1, 11)
    shorten(strip, 10)
    stage.select(stage.strips[0])
    bpy.ops.foley.generate(engine="impulse")
    stage.until(lambda: not stage.queue.running)
    assert "The scene 'Other', which 'Title' shows, has no camera." in stage.queue.problem
    assert stage.queue.problem.endswith("[no_camera]")
    assert {scene.name for scene in bpy.data.scenes} == {"Scene", "Other"}


def test_an_effect_shows_a_muted_scene_which_must_have_a_camera(stage, short):
    clip = stage.place(short, channel=1)
    title = stage.strips.new_scene("Title", bpy.data.scenes.new("Other"), 2, 11)
    shorten(title, FRAMES)
    title.mute = True
    stage.place_effect("CROSS", 3, *where(clip)[:2], clip, title)
    stage.select(clip)
    copy = stage.addon.jobs.rendering.begin(stage.addon.timeline.selection.picture(bpy.context))
    with pytest.raises(stage.addon.core.problem.Problem, match="no_camera"):
        copy.poll()


def test_image_strips_are_rendered(stage, tmp_path):
    for number in range(1, 25):
        image = bpy.data.images.new("Image", 320, 180)
        image.generated_color = (1, 1, 1, 1) if number == 10 else (0.1, 0.1, 0.1, 1)
        image.filepath_raw, image.file_format = str(tmp_path / f"{number:03}.png"), "PNG"
        image.save()
    strip = stage.strips.new_image("Images", str(tmp_path / "001.png"), 1, 11)
    for number in range(2, 25):
        strip.elements.append(f"{number:03}.png")
    shorten(strip, 24)
    stage.select(strip)
    _, path = rendered(stage)
    assert look(path).white == [9]


def test_strips_that_were_moved_meanwhile_are_rendered_where_they_are_now(stage, short):
    clip = stage.place(short)
    clip.use_reverse_frames = True
    copy = stage.addon.jobs.rendering.begin(stage.addon.timeline.selection.picture(bpy.context))
    move(clip, 100)
    assert look(copy.poll()).numbers == list(reversed(range(FRAMES)))


def _plainly(thing, deep=2):
    """All that Blender says of a thing, as far as it can be compared."""
    said = {}
    for prop in thing.bl_rna.properties:
        value = getattr(thing, prop.identifier)
        if prop.type in {"BOOLEAN", "INT", "FLOAT", "STRING", "ENUM"}:
            said[prop.identifier] = list(value) if getattr(prop, "is_array", False) else value
        elif prop.type == "POINTER" and deep and value is not None and prop.identifier != "rna_type":
            said[prop.identifier] = _plainly(value, deep - 1)
    return said


@pytest.mark.filterwarnings("ignore:.*removed in Blender:DeprecationWarning")
def test_the_user_s_scene_is_left_as_it_was(stage, short):
    clip = stage.place(short)
    other = stage.place(short, channel=4)
    stage.select(clip)
    clip["foley_uid"] = "known"
    clip.use_reverse_frames = True
    scene = stage.scene
    scene.frame_set(17)
    view = bpy.context.preferences.view
    parts = [scene.render, scene.view_settings, clip, other, view]

    def state():
        names = [one.name for one in bpy.data.scenes], len(bpy.data.movieclips), len(bpy.data.actions)
        numbers = scene.frame_current, scene.frame_start, scene.frame_end, scene.frame_step
        active = scene.sequence_editor.active_strip.name, bpy.context.scene.name, bpy.data.is_dirty
        return names, numbers, active, [_plainly(part) for part in parts]

    before = state()
    assert "filepath" in before[-1][0]
    rendered(stage)
    assert state() == before


@pytest.mark.parametrize("size", [(321, 181), (1920, 1080), (1998, 1080), (641, 99), (35, 3001)])
def test_a_scene_of_odd_size_becomes_a_film_with_even_sides(stage, short, size):
    render = stage.scene.render
    render.resolution_x, render.resolution_y = size
    percent = stage.addon.timeline.scene_copy.percentage(*size)
    sides = [side * percent // 100 for side in size]
    assert all(side % 2 == 0 and side >= 16 for side in sides)
    if size == (321, 181):
        clip = stage.place(short)
        clip.use_reverse_frames = True
        _, path = rendered(stage)
        seen = look(path)
        assert (seen.size, seen.white) == (sides, [FRAMES - 1 - FLASH])
