"""The half of `blender_score.py` that runs in Blender: scores a sequence, prints what it found."""

from __future__ import annotations

import gc
import json
import os
import sys
import time
import tracemalloc
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).parent.parent
FOLDER, FILM, SHOTS = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
os.environ["BLENDER_USER_RESOURCES"] = str(FOLDER / "blender")
sys.path[:0] = [str(ROOT / "installers"), str(ROOT / "tests" / "blender")]

import bpy  # noqa: E402, I001 (it makes the next one known)
import addon_utils  # noqa: E402
from build_blender import assemble  # noqa: E402
from cut import Cut, show_scene, where  # noqa: E402

ADD_ON = "bl_ext.user_default.foley"
FRAMES, IN = 8, 27
TICK, TICKS = 0.1, 50


class Blank:
    """A layout on which everything can be drawn, and nothing comes of it."""

    def __getattr__(self, _name: str) -> Any:
        return lambda *_texts, **_named: Blank()


def lay_out(cut: Cut) -> list[tuple[int, int]]:
    """The shots, each around the film's flash; gives where they lie."""
    for number in range(SHOTS):
        cut.place(FILM, start=1 + number * FRAMES - IN, trim=IN, frames=FRAMES)
    return sorted(where(strip)[:2] for strip in cut.strips if strip.type == "MOVIE")


def milliseconds(what: Any) -> float:
    """How long a call takes."""
    began = time.perf_counter()
    what()
    return (time.perf_counter() - began) * 1000


def batch(cut: Cut, redraw: Any) -> dict[str, Any]:
    """Score the sequence, ticking as the timer does; gives what it took."""
    began = time.monotonic()
    block = milliseconds(lambda: bpy.ops.foley.score(engine="impulse", seed="7"))
    ticks: list[float] = []
    redraws: list[float] = []
    while cut.jobs.running or cut.jobs.later:
        ticks.append(milliseconds(cut.jobs.pump))
        redraws.append(milliseconds(redraw))
        time.sleep(TICK)
    return {
        "seconds": time.monotonic() - began,
        "block_ms": block,
        "placing_ms": sum(ticks) / len(ticks),
        "worst_ms": max(ticks),
        "ticks": len(ticks),
        "redraw_ms": sum(redraws) / len(redraws),
    }


def running(cut: Cut) -> float:
    """The mean of ticks with the whole batch in the queue, none of it over."""
    bpy.ops.foley.score(engine="faulty", prompt="slow 600")
    while cut.jobs.later or not any(job.progress for job in cut.jobs.running.values()):
        cut.jobs.pump()
    ticks = []
    for _ in range(TICKS):
        time.sleep(TICK)
        ticks.append(milliseconds(cut.jobs.pump))
    bpy.ops.foley.cancel_all()
    while cut.jobs.running:
        cut.jobs.pump()
    return sum(ticks) / TICKS


def held(folder: str) -> float:
    """The memory that the add-on's own lines hold, in KB."""
    gc.collect()
    kept = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, folder + "/*")])
    return sum(one.size for one in kept.statistics("filename")) / 1024


def growth(cut: Cut, redraw: Any, folder: str) -> float:
    """How much more the add-on holds after a batch than after the one before."""
    tracemalloc.start()
    after = []
    for _ in range(2):
        for sound in list(cut.sounds):
            cut.strips.remove(sound)
        batch(cut, redraw)
        after.append(held(folder))
    tracemalloc.stop()
    return after[1] - after[0]


def main() -> None:
    """Do it."""
    installed = FOLDER / "blender" / "extensions" / "user_default" / "foley"
    assemble(installed)
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    show_scene()
    addon = addon_utils.enable(ADD_ON)
    bpy.ops.wm.save_as_mainfile(filepath=str(FOLDER / "project.blend"))
    cut = Cut(addon, FOLDER)
    context = SimpleNamespace(preferences=bpy.context.preferences, region=SimpleNamespace(width=300))
    draw_queue = sys.modules[ADD_ON + ".queue_panel"].draw_queue  # type: Any

    def redraw() -> None:
        draw_queue(Blank(), context)

    shots = lay_out(cut)
    connect = milliseconds(cut.jobs.connect)  # The dialog does so when it opens.
    found = batch(cut, redraw)
    found["connect_ms"] = connect
    placed = sorted(where(sound)[:2] for sound in cut.sounds)
    in_place = len(set(placed) & set(shots))
    found.update(shots=len(shots), in_place=in_place, others=len(placed) - in_place)
    idle = [milliseconds(cut.jobs.pump) for _ in range(TICKS)]
    found.update(idle_ms=sum(idle) / TICKS, running_ms=running(cut))
    found.update(grown_kb=growth(cut, redraw, str(installed)))
    addon_utils.disable(ADD_ON)
    print(json.dumps(found), flush=True)
    os._exit(0)


main()
