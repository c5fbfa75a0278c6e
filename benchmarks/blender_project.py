"""A project in Blender with the add-on as it is installed, for the benchmarks; its timer is done by hand.

To be imported first, by a program that gets a folder for everything as its first argument.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).parent.parent
FOLDER = Path(sys.argv[1])
os.environ["BLENDER_USER_RESOURCES"] = str(FOLDER / "blender")
sys.path[:0] = [str(ROOT / "installers"), str(ROOT / "tests" / "blender")]

import bpy  # noqa: E402, I001 (it makes the next one known)
import addon_utils  # noqa: E402
from build_blender import assemble  # noqa: E402
from cut import Cut, show_scene  # noqa: E402

ADD_ON = "bl_ext.user_default.foley"
INSTALLED = FOLDER / "blender" / "extensions" / "user_default" / "foley"
TICK_SECONDS, TICKS = 0.1, 50
_TELLING = cycle((True, False))


class Blank:
    """A layout on which everything can be drawn, and nothing comes of it."""

    def __getattr__(self, _name: str) -> Any:
        return lambda *_texts, **_named: Blank()


def open_project() -> Cut:
    """An empty project that is saved, a timeline with its sidebar, and the add-on in its first second."""
    assemble(INSTALLED)
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    show_scene()
    addon = addon_utils.enable(ADD_ON)
    part("jobs.backend_client").warm_up()  # A timer does so a second after Blender's start.
    bpy.ops.wm.save_as_mainfile(filepath=str(FOLDER / "project.blend"))
    cut = Cut(addon, FOLDER)
    with cut.over_timeline():
        bpy.context.space_data.show_region_ui = True
    return cut


def part(name: str) -> Any:
    """A module of the add-on."""
    return sys.modules[f"{ADD_ON}.{name}"]


def milliseconds(what: Callable[[], object]) -> float:
    """How long a call takes."""
    began = time.perf_counter()
    what()
    return (time.perf_counter() - began) * 1000


def tick() -> None:
    """What the add-on's timers do in a tenth of a second; that which tells comes every other time."""
    part("jobs.timer")._tick()
    if next(_TELLING):
        part("ui.telling").tell()


def ticks() -> list[float]:
    """How long ticks take, as they come, in milliseconds."""
    took = []
    for _ in range(TICKS):
        time.sleep(TICK_SECONDS)
        took.append(milliseconds(tick))
    return took


def redraw() -> None:
    """Draw all panels of the sidebar."""
    region, context = SimpleNamespace(width=300), bpy.context
    scene = part("timeline.compat").scene_of(context)
    where = {"preferences": context.preferences, "scene": scene, "region": region}
    for panel in part("ui.sidebar").CLASSES:
        panel.draw(SimpleNamespace(layout=Blank()), SimpleNamespace(**where))


def end() -> None:
    """End this process at once; what Blender does at its end takes longer, and may hang."""
    addon_utils.disable(ADD_ON)
    sys.stdout.flush()
    os._exit(0)
