"""How fast the service is there, how small it stays, how soon it answers and begins.

    python benchmarks/service.py [--runs N]

Prints one JSON line: for each figure what is asked and what was reached (medians over the runs). Ends with 1
where one is missed. Runs in a state folder of its own.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import psutil  # noqa: E402

from tests.backend.support import RawClient, Service  # noqa: E402
from tests.films import flash_film  # noqa: E402

ASKED = {
    "broker_ready_s": 0.4,
    "broker_idle_mb": 45.0,
    "ping_ms": 0.5,
    "submit_to_start_warm_ms": 20.0,
    "submit_to_start_cold_s": 2.0,
}
PINGS = 300


def main() -> int:
    """Measure, print, and say by the exit code whether all figures were reached."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    runs: int = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        film = flash_film(Path(folder) / "film.mp4", seconds=1, flashes=[12]).path
        measured = [_run(Path(folder) / str(number), film) for number in range(runs)]
    reached = {name: round(statistics.median(run[name] for run in measured), 4) for name in ASKED}
    ok = all(reached[name] <= ASKED[name] for name in ASKED)
    print(json.dumps({"benchmark": "service", "asked": ASKED, "reached": reached, "runs": runs, "ok": ok}))
    return 0 if ok else 1


def _run(folder: Path, film: Path) -> dict[str, float]:
    folder.mkdir()
    with Service(folder / "home") as service:
        ready = _seconds(service.start)
        with service.client() as client:
            pings = [_seconds(lambda: client.ask("ping")) for _ in range(PINGS)]
            idle = psutil.Process(service.process.pid).memory_info().rss / 1e6
            cold = _to_start(client, film, folder / "cold.wav")
            client.worker_pid()
            warm = _to_start(client, film, folder / "warm.wav")
    return {
        "broker_ready_s": ready,
        "broker_idle_mb": idle,
        "ping_ms": statistics.median(pings) * 1e3,
        "submit_to_start_warm_ms": warm * 1e3,
        "submit_to_start_cold_s": cold,
    }


def _to_start(client: RawClient, film: Path, target: Path) -> float:
    """Seconds from a submit until the worker itself reports the job's first stage."""
    begun = time.perf_counter()
    job = client.submit(film, target, seed=time.time_ns() % 2**32)
    while not client.push(job, "progress")["stage"]:
        pass
    took = time.perf_counter() - begun
    client.end_of(job)
    return took


def _seconds(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main())
