"""Each release of foley so far and the newest on one state folder, with jobs queued and running: none lost.

    python benchmarks/versions.py [--releases N] [--seed N] [--only NAME]

Releases come from the history of this repository (see `releases.py`): the last commit of each version, and N
spread evenly. Each of them and this folder as it is share a state folder: this one is asked while jobs of the
older run and wait (upgrade), the older one while jobs of this one do (downgrade), and both by turns. Then
this one is moved away while its jobs run and wait, the older one is asked, and this one is put back. The last
round is this one and a next one, which has a higher version and another form of the jobs' database.

Every take that was accepted must come, once, with the sound of its own seed; what is not made must be refused
with words that say what to do. How older ones tell of it cannot be mended any more, so two things are told
and not judged: what they say before a newer database, and where one that was no release tells of a take that
came as if it had failed.

Prints one JSON line for each figure; ends with 1 where one is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import soundfile  # noqa: E402

from benchmarks.figure import Figure, judged  # noqa: E402
from benchmarks.releases import AT, NEXT, THIS, Release, make, so_far  # noqa: E402
from tests.films import flash_film  # noqa: E402

LONG, SHORT, PATIENCE = ("slow 60", "slow 150", "slow 400"), "slow 5", 120.0
WORDS = re.compile(r"newer foley.*(update|Update)|Update foley")
TOLD_OTHERWISE = "made, but told as failed"
LIKE = 0.9
"""How alike a take and the noise of its seed must be; of two seeds they are 0.0."""


@dataclass
class Order:
    """A take that was asked for by a command line that waits for it."""

    release: str
    seed: int
    take: Path
    process: subprocess.Popen[str]
    verdict: str = ""
    said: str = ""


class Bench:
    """Two releases, their one state folder, and what was asked for."""

    def __init__(self, folder: Path, film: Path, older: Release, newer: Release) -> None:
        self.folder, self.home, self.film = folder, folder / "home", film
        self.older, self.newer = older, newer
        self.orders: list[Order] = []
        folder.mkdir()

    def foley(self, release: Release, *words: str | Path) -> subprocess.Popen[str]:
        """A command of a release."""
        command = [str(release.python), "-P", "-m", "backend", *map(str, words)]
        env = {**os.environ, "FOLEY_HOME": str(self.home), "FOLEY_TEST_ENGINES": "1"}
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=env, cwd=self.folder, stdout=pipe, stderr=pipe, text=True)

    def ask(self, release: Release, prompt: str = SHORT) -> Order:
        """For a take."""
        seed = 100 + len(self.orders)
        take = self.folder / f"{seed}.wav"
        words = ["generate", self.film, "-p", prompt, "-o", take, "--engine", "faulty", "--layers", "hits"]
        self.orders.append(Order(release.name, seed, take, self.foley(release, *words, "--seed", str(seed))))
        return self.orders[-1]

    def ask_until_some_wait(self, release: Release) -> list[Order]:
        """For three takes; one is being made, and two wait, when this returns. On a machine that is so busy
        that the first is made before, for more, and longer ones."""
        orders = []
        for prompt in LONG:
            orders.append(self.ask(release, prompt))
            self.comes_to(running=1)
            orders += [self.ask(release), self.ask(release)]
            if self.comes_to(running=1, queued=2):
                return orders
        raise TimeoutError("Three takes were asked for three times, and never did two of them wait.")

    def comes_to(self, **wanted: int) -> bool:
        """Whether that many jobs are in these states before all that was asked for is answered."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = Counter(job["state"] for job in self.jobs())
            if all(found[state] >= count for state, count in wanted.items()):
                return True
            if all(order.process.poll() is not None for order in self.orders):
                return False
            time.sleep(0.05)
        return False

    def settle(self) -> None:
        """Wait for all that was asked for."""
        for order in [order for order in self.orders if not order.verdict]:
            try:
                out, err = order.process.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                order.process.kill()
                out, err = order.process.communicate()
            order.said = " ".join((out + err).split())[-400:]
            order.verdict = self.verdict(order)

    def verdict(self, order: Order) -> str:
        """`made`, `refused`, or what went wrong."""
        mine = [job for job in self.jobs() if str(order.take) in job["deliver"]["takes"]]
        states = [job["state"] for job in mine]
        if order.process.returncode == 0:
            if states != ["done"] or mine[0]["cue"]["seed"] != order.seed:
                return f"made, but its jobs are {states}"
            return "made" if is_noise_of(order.take, order.seed) else "the sound is another's"
        if "done" in states or order.take.exists():
            return TOLD_OTHERWISE
        return "refused" if set(states) <= {"failed"} and WORDS.search(order.said) else "not made"

    def jobs(self) -> list[dict[str, Any]]:
        """All that the state folder holds."""
        with suppress(sqlite3.Error):
            path = (self.home / "jobs.sqlite").as_uri()
            with closing(sqlite3.connect(f"{path}?mode=ro", uri=True)) as database:
                rows = database.execute("SELECT state, cue, deliver FROM job").fetchall()
            return [
                {"state": state, "cue": json.loads(cue), "deliver": json.loads(to)} for state, cue, to in rows
            ]
        return []

    def end(self) -> None:
        """End whatever runs."""
        for release in (self.newer, self.older):
            if release.python.exists():
                self.foley(release, "shutdown", "--now").communicate(timeout=60)
        self.until_gone()

    def until_gone(self) -> None:
        """Until no backend is there."""
        until = time.monotonic() + 30
        while (self.home / "connection.json").exists() and time.monotonic() < until:
            time.sleep(0.1)


def is_noise_of(take: Path, seed: int) -> bool:
    """Whether a take is the noise that the engine plays for this seed."""
    sound, _ = soundfile.read(take, dtype="float32", always_2d=True)
    noise = np.random.default_rng([seed, 0, 0]).standard_normal(sound.shape, dtype=np.float32)
    return bool(np.corrcoef(sound.ravel(), noise.ravel())[0, 1] > LIKE)


def rounds(bench: Bench, rng: random.Random) -> Iterator[Figure]:
    """What is measured of two releases."""
    older, newer = bench.older, bench.newer
    for name, first, second in (("upgrade", older, newer), ("downgrade", newer, older)):
        orders = bench.ask_until_some_wait(first)
        orders += [bench.ask(second), bench.ask(second)]
        bench.settle()
        yield figure(f"{name}, {older.name} and {newer.name}", orders)
    turns = [release for _ in range(2) for release in (older, newer)]
    orders = []
    for release in turns:
        orders.append(bench.ask(release, rng.choice((SHORT, "slow 20"))))
        time.sleep(rng.uniform(0.0, 2.0))
    bench.settle()
    yield figure(f"by turns, {older.name} and {newer.name}", orders)
    yield from moved_away(bench)


def moved_away(bench: Bench) -> Iterator[Figure]:
    """The newer one is moved away while its jobs run and wait, and put back after the older one was asked."""
    older, newer = bench.older, bench.newer
    left = bench.ask_until_some_wait(newer)
    away = newer.root.with_name("away")
    shutil.move(newer.root, away)
    bench.until_gone()
    asked = bench.ask(older)
    bench.settle()
    shutil.move(away, newer.root)
    unsaid = asked.verdict not in ("made", "refused")
    yield Figure(
        f"{newer.name} moved away, {older.name} asked",
        "0 neither made nor refused with the right words",
        float(unsaid),
        older.name != THIS or not unsaid,
        {"verdict": asked.verdict, "said": asked.said},
    )
    back = bench.ask(newer)
    bench.settle()
    waiting = [job for job in bench.jobs() if job["state"] in ("queued", "running")]
    made = [order for order in left if order.take.exists() and is_noise_of(order.take, order.seed)]
    lost = len(left) - len(made) + (back.verdict != "made") + len(waiting)
    details = {"told": [f"{order.verdict}: {order.said[-150:]}" for order in left], "back": back.said[-150:]}
    yield Figure(f"{newer.name} put back after {older.name}", "0 lost", float(lost), not lost, details)


def figure(name: str, orders: list[Order]) -> Figure:
    """How many were not made as they were asked for."""
    otherwise = [order for order in orders if order.verdict == TOLD_OTHERWISE and AT in order.release]
    wrong = [order for order in orders if order.verdict != "made" and order not in otherwise]
    details = {
        "asked": len(orders),
        "wrong": {f"{order.release} {order.seed}": [order.verdict, order.said] for order in wrong[:5]},
        "told_otherwise": {f"{order.release} {order.seed}": order.said[-150:] for order in otherwise},
    }
    return Figure(name, "0 lost", float(len(wrong)), not wrong, details)


def measured(releases: int, seed: int, only: str) -> Iterator[Figure]:
    """The figures."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        film = flash_film(folder / "film.mp4", seconds=1, flashes=[12]).path
        this, following = make(folder, THIS), make(folder, NEXT)
        pairs = [(name, commit) for name, commit in so_far(releases).items() if only in f"{name} {commit}"]
        for name, commit in [*pairs, (THIS, "")]:
            older = make(folder, name, commit) if commit else this
            bench = Bench(folder / f"used-{older.root.name}", film, older, this if commit else following)
            try:
                yield from rounds(bench, rng)
            finally:
                bench.end()


def main() -> int:
    """Make the releases, use them, and say by the exit code whether every job came to its end."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--releases", type=int, default=8, help="commits spread over the history (8)")
    parser.add_argument("--seed", type=int, default=1, help="by which the turns are drawn (1)")
    parser.add_argument("--only", default="", help="releases whose name has this in it: 0.1.0, d603801")
    asked = parser.parse_args()
    return judged(measured(asked.releases, asked.seed, asked.only))


if __name__ == "__main__":
    sys.exit(main())
