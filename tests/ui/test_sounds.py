"""Known words while a prompt is typed, and the list of all sounds, in a real window."""

from __future__ import annotations

from pathlib import Path

from tests.ui.user import choose, undo
from tests.ui.window import Window

OFFERED = (458, 163)
"""Where the second of the offered words stands."""
HEAR, USE = (153, 382), (747, 382)
"""Where the buttons of the only sound stand that was found."""


def click(window: Window, at: tuple[int, int]) -> None:
    window.do("move", *at)
    window.do("pause", 3)
    window.do("press", "LEFTMOUSE")
    window.do("pause")


def test_words_are_offered_under_the_field_while_it_is_typed(window: Window, pictures: Path) -> None:
    window.do("start_backend")
    window.until("words", lambda count: count > 500)
    choose(window, "generate f")
    window.do("write", "boots on gra")
    window.until("explained", "boots on gra")
    window.picture(pictures / "offered.png")
    click(window, OFFERED)  # ends the typing
    click(window, OFFERED)
    window.until("explained", "boots on gravel")
    window.picture(pictures / "explained.png")
    window.do("press", "RET")
    window.until("sounds", lambda names: len(names) == 1)
    assert window.do("prompts") == ["boots on gravel"]
    undo(window)
    window.until("sounds", [])


def test_all_sounds_are_searched_heard_and_taken_over(window: Window, pictures: Path) -> None:
    window.do("select", "Film")
    window.do("move", 700, 500)
    window.do("open_dialog", "sounds")
    window.do("pause", 10)
    window.picture(pictures / "sounds.png")
    window.do("write", "splash")
    window.do("press", "RET")
    window.do("pause")
    click(window, HEAR)
    window.until("auditions", lambda files: len(files) == 1)
    click(window, USE)
    window.picture(pictures / "found.png")
    window.do("press", "RET")
    window.until("words_of_film", "splash")
