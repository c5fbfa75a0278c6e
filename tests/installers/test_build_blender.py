"""Which of the extension's zips a Blender is given, and what is said where it takes none."""

from __future__ import annotations

import sys
from pathlib import Path

import build_blender
import pytest

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(sys.platform == "win32", reason="its Blenders are shell scripts"),
]

OLD = """case "$*" in
  *blender-5.1*) echo "ERROR foley: This Blender version (4.3.2) is too old"; echo "not found: foley";;
  *) echo 'STATUS Installed "foley"';;
esac"""
"""Blender 4.3 ends as if all were well."""
NEW = """case "$*" in
  *blender-5.1*) echo 'STATUS Installed "foley"';;
  *) echo 'STATUS Installed "foley"'; echo "Error: Python (3.14) isn't compatible"; exit 1;;
esac"""
NONE = "echo 'Error: no such command'; exit 1"


@pytest.fixture
def zips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The zips for this machine, in the order in which they are built; none of them is opened."""
    monkeypatch.setattr(build_blender, "find_blenders", lambda: [str(tmp_path / "blender")])
    here = build_blender.this_platform()
    return [tmp_path / f"foley-0.2.0-blender-{kind.earliest}-{here}.zip" for kind in build_blender.KINDS]


def told(tmp_path: Path, program: str, zips: list[Path], capsys: pytest.CaptureFixture[str]) -> str:
    """What is said of a Blender that behaves so."""
    path = tmp_path / "blender"
    path.write_text(f"#!/bin/sh\n{program}\n")
    path.chmod(0o755)
    build_blender.install(zips)
    return "".join(capsys.readouterr())


@pytest.mark.parametrize(("program", "at"), [(OLD, 0), (NEW, 1)], ids=["old", "new"])
def test_each_blender_gets_the_zip_for_the_latest_ones_that_it_takes(
    tmp_path: Path, zips: list[Path], capsys: pytest.CaptureFixture[str], program: str, at: int
) -> None:
    said = told(tmp_path, program, zips, capsys)
    assert f"Installed into {tmp_path / 'blender'}: {zips[at].name}." in said
    assert zips[1 - at].name not in said


def test_where_a_blender_takes_none_it_is_said_why_and_which_file_is_for_which(
    tmp_path: Path, zips: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    said = told(tmp_path, NONE, zips, capsys)
    assert "did not take it: Error: no such command" in said
    drop = "drop this file onto its window"
    assert f"For Blender 4.2 or later, before 5.1: {drop}: {zips[0]}" in said
    assert f"For Blender 5.1 or later: {drop}: {zips[1]}" in said
