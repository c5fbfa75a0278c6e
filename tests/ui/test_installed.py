"""The extension as a user installs it: by Blender itself, from its zip, with the wheels that are in it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.backend.support import Service
from tests.ui.conftest import open_blender
from tests.ui.user import generate
from tests.ui.window import Program, find_program

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "installers"))
import build_blender  # noqa: E402

TOLD = """
import json, sys, bpy
try:
    import zmq
    from bl_ext.user_default.foley import foley_client
    told = {
        "zmq": zmq.__file__,
        "works": bpy.ops.foley.sounds.poll(),
        "connection": foley_client.Client("test", start=False).state,
    }
except ModuleNotFoundError as error:
    told = {"missing": error.name}
told["blender"], told["python"] = bpy.app.version[:2], sys.version_info[:2]
print("TOLD " + json.dumps(told))
"""


@pytest.fixture
def program() -> Program:
    found = find_program()
    assert found is not None
    return found


@pytest.fixture(params=build_blender.KINDS, ids=lambda kind: kind.earliest)
def kind(request: pytest.FixtureRequest) -> build_blender.Kind:
    found: build_blender.Kind = request.param
    return found


def start(program: Program, folder: Path) -> dict[str, Any]:
    """What Blender tells of itself and of the add-on, started as a user starts it, but without a window."""
    done = subprocess.run(
        program.command(["-b", "--python-expr", TOLD], folder),
        capture_output=True,
        text=True,
        env=surroundings(folder),
        check=True,
    )
    (told,) = [line for line in done.stdout.splitlines() if line.startswith("TOLD ")]
    answer: dict[str, Any] = json.loads(told.removeprefix("TOLD "))
    return answer


def surroundings(folder: Path) -> dict[str, str]:
    """A user who has nothing yet."""
    own = {"BLENDER_USER_RESOURCES": str(folder / "resources"), "FOLEY_HOME": str(folder / "home")}
    return {**os.environ, **own, "HOME": str(folder)}


def fits(kind: build_blender.Kind, told: dict[str, Any]) -> bool:
    """Whether a Blender must take a kind of zip."""
    old_enough = told["blender"] >= [int(part) for part in kind.earliest.split(".")]
    tags = {f"cp{python[0]}{python[1]}" for python in [told["python"]]}
    return old_enough and (bool(tags & set(kind.pythons)) or kind.pythons == ("cp312",))


def test_each_kind_of_zip_is_taken_by_the_blenders_that_it_is_for_and_by_no_others(
    program: Program, kind: build_blender.Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = build_blender.build_one(kind, build_blender.this_platform(), tmp_path)
    told = start(program, tmp_path)
    assert any(fits(one, told) for one in build_blender.KINDS)
    for name, value in surroundings(tmp_path).items():
        monkeypatch.setenv(name, value)
    refused = build_blender.install_one(program.command([], tmp_path), path)
    assert (refused is None) == fits(kind, told), refused
    if refused is None:
        told = start(program, tmp_path)
        wheels = tmp_path / "resources" / "extensions" / ".local"
        assert Path(told["zmq"]).is_relative_to(wheels), "Blender has not used the extension's own pyzmq."
        assert (told["works"], told["connection"]) == (True, "away")


def test_the_extension_that_was_installed_makes_a_take_in_a_window(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in surroundings(tmp_path).items():
        monkeypatch.setenv(name, value)
    told = start(program, tmp_path)
    kind = next(one for one in reversed(build_blender.KINDS) if fits(one, told))
    path = build_blender.build_one(kind, build_blender.this_platform(), tmp_path)
    assert build_blender.install_one(program.command([], tmp_path), path) is None
    shutil.copy(ROOT / "installers" / "demo" / "demo.mp4", tmp_path / "film.mp4")
    with Service(tmp_path / "home").start():
        window = open_blender(tmp_path)
        try:
            window.do("open_project", str(tmp_path), str(tmp_path / "film.mp4"))
            window.do("pause")
            generate(window, "wood")
            window.until("sounds", ["wood"])
            assert Path(window.do("file_of_pyzmq")).is_relative_to(tmp_path / "resources")
        finally:
            window.close()
