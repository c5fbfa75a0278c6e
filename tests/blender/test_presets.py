"""Presets: words and choices under a name, for all projects of the user."""

import json
from types import SimpleNamespace

import bpy
import pytest
from drawn import Drawn


@pytest.fixture
def preferences(cut):
    entry = bpy.context.preferences.addons.new()
    entry.module = cut.addon.__name__
    yield entry.preferences
    bpy.context.preferences.addons.remove(entry)


@pytest.fixture
def asked(cut, preferences):
    """The properties of the dialog, with words in them."""
    properties = bpy.context.window_manager.operator_properties_last("foley.generate")
    properties.prompt, properties.negative, properties.layers = "rain on tin", "wind", {"ambience"}
    properties.seed, properties.takes, properties.engine = "5", 3, "impulse"
    properties.use_loudness, properties.loudness = True, -30.0
    return properties


def save(cut, asked, name):
    """Press the button beside the name, as the dialog draws it."""
    choices = json.dumps(cut.addon.ui.presets._choices(asked))
    return bpy.ops.foley.save_preset(name=name, choices=choices)


def offered(cut, asked):
    return [item[1] for item in cut.addon.ui.presets._items(asked, bpy.context)][1:]


def test_a_preset_brings_words_and_choices_back_and_leaves_seed_and_takes(cut, asked):
    assert save(cut, asked, "Tin roof") == {"FINISHED"}
    assert bpy.context.preferences.is_dirty
    asked.prompt, asked.negative, asked.layers = "wood", "", {"hits"}
    asked.engine, asked.use_loudness, asked.seed, asked.takes = "auto", False, "7", 2
    assert offered(cut, asked) == ["Tin roof"]
    asked.offered_preset = "preset Tin roof"
    assert (asked.prompt, asked.negative, asked.layers) == ("rain on tin", "wind", {"ambience"})
    assert (asked.engine, asked.use_loudness, asked.loudness) == ("impulse", True, -30.0)
    assert (asked.seed, asked.takes) == ("7", 2)
    assert (asked.preset, asked.offered_preset) == ("Tin roof", "none")


def test_a_preset_is_deleted_by_its_name(cut, asked):
    save(cut, asked, "Tin roof")
    save(cut, asked, "Another")
    assert offered(cut, asked) == ["Another", "Tin roof"]
    assert bpy.ops.foley.delete_preset(name="Tin roof") == {"FINISHED"}
    assert offered(cut, asked) == ["Another"]
    with pytest.raises(RuntimeError, match="no_such_preset"):
        bpy.ops.foley.delete_preset(name="Tin roof")


def test_a_preset_needs_a_name(cut, asked):
    with pytest.raises(RuntimeError, match="no_preset_name"):
        save(cut, asked, "  ")
    assert offered(cut, asked) == []


def test_the_buttons_get_what_the_dialog_has_now(cut, asked):
    layout, made = Drawn(), []
    asked.preset = "Tin roof"

    def button(*_, **__):
        made.append(SimpleNamespace())
        return made[-1]

    row = SimpleNamespace(prop=lambda *_: None, operator=button)
    cut.addon.ui.presets.draw_name(SimpleNamespace(row=lambda align: row), asked)
    save_button, delete_button = made
    assert save_button.name == delete_button.name == "Tin roof"
    assert json.loads(save_button.choices)["prompt"] == "rain on tin"
    cut.addon.ui.presets.draw_menu(layout, asked)
    assert layout.texts == [("prop", "offered_preset")]


def test_presets_that_make_no_sense_are_none(cut, preferences, asked):
    preferences.presets = "not a list"
    assert offered(cut, asked) == []
