"""A user who scores a whole sequence, and watches the queue."""

from __future__ import annotations

from pathlib import Path

from tests.ui.user import choose, confirm, redo, undo
from tests.ui.window import Window


def test_every_shot_gets_its_take_and_the_queue_tells_how_far_it_is(window: Window, pictures: Path) -> None:
    window.do("cut_into", 4)
    window.do("prefer", engine="faulty", prompt="slow 25")
    choose(window, "score s", "Shot 2")
    window.picture(pictures / "score-dialog.png")
    confirm(window)
    window.until("jobs", 3)
    window.picture(pictures / "queue.png")
    window.until("jobs", 0)
    assert window.do("starts") == window.do("shots")
    assert len(window.do("sounds")) == 4
    window.picture(pictures / "scored.png")


def test_the_whole_score_is_one_step_for_undo(window: Window) -> None:
    undo(window)
    assert window.do("sounds") == []
    assert len(window.do("shots")) == 4
    redo(window)
    assert len(window.do("sounds")) == 4


def test_a_second_score_shows_which_shots_have_a_sound_and_gives_them_no_other(
    window: Window, pictures: Path
) -> None:
    choose(window, "score s", "Shot 2")
    window.picture(pictures / "score-again.png")
    confirm(window)
    window.do("pause", 10)
    assert window.do("jobs") == 0
    assert len(window.do("sounds")) == 4
