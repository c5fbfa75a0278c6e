"""The backend is installed from the preferences, by the real installer's way, in the background."""

import json
import os
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import bpy
import pytest
from cut import PATIENCE
from drawn import Drawn
from test_errors import preferences  # noqa: F401 (a fixture)

SCRIPT = """
import json, os, pathlib, sys, time
print("Installing", sys.argv[1], flush=True)
while not pathlib.Path("go on").exists():
    time.sleep(0.01)
if pathlib.Path("break").exists():
    print("There is no Python 3.11 to 3.13.", flush=True)
    sys.exit(1)
home = pathlib.Path(os.environ["FOLEY_HOME"])
(home / "launch.json").write_text(pathlib.Path("launch.json").read_text())
print("Foley is set up", flush=True)
"""


@pytest.fixture
def project(tmp_path, home):
    """A folder that Foley lies in, whose installer does as it is told."""
    folder = tmp_path / "foley's folder"
    (folder / "installers").mkdir(parents=True)
    (folder / "installers" / "bootstrap.py").write_text(SCRIPT)
    (folder / "launch.json").write_text((home / "launch.json").read_text())
    return folder


@pytest.fixture
def nothing(cut, preferences, tmp_path, monkeypatch):  # noqa: F811
    """A machine with the extension alone, that may go online."""
    own = tmp_path / "own home"
    own.mkdir()
    monkeypatch.setenv("FOLEY_HOME", str(own))
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    bpy.context.preferences.system.use_online_access = True
    yield own
    bpy.context.preferences.system.use_online_access = False


def shown(cut):
    """What the preferences show of it."""
    layout = Drawn()
    cut.addon.ui.install_ops.draw(layout)
    return [text for _, text in layout.texts]


def asked(cut, project):
    """What the dialog shows, for a folder or for none."""
    layout = Drawn()
    kind = cut.addon.ui.install_ops.FOLEY_OT_install_backend
    column = SimpleNamespace(column=lambda: SimpleNamespace(prop=lambda *_: None, label=layout.label))
    kind.draw(SimpleNamespace(layout=column, project=project), bpy.context)
    return " ".join(text for _, text in layout.texts)


def until(cut, holds):
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        cut.addon.ui.telling.tell()
        time.sleep(0.01)


def test_the_backend_is_installed_in_the_background_and_its_log_is_shown(
    cut,
    film,
    nothing,
    project,
    preferences,  # noqa: F811
):
    began = time.monotonic()
    assert bpy.ops.foley.install_backend(project=str(project)) == {"FINISHED"}
    assert time.monotonic() - began < PATIENCE
    installer = cut.addon.ui.install_ops.installer
    until(cut, lambda: "Installing setup" in shown(cut))
    assert "Installing…" in shown(cut)
    (project / "go on").touch()
    until(cut, lambda: not installer.running)
    assert {"Installed", "Foley is set up"} <= set(shown(cut))
    assert (nothing / "launch.json").is_file()
    assert cut.addon.ui.backend_ops.newest_log() == installer.log
    assert preferences.project == str(project)
    cut.place(film)
    cut.generate(engine="faulty")
    cut.take()
    cut.queue.client.ask("shutdown", mode="now")
    cut.until(lambda: not (nothing / "connection.json").exists())


def test_an_installer_that_fails_is_reported_with_its_last_words(cut, nothing, project):
    (project / "go on").touch()
    (project / "break").touch()
    bpy.ops.foley.install_backend(project=str(project))
    until(cut, lambda: not cut.addon.ui.install_ops.installer.running)
    assert "There is no Python 3.11 to 3.13." in cut.queue.problem
    assert cut.queue.problem.endswith("[install_failed]")
    assert "Ended with code 1" in shown(cut)


def test_the_installer_can_be_stopped(cut, nothing, project):
    bpy.ops.foley.install_backend(project=str(project))
    with pytest.raises(RuntimeError, match="poll"):
        bpy.ops.foley.install_backend(project=str(project))
    assert bpy.ops.foley.stop_installing() == {"FINISHED"}
    until(cut, lambda: not cut.addon.ui.install_ops.installer.running)
    assert cut.queue.problem.endswith("[install_failed]")


def test_what_will_be_run_is_said_before(cut, nothing, project):
    assert "with README.md and installers in it" in asked(cut, "").replace("\n", " ")
    told = asked(cut, str(project))
    assert "bootstrap.py" in told
    assert "setup" in told
    assert "downloads" in told


def test_a_folder_without_foley_and_none_at_all_are_refused(cut, nothing, tmp_path):
    for folder, code in ((str(tmp_path), "no_project"), ("", "no_project")):
        with pytest.raises(RuntimeError, match=code):
            bpy.ops.foley.install_backend(project=folder)


def test_nothing_is_fetched_where_blender_may_not_go_online(cut, nothing, project):
    bpy.context.preferences.system.use_online_access = False
    with pytest.raises(RuntimeError, match="offline"):
        bpy.ops.foley.install_backend(project=str(project))
    assert not cut.addon.ui.install_ops.installer.running


def test_the_folder_is_known_from_what_starts_the_backend_now(cut, nothing, project):
    installing = cut.addon.ui.install_ops.installing
    assert installing.project() == ""
    python = project / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    launch = {"command": [str(python), "-m", "backend", "serve"]}
    (nothing / "launch.json").write_text(json.dumps(launch))
    assert installing.project() == str(project)


def test_a_foley_on_the_path_tells_its_folder_only_if_it_is_this_foley(cut, nothing, project, monkeypatch):
    installing = cut.addon.ui.install_ops.installing
    for inside, found in ((project / ".venv" / "bin", str(project)), (project.parent / "other" / "bin", "")):
        inside.mkdir(parents=True)
        program = inside / ("foley.exe" if os.name == "nt" else "foley")
        program.write_text("")
        program.chmod(0o700)
        monkeypatch.setenv("PATH", str(inside))
        assert installing.project() == found
