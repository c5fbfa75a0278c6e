"""A film, and a launch.json for clients to start the backend from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.launch import record_launch
from tests.films import flash_film
from tests.plugins.backends import end_backend


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of one second."""
    return flash_film(tmp_path_factory.mktemp("film") / "film.mp4", seconds=1, flashes=[12]).path


@pytest.fixture
def launch(home: Path) -> Iterator[Path]:
    """`launch.json`, as the installer leaves it; whatever was started from it is ended after the test."""
    record_launch()
    yield home / "launch.json"
    end_backend(home)
