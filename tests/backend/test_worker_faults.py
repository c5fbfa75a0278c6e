"""Worker and broker die, hang, run out of disk; the job still ends, with the same bits."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
import zmq

from backend.messages import Deliver
from backend.service.auth import CurveAuthenticator
from backend.service.dispatcher import Dispatcher
from backend.service.jobs import JobStore
from backend.service.policy import GIVE_UP_AFTER
from backend.service.subscriptions import Subscriptions
from backend.service.supervisor import Supervisor
from foley_core.cue import Cue
from tests.backend.support import RawClient, cue_of, until

pytestmark = pytest.mark.process

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="sets another process's limits")


def bits(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def undisturbed(client: RawClient, film: Path, target: Path, **cue: object) -> str:
    """What the take is when nothing goes wrong; another handle keeps it out of the cache's way."""
    client.end_of(client.submit(film, target, **cue))
    found = bits(target)
    target.unlink()
    return found


def reached(status: dict[str, Any], attempt: int, stage: str) -> bool:
    return (status["state"], status["attempts"], status["stage"]) == ("running", attempt, stage)


def forget_takes(home: Path) -> None:
    for path in (home / "cache" / "takes").glob("*"):
        for file in path.iterdir():
            file.unlink()
        path.rmdir()


def test_a_worker_that_dies_is_started_again_and_the_job_tried_once_more(service, film, tmp_path):
    service.start()
    with service.client() as client:
        job = client.submit(film, tmp_path / "take.wav", prompt="crash-once")
        assert client.end_of(job)["type"] == "done"
        assert client.status(job)["attempts"] == 2


def test_a_job_that_kills_its_worker_twice_fails_and_the_next_one_runs(service, film, tmp_path):
    service.start()
    with service.client() as client:
        deadly = client.submit(film, tmp_path / "deadly.wav", prompt="crash")
        harmless = client.submit(film, tmp_path / "harmless.wav")
        error = client.end_of(deadly)["error"]
        assert error["code"] == "worker_crashed"
        assert "exit code -9" in error["message"]
        assert "out of memory?" in error["message"]
        assert client.end_of(harmless)["type"] == "done"
    assert not list(tmp_path.glob(".foley-*"))


def test_a_worker_that_hangs_is_made_to_end_and_says_where_it_hung(impatient_service, film, tmp_path):
    impatient_service.start()
    with impatient_service.client() as client:
        job = client.submit(film, tmp_path / "take.wav", prompt="hang")
        error = client.end_of(job)["error"]
        assert error["code"] == "worker_hung"
        assert client.ask("ping")["type"] == "pong"
    if hasattr(signal, "SIGUSR1"):
        logs = impatient_service.log("worker.log") + impatient_service.log("worker.older.log")
        assert "faulty.py" in logs
        assert "in perform" in logs


def test_a_cancel_that_the_worker_does_not_hear_ends_the_worker(impatient_service, film, tmp_path):
    impatient_service.start()
    with impatient_service.client() as client:
        job = client.submit(film, tmp_path / "take.wav", prompt="hang")
        pid = client.worker_pid()
        until(lambda: True if client.status(job)["stage"] == "sound" else None)
        client.ask("cancel", job=job)
        assert client.end_of(job)["type"] == "cancelled"
        assert client.end_of(client.submit(film, tmp_path / "next.wav"))["type"] == "done"
        assert client.worker_pid() != pid
    assert "cancel ignored" in impatient_service.log()


def test_a_worker_killed_in_the_middle_of_a_job_costs_no_bit(service, film, tmp_path):
    service.start()
    with service.client() as client:
        expected = undisturbed(client, film, tmp_path / "take.wav", prompt="slow 6")
        forget_takes(service.home)
        job = client.submit(film, tmp_path / "take.wav", prompt="slow 6")
        until(lambda: True if client.status(job)["stage"] == "sound" else None)
        psutil.Process(client.worker_pid()).kill()
        done = client.end_of(job)
        assert (done["type"], done["takes"][0]["cached"]) == ("done", False)
        assert client.status(job)["attempts"] == 2
    assert bits(tmp_path / "take.wav") == expected


def test_a_take_is_delivered_where_every_worker_dies_over_its_preview(service, film, tmp_path):
    service.start()
    take, preview = tmp_path / "take.wav", tmp_path / "preview.webm"  # which takes a while to encode
    with service.client() as client:
        deliver = {"takes": [str(take)], "preview": str(preview)}
        assert client.ask("submit", job="j", cue=cue_of(film), deliver=deliver)["type"] == "accepted"
        for attempt in (1, 2):
            until(lambda n=attempt: True if reached(client.status("j"), n, "preview") else None)
            psutil.Process(client.worker_pid()).kill()
        done = client.end_of("j")
    assert done["type"] == "done", done
    assert done["preview"] is None
    assert "the worker died over it" in done["takes"][0]["notes"]["preview"]
    assert sorted(tmp_path.glob("*.w*")) == [take]


@pytest.mark.skipif(sys.platform == "win32", reason="sends signals")
def test_a_worker_that_dies_before_it_begins_uses_up_no_attempt(service, film, tmp_path):
    service.start()
    with service.client() as client:
        client.hello()
        worker = psutil.Process(client.worker_pid())
        worker.suspend()
        job = client.submit(film, tmp_path / "take.wav")
        client.wait_until(job, "running")
        worker.kill()
        assert client.end_of(job)["type"] == "done"
        assert client.status(job)["attempts"] == 1


@pytest.mark.skipif(sys.platform == "win32", reason="sends signals")
def test_a_worker_that_hangs_before_it_begins_uses_up_an_attempt(impatient_service, film, tmp_path):
    impatient_service.start()
    with impatient_service.client() as client:
        client.hello()
        psutil.Process(client.worker_pid()).suspend()
        job = client.submit(film, tmp_path / "take.wav")
        assert client.end_of(job)["type"] == "done"
        assert client.status(job)["attempts"] == 2


def test_an_idle_worker_that_is_killed_is_replaced(service, film, tmp_path):
    service.start()
    with service.client() as client:
        client.hello()
        pid = client.worker_pid()
        psutil.Process(pid).kill()
        until(lambda: True if client.worker_pid() != pid else None)


def test_a_broker_killed_in_the_middle_of_a_job_costs_no_bit_and_leaves_no_worker(service, film, tmp_path):
    service.start()
    folder = tmp_path / "out"
    folder.mkdir()
    with service.client() as client:
        expected = undisturbed(client, film, folder / "take.wav", prompt="slow 6")
        forget_takes(service.home)
        job = client.submit(film, folder / "take.wav", prompt="slow 6")
        waiting = client.submit(film, folder / "waiting.wav", seed=2)
        until(lambda: True if client.status(job)["stage"] == "sound" else None)
        seq = client.status(job)["seq"]
        worker = psutil.Process(client.worker_pid())
        service.process.kill()
        worker.wait(30)
    service.start()
    with service.client() as client:
        client.hello()
        info = client.wait_until(job, "done")
        assert (info["attempts"], info["takes"][0]["cached"]) == (1, False)
        assert info["seq"] > seq
        client.wait_until(waiting, "done")
    assert bits(folder / "take.wav") == expected
    assert sorted(path.name for path in folder.iterdir()) == ["take.wav", "waiting.wav"]


def test_an_accepted_job_survives_the_broker_at_once(service, film, tmp_path):
    service.start()
    with service.client() as client:
        jobs = [client.submit(film, tmp_path / f"{number}.wav", seed=number) for number in range(5)]
        service.process.kill()
    service.start()
    with service.client() as client:
        client.hello()
        for job in jobs:
            assert client.wait_until(job, "done")["state"] == "done"


def test_a_worker_that_never_comes_up_is_given_up_and_jobs_are_told(tmp_path, home, monkeypatch):
    """Time is the test's own here, so that nobody has to wait for the pauses between the starts."""
    (tmp_path / "av.py").write_text("raise ImportError('no such library')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    home.mkdir()
    context = zmq.Context()
    jobs = JobStore(home / "jobs.sqlite")
    supervisor = Supervisor(context, CurveAuthenticator(context), step_timeout=60.0)
    router = context.socket(zmq.ROUTER)
    dispatcher = Dispatcher(jobs, supervisor, Subscriptions(router))
    jobs.add("waiting", Cue(media="/film.mp4", seed=1), Deliver(takes=("/take.wav",)))
    supervisor.want(now=0.0)
    starts, now = 0, 0.0
    while supervisor.state != "unavailable":
        if supervisor.worker is not None and supervisor.worker.exit_code() is None:
            starts += 1
            until(lambda: supervisor.worker.exit_code())
        now += 8.0
        dispatcher.tick(now)
    error = jobs.find("waiting").outcome.error
    assert error.code == "worker_unavailable"
    assert "no such library" in error.message
    assert starts == GIVE_UP_AFTER
    supervisor.want(now)
    assert supervisor.state == "starting"
    supervisor.stop(0.0)
    jobs.close()
    context.destroy(0)


def test_a_worker_that_fills_its_log_does_not_fill_the_disk(shared_service, client):
    client.worker_pid()
    log = shared_service.home / "logs" / "worker.log"
    with log.open("ab") as file:
        file.write(b"chatter\n" * (1 << 18))
    until(lambda: True if log.stat().st_size < 1 << 20 else None)
    assert log.with_name("worker.older.log").stat().st_size >= 1 << 20


@contextmanager
def no_room(pid: int) -> Iterator[None]:
    """No file that this process writes can grow past 4096 bytes, as on a disk that is nearly full."""
    process = psutil.Process(pid)
    before = process.rlimit(psutil.RLIMIT_FSIZE)
    process.rlimit(psutil.RLIMIT_FSIZE, (4096, before[1]))
    try:
        yield
    finally:
        process.rlimit(psutil.RLIMIT_FSIZE, before)


@linux
def test_a_full_disk_is_an_error_that_leaves_nothing_and_passes(service, film, tmp_path):
    service.start()
    folder = tmp_path / "out"
    folder.mkdir()
    with service.client() as client:
        client.hello()
        with no_room(client.worker_pid()):
            error = client.end_of(client.submit(film, folder / "take.wav"))["error"]
        assert error["code"] == "disk_full"
        assert list(folder.iterdir()) == []
        assert not list((service.home / "cache" / "takes").glob(".new-*"))
        assert client.end_of(client.submit(film, folder / "take.wav"))["type"] == "done"


@linux
def test_where_jobs_cannot_be_written_the_client_is_told_and_the_broker_lives(service, film, tmp_path):
    service.start()
    with service.client() as client:
        client.hello()
        with no_room(service.process.pid):
            deliver = {"takes": [str(tmp_path / "take.wav")]}
            cue = {"media": str(film), "engine": "faulty", "prompt": "x" * 1900}
            replies = [
                client.ask("submit", job=f"job-{number}", cue=cue, deliver=deliver) for number in range(4)
            ]
            assert "disk_full" in {reply.get("error", {}).get("code") for reply in replies}
            assert client.ask("ping")["type"] == "pong"
        accepted = [reply["job"] for reply in replies if reply["type"] == "accepted"]
        accepted.append(client.submit(film, tmp_path / "take.wav", seed=9))
        for job in accepted:
            assert client.wait_until(job, "done", "failed")["state"] == "done"


@pytest.mark.root
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounts a small file system")
def test_a_small_disk_that_is_full_is_an_error_that_leaves_nothing(service, film, tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small], capture_output=True)
    if mounted.returncode:
        pytest.skip("may not mount here")
    try:
        service.start()
        with service.client() as client:
            error = client.end_of(client.submit(film, small / "take.wav"))["error"]
            assert error["code"] == "disk_full"
        assert list(small.iterdir()) == []
    finally:
        subprocess.run(["umount", small], check=True)
