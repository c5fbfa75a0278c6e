"""Files reverted, opened, saved, and opened twice while a take is being made."""

import subprocess
import sys
import time
from pathlib import Path

import bpy
from cut import where
from meanwhile import clip_of, hears_the_flashes, inserted, record_files, save, waiting


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
    assert cut.queue.running == {}
    cut.until(lambda: any((tmp_path / "foley").glob(f"*{job[:8]}.wav")))
    cut.queue.pump()
    assert (len(cut.strips), cut.queue.unplaced) == (0, [])
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
        "addon.queue.pump()\n"
        f"assert list(addon.queue.running) == [{job!r}]\n"
        f"open({str(tmp_path / 'known')!r}, 'w').close()\n"
        "while addon.queue.running: addon.queue.pump(); time.sleep(0.02)\n"
        "assert not addon.queue.problem, addon.queue.problem\n"
        f"bpy.ops.wm.save_as_mainfile(filepath={str(tmp_path / 'other.blend')!r})\n"
        "os._exit(0)\n"
    )
    other = subprocess.Popen([sys.executable, str(script)])
    while other.poll() is None and not (tmp_path / "known").exists():
        time.sleep(0.05)
    assert where(cut.take())[:2] == (11, 107)
    assert other.wait(timeout=120) == 0
    assert cut.queue.problem == ""
    assert record_files(tmp_path) == []
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "other.blend"))
    assert [where(sound)[:2] for sound in cut.sounds] == [(11, 107)]
