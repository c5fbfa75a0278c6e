"""The add-on in a real Blender with a window, worked by mouse and keys, and a real backend.

Left out where there is no such Blender: it must be on the PATH, or FOLEY_UI_BLENDER names a program or the
folder of a Debian with one in it. Needs Xvfb and ImageMagick's `import`. FOLEY_UI_PICTURES names a folder in
which what the screen showed is kept.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backend.support import Service
from tests.ui.window import Window, find_program

ROOT = Path(__file__).parents[2]
collect_ignore_glob = [] if find_program() else ["test_*.py"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in Path(item.fspath).parents:
            item.add_marker(pytest.mark.ui)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    named = os.environ.get("FOLEY_UI_PICTURES")
    folder = Path(named) if named else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's folder: the add-on is installed, and a film lies there."""
    folder = tmp_path_factory.mktemp("window")
    sys.path.insert(0, str(ROOT / "installers"))
    from build_blender import assemble

    (folder / "resources" / "extensions" / "user_default").mkdir(parents=True)
    assemble(folder / "resources" / "extensions" / "user_default" / "foley")
    shutil.copy(ROOT / "installers" / "demo" / "demo.mp4", folder / "film.mp4")
    (folder / "home").mkdir()
    return folder


@pytest.fixture(scope="module")
def service(place: Path) -> Iterator[Service]:
    """The backend, which runs before Blender does."""
    with Service(place / "home").start() as running:
        yield running


@pytest.fixture(scope="module")
def window(place: Path, service: Service) -> Iterator[Window]:
    """A saved project with one film in it, the sidebar open at our tab."""
    opened = open_blender(place)
    try:
        opened.do("open_project", str(place), str(place / "film.mp4"))
        opened.do("pause")
        opened.do("open_tab")
        yield opened
    finally:
        opened.close()


@pytest.fixture(scope="module")
def closed(place: Path, service: Service) -> Iterator[Window]:
    """The same, as everyone has it at first: the sidebar is closed, and so is our tab."""
    opened = open_blender(place)
    try:
        opened.do("open_project", str(place), str(place / "film.mp4"), sidebar=False)
        opened.do("pause")
        yield opened
    finally:
        opened.close()


def open_blender(place: Path, project: Path | None = None) -> Window:
    """The Blender that is tested, with a file or without."""
    program = find_program()
    assert program is not None
    return Window(program, place, place / "home", project)
