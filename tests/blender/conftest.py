"""Real Blender, the add-on as it is installed, and a real backend from the main environment.

These tests run in a virtual environment with bpy and without foley's own packages. Blender's user folder is a
temporary one. The backend is started by the add-on itself, from `launch.json`; all tests share it.
"""

import importlib.util
import json
import os
import shutil
import signal
import sys
import tempfile
import time
import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
HAS_BPY = importlib.util.find_spec("bpy") is not None
collect_ignore_glob = [] if HAS_BPY else ["test_*.py"]

if HAS_BPY:
    USER_FOLDER = Path(tempfile.mkdtemp(prefix="foley-blender-"))
    os.environ["BLENDER_USER_RESOURCES"] = str(USER_FOLDER)
    sys.path[:0] = [str(ROOT / "installers"), str(Path(__file__).parent)]
    import bpy  # noqa: F401 (makes Blender's other modules known)
    from cut import draw_film


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in Path(item.fspath).parents:
            item.add_marker(pytest.mark.blender)


def pytest_unconfigure():
    if HAS_BPY:
        shutil.rmtree(USER_FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def shared_home(tmp_path_factory):
    """The state folder of the one backend, which is ended at last."""
    from cut import BACKEND_PYTHON

    home = tmp_path_factory.mktemp("home")
    launch = {"command": [BACKEND_PYTHON, "-m", "backend", "serve"], "build": ""}
    (home / "launch.json").write_text(json.dumps(launch))
    yield home
    try:
        os.kill(json.loads((home / "connection.json").read_text())["pid"], signal.SIGTERM)
    except FileNotFoundError:
        return
    for _ in range(400):
        if not (home / "connection.json").exists():
            return
        time.sleep(0.05)


@pytest.fixture(autouse=True)
def home(shared_home, monkeypatch):
    monkeypatch.setenv("FOLEY_HOME", str(shared_home))
    monkeypatch.setenv("FOLEY_TEST_ENGINES", "1")
    return shared_home


@pytest.fixture(autouse=True)
def no_names_that_blender_will_drop():
    """The add-on uses no attribute that Blender warns about.

    Turned into an error at once, the warning would be raised out of Blender's own code, which goes on with a
    result and an exception at the same time; so it is kept, and the test fails at its end.
    """
    with warnings.catch_warnings(record=True) as seen:
        warnings.filterwarnings("always", ".*removed in Blender", DeprecationWarning)
        yield
    ours = [str(warning) for warning in seen if Path(warning.filename).is_relative_to(USER_FOLDER)]
    assert not ours


@pytest.fixture(scope="session")
def installed():
    """The add-on's files, where Blender looks for installed extensions; gives its module's name."""
    from build_blender import assemble

    assemble(USER_FOLDER / "extensions" / "user_default" / "foley")
    return "bl_ext.user_default.foley"


@pytest.fixture
def cut(installed, tmp_path):
    """An empty, saved project with the add-on switched on."""
    import addon_utils
    import bpy
    from cut import Cut, show_scene

    # Left there, handlers make Blender 4.3 crash at its exit, and 4.5 hang.
    bpy.app.handlers.load_post.append(show_scene)
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    addon_utils.enable(installed)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "project.blend"))
    try:
        yield Cut(sys.modules[installed], tmp_path)
    finally:
        addon_utils.disable(installed)
        bpy.app.handlers.load_post.remove(show_scene)


@pytest.fixture(scope="session")
def film(tmp_path_factory):
    """Four seconds at 24 frames per second; frames 30, 50 and 80 are white."""
    from cut import draw_film

    folder = tmp_path_factory.mktemp("film")
    return Path(draw_film(folder / "film.mp4", rate="24", seconds=4, flashes=[30, 50, 80])[0])


@pytest.fixture(scope="session")
def short(tmp_path_factory):
    """Two seconds at 24 frames per second, 320x180; frame 20 is white."""
    folder = tmp_path_factory.mktemp("short")
    return draw_film(folder / "short.mp4", rate="24", seconds=2, flashes=[20])[0]


@pytest.fixture
def stage(cut):
    """A project of the film's size and rate."""
    cut.scene.render.resolution_x, cut.scene.render.resolution_y = 320, 180
    cut.set_rate(24)
    return cut
