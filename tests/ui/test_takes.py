"""A user who is not content with the first take: another, other words, a part, hits of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.user import choose, confirm, generate, undo
from tests.ui.window import Window

WAVE = "rgb(102,158,184)"
"""The colour of the waveform in the picture of a take."""


@pytest.fixture(scope="module", autouse=True)
def first_take(window: Window) -> None:
    generate(window, "wood")
    window.until("sounds", ["wood"])


def test_another_take_takes_the_place_of_the_first_and_both_are_in_the_tab(
    window: Window, pictures: Path
) -> None:
    choose(window, "new take")
    window.until("takes", 2)
    window.do("select", "wood")
    window.until("tab_has_picture", True)
    assert window.colours(window.picture(pictures / "takes.png"), WAVE) > 100
    assert window.do("sounds") == ["wood"]


def test_other_words_change_the_sound_in_place_and_the_old_takes_are_kept(
    window: Window, pictures: Path
) -> None:
    before = window.do("file_of_sound")
    choose(window, "regenerate w", "wood")
    window.do("write", "metal")
    window.picture(pictures / "regenerate.png")
    confirm(window)
    window.until("takes", 3)
    assert window.do("prompts") == ["metal", "wood", "wood"]
    assert window.do("file_of_sound") != before
    assert len(window.do("sounds")) == 1


def test_an_older_take_is_chosen_in_the_submenu(window: Window) -> None:
    (strip,) = window.do("sounds")
    choose(window, "take 1", strip)
    window.until("numbers", lambda found: found[0] == 1)
    assert sorted(window.do("numbers")) == [1, 2, 3]
    undo(window)
    window.until("numbers", lambda found: found[0] == 3)


def test_impacts_are_shown_as_markers_and_markers_become_hits(window: Window, pictures: Path) -> None:
    (strip,) = window.do("sounds")
    choose(window, "show impacts", strip)
    found = window.do("markers")
    assert len(found) == 13
    window.picture(pictures / "impacts.png")
    window.do("change_markers", moved=7, added=250)
    choose(window, "hits from", strip)
    window.until("hits", 14)
    window.picture(pictures / "hits.png")
    assert window.do("takes") == 4


def test_a_part_is_made_anew_in_the_preview_range_and_one_undo_takes_it_back(
    window: Window, pictures: Path
) -> None:
    (strip,) = window.do("sounds")
    window.do("set_preview", 100, 160)
    choose(window, "regenerate p", strip)
    window.until("sounds", lambda found: len(found) == 3)
    window.picture(pictures / "part.png")
    undo(window)
    window.until("sounds", [strip])
