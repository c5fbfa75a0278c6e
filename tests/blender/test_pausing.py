"""The queue is paused and goes on: nothing is lost by it, whatever happens meanwhile."""

import bpy
import pytest
from cut import where
from drawn import Drawn
from test_job_files import open_another, open_project, records, save
from test_panel import texts
from test_score import lay_out, score


def pause(cut):
    """Pause, and wait until the backend has given back what waits."""
    assert bpy.ops.foley.pause() == {"FINISHED"}
    cut.until(lambda: not any(job.stage == "pausing" for job in cut.queue.running.values()))


def bar(cut):
    layout = Drawn()
    cut.addon.ui.progress_bar._draw(layout)
    return layout.texts


def test_what_is_being_made_ends_and_the_others_wait_until_the_queue_goes_on(cut, film):
    clips = lay_out(cut, film, 4)
    score(cut, prompt="slow 5", engine="faulty")
    cut.until(lambda: any(job.began_at for job in cut.queue.running.values()))
    pause(cut)
    assert len(cut.queue.held.jobs) == 3
    cut.finish()
    assert len(cut.sounds) == 1
    assert ("operator", "foley.resume") in bar(cut)
    assert "2 of 4, paused" in str(bar(cut))
    assert ("operator", "foley.resume") in texts(cut, "queue")
    assert bpy.ops.foley.resume() == {"FINISHED"}
    cut.until(lambda: not cut.queue.running and not cut.queue.held.jobs)
    assert sorted(where(sound)[:2] for sound in cut.sounds) == sorted(where(clip)[:2] for clip in clips)
    assert (cut.queue.failed, cut.queue.batches) == ({}, {})
    assert cut.queue.news.lines[-1] == "4 shots scored on Foley."


def test_what_is_asked_for_while_the_queue_is_paused_waits_too(cut, film):
    cut.place(film)
    pause(cut)
    bpy.ops.foley.generate(prompt="wood", engine="faulty")
    for _ in range(5):
        cut.queue.pump()
    assert len(cut.queue.held.jobs) == 1
    with pytest.raises(RuntimeError, match="on_its_way"):
        bpy.ops.foley.generate(prompt="metal", engine="faulty")
    bpy.ops.foley.resume()
    cut.until(lambda: len(cut.sounds) == 1)


def test_a_queue_that_goes_on_before_the_backend_has_answered_loses_nothing(cut, film):
    lay_out(cut, film, 3)
    score(cut, prompt="slow 5", engine="faulty")
    cut.until(lambda: any(job.began_at for job in cut.queue.running.values()))
    bpy.ops.foley.pause()
    bpy.ops.foley.resume()
    cut.until(lambda: not cut.queue.running and not cut.queue.held.jobs)
    assert len(cut.sounds) == 3


def test_a_paused_queue_outlasts_the_closing_of_its_file(cut, film, tmp_path):
    cut.place(film)
    pause(cut)
    bpy.ops.foley.generate(prompt="wood", engine="faulty")
    save(tmp_path / "project.blend")
    open_another(tmp_path)
    cut.queue.pump()
    assert cut.queue.held.jobs == {}
    assert not cut.queue.held.paused
    open_project(tmp_path / "project.blend")
    cut.queue.pump()
    assert cut.queue.held.paused
    assert len(cut.queue.held.jobs) == 1
    bpy.ops.foley.resume()
    cut.until(lambda: len(cut.sounds) == 1)
    assert records(tmp_path) == []


def test_a_picture_that_must_be_rendered_waits_unrendered(stage, short):
    stage.place(short, start=1).use_reverse_frames = True
    pause(stage)
    bpy.ops.foley.generate(prompt="wood", engine="faulty")
    stage.queue.pump()
    assert not list((stage.folder / "foley").glob("footage/*.mp4"))
    bpy.ops.foley.resume()
    stage.until(lambda: len(stage.sounds) == 1)


def test_what_waits_can_be_cancelled(cut, film):
    cut.place(film)
    pause(cut)
    for _ in range(3):
        bpy.ops.foley.generate(prompt="wood", engine="faulty", existing="beside")
    bpy.ops.foley.cancel(job=next(iter(cut.queue.held.jobs)))
    assert len(cut.queue.held.jobs) == 2
    bpy.ops.foley.cancel_all()
    cut.until(lambda: not cut.queue.held.jobs)
    assert records(cut.folder) == []
    assert not cut.queue.held.paused
