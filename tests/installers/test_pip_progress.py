"""Whoever waits for pip hears what takes long, and that it goes on."""

from __future__ import annotations

import time

import pip_progress
import pytest
from pip_progress import PipProgress, worth_saying


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("  Downloading torch-2.13.0+cpu-cp311-cp311-linux_x86_64.whl (191.4 MB)\n", "  torch, 191 MB"),
        ("  Using cached scipy-1.17.0-cp311-cp311-manylinux_2_27_x86_64.whl (35.4 MB)\n", "  scipy, 35 MB"),
        ("Downloading nvidia_cudnn_cu13-9.1-py3-none-any.whl (1.2 GB)\n", "  nvidia_cudnn_cu13, 1 GB"),
        ("  Downloading click-8.5.1-py3-none-any.whl (126 kB)\n", None),
        ("  Downloading msgspec-0.22.0-cp311-cp311-linux_x86_64.whl (9.9 MB)\n", None),
        (
            "Installing collected packages: mpmath, click, numpy\n",
            "  3 packages are fetched, and being installed",
        ),
        ("Installing collected packages: foley-for-editors\n", None),
        ("Requirement already satisfied: pip in ./.venv\n", None),
        ("", None),
    ],
)
def test_of_what_pip_prints_what_takes_long_is_told(line: str, said: str | None) -> None:
    assert worth_saying(line) == said


def test_a_silent_pip_is_said_to_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pip_progress, "SILENCE", 0.1)
    with PipProgress() as progress:
        progress.line("Installing collected packages: a, b")
        time.sleep(0.5)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "  2 packages are fetched, and being installed"
    assert len(lines) > 1
    assert all(line.startswith("  ... ") and line.endswith(" s") for line in lines[1:])
