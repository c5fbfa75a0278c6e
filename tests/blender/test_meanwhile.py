"""What the user does while a take is being made: it comes where it belongs, or it waits in the list.

Takes are put on the timeline by `pump` alone, so all that is done between `generate` and `finish` is done
while the job is on its way.
"""

import json
import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import bpy
import pytest
from cut import clicks, cut_off, draw_film, move, shorten, strips, where

FLASHES = [30, 50, 80]


def record_files(folder):
    return sorted((Path(folder) / "foley" / ".jobs").glob("*.json"))


def retried(cut):
    """The sound strip, once the job that failed is tried again."""
    (job,) = cut.jobs.failed
    assert bpy.ops.foley.retry(job=job) == {"FINISHED"}
    cut.until(lambda: not cut.jobs.later and not cut.jobs.running)
    assert cut.jobs.failed == {}
    return cut.take()


def save(path):
    bpy.ops.wm.save_as_mainfile(filepath=str(path))


def step(name):
    """Make an undo step, as every operator does that the user calls."""
    bpy.ops.ed.undo_push(message=name)


def generate_with_undo(cut, **asked):
    """Run the operator as the user does, with an undo step of its own."""
    known = set(cut.jobs.running)
    wished = {"engine": "impulse", "seed": "7", **asked}
    assert bpy.ops.foley.generate("EXEC_DEFAULT", True, **wished) == {"FINISHED"}
    (job,) = set(cut.jobs.running) - known
    return job


def clip_of(cut, name="Clip"):
    """The strip of that name as it is now: an undo makes every strip anew."""
    return next(strip for strip in cut.strips if strip.name == name)


def waiting(cut, code):
    """The one take that waits in the list for that reason; its file and its record are there."""
    assert cut.finish() == []
    return waits(cut, code)


def waits(cut, code):
    (left,) = cut.jobs.unplaced
    assert left.reason.endswith(f"[{code}]")
    assert cut.jobs.problem == left.reason
    assert Path(left.path).is_file()
    assert Path(left.job.record).is_file()
    return left


def inserted(cut, left):
    """The sound strip, once the take that waited is inserted by hand."""
    known = set(cut.sounds)
    assert bpy.ops.foley.insert(path=left.path) == {"FINISHED"}
    assert cut.jobs.unplaced == []
    assert not Path(left.job.record).exists()
    (sound,) = set(cut.sounds) - known
    return sound


def hears_the_flashes(cut, starts, rate=24, flashes=FLASHES):
    """Whether the mix clicks where the flashes of a film are whose first frame lies in `starts`."""
    wanted = [cut.sample_of(starts + flash, rate) for flash in flashes]
    return clicks(cut.mix()) == pytest.approx(wanted, abs=3)


# The strip


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
    assert cut.jobs.problem == ""
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
    assert cut.jobs.problem.endswith("[clip_muted]")
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
    assert cut.jobs.problem == ""
    assert where(cut.take())[:2] == (11, 107)


# Undo


def test_an_undo_of_generate_stops_nothing_and_the_take_comes_to_its_clip(cut, film):
    cut.place(film)
    step("Add Movie")
    generate_with_undo(cut)
    bpy.ops.ed.undo()
    assert "foley_uid" not in clip_of(cut)
    assert where(cut.take())[:2] == (11, 107)
    assert hears_the_flashes(cut, 11)
    bpy.ops.ed.undo()
    assert cut.sounds == []
    bpy.ops.ed.redo()
    assert where(cut.take())[:2] == (11, 107)


def test_an_undo_of_the_clip_itself_leaves_its_take_waiting_until_it_is_there_again(cut, film):
    cut.scene.sequence_editor_create()
    step("New")
    cut.place(film)
    step("Add Movie")
    generate_with_undo(cut)
    bpy.ops.ed.undo()
    bpy.ops.ed.undo()
    assert len(cut.strips) == 0
    left = waiting(cut, "clip_gone")
    bpy.ops.ed.redo()
    cut.select(clip_of(cut))
    assert where(inserted(cut, left))[:2] == (11, 107)
    assert hears_the_flashes(cut, 11)


def test_an_undo_and_redo_during_a_job_change_nothing(cut, film):
    cut.place(film)
    step("Add Movie")
    generate_with_undo(cut)
    bpy.ops.ed.undo()
    bpy.ops.ed.redo()
    assert where(cut.take())[:2] == (11, 107)


def test_a_take_that_was_undone_does_not_take_the_next_one_with_it(cut, film):
    cut.place(film)
    step("Add Movie")
    generate_with_undo(cut, prompt="one")
    job = generate_with_undo(cut, prompt="two slow 5", engine="faulty")
    cut.until(lambda: cut.sounds)
    assert list(cut.jobs.running) == [job]
    bpy.ops.ed.undo()
    assert cut.sounds == []
    assert [sound.name for sound in cut.finish()] == ["two slow 5"]


def test_a_sound_whose_insertion_is_undone_during_its_new_take_leaves_that_to_be_inserted(cut, film):
    cut.place(film)
    step("Add Movie")
    generate_with_undo(cut)
    cut.select(cut.take())
    assert bpy.ops.foley.new_take("EXEC_DEFAULT", True) == {"FINISHED"}
    bpy.ops.ed.undo()
    bpy.ops.ed.undo()
    left = waiting(cut, "sound_gone")
    cut.select(clip_of(cut))
    assert where(inserted(cut, left))[:2] == (11, 107)


def test_an_undo_of_new_take_changes_nothing(cut, film):
    cut.place(film)
    step("Add Movie")
    generate_with_undo(cut)
    cut.select(cut.take())
    step("Select")
    assert bpy.ops.foley.new_take("EXEC_DEFAULT", True) == {"FINISHED"}
    bpy.ops.ed.undo()
    sound = cut.take()
    assert len(json.loads(sound["foley_meta"])["others"]) == 1


# Files


def test_revert_during_a_job_gets_the_take(cut, film):
    cut.place(film)
    save(cut.folder / "project.blend")
    cut.generate()
    cut.strips.remove(clip_of(cut))
    assert bpy.ops.wm.revert_mainfile() == {"FINISHED"}
    assert where(cut.take())[:2] == (11, 107)
    assert hears_the_flashes(cut, 11)


def test_a_revert_to_before_the_clip_leaves_its_take_in_the_list(cut, film):
    cut.place(film)
    cut.generate()
    assert bpy.ops.wm.revert_mainfile() == {"FINISHED"}
    left = waiting(cut, "clip_gone")
    cut.place(film)
    assert where(inserted(cut, left))[:2] == (11, 107)


def test_a_new_empty_file_gets_no_take_and_the_old_one_does_when_it_is_opened_again(cut, film, tmp_path):
    cut.place(film)
    job = cut.generate("slow 3", engine="faulty")
    save(tmp_path / "project.blend")
    bpy.ops.wm.read_homefile(use_empty=True)
    assert cut.jobs.running == {}
    cut.until(lambda: any((tmp_path / "foley").glob(f"*{job[:8]}.wav")))
    cut.jobs.pump()
    assert (len(cut.strips), cut.jobs.unplaced) == (0, [])
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "project.blend"))
    assert where(cut.take())[:2] == (11, 107)


def test_an_unsaved_file_that_is_saved_during_a_job_keeps_its_take(cut, film, tmp_path):
    bpy.ops.wm.read_homefile(use_empty=True)
    cut.place(film)
    cut.generate()
    save(tmp_path / "Später gespeichert.blend")
    (record,) = record_files(tmp_path)
    sound = cut.take()
    path = Path(bpy.path.abspath(sound.sound.filepath))
    assert path.is_file()
    save(tmp_path / "Später gespeichert.blend")
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "Später gespeichert.blend"))
    assert not record.exists()
    assert hears_the_flashes(cut, 11)


def test_scripts_reloaded_during_a_job_keep_its_take(cut, film, installed):
    addons = bpy.context.preferences.addons
    addons.new().module = installed
    try:
        cut.place(film)
        job = cut.generate("slow 3", engine="faulty")
        cut.until(lambda: cut.jobs.running[job].progress)
        assert bpy.ops.script.reload() == {"FINISHED"}
        cut.jobs.pump()
        assert list(cut.jobs.running) == [job]
        cut.take()
    finally:
        addons.remove(addons[installed])


def test_two_blenders_with_the_same_project_open_both_get_the_take(cut, film, installed, tmp_path):
    cut.place(film)
    job = cut.generate("slow 30", engine="faulty")
    save(tmp_path / "project.blend")
    script = tmp_path / "script.py"
    script.write_text(
        "import bpy, addon_utils, os, time\n"
        "addon_utils.extensions_refresh()\n"
        f"addon = addon_utils.enable({installed!r})\n"
        f"bpy.ops.wm.open_mainfile(filepath={str(tmp_path / 'project.blend')!r})\n"
        "addon.jobs.pump()\n"
        f"assert list(addon.jobs.running) == [{job!r}]\n"
        "while addon.jobs.running: addon.jobs.pump(); time.sleep(0.02)\n"
        "assert not addon.jobs.problem, addon.jobs.problem\n"
        f"bpy.ops.wm.save_as_mainfile(filepath={str(tmp_path / 'other.blend')!r})\n"
        "os._exit(0)\n"
    )
    other = subprocess.Popen([sys.executable, str(script)])
    assert where(cut.take())[:2] == (11, 107)
    assert other.wait(timeout=120) == 0
    assert cut.jobs.problem == ""
    assert record_files(tmp_path) == []
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "other.blend"))
    assert [where(sound)[:2] for sound in cut.sounds] == [(11, 107)]


# The sound, while another take of it is made


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
    assert sounding.jobs.problem == ""
    made = sorted(where(strip)[:2] for strip in sounding.sounds)
    assert (made[0][0], made[-1][1]) == (111, 207)
    assert hears_the_flashes(sounding, 111)


# A render


def test_a_take_that_arrives_during_a_render_waits_for_its_end(cut, film, monkeypatch):
    cut.place(film)
    job = cut.generate()
    monkeypatch.setattr(cut.addon.compat, "busy", lambda: True)
    cut.until(lambda: cut.jobs.running[job].takes)
    for _ in range(3):
        cut.jobs.pump()
    assert cut.sounds == []
    assert len(record_files(cut.folder)) == 1
    monkeypatch.undo()
    cut.take()


# The film and the folder


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
    assert cut.jobs.problem.endswith(f"[{code}]")
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
    assert cut.jobs.problem.endswith("[output_denied]")
    (job,) = cut.jobs.failed
    bpy.ops.foley.retry(job=job)
    cut.jobs.pump()
    assert cut.jobs.problem.endswith("[output_denied]")
    assert list(cut.jobs.failed) == [job]
    place.unlink()
    assert where(retried(cut))[:2] == (11, 107)


def test_a_take_whose_file_is_gone_before_it_is_placed_is_said_so(cut, film):
    cut.place(film)
    job = cut.generate()
    cut.until(lambda: (job not in cut.jobs.running) or list((cut.folder / "foley").glob("*.wav")))
    for path in (cut.folder / "foley").glob("*.wav"):
        path.unlink()
    assert cut.finish() == []
    assert cut.jobs.problem.endswith("[take_missing]")
    assert len(cut.jobs.unplaced) == 1


def test_a_long_film_s_take_is_drawn_nowhere_twice(cut, tmp_path):
    path, _, _ = draw_film(tmp_path / "ein Film mit Ümläuten", rate="24", seconds=4, flashes=FLASHES)
    cut.place(path)
    cut.generate()
    cut.take()
    assert hears_the_flashes(cut, 11)
