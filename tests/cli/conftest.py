"""The command line as its users run it: a process, its exit code, what it prints, and a real service."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.films import Film, flash_film

ROOT = Path(__file__).parent.parent.parent
FLASHES = (12, 40, 71)


@dataclass(frozen=True)
class Answer:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its one JSON object; standard output must hold nothing else."""
        return json.loads(self.out)


Foley = Callable[..., Answer]


def run(*arguments: str | Path) -> Answer:
    command = [sys.executable, "-m", "backend", *map(str, arguments)]
    done = subprocess.run(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=240, check=False
    )
    return Answer(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def foley() -> Iterator[Foley]:
    """Runs `foley ARGUMENTS`; the backend that it may have started is ended afterwards."""
    yield run
    run("shutdown", "--now")


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Film:
    """Four seconds at 24 frames per second, with three white frames."""
    folder = tmp_path_factory.mktemp("film")
    return flash_film(folder / "film.mp4", rate=Fraction(24), seconds=4, flashes=FLASHES)
