"""The half of `blender_score.py` that runs in Blender: scores a sequence, prints what it found."""

from __future__ import annotations

import gc
import json
import sys
import time
import tracemalloc
from typing import Any

from blender_project import INSTALLED, TICK_SECONDS, end, milliseconds, open_project, redraw, tick, ticks

import bpy  # isort: skip
from cut import Cut, where  # isort: skip

FILM, SHOTS = sys.argv[2], int(sys.argv[3])
FRAMES, IN = 8, 27


def lay_out(cut: Cut) -> list[tuple[int, int]]:
    """The shots, each around the film's flash; gives where they lie."""
    for number in range(SHOTS):
        cut.place(FILM, start=1 + number * FRAMES - IN, trim=IN, frames=FRAMES)
    return sorted(where(strip)[:2] for strip in cut.strips if strip.type == "MOVIE")


def batch(cut: Cut) -> dict[str, Any]:
    """Score the sequence, ticking as the timer does; gives what it took."""
    began = time.monotonic()
    block = milliseconds(lambda: bpy.ops.foley.score(engine="impulse", seed="7"))
    took: list[float] = []
    redraws: list[float] = []
    while cut.queue.running or cut.queue.later:
        took.append(milliseconds(tick))
        cut.scene.sequence_editor.active_strip = next(iter(cut.sounds), None)  # The panel shows its takes.
        redraws.append(milliseconds(redraw))
        time.sleep(TICK_SECONDS)
    return {
        "seconds": time.monotonic() - began,
        "block_ms": block,
        "placing_ms": sum(took) / len(took),
        "worst_ms": max(took),
        "ticks": len(took),
        "redraw_ms": sum(redraws) / len(redraws),
        "worst_redraw_ms": max(redraws),
    }


def running(cut: Cut) -> list[float]:
    """Ticks with the whole batch in the queue, none of it over."""
    bpy.ops.foley.score(engine="faulty", prompt="slow 600", existing="regenerate")
    while cut.queue.later or not any(job.progress for job in cut.queue.running.values()):
        cut.queue.pump()
    took = ticks()
    bpy.ops.foley.cancel_all()
    while cut.queue.running:
        cut.queue.pump()
    return took


def held() -> float:
    """The memory that the add-on's own lines hold, in KB."""
    gc.collect()
    kept = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, str(INSTALLED / "*"))])
    return sum(one.size for one in kept.statistics("filename")) / 1024


def growth(cut: Cut) -> float:
    """How much more the add-on holds after a batch than after the one before."""
    tracemalloc.start()
    after = []
    for _ in range(2):
        for sound in list(cut.sounds):
            cut.strips.remove(sound)
        batch(cut)
        after.append(held())
    tracemalloc.stop()
    return after[1] - after[0]


def main() -> None:
    """Do it."""
    cut = open_project()
    shots = lay_out(cut)
    connect = milliseconds(cut.queue.connect)  # The dialog does so when it opens.
    found = batch(cut)
    found["connect_ms"] = connect
    placed = sorted(where(sound)[:2] for sound in cut.sounds)
    in_place = len(set(placed) & set(shots))
    found.update(shots=len(shots), in_place=in_place, others=len(placed) - in_place)
    idle, queued = ticks(), running(cut)
    for name, took in (("idle", idle), ("running", queued)):
        found[name + "_ms"], found[f"worst_{name}_ms"] = sum(took) / len(took), max(took)
    found.update(blender=bpy.app.version_string, grown_kb=growth(cut))
    print(json.dumps(found))
    end()


main()
