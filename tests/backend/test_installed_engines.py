"""An engine that is installed while the backend and its worker run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.backend.support import Service

pytestmark = pytest.mark.process

ENGINE = """
from foley_core.engines.testing.impulse import ImpulseEngine


class LateEngine(ImpulseEngine):
    name = "late"
"""


def install(folder: Path, group: str = "foley.engines") -> None:
    """As an installer would: a module, and what is told of its distribution."""
    (folder / "late_engine.py").write_text(ENGINE)
    told = folder / "late_engine-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: late-engine\nVersion: 1.0\n")
    (told / "entry_points.txt").write_text(f"[{group}]\nlate = late_engine:LateEngine\n")


def test_it_is_told_and_plays_at_once_though_the_worker_did_not_know_it(
    home: Path, film: Path, tmp_path: Path
) -> None:
    packages = tmp_path / "packages"
    packages.mkdir()
    with Service(home, PYTHONPATH=str(packages)) as service, service.start().client() as client:
        client.hello()
        worker = client.worker_pid()
        refused = client.refusal(film, tmp_path / "take.wav", engine="late")
        assert refused["code"] == "engine_unknown"
        assert "late" not in {engine["name"] for engine in client.ask("capabilities")["engines"]}
        install(packages)
        (told,) = [one for one in client.ask("capabilities")["engines"] if one["name"] == "late"]
        assert told["usable"]
        job = client.submit(film, tmp_path / "take.wav", engine="late")
        done = client.end_of(job)
        assert done["takes"][0]["engine"] == "late"
        assert client.worker_pid() == worker


def test_what_is_installed_for_something_else_is_no_engine(home: Path, film: Path, tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    packages.mkdir()
    with Service(home, PYTHONPATH=str(packages)) as service, service.start().client() as client:
        client.hello()
        client.worker_pid()
        install(packages, group="other.engines")
        assert client.refusal(film, tmp_path / "take.wav", engine="late")["code"] == "engine_unknown"
