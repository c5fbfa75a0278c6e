"""A project that was not saved: its takes survive, and come beside it when it is saved, whatever happens."""

import json
import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import addon_utils
import bpy
import pytest
from asked import ask, plays, record


@pytest.fixture
def unsaved(cut):
    """A project that was never saved."""
    bpy.ops.wm.read_homefile(use_empty=True)
    return cut


def names(strip):
    """Every file that a strip's record names."""
    found = record(strip)
    entries = [found, *found["others"]]
    sounds = [path for one in entries for path in (one["take"]["path"], *one["take"]["stems"].values())]
    return [Path(path) for path in (*sounds, *(one["report"] for one in entries))]


def save(path):
    path.parent.mkdir(exist_ok=True)
    bpy.ops.wm.save_as_mainfile(filepath=str(path))


def open_project(path):
    bpy.ops.wm.open_mainfile(filepath=str(path))


def with_takes(cut, film):
    """Two takes of three layers, and their reports."""
    cut.place(film)
    ask(cut, prompt="wood", takes=2, place="layers", engine="faulty")
    cut.finish()
    assert len(cut.sounds) == 3
    return [path for strip in cut.sounds for path in names(strip)]


def assert_whole(cut, folder):
    """Whatever the project names lies in that folder and is there."""
    for strip in cut.sounds:
        assert plays(strip).resolve().parent == folder.resolve()
        assert {path.parent for path in names(strip)} == {folder}
        assert all(path.is_file() for path in names(strip))
        assert all(path.with_suffix(".json").is_file() for path in names(strip) if path.suffix == ".html")


def test_the_saved_file_itself_names_takes_stems_and_reports_beside_it(unsaved, film, tmp_path):
    were = with_takes(unsaved, film)
    save(tmp_path / "new" / "first.blend")
    assert_whole(unsaved, tmp_path / "new" / "foley")
    assert all(strip.sound.filepath.startswith("//foley") for strip in unsaved.sounds)
    for path in were:
        path.unlink(missing_ok=True)
    open_project(tmp_path / "new" / "first.blend")
    assert len(unsaved.sounds) == 3
    assert_whole(unsaved, tmp_path / "new" / "foley")


def test_what_came_beside_the_project_is_not_kept_twice_once_it_is_closed(unsaved, film, tmp_path):
    were = with_takes(unsaved, film)
    save(tmp_path / "new" / "first.blend")
    assert all(path.is_file() for path in were)
    bpy.ops.wm.read_homefile(use_empty=True)
    assert not [path for path in were if path.exists()]
    open_project(tmp_path / "new" / "first.blend")
    assert_whole(unsaved, tmp_path / "new" / "foley")


def test_a_project_that_is_closed_unsaved_leaves_its_takes_where_they_are(unsaved, film):
    were = with_takes(unsaved, film)
    bpy.ops.wm.read_homefile(use_empty=True)
    assert all(path.is_file() for path in were)


def test_a_copy_that_is_saved_is_whole_and_the_open_project_stays_as_it_is(unsaved, film, tmp_path, home):
    with_takes(unsaved, film)
    (tmp_path / "copy").mkdir()
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "copy" / "copy.blend"), copy=True)
    assert_whole(unsaved, home / "blender")
    save(tmp_path / "real" / "real.blend")
    assert_whole(unsaved, tmp_path / "real" / "foley")
    shutil.rmtree(tmp_path / "real")
    open_project(tmp_path / "copy" / "copy.blend")
    assert_whole(unsaved, tmp_path / "copy" / "foley")


def test_a_project_that_could_not_be_saved_is_as_it_was(unsaved, film, tmp_path, home):
    with_takes(unsaved, film)
    (tmp_path / "taken.blend@").mkdir()
    with pytest.raises(RuntimeError):
        bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "taken.blend"))
    assert_whole(unsaved, home / "blender")
    save(tmp_path / "new" / "first.blend")
    assert_whole(unsaved, tmp_path / "new" / "foley")


def test_takes_that_cannot_be_brought_along_stay_and_are_told_and_come_the_next_time(
    unsaved, film, tmp_path, home
):
    with_takes(unsaved, film)
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "foley").write_text("a file where the folder would be")
    save(tmp_path / "new" / "first.blend")
    assert unsaved.queue.problem.endswith("[output_denied]")
    assert_whole(unsaved, home / "blender")
    (tmp_path / "new" / "foley").unlink()
    open_project(tmp_path / "new" / "first.blend")
    assert_whole(unsaved, tmp_path / "new" / "foley")


def test_takes_come_to_the_preferred_folder_beside_the_project(unsaved, film, tmp_path, installed):
    known = bpy.context.preferences.addons.new()
    known.module = installed
    with warnings.catch_warnings():  # From 5.0 on Blender says that it would rather have a whole path.
        warnings.simplefilter("ignore", RuntimeWarning)
        known.preferences.folder = "//sounds/made"
    try:
        with_takes(unsaved, film)
        save(tmp_path / "new" / "first.blend")
        assert_whole(unsaved, tmp_path / "new" / "sounds" / "made")
    finally:
        bpy.context.preferences.addons.remove(bpy.context.preferences.addons[installed])


def test_a_take_that_is_on_its_way_when_the_project_is_saved_comes_beside_it(unsaved, film, tmp_path):
    unsaved.place(film)
    unsaved.generate("slow 10", engine="faulty")
    unsaved.until(lambda: any(job.progress for job in unsaved.queue.running.values()))
    save(tmp_path / "new" / "first.blend")
    unsaved.take()
    assert_whole(unsaved, tmp_path / "new" / "foley")
    save(tmp_path / "new" / "first.blend")
    open_project(tmp_path / "new" / "first.blend")
    assert_whole(unsaved, tmp_path / "new" / "foley")


def test_a_take_that_waits_in_the_list_comes_beside_the_project_when_it_is_inserted(unsaved, film, tmp_path):
    clip = unsaved.place(film)
    unsaved.generate("wood", engine="faulty")
    unsaved.strips.remove(clip)
    unsaved.finish()
    save(tmp_path / "new" / "first.blend")
    (left,) = unsaved.queue.unplaced
    assert bpy.ops.foley.insert(path=left.path) == {"FINISHED"}
    assert_whole(unsaved, tmp_path / "new" / "foley")


def test_what_an_undo_brings_back_names_the_new_place(unsaved, film, tmp_path):
    with_takes(unsaved, film)
    was = [(strip.name, strip["foley_meta"], strip.sound.filepath) for strip in unsaved.sounds]
    save(tmp_path / "new" / "first.blend")
    for name, meta, path in was:  # What Ctrl+Z does: there is none without a window.
        (strip,) = (one for one in unsaved.sounds if one.name == name)
        strip["foley_meta"], strip.sound.filepath = meta, path
    for handler in bpy.app.handlers.undo_post:
        handler(bpy.context.scene, None)
    assert_whole(unsaved, tmp_path / "new" / "foley")


def test_the_rendered_copy_of_a_picture_comes_along_and_is_used_again(unsaved, short, tmp_path):
    clip = unsaved.place(short, frames=12)
    clip.use_flip_x = True
    unsaved.scene.render.resolution_x, unsaved.scene.render.resolution_y = 320, 180
    ask(unsaved, prompt="wood")
    unsaved.take()
    save(tmp_path / "new" / "first.blend")
    (sound,) = unsaved.sounds
    media = Path(record(sound)["take"]["cue"]["media"])
    assert media.parent == tmp_path / "new" / "foley" / "footage"
    assert media.is_file()
    unsaved.select(sound)
    assert bpy.ops.foley.new_take() == {"FINISHED"}
    unsaved.take()
    assert len(record(unsaved.take())["others"]) == 1


@pytest.mark.skipif(os.name != "posix", reason="asks for a folder's mode")
def test_a_state_folder_that_is_made_for_takes_is_its_owner_s_alone(unsaved, tmp_path, monkeypatch):
    monkeypatch.setenv("FOLEY_HOME", str(tmp_path / "new" / "home"))
    unsaved.addon.jobs.output_folder.of_open_project()
    assert (tmp_path / "new" / "home" / "blender").is_dir()
    assert (tmp_path / "new" / "home").stat().st_mode & 0o077 == 0


# What older versions left.


def in_the_extension_s_folder(cut, film, installed, project):
    """A saved project with takes where older versions had those of projects that were not saved."""
    with_takes(cut, film)
    old = Path(bpy.utils.extension_path_user(installed, path="audio", create=True))
    moves = {}
    for strip in cut.sounds:
        for path in [*names(strip), *(one.with_suffix(".json") for one in names(strip))]:
            if path.is_file():
                moves[str(path)] = str(shutil.copy(path, old))
    for strip in cut.sounds:
        strip.sound.filepath = moves[str(plays(strip))]
        text = strip["foley_meta"]
        for path, place in moves.items():
            text = text.replace(json.dumps(path), json.dumps(place))
        strip["foley_meta"] = text
    addon_utils.disable(installed)
    save(project)
    addon_utils.enable(installed)
    assert_whole(cut, old)
    return old


def test_takes_in_the_extension_s_folder_are_brought_beside_a_project_that_is_opened(
    unsaved, film, tmp_path, installed
):
    old = in_the_extension_s_folder(unsaved, film, installed, tmp_path / "new" / "first.blend")
    (tmp_path / "other").mkdir()
    shutil.copy(tmp_path / "new" / "first.blend", tmp_path / "other")
    open_project(tmp_path / "new" / "first.blend")
    assert_whole(unsaved, tmp_path / "new" / "foley")
    save(tmp_path / "new" / "first.blend")
    open_project(tmp_path / "other" / "first.blend")
    assert_whole(unsaved, tmp_path / "other" / "foley")
    shutil.rmtree(old)  # The extension is removed.
    open_project(tmp_path / "new" / "first.blend")
    assert_whole(unsaved, tmp_path / "new" / "foley")
    open_project(tmp_path / "other" / "first.blend")
    assert_whole(unsaved, tmp_path / "other" / "foley")


# Where Blender is killed.

SCRIPT = """
import bpy, addon_utils, os, sys, time
addon_utils.extensions_refresh()
addon = addon_utils.enable({addon!r})
bpy.ops.wm.read_homefile(use_empty=True)
scene = bpy.context.scene
if hasattr(bpy.context.workspace, "sequencer_scene"):
    bpy.context.workspace.sequencer_scene = scene
editor = scene.sequence_editor_create()
strips = editor.strips if hasattr(editor, "strips") else editor.sequences
clip = strips.new_movie("Clip", {film!r}, 1, 11)
editor.active_strip = clip
bpy.ops.foley.generate(prompt="wood", engine="impulse", takes=2)
while addon.queue.running: addon.queue.pump()
handlers = bpy.app.handlers.save_pre[:]  # Blender calls none when it saves by itself.
bpy.app.handlers.save_pre.clear()
bpy.ops.wm.save_as_mainfile(filepath={autosave!r}, copy=True, relative_remap=False)
bpy.app.handlers.save_pre.extend(handlers)
bpy.ops.foley.generate(prompt="slow 20", engine="faulty", existing="beside")
while not any(job.progress for job in addon.queue.running.values()): addon.queue.pump()
def die(*_): os._exit(0)
{killed}
bpy.ops.wm.save_as_mainfile(filepath={project!r})
print("not killed", flush=True)
os._exit(1)
"""
KILLED = {
    "while a take is copied": "import shutil; os.link = die; shutil.copy2 = die",
    "when some are copied": "count, link = [], os.link\n"
    "def some(*given): count.append(1); len(count) > 2 and die(); link(*given)\n"
    "os.link = some",
    "before the file is written": "bpy.app.handlers.save_pre.append(die)",
    "after the file was written": "bpy.app.handlers.save_post.insert(0, die)",
    "after all": "bpy.app.handlers.save_post.append(die)",
}


@pytest.mark.parametrize("killed", KILLED.values(), ids=KILLED)
def test_wherever_blender_is_killed_while_it_saves_nothing_is_lost(cut, film, installed, tmp_path, killed):
    project = tmp_path / "new" / "first.blend"
    project.parent.mkdir()
    script = tmp_path / "script.py"
    autosave = tmp_path / "autosave.blend"
    given = {"addon": installed, "film": str(film), "project": str(project), "autosave": str(autosave)}
    script.write_text(SCRIPT.format(killed=killed, **given))
    subprocess.run([sys.executable, str(script)], check=True, timeout=120, stdout=subprocess.DEVNULL)
    if project.exists():
        open_project(project)
        assert_whole(cut, project.parent / "foley")
        cut.until(lambda: len(cut.sounds) == 2)  # The take that was on its way.
        assert_whole(cut, project.parent / "foley")
    open_project(autosave)
    assert len(cut.sounds) == 1
    assert_whole(cut, tmp_path / "foley")
