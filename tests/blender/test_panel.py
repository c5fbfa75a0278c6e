"""What the user sees: the tab Foley through a job's life."""

from pathlib import Path
from types import SimpleNamespace

import bpy
import pytest
from asked import ask
from drawn import Drawn

DEMO = Path(__file__).parent.parent.parent / "installers" / "demo" / "demo.mp4"

pytestmark = pytest.mark.each_blender


def texts(cut, *parts):
    """What these parts of the tab show now; all of them where none is named."""
    layout = Drawn()
    window = bpy.context.window_manager.windows[0]
    area = window.screen.areas[0]
    area.type = "SEQUENCE_EDITOR"
    area.spaces.active.show_region_ui = True
    region = next(region for region in area.regions if region.type == "UI")
    sidebar = cut.addon.ui.sidebar
    panels = [getattr(sidebar, "FOLEY_PT_" + part) for part in parts] or sidebar.CLASSES
    with bpy.context.temp_override(window=window, area=area, region=region):
        for panel in panels:
            if panel.poll(bpy.context):
                panel.draw(SimpleNamespace(layout=layout), bpy.context)
    return layout.texts


def test_the_panel_follows_a_job(cut, film):
    assert texts(cut, "backend")[0] == ("label", "Starts when needed")
    assert texts(cut, "queue") == texts(cut, "takes") == []
    cut.place(film)
    job = cut.generate("slow 33", engine="faulty")
    cut.until(lambda: cut.queue.running[job].stage == "sound")
    busy = texts(cut, "queue")
    assert ("label", "Clip: slow 33") in busy
    assert any(kind == "progress" and text.startswith("Making the sound") for kind, text in busy)
    assert ("operator", "foley.cancel") in busy
    cut.take()
    assert [text for _, text in texts(cut, "queue") if "foley." in text] == ["foley.show_sound"]
    assert texts(cut, "backend")[0] == ("label", "Ready")


def test_the_panel_says_how_many_jobs_come_first(cut, film):
    cut.place(film)
    for prompt in ("slow 600", "slow 5"):
        cut.generate(prompt, engine="faulty", existing="beside")

    def shown(words):
        return any(kind == "progress" and text.startswith(words) for kind, text in texts(cut, "queue"))

    cut.until(lambda: shown("Waiting, behind 1 job") and shown("Making the sound"))
    cut.queue.cancel_all()
    cut.finish()
    assert texts(cut, "queue") == []


def test_the_panel_shows_what_went_wrong_and_what_waits(cut, film, home):
    clip = cut.place(film)
    cut.generate(engine="faulty")
    cut.strips.remove(clip)
    cut.finish()
    (left,) = cut.queue.unplaced
    shown = [text for _, text in texts(cut, "queue")]
    assert Path(left.path).name in shown
    assert cut.queue.problem in " ".join(shown)
    assert "foley.dismiss" in shown


def test_an_error_is_shown_with_its_code_and_where_the_logs_are(cut, film, home):
    cut.place(film)
    cut.generate("raise", engine="faulty")
    cut.finish()
    shown = texts(cut, "queue")
    lines = " ".join(text for kind, text in shown if kind == "label")
    assert "[engine_failed]" in lines
    assert ("operator", "foley.open_log") in shown
    assert ("operator", "foley.open_log") not in texts(cut, "panel")
    cut.queue.drop(next(iter(cut.queue.failed)))
    shown = texts(cut, "panel")
    assert str(home / "logs") in "".join("".join(text for _, text in shown).split())
    assert ("operator", "foley.open_log") in shown


def test_the_engine_at_work_is_shown_while_the_sidebar_is_open(cut, film, monkeypatch):
    monkeypatch.setattr(cut.addon.jobs.backend_status, "EVERY_SECONDS", 0.0)
    cut.place(film)
    cut.generate("slow 330", engine="faulty")

    def told():
        cut.addon.jobs.backend_status.keep_fresh()
        return ("label", "Engine: faulty on CPU") in texts(cut, "backend")

    cut.until(told)
    cut.until(lambda: cut.addon.jobs.backend_status.keep_fresh() or cut.queue.told.usable)
    assert set(cut.queue.told.usable) >= {"faulty", "procedural"}
    assert "hunyuan" not in cut.queue.told.usable
    cut.queue.cancel_all()
    cut.finish()


def test_a_backend_that_leaves_and_jobs_of_others_are_told(cut):
    cut.queue.told.take_in({"type": "leaving", "mode": "drain"}, ())
    cut.queue.told.others = {"foley command line": 2}
    shown = texts(cut, "backend")
    assert ("label", "Ends once the running job has ended") in shown
    assert ("label", "2 jobs of foley command line") in shown
    cut.queue.told.forget()


def test_a_backend_of_an_older_version_may_say_less_of_its_worker(cut):
    shown = {"": {}, "faulty": {"engine": "faulty"}, "faulty on CPU": {"engine": "faulty", "device": "CPU"}}
    for words, worker in shown.items():
        cut.queue.told.workers = [{"pid": 1, **worker}]
        assert ("label", "Engine: {}".format(words or "none used yet")) in texts(cut, "backend")
    assert cut.queue.told.engines() == []
    cut.queue.told.workers = []


def test_nothing_is_asked_again_while_no_sidebar_is_open(cut, film, monkeypatch):
    monkeypatch.setattr(cut.addon.jobs.backend_status, "EVERY_SECONDS", 0.0)
    cut.place(film)
    cut.generate(engine="faulty")
    cut.take()
    texts(cut, "backend")

    def told():
        cut.addon.jobs.backend_status.keep_fresh()
        return cut.queue.told.usable

    cut.until(told)
    bpy.context.window_manager.windows[0].screen.areas[0].spaces.active.show_region_ui = False
    asked = []
    monkeypatch.setattr(cut.queue.client, "ask", lambda kind, **fields: asked.append(kind))
    cut.addon.jobs.backend_status.keep_fresh()
    assert asked == []
    texts(cut, "backend")
    cut.addon.jobs.backend_status.keep_fresh()
    assert asked == ["list"]


def test_the_picture_of_the_active_take_is_painted_a_little_at_a_time(cut):
    cut.place(DEMO)
    cut.generate(engine="impulse")
    sound = cut.take()
    cut.select(sound)
    waveform = cut.addon.ui.waveform_icon.waveform
    assert ("template_icon", "") in texts(cut, "takes")
    assert waveform.preview is None
    assert waveform.path == bpy.path.abspath(sound.sound.filepath)
    while waveform.step() is not None:
        pass
    pixels = list(waveform.preview.image_pixels_float)
    assert tuple(waveform.preview.image_size) == (160, 160)
    assert len({tuple(pixels[at : at + 4]) for at in range(0, len(pixels), 4)}) == 4


def test_a_take_whose_file_is_gone_has_no_picture(cut, film):
    cut.place(film)
    cut.generate(engine="impulse")
    sound = cut.take()
    cut.select(sound)
    Path(bpy.path.abspath(sound.sound.filepath)).unlink()
    texts(cut, "takes")
    assert cut.addon.ui.waveform_icon.waveform.step() is None
    assert cut.addon.ui.waveform_icon.waveform.preview is None


def test_unknown_words_are_shown_with_the_known_ones_nearest_to_them(cut, film, capfd):
    cut.place(film)
    cut.generate("wood and thundr", engine="procedural")
    cut.select(cut.take())
    cut.addon.ui.telling.tell()
    assert "has its sound: wood and thundr. Unknown words: thundr (nearest:" in capfd.readouterr().out
    for part, other in (("panel", "takes"), ("takes", "panel")):
        said = " ".join(text for kind, text in texts(cut, part) if kind == "label")
        assert "thundr (nearest:" in said
        assert "thundr (nearest:" not in str(texts(cut, other))
        cut.queue.news.note = ""


def test_the_tab_of_a_picture_shows_the_takes_and_the_mix_of_its_sound(cut, film):
    cut.place(film)
    ask(cut, prompt="flash", takes=2, seed=7)
    sound = cut.take()
    cut.select(sound)
    of_sound = texts(cut, "takes", "mix")
    cut.select(cut.strips["Clip"])
    assert texts(cut, "takes", "mix") == of_sound
    assert ("operator", "Take 2: flash (seed 8)") in of_sound
    cut.scene.foley_mix.volume = -20.0
    assert sound.volume == pytest.approx(0.1, rel=1e-4)
    bpy.ops.foley.delete_take(index=0)
    assert ("operator", "Take 2: flash (seed 8)") not in texts(cut, "takes", "mix")


def test_the_tab_of_a_picture_without_a_sound_has_neither(cut, film):
    cut.place(film)
    assert texts(cut, "takes", "mix", "queue") == []


def test_that_nothing_strikes_where_no_impact_is_seen_is_told(stage, capfd):
    stage.select(stage.place_effect("COLOR", 1, 1, 13))
    stage.generate("footsteps on gravel, rain", engine="procedural")
    stage.select(stage.take())
    stage.addon.ui.telling.tell()
    words = "No impact is seen, so footsteps on gravel is not heard: set markers, then Hits from Markers."
    assert words in capfd.readouterr().out
    bpy.ops.foley.dismiss_problem()
    assert words in " ".join(text for _, text in texts(stage, "takes"))


def test_of_a_batch_it_is_told_how_many_shots_have_no_hits(stage):
    clip = stage.place(DEMO)
    blank = [stage.place_effect("COLOR", 1, start, start + 12) for start in (601, 701)]
    stage.select(clip, *blank)
    bpy.ops.foley.generate(prompt="wood, rain", engine="procedural")
    stage.until(lambda: stage.queue.news.lines)
    assert list(stage.queue.news.lines) == ["3 shots scored on Foley, 2 without hits, for no impact is seen."]
