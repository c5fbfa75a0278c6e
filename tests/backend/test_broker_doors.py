"""Who is let in, what lies around on disk, and what the broker is made of."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
import venv
from pathlib import Path

import psutil
import pytest
import zmq

from backend import build, launch
from backend.service import serve
from backend.service.lock import hold, is_at
from tests.backend.support import RawClient, Service, until
from tests.boundaries.sources import ROOT

pytestmark = pytest.mark.process

posix = pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX")


def stranger():
    public, secret = zmq.curve_keypair()
    return {"client_key": public, "client_secret": secret}


BREAKS = """
from backend.service import serve
from backend.service.broker import Broker

rounds = Broker._round

def breaks(self):
    rounds(self)
    if self._handler.supervisor.state == "ready":
        raise RuntimeError("broken on purpose")
    self._handler.supervisor.want(0.0)

Broker._round = breaks
serve.serve()
"""


def test_a_broker_that_breaks_ends_and_takes_its_worker_along(home):
    command = [sys.executable, "-c", BREAKS]
    environment = {**os.environ, "FOLEY_HOME": str(home)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as broker:
        worker = until(lambda: next(iter(psutil.Process(broker.pid).children()), None))
        assert broker.wait(60) == 1
        assert "broken on purpose" in broker.stderr.read()
    psutil.wait_procs([worker], timeout=30)
    assert not worker.is_running()
    assert not (home / "connection.json").exists()


@pytest.mark.parametrize(
    ("door", "logged"),
    [
        ({"keys": stranger()}, "handshake with a wrong key"),
        ({"keys": {"server_key": zmq.curve_keypair()[0]}}, "handshake without our key"),
        ({"curve": False}, "handshake without our key"),
    ],
    ids=["another client key", "another server key", "no key"],
)
def test_without_the_key_there_is_no_answer_and_one_line_in_the_log(shared_service, door, logged):
    for _ in range(2):
        with shared_service.client(**door) as outsider:
            outsider.send(b"FOLEY1", b'{"type":"ping","id":"1"}')
            assert outsider.receive(0.7) is None
    until(lambda: True if logged in shared_service.log() else None)
    assert shared_service.log().count(f'"{logged}"') == 1
    with shared_service.client() as client:
        assert client.ask("ping")["type"] == "pong"


def test_a_client_cannot_pose_as_the_worker(shared_service):
    """The client's key is for the clients' door; the worker's door does not know it."""
    with shared_service.client() as client:
        client.hello()
        client.worker_pid()
        broker = psutil.Process(client.connection["pid"])
        ports = {at.laddr.port for at in broker.net_connections("tcp") if at.status == psutil.CONN_LISTEN}
        (link_port,) = ports - {int(client.connection["endpoint"].rsplit(":", 1)[1])}
        client.connection["endpoint"] = f"tcp://127.0.0.1:{link_port}"
        (shared_service.home / "posing").mkdir(exist_ok=True)
        (shared_service.home / "posing" / "connection.json").write_text(json.dumps(client.connection))
        with RawClient(shared_service.home / "posing") as poser:
            poser.send(b"FOLEY1", b'{"type":"ready","pid":1}')
            assert poser.receive(0.5) is None
        assert client.ask("ping")["type"] == "pong"


def test_every_listening_socket_is_on_loopback(shared_service):
    with shared_service.client() as client:
        client.hello()
        client.worker_pid()
        listening = [
            at.laddr.ip
            for at in psutil.Process(client.connection["pid"]).net_connections()
            if at.status == psutil.CONN_LISTEN
        ]
    assert set(listening) == {"127.0.0.1"}
    assert len(listening) == 2


@posix
def test_state_is_for_its_owner_alone(shared_service):
    def mode(path):
        return stat.S_IMODE(path.stat().st_mode)

    assert mode(shared_service.home) == 0o700
    assert mode(shared_service.home / "connection.json") == 0o600
    assert mode(shared_service.home / "launch.json") == 0o600
    assert not list(shared_service.home.glob(".*.part"))


def test_secrets_are_on_no_command_line_and_in_no_environment(shared_service):
    with shared_service.client() as client:
        client.hello()
        worker = psutil.Process(client.worker_pid())
        for process in (worker, psutil.Process(client.connection["pid"])):
            seen = " ".join([*process.cmdline(), *process.environ().values()])
            assert client.connection["endpoint"] not in seen
            assert client.connection["client_secret"] not in seen


def test_a_second_backend_says_so_and_ends_well(shared_service):
    before = (shared_service.home / "connection.json").read_bytes()
    second = subprocess.run(
        [sys.executable, "-P", "-m", "backend", "serve"],
        env={**os.environ, "FOLEY_HOME": str(shared_service.home)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    pid = json.loads(before)["pid"]
    assert (second.returncode, second.stdout) == (0, f"A backend is running already (process {pid}).\n")
    assert (shared_service.home / "connection.json").read_bytes() == before


def test_a_client_that_looks_whether_the_lock_is_held_keeps_no_backend_from_starting(tmp_path):
    path = tmp_path / "backend.lock"
    looking = hold(path)
    assert hold(path) is None
    letting_go = threading.Timer(0.2, looking.close)
    letting_go.start()
    with hold(path, serve.PROBED_SECONDS * 20) as held:
        assert is_at(held, path)
    letting_go.join()


BROKER_MODULES = """
import sys
from backend.service import serve
heavy = {"numpy", "cv2", "av", "torch", "scipy", "soundfile", "rich", "click", "asyncio", "multiprocessing"}
print(sorted(heavy & set(sys.modules)))
"""


def test_the_broker_imports_nothing_heavy():
    ran = subprocess.run([sys.executable, "-c", BROKER_MODULES], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.skipif(not os.path.exists("/proc/self/maps"), reason="Linux only")  # noqa: PTH110
def test_a_broker_that_has_served_has_loaded_no_decoder(client, film, tmp_path):
    client.end_of(client.submit(film, tmp_path / "take.wav"))
    with open(f"/proc/{client.connection['pid']}/maps") as maps:  # noqa: PTH123
        loaded = maps.read()
    assert not [name for name in ("numpy", "libav", "cv2", "torch", "scipy") if name in loaded]


def test_clients_learn_how_to_start_this_build(shared_service):
    recorded = json.loads((shared_service.home / "launch.json").read_text())
    with shared_service.client() as client:
        build = client.hello()["build"]
    assert recorded == {"command": [sys.executable, "-m", "backend", "serve"], "build": build}


def other_installation(folder: Path, *, whole: bool) -> str:
    """The Python of another environment; where it is whole, it has all that a backend needs."""
    venv.create(folder, with_pip=False)
    (python,) = (path for name in ("bin/python", "Scripts/python.exe") for path in folder.glob(name))
    if whole:
        (packages,) = (
            found for name in ("lib/python*", "Lib") for found in folder.glob(f"{name}/site-packages")
        )
        ours = [str(ROOT), *(path for path in sys.path if path.endswith("site-packages"))]
        (packages / "ours.pth").write_text("\n".join(ours))
    return str(python)


@pytest.mark.parametrize(
    ("recorded", "python", "stays"),
    [
        ("99.0.0+20990101000000", "whole", True),
        ("99.0.0+20990101000000", "broken", False),
        ("99.0.0+20990101000000", "gone", False),
        ("99.0.0+20990101000000", "ours", False),
        ("0.0.9+20200101000000", "whole", False),
    ],
)
def test_a_newer_build_stays_recorded_for_as_long_as_it_starts(home, tmp_path, recorded, python, stays):
    home.mkdir()
    command = "/no/such/python" if python == "gone" else sys.executable
    if python in ("whole", "broken"):
        command = other_installation(tmp_path / "other", whole=python == "whole")
    was = json.dumps({"command": [command, "-m", "backend", "serve"], "build": recorded})
    (home / "launch.json").write_text(was)
    said: list[str] = []
    assert launch.record_launch(said.append) is not stays
    assert ((home / "launch.json").read_text() == was) is stays
    assert [recorded in sentence for sentence in said] == ([True] if python in ("broken", "gone") else [])


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may look at anything")
def test_a_newer_build_whose_python_may_not_be_looked_at_does_not_stay(home, tmp_path):
    home.mkdir()
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "python").symlink_to(sys.executable)
    command = [str(hidden / "python"), "-m", "backend", "serve"]
    recorded = json.dumps({"command": command, "build": "99.0.0+20990101000000"})
    (home / "launch.json").write_text(recorded)
    hidden.chmod(0)
    try:
        assert launch.record_launch()
    finally:
        hidden.chmod(0o700)


def test_a_state_folder_that_was_taken_away_ends_its_backend(service: Service):
    service.start()
    until(lambda: True if (service.home / "launch.json").exists() else None)  # written a little later
    service.home.rename(service.home.with_name("taken away"))
    assert service.process.wait(30) == 0
    assert not service.home.exists()


def test_versions_are_compared_by_number_not_by_letter(home):
    in_order = [
        "0.1.0+20261122000000",
        "0.1.0+20991122000000",
        "0.2.0+3",
        "0.2.0+3.20261122000000",
        "0.2.0+3.20261122000001",
        "0.2.0+4.20261121000000",
        "0.9.0+20261122000000",
        "0.10.0+3",
    ]
    for place, one in enumerate(in_order):
        assert [build.older(one, other) for other in in_order] == [place < at for at in range(len(in_order))]


NEWER = "99.0.0+9.20990101000000"


def record(service: Service, client: RawClient, build: str) -> None:
    """Have this build recorded; a backend that answers has recorded itself before."""
    client.ask("ping")
    (service.home / "launch.json").write_text(json.dumps({"command": ["no-such-program"], "build": build}))


@pytest.mark.parametrize(
    ("named", "recorded"),
    [
        (NEWER, "99.0.0+9.20990101000001"),
        (NEWER, ""),
        ("0.0.1+1", "0.0.1+1"),
        ("", ""),
        ("own", "own"),
        ("no build", "no build"),
        ("9" * 10_000, NEWER),
    ],
    ids=lambda value: value[:20],
)
def test_a_backend_goes_on_where_it_is_to_make_room_for_what_does_not_replace_it(
    service: Service, named: str, recorded: str
):
    with service.start().client() as client:
        own = client.connection["build"]
        record(service, client, own if recorded == "own" else recorded)
        named = own if named == "own" else named
        for mode in ("drain", "now"):
            error = client.ask("shutdown", mode=mode, replaced_by=named)["error"]
            assert (error["code"], own in error["message"]) == ("not_replaced", True)
            assert error["hint"]
            assert len(error["message"]) < 300
        (service.home / "launch.json").unlink()
        assert client.ask("shutdown", replaced_by=NEWER)["error"]["code"] == "not_replaced"
        assert client.hello()["type"] == "welcome"
        assert client.worker_pid()
    assert service.process.poll() is None


def test_a_backend_makes_room_for_the_newer_one_that_is_recorded(service: Service):
    with service.start().client() as client:
        record(service, client, NEWER)
        assert client.ask("shutdown", mode="drain", replaced_by=NEWER)["type"] == "ok"
    assert service.process.wait(20) == 0


def test_shutdown_takes_the_connection_away_and_ends_well(service: Service):
    service.start()
    with service.client() as client:
        assert client.ask("shutdown")["type"] == "ok"
    assert service.process.wait(30) == 0
    assert not (service.home / "connection.json").exists()


@posix
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_ends_broker_and_worker_well(service: Service, name):
    import signal

    service.start()
    with service.client() as client:
        client.hello()
        worker = psutil.Process(client.worker_pid())
        service.process.send_signal(getattr(signal, name))
        assert service.process.wait(30) == 0
        worker.wait(30)
    assert not (service.home / "connection.json").exists()


WORKER_MODULES = """
import sys
from backend.worker import worker
heavy = {"torch", "scipy.signal", "foley_core.engines.procedural"}
print(sorted(heavy & set(sys.modules)))
"""


def test_the_worker_loads_an_engine_only_for_a_cue():
    ran = subprocess.run([sys.executable, "-c", WORKER_MODULES], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
