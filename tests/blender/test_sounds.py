"""All sounds and words in Blender: offered while a prompt is typed, searched, heard, and taken over."""

import wave
from pathlib import Path

import bpy
import pytest
from drawn import Drawn


def known(cut):
    """The list, once the backend has told it."""
    cut.queue.connect()
    sounds = cut.addon.jobs.sounds

    def told():
        sounds.keep_fresh()
        return sounds.known().sounds

    cut.until(told)
    return sounds.known()


def dialog(name="foley.generate"):
    return bpy.context.window_manager.operator_properties_last(name)


def shown(cut, asked):
    """What the prompt's part of a dialog shows."""
    layout = Drawn()
    cut.addon.ui.prompts.draw(layout, asked)
    return layout.texts


def test_before_the_backend_is_there_the_field_offers_nothing_and_the_list_says_why(cut):
    cut.addon.queue.told.sounds = cut.addon.core.known_sounds.KnownSounds()
    asked = dialog()
    asked.prompt, asked.show_sounds = "grav", True
    texts = shown(cut, asked)
    assert not [name for name, _ in texts if name == "prop_enum"]
    assert any("once the backend is there" in text for _, text in texts)
    asked.show_sounds = False


def test_the_list_is_asked_for_once_per_connection(cut, monkeypatch):
    known(cut)
    asked = []
    monkeypatch.setattr(cut.queue.client, "ask", lambda kind, **_: asked.append(kind) or kind)
    for _ in range(3):
        cut.addon.jobs.sounds.keep_fresh()
    assert "sounds" not in asked


def test_known_words_are_offered_and_taken_over_in_place_of_what_was_begun(cut):
    known(cut)
    asked = dialog()
    asked.prompt = "heavy boots on grav"
    offered = [text for name, text in shown(cut, asked) if name == "prop_enum"]
    assert offered
    asked.completion = "1"
    assert (asked.prompt, asked.completion) == ("heavy boots on gravel", "none")


def test_what_the_prompt_is_taken_for_is_said_under_it(cut):
    known(cut)
    asked = dialog()
    asked.prompt = "heavy boots on gravel, zyx"

    def said():
        cut.addon.jobs.sounds.keep_fresh()
        return ("label", "Plays boots on gravel (heavy); not known: zyx") in shown(cut, asked)

    cut.until(said)


def test_sounds_are_searched_and_added_to_the_prompt(cut):
    known(cut)
    asked = dialog()
    asked.prompt, asked.sought, asked.show_sounds = "rain", "lorry", True
    texts = shown(cut, asked)
    assert ("label", "car") in texts
    assert ("operator", "foley.hear") in texts
    asked.chosen_sound = "1"
    assert (asked.prompt, asked.chosen_sound) == ("rain, car", "none")
    asked.sought = "bagpipes"
    assert ("label", "No sound has these words.") in shown(cut, asked)
    asked.sought, asked.family = "", "fire"
    assert ("label", "fire") in shown(cut, asked)
    asked.show_sounds = False


def test_the_list_sets_the_prompt_of_the_picture_or_else_the_one_that_is_asked_next(cut, film):
    assert bpy.ops.foley.sounds(prompt="wood") == {"FINISHED"}
    assert cut.scene.foley.prompt == "wood"
    clip = cut.place(film)
    assert bpy.ops.foley.sounds(prompt="rain") == {"FINISHED"}
    assert clip["foley_prompt"] == "rain"
    assert cut.scene.foley.prompt == "wood"


def test_a_sound_is_made_once_and_played(cut, monkeypatch):
    known(cut)
    sounds, played = cut.addon.jobs.sounds, []
    play = sounds._play
    monkeypatch.setattr(sounds, "_play", lambda path: (played.append(path), play(path)))

    def heard(count):
        sounds.keep_fresh()
        return len(played) == count

    for count in (1, 2):
        assert bpy.ops.foley.hear(sound="wood") == {"FINISHED"}
        cut.until(lambda count=count: heard(count))
    assert played[0] == played[1]
    assert Path(played[0]).parent == Path(bpy.app.tempdir)
    with wave.open(played[0]) as file:
        assert file.getnframes() == 3 * 48_000
    assert cut.queue.problem == ""
    assert sounds._playing is not None
    sounds.stop()
    assert sounds._playing is None


def test_a_sound_that_is_not_known_is_told_and_a_device_that_is_not_there(cut, monkeypatch):
    known(cut)
    sounds = cut.addon.jobs.sounds
    bpy.ops.foley.hear(sound="bagpipes")

    def told():
        sounds.keep_fresh()
        return cut.queue.problem.endswith("[sound_unknown]")

    cut.until(told)
    aud = pytest.importorskip("aud")
    monkeypatch.setattr(sounds, "_playing", None)
    monkeypatch.setattr(sounds, "_device", lambda _aud: _broken(aud))
    with pytest.raises(cut.addon.core.problem.Problem, match="no_sound"):
        sounds._play(__file__)


def _broken(aud):
    raise aud.error("there is none")
