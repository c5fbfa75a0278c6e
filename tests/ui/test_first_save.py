"""A user who makes takes first and saves afterwards, and undoes over that."""

from __future__ import annotations

from pathlib import Path

from tests.backend.support import Service
from tests.ui.conftest import open_blender
from tests.ui.user import generate, redo, undo


def test_takes_come_beside_the_project_with_the_first_save_and_stay_there_over_undo(
    place: Path, service: Service
) -> None:
    window = open_blender(place)
    try:
        window.do("open_project", "", str(place / "film.mp4"))
        window.do("pause")
        generate(window, "wood")
        window.until("sounds", ["wood"])
        (was,), plays = window.do("files_of_takes")
        assert Path(was).parent == place / "home" / "blender"
        assert plays == was
        (place / "first").mkdir()
        window.do("save_as", str(place / "first" / "first.blend"))
        beside = str(place / "first" / "foley" / Path(was).name)
        assert window.do("files_of_takes") == [[beside], beside]
        undo(window)
        window.until("sounds", [])
        redo(window)
        window.until("sounds", ["wood"])
        assert window.do("files_of_takes") == [[beside], beside]
        assert Path(beside).is_file()
        window.quit()
    finally:
        window.close()
    assert not Path(was).exists()
