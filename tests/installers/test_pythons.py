"""Interpreters are found by running them. The fakes are real programs, of versions that no machine has."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
import pythons

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(sys.platform == "win32", reason="the fakes are shell scripts"),
]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is all of the PATH; the home folder is empty too."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("PYENV_ROOT", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    return folder


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def fake(path: Path, version: str, fit: bool = True) -> Path:
    return program(path, f"echo '{json.dumps([fit, str(path), version])}'")


def test_this_python_will_do() -> None:
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert pythons.probe([sys.executable]) == pythons.Python(Path(sys.executable), here)


def test_the_preferred_version_is_taken_before_one_found_earlier(path: Path) -> None:
    fake(path / "python3.91", "3.91")
    wanted = fake(path / "python3.90", "3.90")
    assert pythons.find(("3.90", "3.91")) == pythons.Python(wanted, "3.90")
    wanted.unlink()
    found = pythons.find(("3.90", "3.91"))
    assert found
    assert found.version == "3.91"


def test_a_shim_that_starts_nothing_is_passed_over_for_the_same_name_later_on_the_path(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(path / "python3.90", "echo 'python3.90: command not found' >&2; exit 127")
    real = fake(tmp_path / "later" / "python3.90", "3.90")
    monkeypatch.setenv("PATH", f"{path}:{real.parent}")
    assert pythons.find(("3.90",)) == pythons.Python(real, "3.90")


@pytest.mark.parametrize(
    "script",
    [
        "exit 1",
        "echo Python 3.90.1",
        "echo '[true]'",
        "kill -9 $$",
        'echo \'[false, "/python", "3.90"]\'',
    ],
    ids=["fails", "prints something else", "prints too little", "is killed", "is of the wrong kind"],
)
def test_a_program_that_is_no_fit_python_is_none(path: Path, script: str) -> None:
    assert pythons.probe([str(program(path / "python3.90", script))]) is None


def test_a_program_that_hangs_is_given_up(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pythons, "_PROBE_SECONDS", 0.5)
    assert pythons.probe([str(program(path / "python3.90", "while :; do :; done"))]) is None


def test_a_program_that_does_not_exist_or_may_not_be_run_is_none(path: Path) -> None:
    broken = path / "python3.90"
    broken.symlink_to(path / "gone")
    assert pythons.probe([str(broken)]) is None


def test_a_python_in_pyenv_is_found_without_the_path(path: Path, tmp_path: Path) -> None:
    inside = fake(tmp_path / ".pyenv" / "versions" / "3.90.1" / "bin" / "python3.90", "3.90")
    assert pythons.find(("3.90",)) == pythons.Python(inside, "3.90")


def test_pyenv_may_lie_elsewhere(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = fake(tmp_path / "there" / "versions" / "3.90.1" / "bin" / "python3.90", "3.90")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "there"))
    assert pythons.find(("3.90",)) == pythons.Python(inside, "3.90")


def test_the_python_of_an_environment_made_here_is_not_taken(path: Path) -> None:
    fake(path / "python3.90", "3.90")
    program(path / "python3.90", f'echo \'[true, "{pythons.ROOT}/.venv/bin/python", "3.90"]\'')
    assert pythons.find(("3.90",)) is None


def test_no_python_of_the_wanted_versions_is_none(path: Path) -> None:
    fake(path / "python3", "3.89")
    assert pythons.find(("3.90",)) is None


def test_a_real_python_of_another_version_is_told_apart(path: Path) -> None:
    shutil.copy(program(path / "python3.90", f'exec {sys.executable} "$@"'), path / "python3")
    assert pythons.find(("3.90",)) is None
