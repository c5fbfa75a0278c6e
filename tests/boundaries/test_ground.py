"""Lint, format and types are clean, on all three platforms."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.boundaries.sources import ROOT

pytestmark = pytest.mark.process


def complaints(*command: str) -> str:
    """What a checker prints; empty where it is content."""
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_ruff_finds_nothing() -> None:
    assert complaints("ruff", "check", "--no-cache", ".") == ""


def test_ruff_would_format_nothing_differently() -> None:
    assert complaints("ruff", "format", "--no-cache", "--check", ".") == ""


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_mypy_finds_nothing(platform: str) -> None:
    assert complaints("mypy", "--platform", platform) == ""
