"""What the dialog tells while it is folded, and what is kept under a name; needs no Blender."""

from __future__ import annotations

import importlib
import json
import sys
import types
from pathlib import Path
from typing import Any

import pytest


def core(module: str) -> Any:
    package = types.ModuleType("blender_addon_core")
    package.__path__ = [str(Path(__file__).parents[2] / "plugins" / "blender_addon" / "core")]
    sys.modules.setdefault(package.__name__, package)
    return importlib.import_module(f"{package.__name__}.{module}")


USUAL: dict[str, Any] = {
    "negative": "",
    "seed": "",
    "engine": "auto",
    "alignment": "auto",
    "loudness": None,
    "handles": 1.0,
    "place": "foley",
}


def test_nothing_is_told_of_what_is_as_usual() -> None:
    assert core("folded").unusual(USUAL) == core("folded").unusual({}) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"seed": "5", "loudness": -40.0}, ["seed 5", "-40 LUFS"]),
        ({"handles": 2.5, "place": "layers"}, ["handles 2.5 s", "a channel per layer"]),
        ({"negative": "birds  and\nwind"}, ["without birds and wind"]),
        ({"engine": "procedural", "alignment": "off"}, ["procedural", "alignment off"]),
    ],
)
def test_what_is_not_as_usual_is_told_with_its_unit(changed: dict[str, Any], words: list[str]) -> None:
    assert core("folded").unusual({**USUAL, **changed}) == words


def test_a_long_text_is_told_by_its_beginning() -> None:
    (told,) = core("folded").unusual({**USUAL, "negative": "bird " * 40})
    assert told.endswith("…")
    assert len(told) < 40


def test_what_is_kept_under_a_name_comes_back_and_nothing_of_one_sound_alone() -> None:
    presets = core("presets")
    choices = {"prompt": "rain on tin", "layers": ["ambience"], "loudness": -30.0, "seed": "5", "takes": 4}
    text = presets.with_one("{}", "  Rain   on tin ", choices)
    assert presets.names(text) == ["Rain on tin"]
    wishes = presets.wishes(text, "Rain on tin")
    assert (wishes.prompt, wishes.layers, wishes.loudness) == ("rain on tin", ("ambience",), -30.0)
    assert (wishes.seed, wishes.takes) == (None, 1)


def test_names_come_in_the_order_of_the_alphabet_and_one_replaces_its_namesake() -> None:
    presets = core("presets")
    text = "{}"
    for name, prompt in [("wood", "oak"), ("Ash", "ash"), ("wood", "pine")]:
        text = presets.with_one(text, name, {"prompt": prompt})
    assert presets.names(text) == ["Ash", "wood"]
    assert presets.wishes(text, "wood").prompt == "pine"
    assert presets.names(presets.without(text, "Ash")) == ["wood"]


def test_what_cannot_be_kept_or_deleted_is_told() -> None:
    presets, problem = core("presets"), core("problem").Problem
    with pytest.raises(problem, match="no_preset_name"):
        presets.with_one("{}", " ", {})
    with pytest.raises(problem, match="no_such_preset"):
        presets.without("{}", "wood")
    full = json.dumps({str(number): {} for number in range(presets.MOST)})
    with pytest.raises(problem, match="many_presets"):
        presets.with_one(full, "wood", {})
    assert len(presets.names(presets.with_one(full, "7", {"prompt": "wood"}))) == presets.MOST


@pytest.mark.parametrize("text", ["", "[]", "7", '{"wood": 3}', '{"wood": [1]}', "null"])
def test_a_text_that_makes_no_sense_holds_none(text: str) -> None:
    presets = core("presets")
    assert presets.names(text) == []
    assert presets.names(presets.with_one(text, "wood", {})) == ["wood"]
