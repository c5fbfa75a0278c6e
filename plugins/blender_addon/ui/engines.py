# SPDX-License-Identifier: GPL-3.0-or-later
"""The engines as a list in the dialog: where each works, and what helps where one cannot be used yet.

The wish itself stays a text: a script may name any engine, and the backend tells of one that is not there.
"""

import json
import os
import re
import textwrap
from typing import Any, List, Optional, Tuple

import bpy
from bpy.props import EnumProperty, StringProperty

from ..core.problem import Problem
from ..core.told import Engine
from ..core.wishes import AUTO
from ..jobs.queue import queue
from .operator_bases import NoUndoOperator

_BEST = "The neural engine where its weights and a graphics card are there, else the built-in one"
_LETTERS = 60
"""As many fit on a line of the dialog."""
_COMMAND = re.compile("`(foley [^`]+)`")

_kept: List[Tuple[str, str, str, str, int]] = []
"""Blender shows garbage where nobody else keeps the texts of a list."""


def _offered(asked: Any) -> List[Engine]:
    """The engines that the backend tells of; one that was named and is not among them comes last."""
    told = queue.told.engines()
    named = getattr(asked, "engine", AUTO)
    if named != AUTO and named not in [engine.name for engine in told]:
        missing = "The backend has no engine of that name." if told else ""
        told.append(Engine(named, not missing, missing))
    return told


def _items(asked: Any, _context: Any) -> List[Tuple[str, str, str, str, int]]:
    listed = [
        (engine.name, label(engine), engine.why, "NONE" if engine.usable else "ERROR", at)
        for at, engine in enumerate(_offered(asked), 1)
    ]
    _kept[:] = [(AUTO, "Automatic", _BEST, "NONE", 0), *listed]
    return _kept


def _chosen(asked: Any) -> int:
    return [AUTO, *(engine.name for engine in _offered(asked))].index(asked.engine)


def _choose(asked: Any, at: int) -> None:
    asked.engine = [AUTO, *(engine.name for engine in _offered(asked))][at]


class HasEngineList:
    """Offers the engines. For any class that has an engine."""

    offered_engine: EnumProperty(
        name="Engine",
        description="What makes the sound",
        items=_items,
        get=_chosen,
        set=_choose,
        options={"SKIP_SAVE", "HIDDEN"},
    )


def label(engine: Engine) -> str:
    """Its name, where it works, or that it cannot be used yet."""
    if engine.usable:
        return ", ".join(part for part in (engine.name, engine.device) if part)
    lacks = "needs weights" if _COMMAND.search(engine.hint) else "cannot be used"
    return "{} ({})".format(engine.name, lacks)


def draw(layout: Any, asked: Any) -> None:
    """The list, and what the one lacks that is chosen."""
    layout.prop(asked, "offered_engine")
    draw_lack(layout, asked)


def draw_backend(layout: Any) -> None:
    """That no backend is there, where that is known; its report says what helps."""
    if queue.backend == "broken":
        layout.label(text="No backend can be reached. Go on, and it is told what helps.", icon="ERROR")


def draw_lack(layout: Any, asked: Any) -> None:
    """Why the engine that is chosen cannot be used, and the way to get what it lacks."""
    lacking = [one for one in _offered(asked) if one.name == asked.engine and not one.usable]
    for engine in lacking:
        box = layout.box()
        column = box.column(align=True)
        for at, line in enumerate(textwrap.wrap(engine.why, _LETTERS, break_on_hyphens=False)):
            column.label(text=line, icon="BLANK1" if at else "ERROR")
        if engine.hint:
            box.operator("foley.get_engine", icon="COPYDOWN").engine = engine.name


class FOLEY_OT_get_engine(NoUndoOperator, bpy.types.Operator):
    """Copy the command that fetches what this engine lacks, to be run in a terminal"""

    bl_idname = "foley.get_engine"
    bl_label = "Copy the Command That Gets It"

    engine: StringProperty(options={"HIDDEN"})

    def run(self, context: Any) -> str:
        """Copy it, or say what else is to be done."""
        found = [one for one in queue.told.engines() if one.name == self.engine]
        if not found:
            message = "The backend does not tell of an engine {!r}.".format(self.engine)
            raise Problem("no_such_engine", message, "Choose one from the list.")
        command = _COMMAND.search(found[0].hint)
        if command is None:
            return found[0].hint or "The engine {!r} can be used.".format(self.engine)
        context.window_manager.clipboard = here = _on_this_machine(command[1])
        return "Copied: {}. Run it in a terminal.".format(here)


def _on_this_machine(command: str) -> str:
    """A command of `foley` with the program's full path, where it lies beside the backend's own Python."""
    program, _, rest = command.partition(" ")
    folder = os.path.dirname(_backend_program() or "")
    for name in (program, program + ".exe"):
        if folder and os.path.isfile(os.path.join(folder, name)):
            path = os.path.join(folder, name)
            return "{} {}".format('"{}"'.format(path) if " " in path else path, rest)
    return command


def _backend_program() -> Optional[str]:
    try:
        from .. import foley_client

        kept = json.loads((foley_client.home() / "launch.json").read_text(encoding="utf-8"))
        return str(kept["command"][0])
    except (ImportError, OSError, ValueError, KeyError, IndexError, TypeError):
        return None


CLASSES = (FOLEY_OT_get_engine,)
