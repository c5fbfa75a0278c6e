"""The half of `blender_confirm_to_strip.py` that runs in Blender: asks for takes, and times each."""

from __future__ import annotations

import json
import sys
import time

from blender_project import TICK_SECONDS, end, open_project, tick

import bpy  # isort: skip
from cut import Cut  # isort: skip

FIRST, SECOND = sys.argv[2:4]
RATE, FRAMES = 30, 300


def seconds(cut: Cut, film: str, start: int, prompt: str) -> float:
    """From the button until the sound of a clip lies on the timeline; the timer ticks as in a window."""
    cut.place(film, start=start, frames=FRAMES)
    before, begun = len(cut.sounds), time.perf_counter()
    assert bpy.ops.foley.generate(prompt=prompt, engine="procedural") == {"FINISHED"}
    while len(cut.sounds) == before:
        assert cut.queue.running, cut.queue.problem
        time.sleep(TICK_SECONDS)
        tick()
    return time.perf_counter() - begun


def main() -> None:
    """Do it."""
    cut = open_project()
    cut.set_rate(RATE)
    cut.scene.render.resolution_x, cut.scene.render.resolution_y = 1920, 1080
    took = {
        "cold": seconds(cut, FIRST, 1, "knocks on wood"),
        "warm, a clip that is new": seconds(cut, SECOND, 401, "knocks on wood"),
        "warm, a clip that is known": seconds(cut, SECOND, 801, "a wooden door closes"),
    }
    print(json.dumps({"seconds": took, "blender": bpy.app.version_string}))
    end()


main()
