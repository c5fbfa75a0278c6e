"""The words of a picture: what was set for its next sound, else those of its sound, else those given last."""

import bpy
import pytest
from asked import parts, record
from test_panel import texts
from test_plan import dialog
from test_score import lay_out, prompts
from test_switching import undo_steps

pytestmark = pytest.mark.each_blender


def begins_with(cut):
    """The words that Generate begins with, as the next job shows them; that is cancelled."""
    known = set(cut.queue.running)
    assert bpy.ops.foley.generate(existing="beside") == {"FINISHED"}
    (job,) = set(cut.queue.running) - known
    words = cut.queue.running[job].wishes.prompt
    cut.queue.cancel(job)
    cut.finish()
    return words


def score(cut, shown=None, **asked):
    """Score, with the lines of a dialog if there was one, as a user does; until all takes are there."""
    lines = [] if shown is None else [line_of(line) for line in shown.plan]
    known = {"engine": "faulty", "plan": lines}
    assert bpy.ops.foley.score("EXEC_DEFAULT", True, **{**known, **asked}) == {"FINISHED"}
    cut.until(lambda: not cut.queue.later)


def line_of(line):
    names = [one.identifier for one in line.bl_rna.properties if one.identifier != "rna_type"]
    return {name: getattr(line, name) for name in names}


def words(shown):
    return [line.words for line in shown.plan]


@pytest.fixture
def sound(cut, film):
    """A picture with a sound of wood, and selected."""
    clip = cut.place(film)
    cut.generate("wood", engine="faulty", seed="")
    made = cut.take()
    cut.select(clip)
    return made


def test_a_shot_with_a_sound_lists_the_words_of_that_sound_whatever_was_asked_last(cut, film):
    clips = lay_out(cut, film, 4, frames=10)
    clips[3]["foley_prompt"] = "own"
    score(cut, source="names")
    cut.finish()
    cut.strips.remove(parts(cut)[2])
    cut.strips.remove(parts(cut)[2])
    cut.select(cut.place(film, start=300))
    cut.generate("metal", engine="faulty")
    cut.finish()
    shown = dialog(cut, prompt="rain", channels="1")
    assert words(shown)[:4] == ["Shot 000", "Shot 001", "rain", "own"]
    shown.source = "one"
    assert words(shown)[:4] == ["rain"] * 4


def test_words_written_into_the_plan_are_a_step_of_their_own_and_stay_where_the_takes_are_undone(
    cut, film, capfd
):
    lay_out(cut, film, 3, frames=10)
    bpy.ops.ed.undo_push(message="Place the clips")
    before = undo_steps(capfd)
    shown = dialog(cut, prompt="rain")
    shown.plan[1].words = "a door"
    score(cut, shown, prompt="rain")
    assert len(cut.finish()) == 3
    assert undo_steps(capfd) == [*before, "Score Sequence", "Insert Foley Takes"]
    assert words(dialog(cut, prompt="wind")) == ["rain", "a door", "rain"]
    bpy.ops.ed.undo()
    assert cut.sounds == []
    assert words(dialog(cut, prompt="wind")) == ["wind", "a door", "wind"]
    bpy.ops.ed.undo()
    assert words(dialog(cut, prompt="wind")) == ["wind", "wind", "wind"]


def test_words_written_into_the_plan_stay_where_the_shot_is_cancelled_though_it_has_a_sound(cut, film):
    lay_out(cut, film, 2, frames=10)
    score(cut, prompt="rain")
    cut.finish()
    shown = dialog(cut, prompt="rain", existing="regenerate")
    shown.plan[0].words, shown.plan[1].words = "a door", "slow 300"
    score(cut, shown, existing="regenerate")
    cut.until(lambda: len(cut.queue.running) == 1)
    assert bpy.ops.foley.cancel_all() == {"FINISHED"}
    cut.finish()
    assert prompts(cut) == {1: "a door", 11: "rain"}
    assert words(dialog(cut, prompt="wind")) == ["a door", "slow 300"]


def test_a_score_begins_with_the_words_of_the_last_score_and_not_of_the_last_single_sound(cut, film):
    lay_out(cut, film, 2, frames=10)
    cut.generate("metal", engine="faulty", existing="beside")
    cut.finish()
    score(cut)
    cut.finish()
    assert prompts(cut) == {1: "metal", 11: "metal"}
    score(cut, prompt="rain", source="one", existing="regenerate")
    cut.finish()
    cut.select(cut.place(film, start=300))
    cut.generate("glass", engine="faulty")
    cut.finish()
    cut.place(film, start=600)
    score(cut)
    cut.finish()
    assert prompts(cut) == {1: "rain", 11: "rain", 300: "glass", 600: "rain"}


def test_the_words_of_the_last_score_outlast_its_undo_and_the_closing_of_the_file(cut, film, tmp_path):
    lay_out(cut, film, 2, frames=10)
    bpy.ops.ed.undo_push(message="Place the clips")
    score(cut, prompt="rain")
    cut.finish()
    bpy.ops.ed.undo()
    assert cut.sounds == []
    score(cut)
    cut.finish()
    assert prompts(cut) == {1: "rain", 11: "rain"}
    cut.place(film, start=300)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "scored.blend"))
    bpy.ops.wm.read_homefile(use_empty=True)
    cut.place(film, start=300)
    score(cut)
    cut.finish()
    assert prompts(cut) == {300: ""}
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "scored.blend"))
    score(cut)
    cut.finish()
    assert prompts(cut) == {1: "rain", 11: "rain", 300: "rain"}


def test_generate_begins_with_the_words_that_the_sound_was_made_with_last(cut, sound):
    assert bpy.ops.foley.regenerate(prompt="sword on metal") == {"FINISHED"}
    cut.finish()
    assert record(sound)["prompt"] == "sword on metal"
    assert ("operator", "Prompt: sword on metal") in texts(cut, "panel")
    assert begins_with(cut) == "sword on metal"
    assert bpy.ops.foley.choose_take(index=0) == {"FINISHED"}
    assert ("operator", "Prompt: wood") in texts(cut, "panel")
    assert begins_with(cut) == "wood"


def test_words_that_are_set_for_a_picture_with_a_sound_hold_until_it_is_made_with_them(cut, sound):
    assert bpy.ops.foley.set_prompt(prompt="rain") == {"FINISHED"}
    assert ("operator", "Prompt: rain") in texts(cut, "panel")
    assert words(dialog(cut, prompt="wind")) == ["rain"]
    assert begins_with(cut) == "rain"
    assert bpy.ops.foley.regenerate() == {"FINISHED"}
    cut.finish()
    assert record(sound)["prompt"] == "rain"
    assert bpy.ops.foley.choose_take(index=0) == {"FINISHED"}
    assert begins_with(cut) == "wood"


def test_a_new_take_has_the_words_that_were_set_since(cut, sound):
    assert bpy.ops.foley.set_prompt(prompt="rain") == {"FINISHED"}
    assert bpy.ops.foley.new_take() == {"FINISHED"}
    cut.finish()
    assert bpy.ops.foley.choose_take(index=0) == {"FINISHED"}
    assert bpy.ops.foley.new_take() == {"FINISHED"}
    cut.finish()
    made = [record(sound), *record(sound)["others"]]
    assert [entry["prompt"] for entry in sorted(made, key=lambda entry: entry["number"])] == [
        "wood",
        "rain",
        "wood",
    ]


def test_other_words_that_are_asked_for_take_the_place_of_those_that_were_set(cut, sound):
    assert bpy.ops.foley.set_prompt(prompt="rain") == {"FINISHED"}
    assert bpy.ops.foley.regenerate(prompt="metal") == {"FINISHED"}
    cut.finish()
    assert begins_with(cut) == "metal"
    assert bpy.ops.foley.set_prompt(prompt="") == {"FINISHED"}
    assert begins_with(cut) == "metal"


def test_the_words_of_a_take_whose_settings_are_used_are_set_for_its_picture(cut, sound):
    assert bpy.ops.foley.regenerate(prompt="metal") == {"FINISHED"}
    cut.finish()
    assert bpy.ops.foley.use_settings(index=0) == {"FINISHED"}
    assert begins_with(cut) == "wood"


def test_a_copy_of_a_picture_without_the_sound_has_the_words_that_were_given_last(cut, film, sound):
    clip = next(strip for strip in cut.strips if strip.type == "MOVIE")
    other = cut.place(film, start=300)
    for name in ("foley_uid", "foley_prompt"):
        other[name] = clip[name]
    cut.select(clip)
    assert bpy.ops.foley.regenerate(prompt="metal") == {"FINISHED"}
    cut.finish()
    cut.select(other)
    assert begins_with(cut) == "wood"
