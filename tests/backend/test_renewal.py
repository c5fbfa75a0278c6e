"""Workers are renewed and let go, in real processes, while jobs come and processes die; no job notices."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
from pathlib import Path
from typing import Any

import psutil
import pytest
import zmq

from backend.messages import Deliver
from backend.service import supervisor as supervisor_module
from backend.service.auth import CurveAuthenticator
from backend.service.dispatcher import Dispatcher
from backend.service.jobs import JobStore
from backend.service.recycling import RecycleLimits
from backend.service.subscriptions import Subscriptions
from backend.service.supervisor import Supervisor
from foley_core.cue import Cue
from tests.backend.support import RawClient, Service, until

pytestmark = pytest.mark.process

EVERY_CUE = {"FOLEY_RECYCLE_CUES": "1"}


def bits(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def events(service: Service, event: str) -> list[dict[str, Any]]:
    """What the broker logged under this name."""
    lines = map(json.loads, service.log().splitlines())
    return [line for line in lines if line["event"] == event]


def workers_of(service: Service) -> list[psutil.Process]:
    return psutil.Process(service.process.pid).children()


def successor_of(service: Service, client: RawClient) -> psutil.Process:
    """The process that is to take over, as soon as it is there."""
    pid = client.worker_pid()
    return until(lambda: next((other for other in workers_of(service) if other.pid != pid), None))


def submit_many(client: RawClient, film: Path, folder: Path, count: int, **cue: Any) -> list[str]:
    return [
        client.submit(film, folder / f"{number}.wav", seed=100 + number, **cue) for number in range(count)
    ]


def test_over_twenty_jobs_workers_are_renewed_and_no_job_is_lost_or_waits(home, film, client, tmp_path):
    with Service(home, FOLEY_RECYCLE_CUES="5").start() as service, service.client() as own:
        jobs: list[str] = []
        infos: list[dict[str, Any]] = []
        while len(infos) < 20 or len({info["cost"]["worker"] for info in infos}) < 3:
            while len(jobs) < len(infos) + 5:  # so that the queue is never empty
                seed = 100 + len(jobs)
                jobs.append(own.submit(film, tmp_path / f"{seed}.wav", seed=seed, prompt="slow 2"))
            infos.append(own.wait_until(jobs[len(infos)], "done"))
        assert len(events(service, "job ended")) >= len(infos)
    assert {info["attempts"] for info in infos} == {1}
    makers = [info["cost"]["worker"] for info in infos]
    assert makers == sorted(makers, key=makers.index), "a worker came back"
    cold = infos[0]["started"] - infos[0]["created"]
    waits = [later["started"] - earlier["finished"] for earlier, later in itertools.pairwise(infos)]
    assert max(waits) < cold
    for seed in (100, 107, 119):
        client.end_of(client.submit(film, tmp_path / "plain.wav", seed=seed, prompt="slow 2"))
        assert bits(tmp_path / "plain.wav") == bits(tmp_path / f"{seed}.wav")


def test_a_successor_has_the_engine_loaded_before_it_takes_over(home, film, tmp_path):
    with Service(home, **EVERY_CUE).start() as service, service.client() as client:
        client.end_of(client.submit(film, tmp_path / "take.wav"))
        first = client.worker_pid()
        until(lambda: True if client.worker_pid() != first else None)
        (worker,) = client.ask("status")["workers"]
        assert (worker["engine"], worker["cues"], worker["state"]) == ("faulty", 0, "ready")
        until(lambda: True if len(workers_of(service)) == 1 else None)


def test_a_successor_that_is_killed_while_it_warms_hurts_nobody_and_another_comes(home, film, tmp_path):
    with Service(home, **EVERY_CUE).start() as service, service.client() as client:
        jobs = submit_many(client, film, tmp_path, 6, prompt="slow 5")
        client.end_of(jobs[0])
        successor_of(service, client).kill()
        infos = [client.wait_until(job, "done") for job in jobs]
        assert [info["attempts"] for info in infos] == [1] * 6
        assert len(events(service, "no successor")) == 1
        assert events(service, "worker lost") == []
        until(lambda: True if client.worker_pid() != infos[0]["cost"]["worker"] else None)


def test_a_successor_takes_over_at_once_where_the_worker_dies(home, film, tmp_path):
    with Service(home, **EVERY_CUE).start() as service, service.client() as client:
        jobs = submit_many(client, film, tmp_path, 2, prompt="slow 10")
        client.end_of(jobs[0])
        successor = successor_of(service, client)
        until(lambda: True if client.status(jobs[1])["stage"] == "sound" else None)
        psutil.Process(client.worker_pid()).kill()
        info = client.wait_until(jobs[1], "done")
        assert (info["attempts"], info["cost"]["worker"]) == (2, successor.pid)


def test_a_successor_that_cannot_start_leaves_the_work_to_the_old_one(home, film, tmp_path):
    broken = tmp_path / "broken"
    broken.mkdir()
    path = os.pathsep.join(filter(None, [str(broken), os.environ.get("PYTHONPATH")]))
    with Service(home, **EVERY_CUE, PYTHONPATH=path).start() as service, service.client() as client:
        client.hello()
        old = client.worker_pid()
        (broken / "av.py").write_text("raise ImportError('no such library')")
        for number in range(2):
            client.end_of(client.submit(film, tmp_path / f"{number}.wav", seed=number))
        until(lambda: True if len(events(service, "no successor")) >= 2 else None)
        assert "no such library" in events(service, "no successor")[0]["why"]
        info = client.wait_until(client.submit(film, tmp_path / "more.wav", seed=9), "done")
        assert info["cost"]["worker"] == client.worker_pid() == old
        (broken / "av.py").unlink()
        until(lambda: True if client.worker_pid() != old else None)


def test_a_worker_that_holds_ever_more_memory_is_renewed(home, film, tmp_path):
    with Service(home).start() as service, service.client() as client:
        jobs = submit_many(client, film, tmp_path, 3)
        jobs.append(client.submit(film, tmp_path / "leak.wav", prompt="leak 400"))
        infos = [client.wait_until(job, "done") for job in jobs]
        old = infos[-1]["cost"]["worker"]
        grown = infos[-1]["cost"]["memory"] - infos[0]["cost"]["memory"]
        assert grown > 390 << 20  # some of the 400 lies where the cue before left room
        until(lambda: True if client.worker_pid() != old else None)
        renewed = events(service, "worker hands over") or events(service, "worker is replaced")
        assert (renewed[0]["why"], renewed[0]["cues"]) == ("memory", 4)


def test_an_idle_worker_loses_its_engines_then_goes_and_comes_back(home, film, tmp_path):
    limits = {"FOLEY_UNLOAD_MINUTES": "0.01", "FOLEY_IDLE_MINUTES": "0.04"}
    with Service(home, **limits).start() as service, service.client() as client:
        first = client.wait_until(client.submit(film, tmp_path / "first.wav"), "done")["cost"]["worker"]
        fresh = until(lambda: next((one for one in _shown(client) if one["pid"] != first), None))
        assert (fresh["engine"], fresh["device"], fresh["memory"]) == ("", "", 0)
        until(lambda: True if not _shown(client) and not workers_of(service) else None)
        assert client.end_of(client.submit(film, tmp_path / "second.wav", seed=2))["type"] == "done"
        assert events(service, "worker lost") == []


def _shown(client: RawClient) -> list[dict[str, Any]]:
    workers: list[dict[str, Any]] = client.ask("status")["workers"]
    return workers


def test_a_broker_that_is_killed_during_a_renewal_costs_no_bit_and_leaves_no_worker(
    home, film, client, tmp_path
):
    with Service(home, **EVERY_CUE).start() as service:
        with service.client() as own:
            jobs = submit_many(own, film, tmp_path, 3, prompt="slow 6")
            own.end_of(jobs[0])
            successor_of(service, own)
            workers = workers_of(service)
            service.process.kill()
        assert len(workers) == 2
        assert psutil.wait_procs(workers, timeout=30)[1] == []
        service.start()
        with service.client() as own:
            own.hello()
            assert [own.wait_until(job, "done")["attempts"] for job in jobs] == [1] * 3
    for number in range(3):
        client.end_of(client.submit(film, tmp_path / "plain.wav", seed=100 + number, prompt="slow 6"))
        assert bits(tmp_path / "plain.wav") == bits(tmp_path / f"{number}.wav")


def test_a_backend_that_ends_takes_all_its_workers_along(home, film, tmp_path):
    with Service(home, **EVERY_CUE).start() as service, service.client() as client:
        jobs = submit_many(client, film, tmp_path, 2, prompt="slow 10")
        client.end_of(jobs[0])
        successor_of(service, client)
        workers = workers_of(service)
        client.ask("shutdown", mode="now")
        assert service.process.wait(30) == 0
        assert psutil.wait_procs(workers, timeout=30)[1] == []


@pytest.mark.parametrize("room", [0, 1 << 50])
def test_where_memory_does_not_allow_two_workers_the_old_one_ends_first(
    room, film, home, tmp_path, monkeypatch
):
    monkeypatch.setattr(supervisor_module, "available", lambda: room)
    (home / "logs").mkdir(parents=True)
    context = zmq.Context()
    authenticator = CurveAuthenticator(context)
    jobs = JobStore(home / "jobs.sqlite")
    supervisor = Supervisor(context, authenticator, step_timeout=60.0, limits=RecycleLimits(cues=1))
    dispatcher = Dispatcher(jobs, supervisor, Subscriptions(context.socket(zmq.ROUTER)))
    for number in range(3):
        cue = Cue(media=str(film), engine="faulty", seed=number, prompt="slow 5")
        jobs.add(str(number), cue, Deliver(takes=(str(tmp_path / f"{number}.wav"),)))
    before = set(psutil.Process().children())
    most, now = 0, 0.0

    def all_done() -> bool | None:
        nonlocal most, now
        now += 0.01
        while authenticator.socket.poll(0):
            authenticator.answer()
        dispatcher.tick(now)
        most = max(most, len(set(psutil.Process().children()) - before))
        return True if all(job.state == "done" for job in jobs.newest()) else None

    supervisor.want(now)
    until(all_done)
    supervisor.stop(3.0)
    makers = {jobs.find(str(number)).cost.worker for number in range(3)}
    jobs.close()
    context.destroy(0)
    assert most == (2 if room else 1)
    assert room or len(makers) == 3
    assert set(psutil.Process().children()) <= before
