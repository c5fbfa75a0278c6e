"""Jobs outlive the file, the add-on and Blender: their own project finds them again, no other gets them."""

import json
import subprocess
import sys
from pathlib import Path

import addon_utils
import bpy
from cut import Cut, where


def records(folder):
    """The records beside the takes."""
    return sorted((Path(folder) / "foley" / ".jobs").glob("*.json"))


def save(path):
    """Save the open project under a name."""
    bpy.ops.wm.save_as_mainfile(filepath=str(path))


def open_project(path):
    bpy.ops.wm.open_mainfile(filepath=str(path))


def open_another(folder):
    """Another project, saved in a folder of its own."""
    bpy.ops.wm.read_homefile(use_empty=True)
    (folder / "elsewhere").mkdir(exist_ok=True)
    save(folder / "elsewhere" / "other.blend")


def ended(cut, job, tmp_path):
    """Whether the backend has made a job's take."""
    return any(path.stem.endswith(job[:8]) for path in (tmp_path / "foley").glob("*.wav"))


def test_a_take_made_while_another_file_was_open_is_placed_when_its_own_is_opened(cut, film, tmp_path):
    clip = cut.place(film, trim=10, frames=40)
    left = where(clip).start
    job = cut.generate("slow 10", engine="faulty")
    save(tmp_path / "project.blend")
    open_another(tmp_path)
    cut.place(film)
    assert cut.queue.running == {}
    assert len(records(tmp_path)) == 1
    cut.until(lambda: ended(cut, job, tmp_path))
    assert cut.sounds == []
    assert cut.queue.unplaced == []
    open_project(tmp_path / "project.blend")
    sound = cut.take()
    assert where(sound).start == left
    assert records(tmp_path) == []


def test_a_job_goes_on_in_its_own_file_when_that_is_opened_before_it_has_ended(cut, film, tmp_path):
    cut.place(film)
    job = cut.generate("slow 20", engine="faulty")
    save(tmp_path / "project.blend")
    open_another(tmp_path)
    open_project(tmp_path / "project.blend")
    assert list(cut.queue.running) == [job]
    cut.take()
    assert records(tmp_path) == []


def test_a_file_opened_again_without_saving_gets_its_take(cut, film, tmp_path):
    cut.place(film)
    save(tmp_path / "project.blend")
    cut.generate("slow 5", engine="faulty")
    open_project(tmp_path / "project.blend")
    cut.take()


def test_the_add_on_switched_off_and_on_during_a_job_places_its_take(cut, film, installed):
    cut.place(film)
    job = cut.generate("slow 5", engine="faulty")
    cut.until(lambda: cut.queue.backend == "ready")
    addon_utils.disable(installed)
    assert cut.queue.running == {}
    again = Cut(addon_utils.enable(installed), cut.folder)
    again.queue.pump()
    assert list(again.queue.running) == [job]
    again.take()


def test_the_add_on_switched_off_and_on_in_an_unsaved_project_places_its_take(cut, film, installed):
    bpy.ops.wm.read_homefile(use_empty=True)
    cut.place(film)
    job = cut.generate("slow 5", engine="faulty")
    addon_utils.disable(installed)
    again = Cut(addon_utils.enable(installed), cut.folder)
    again.queue.pump()
    assert list(again.queue.running) == [job]
    again.take()


def test_a_take_for_an_unsaved_project_that_was_closed_waits_in_the_list(cut, film):
    bpy.ops.wm.read_homefile(use_empty=True)
    cut.place(film)
    cut.generate("slow 5", engine="faulty")
    bpy.ops.wm.read_homefile(use_empty=True)
    cut.place(film)
    assert cut.finish() == []
    (left,) = cut.queue.unplaced
    assert left.reason.endswith("[clip_gone]")
    assert Path(left.path).is_file()
    bpy.ops.foley.dismiss(path=left.path)
    assert cut.queue.unplaced == []


def test_a_project_saved_under_another_name_takes_its_jobs_along(cut, film, tmp_path):
    cut.place(film)
    cut.generate("slow 5", engine="faulty")
    (tmp_path / "moved").mkdir()
    save(tmp_path / "moved" / "project.blend")
    assert records(tmp_path) == []
    assert len(records(tmp_path / "moved")) == 1
    open_another(tmp_path)
    open_project(tmp_path / "moved" / "project.blend")
    cut.take()
    assert records(tmp_path / "moved") == []


def test_a_project_moved_along_with_its_folder_gets_its_take(cut, film, tmp_path):
    (tmp_path / "before").mkdir()
    cut.place(film)
    save(tmp_path / "before" / "project.blend")
    cut.generate("slow 5", engine="faulty")
    cut.until(lambda: any((tmp_path / "before" / "foley").glob("*.html")))
    cut.until(lambda: not any((tmp_path / "before" / "foley").glob(".foley-*")))
    open_another(tmp_path)
    (tmp_path / "before").rename(tmp_path / "after")
    open_project(tmp_path / "after" / "project.blend")
    sound = cut.take()
    assert Path(bpy.path.abspath(sound.sound.filepath)).parent == tmp_path / "after" / "foley"
    assert records(tmp_path / "after") == []


def test_a_job_that_the_backend_never_heard_of_is_asked_for_again(cut, film, tmp_path):
    cut.place(film)
    job = cut.generate("wood", engine="faulty")
    (record,) = records(tmp_path)
    kept = record.read_text()
    cut.take()
    for sound in cut.sounds:
        cut.strips.remove(sound)
    save(tmp_path / "project.blend")
    record.with_name("0000.json").write_text(kept.replace(job, "0000"))
    open_another(tmp_path)
    open_project(tmp_path / "project.blend")
    assert list(cut.queue.running) == ["0000"]
    cut.take()


def test_a_job_that_the_backend_never_heard_of_can_be_cancelled(cut, film, tmp_path):
    cut.place(film)
    job = cut.generate("wood", engine="faulty")
    (record,) = records(tmp_path)
    kept = record.read_text()
    cut.take()
    save(tmp_path / "project.blend")
    record.with_name("0001.json").write_text(kept.replace(job, "0001"))
    open_another(tmp_path)
    open_project(tmp_path / "project.blend")
    cut.queue.cancel("0001")
    assert len(cut.finish()) == 1
    assert (cut.queue.running, cut.queue.failed, records(tmp_path)) == ({}, {}, [])


def test_a_job_that_failed_can_be_tried_again_after_the_file_was_closed(cut, film, tmp_path):
    cut.place(film)
    cut.generate("raise", engine="faulty")
    cut.finish()
    assert len(cut.queue.failed) == 1
    save(tmp_path / "project.blend")
    open_another(tmp_path)
    assert cut.queue.failed == {}
    open_project(tmp_path / "project.blend")
    cut.until(lambda: len(cut.queue.failed) == 1)
    (job,) = cut.queue.failed
    bpy.ops.foley.drop(job=job)
    assert cut.queue.failed == {}
    assert records(tmp_path) == []


def test_a_take_without_a_place_is_still_in_the_list_after_the_file_was_closed(cut, film, tmp_path):
    clip = cut.place(film)
    cut.generate("wood", engine="faulty")
    cut.strips.remove(clip)
    cut.finish()
    save(tmp_path / "project.blend")
    open_another(tmp_path)
    assert cut.queue.unplaced == []
    open_project(tmp_path / "project.blend")
    cut.until(lambda: cut.queue.unplaced)
    bpy.ops.foley.dismiss(path=cut.queue.unplaced[0].path)
    assert records(tmp_path) == []


def test_records_that_cannot_be_read_are_set_aside(cut, film, tmp_path):
    cut.place(film)
    cut.generate("slow 20", engine="faulty")
    (record,) = records(tmp_path)
    kept = json.loads(record.read_text())
    broken = {
        "empty": "",
        "list": "[]",
        "cut-off": record.read_text()[:90],
        "no-picture": json.dumps({"project": kept["project"]}),
        "no-uid": json.dumps({**kept, "picture": {"name": "Clip"}}),
        "bad-time": record.read_text().replace('"exact": "', '"exact": "x'),
    }
    for name, text in broken.items():
        record.with_name(name + ".json").write_text(text)
    save(tmp_path / "project.blend")
    open_another(tmp_path)
    open_project(tmp_path / "project.blend")
    cut.take()
    assert cut.queue.problem == ""
    left = sorted(path.name for path in record.parent.iterdir())
    assert left == sorted(f"{name}.json.broken" for name in broken)


def test_a_job_asked_for_by_a_blender_that_is_gone_is_placed_by_the_next(cut, film, installed, tmp_path):
    cut.place(film, trim=10, frames=40)
    save(tmp_path / "project.blend")
    script = tmp_path / "script.py"
    script.write_text(
        "import bpy, addon_utils, os, time\n"
        "addon_utils.extensions_refresh()\n"
        f"addon = addon_utils.enable({installed!r})\n"
        f"bpy.ops.wm.open_mainfile(filepath={str(tmp_path / 'project.blend')!r})\n"
        "scene = bpy.context.scene\n"
        "bpy.context.workspace and hasattr(bpy.context.workspace, 'sequencer_scene') and setattr("
        "bpy.context.workspace, 'sequencer_scene', scene)\n"
        "bpy.ops.foley.generate(prompt='slow 5', engine='faulty')\n"
        "while not any(job.progress for job in addon.queue.running.values()): addon.queue.pump()\n"
        "os._exit(0)\n"
    )
    subprocess.run([sys.executable, str(script)], check=True, timeout=120)
    assert len(records(tmp_path)) == 1
    open_project(tmp_path / "project.blend")
    cut.take()
    assert records(tmp_path) == []


def test_takes_that_go_to_a_preferred_folder_have_their_records_there(cut, film, installed, tmp_path):
    known = bpy.context.preferences.addons.new()
    known.module = installed
    known.preferences.folder = str(tmp_path / "sounds")
    try:
        cut.place(film)
        cut.generate("slow 5", engine="faulty")
        assert records(tmp_path) == []
        assert len(list((tmp_path / "sounds" / ".jobs").glob("*.json"))) == 1
        save(tmp_path / "project.blend")
        open_another(tmp_path)
        open_project(tmp_path / "project.blend")
        cut.take()
    finally:
        bpy.context.preferences.addons.remove(bpy.context.preferences.addons[installed])
