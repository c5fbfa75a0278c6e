"""The add-on is switched on and off, and Blender ends, without anything left behind."""

import ctypes
import json
import re
import subprocess
import sys

import addon_utils
import bpy
import pytest

pytestmark = pytest.mark.each_blender

MENUS = ("SEQUENCER_MT_context_menu", "SEQUENCER_MT_strip", "SEQUENCER_MT_add")


def drawn():
    """How many draw functions the menus have."""
    return [len(getattr(bpy.types, menu).draw._draw_funcs) for menu in MENUS]


def test_switched_off_nothing_is_left(cut, film, installed):
    before = drawn()
    cut.place(film)
    cut.generate("slow 20", engine="faulty")
    cut.until(lambda: cut.queue.backend == "ready")
    timer = sys.modules[installed + ".jobs.timer"]
    assert bpy.app.timers.is_registered(timer._tick)
    addon_utils.disable(installed)
    assert not bpy.app.timers.is_registered(timer._tick)
    assert cut.queue.backend == "away"
    assert not hasattr(bpy.types.Scene, "foley")
    assert [now - then for now, then in zip(drawn(), before, strict=True)] == [-1, -1, -1]
    assert not hasattr(bpy.types, "FOLEY_OT_generate")
    addon_utils.enable(installed)
    assert drawn() == before


def undo_steps(capfd):
    """The names of Blender's undo steps; it tells them on the standard output alone."""
    capfd.readouterr()
    bpy.context.window_manager.print_undo_steps()
    ctypes.CDLL(None).fflush(None)
    return re.findall(r"name='(.*)'", capfd.readouterr().out)


def test_the_take_is_one_step_for_undo(cut, film, capfd):
    cut.place(film)
    bpy.ops.ed.undo_push(message="Place the clip")
    before = undo_steps(capfd)
    assert before[-1] == "Place the clip"
    cut.generate(engine="faulty")
    cut.take()
    assert undo_steps(capfd) == [*before, "Insert Foley"]


def come_together(cut, installed, monkeypatch):
    """Wait until all takes are there, of which none was placed, and let placing them take its time."""
    monkeypatch.setattr(sys.modules[installed + ".jobs.queue"], "PLACE_SECONDS", 60.0)
    with monkeypatch.context() as waiting:
        waiting.setattr(sys.modules[installed + ".timeline.compat"], "busy", lambda: True)
        cut.until(lambda: not cut.queue.later and all(job.takes for job in cut.queue.running.values()))


def test_takes_of_a_batch_that_come_together_are_one_step_for_undo(cut, film, installed, capfd, monkeypatch):
    for start in (1, 201, 401):
        cut.place(film, start=start, frames=20)
    bpy.ops.ed.undo_push(message="Place the clips")
    before = undo_steps(capfd)
    bpy.ops.foley.score("EXEC_DEFAULT", True, engine="faulty")
    come_together(cut, installed, monkeypatch)
    cut.queue.pump()
    assert (len(cut.sounds), cut.queue.running) == (3, {})
    assert undo_steps(capfd) == [*before, "Insert Foley Takes"]


def test_other_takes_that_come_together_are_a_step_each(cut, film, installed, capfd, monkeypatch):
    for start in (1, 201):
        cut.place(film, start=start, frames=20)
        cut.generate(engine="faulty")
    bpy.ops.ed.undo_push(message="Place the clips")
    before = undo_steps(capfd)
    come_together(cut, installed, monkeypatch)
    assert len(cut.finish()) == 2
    assert undo_steps(capfd) == [*before, "Insert Foley", "Insert Foley"]


def test_blender_ends_while_a_job_runs(film, installed, home, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import bpy, addon_utils, time\n"
        "addon_utils.extensions_refresh()\n"
        f"addon = addon_utils.enable({installed!r})\n"
        "editor = bpy.context.scene.sequence_editor_create()\n"
        "strips = editor.strips if hasattr(editor, 'strips') else editor.sequences\n"
        f"clip = strips.new_movie('Clip', {str(film)!r}, 1, 1)\n"
        "editor.active_strip = clip\n"
        "bpy.ops.foley.generate(prompt='slow 5', engine='faulty')\n"
        "while addon.queue.backend != 'ready': addon.queue.pump(); time.sleep(0.02)\n"
        "print('last words')\n"
    )
    done = subprocess.run([sys.executable, str(script)], stdout=subprocess.PIPE, timeout=120)
    assert done.returncode == 0, done.stdout.decode()
    assert done.stdout.decode().splitlines()[-1] == "last words"
    assert json.loads((home / "connection.json").read_text())["pid"]
