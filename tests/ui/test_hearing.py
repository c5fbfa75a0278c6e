"""A user who listens: hears a take, undoes in the middle of it, and lets the clip's own sound give way."""

from __future__ import annotations

import pytest

from tests.ui.user import generate, redo, undo
from tests.ui.window import Window


@pytest.fixture(scope="module", autouse=True)
def ducked_take(window: Window) -> None:
    window.do("add_own_sound", str(window.folder / "film.mp4"))
    window.do("prefer", own_sound="duck", duck=-20.0)
    generate(window, "wood")
    window.until("sounds", ["Own", "wood"])


def test_one_undo_takes_back_the_take_and_what_was_done_to_the_clip_s_own_sound(window: Window) -> None:
    assert window.do("volume", "Own") == 0.1
    undo(window)
    assert window.do("sounds") == ["Own"]
    assert window.do("volume", "Own") == 1.0
    redo(window)
    assert window.do("sounds") == ["Own", "wood"]
    assert window.do("volume", "Own") == 0.1


def test_a_take_is_heard_until_it_is_stopped(window: Window) -> None:
    window.do("select", "wood")
    window.do("hear", -1)
    window.until("is_heard", lambda found: found[0] is True)
    window.do("press", "ESC")
    window.until("is_heard", [False, True, False])


def test_an_undo_while_a_take_is_heard_leaves_the_sequencer_as_it_was(window: Window) -> None:
    window.do("select", "wood")
    window.do("hear", -1)
    window.do("note_step", "Something else")
    undo(window)
    assert window.do("is_heard") == [False, True, False]
    redo(window)
    assert window.do("is_heard") == [False, True, False]
