"""The real set-up in a small tree: what it makes, and that it does nothing twice."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import pythons

from tests.installers.trees import Bootstrap, lend

pytestmark = pytest.mark.process

PYTHON = Path("Scripts", "python.exe") if sys.platform == "win32" else Path("bin", "python")


def installations(root: Path) -> int:
    """How often pip has installed something in this tree."""
    return (root / ".bootstrap" / "log.txt").read_text().count(" -m pip install ")


def test_a_second_run_installs_nothing_until_something_has_changed(
    tree: Path, bootstrap: Bootstrap, bare_environment: Path
) -> None:
    shutil.copytree(bare_environment, tree / ".venv", symlinks=True)
    first = bootstrap("setup")
    assert first.returncode == 0, first.stderr
    assert "MB will be downloaded" in first.stderr.splitlines()[0]
    assert installations(tree) == 1

    second = bootstrap("setup")
    assert second.returncode == 0
    assert "Installing" not in second.stderr
    assert "MB" not in second.stderr
    assert installations(tree) == 1

    (tree / "constraints.txt").write_text("numpy==2.4.6\n")
    assert bootstrap("setup").returncode == 0
    assert installations(tree) == 2

    moved = tree.with_name("moved")
    tree.rename(moved)
    (moved / "wheels.py").write_text((moved / "wheels.py").read_text().replace(str(tree), str(moved)))
    assert bootstrap("setup", moved).returncode == 0
    assert installations(moved) == 3


def test_an_installation_that_failed_is_shown_and_taken_up_again_in_an_environment_that_runs(
    tree: Path, bootstrap: Bootstrap, bare_environment: Path
) -> None:
    shutil.copytree(bare_environment, tree / ".venv", symlinks=True)
    wheels = (tree / "wheels.py").read_text()
    (tree / "wheels.py").write_text("raise SystemError('the builder is broken')")
    failed = bootstrap("setup")
    assert failed.returncode == 1
    assert "the builder is broken" in failed.stderr
    assert str(tree / ".bootstrap" / "log.txt") in failed.stderr.splitlines()[-1]
    assert failed.stdout == ""

    python = tree / ".venv" / PYTHON
    python.unlink()
    (tree / "wheels.py").write_text(wheels)
    assert bootstrap("setup").returncode == 0
    assert installations(tree) == 2
    assert subprocess.run([python, "-c", "import backend.launch"], cwd=tree.parent).returncode == 0


def test_pip_comes_from_its_wheel_where_python_has_no_ensurepip(
    tree: Path, bootstrap: Bootstrap, shadows: Path
) -> None:
    (shadows / "ensurepip.py").write_text("raise ImportError('ensurepip is packaged apart')")
    done = bootstrap("setup", PYTHONPATH=str(shadows))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "--without-pip" in (tree / ".bootstrap" / "log.txt").read_text()
    python = tree / ".venv" / PYTHON
    assert subprocess.run([python, "-I", "-m", "pip", "--version"], stdout=subprocess.DEVNULL).returncode == 0


def test_what_the_distribution_was_called_before_is_taken_away(
    tree: Path, bootstrap: Bootstrap, bare_environment: Path
) -> None:
    shutil.copytree(bare_environment, tree / ".venv", symlinks=True)
    (packages,) = (tree / ".venv").rglob("site-packages")
    former = packages / "foley-0.1.0.dist-info"
    former.mkdir()
    (former / "METADATA").write_text("Metadata-Version: 2.1\nName: foley\nVersion: 0.1.0\n")
    (former / "RECORD").write_text("".join(f"{former.name}/{name},,\n" for name in ("METADATA", "RECORD")))
    done = bootstrap("setup")
    assert done.returncode == 0, done.stderr
    assert not former.exists()
    assert list(packages.glob("tiny-*.dist-info"))


def test_without_any_python_one_sentence_says_what_to_type(tree: Path) -> None:
    code = (
        "from environments import *; import dataclasses\n"
        "try: prepare(dataclasses.replace(BASE, versions=('3.90',)))\n"
        "except SetupFailed as error: print(error)"
    )
    # A variable of pip's own, so that uv is not to be had, as without a network.
    environment = {**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "PYTHONPATH": "installers"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tree, env=environment, capture_output=True, text=True
    )
    assert len(done.stdout.splitlines()) == 1, done.stdout + done.stderr
    assert "3.90" in done.stdout.split(": ")[-1]


TEST_IN_BLENDER = """
import bpy, pytest

@pytest.mark.each_blender
def test_b(): pass

def test_c(): pass
"""


@pytest.fixture
def tested(tree: Path, shadows: Path, bare_environment: Path) -> Path:
    """The tree with tests for both kinds of environment, made but for that of Blender 5.2."""
    for folder in (".venv", ".venv-bpy-4.3", ".venv-bpy-4.5"):
        shutil.copytree(bare_environment, tree / folder, symlinks=True)
    for distribution in ("pytest", "pytest-xdist", "execnet", "pluggy", "iniconfig", "packaging", "pygments"):
        lend(distribution, shadows)
    (shadows / "bpy.py").write_text("")
    (tree / "tests" / "blender").mkdir(parents=True)
    (tree / "tests" / "test_main.py").write_text("def test_a(): pass\n")
    (tree / "tests" / "blender" / "test_it.py").write_text(TEST_IN_BLENDER)
    return tree


made_with_3_11 = pytest.mark.skipif(
    sys.version_info[:2] != (3, 11),
    reason="the environments for Blender 4.3 and 4.5 are made with Python 3.11",
)


def without_python(tree: Path, *blenders: str) -> None:
    """Let these Blenders need a Python that no machine has."""
    source = tree / "installers" / "environments.py"
    text = source.read_text()
    for blender in blenders:
        text, done = re.subn(rf'("{blender}",\s+)"3\.1."', r'\1"3.90"', text)
        assert done
    source.write_text(text)


@made_with_3_11
@pytest.mark.skipif(pythons.find(("3.13",)) is None, reason="no Python 3.13 on this machine")
def test_the_last_line_sums_the_tests_of_all_environments(
    tested: Path, bootstrap: Bootstrap, shadows: Path
) -> None:
    done = bootstrap("test", PYTHONPATH=str(shadows), CI="true")
    wanted = "6 passed, 0 failed (of these in bpy-4.3: 2, bpy-4.5: 1, bpy-5.2: 2)"
    assert done.stdout.splitlines()[-1] == wanted, done.stdout + done.stderr
    assert done.returncode == 0

    (tested / "tests" / "test_main.py").write_text("def test_a(): pass\ndef test_b(): assert False\n")
    done = bootstrap("test", PYTHONPATH=str(shadows), CI="true")
    assert done.stdout.splitlines()[-1].startswith("6 passed, 1 failed (of"), done.stdout + done.stderr
    assert done.returncode == 1

    assert installations(tested) == 4
    assert bootstrap("setup").returncode == 0
    assert installations(tested) == 4, "what the tests need covers what users need"


@made_with_3_11
def test_a_blender_without_its_python_is_left_out_as_long_as_two_remain(
    tested: Path, bootstrap: Bootstrap, shadows: Path
) -> None:
    without_python(tested, "5.2")
    done = bootstrap("test", PYTHONPATH=str(shadows), CI="true")
    assert done.stdout.splitlines()[-1] == "5 passed, 0 failed (of these in bpy-4.3: 2, bpy-4.5: 2)", (
        done.stderr
    )
    assert ".venv-bpy-5.2 is left out: A Python 3.90 is needed" in done.stderr
    assert done.returncode == 0

    without_python(tested, "4.5")
    shutil.rmtree(tested / ".venv-bpy-4.5")
    done = bootstrap("test", PYTHONPATH=str(shadows), CI="true")
    assert done.stdout.splitlines()[-1] == "3 passed, 1 failed (of these in bpy-4.3: 2)", done.stderr
    assert "fewer than 2 versions of Blender" in done.stderr
    assert done.returncode == 1
