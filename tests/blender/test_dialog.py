"""What is asked: prefilled, sent, kept, repeated; and the preferences that stand behind it."""

import json
import os
import shlex
import signal
import time
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import bpy
import pytest
from cut import BACKEND_PYTHON
from drawn import Drawn


@pytest.fixture
def preferences(cut):
    """The add-on's preferences, which Blender keeps where the user has switched the add-on on."""
    entry = bpy.context.preferences.addons.new()
    entry.module = cut.addon.__name__
    yield entry.preferences
    bpy.context.preferences.addons.remove(entry)


class Asked(dict):
    """Stands for an operator's properties that nobody has set."""

    is_property_set = dict.__contains__

    def __getattr__(self, name):
        return self[name]

    __setattr__ = dict.__setitem__


def pid_of(home):
    """The process number of the backend of that folder; none while there is none."""
    try:
        return json.loads((home / "connection.json").read_text())["pid"]
    except FileNotFoundError:
        return None


def end(home):
    """End the backend of that folder."""
    os.kill(pid_of(home), signal.SIGTERM)
    for _ in range(400):
        if pid_of(home) is None:
            return
        time.sleep(0.05)


def prefilled(cut):
    """What the dialog has before the user types."""
    asked, strip = Asked(), cut.addon.timeline.selection.picture_strip(bpy.context)
    cut.addon.ui.settings.prefill(cut.scene, strip, asked)
    return asked


def dialog(operator):
    """The properties of an operator, as its dialog has them."""
    return bpy.context.window_manager.operator_properties_last(operator)


def drawn_by(cut, operator):
    """What the dialog draws."""
    layout = Drawn()
    cls = getattr(cut.addon.ui.generate_ops, operator, None) or getattr(cut.addon.ui.retake_ops, operator)
    asked = dialog(cls.bl_idname)
    names = [*cut.addon.ui.settings.HasWishes.__annotations__, *asked.bl_rna.properties.keys()]
    values = {name: getattr(asked, name) for name in names if name != "rna_type"}
    cls.draw(SimpleNamespace(**values, layout=layout, bl_rna=asked.bl_rna), bpy.context)
    return layout.texts


def fields(cut, operator):
    """The dialog's properties."""
    return [text for kind, text in drawn_by(cut, operator) if kind == "prop"]


SHORT = ["prompt", "offered_prompt", "show_sounds", "offered_preset", "layers", "takes"]


def test_the_dialog_is_short_and_the_rest_is_folded(cut):
    for operator in ("FOLEY_OT_generate", "FOLEY_OT_regenerate"):
        assert fields(cut, operator) == [*SHORT, "More"]


def test_unfolded_it_asks_for_everything_and_stays_so_in_the_scene(cut):
    dialog("foley.generate").more = True
    rest = ["More", "negative", "seed", "offered_engine", "alignment", "use_loudness", "hear_first"]
    assert fields(cut, "FOLEY_OT_generate") == [*SHORT, *rest, "handles", "place", "own_sound", "preset"]
    assert fields(cut, "FOLEY_OT_regenerate") == [*SHORT, *rest, "preset"]
    assert cut.scene.foley.more


def test_what_is_folded_and_not_as_usual_is_told(cut):
    asked = dialog("foley.generate")
    asked.seed, asked.use_loudness, asked.loudness, asked.handles = "5", True, -40.0, 2.0
    assert "More: seed 5, -40 LUFS, handles 2 s" in fields(cut, "FOLEY_OT_generate")


def test_times_and_levels_have_their_units(cut):
    known = bpy.ops.foley.generate.get_rna_type().properties
    assert known["handles"].unit == "TIME_ABSOLUTE"
    assert "LUFS" in known["loudness"].name


def test_every_wish_reaches_the_backend(cut, film):
    cut.place(film, trim=24, frames=48)
    cut.generate(
        "wood",
        negative="birds",
        layers={"hits", "ambience"},
        seed="11",
        takes=2,
        alignment="snap",
        use_loudness=True,
        loudness=-20.0,
        handles=0.1,
    )
    kept = json.loads(cut.finish()[0]["foley_meta"])
    assert len(kept["others"]) == 1
    cue = kept["take"]["cue"]
    assert (cue["prompt"], cue["negative"], cue["engine"]) == ("wood", "birds", "impulse")
    assert cue["layers"] == ["hits", "ambience"]
    assert (cue["seed"], cue["alignment"], cue["loudness"]) == (11, "snap", -20.0)
    assert Fraction(cue["handles"]) == Fraction(3, 24)


def test_what_was_asked_last_is_prefilled_also_after_saving(cut, film, tmp_path):
    cut.place(film)
    cut.generate("wood", negative="birds", seed="11", handles=2.0, place="new", layers={"hits"})
    cut.finish()
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "again.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "again.blend"))
    asked = prefilled(cut)
    assert (asked.prompt, asked.negative, asked.seed) == ("wood", "birds", "11")
    assert (asked.handles, asked.place, asked.layers) == (2.0, "new", {"hits"})


def test_a_picture_keeps_the_prompt_that_it_was_given(cut, film):
    first, second = cut.place(film), cut.place(film, start=200)
    cut.select(first)
    cut.generate("one", engine="faulty")
    cut.select(second)
    assert prefilled(cut).prompt == "one"
    cut.generate("two", engine="faulty")
    cut.finish()
    cut.select(first)
    assert prefilled(cut).prompt == first["foley_prompt"] == "one"
    cut.select(second)
    assert prefilled(cut).prompt == second["foley_prompt"] == "two"


def test_prompts_can_be_given_to_clips_without_making_sound(cut, film):
    clips = [cut.place(film), cut.place(film, start=200), cut.place(film, start=400)]
    for clip in clips[:2]:
        clip.select = True
    clips[2].select = False
    cut.scene.sequence_editor.active_strip = clips[0]
    assert bpy.ops.foley.set_prompt(prompt="rain") == {"FINISHED"}
    assert [clip.get("foley_prompt") for clip in clips] == ["rain", "rain", None]
    assert not cut.queue.running
    for clip in clips:
        clip.select = False
    assert not bpy.ops.foley.set_prompt.poll()


def test_generating_again_without_saying_more_asks_for_the_same(cut, film):
    cut.place(film)
    cut.generate("wood", seed="11", takes=2, engine="faulty")
    cut.finish()
    assert bpy.ops.foley.generate() == {"FINISHED"}
    (job,) = cut.queue.running.values()
    assert (job.wishes.prompt, job.wishes.seed, job.wishes.takes) == ("wood", 11, 2)
    assert job.wishes.engine == "faulty"
    cut.finish()


def test_what_is_refused_changes_nothing(cut, film):
    clip = cut.place(film)
    cut.generate("wood", engine="faulty")
    cut.finish()
    with pytest.raises(RuntimeError, match="bad_seed"):
        bpy.ops.foley.generate(prompt="glass", seed="seven")
    with pytest.raises(RuntimeError, match="bad_layers"):
        bpy.ops.foley.generate(prompt="glass", layers=set())
    assert clip["foley_prompt"] == "wood"
    assert prefilled(cut).prompt == "wood"
    assert not cut.queue.running


def test_the_prompts_used_lately_are_offered_newest_first_and_twenty_at_most(cut, film, preferences):
    clip = cut.place(film)
    cut.generate("glass", engine="faulty")
    cut.generate("wood", engine="faulty", existing="beside")
    cut.generate("glass", engine="faulty", existing="beside")
    prompts = cut.addon.ui.prompts
    asked = dialog("foley.generate")
    asked.offered_prompt = "2"
    assert (asked.prompt, asked.offered_prompt) == ("wood", "none")
    asked.offered_prompt = "1"
    assert (asked.prompt, asked.offered_prompt) == ("glass", "none")
    assert bpy.context.preferences.is_dirty
    for number in range(25):
        prompts.remember(f"prompt {number}")
    prompts.remember("")
    assert prompts.used() == [f"prompt {number}" for number in range(24, 4, -1)]
    assert asked.offered_prompt == "none"
    preferences.prompts = "not a list"
    assert prompts.used() == []
    assert clip["foley_prompt"] == "glass"
    cut.finish()


def test_the_preferences_say_what_is_asked_for_unless_the_project_does(cut, film, preferences):
    preferences.engine, preferences.handles, preferences.place = "faulty", 0.5, "new"
    preferences.use_loudness, preferences.loudness = True, -30.0
    asked = prefilled(cut)
    assert (asked.engine, asked.handles, asked.place) == ("faulty", 0.5, "new")
    assert (asked.use_loudness, asked.loudness) == (True, -30.0)
    cut.place(film)
    cut.generate(engine="impulse", handles=2.0)
    cut.finish()
    asked = prefilled(cut)
    assert (asked.engine, asked.handles, asked.loudness) == ("impulse", 2.0, -30.0)


def test_takes_go_to_the_folder_that_is_preferred(cut, film, preferences, tmp_path):
    preferences.folder = str(tmp_path / "takes")
    cut.place(film)
    cut.generate()
    sound = cut.take()
    assert Path(bpy.path.abspath(sound.sound.filepath)).parent == tmp_path / "takes"


def test_the_backend_is_started_by_the_command_that_is_preferred(
    cut, film, preferences, tmp_path, monkeypatch
):
    own = tmp_path / "own home"
    own.mkdir()
    monkeypatch.setenv("FOLEY_HOME", str(own))
    preferences.command = f"{shlex.quote(BACKEND_PYTHON)} -m backend serve"
    cut.place(film)
    cut.generate()
    cut.take()
    end(own)


def test_without_auto_start_the_user_is_told_and_start_starts_it(
    cut, film, preferences, tmp_path, home, monkeypatch
):
    own = tmp_path / "own"
    own.mkdir()
    (own / "launch.json").write_text((home / "launch.json").read_text())
    monkeypatch.setenv("FOLEY_HOME", str(own))
    preferences.auto_start = False
    cut.place(film)
    cut.generate()
    cut.finish()
    assert cut.queue.problem.endswith("[backend_absent]")
    assert bpy.ops.foley.start_backend() == {"FINISHED"}
    cut.until(lambda: cut.queue.backend == "ready")
    end(own)


def test_restarting_ends_the_backend_and_finishes_what_it_was_at(cut, film, home):
    cut.place(film)
    job = cut.generate("slow 20", engine="faulty")
    cut.until(lambda: cut.queue.running[job].progress > 0)
    before = pid_of(home)
    assert bpy.ops.foley.restart_backend() == {"FINISHED"}
    assert len(cut.finish()) == 1
    assert pid_of(home) != before


def test_an_idle_backend_is_restarted_too(cut, film, home):
    cut.place(film)
    cut.generate(engine="faulty")
    cut.finish()
    before = pid_of(home)
    bpy.ops.foley.restart_backend()

    def anew():
        cut.addon.jobs.backend_status.keep_fresh()
        found = home / "connection.json"
        return (
            cut.queue.backend == "ready" and found.exists() and json.loads(found.read_text())["pid"] != before
        )

    cut.until(anew)


def test_a_command_that_cannot_be_read_is_said_so(cut, film, preferences):
    preferences.command = "python 'unclosed"
    cut.place(film)
    with pytest.raises(RuntimeError, match="bad_command"):
        bpy.ops.foley.generate()


def test_the_newest_log_is_found(cut, film, tmp_path, monkeypatch):
    monkeypatch.setenv("FOLEY_HOME", str(tmp_path))
    with pytest.raises(RuntimeError, match="no_log"):
        bpy.ops.foley.open_log()
    (tmp_path / "logs").mkdir()
    for age, name in enumerate(["worker.log", "broker.log"]):
        (tmp_path / "logs" / name).write_text("")
        os.utime(tmp_path / "logs" / name, (1_000_000 - age, 1_000_000 - age))
    assert cut.addon.ui.backend_ops.newest_log() == str(tmp_path / "logs" / "worker.log")


def test_regenerating_changes_the_words_and_keeps_the_rest(cut, film):
    cut.place(film)
    cut.generate("wood", seed="11", negative="birds", handles=0.5, layers={"hits"}, engine="faulty")
    sound = cut.take()
    cut.select(sound)
    assert bpy.ops.foley.regenerate(prompt="glass") == {"FINISHED"}
    (job,) = cut.queue.running.values()
    assert (job.wishes.prompt, job.wishes.negative, job.wishes.seed) == ("glass", "birds", 11)
    assert (job.wishes.handles, job.wishes.layers) == (0.5, ("hits",))
    cut.finish()


def test_regenerating_without_a_change_is_told_and_asks_for_nothing(cut, film):
    cut.place(film)
    cut.generate("wood", handles=0.5, use_loudness=True, loudness=-20.5, engine="faulty")
    cut.select(cut.take())
    with pytest.raises(RuntimeError, match=r"New Take.*\[nothing_changed\]"):
        bpy.ops.foley.regenerate()
    assert not cut.queue.running
    for changed in ({"seed": "8"}, {"takes": 2}, {"layers": {"hits"}}):
        assert bpy.ops.foley.regenerate(**changed) == {"FINISHED"}
    cut.finish()


def test_the_settings_of_any_take_are_taken_over_for_the_next_sound(cut, film):
    cut.place(film)
    cut.generate("wood", negative="birds", layers={"hits"}, seed="11", handles=0.5, engine="faulty")
    cut.select(cut.take())
    bpy.ops.foley.regenerate(prompt="glass", layers={"movement"})
    cut.finish()
    cut.scene.foley.takes = 3
    assert bpy.ops.foley.use_settings(index=0) == {"FINISHED"}
    kept = cut.scene.foley
    assert (kept.prompt, kept.negative, kept.layers, kept.handles) == ("wood", "birds", {"hits"}, 0.5)
    assert (kept.seed, kept.takes, kept.engine) == ("", 3, "faulty")
    assert bpy.ops.foley.use_settings() == {"FINISHED"}
    assert (kept.prompt, kept.layers) == ("glass", {"movement"})
    other = cut.place(film, start=300)
    assert prefilled(cut).prompt == "glass", other
    with pytest.raises(RuntimeError, match="no_take"):
        bpy.ops.foley.use_settings()


def test_a_new_take_has_another_seed(cut, film):
    cut.place(film)
    cut.generate("wood", seed="11", engine="faulty")
    cut.select(cut.take())
    assert bpy.ops.foley.new_take() == {"FINISHED"}
    (job,) = cut.queue.running.values()
    assert (job.wishes.prompt, job.wishes.seed) == ("wood", None)
    cut.finish()


def test_regenerating_where_there_is_no_sound_is_refused(cut, film):
    cut.place(film)
    for operator in (bpy.ops.foley.regenerate, bpy.ops.foley.new_take):
        with pytest.raises(RuntimeError, match="no_take"):
            operator()


def test_no_operator_that_makes_sound_asks_again_by_itself(cut):
    for name in ("generate", "regenerate", "new_take", "hits_from_markers", "score"):
        assert "REGISTER" not in getattr(bpy.types, "FOLEY_OT_" + name).bl_options


def test_the_preferences_say_whether_everything_is_in_place(cut, preferences):
    layout = Drawn()
    kind = cut.addon.ui.preferences.FoleyPreferences
    shown = SimpleNamespace(layout=layout, bl_rna=preferences.bl_rna, command="", use_loudness=True)
    kind.draw(shown, bpy.context)
    assert ("label", "Backend installed") in layout.texts
    props = [text for name, text in layout.texts if name == "prop"]
    assert props[:5] == ["command", "auto_start", "folder", "project", "engine"]
    assert "loudness" in props
