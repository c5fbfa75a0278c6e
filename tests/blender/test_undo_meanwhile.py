"""Undo and redo while a take is being made."""

import json

import bpy
import pytest
from cut import where
from meanwhile import (
    clip_of,
    generate_with_undo,
    hears_the_flashes,
    inserted,
    step,
    waiting,
)

pytestmark = pytest.mark.each_blender


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
    job = generate_with_undo(cut, prompt="two slow 5", engine="faulty", existing="beside")
    cut.until(lambda: cut.sounds)
    assert list(cut.queue.running) == [job]
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
