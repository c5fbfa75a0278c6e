"""The menu Foley, its keys, and its entries, which are grey with a reason where they cannot be used."""

import importlib.util
import sys
from pathlib import Path
from types import SimpleNamespace

import bpy
import pytest
from cut import move
from drawn import Drawn

pytestmark = pytest.mark.each_blender

ENTRIES = [
    "foley.generate",
    "foley.set_prompt",
    "foley.regenerate",
    "foley.new_take",
    "foley.region",
    "foley.fit_to_picture",
    "foley.show_impacts",
    "foley.hits_from_markers",
    "foley.score",
    "foley.sounds",
]


def drawn(draw):
    """What a menu or a panel draws."""
    layout = Drawn()
    draw(SimpleNamespace(layout=layout), bpy.context)
    return layout.texts


def operators(draw):
    return [text for kind, text in drawn(draw) if kind == "operator"]


def operator(entry):
    return getattr(bpy.ops.foley, entry.split(".")[1])


def usable():
    """The entries that are not grey."""
    return {entry for entry in ENTRIES if operator(entry).poll()}


def why_not(entry):
    """What Blender tells of an entry that is grey."""
    assert not operator(entry).poll()
    with pytest.raises(RuntimeError) as told:
        operator(entry)()
    return str(told.value)


@pytest.fixture
def sound(cut, film):
    """A sound with its picture; the sound is selected."""
    cut.place(film)
    cut.generate("wood")
    made = cut.take()
    cut.select(made)
    return made


def test_one_menu_holds_everything_and_generate_comes_first(cut):
    menus = cut.addon.ui.menus
    assert operators(menus.FOLEY_MT_foley.draw) == ENTRIES
    assert ("menu", "FOLEY_MT_takes") in drawn(menus.FOLEY_MT_foley.draw)


def test_blender_s_menus_have_that_one_entry_and_the_right_click_menu_has_it_on_top(cut):
    menus = cut.addon.ui.menus
    assert bpy.types.SEQUENCER_MT_context_menu.draw._draw_funcs[0] is menus.draw_first
    for name in ("SEQUENCER_MT_strip", "SEQUENCER_MT_add"):
        assert getattr(bpy.types, name).draw._draw_funcs[-1] is menus.draw_last
    for draw in (menus.draw_first, menus.draw_last):
        assert [text for kind, text in drawn(draw) if kind != "separator"] == ["FOLEY_MT_foley"]


def test_round_the_mouse_stand_eight_of_the_entries_and_in_the_tab_all(cut, film):
    cut.place(film)
    pie = operators(cut.addon.ui.menus.FOLEY_MT_pie.draw)
    assert len(pie) == len(set(pie)) == 8
    assert set(pie) < set(ENTRIES)
    shown = [text for text in operators(cut.addon.ui.sidebar.FOLEY_PT_panel.draw) if text != "foley.open_log"]
    assert sorted(shown) == sorted(ENTRIES)


def test_whatever_is_offered_exists_and_says_what_it_does(cut):
    for entry in ENTRIES:
        assert operator(entry).get_rna_type().description


def test_without_a_strip_only_the_list_of_sounds_can_be_opened(cut):
    assert usable() == {"foley.sounds"}
    assert "Add a film first" in why_not("foley.score")
    assert "Select one film strip" in why_not("foley.generate")


def test_a_picture_without_a_sound_can_only_be_given_one(cut, film):
    cut.place(film)
    anyway = {"foley.score", "foley.sounds"}
    assert usable() == {"foley.generate", "foley.set_prompt", "foley.hits_from_markers", *anyway}
    assert "'Clip' has no sound yet. Use Generate" in why_not("foley.new_take")
    cut.select()
    assert usable() == anyway
    assert "No strip is selected" in why_not("foley.generate")


def test_a_sound_strip_is_no_picture(cut, sound):
    assert "Select a film strip" in why_not("foley.generate")
    assert {"foley.regenerate", "foley.new_take", "foley.show_impacts"} <= usable()


def test_the_picture_of_a_sound_is_as_good_as_the_sound(cut, sound):
    (clip,) = [strip for strip in cut.strips if strip.type == "MOVIE"]
    cut.select(clip)
    assert usable() == {*ENTRIES} - {"foley.region"}
    cut.strips.remove(sound)
    assert "[no_take]" in why_not("foley.regenerate")


def test_a_sound_that_is_still_being_made_is_waited_for(cut, film):
    cut.place(film)
    job = cut.generate("slow 600", engine="faulty")
    assert "still being made" in why_not("foley.new_take")
    cut.queue.cancel(job)
    cut.finish()
    assert "[no_take]" in why_not("foley.new_take")


def test_a_part_must_be_chosen_first(cut, sound):
    assert "Press P" in why_not("foley.region")
    cut.scene.use_preview_range = True
    assert "foley.region" in usable()


def test_a_muted_picture_is_told_as_such(cut, film):
    cut.place(film).mute = True
    assert "Unmute it" in why_not("foley.generate")


def test_asking_whether_an_entry_is_grey_reads_no_file(cut, film, monkeypatch):
    clip = cut.place(film)
    move(clip, 5)
    monkeypatch.setattr("os.path.isfile", lambda _path: pytest.fail("a file is looked for"))
    assert operator("foley.generate").poll()


EVERYWHERE = {
    *("Window", "Screen", "Screen Editing", "Frames", "Markers", "View2D"),
    *("Animation", "Time Scrub", "User Interface"),
}
"""Keymaps that hold over a timeline beside its own."""


def taken(keymaps):
    """The keys with letters that are in use over a timeline: letter, shift, ctrl, alt."""
    return {
        (event["type"], *(bool(event.get(modifier)) for modifier in ("shift", "ctrl", "alt")))
        for name, place, items in keymaps
        if place["space_type"] == "SEQUENCE_EDITOR" or name in EVERYWHERE
        for _operator, event, *_ in items["items"]
    }


@pytest.mark.parametrize("keys", ["blender_default", "industry_compatible_data"])
def test_the_keys_are_free_in_both_of_blender_s_own_sets(cut, keys):
    (path,) = Path(bpy.utils.system_resource("SCRIPTS")).rglob(f"keymap_data/{keys}.py")
    spec = importlib.util.spec_from_file_location(keys, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    used = taken(module.generate_keymaps(module.Params()))
    assert ("X", False, False, False) in used
    for shortcut in cut.addon.ui.shortcuts.SHORTCUTS:
        key = shortcut.key
        assert (key["type"], *(key.get(name, False) for name in ("shift", "ctrl", "alt"))) not in used


def ours():
    """Our keys, as Blender has them."""
    keymap = bpy.context.window_manager.keyconfigs.addon.keymaps.get("Sequencer")
    return [(item.idname, item.type, item.shift, item.alt) for item in keymap.keymap_items] if keymap else []


def test_there_are_two_keys_and_they_go_with_the_add_on(cut):
    import addon_utils

    assert ours() == [("wm.call_menu_pie", "F", 1, 0), ("foley.generate", "F", 1, 1)]
    addon_utils.disable(cut.addon.__name__)
    assert ours() == []
    addon_utils.enable(cut.addon.__name__)
    assert len(ours()) == 2
    cut.addon = sys.modules[cut.addon.__name__]
