"""Odd words, names and records."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import bpy
import pytest
from drawn import Drawn

UMLAUTS = "Schritte über Kies, 雨の音, дверь 🎬"
PROMPTS = ["wood\nstone\r\n\tmetal", UMLAUTS, "../../\"'\\/:*?<>|`$(x)", "🎬" * 40, " ", "con", "x " * 900]


@pytest.mark.parametrize("prompt", PROMPTS)
def test_whatever_words_are_typed_name_a_strip_and_a_file(cut, film, tmp_path, prompt):
    folder = tmp_path / "Ein Ordner, 'schräg' 雨 #1"
    folder.mkdir()
    media = shutil.copy(film, folder / "Ümlaut % 雨.mp4")
    bpy.ops.wm.save_as_mainfile(filepath=str(folder / "Projekt 雨 %20.blend"))
    cut.place(media).name = prompt
    cut.generate(prompt, engine="faulty")
    sound = cut.take()
    assert json.loads(sound["foley_meta"])["prompt"] == prompt
    assert Path(bpy.path.abspath(sound.sound.filepath)).parent == folder / "foley"
    was = sound.name
    cut.select(sound)
    assert bpy.ops.foley.regenerate(prompt="another", engine="faulty") == {"FINISHED"}
    cut.finish()
    assert (cut.sounds[0].name, cut.queue.problem) == ("another", ""), was


BROKEN = [
    "",
    "no JSON {",
    "[]",
    "7",
    "null",
    "{}",
    '{"take": {}}',
    '{"take": 7}',
    '{"take": {"path": 7, "stems": []}, "others": 7, "number": "x"}',
    '{"take": {"path": "/x.wav"}, "others": [7], "number": 1, "prompt": "", "seed": "7"}',
    7,
    0.5,
]
ON_A_SOUND = ["regenerate", "new_take", "region", "choose_take", "delete_take", "reveal_take", "audition"]
ON_A_SOUND += ["show_impacts", "hits_from_markers", "generate", "fit_to_picture"]


@pytest.mark.parametrize("kept", BROKEN)
def test_a_broken_record_on_a_strip_is_none(cut, film, kept):
    cut.place(film)
    cut.generate(engine="faulty")
    sound = cut.take()
    sound["foley_meta"] = kept
    cut.select(sound)
    for name in ON_A_SOUND:
        with pytest.raises(RuntimeError, match=r"(^Error:|poll\(\)) [^\n]+ \[[a-z_]+\]\s*$"):
            getattr(bpy.ops.foley, name)()
    draw_all(cut)


def test_a_record_whose_files_are_gone_can_still_be_worked_with(cut, film):
    cut.place(film)
    cut.generate(engine="faulty", takes=2)
    sound = cut.take()
    for path in (cut.folder / "foley").glob("*.*"):
        if path.is_file():
            path.unlink()
    cut.select(sound)
    draw_all(cut)
    for name in ("choose_take", "reveal_take"):
        with pytest.raises(RuntimeError, match=r"\[take_missing\]"):
            getattr(bpy.ops.foley, name)()
    assert bpy.ops.foley.delete_take(index=0) == {"FINISHED"}
    assert bpy.ops.foley.new_take() == {"FINISHED"}
    cut.finish()
    assert cut.queue.problem == ""
    assert Path(bpy.path.abspath(sound.sound.filepath)).is_file()


def draw_all(cut):
    """Draw the whole tab and our menus."""
    layout = Drawn()
    window = bpy.context.window_manager.windows[0]
    area = window.screen.areas[0]
    area.type = "SEQUENCE_EDITOR"
    region = next(region for region in area.regions if region.type == "UI")
    ours = [getattr(bpy.types, name) for name in dir(bpy.types) if name.startswith(("FOLEY_PT", "FOLEY_MT"))]
    with bpy.context.temp_override(window=window, area=area, region=region):
        for kind in ours:
            kind.draw(SimpleNamespace(layout=layout), bpy.context)
