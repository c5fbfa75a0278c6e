"""Films of every variant, each drawn once, and a socket that must hear nothing."""

from __future__ import annotations

import functools
import socket
import subprocess
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from tests.films import Click, Film, flash_film, with_click

Draw = Callable[[str], Film]
SECONDS = 7
FLASHES = (10, 70)
CLICK = Fraction(5, 2)


@pytest.fixture(scope="session")
def draw(tmp_path_factory: pytest.TempPathFactory) -> Draw:
    """Gives the film of a variant: seven seconds with two flashes, and a click in its sound at 2.5 s."""
    folder = tmp_path_factory.mktemp("films")

    @functools.cache
    def drawn(variant: str) -> Film:
        start = Fraction(-1, 2) if variant == "delayed" else Fraction(0)
        sound = with_click(variant, Click(CLICK, start=start))
        rate = Fraction(24000, 1001)
        return flash_film(
            folder / variant, rate=rate, seconds=SECONDS, flashes=FLASHES, variant=variant, sound=sound
        )

    return drawn


class Ear:
    """A port of this machine, and whether anyone has called it."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(0.05)
        self.port: int = self._socket.getsockname()[1]

    def heard(self) -> bool:
        """Whether a connection has come in."""
        try:
            self._socket.accept()[0].close()
        except TimeoutError:
            return False
        return True

    def close(self) -> None:
        """Give the port back."""
        self._socket.close()


@pytest.fixture
def ear() -> Iterator[Ear]:
    """A listening socket."""
    listening = Ear()
    yield listening
    listening.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with room for 64 KiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("needs to be root on Linux, to mount a small file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
