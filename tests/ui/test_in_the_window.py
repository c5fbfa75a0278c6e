"""A user at the timeline: the right-click menu, the dialog, the take, undo."""

from __future__ import annotations

from pathlib import Path

from tests.ui.window import Window


def choose(window: Window, entry: str) -> None:
    """Choose an entry of the right-click menu of the film by typing its name."""
    window.do("point_at", "Film")
    window.do("press", "LEFTMOUSE")
    window.do("pause")
    window.do("press", "RIGHTMOUSE")
    window.do("pause", 10)
    window.do("press", "SPACE")
    window.do("write", entry)
    window.do("pause")
    window.do("press", "RET")
    window.do("pause", 10)


def test_a_take_is_asked_for_by_the_right_click_menu_and_its_dialog(window: Window, pictures: Path) -> None:
    choose(window, "generate f")
    window.do("write", "wood")
    window.picture(pictures / "dialog.png")
    window.do("press", "RET")
    window.do("pause")
    window.do("press", "RET")
    window.until("sounds", ["wood"])


def test_one_undo_takes_the_take_away_and_one_redo_brings_it_back(window: Window) -> None:
    window.do("press", "Z", ctrl=True)
    window.do("pause")
    window.until("sounds", [])
    window.do("press", "Z", ctrl=True, shift=True)
    window.until("sounds", ["wood"])


def test_another_take_takes_the_place_of_the_first_and_both_are_in_the_tab(
    window: Window, pictures: Path
) -> None:
    choose(window, "new take")
    window.until("takes", 2)
    window.do("open_tab")
    window.do("select", "wood")
    window.picture(pictures / "takes.png")
    assert window.do("sounds") == ["wood"]


def test_impacts_are_shown_as_markers(window: Window, pictures: Path) -> None:
    choose(window, "show impacts")
    assert window.do("markers") == 13
    window.picture(pictures / "impacts.png")
