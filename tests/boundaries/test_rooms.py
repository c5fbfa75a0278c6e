"""The rooms of the packages, and which way imports run between them: down, and never in a circle."""

from __future__ import annotations

import ast
import re

import pytest

from tests.boundaries.sources import ROOT, circle, files, imports, name, tree

FLOORS = {
    "backend": (
        {"__main__"},
        {"cli"},
        {"models"},
        {"service"},
        {"worker", "soak"},
        {"cache", "connection", "launch"},
        {"paths"},
        {"atomic", "build", "client", "errors", "logs", "messages"},
    ),
    "foley_core": (
        {"stages", "sync_witness"},
        {"audition", "engine_choice", "mastering", "sync"},
        {"align", "engines", "hits", "report"},
        {"cue_range", "picture"},
        {"media"},
        {"cue", "take"},
        {"neural_settings", "progress", "timecode"},
        {"state_folder"},
        {"errors", "prefetch", "samples"},
    ),
}
"""From the roof to the ground: who lives on one floor knows none of the same, and none above."""

PACKAGES = sorted({path.parent for folder in FLOORS for path in files(folder, "__init__.py")})


def modules(folder: str) -> dict[str, set[str]]:
    """Each module of a folder, with those of the same folder that it imports."""
    names = {_module(name(path)): path for path in files(folder, ".py")}
    return {
        module: {other for other in imports(path) if other in names and other != module}
        for module, path in names.items()
    }


def rooms(package: str) -> dict[str, set[str]]:
    """What lies directly in a package, with what of the same it imports; the package itself is no room."""
    found: dict[str, set[str]] = {}
    for module, imported in modules(package.replace(".", "/")).items():
        if module != package:
            room = _room(module, package)
            others = {_room(other, package) for other in imported if other != package}
            found.setdefault(room, set()).update(others - {room})
    return found


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _room(module: str, package: str) -> str:
    return module.removeprefix(f"{package}.").split(".")[0]


@pytest.mark.parametrize("package", FLOORS)
def test_every_room_has_its_floor(package: str) -> None:
    assert set(rooms(package)) == set().union(*FLOORS[package])


@pytest.mark.parametrize("package", FLOORS)
def test_imports_run_down_from_floor_to_floor(package: str) -> None:
    floor = {room: number for number, level in enumerate(reversed(FLOORS[package])) for room in level}
    upwards = [
        f"{room} imports {other}"
        for room, imported in rooms(package).items()
        for other in imported
        if floor[other] >= floor[room]
    ]
    assert upwards == []


def test_the_backend_has_few_enough_rooms_to_be_remembered() -> None:
    assert len(rooms("backend")) <= 16


@pytest.mark.parametrize("package", FLOORS)
def test_no_modules_import_each_other_in_a_circle(package: str) -> None:
    assert circle(modules(package)) == []


@pytest.mark.parametrize("package", [name(path).replace("/", ".") for path in PACKAGES])
def test_no_rooms_import_each_other_in_a_circle(package: str) -> None:
    assert circle(rooms(package)) == []


@pytest.mark.parametrize("path", [name(path) for path in PACKAGES])
def test_every_room_says_what_it_guarantees_what_it_does_not_know_and_where_to_begin(path: str) -> None:
    said = " ".join((ast.get_docstring(tree(ROOT / path / "__init__.py")) or "").lower().split())
    assert "guarantees" in said or path == "foley_core/engines/testing"
    assert "know" in said
    begin = re.findall("`([^`]+)`", said.partition("begin with ")[2])
    assert begin
    assert [
        where for where in begin if not (ROOT / path / where).exists() and not (ROOT / where).exists()
    ] == []


def test_the_check_sees_a_circle() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}})
    assert not circle({"a": {"b", "c"}, "b": {"c"}, "c": set()})
