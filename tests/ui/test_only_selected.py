"""A user who copies a sound, adds a marker by key, and lengthens the picture: only what is meant changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.user import choose, generate, undo
from tests.ui.window import Window


@pytest.fixture(scope="module", autouse=True)
def first_take(window: Window) -> None:
    window.do("keep_only", "Film", 90)
    generate(window, "wood")
    window.until("sounds", ["wood"])


def test_a_new_take_of_a_copy_that_was_made_by_key_is_the_copy_s_alone(
    window: Window, pictures: Path
) -> None:
    window.do("point_at", "wood")
    window.do("press", "LEFTMOUSE")
    window.do("pause")
    window.do("press", "D", shift=True)
    window.do("write", "160")
    window.do("press", "RET")
    window.do("pause")
    assert window.do("ends", "wood.001")[0] == window.do("ends", "wood")[0] + 160
    choose(window, "new take", "wood.001")
    window.until("known_takes", {"wood": 1, "wood.001": 2})
    window.picture(pictures / "copy.png")
    undo(window)
    window.until("known_takes", {"wood": 1, "wood.001": 1})


def test_a_marker_that_was_added_by_key_is_a_hit_and_the_dialog_says_so_first(
    window: Window, pictures: Path
) -> None:
    window.do("play_from", 31)
    window.do("point_at", "wood")
    window.do("press", "M")
    window.do("pause")
    assert window.do("called") == ["F_31"]
    choose(window, "hits from", "wood")
    window.picture(pictures / "told-apart.png")
    assert window.do("jobs") == 0
    window.do("press", "RET")
    window.until("known_takes", {"wood": 2, "wood.001": 1})


def test_a_picture_that_is_longer_now_makes_its_sound_out_of_date_until_it_is_made_anew(
    window: Window, pictures: Path
) -> None:
    before = window.do("ends", "wood")
    window.do("keep_only", "Film", 150)
    window.do("select", "wood")
    window.picture(pictures / "out-of-date.png")
    choose(window, "fit to", "wood")
    first, last = window.do("ends", "wood")
    assert first == before[0]
    assert before[1] < last < window.do("ends", "Film")[1]
    window.picture(pictures / "fitted.png")
    choose(window, "new take", "wood")
    window.until("known_takes", {"wood": 3, "wood.001": 1})
    assert window.do("ends", "wood") == window.do("ends", "Film")
    window.picture(pictures / "made-anew.png")
