"""What the example in Node.js needs is got once, and where it cannot be, its tests are left out."""

from __future__ import annotations

import sys
from pathlib import Path

import node
import pytest
import running

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(sys.platform == "win32", reason="the npm of the test is a script"),
]

NPM = """#!{python}
import os, pathlib, sys
folder = pathlib.Path(sys.argv[sys.argv.index("--prefix") + 1])
(folder / "node_modules" / "zeromq").mkdir(parents=True)
with (folder / "asked.txt").open("a") as asked:
    print(*sys.argv[1:], file=asked)
sys.exit({code})
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example's folder, and no npm yet."""
    folder = tmp_path / "examples"
    folder.mkdir()
    (folder / "package-lock.json").write_text("{}")
    modules = folder / "node_modules"
    for name, value in {"ROOT": tmp_path, "FOLDER": folder, "MODULES": modules}.items():
        monkeypatch.setattr(node, name, value)
    monkeypatch.setattr(node, "LOCK", folder / "package-lock.json")
    monkeypatch.setattr(running, "OWN_FOLDER", tmp_path / ".bootstrap")
    monkeypatch.setattr(running, "LOG", tmp_path / ".bootstrap" / "log.txt")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return folder


def npm(tmp_path: Path, code: int = 0) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "npm").write_text(NPM.format(python=sys.executable, code=code))
    (tmp_path / "bin" / "npm").chmod(0o755)


def test_it_is_got_once_and_again_where_another_version_is_pinned(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    npm(tmp_path)
    node.prepare_node()
    node.prepare_node()
    (asked,) = (folder / "asked.txt").read_text().splitlines()
    assert asked.startswith("ci ")
    assert "--ignore-scripts" in asked
    assert "MB will be downloaded" in capsys.readouterr().err
    (folder / "package-lock.json").write_text('{"lockfileVersion": 3}')
    (folder / "node_modules" / "zeromq").rmdir()
    node.prepare_node()
    assert len((folder / "asked.txt").read_text().splitlines()) == 2


def test_where_npm_gets_nothing_the_tests_are_left_out_and_it_is_said(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    npm(tmp_path, code=1)
    node.prepare_node()
    assert node.LEFT_OUT in capsys.readouterr().err
    assert not (folder / "node_modules").exists()


def test_where_there_is_no_npm_they_are_left_out_and_it_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    node.prepare_node()
    assert capsys.readouterr().err == f"{node.LEFT_OUT}: there is no npm.\n"
