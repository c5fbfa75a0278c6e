"""The engines in the dialog: a list with their devices, and the way to those that cannot be used yet."""

from pathlib import Path
from types import SimpleNamespace

import bpy
import pytest
from cut import BACKEND_PYTHON
from drawn import Drawn


@pytest.fixture
def told(cut, film, monkeypatch):
    """A backend that has told of its engines."""
    monkeypatch.setattr(cut.addon.jobs.backend_status, "EVERY_SECONDS", 0.0)
    cut.place(film)
    cut.queue.connect()
    cut.until(lambda: cut.addon.jobs.backend_status.keep_fresh() or cut.queue.told.known)
    return cut.queue.told


@pytest.fixture
def asked(cut):
    """The properties of the dialog."""
    properties = bpy.context.window_manager.operator_properties_last("foley.generate")
    properties.engine = "auto"
    yield properties
    properties.engine = "auto"


def listed(cut, asked):
    """What the list shows, by what is asked for."""
    return {item[0]: item[1] for item in cut.addon.ui.engines._items(asked, bpy.context)}


def lack(cut, asked):
    """What is drawn under the list where the engine that is chosen cannot be used."""
    layout = Drawn()
    cut.addon.ui.engines.draw_lack(layout, SimpleNamespace(engine=asked.engine))
    return layout.texts


def test_the_list_tells_where_an_engine_works_and_which_needs_weights(cut, told, asked):
    shown = listed(cut, asked)
    assert next(iter(shown)) == "auto"
    assert shown["procedural"] == "procedural, CPU"
    assert shown["hunyuan"] == "hunyuan (needs weights)"


def test_choosing_from_the_list_is_naming_the_engine(cut, told, asked):
    assert asked.offered_engine == "auto"
    asked.offered_engine = "procedural"
    assert asked.engine == "procedural"
    asked.engine = "impulse"
    assert asked.offered_engine == "impulse"
    asked.offered_engine = "auto"
    assert asked.engine == "auto"


def test_before_the_backend_tells_there_is_what_was_chosen_and_automatic(cut, asked):
    asked.engine = "procedural"
    assert listed(cut, asked) == {"auto": "Automatic", "procedural": "procedural"}
    assert lack(cut, asked) == []


def test_an_engine_that_is_not_there_can_be_named_and_is_listed_as_such(cut, told, asked):
    asked.engine = "orchestra"
    assert listed(cut, asked)["orchestra"] == "orchestra (cannot be used)"
    assert asked.offered_engine == "orchestra"
    assert any("no engine of that name" in text for _, text in lack(cut, asked))
    cut.generate("wood", engine="orchestra")
    cut.finish()
    assert cut.queue.problem.endswith("[engine_unknown]")


def test_an_engine_without_weights_leads_to_the_command_that_gets_them(cut, told, asked, capfd):
    asked.engine = "hunyuan"
    shown = lack(cut, asked)
    assert any("hunyuanvideo_foley" in text for _, text in shown)
    assert ("operator", "foley.get_engine") in shown
    assert bpy.ops.foley.get_engine(engine="hunyuan") == {"FINISHED"}
    assert f"{Path(BACKEND_PYTHON).parent / 'foley'} models pull" in capfd.readouterr().out
    asked.engine = "procedural"
    assert lack(cut, asked) == []


def test_an_engine_that_nobody_knows_leads_nowhere(cut, told):
    with pytest.raises(RuntimeError, match="no_such_engine"):
        bpy.ops.foley.get_engine(engine="orchestra")


def test_opening_the_dialog_asks_anew_which_engines_there_are(cut, told):
    told.known = []
    cut.addon.jobs.backend_status.ask_for_engines()
    cut.until(lambda: told.known)
    assert "procedural" in told.usable
