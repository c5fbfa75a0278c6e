"""The half of `blender_operators.py` that runs in Blender: runs each operator, prints how long each took."""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from blender_project import end, milliseconds, open_project, part, tick, ticks

import bpy  # isort: skip
from cut import Cut, where  # isort: skip

FILM = sys.argv[2]
ROUNDS, FRAMES, TRIM = 4, 60, 30
LARGE = 100_000_000
"""Bytes of a rendered copy of half an hour."""
SCORED = {"50": 1, "51": 20, "52": 200}
"""Channels, and how many clips lie on each."""


class Unset(SimpleNamespace):
    """Stands for the properties of an operator whose dialog is about to be opened."""

    def is_property_set(self, _name: str) -> bool:
        """None is."""
        return False


class Measured:
    """The project, and how long everything took in it, in milliseconds."""

    def __init__(self, cut: Cut) -> None:
        self.cut = cut
        self.took: dict[str, list[float]] = defaultdict(list)

    def time(self, name: str, what: Callable[[], object]) -> Any:
        """Do something once; gives what it gives."""
        given: list[object] = []
        self.took[name].append(milliseconds(lambda: given.append(what())))
        return given[0]

    def run(self, name: str, what: str = "", **values: Any) -> None:
        """Run an operator."""
        operator = getattr(bpy.ops.foley, name)
        self.time(f"foley.{name}{what}", lambda: operator(**values))

    def finish(self, what: str = "") -> None:
        """Tick as the timer does until no job is left. A tick that places one is told from others."""
        queue = self.cut.queue
        while queue.running or queue.later or queue.held.may_go_on:
            left = len(queue.running)
            took = milliseconds(tick)
            placed = what and len(queue.running) < left
            self.took[f"tick that {what}" if placed else "any other tick"].append(took)
            time.sleep(0.02)


def before_the_dialog(cut: Cut) -> None:
    """What Generate does before its dialog is there."""
    part("timeline.selection").picture(bpy.context)
    part("ui.settings").prefill(cut.scene, part("timeline.selection").picture_strip(bpy.context), Unset())
    cut.queue.connect()


def takes(measured: Measured, at: int) -> None:
    """All that can be done about a clip and its takes."""
    cut = measured.cut
    clip = cut.place(FILM, start=at - TRIM, trim=TRIM, frames=FRAMES)
    measured.time("before the dialog of foley.generate", lambda: before_the_dialog(cut))
    measured.run("set_prompt", prompt="wood")
    assert part("timeline.selection").picture(bpy.context).render is None
    measured.run("generate", prompt="wood", seed="1")
    measured.finish("places a take")
    measured.run("new_take")
    measured.finish("swaps a take in")
    measured.run("regenerate", prompt="metal")
    measured.finish("swaps a take in")
    measured.run("choose_take", index=0)
    measured.run("delete_take", index=0)
    measured.run("audition")
    measured.run("show_impacts")
    measured.run("hits_from_markers")
    measured.finish("swaps a take in")
    cut.scene.use_preview_range = True
    cut.scene.frame_preview_start = where(clip).start + 20
    cut.scene.frame_preview_end = where(clip).start + 39
    measured.run("region")
    measured.finish("joins a part")
    cut.scene.use_preview_range = False


def layers(measured: Measured, at: int) -> None:
    """A clip with a strip for each layer, all of which are swapped."""
    measured.cut.place(FILM, start=at - TRIM, trim=TRIM, frames=FRAMES)
    measured.run("generate", ", a channel per layer", prompt="wood, rain", seed="1", place="layers")
    measured.finish("places a take's layers")
    measured.run("new_take", ", layers")
    measured.finish("swaps a take's layers in")


def copies(measured: Measured, at: int) -> None:
    """A clip of which a copy must be rendered first, but for the render itself, which Blender does."""
    cut, rendering = measured.cut, part("jobs.rendering")
    clip = cut.place(FILM, start=at - TRIM, trim=TRIM, frames=FRAMES)
    clip.use_reverse_frames = True
    copy = rendering.begin(part("timeline.selection").picture(bpy.context))
    renders, rendering._render = rendering._render, lambda _copy: None
    measured.time("a copy begins", copy._start)
    rendering._render = renders
    Path(copy._path).write_bytes(bytes(LARGE))
    naming = part("core.fingerprint").Fingerprint(copy._path)
    while not measured.time("a copy is named, a tick of it", lambda: naming.step(rendering.STEP_SECONDS)):
        pass
    measured.time("a copy is let go", copy.let_go)
    cut.strips.remove(clip)


def queue(measured: Measured, at: int) -> None:
    """All that can be done about the queue."""
    cut, queue = measured.cut, measured.cut.queue
    measured.run("show_sound", sound=queue.news.made[-1].sound)
    cut.place(FILM, start=at - TRIM, trim=TRIM, frames=FRAMES)
    for _ in range(2):
        bpy.ops.foley.generate(prompt="wood", seed="1", place="foley", existing="beside")
    cut.strips.remove(next(strip for strip in cut.strips if where(strip).start == at))
    measured.finish()
    measured.run("insert", path=queue.unplaced[0].path)
    measured.run("dismiss", path=queue.unplaced[0].path)
    cut.place(FILM, start=at - TRIM, trim=TRIM, frames=FRAMES)
    for _ in range(2):
        cut.generate("raise", engine="faulty", existing="beside")
    measured.finish()
    measured.run("retry", job=next(iter(queue.failed)))
    measured.finish()
    for job in list(queue.failed):
        measured.run("drop", job=job)
    for _ in range(2):
        cut.generate("slow 600", engine="faulty", existing="beside")
    measured.run("cancel", job=next(iter(queue.running)))
    measured.run("cancel_all")
    measured.finish()
    for channels, count in SCORED.items():
        words = f", {count} clip{'s' if count > 1 else ''}"
        measured.run("score", words, channels=channels, engine="impulse", place="foley")
        measured.run("pause", words)
        measured.finish()
        measured.run("resume", words)
        measured.run("cancel_all", words)
        measured.finish()


def running(cut: Cut) -> list[float]:
    """Ticks while one job is being made."""
    job = cut.generate("slow 600", engine="faulty")
    cut.until(lambda: cut.queue.running[job].progress > 0)
    took = ticks()
    bpy.ops.foley.cancel_all()
    cut.until(lambda: not cut.queue.running)
    return took


def lay_out(cut: Cut) -> None:
    """The clips that are scored, in a project of the film's rate and size."""
    cut.set_rate(30)
    cut.scene.render.resolution_x, cut.scene.render.resolution_y = 1280, 720
    for channel, count in SCORED.items():
        for number in range(count):
            cut.place(FILM, start=1 + 300 * number, frames=300, channel=int(channel))


def main() -> None:
    """Do it."""
    cut = open_project()
    lay_out(cut)
    measured = Measured(cut)
    for number in range(ROUNDS):
        for kind, do in enumerate((takes, layers, copies, queue)):
            do(measured, 100 + (4 * number + kind) * 100)
    found = {"running": running(cut), "idle": ticks()}
    for name in ("start_backend", "restart_backend"):
        measured.run(name)
        cut.until(lambda: cut.queue.backend == "ready")
    found.update(blender=bpy.app.version_string, took=measured.took)
    print(json.dumps(found))
    end()


main()
