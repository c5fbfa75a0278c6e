"""Runs inside Blender, as its `--python` script: does what the tests ask for, in the program's own window.

What to do comes in `ask.json`, in the folder named by FOLEY_UI_FOLDER: the name of a function, below or in
`project.py`, and what it is given. What it gives comes back in `answer.json`, or what went wrong. Mouse and
keys are simulated by Blender's own `event_simulate`, one event per beat, so that its window works through
each before the next; a question is answered once all of them are.
"""

import json
import os
import sys
import traceback
from pathlib import Path

import addon_utils
import bpy

FOLDER = Path(os.environ["FOLEY_UI_FOLDER"])
ADDON = "bl_ext.user_default.foley"
BEAT = 0.05
DIGITS = ["ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE"]
KEYS = {" ": "SPACE", ",": "COMMA", ".": "PERIOD", "-": "MINUS"}
KEYS.update(zip("0123456789", DIGITS, strict=True))

sys.path.insert(0, str(FOLDER))
import project  # noqa: E402

events = []
place = [400, 300]


def point_at(name):
    """Move the mouse onto a strip."""
    strip = project.strips()[name]
    area = project.timeline()
    main = project.region(area)
    x, y = main.view2d.view_to_region(sum(project.span(strip)) / 2, strip.channel + 0.75, clip=False)
    move(main.x + x, main.y + y)


def move(x, y):
    place[:] = [int(x), int(y)]
    for step in (2, 0):
        send("MOUSEMOVE", "NOTHING", x=place[0] - step)


def shift_mouse(right):
    """Move the mouse from where it is, in steps, as a hand does."""
    for _ in range(10):
        move(place[0] + right / 10, place[1])


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
            project.window().event_simulate(**event)
    elif (FOLDER / "ask.json").exists():
        _answer()
    return BEAT


def _answer():
    asked = json.loads((FOLDER / "ask.json").read_text(encoding="utf-8"))
    (FOLDER / "ask.json").unlink()
    does = globals().get(asked["do"]) or getattr(project, asked["do"])
    try:
        told = {"answer": does(*asked["with"], **asked["more"])}
    except Exception:
        told = {"error": traceback.format_exc()}
    (FOLDER / "answer.new").write_text(json.dumps(told), encoding="utf-8")
    (FOLDER / "answer.new").replace(FOLDER / "answer.json")


bpy.context.preferences.view.show_splash = False
addon_utils.enable(ADDON, default_set=True, persistent=True)
bpy.app.timers.register(_work, persistent=True)
