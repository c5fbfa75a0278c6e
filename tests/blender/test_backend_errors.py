"""Backends that are missing, cannot start, or are of another version."""

import json
import sys

import bpy
import pytest
from cut import BACKEND_PYTHON, where
from drawn import Drawn
from meanwhile import retried


@pytest.fixture
def own_home(tmp_path, monkeypatch):
    """A state folder of its own, with no backend in it."""
    place = tmp_path / "own home"
    place.mkdir()
    monkeypatch.setenv("FOLEY_HOME", str(place))
    return place


def test_a_backend_that_is_not_installed_is_said_so(cut, film, tmp_path, monkeypatch):
    monkeypatch.setenv("FOLEY_HOME", str(tmp_path / "empty"))
    cut.place(film)
    cut.generate(engine="faulty")
    assert cut.finish() == []
    assert "not installed yet, " in cut.queue.problem
    assert "launch.json is missing. Run Foley's installer. [backend_unreachable]" in cut.queue.problem
    offered = [one.name for one in cut.addon.ui.remedies.remedies(cut.queue.news.opened())]
    assert offered[0] == "install_backend"
    assert "open_log" not in offered, "there is none where nothing has run"
    assert cut.queue.backend == "broken"
    dialog = Drawn()
    cut.addon.ui.engines.draw_backend(dialog)
    assert "No backend can be reached" in str(dialog.texts)


@pytest.fixture
def client(cut):
    """The module of the backend's client."""
    cut.addon.jobs.backend_client.warm_up()
    return sys.modules[cut.addon.__name__ + ".foley_client"]


HANGS = [BACKEND_PYTHON, "-c", "import time; time.sleep(100)"]


LAUNCHES = {
    "missing": None,
    "garbage": "no JSON {",
    "another shape": "[7]",
    "no command": "{}",
    "empty command": '{"command": []}',
    "number": '{"command": 7}',
    "numbers": '{"command": [7]}',
    "no program": '{"command": ["/no/such/program"]}',
    "ends": json.dumps({"command": [BACKEND_PYTHON, "-c", "raise SystemExit(3)"]}),
    "hangs": json.dumps({"command": HANGS}),
}


@pytest.mark.parametrize("launch", LAUNCHES)
def test_a_backend_that_cannot_start_is_said_so_and_its_job_can_be_tried_again(
    cut, film, home, own_home, client, monkeypatch, launch
):
    if LAUNCHES[launch] is not None:
        (own_home / "launch.json").write_text(LAUNCHES[launch])
    patience = client.START_SECONDS
    monkeypatch.setattr(client, "START_SECONDS", 1.0)
    cut.place(film)
    cut.generate(engine="faulty")
    assert cut.finish() == []
    assert cut.queue.problem.endswith("[backend_unreachable]")
    assert len(cut.queue.problem.splitlines()) == 1
    assert cut.addon.ui.backend_ops.logs() == str(own_home / "logs")
    assert len(list((cut.folder / "foley" / ".jobs").glob("*.json"))) == 1
    if cut.queue.client._child is not None:
        cut.queue.client._child.kill()
        cut.queue.client._child.wait()
    monkeypatch.setattr(client, "START_SECONDS", patience)
    monkeypatch.setenv("FOLEY_HOME", str(home))
    assert bpy.ops.foley.start_backend() == {"FINISHED"}
    cut.until(lambda: cut.queue.backend == "ready")
    assert where(retried(cut))[:2] == (11, 107)


def test_a_backend_that_speaks_another_protocol_is_said_so(cut, film, monkeypatch):
    cut.queue.connect()
    cut.until(lambda: cut.queue.backend == "ready")
    cut.queue.close()
    cut.place(film)
    with monkeypatch.context() as meanwhile:
        meanwhile.setitem(cut.queue.client._hello, "protocol", (2, 0))
        cut.generate(engine="faulty")
        assert cut.finish() == []
        assert cut.queue.problem.endswith("[protocol_mismatch]")
        assert len(cut.queue.problem.splitlines()) == 1
    retried(cut)


def test_a_backend_of_an_older_build_is_replaced_and_makes_the_take(cut, film, home, own_home):
    launch = json.loads((home / "launch.json").read_text())
    (own_home / "launch.json").write_text(json.dumps(launch))
    cut.queue.connect()
    cut.until(lambda: cut.queue.backend == "ready")
    before = json.loads((own_home / "connection.json").read_text())["pid"]
    cut.queue.close()
    (own_home / "launch.json").write_text(json.dumps({**launch, "build": "99.0.0+20990101000000"}))
    cut.place(film)
    cut.generate(engine="faulty")
    cut.take()
    assert json.loads((own_home / "connection.json").read_text())["pid"] != before
    cut.queue.client.ask("shutdown", mode="now")
    cut.until(lambda: not (own_home / "connection.json").exists())
