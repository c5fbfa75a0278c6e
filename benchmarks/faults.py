"""A million malformed messages, and processes and disks that fail at random: nothing may be lost.

    python benchmarks/faults.py [--messages N] [--faults N] [--seed N]

First malformed messages, each of which must be answered, with the broker up and its ping unchanged after
them. Then jobs, and into each of them one fault: the worker, its successor, the broker or the client is
killed, or the disk is full. Workers are renewed after every second cue, so faults meet renewals too. Every
job must end, with the bits of an undisturbed run, and leave nothing else behind.

Prints one JSON line; ends with 1 where a figure is missed. Runs in a state folder of its own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import psutil  # noqa: E402

from tests.backend.support import RawClient, Service  # noqa: E402
from tests.films import flash_film  # noqa: E402

MAGIC = b"FOLEY1"
WINDOW = 200
PINGS = 500
SEEDS = 8
PROMPT = "slow 4"
KINDS = (
    ("worker", "successor", "broker", "client", "disk")
    if sys.platform.startswith("linux")
    else ("worker", "successor", "broker", "client")
)
RENEWED = {"FOLEY_RECYCLE_CUES": "2"}
REQUESTS = (
    {"type": "hello", "id": "1", "protocol": [1, 0]},
    {
        "type": "submit",
        "id": "1",
        "job": "j",
        "cue": {"media": "/f.mp4", "in": "0"},
        "deliver": {"takes": []},
    },
    {"type": "cancel", "id": "1", "job": "j"},
    {"type": "status", "id": "1", "job": "j"},
    {"type": "list", "id": "1", "batch": "b", "limit": 5},
    {"type": "subscribe", "id": "1", "jobs": ["j"]},
    {"type": "shutdown", "id": "1", "mode": "now"},
)
JUNK = (None, True, -1, 1.5, 10**30, "", "x" * 300, "\x00", [], [[[]]], {}, {"a": {"b": []}}, "1/0", ["done"])


def main() -> int:
    """Do it all, print, and say by the exit code whether all figures were reached."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    rng = random.Random(asked.seed)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Service(Path(folder) / "home", **RENEWED) as service:
        service.start()
        messages = _malformed(service, rng, asked.messages)
        faults = _Faults(service, Path(folder), rng).run(asked.faults)
    ok = messages.pop("ok") and faults.pop("ok")
    result = {"benchmark": "faults", "seed": asked.seed, "messages": messages, "faults": faults}
    print(json.dumps({**result, "seconds": round(time.monotonic() - begun), "ok": ok}))
    return 0 if ok else 1


def _malformed(service: Service, rng: random.Random, count: int) -> dict[str, object]:
    broker = psutil.Process(service.process.pid)
    with service.client() as client:
        before, memory = _ping_ms(client), broker.memory_info().rss
        answers = Counter[str]()
        for first in range(0, count, WINDOW):
            window = [_message(rng) for _ in range(min(WINDOW, count - first))]
            for frames in window:
                client.send(*frames)
            answers.update(_answers(client, len(window)))
        after, grown = _ping_ms(client), broker.memory_info().rss - memory
    unanswered = count - sum(answers.values())
    up = service.process.poll() is None
    unchanged = after <= 1.5 * before + 0.1
    return {
        "asked": {
            "sent": count,
            "unanswered": 0,
            "broker_up": True,
            "ping_ms": "at most 1.5 times before, + 0.1",
        },
        "reached": {
            "unanswered": unanswered,
            "broker_up": up,
            "ping_ms_before": round(before, 4),
            "ping_ms_after": round(after, 4),
            "grown_mb": round(grown / 1e6, 2),
        },
        "answers": dict(answers),
        "ok": up and unchanged and not unanswered,
    }


def _answers(client: RawClient, count: int) -> Iterator[str]:
    for _ in range(count):
        answer = client.receive(10.0)
        if answer is None:
            return
        yield answer["error"]["code"] if answer["type"] == "error" else answer["type"]


def _message(rng: random.Random) -> list[bytes]:
    """One message that is wrong in one way or another; hardly any is right by chance."""
    body = json.dumps(_request(rng)).encode()
    match rng.randrange(6):
        case 0:
            return [MAGIC, body]
        case 1:
            return [MAGIC, body[: rng.randrange(len(body))]]
        case 2:
            torn = bytearray(body)
            for _ in range(rng.randint(1, 8)):
                torn[rng.randrange(len(torn))] = rng.randrange(256)
            return [rng.choice((b"FOLEY0", b"FOLEY2", b"")), bytes(torn)]
        case 3:
            return [MAGIC, rng.randbytes(rng.randrange(200))]
        case 4:
            return [MAGIC, b"[" * rng.randrange(1, 3000)]
        case _:
            return [rng.randbytes(rng.randrange(8)) for _ in range(rng.choice((1, 3, 4)))]


def _request(rng: random.Random) -> dict[str, object]:
    """A request with a field that is missing or makes no sense; a whole `shutdown` never comes out."""
    request: dict[str, object] = dict(rng.choice(REQUESTS))
    name = rng.choice([name for name in request if name != "id" or request["type"] == "shutdown"])
    if rng.random() < 0.5 and request["type"] != "shutdown":
        del request[name]
    else:
        request[name] = rng.choice(JUNK) if request["type"] != "shutdown" else -1
    return request


def _ping_ms(client: RawClient) -> float:
    times = []
    for _ in range(PINGS):
        begun = time.perf_counter()
        client.ask("ping")
        times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1e3


class _Faults:
    """Jobs, each with one fault."""

    def __init__(self, service: Service, folder: Path, rng: random.Random) -> None:
        self._service = service
        self._folder = folder
        self._rng = rng
        self._film = flash_film(folder / "film.mp4", seconds=1, flashes=[12]).path
        self._bits: dict[int, str] = {}
        self._counts = Counter[str]()

    def run(self, faults: int) -> dict[str, object]:
        for seed in range(SEEDS):
            self._end("undisturbed", self._submit(seed, "undisturbed"))
            self._bits[seed] = self._collect("undisturbed")
        done: Counter[str] = Counter()
        for number in range(faults):
            kind = self._rng.choice(KINDS)
            self._round(f"{number}-{kind}", kind)
            done[kind] += 1
        wrong = {name: self._counts[name] for name in ("lost", "failed", "other_bits", "left_behind")}
        told = {name: self._counts[name] for name in ("killed", "tried_again")}
        return {
            "asked": {"faults": faults, **dict.fromkeys(wrong, 0)},
            "reached": {"faults": dict(done), **wrong, **told},
            "ok": not any(wrong.values()),
        }

    def _round(self, name: str, kind: str) -> None:
        seed = self._rng.randrange(SEEDS)
        shutil.rmtree(self._service.home / "cache" / "takes", ignore_errors=True)
        job = self._submit_and_be_killed(seed, name) if kind == "client" else self._submit(seed, name)
        time.sleep(self._rng.random() * 0.6)
        if kind == "worker":
            self._kill(self._shown())
        elif kind == "successor":
            shown = self._shown()
            self._kill([pid for pid in self._all_workers() if pid not in shown])
        elif kind == "broker":
            self._service.process.kill()
            self._service.process.wait()
            self._service.start()
        elif kind == "disk":
            self._fill_disk(job)
        self._end(name, job)
        if not (self._folder / name / "take.wav").exists():
            self._counts["tried_again"] += 1
            self._end(name, self._submit(seed, name))
        if self._collect(name) != self._bits[seed]:
            self._counts["other_bits"] += 1

    def _submit(self, seed: int, name: str) -> str:
        with self._service.client() as client:
            return client.submit(self._film, self._target(name), prompt=PROMPT, seed=seed)

    def _submit_and_be_killed(self, seed: int, name: str) -> str:
        """Submit from a process of its own, which is killed as soon as the job was accepted."""
        program = (
            "import sys, pathlib, time; sys.path.insert(0, sys.argv[1]);"
            "from tests.backend.support import RawClient; client = RawClient(pathlib.Path(sys.argv[2]));"
            "film, target = map(pathlib.Path, sys.argv[3:5]);"
            "print(client.submit(film, target, prompt=sys.argv[5], seed=int(sys.argv[6])), flush=True);"
            "time.sleep(60)"
        )
        places = [ROOT, self._service.home, self._film, self._target(name)]
        command = [sys.executable, "-c", program, *map(str, places), PROMPT, str(seed)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as client:
            assert client.stdout is not None
            job = client.stdout.readline().strip()
            client.kill()
        return job

    def _shown(self) -> list[int]:
        """The worker that has the job, if there is one just now."""
        with self._service.client() as client:
            return [worker["pid"] for worker in client.ask("status")["workers"]]

    def _all_workers(self) -> list[int]:
        return [worker.pid for worker in psutil.Process(self._service.process.pid).children()]

    def _kill(self, workers: list[int]) -> None:
        for pid in workers:
            with suppress(psutil.NoSuchProcess):
                psutil.Process(pid).kill()
                self._counts["killed"] += 1

    def _fill_disk(self, job: str) -> None:
        """Let no file of the worker's grow past a few bytes for a moment, as on a full disk."""
        with self._service.client() as client:
            workers = client.ask("status")["workers"]
            if not workers:
                return
            process = psutil.Process(workers[0]["pid"])
            before = process.rlimit(psutil.RLIMIT_FSIZE)
            process.rlimit(psutil.RLIMIT_FSIZE, (4096, before[1]))
            info = client.wait_until(job, "done", "failed")
            with suppress(psutil.NoSuchProcess):  # it may have been renewed meanwhile
                process.rlimit(psutil.RLIMIT_FSIZE, before)
        if info["state"] == "failed" and info["error"]["code"] != "disk_full":
            self._counts["failed"] += 1

    def _end(self, name: str, job: str) -> None:
        """Wait for the job's end; only a full disk may make it fail."""
        with self._service.client() as client:
            client.hello()
            known = client.ask("status", job=job)
            if known["type"] == "error":
                self._counts["lost"] += 1
                return
            info = client.wait_until(job, "done", "failed", "cancelled")
        if info["state"] != "done" and info["error"]["code"] != "disk_full":
            self._counts["failed"] += 1

    def _target(self, name: str) -> Path:
        (self._folder / name).mkdir(exist_ok=True)
        return self._folder / name / "take.wav"

    def _collect(self, name: str) -> str:
        """The take's bits; whatever else lies there was left behind."""
        folder = self._folder / name
        take = folder / "take.wav"
        bits = hashlib.sha256(take.read_bytes()).hexdigest() if take.exists() else ""
        self._counts["left_behind"] += sum(1 for path in folder.iterdir() if path != take)
        shutil.rmtree(folder)
        return bits


if __name__ == "__main__":
    sys.exit(main())
