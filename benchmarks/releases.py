"""Releases of foley made from the history of this repository, each a clone with an environment of its own.

Those there were so far: of each version its last commit and, since who has a clone has what lies between,
commits spread evenly over the history, from the first that had a service, a client and what watches films.
They are cloned now, as their users would, so that their files are newer than their commits say.
`THIS` is the folder as it is, `NEXT` the same with a higher version and another form of the jobs' database.

Knows nothing of what they are used for. Environments are made of the packages of the one that runs this.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import venv
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

ROOT = Path(__file__).parent.parent
THIS, NEXT = "this", "next"
AT = " at "
"""In the name of what lies between releases: `0.1.0 at 25074ed`."""
PARTS = ("backend", "foley_core", "plugins", "pyproject.toml")
DISTRIBUTION = "foley-for-editors"
_VERSION = "foley_core/__init__.py"


@dataclass(frozen=True)
class Release:
    """A release that can be run; all of it lies in `root`, so that it can be moved away and back."""

    name: str
    root: Path

    @property
    def python(self) -> Path:
        """Its own Python."""
        return self.root / (".venv/Scripts/python.exe" if sys.platform == "win32" else ".venv/bin/python")


def so_far(count: int) -> dict[str, str]:
    """The commits of the releases before this one, oldest first, by version and commit: the last of each
    version, and `count` spread evenly."""
    commits = _git("log", "--first-parent", "--reverse", "--format=%H", "--", *PARTS).split()
    parts = (("plugins", "class ClientError"), ("foley_core", "def watch("), ("backend", "def serve("))
    born = next(at for at, commit in enumerate(commits) if all(_has(commit, *part) for part in parts))
    past = commits[born:-1]
    spread = {past[round(at * (len(past) - 1) / max(1, count - 1))] for at in range(count)}
    versions = [_version(commit) for commit in past]
    last = {commit for at, commit in enumerate(past[:-1]) if versions[at] != versions[at + 1]}
    wanted = [commit for commit in past if commit in spread | last]
    named = {commit: versions[past.index(commit)] for commit in wanted}
    return {name if commit in last else f"{name}{AT}{commit[:7]}": commit for commit, name in named.items()}


def make(folder: Path, name: str, commit: str = "") -> Release:
    """The release of a commit; without one, what lies in this folder."""
    root = folder / re.sub(r"\W", "-", name)
    subprocess.run(["git", "clone", "-q", "--shared", "--no-checkout", str(ROOT), str(root)], check=True)
    subprocess.run(
        ["git", "-C", str(root), "checkout", "-q", commit or _git("rev-parse", "HEAD").strip()], check=True
    )
    if not commit:
        _copy_this(root)
    if name == NEXT:
        _raise_version(root)
    release = Release(name, root)
    _make_environment(root)
    return release


def _copy_this(root: Path) -> None:
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.rmtree(root / part)
            shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / part, root / part)


def _raise_version(root: Path) -> None:
    """Make of this one the next: a higher version, and another form."""
    for path, was, now in (
        (root / "foley_core" / "__init__.py", r'__version__ = "[^"]*"', '__version__ = "99.0.0"'),
        (root / "backend" / "build.py", r"FORM = (\d+)", "FORM = 99"),
        (root / "backend" / "service" / "schema.py", r"\n\)\n", '\n    *[""] * 99,\n)[:99]\n'),
    ):
        path.write_text(re.sub(was, now, path.read_text(), count=1))


def _make_environment(root: Path) -> None:
    """In the release's folder, as set-up makes it, with the release's own engines and our packages."""
    venv.create(root / ".venv", with_pip=False)
    packages = next((root / ".venv").glob("[Ll]ib*/**/site-packages"))
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


def _version(commit: str) -> str:
    found = re.search(r'__version__ = "([^"]*)"', _git("show", f"{commit}:{_VERSION}"))
    return found[1] if found else ""


def _has(commit: str, path: str, words: str) -> bool:
    """Whether a file of a commit says so."""
    return not subprocess.run(["git", "-C", str(ROOT), "grep", "-q", words, commit, "--", path]).returncode


def _git(*words: str) -> str:
    """What it says."""
    return subprocess.run(["git", "-C", str(ROOT), *words], check=True, capture_output=True, text=True).stdout
