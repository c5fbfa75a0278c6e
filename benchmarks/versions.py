"""Versions of foley used by turns on one state folder, with jobs queued and running: no job may be lost.

    python benchmarks/versions.py [--turns N] [--seed N]

Releases are made from the history of this repository, each with an environment of its own: the first that had
a service and a client, the middle one, this folder as it is, and a next one, which is this with a higher
version and another form of the jobs' database. By turns each is asked for two takes, while those of the one
before still run and wait. Then the next one is taken away while its jobs run and wait, this one is asked, and
the next one is put back. Every take must come, or be refused with words that say what to do; and no job that
was accepted may be lost.

Prints one JSON line for each figure; ends with 1 where one is missed.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import re
import secrets
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.figure import Figure, judged  # noqa: E402
from tests.films import flash_film  # noqa: E402

NAMES = ("first", "middle", "this", "next")
PARTS = ("backend", "foley_core", "plugins", "pyproject.toml")
DISTRIBUTION = "foley-for-editors"
SLOW, PATIENCE = "slow 20", 180.0
WORDS = re.compile(r"newer foley.*(update|Update)|Update foley")


@dataclass
class Order:
    """A take that was asked for by a command line that waits for it."""

    release: str
    take: Path
    process: subprocess.Popen[str]
    verdict: str = ""
    said: str = ""


class Bench:
    """The releases, their one state folder, and what was asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder, folder / "home"
        self.film = flash_film(folder / "film.mp4", seconds=1, flashes=[12]).path
        self.orders: list[Order] = []
        self.python = {name: environment(folder / name, release(folder / name, name)) for name in NAMES}

    def foley(self, name: str, *words: str | Path) -> subprocess.Popen[str]:
        """A command of a release."""
        command = [str(self.python[name]), "-P", "-m", "backend", *map(str, words)]
        env = {**os.environ, "FOLEY_HOME": str(self.home), "FOLEY_TEST_ENGINES": "1"}
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=env, cwd=self.folder, stdout=pipe, stderr=pipe, text=True)

    def ask(self, name: str, prompt: str = SLOW) -> Order:
        """For a take."""
        take = self.folder / f"{len(self.orders)}-{name}.wav"
        words = [
            "generate",
            self.film,
            "-p",
            prompt,
            "-o",
            take,
            "--engine",
            "faulty",
            "--seed",
            "7",
            "--json",
        ]
        self.orders.append(Order(name, take, self.foley(name, *words)))
        return self.orders[-1]

    def leave(self, name: str) -> Path:
        """A take that nobody waits for: the backend may not be there when it is made."""
        take = self.folder / f"left-{secrets.token_hex(4)}.wav"
        words = ["generate", self.film, "-p", SLOW, "-o", take, "--engine", "faulty", "--detach"]
        self.foley(name, *words).communicate(timeout=60)
        return take

    def settle(self) -> None:
        """Wait for all that was asked for."""
        for order in self.orders:
            if order.verdict:
                continue
            try:
                out, err = order.process.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                order.process.kill()
                out, err = order.process.communicate()
            order.said = " ".join((out + err).split())[-400:]
            made = order.process.returncode == 0 and order.take.is_file()
            order.verdict = "made" if made else "refused" if WORDS.search(order.said) else "lost"

    def jobs_left(self, name: str) -> int:
        """How many jobs the state folder still has open."""
        out, _ = self.foley(name, "status", "--json").communicate(timeout=60)
        return sum(job["state"] in ("queued", "running") for job in json.loads(out)["jobs"])


def release(folder: Path, name: str) -> Path:
    """The files of a release."""
    root = folder / "foley"
    if name in ("this", "next"):
        for part in PARTS:
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy2
            root.mkdir(parents=True, exist_ok=True)
            copy(ROOT / part, root / part)
        if name == "next":
            raise_version(root)
        return root
    commits = git("log", "--reverse", "--format=%H", "--", "backend", "plugins").split()
    born = next(at for at, commit in enumerate(commits) if has(commit, "plugins", "class ClientError"))
    after = commits[born:]
    commit = after[0] if name == "first" else after[len(after) // 2]
    packed = subprocess.run(
        ["git", "-C", str(ROOT), "archive", commit, *PARTS], check=True, capture_output=True
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(root, filter="data")
    return root


def raise_version(root: Path) -> None:
    """Make of this one the next: a higher version, and another form."""
    for path, was, now in (
        (root / "foley_core" / "__init__.py", r'__version__ = "[^"]*"', '__version__ = "99.0.0"'),
        (root / "backend" / "build.py", r"FORM = (\d+)", "FORM = 99"),
        (root / "backend" / "service" / "schema.py", r"\n\)\n", '\n    *[""] * 99,\n)[:99]\n'),
    ):
        path.write_text(re.sub(was, now, path.read_text(), count=1))


def has(commit: str, path: str, words: str) -> bool:
    """Whether a file of a commit says so."""
    shown = subprocess.run(["git", "-C", str(ROOT), "grep", "-q", words, commit, "--", path])
    return shown.returncode == 0


def git(*words: str) -> str:
    """What it says."""
    return subprocess.run(["git", "-C", str(ROOT), *words], check=True, capture_output=True, text=True).stdout


def environment(folder: Path, root: Path) -> Path:
    """An environment for a release, with its own engines and our packages; gives its Python."""
    venv.create(folder / "env", with_pip=False)
    packages = next((folder / "env").glob("[Ll]ib*/**/site-packages"))
    others = [path for path in sys.path if path.endswith("site-packages")]
    (packages / "all.pth").write_text("\n".join([str(root), *others]))
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    about = packages / f"{DISTRIBUTION.replace('-', '_')}-{distribution(DISTRIBUTION).version}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {DISTRIBUTION}\nVersion: 0\n")
    points = [
        f"[{group}]\n" + "".join(f"{name} = {what}\n" for name, what in named.items())
        for group, named in project["entry-points"].items()
    ]
    (about / "entry_points.txt").write_text("\n".join(points))
    return next(path for name in ("bin/python", "Scripts/python.exe") for path in (folder / "env").glob(name))


def by_turns(bench: Bench, turns: int, rng: random.Random) -> None:
    """Each release in turn is asked for two takes while those of the others run and wait."""
    names = [name for _ in range(turns) for name in rng.sample(NAMES[:3], 3)]
    for name in names:
        for _ in range(2):
            bench.ask(name)
            time.sleep(rng.uniform(0.5, 3.0))
    bench.settle()


def measured(turns: int, seed: int) -> Iterator[Figure]:
    """The figures."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        try:
            by_turns(bench, turns, rng)
            yield figure("by turns", bench, bench.orders, refused=False)
            done = len(bench.orders)
            for name in ("this", "next", "this", "next"):
                bench.ask(name)
                time.sleep(2.0)
            bench.settle()
            yield figure("with the next", bench, bench.orders[done:], refused=False)
            done = len(bench.orders)
            left = [bench.leave("next") for _ in range(3)]
            shutil.move(bench.folder / "next" / "foley", bench.folder / "away")
            until_gone(bench.home)
            bench.ask("this", "")
            bench.settle()
            yield figure("the next taken away", bench, bench.orders[done:], refused=True)
            shutil.move(bench.folder / "away", bench.folder / "next" / "foley")
            done = len(bench.orders)
            bench.ask("next", "")
            bench.settle()
            yield figure("and back", bench, bench.orders[done:], refused=False)
            lost = bench.jobs_left("next") + sum(not take.is_file() for take in left)
            yield Figure(
                "jobs left over, or takes that were left to be made and did not come", "0", lost, lost == 0
            )
        finally:
            bench.foley("next", "shutdown", "--now").communicate(timeout=60)
            until_gone(bench.home)


def until_gone(home: Path) -> None:
    """Until no backend is there."""
    for _ in range(300):
        if not (home / "connection.json").exists():
            return
        time.sleep(0.1)


def figure(name: str, bench: Bench, orders: list[Order], *, refused: bool) -> Figure:
    """How many were lost; where they were to be refused, how many were not."""
    lost = [order for order in orders if order.verdict != ("refused" if refused else "made")]
    counts = {release: sum(o.release == release for o in orders) for release in NAMES}
    details = {"asked": counts, "wrong": {order.take.name: order.said for order in lost[:3]}}
    if refused:
        details["said"] = {order.take.name: order.said for order in orders}
    what = "0 without the right words" if refused else "0 lost"
    return Figure(name, what, float(len(lost)), not lost, details)


def main() -> int:
    """Make the releases, use them, and say by the exit code whether every job came to its end."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    return judged(measured(asked.turns, asked.seed))


if __name__ == "__main__":
    sys.exit(main())
