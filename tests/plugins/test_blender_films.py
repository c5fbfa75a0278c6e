"""What the add-on reads from the headers of films, and names copies after; needs no Blender."""

from __future__ import annotations

import hashlib
import importlib
import sys
import types
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.films import flash_film


def _part(name: str) -> Any:
    package = types.ModuleType("blender_addon_core")
    package.__path__ = [str(Path(__file__).parents[2] / "plugins" / "blender_addon" / "core")]
    sys.modules.setdefault(package.__name__, package)
    return importlib.import_module(f"{package.__name__}.{name}")


film_header, fingerprint = _part("film_header"), _part("fingerprint")

RATES = ["24", "25", "30000/1001", "24000/1001", "50", "15"]


@pytest.mark.parametrize("rate", RATES)
def test_rate_and_length_of_a_film_are_those_that_it_was_drawn_with(tmp_path: Path, rate: str) -> None:
    film = flash_film(tmp_path / "film.mp4", rate=Fraction(rate), seconds=1.37)
    frames = round(Fraction(1.37) * Fraction(rate))
    assert film_header.read(str(film.path)) == (Fraction(rate), frames)


@pytest.mark.parametrize("variant", ["prores", "hevc", "rotated"])
def test_other_codecs_in_the_same_kind_of_file_are_told_too(tmp_path: Path, variant: str) -> None:
    film = flash_film(tmp_path / "film.mp4", seconds=1, variant=variant)
    assert film_header.read(str(film.path)) == (24, 24)


@pytest.mark.parametrize("variant", ["vfr", "edit_list", "delayed", "mpegts", "late_start", "webm"])
def test_what_is_not_told_plainly_is_not_told(tmp_path: Path, variant: str) -> None:
    film = flash_film(tmp_path / "film.mp4", seconds=2, variant=variant)
    assert film_header.read(str(film.path)) is None


@pytest.fixture(scope="module")
def bytes_of_film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return flash_film(tmp_path_factory.mktemp("film") / "film.mp4", seconds=1).path.read_bytes()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(at=st.floats(0, 1), value=st.integers(0, 255), end=st.floats(0, 1))
def test_a_damaged_film_is_told_right_or_not_at_all(
    tmp_path: Path, bytes_of_film: bytes, at: float, value: int, end: float
) -> None:
    damaged = bytearray(bytes_of_film)
    damaged[round(at * (len(damaged) - 1))] = value
    path = tmp_path / "film.mp4"
    path.write_bytes(damaged[: round(end * len(damaged))])
    found = film_header.read(str(path))
    assert found is None or (found.rate > 0 and found.frames > 0)


@pytest.mark.parametrize("contents", [b"", b"RIFF", b"\0" * 100, b"\0\0\0\x01moov"])
def test_another_kind_of_file_tells_nothing(tmp_path: Path, contents: bytes) -> None:
    (tmp_path / "film").write_bytes(contents)
    assert film_header.read(str(tmp_path / "film")) is None
    assert film_header.read(str(tmp_path / "none")) is None


@pytest.mark.parametrize("size", [0, 1, (1 << 20) - 1, 1 << 20, 5 * (1 << 20) + 7])
def test_a_fingerprint_taken_in_slices_is_that_of_the_whole(tmp_path: Path, size: int) -> None:
    contents = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    (tmp_path / "film.mp4").write_bytes(contents)
    whole = hashlib.sha256(contents).hexdigest()[:16]
    sliced = fingerprint.Fingerprint(str(tmp_path / "film.mp4"))
    steps = [sliced.step(0.0)]
    while not steps[-1]:
        steps.append(sliced.step(0.0))
    assert steps[-1] == whole
    assert len(steps) == -(-size // (1 << 20)) + 1
    assert fingerprint.Fingerprint(str(tmp_path / "film.mp4")).step(float("inf")) == whole
