"""Which build of foley this is, and which of two is the newer.

A build is the version, the form of the jobs' database, and in a development tree the time of its commit in
UTC: `0.2.0+3.20261122104500`, of a release `0.2.0+3`. Its numbers are what builds are ordered by, and none of
them depends on when the files were put on this machine: a release that is cloned later is no newer for it.

`sources` tells whether the files are still those of before, whatever their build is called.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from pathlib import Path

from foley_core import __version__

FORM = 3
"""Of the jobs' database; see `backend/service/schema.py`."""

ROOT = Path(__file__).parent.parent
UPDATE = "run `python3 installers/bootstrap.py setup` in its newest folder."
"""How foley is updated: see docs/installing.md."""

_PACKAGES = ("backend", "foley_core")
_COMMIT_TIME = ("log", "-1", "--format=%cd", "--date=format-local:%Y%m%d%H%M%S")


def build() -> str:
    """This build's name."""
    commit = _commit_time()
    return f"{__version__}+{FORM}.{commit}" if commit else f"{__version__}+{FORM}"


def older(build_name: str, other: str) -> bool:
    """Whether the first build is older than the other; their numbers count, 0.10.0 is newer than 0.9.0."""
    return _numbers(build_name) < _numbers(other)


def sources() -> str:
    """Tells this build's files from those of any other, by their names, sizes and times; cheap."""
    digest = hashlib.sha256()
    for package in _PACKAGES:
        for folder, inner, names in os.walk(ROOT / package):
            inner.sort()
            for name in sorted(name for name in names if name.endswith(".py")):
                digest.update(_seen(Path(folder, name)).encode(errors="surrogatepass"))
    return digest.hexdigest()[:16]


def _seen(path: Path) -> str:
    try:
        stat = path.stat()
    except OSError:
        return ""  # taken away just now, as its absence will tell next time
    return f"{path.relative_to(ROOT)} {stat.st_size} {stat.st_mtime_ns}\n"


def _numbers(build_name: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d{1,20}", build_name)]


def _commit_time() -> str:
    """Of the newest commit in a tree that is under version control; empty elsewhere."""
    if not (ROOT / ".git").exists():
        return ""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    command = ["git", "-C", str(ROOT), *_COMMIT_TIME]
    try:
        told = subprocess.run(
            command,
            env={**environment, "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=5,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    found = told.stdout.decode(errors="replace").strip()
    return found if found.isdecimal() else ""
