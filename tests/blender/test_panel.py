"""What the user sees: the menu entry, and the panel through a job's life."""

from pathlib import Path
from types import SimpleNamespace

import bpy
from drawn import Drawn


def panel_texts(cut):
    """What the panel shows now."""
    layout = Drawn()
    window = bpy.context.window_manager.windows[0]
    area = window.screen.areas[0]
    area.type = "SEQUENCE_EDITOR"
    region = next(region for region in area.regions if region.type == "UI")
    with bpy.context.temp_override(window=window, area=area, region=region):
        cut.addon.panel.FOLEY_PT_panel.draw(SimpleNamespace(layout=layout), bpy.context)
    return layout.texts


def test_the_menus_offer_it_with_its_dialog(cut):
    layout = Drawn()
    cut.addon.operators.draw_menu(SimpleNamespace(layout=layout), bpy.context)
    assert ("operator", "foley.generate") in layout.texts


def test_the_panel_follows_a_job(cut, film):
    idle = panel_texts(cut)
    assert [text for kind, text in idle if kind == "prop"] == ["prompt", "negative", "seed"]
    assert ("operator", "Generate") in idle
    assert idle[-1] == ("label", "Backend: starts when needed")
    cut.place(film)
    job = cut.generate("slow 10", engine="faulty")
    cut.until(lambda: cut.jobs.running[job].stage == "sound")
    busy = panel_texts(cut)
    assert ("label", "slow 10") in busy
    assert ("progress", "sound") in busy
    assert ("operator", "foley.cancel") in busy
    cut.take()
    assert [text for kind, text in panel_texts(cut) if kind == "progress"] == []
    assert panel_texts(cut)[-1] == ("label", "Backend: ready")


def test_the_panel_shows_what_went_wrong_and_what_waits(cut, film):
    clip = cut.place(film)
    cut.generate(engine="faulty")
    cut.strips.remove(clip)
    cut.finish()
    (left,) = cut.jobs.unplaced
    shown = [text for _, text in panel_texts(cut)]
    assert Path(left.path).name in shown
    assert cut.jobs.problem in " ".join(shown)
    assert "foley.dismiss" in shown


def test_the_preferences_say_whether_everything_is_in_place(cut):
    layout = Drawn()
    cut.addon.preferences.FoleyPreferences.draw(SimpleNamespace(layout=layout), bpy.context)
    assert ("label", "Backend installed") in layout.texts
