"""A user who saves and closes Blender while a take is being made, and comes back."""

from __future__ import annotations

from pathlib import Path

from tests.ui.conftest import open_blender
from tests.ui.user import generate
from tests.ui.window import Window


def test_a_project_finds_its_job_again_when_it_is_opened_anew(
    window: Window, place: Path, pictures: Path
) -> None:
    window.do("prefer", engine="faulty")
    generate(window, "slow 250")
    window.until("jobs", 1)
    window.do("save")
    window.quit()
    again = open_blender(place, place / "project.blend")
    try:
        again.until("jobs", 1)
        again.do("show_tab")
        again.do("pause")
        again.do("open_tab")
        again.picture(pictures / "reopened.png")
        again.until("sounds", ["slow 250"])
    finally:
        again.close()
