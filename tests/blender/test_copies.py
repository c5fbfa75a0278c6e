"""Copies of the timeline as jobs: one at a time, cancelled, begun again, and gone without a trace."""

import shutil

import bpy
import pytest
from seen import look, rendered

pytestmark = pytest.mark.each_blender

FRAMES = 48


def test_the_same_picture_gives_the_same_file_and_another_one_another(stage, short, tmp_path):
    clip = stage.place(short)
    clip.use_reverse_frames = True
    _, first = rendered(stage)
    _, again = rendered(stage)
    clip.strobe = 3
    _, other = rendered(stage)
    assert first == again != other
    assert sorted(map(str, (tmp_path / "foley" / "footage").iterdir())) == sorted([first, other])


def test_a_second_copy_waits_until_the_first_is_there(stage, short):
    clip = stage.place(short)
    clip.use_reverse_frames = True
    picture = stage.addon.timeline.selection.picture(bpy.context)
    first, second = (stage.addon.jobs.rendering.begin(picture) for _ in range(2))
    polled = []

    def meanwhile(*_scene):
        polled.append(second.poll())

    bpy.app.handlers.render_pre.append(meanwhile)
    path = first.poll()
    bpy.app.handlers.render_pre.remove(meanwhile)
    assert polled == [None] * FRAMES
    assert second.poll() == path


def test_a_copy_that_is_cancelled_is_not_made(stage, short, tmp_path):
    clip = stage.place(short)
    clip.use_reverse_frames = True
    copy = stage.addon.jobs.rendering.begin(stage.addon.timeline.selection.picture(bpy.context))
    copy.cancel()
    assert copy.poll() is None
    assert not (tmp_path / "foley" / "footage").exists()
    assert len(bpy.data.scenes) == 1
    rendered(stage)


def test_a_job_whose_copy_is_cancelled_is_off_the_list(stage, short):
    stage.place(short).use_reverse_frames = True
    job = stage.generate()
    bpy.ops.foley.cancel(job=job)
    assert stage.finish() == []
    assert not stage.queue.failed


def test_a_copy_that_cannot_be_written_is_said_so_and_leaves_nothing(stage, short, tmp_path):
    stage.place(short).use_reverse_frames = True
    copy = stage.addon.jobs.rendering.begin(stage.addon.timeline.selection.picture(bpy.context))
    place = tmp_path / "foley" / "footage"

    def block(*_scene):
        shutil.rmtree(place)
        place.write_text("in the way")

    bpy.app.handlers.render_init.append(block)
    with pytest.raises(stage.addon.core.problem.Problem, match=r"\[render_failed\]"):
        copy.poll()
    bpy.app.handlers.render_init.remove(block)
    assert len(bpy.data.scenes) == 1
    with pytest.raises(stage.addon.core.problem.Problem, match=r"\[output_denied\]"):
        rendered(stage)
    place.unlink()
    rendered(stage)


def test_a_render_that_an_undo_ended_is_begun_again(stage, short, tmp_path):
    stage.place(short).use_reverse_frames = True
    copy = stage.addon.jobs.rendering.begin(stage.addon.timeline.selection.picture(bpy.context))

    def lose(*_scene):
        bpy.app.handlers.render_complete.remove(lose)
        (film,) = (tmp_path / "foley" / "footage").iterdir()
        film.write_bytes(b"")
        stage.addon.jobs.rendering.tidy()

    bpy.app.handlers.render_complete.append(lose)
    assert copy.poll() is None
    assert len(bpy.data.scenes) == 1
    assert look(copy.poll()).numbers == list(reversed(range(FRAMES)))


def test_a_job_whose_strip_is_gone_before_its_turn_fails_and_nothing_is_rendered(stage, short):
    clip = stage.place(short)
    clip.use_reverse_frames = True
    stage.generate()
    stage.strips.remove(clip)
    assert stage.finish() == []
    assert stage.queue.problem.endswith("[clip_gone]")
    assert len(bpy.data.scenes) == 1


def test_a_copy_of_the_scene_that_an_undo_brought_back_is_taken_away(stage, short, tmp_path):
    clip = stage.place(short)
    for number in range(2):
        film = str(tmp_path / "never.mp4")
        copy = stage.addon.timeline.scene_copy.make(stage.scene, [clip.name], (11, 20), film)
        copy.use_fake_user = True  # What an undo brings back has a user, and is saved with the file.
        assert len(bpy.data.scenes) == 2
        if number:
            bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "with.blend"))
            bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "with.blend"))
        else:
            for tidy in [done for done in bpy.app.handlers.undo_post if done.__name__ == "tidy"]:
                tidy(stage.scene)
        assert len(bpy.data.scenes) == 1
