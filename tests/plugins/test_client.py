"""The client against a real backend: work, crashes, updates, and every way not to get through."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import zmq

from backend.client import Client, ClientError, foley_client
from backend.connection import published
from tests.plugins.backends import connection, end_backend, kill_backend

pytestmark = pytest.mark.process


def cue_of(film: Path, prompt: str = "", **values: Any) -> dict[str, Any]:
    """A cue of half a second for the engine that does as the prompt says."""
    return {
        "media": str(film),
        "in": "0",
        "out": "1/2",
        "engine": "faulty",
        "prompt": prompt,
        "seed": 7,
        **values,
    }


@pytest.fixture
def client(launch: Path) -> Iterator[Client]:
    with Client("test") as client:
        yield client


def test_a_take_is_made_by_a_backend_that_is_started_for_it(
    client: Client, film: Path, tmp_path: Path
) -> None:
    take = tmp_path / "take.wav"
    seen: list[float] = []
    job = client.submit(cue_of(film, "slow 10"), {"takes": [str(take)]})
    done = client.follow(job, lambda push: seen.append(push["progress"]))
    assert done["takes"][0]["path"] == str(take)
    assert take.is_file()
    assert seen == sorted(seen)
    assert len(seen) > 2


def test_the_backend_does_not_get_what_was_meant_for_the_editor_s_python(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHOME", "nowhere")
    monkeypatch.setenv("PYTHONPATH", "nowhere")
    assert client.request("ping")["type"] == "pong"


def test_folders_told_from_here_are_the_same_for_the_backend(
    launch: Path, home: Path, film: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FOLEY_HOME", home.name)
    monkeypatch.setenv("FOLEY_MODELS", "weights")
    with Client("test") as client, pytest.raises(ClientError) as error:
        client.follow(client.submit(cue_of(film, engine="hunyuan"), {"takes": [str(tmp_path / "take.wav")]}))
    assert error.value.code == "model_missing"
    assert str(tmp_path / "weights") in str(error.value)


def test_clients_that_start_at_once_share_one_backend(launch: Path) -> None:
    with Client("one") as one, Client("two") as two:
        asked = {one: one.ask("status"), two: two.ask("status")}
        pids = []
        for client, request in asked.items():
            pids += [e["broker"]["pid"] for e in until(client, "re", request)]
    assert pids[0] == pids[1]


def until(client: Client, key: str, value: Any) -> list[dict[str, Any]]:
    """Pump until such an event comes; gives it alone."""
    for _ in range(600):
        if found := [event for event in client.wait(0.1) if event.get(key) == value]:
            return found
    raise AssertionError(f"no event with {key} {value}; the client is {client.state}: {client.error}")


def test_a_job_is_done_though_the_broker_is_killed_in_its_middle(
    client: Client, film: Path, tmp_path: Path, home: Path
) -> None:
    take = tmp_path / "take.wav"
    job = client.submit(cue_of(film, "slow 20"), {"takes": [str(take)]})
    until(client, "type", "progress")
    killed = kill_backend(home)
    assert client.follow(job)["takes"][0]["path"] == str(take)
    assert connection(home)["pid"] != killed


def test_a_submit_that_was_not_answered_is_sent_again(
    client: Client, film: Path, tmp_path: Path, home: Path
) -> None:
    client.request("ping")
    kill_backend(home)
    take = tmp_path / "take.wav"
    job = client.submit(cue_of(film), {"takes": [str(take)]})
    assert client.follow(job)["takes"][0]["path"] == str(take)


def test_what_a_killed_backend_left_behind_keeps_no_client_from_starting_another(
    launch: Path, home: Path
) -> None:
    with Client("first") as first:
        first.request("ping")
    killed = kill_backend(home)
    with Client("second") as second:
        second.request("ping")
    assert connection(home)["pid"] != killed


def test_an_idle_client_does_not_start_a_backend_that_was_shut_down(client: Client, home: Path) -> None:
    client.request("ping")
    client.request("shutdown")
    until(client, "state", "away")
    for _ in range(5):
        client.wait(0.1)
    assert client.state == "away"
    assert not connection(home)


def test_a_backend_that_is_just_ending_is_waited_for(client: Client, film: Path, tmp_path: Path) -> None:
    first = client.submit(cue_of(film, "slow 10"), {"takes": [str(tmp_path / "first.wav")]})
    until(client, "type", "progress")
    client.request("shutdown")
    second = client.submit(cue_of(film), {"takes": [str(tmp_path / "second.wav")]})
    client.follow(first)
    client.follow(second)
    assert (tmp_path / "second.wav").is_file()


@pytest.fixture
def leaving(client: Client, film: Path, tmp_path: Path) -> str:
    """A job that runs in a backend that leaves once it has ended."""
    job = client.submit(cue_of(film, "slow 100"), {"takes": [str(tmp_path / "first.wav")]})
    until(client, "type", "progress")
    client.request("shutdown")
    return job


def test_that_the_backend_leaves_is_told_by_pump(client: Client, leaving: str) -> None:
    (told,) = [event for event in until(client, "type", "leaving") if event["type"] == "leaving"]
    assert told["mode"] == "drain"
    client.cancel(leaving)


def test_while_the_backend_leaves_a_new_job_waits_for_the_next_and_says_so(
    client: Client, leaving: str, film: Path, tmp_path: Path
) -> None:
    until(client, "type", "leaving")
    second = client.submit(cue_of(film), {"takes": [str(tmp_path / "second.wav")]})
    (told,) = until(client, "type", "waiting")
    assert (told["job"], told["reason"]) == (second, "ending")
    client.follow(second)
    assert (tmp_path / "second.wav").is_file()
    assert client.request("status", {"job": second})["jobs"][0]["attempts"] == 1


def test_while_the_backend_leaves_its_running_job_can_be_cancelled(
    client: Client, leaving: str, home: Path, film: Path, tmp_path: Path
) -> None:
    left = connection(home)["pid"]
    second = client.submit(cue_of(film), {"takes": [str(tmp_path / "second.wav")]})
    client.cancel(leaving)
    with pytest.raises(ClientError, match="Cancelled"):
        client.follow(leaving)
    client.follow(second)
    assert connection(home)["pid"] != left
    assert not (tmp_path / "first.wav").exists()


def test_a_job_that_waits_for_the_next_backend_can_be_cancelled(
    client: Client, leaving: str, film: Path, tmp_path: Path
) -> None:
    second = client.submit(cue_of(film), {"takes": [str(tmp_path / "second.wav")]})
    client.cancel(second)
    client.cancel(leaving)
    with pytest.raises(ClientError, match="Cancelled"):
        client.follow(second)
    assert not (tmp_path / "second.wav").exists()


def test_a_backend_that_just_ends_is_not_blamed_by_who_comes_then(
    client: Client, home: Path, film: Path, tmp_path: Path
) -> None:
    client.submit(cue_of(film, "hang"), {"takes": [str(tmp_path / "take.wav")]})
    until(client, "stage", "sound")
    left = connection(home)["pid"]
    client.request("shutdown", {"mode": "now"})
    with Client("other") as other:
        assert other.request("ping")["type"] == "pong"
        assert connection(home)["pid"] != left


def test_who_may_not_start_a_backend_is_refused_by_one_that_leaves(
    client: Client, leaving: str, film: Path, tmp_path: Path
) -> None:
    with Client("other", start=False) as other:
        job = other.submit(cue_of(film), {"takes": [str(tmp_path / "second.wav")]})
        with pytest.raises(ClientError) as error:
            other.follow(job)
        assert error.value.code == "shutting_down"
        until(other, "type", "leaving")
        assert other.request("status")["broker"]["leaving"] == "drain"
    client.cancel(leaving)


def test_jobs_that_are_followed_no_more_go_on(client: Client, film: Path, tmp_path: Path) -> None:
    take = tmp_path / "take.wav"
    job = client.submit(cue_of(film, "slow 30"), {"takes": [str(take)]})
    until(client, "type", "progress")
    client.unsubscribe([job])
    until(client, "type", "ok")
    with Client("other") as other:
        other.subscribe([job])
        other.follow(job)
    assert take.is_file()
    client.request("ping")
    assert [event for event in client.pump() if event.get("job") == job] == []


def test_a_backend_of_an_older_build_ends_its_job_and_is_replaced(
    launch: Path, home: Path, film: Path, tmp_path: Path
) -> None:
    with Client("before") as before:
        job = before.submit(cue_of(film, "slow 20"), {"takes": [str(tmp_path / "running.wav")]})
        until(before, "type", "progress")
        waiting = before.submit(cue_of(film), {"takes": [str(tmp_path / "waiting.wav")]})
        old = before.request("status")["broker"]["pid"]
        launch.write_text(json.dumps({**json.loads(launch.read_text()), "build": "99.0.0+20990101000000"}))
        with Client("after") as after:
            states = (
                [event["state"] for event in until(after, "state", "replacing")]
                if after.connect() is None
                else []
            )
            assert states == ["replacing"]
            assert before.follow(job)["type"] == "done"
            assert after.request("status")["broker"]["pid"] != old
        assert before.follow(waiting)["type"] == "done"


def test_a_job_is_cancelled(client: Client, film: Path, tmp_path: Path) -> None:
    job = client.submit(cue_of(film, "hang"), {"takes": [str(tmp_path / "take.wav")]})
    client.request("cancel", {"job": job})
    with pytest.raises(ClientError) as error:
        client.follow(job)
    assert error.value.code == "cancelled"


def test_a_cue_that_makes_no_sense_fails_its_job(client: Client, film: Path, tmp_path: Path) -> None:
    job = client.submit(cue_of(film, out="-1"), {"takes": [str(tmp_path / "take.wav")]})
    with pytest.raises(ClientError) as error:
        client.follow(job)
    assert error.value.code == "bad_range"


def test_jobs_of_others_can_be_followed(launch: Path, film: Path, tmp_path: Path) -> None:
    with Client("one") as one, Client("two") as two:
        job = one.submit(cue_of(film, "slow 5"), {"takes": [str(tmp_path / "take.wav")]})
        until(one, "type", "accepted")
        two.subscribe([job])
        assert two.follow(job)["takes"]
        assert one.follow(job)["takes"]
        two.subscribe([job])
        assert two.follow(job)["takes"], "a job that has ended already"


def test_a_wrong_key_is_told_as_refused(client: Client, home: Path) -> None:
    client.request("ping")
    right = connection(home)
    for key in ("server_key", "client_key"):
        wrong = {**right, key: zmq.curve_keypair()[0].decode()}
        assert code_of({**wrong, "build": key}, home) == "backend_refused"
    assert code_of({**right, "server_key": "short"}, home) == "backend_refused"
    (home / "connection.json").write_text(json.dumps(right))


def code_of(published: dict[str, Any], home: Path) -> str:
    """The code with which a client fails that finds this connection."""
    (home / "connection.json").write_text(json.dumps(published))
    with Client("other") as other, pytest.raises(ClientError) as error:
        other.request("ping")
    assert error.value.message
    assert error.value.hint
    return str(error.value.code)


class Stranger:
    """A program on the port of a backend that crashed. A context manager; says `words` to whoever comes."""

    def __init__(self, words: bytes = b"") -> None:
        self._words = words
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"tcp://127.0.0.1:{self._listening.getsockname()[1]}"
        self._lines: list[socket.socket] = []
        threading.Thread(target=self._answer, daemon=True).start()

    def __enter__(self) -> Stranger:
        return self

    def __exit__(self, *problem: object) -> None:
        self._listening.close()
        for line in self._lines:
            line.close()

    def _answer(self) -> None:
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            self._lines.append(line)
            if self._words:
                line.sendall(self._words)


GREETING = b"\xff\0\0\0\0\0\0\0\x01\x7f\x03\x00NULL" + bytes(16 + 32)
"""Of another program that speaks ZeroMQ's protocol, without keys."""


@pytest.mark.parametrize(
    "words", [b"", b"HTTP/1.0 400 Bad Request\r\n\r\n", GREETING], ids=["mute", "http", "zmq"]
)
def test_a_stranger_on_the_port_of_a_backend_that_crashed_is_passed_over(
    client: Client, film: Path, tmp_path: Path, home: Path, words: bytes
) -> None:
    client.request("ping")
    right = connection(home)
    killed = kill_backend(home)
    with Stranger(words) as stranger:
        (home / "connection.json").write_text(json.dumps({**right, "endpoint": stranger.endpoint}))
        with Client("looks", start=False) as looks, pytest.raises(ClientError) as error:
            looks.request("status")
        assert error.value.code == "backend_absent"
        with Client("other") as other:
            begun = time.monotonic()
            job = other.submit(cue_of(film), {"takes": [str(tmp_path / "take.wav")]})
            assert other.follow(job)["takes"]
            assert time.monotonic() - begun < 25
        assert connection(home)["pid"] != killed


@pytest.mark.parametrize("left", ["not json", "{}", '{"pid": 1}', '{"pid": 1, "endpoint": "nowhere"}'])
def test_a_broken_connection_that_a_crash_left_is_passed_over(launch: Path, home: Path, left: str) -> None:
    (home / "connection.json").write_text(left)
    with Client("test") as client:
        assert client.request("ping")["type"] == "pong"


def test_a_connection_that_was_taken_away_is_published_again(client: Client, home: Path) -> None:
    client.request("ping")
    right = connection(home)
    (home / "connection.json").unlink()
    with Client("other") as other:
        assert other.request("ping")["type"] == "pong"
    assert connection(home) == right


@pytest.mark.parametrize(
    "damage",
    [
        {"pid": 1, "endpoint": "tcp://127.0.0.1:1"},
        {"endpoint": "tcp://127.0.0.1:99999"},
        {"endpoint": "ipc:///nonexistent"},
        {"endpoint": None, "pid": "x"},
    ],
)
def test_a_connection_that_is_not_that_of_the_backend_is_put_right(
    client: Client, home: Path, damage: dict[str, Any]
) -> None:
    client.request("ping")
    right = connection(home)
    (home / "connection.json").write_text(json.dumps({**right, **damage}))
    until = time.monotonic() + 30
    while connection(home) != right and time.monotonic() < until:
        time.sleep(0.1)
    assert connection(home) == right
    with Client("other") as other:
        assert other.request("ping")["type"] == "pong"


@pytest.mark.skipif(sys.platform == "win32", reason="stops a process by a signal")
def test_a_backend_that_is_stopped_is_named_by_those_who_cannot_reach_it(client: Client, home: Path) -> None:
    client.request("ping")
    pid = connection(home)["pid"]
    os.kill(pid, signal.SIGSTOP)
    try:
        for start in (False, True):
            with (
                Client("other", start=start) as other,
                pytest.raises(ClientError, match=f"{pid}.*answer") as error,
            ):
                other.request("ping")
            assert error.value.code == "backend_unreachable"
    finally:
        os.kill(pid, signal.SIGCONT)


def test_a_client_that_was_away_itself_does_not_take_that_for_silence(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.mkdir()
    with Stranger() as late, Client("test", start=False) as client:
        published = {"pid": os.getpid(), "endpoint": late.endpoint}
        keys = dict.fromkeys(("server_key", "client_key", "client_secret"), zmq.curve_keypair()[0].decode())
        (home / "connection.json").write_text(json.dumps({**published, **keys}))
        client.connect()
        client.pump()
        assert client.state == foley_client.GREETING
        morning = time.monotonic() + 8 * 3600
        monkeypatch.setattr(time, "monotonic", lambda: morning)
        client.pump()
        assert client.state == foley_client.GREETING


NO_LIBRARY = b"no library"


@pytest.mark.skipif(sys.platform != "linux", reason="the variable is Linux's")
def test_the_backend_does_not_get_the_libraries_of_the_editor(
    launch: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("libstdc++.so.6", "libz.so.1", "libffi.so.8", "libssl.so.3"):
        (tmp_path / name).write_bytes(NO_LIBRARY)
    for name in ("LD_LIBRARY_PATH", "LD_PRELOAD", "LD_AUDIT", "DYLD_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES"):
        monkeypatch.setenv(name, str(tmp_path))
    with Client("test") as client:
        pid = client.request("status")["broker"]["pid"]
        given = psutil.Process(pid).environ()
    assert [name for name in given if name.startswith(("LD_", "DYLD_", "PYTHON"))] == []


def test_the_backend_starts_where_there_is_no_home(launch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/nonexistent")
    with Client("test") as client:
        assert client.request("ping")["type"] == "pong"


def test_silence_is_told_as_unreachable(client: Client, home: Path) -> None:
    client.request("ping")
    right = connection(home)
    backend = psutil.Process(right["pid"])
    backend.suspend()  # awake it would put its connection right
    try:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            endpoint = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
            assert code_of({**right, "endpoint": endpoint}, home) == "backend_unreachable"
    finally:
        backend.resume()
    (home / "connection.json").write_text(json.dumps(right))


def test_another_program_on_the_port_of_a_backend_that_crashed_is_passed_over(
    client: Client, home: Path
) -> None:
    client.request("ping")
    right = connection(home)
    kill_backend(home)
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        stranger.settimeout(20)
        endpoint = f"tcp://127.0.0.1:{stranger.getsockname()[1]}"
        (home / "connection.json").write_text(json.dumps({**right, "endpoint": endpoint}))
        with Client("other") as other:
            other.connect()
            while other.state != foley_client.GREETING:
                other.wait(0.1)
            line, _ = stranger.accept()
            line.sendall(b"SSH-2.0-stranger\r\n")
            line.close()
            assert other.request("ping")["type"] == "pong"


def test_a_broken_client_gets_through_once_the_trouble_is_over(client: Client, home: Path) -> None:
    client.request("ping")
    right = connection(home)
    (home / "connection.json").write_text(json.dumps({**right, "server_key": "short"}))
    with Client("other") as other:
        with pytest.raises(ClientError):
            other.request("ping")
        (home / "connection.json").write_text(json.dumps(right))
        assert other.request("ping")["type"] == "pong"


def test_another_major_version_is_told_as_a_mismatch(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.request("ping")
    monkeypatch.setattr(foley_client, "PROTOCOL", (2, 0))
    with Client("newer") as newer, pytest.raises(ClientError) as error:
        newer.request("ping")
    assert error.value.code == "protocol_mismatch"


def test_what_an_older_backend_does_not_understand_is_told_with_how_to_update(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.request("ping")
    monkeypatch.setattr(foley_client, "PROTOCOL", (1, 99))
    with Client("newer") as newer, pytest.raises(ClientError, match=r"Update foley: run .*setup") as error:
        newer.request("dream")
    assert error.value.code == "bad_request"
    with pytest.raises(ClientError) as error:
        client.request("dream")
    assert "Update" not in str(error.value)


def test_without_leave_to_start_one_a_client_says_that_no_backend_runs(launch: Path, home: Path) -> None:
    with Client("test", start=False) as client, pytest.raises(ClientError) as error:
        client.request("status")
    assert error.value.code == "backend_absent"
    assert not connection(home)


def test_a_client_may_be_given_leave_to_start_one_later(launch: Path, home: Path) -> None:
    with Client("test", start=False) as client:
        with pytest.raises(ClientError):
            client.request("ping")
        client.start = True
        assert client.request("ping")["type"] == "pong"


def test_a_client_s_own_launch_stands_for_the_installed_one(home: Path, launch: Path) -> None:
    own = json.loads(launch.read_text())
    launch.write_text(json.dumps({"command": ["no-such-program"], "build": "9.9.9"}))
    with Client("test") as client:
        client.launch = {"command": own["command"]}
        assert client.request("ping")["type"] == "pong"
        pid = connection(home)["pid"]
    with Client("test") as client:
        client.launch = {"command": own["command"]}
        client.request("ping")
        assert connection(home)["pid"] == pid


@pytest.mark.parametrize(
    ("launch_json", "said"),
    [
        (None, "launch.json"),
        ("not json", "launch.json"),
        (json.dumps({"command": ["no-such-program"]}), "no-such-program"),
        (json.dumps({"command": [sys.executable, "-c", "raise SystemExit(3)"]}), "exit code 3"),
    ],
)
def test_a_backend_that_cannot_be_started_is_told(home: Path, launch_json: str | None, said: str) -> None:
    home.mkdir()
    if launch_json is not None:
        (home / "launch.json").write_text(launch_json)
    error = failing(match=said)
    assert error.code == "backend_unreachable"
    assert error.hint


def failing(match: str | None = None) -> Any:
    """The error of a client that has nothing to start but what is recorded."""
    with Client("test") as client:
        client.own = {}
        with pytest.raises(ClientError, match=match) as error:
            client.request("ping")
    return error.value


SAYS = "import sys; sys.stderr.write('Traceback: much\\nno disk [state_unusable]\\n'); sys.exit(1)"


def test_the_last_words_of_a_backend_that_does_not_start_are_told(home: Path) -> None:
    home.mkdir()
    (home / "launch.json").write_text(json.dumps({"command": [sys.executable, "-c", SAYS]}))
    assert failing().message == "The backend ended with exit code 1: no disk [state_unusable]"


def test_why_a_backend_cannot_use_its_jobs_is_told(client: Client, home: Path) -> None:
    with sqlite3.connect(home / "jobs.sqlite") as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(ClientError, match=r"written by a newer foley .form 99.*bootstrap\.py setup") as error:
        client.request("ping")
    assert error.value.code == "backend_unreachable"


@pytest.mark.parametrize("command", [["no-such-program"], [sys.executable, "-c", SAYS]])
def test_where_the_recorded_backend_does_not_start_our_own_is_started_and_it_is_said(
    home: Path, capfd: pytest.CaptureFixture[str], command: list[str]
) -> None:
    home.mkdir()
    (home / "launch.json").write_text(json.dumps({"command": command, "build": "99.0.0+20990101000000"}))
    with Client("test") as client:
        assert client.request("ping")["type"] == "pong"
    end_backend(home)
    (said,) = capfd.readouterr().err.splitlines()
    assert f"Started instead: {sys.executable}." in said
    assert ("no-such-program" if len(command) == 1 else "no disk") in said


def test_a_copy_of_the_state_folder_has_a_backend_of_its_own(
    client: Client, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.request("status")["broker"]
    right = connection(home)
    copy = tmp_path / "copy"
    shutil.copytree(home, copy)
    monkeypatch.setenv("FOLEY_HOME", str(copy))
    assert published() is None
    with Client("looks", start=False) as looks, pytest.raises(ClientError) as error:
        looks.request("status")
    assert error.value.code == "backend_absent"
    with Client("other") as other:
        second = other.request("status")["broker"]
    assert (second["home"], second["pid"] != first["pid"]) == (str(copy), True)
    assert connection(copy)["client_secret"] != right["client_secret"]
    end_backend(copy)
    assert connection(home) == right
    monkeypatch.setenv("FOLEY_HOME", str(home))
    assert client.request("status")["broker"]["instance"] == first["instance"]


def test_a_state_folder_may_be_told_by_a_link(client: Client, home: Path, tmp_path: Path) -> None:
    pid = client.request("status")["broker"]["pid"]
    (tmp_path / "link").symlink_to(home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOLEY_HOME", str(tmp_path / "link"))
        with Client("other", start=False) as other:
            assert other.request("status")["broker"]["pid"] == pid


def test_a_connection_that_was_copied_over_ours_is_published_again(client: Client, home: Path) -> None:
    client.request("ping")
    right = connection(home)
    (home / "connection.json").write_text(json.dumps({**right, "home": "/elsewhere", "instance": "other"}))
    with Client("other") as other:
        assert other.request("ping")["type"] == "pong"
    assert connection(home) == right


def test_the_backend_outlives_the_program_that_started_it(launch: Path, home: Path) -> None:
    script = "from backend.client import Client\nwith Client('short') as c: c.request('ping')"
    subprocess.run([sys.executable, "-c", script], check=True, env=dict(os.environ))
    with Client("test", start=False) as client:
        assert client.request("ping")["type"] == "pong"
    end_backend(home)
