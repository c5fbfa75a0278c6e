"""Malformed requests, and good ones with one field changed: each must be answered with the right code.

    python benchmarks/hostile_wire.py [--messages N] [--seed N]

N malformed ones, and a tenth as many that are well-formed and wrong in one field. Every answer must have the
code that this field asks for and, wherever the request has an id that can be found, name the request. Beside
the answers counts what it costs: the broker's memory after the first tenth and at the end, and its ping
before and after.

Prints one JSON line; ends with 1 where a figure is missed. Runs in a state folder of its own.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import psutil  # noqa: E402

from tests.backend.changed_messages import changed  # noqa: E402
from tests.backend.malformed_messages import MAGIC, Sent, malformed  # noqa: E402
from tests.backend.support import RawClient, Service  # noqa: E402

WINDOW = 200
PINGS = 500
GROWN_MB = 2.0
MOST_WRONG = 1_000
"""After so many it is over."""


def main() -> int:
    """Send all, print, and say by the exit code whether all figures were reached."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    rng, begun = random.Random(asked.seed), time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Service(Path(folder) / "home") as service:
        service.start()
        with service.client() as client:
            client.hello()
            client.worker_pid()
            result = _run(client, psutil.Process(service.process.pid), rng, asked.messages)
        ok = bool(result.pop("ok")) and service.process.poll() is None
    seconds = round(time.monotonic() - begun)
    print(
        json.dumps({"benchmark": "hostile_wire", "seed": asked.seed, **result, "seconds": seconds, "ok": ok})
    )
    return 0 if ok else 1


def _run(client: RawClient, broker: psutil.Process, rng: random.Random, count: int) -> dict[str, object]:
    answers, wrong = Counter[str](), []
    before, early = _ping_ms(client), 0.0
    for _ in range(WINDOW):
        client.ask("ping", x="x" * (1 << 20))  # the longest that come, so that what they need is there
    for first in range(0, count, WINDOW):
        window = [malformed(rng) for _ in range(WINDOW)] + [_changed(rng) for _ in range(WINDOW // 10)]
        rng.shuffle(window)
        for frames, _, _ in window:
            client.send(*frames)
        for sent in window:
            answer = client.receive(30.0)
            told = "" if answer is None else answer.get("error", {}).get("code", answer["type"])
            answers[told] += 1
            if answer is None or told != sent[1] or (sent[2] is not None and answer["re"] != sent[2]):
                wrong.append([repr(sent)[:300], repr(answer)[:300]])
        if answers[""] or len(wrong) > MOST_WRONG:
            break
        if not early and first >= count // 10:
            early = broker.memory_info().rss / 1e6
    after, grown = _ping_ms(client), broker.memory_info().rss / 1e6 - early
    return {
        "asked": {"unanswered": 0, "wrong": 0, "grown_mb": GROWN_MB, "ping_ms": "1.5 times before, + 0.1"},
        "reached": {
            "sent": sum(answers.values()),
            "unanswered": answers[""],
            "wrong": len(wrong),
            "memory_mb": round(early, 1),
            "grown_mb": round(grown, 2),
            "ping_ms_before": round(before, 4),
            "ping_ms_after": round(after, 4),
        },
        "answers": dict(answers),
        "first_wrong": wrong[:3],
        "ok": not wrong and bool(early) and grown <= GROWN_MB and after <= 1.5 * before + 0.1,
    }


def _changed(rng: random.Random) -> Sent:
    message, code = changed(rng)
    named = message.get("id")
    return [MAGIC, json.dumps(message).encode()], code, named if isinstance(named, str) else ""


def _ping_ms(client: RawClient) -> float:
    times = []
    for _ in range(PINGS):
        begun = time.perf_counter()
        client.ask("ping")
        times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1e3


if __name__ == "__main__":
    sys.exit(main())
