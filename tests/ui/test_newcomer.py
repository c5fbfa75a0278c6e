"""A user with nothing but the extension: no backend was ever installed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.conftest import open_blender
from tests.ui.user import close_report, generate, move_mouse
from tests.ui.window import Window


@pytest.fixture(scope="module")
def alone(place: Path) -> Iterator[Window]:
    opened = open_blender(place)
    try:
        opened.do("open_project", str(place), str(place / "film.mp4"), sidebar=False)
        opened.do("pause")
        yield opened
    finally:
        opened.close()


def test_generate_tells_what_is_missing_and_offers_to_install_it(alone: Window, pictures: Path) -> None:
    generate(alone, "wood")
    alone.until("unreported", 1)
    move_mouse(alone)
    alone.until("reported", lambda told: len(told) == 1 and "[backend_unreachable]" in told[0][1])
    alone.picture(pictures / "newcomer.png")
    assert alone.do("reported")[0][0] == 1
    close_report(alone)
    alone.do("open_dialog", "install_backend")
    alone.do("pause", 10)
    alone.picture(pictures / "install.png")
    close_report(alone)


def test_the_preferences_open_at_our_page(alone: Window, pictures: Path) -> None:
    alone.do("call", "show_preferences")
    alone.until("windows", 2)
    alone.do("pause", 10)
    alone.picture(pictures / "newcomer-preferences.png")
