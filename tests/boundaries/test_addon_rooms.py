"""The rooms of the Blender add-on: each knows those below it, and the lowest knows no Blender."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.boundaries.sources import ROOT, circle, falls_under, files, imports, name, tree

ADD_ON = "plugins/blender_addon"
PACKAGE = ADD_ON.replace("/", ".")
ROOMS = ("core", "timeline", "jobs", "ui")
"""From below."""
CLIENT, LAUNCH = f"{PACKAGE}.foley_client", f"{PACKAGE}.foley_launch"
"""Put there when the add-on is built. The second needs no pyzmq, and knows where the state folder is."""


def module(path: Path) -> str:
    """The full name of a module."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def room(imported: str) -> str:
    """The room that a module lies in; empty for the add-on's root, and for all that is not the add-on's."""
    below = imported.removeprefix(f"{PACKAGE}.").split(".")[0] if falls_under(imported, PACKAGE) else ""
    return below if below in ROOMS else ""


@cache
def modules() -> dict[str, Path]:
    return {module(path): path for path in files(ADD_ON, ".py")}


def needed(path: Path) -> set[str]:
    """The add-on's own modules that one imports anywhere in it."""
    return {imported for imported in imports(path) if imported in modules() and imported not in rooms()}


def rooms() -> set[str]:
    return {PACKAGE, *(f"{PACKAGE}.{one}" for one in ROOMS)}


def test_there_are_these_rooms_and_no_others() -> None:
    assert {path.parent.name for path in files(ADD_ON, ".py")} == {*ROOMS, "blender_addon"}
    assert [path.name for path in files(ADD_ON, ".py") if path.parent == ROOT / ADD_ON] == ["__init__.py"]


@pytest.mark.parametrize("one", ROOMS)
def test_a_room_imports_only_from_itself_and_from_those_below(one: str) -> None:
    allowed = {*ROOMS[: ROOMS.index(one) + 1]}
    broken = [
        f"{name(path)} imports {imported}"
        for path in files(f"{ADD_ON}/{one}", ".py")
        for imported in imports(path)
        if falls_under(imported, PACKAGE)
        and imported != PACKAGE  # `from .. import foley_client`
        and room(imported) not in allowed
        and not any(falls_under(imported, one) for one in (CLIENT, LAUNCH))
    ]
    assert broken == []


@pytest.mark.parametrize("one", ROOMS)
def test_a_room_says_what_it_is_and_does_nothing(one: str) -> None:
    (docstring,) = tree(ROOT / ADD_ON / one / "__init__.py").body
    assert isinstance(docstring, ast.Expr)
    assert 3 <= len(ast.literal_eval(docstring.value).strip().splitlines()) <= 5


def test_no_modules_need_each_other() -> None:
    assert circle({one: needed(path) for one, path in modules().items()}) == []


def test_what_is_decided_needs_the_standard_library_alone() -> None:
    strange = [
        f"{name(path)} imports {imported}"
        for path in files(f"{ADD_ON}/core", ".py")
        for imported in imports(path)
        if room(imported) != "core" and imported.split(".")[0] not in sys.stdlib_module_names
    ]
    assert strange == []


@pytest.mark.process
def test_what_is_decided_can_be_imported_without_blender() -> None:
    """By itself, as a package of that name, with nothing that is installed."""
    names = sorted(path.stem for path in files(f"{ADD_ON}/core", ".py"))
    code = f"import importlib, sys; sys.path.insert(0, {str(ROOT / ADD_ON)!r})\n" + "".join(
        f"importlib.import_module('core.{one}')\n" for one in names if one != "__init__"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_client_is_the_only_thing_in_the_root_that_a_room_needs() -> None:
    named = {
        imported
        for path in modules().values()
        for imported in imports(path)
        if falls_under(imported, PACKAGE) and not room(imported) and path.parent != ROOT / ADD_ON
    }
    others = named - {PACKAGE}
    assert [one for one in others if not (falls_under(one, CLIENT) or falls_under(one, LAUNCH))] == []


def test_the_add_on_s_own_name_is_told_in_one_place() -> None:
    """`__package__` is a room's name below the root, and Blender knows none of these."""
    asking = [name(path) for path in files(ADD_ON, ".py") if "__package__" in path.read_text("utf-8")]
    assert asking == [f"{ADD_ON}/jobs/user_preferences.py"]
