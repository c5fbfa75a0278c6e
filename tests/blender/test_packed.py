"""Takes that are packed into the project, unpacked, moved, and named by relative or by absolute paths."""

import os
import shutil
from pathlib import Path

import bpy
import pytest
from asked import ask, plays, record
from drawn import Drawn

pytestmark = pytest.mark.each_blender


@pytest.fixture
def two(cut, film):
    """A sound with two takes, of which the first is in use."""
    cut.place(film)
    ask(cut, prompt="wood", takes=2)
    sound = cut.take()
    cut.select(sound)
    return cut


def save(path):
    path.parent.mkdir(exist_ok=True)
    bpy.ops.wm.save_as_mainfile(filepath=str(path))


def open_project(cut, path):
    """Open it, and select its sound."""
    bpy.ops.wm.open_mainfile(filepath=str(path))
    (sound,) = cut.sounds
    cut.select(sound)
    return sound


def alone(cut, tmp_path):
    """Pack all, and move the file without its folder of takes; gives where it is."""
    bpy.ops.file.pack_all()
    save(tmp_path / "project.blend")
    (tmp_path / "away").mkdir()
    shutil.move(tmp_path / "project.blend", tmp_path / "away")
    shutil.rmtree(tmp_path / "foley")
    open_project(cut, tmp_path / "away" / "project.blend")
    return tmp_path / "away" / "project.blend"


def is_heard(strip):
    """Whether Blender can read what a strip plays."""
    return bool(strip.sound.packed_file) and strip.sound.channels != "INVALID"


def packed():
    return sorted(sound.name for sound in bpy.data.sounds if sound.packed_file)


def test_a_packed_take_that_another_has_replaced_is_still_there_after_saving(two, tmp_path):
    path = alone(two, tmp_path)
    (was,) = (strip.sound.name for strip in two.sounds)
    assert bpy.ops.foley.new_take() == {"FINISHED"}
    two.take()
    save(path)
    sound = open_project(two, path)
    assert plays(sound).name != was
    (index,) = (at for at, one in enumerate(record(sound)["others"]) if one["take"]["path"].endswith(was))
    assert bpy.ops.foley.choose_take(index=index) == {"FINISHED"}
    assert sound.sound.name == was
    assert is_heard(sound)


def test_a_packed_take_that_was_replaced_outlives_the_purge_of_what_nobody_uses(two, tmp_path):
    alone(two, tmp_path)
    (was,) = (strip.sound.name for strip in two.sounds)
    assert bpy.ops.foley.new_take() == {"FINISHED"}
    two.take()
    bpy.data.orphans_purge(do_recursive=True)
    assert was in packed()


def test_a_project_that_was_packed_has_all_takes_of_its_lists(two, tmp_path):
    path = alone(two, tmp_path)
    assert len(packed()) == 2
    (sound,) = two.sounds
    was = sound.sound.name
    assert bpy.ops.foley.choose_take(index=0) == {"FINISHED"}
    assert sound.sound.name != was
    assert is_heard(sound)
    save(path)
    sound = open_project(two, path)
    assert bpy.ops.foley.choose_take(index=0) == {"FINISHED"}
    assert sound.sound.name == was
    assert is_heard(sound)


def test_a_packed_take_that_is_deleted_is_gone_from_the_file(two, tmp_path):
    path = alone(two, tmp_path)
    (sound,) = two.sounds
    assert bpy.ops.foley.delete_take(index=0) == {"FINISHED"}
    assert packed() == [sound.sound.name]
    save(path)
    open_project(two, path)
    assert len(bpy.data.sounds) == 1


def test_a_packed_take_that_another_strip_plays_is_not_deleted(two, film, tmp_path):
    alone(two, tmp_path)
    (sound,) = two.sounds
    other = two.strips.new_sound("Other", str(film), 9, 1)
    other.sound = next(one for one in bpy.data.sounds if one.packed_file and one != sound.sound)
    with pytest.raises(RuntimeError, match="take_in_use"):
        bpy.ops.foley.delete_take(index=0)
    assert len(packed()) == 2


def test_packed_takes_go_with_the_strip_whose_list_names_them(two, tmp_path):
    path = alone(two, tmp_path)
    for sound in two.sounds:
        two.strips.remove(sound)
    for _ in range(2):  # Blender writes what had a user when it began.
        save(path)
        bpy.ops.wm.open_mainfile(filepath=str(path))
    assert len(bpy.data.sounds) == 0


def test_what_a_user_keeps_by_hand_stays_kept(two, film, tmp_path):
    path = alone(two, tmp_path)
    (sound,) = two.sounds
    sound.sound.use_fake_user = True
    for strip in two.sounds:
        two.strips.remove(strip)
    save(path)
    bpy.ops.wm.open_mainfile(filepath=str(path))
    assert len(packed()) == 1


@pytest.mark.parametrize("method", ["USE_LOCAL", "WRITE_LOCAL", "WRITE_ORIGINAL"])
def test_unpacked_takes_are_files_again_and_can_be_chosen(two, tmp_path, method):
    path = alone(two, tmp_path)
    bpy.ops.file.unpack_all(method=method)
    save(path)
    assert not [sound for sound in bpy.data.sounds if sound.use_fake_user]
    sound = open_project(two, path)
    was = plays(sound)
    assert bpy.ops.foley.choose_take(index=0) == {"FINISHED"}
    assert plays(sound).is_file()
    assert plays(sound) != was


def test_a_packed_take_has_no_file_to_be_shown(two, tmp_path):
    alone(two, tmp_path)
    with pytest.raises(RuntimeError, match="take_packed"):
        bpy.ops.foley.reveal_take()


@pytest.mark.parametrize("paths", ["absolute", "relative"])
def test_paths_made_absolute_or_relative_change_nothing(two, tmp_path, paths):
    getattr(bpy.ops.file, f"make_paths_{paths}")()
    save(tmp_path / "project.blend")
    sound = open_project(two, tmp_path / "project.blend")
    assert sound.sound.filepath.startswith("//") == (paths == "relative")
    assert bpy.ops.foley.new_take() == {"FINISHED"}
    sound = two.take()
    for _ in range(3):
        was = plays(sound)
        assert bpy.ops.foley.choose_take(index=0) == {"FINISHED"}
        assert plays(sound).is_file()
        assert plays(sound) != was


def every_take(cut, sound):
    """The files of all its takes: each is chosen once."""
    seen = {plays(sound)}
    for _ in record(sound)["others"]:
        unheard = [Path(one["take"]["path"]).name for one in record(sound)["others"]]
        index = next(at for at, name in enumerate(unheard) if name not in {path.name for path in seen})
        assert bpy.ops.foley.choose_take(index=index) == {"FINISHED"}
        seen.add(plays(sound))
    return {path.resolve() for path in seen}


def test_a_project_moved_with_its_folder_finds_every_take(two, tmp_path):
    bpy.ops.wm.save_mainfile()
    bpy.ops.wm.read_homefile(use_empty=True)
    (tmp_path / "after").mkdir()
    for name in ("project.blend", "foley"):
        shutil.move(tmp_path / name, tmp_path / "after")
    sound = open_project(two, tmp_path / "after" / "project.blend")
    assert {path.parent for path in every_take(two, sound)} == {tmp_path / "after" / "foley"}


def test_a_take_that_is_gone_is_marked_and_said_where_it_was_looked_for_until_it_is_back(two, tmp_path):
    (tmp_path / "projA").mkdir()
    bpy.ops.wm.save_mainfile()
    bpy.ops.wm.read_homefile(use_empty=True)
    for name in ("project.blend", "foley"):
        shutil.move(tmp_path / name, tmp_path / "projA")
    sound = open_project(two, tmp_path / "projA" / "project.blend")
    gone = Path(record(sound)["others"][0]["take"]["path"])
    bpy.ops.wm.save_mainfile()
    bpy.ops.wm.read_homefile(use_empty=True)
    (tmp_path / "projA").rename(tmp_path / "projB")
    there = tmp_path / "projB" / "foley" / gone.name
    kept = there.rename(tmp_path / "kept.wav")
    sound = open_project(two, tmp_path / "projB" / "project.blend")
    assert [text.endswith(": not there") for text in takes_in_the_tab(two)] == [False, True]
    for press in (bpy.ops.foley.choose_take, bpy.ops.foley.audition):
        with pytest.raises(RuntimeError) as told:
            press(index=0)
        assert f"The take is not there any more: {there}." in str(told.value) or "no_aud" in str(told.value)
    kept.rename(there)
    assert bpy.ops.foley.choose_take(index=0) == {"FINISHED"}
    assert plays(sound) == there
    assert not any(text.endswith(": not there") for text in takes_in_the_tab(two))


def takes_in_the_tab(cut):
    """The titles in the list of takes; no file is looked at while it is drawn."""
    drawn = Drawn()
    with pytest.MonkeyPatch.context() as closed:
        closed.setattr(os.path, "isfile", lambda path: pytest.fail(f"{path} is looked at"))
        cut.addon.ui.takes_panel.draw_takes(drawn, bpy.context)
    return [text for _kind, text in drawn.texts if text.startswith("Take ")]


def test_a_project_saved_elsewhere_finds_its_takes_where_they_were(two, tmp_path):
    save(tmp_path / "two" / "project.blend")
    bpy.ops.wm.read_homefile(use_empty=True)
    sound = open_project(two, tmp_path / "two" / "project.blend")
    assert {path.parent for path in every_take(two, sound)} == {tmp_path / "foley"}


def test_a_project_saved_elsewhere_finds_its_takes_even_when_both_folders_are_moved(two, tmp_path):
    all_of_it = tmp_path / "all"
    all_of_it.mkdir()
    save(all_of_it / "one" / "project.blend")
    for folder in ("one", "two"):
        save(all_of_it / folder / "project.blend")
        assert bpy.ops.foley.new_take() == {"FINISHED"}
        two.take()
        bpy.ops.wm.save_mainfile()
    bpy.ops.wm.read_homefile(use_empty=True)
    all_of_it.rename(tmp_path / "moved")
    sound = open_project(two, tmp_path / "moved" / "two" / "project.blend")
    where = {path.parent for path in every_take(two, sound)}
    assert where == {
        tmp_path / "moved" / "one" / "foley",
        tmp_path / "moved" / "two" / "foley",
        tmp_path / "foley",
    }


def test_what_is_deleted_in_a_copy_of_the_project_s_folder_stays_in_the_folder_itself(two, tmp_path):
    bpy.ops.wm.save_mainfile()
    (tmp_path / "copy").mkdir()
    shutil.copy(tmp_path / "project.blend", tmp_path / "copy")
    shutil.copytree(tmp_path / "foley", tmp_path / "copy" / "foley")
    before = sorted((tmp_path / "foley").rglob("*"))
    sound = open_project(two, tmp_path / "copy" / "project.blend")
    assert bpy.ops.foley.delete_take(index=0) == {"FINISHED"}
    assert sorted((tmp_path / "foley").rglob("*")) == before
    assert list((tmp_path / "copy" / "foley").glob("*.wav")) == [plays(sound)]
