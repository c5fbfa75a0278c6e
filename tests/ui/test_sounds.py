"""Known words while a prompt is typed, and the list of all sounds, in a real window."""

from __future__ import annotations

from pathlib import Path

from tests.ui.user import choose, confirm
from tests.ui.window import Window

TALL = 60
"""Points from the prompt's field down to the words that are offered."""


def test_words_are_offered_under_the_field_while_it_is_typed(window: Window, pictures: Path) -> None:
    window.do("start_backend")
    window.until("words", lambda count: count > 500)
    choose(window, "generate f")
    window.do("write", "boots on gra")
    window.picture(pictures / "offered.png")
    window.do("write", "vel, zyx")
    window.until("explained", "boots on gravel, zyx")
    window.do("press", "RET")
    window.do("pause")
    window.picture(pictures / "explained.png")
    confirm(window)
    window.until("sounds", lambda names: len(names) == 1)


def test_all_sounds_are_shown(window: Window, pictures: Path) -> None:
    window.do("select", "Film")
    window.do("move", 700, 500)
    window.do("open_dialog", "sounds")
    window.do("pause", 10)
    window.picture(pictures / "sounds.png")
