"""A user whose clip must be rendered before it can be sent: Blender is used meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.user import generate, undo
from tests.ui.window import Window


@pytest.fixture(scope="module", autouse=True)
def reversed_clip(window: Window) -> None:
    window.do("keep_only", "Film", 150)
    window.do("reverse", "Film")


def test_the_window_is_used_while_a_reversed_clip_is_rendered(window: Window, pictures: Path) -> None:
    generate(window, "wood")
    window.until("renders", True)
    window.do("point_at", "Film")
    window.do("press", "M")
    window.do("press", "A", alt=True)
    window.until("markers", [1])
    window.until("selected", [])
    assert window.do("renders"), "The render was over too soon to say anything."
    window.picture(pictures / "rendering.png")
    window.until("sounds", ["wood"])


def test_one_undo_takes_the_take_away_and_no_copied_scene_is_left(window: Window) -> None:
    scenes = window.do("scenes")
    assert len(scenes) == 1
    undo(window)
    window.until("sounds", [])
    assert window.do("scenes") == scenes


def test_an_undo_during_the_render_costs_nothing_but_time(window: Window) -> None:
    window.do("keep_only", "Film", 100)
    generate(window, "wood")
    window.until("renders", True)
    undo(window)
    window.until("sounds", ["wood"])
    assert len(window.do("scenes")) == 1


def test_a_scene_without_a_camera_elsewhere_on_the_timeline_hinders_no_render(window: Window) -> None:
    undo(window)
    window.until("sounds", [])
    window.do("keep_only", "Film", 50)
    window.do("show_scene_without_camera", "Other", 6, 1_000)
    generate(window, "gravel")
    window.until("sounds", ["gravel"])
    assert len(window.do("scenes")) == 2
