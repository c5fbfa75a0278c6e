"""The sounds and words that the add-on offers, from what the backend tells of them; needs no Blender."""

from __future__ import annotations

import importlib
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from foley_core.audition import explain, listing


@pytest.fixture
def module() -> Any:
    package = types.ModuleType("blender_addon_core")
    package.__path__ = [str(Path(__file__).parents[2] / "plugins" / "blender_addon" / "core")]
    sys.modules.setdefault(package.__name__, package)
    return importlib.import_module(f"{package.__name__}.known_sounds")


@pytest.fixture
def known(module: Any) -> Any:
    found = module.KnownSounds()
    found.take_in({"type": "sounds", **listing()})
    return found


def test_every_sound_is_there_and_every_word_means_something(known: Any) -> None:
    told = listing()
    assert [sound.name for sound in known.sounds] == [sound["name"] for sound in told["sounds"]]
    assert known.families() == list(dict.fromkeys(sound["family"] for sound in told["sounds"]))
    assert all(known.words[word] for sound in told["sounds"] for word in sound["words"])
    assert known.words["cave"] == "cave"
    assert "larger" in known.words["heavy"] or "size" in known.words["heavy"]


def test_a_sound_is_found_by_its_name_its_words_and_its_family(known: Any) -> None:
    assert known.found("gravel")[0].name == "footsteps on gravel"
    assert "car" in [sound.name for sound in known.found("lorry")]
    assert [sound.name for sound in known.found("", "fire")] == ["fire"]
    assert {sound.family for sound in known.found("animals")} == {"animals"}
    assert known.found("bagpipes") == []
    assert [sound.name for sound in known.found("glass break")] == ["breaking glass"]


@pytest.mark.parametrize(
    ("prompt", "first"),
    [
        ("grav", "gravel"),
        ("heavy boots on grav", "gravel"),
        ("rain, thun", "thunder"),
        ("church b", "church bell"),
        ("thundre", "thunder"),
        ("in a cathe", "cathedral"),
    ],
)
def test_what_is_typed_is_completed(module: Any, known: Any, prompt: str, first: str) -> None:
    offered = known.offered(prompt)
    assert offered[0] == first
    assert len(offered) <= module.OFFERED
    assert len({known.words[word] for word in offered}) == len(offered)


@pytest.mark.parametrize("prompt", ["", "rain, ", "gravel ", "zyxw", "rain,"])
def test_where_no_word_was_begun_nothing_is_offered(known: Any, prompt: str) -> None:
    assert known.offered(prompt) == []


def test_before_anything_is_told_nothing_is_offered(module: Any) -> None:
    known = module.KnownSounds()
    assert (known.offered("grav"), known.found("grav"), known.families()) == ([], [], [])
    assert known.said_of("gravel") == ""


@pytest.mark.parametrize(
    ("prompt", "word", "then"),
    [
        ("heavy boots on grav", "gravel", "heavy boots on gravel"),
        ("rain, church b", "church bell", "rain, church bell"),
        ("thundre", "thunder", "thunder"),
        ("Grav", "gravel", "gravel"),
        ("a thundre", "thunder", "a thunder"),
    ],
)
def test_only_what_was_begun_is_replaced(module: Any, prompt: str, word: str, then: str) -> None:
    assert module.completed(prompt, word) == then


@pytest.mark.parametrize(
    ("prompt", "then"), [("", "wood"), ("rain", "rain, wood"), ("rain, ", "rain, wood"), ("  ", "wood")]
)
def test_a_sound_is_added_to_the_prompt(module: Any, prompt: str, then: str) -> None:
    assert module.added(prompt, "wood") == then


def test_what_the_prompt_was_taken_for_is_said_until_it_is_another(known: Any) -> None:
    prompt = "heavy boots on gravel, zyx, in a cave"
    known.take_in({"type": "explain", **explain(prompt)})
    assert known.said_of(prompt) == "Plays boots on gravel (heavy) in a cave; not known: zyx"
    known.take_in({"type": "explain", **explain("zyx")})
    assert known.said_of("zyx") == "Plays nothing known: neutral hits; not known: zyx"
    known.take_in({"type": "explain", **explain("woden floor")})
    assert "not known: woden (nearest: wooden" in known.said_of("woden floor")
    assert known.said_of("") == ""


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("heavy boots on gravel, zyx, in a Cave", "Known words: heavy, boots, gravel, cave"),
        ("church bell, rain", "Known words: church bell, rain"),
        ("zyx", ""),
        ("rain, rain", "Known words: rain"),
    ],
)
def test_while_it_is_typed_the_known_words_are_said(known: Any, prompt: str, said: str) -> None:
    assert known.said_of(prompt) == said


def test_only_answers_that_were_asked_for_are_kept(known: Any) -> None:
    known.answers["7"] = {}
    known.take_in({"type": "error", "re": "8", "error": {"code": "sound_unknown"}})
    assert known.answers == {"7": {}}
    known.take_in({"type": "error", "re": "7", "error": {"code": "sound_unknown"}})
    assert known.answers["7"]["type"] == "error"
