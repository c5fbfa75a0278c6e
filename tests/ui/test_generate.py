"""A user at the timeline: the right-click menu, the dialog, a take, undo, what is said when it goes wrong."""

from __future__ import annotations

from pathlib import Path

from tests.ui.user import choose, confirm, generate, read_report, redo, undo
from tests.ui.window import Window


def test_a_take_is_asked_for_by_the_right_click_menu_and_its_dialog(window: Window, pictures: Path) -> None:
    choose(window, "generate f")
    window.do("write", "wood")
    window.picture(pictures / "dialog.png")
    confirm(window)
    window.until("sounds", ["wood"])


def test_one_undo_takes_the_take_away_and_one_redo_brings_it_back(window: Window) -> None:
    undo(window)
    window.until("sounds", [])
    redo(window)
    window.until("sounds", ["wood"])


def test_words_that_are_not_understood_are_told_with_the_nearest_known_ones(
    window: Window, pictures: Path
) -> None:
    undo(window)
    window.until("sounds", [])
    generate(window, "gravle footstps")
    window.until("note", lambda said: "gravel" in said)
    window.picture(pictures / "unknown-words.png")
    undo(window)
    window.until("sounds", [])


def test_an_engine_that_is_not_there_is_told_with_its_code(window: Window, pictures: Path) -> None:
    window.do("prefer", engine="orchestra")
    generate(window, "wood")
    window.until("problem", lambda said: "orchestra" in said and said.endswith("]"))
    window.picture(pictures / "error.png")
    read_report(window)
    assert window.do("sounds") == []
    window.do("prefer", engine="procedural")
    generate(window, "wood")
    window.until("sounds", ["wood"])
    assert window.do("problem") == ""


def test_where_there_is_a_sound_the_dialog_says_so_and_another_take_comes_in_its_place(
    window: Window, pictures: Path
) -> None:
    choose(window, "generate f")
    window.do("write", "glass")
    window.picture(pictures / "dialog-again.png")
    confirm(window)
    window.until("takes", 2)
    assert window.do("sounds") == ["glass"]
