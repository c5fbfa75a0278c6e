"""A user who knows the way: two clicks or one key to the words, Enter, and no tab of ours open."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.user import confirm, undo
from tests.ui.window import Window

MIDDLE = 700, 500
"""Of the window; at its edge such a menu does not fit round the mouse."""
TO_THE_SUBMENU = 300
"""Points from an entry under the mouse to the same height in its submenu."""


@pytest.fixture(scope="module", autouse=True)
def timeline_alone(window: Window) -> None:
    window.do("fill_screen", "Film")
    window.do("pause", 10)
    window.do("see_all")
    window.do("pause", 20)


def point(window: Window) -> None:
    """Select the film, and leave the mouse there."""
    window.do("point_at", "Film")
    window.do("press", "LEFTMOUSE")
    window.do("pause")


def test_two_clicks_lead_from_a_strip_to_the_words_and_enter_to_the_take(
    window: Window, pictures: Path
) -> None:
    point(window)
    window.do("press", "RIGHTMOUSE")
    window.do("pause", 20)
    window.do("shift_mouse", TO_THE_SUBMENU)
    window.do("pause", 20)
    window.picture(pictures / "menu.png")
    window.do("press", "LEFTMOUSE")
    window.do("pause", 10)
    window.do("write", "wood")
    window.picture(pictures / "short-dialog.png")
    confirm(window)
    window.until("sounds", ["wood"])
    undo(window)
    window.until("sounds", [])


@pytest.mark.parametrize(
    ("at", "words"), [(346, "glass"), (352, "wood"), (358, "stone"), (362, "rain"), (366, "plastic")]
)
def test_the_words_go_into_their_field_wherever_the_pointer_is(window: Window, at: int, words: str) -> None:
    """Near the window's edge a dialog opens beside the pointer, which lies on one of its buttons then."""
    point(window)
    window.do("move", at, MIDDLE[1])
    window.do("pause")
    window.do("press", "F", shift=True, alt=True)
    window.do("pause", 10)
    window.do("press", "A", ctrl=True)
    window.do("write", words)
    confirm(window)
    window.until("sounds", [words])
    undo(window)
    window.until("sounds", [])


def test_a_key_leads_to_the_words_at_once(window: Window) -> None:
    point(window)
    window.do("press", "F", shift=True, alt=True)
    window.do("pause", 10)
    window.do("write", "metal")
    confirm(window)
    window.until("sounds", ["metal"])


def test_a_key_opens_the_menu_round_the_mouse(window: Window, pictures: Path) -> None:
    window.do("take_time_for_pies")
    point(window)
    window.do("move", *MIDDLE)
    window.do("pause")
    window.do("press", "F", shift=True)
    window.do("pause", 10)
    window.picture(pictures / "pie.png")
    window.do("press", "N")
    window.until("takes", 2)
