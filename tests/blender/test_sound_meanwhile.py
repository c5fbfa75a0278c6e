"""Sounds cut, renders, and files lost while a take is being made."""

import shutil
import time
from pathlib import Path

import bpy
import pytest
from cut import PATIENCE, draw_film, move, where
from meanwhile import FLASHES, clip_of, hears_the_flashes, inserted, record_files, retried, waiting


@pytest.fixture
def sounding(cut, film):
    """A clip with a take, which is selected."""
    cut.place(film)
    cut.generate()
    cut.select(cut.take())
    return cut


def ask_for_a_part(cut):
    cut.scene.use_preview_range = True
    cut.scene.frame_preview_start, cut.scene.frame_preview_end = 51, 70
    assert bpy.ops.foley.region() == {"FINISHED"}


def ask_for_all(cut):
    assert bpy.ops.foley.new_take() == {"FINISHED"}


@pytest.mark.parametrize("ask", [ask_for_all, ask_for_a_part])
def test_a_sound_deleted_meanwhile_leaves_its_new_take_to_be_inserted(sounding, ask):
    ask(sounding)
    sounding.strips.remove(sounding.sounds[0])
    left = waiting(sounding, "sound_gone")
    sounding.select(clip_of(sounding))
    assert where(inserted(sounding, left)).start == 11


@pytest.mark.parametrize("ask", [ask_for_all, ask_for_a_part])
def test_a_sound_split_and_moved_meanwhile_is_renewed_in_all_its_parts(sounding, ask):
    ask(sounding)
    (sound,) = sounding.sounds
    right = sound.split(frame=61, split_method="SOFT")
    move(sound, 100)
    move(right, 100)
    sounding.finish()
    assert sounding.queue.problem == ""
    made = sorted(where(strip)[:2] for strip in sounding.sounds)
    assert (made[0][0], made[-1][1]) == (111, 207)
    assert hears_the_flashes(sounding, 111)


def test_a_take_that_arrives_during_a_render_waits_for_its_end(cut, film, monkeypatch):
    cut.place(film)
    job = cut.generate()
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(cut.addon.timeline.compat, "busy", lambda: True)
        cut.until(lambda: cut.queue.running[job].takes)
        for _ in range(3):
            cut.queue.pump()
        assert cut.sounds == []
        assert len(record_files(cut.folder)) == 1
    cut.take()


def garbage(film):
    film.write_bytes(b"no film")


@pytest.mark.parametrize(("change", "code"), [(Path.unlink, "media_missing"), (garbage, "media_unreadable")])
def test_a_film_that_is_lost_during_a_job_fails_it_and_it_can_be_tried_again(
    cut, film, tmp_path, change, code
):
    copy = tmp_path / "copy.mp4"
    copy.write_bytes(film.read_bytes())
    cut.place(copy)
    cut.generate()
    change(copy)
    assert cut.finish() == []
    assert cut.queue.problem.endswith(f"[{code}]")
    assert len(record_files(cut.folder)) == 1
    copy.write_bytes(film.read_bytes())
    assert where(retried(cut))[:2] == (11, 107)


def test_a_folder_that_cannot_be_written_to_any_more_fails_the_job_and_it_can_be_tried_again(cut, film):
    cut.place(film)
    cut.generate("slow 5", engine="faulty")
    place = cut.folder / "foley"
    shutil.rmtree(place)
    place.write_text("in the way")
    assert cut.finish() == []
    assert cut.queue.problem.endswith("[output_denied]")
    (job,) = cut.queue.failed
    bpy.ops.foley.retry(job=job)
    cut.queue.pump()
    assert cut.queue.problem.endswith("[output_denied]")
    assert list(cut.queue.failed) == [job]
    place.unlink()
    assert where(retried(cut))[:2] == (11, 107)


def test_a_take_whose_file_is_gone_before_it_is_placed_is_said_so(cut, film):
    cut.place(film)
    job = cut.generate("slow 1", engine="faulty")
    cut.until(lambda: cut.queue.running[job].progress)
    deadline = time.monotonic() + PATIENCE
    while not list((cut.folder / "foley").glob("*.json")):  # The last that comes from the worker.
        assert time.monotonic() < deadline
        time.sleep(0.01)
    for path in (cut.folder / "foley").glob("*.wav"):
        path.unlink()
    assert cut.finish() == []
    assert cut.queue.problem.endswith("[take_missing]")
    assert len(cut.queue.unplaced) == 1


def test_a_long_film_s_take_is_drawn_nowhere_twice(cut, tmp_path):
    path, _, _ = draw_film(tmp_path / "ein Film mit Ümläuten", rate="24", seconds=4, flashes=FLASHES)
    cut.place(path)
    cut.generate()
    cut.take()
    assert hears_the_flashes(cut, 11)
