"""A film to make sound for, and backends: one that all tests share, and one that a test may break."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backend.support import RawClient, Service
from tests.films import flash_film


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of one second."""
    return flash_film(tmp_path_factory.mktemp("film") / "film.mp4", seconds=1, flashes=[12]).path


@pytest.fixture(scope="session")
def shared_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A backend for tests that leave it as it was."""
    with Service(tmp_path_factory.mktemp("shared") / "home") as service:
        yield service.start()


@pytest.fixture
def client(shared_service: Service) -> Iterator[RawClient]:
    """A client of the shared backend, its worker on the way."""
    with shared_service.client() as client:
        client.hello()
        yield client


@pytest.fixture
def service(home: Path) -> Iterator[Service]:
    """A backend of the test's own, not started yet."""
    with Service(home) as service:
        yield service


@pytest.fixture
def impatient_service(home: Path) -> Iterator[Service]:
    """The same; here a job counts as hung after 2 s."""
    with Service(home, FOLEY_STEP_TIMEOUT="2") as service:
        yield service
