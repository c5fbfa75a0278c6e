"""Runs inside Blender, as its `--python` script: does what the tests ask for, in the program's own window.

What to do comes in `ask.json`, in the folder named by FOLEY_UI_FOLDER: the name of a function below and what
it is given. What it gives comes back in `answer.json`, or what went wrong. Mouse and keys are simulated by
Blender's own `event_simulate`, one event per beat, so that its window works through each before the next; a
question is answered once all of them are.
"""

import json
import os
import traceback
from pathlib import Path

import bpy

FOLDER = Path(os.environ["FOLEY_UI_FOLDER"])
BEAT = 0.05
KEYS = {" ": "SPACE", ",": "COMMA", ".": "PERIOD", "-": "MINUS"}

events = []
place = [400, 300]


def window():
    return bpy.context.window_manager.windows[0]


def timeline():
    """The area that shows the timeline."""
    areas = [area for area in window().screen.areas if area.type == "SEQUENCE_EDITOR"]
    return next(area for area in areas if area.spaces.active.view_type == "SEQUENCER")


def region(area, kind="WINDOW"):
    return next(region for region in area.regions if region.type == kind)


def strips():
    """All strips of the open scene, by name."""
    editor = bpy.context.scene.sequence_editor
    found = editor.strips_all if hasattr(editor, "strips_all") else editor.sequences_all
    return {strip.name: strip for strip in found}


def span(strip):
    """First frame of a strip, and the one after its last."""
    if hasattr(strip, "left_handle"):
        return strip.left_handle, strip.right_handle
    return strip.frame_final_start, strip.frame_final_end


def sounds():
    """Names of the sound strips."""
    return [name for name, strip in strips().items() if strip.type == "SOUND"]


def takes():
    """How many takes the one sound strip knows, that in use included."""
    (name,) = sounds()
    return 1 + len(json.loads(strips()[name]["foley_meta"])["others"])


def markers():
    """How many there are on the timeline."""
    return len(bpy.context.scene.timeline_markers)


def select(name):
    """Select a strip alone."""
    for strip in strips().values():
        strip.select = strip.name == name
    bpy.context.scene.sequence_editor.active_strip = strips()[name]
    timeline().tag_redraw()


def open_project(folder, film):
    """A saved project with the film in it, all of it in sight, the sidebar open at our tab."""
    scene = bpy.context.scene
    editor = scene.sequence_editor_create()
    clip = (editor.strips if hasattr(editor, "strips") else editor.sequences).new_movie("Film", film, 1, 1)
    scene.render.fps, scene.render.fps_base = round(clip.fps), 1
    scene.frame_end = span(clip)[1] - 1
    scene.render.resolution_x, scene.render.resolution_y = 1280, 720
    bpy.ops.wm.save_as_mainfile(filepath=folder + "/project.blend")
    timeline().spaces.active.show_region_ui = True
    with bpy.context.temp_override(window=window(), area=timeline(), region=region(timeline())):
        bpy.ops.sequencer.view_all()


def open_tab():
    """Bring our tab of the sidebar to the front."""
    region(timeline(), "UI").active_panel_category = "Foley"
    timeline().tag_redraw()


def point_at(name):
    """Move the mouse onto a strip."""
    strip = strips()[name]
    area = timeline()
    main = region(area)
    x, y = main.view2d.view_to_region(sum(span(strip)) / 2, strip.channel + 0.4, clip=False)
    move(main.x + x, main.y + y)


def move(x, y):
    place[:] = [int(x), int(y)]
    for step in (2, 0):
        send("MOUSEMOVE", "NOTHING", x=place[0] - step)


def press(kind, **more):
    """Press and release a key or a button of the mouse."""
    for value in ("PRESS", "RELEASE"):
        send(kind, value, **more)


def write(text):
    """Type a text, letter by letter."""
    for letter in text:
        kind = KEYS.get(letter, letter.upper())
        send(kind, "PRESS", unicode=letter)
        send(kind, "RELEASE")


def send(kind, value, **more):
    """Simulate one event, where the mouse is."""
    events.append({"type": kind, "value": value, "x": place[0], "y": place[1], **more})


def pause(beats=6):
    events.extend([None] * beats)


def _work():
    if events:
        event = events.pop(0)
        if event is not None:
            window().event_simulate(**event)
    elif (FOLDER / "ask.json").exists():
        _answer()
    return BEAT


def _answer():
    asked = json.loads((FOLDER / "ask.json").read_text(encoding="utf-8"))
    (FOLDER / "ask.json").unlink()
    try:
        told = {"answer": _DOES[asked["do"]](*asked["with"], **asked["more"])}
    except Exception:
        told = {"error": traceback.format_exc()}
    (FOLDER / "answer.new").write_text(json.dumps(told), encoding="utf-8")
    (FOLDER / "answer.new").replace(FOLDER / "answer.json")


_DOES = {
    does.__name__: does
    for does in (
        sounds,
        takes,
        markers,
        select,
        open_project,
        open_tab,
        point_at,
        press,
        write,
        pause,
    )
}
bpy.context.preferences.view.show_splash = False
bpy.app.timers.register(_work, persistent=True)
