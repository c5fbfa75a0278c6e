"""`foley doctor`: is everything in place? One small check per thing, each giving one finding with what to do.

Nothing is changed and nothing is started: a backend that does not run is found not running. A check that
breaks is itself a finding.
"""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import stat
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import click
import msgspec

from backend import paths
from backend.build import older
from backend.cli.installations import blender_settings
from backend.cli.screen import JSON, answer
from backend.launch import own_launch, recorded, why_not
from backend.service.job_row import unreadable
from backend.service.schema import DAMAGED, check, form_of, is_damage
from foley_core.cue import AUTO
from foley_core.engine_choice import choose_engine
from foley_core.engines.installed import engine_names
from foley_core.errors import StateUnusable

State = Literal["ok", "warn", "fail"]

_PACKAGES = (
    "av",
    "numpy",
    "opencv-python-headless",
    "psutil",
    "pyzmq",
    "scenedetect-headless",
    "scipy",
    "soundfile",
    "soxr",
)
_DECODERS = ("h264", "hevc", "prores", "vp9")
_PYTHONS = ((3, 11), (3, 13))
_LITTLE_ROOM = 2 * 10**9
_OTHER_FOLDER = "Give yourself write access to it, or set FOLEY_HOME to another folder."
_SET_UP = "Run `python3 installers/bootstrap.py setup`."


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What a check found. Anything but `ok` has a hint."""

    state: State
    name: str
    message: str
    hint: str = ""


def run_checks() -> list[Finding]:
    """All findings, in the order in which one would look."""
    return [_finding(name, check) for name, check in CHECKS.items()]


def _finding(name: str, check: Callable[[], Outcome]) -> Finding:
    try:
        state, message, hint = check()
    except (StateUnusable, PermissionError) as error:
        state = "fail" if name == "state folder" else "warn"  # The others could only not look into it.
        message, hint = getattr(error, "message", str(error)), getattr(error, "hint", _OTHER_FOLDER)
    except Exception as error:  # whatever breaks a check is what the user came to hear about
        state, message, hint = "fail", f"{type(error).__name__}: {error}", _SET_UP
    return Finding(state=state, name=name, message=message, hint=hint)


Outcome = tuple[State, str, str]


def check_python() -> Outcome:
    """A version that foley is tested on, and 64 bit."""
    found = f"{platform.python_version()}, {sys.executable}"
    if not _PYTHONS[0] <= sys.version_info[:2] <= _PYTHONS[1] or sys.maxsize < 2**32:
        return "fail", found, f"Foley needs a 64-bit Python 3.11 to 3.13. {_SET_UP}"
    return "ok", found, ""


def check_packages() -> Outcome:
    """What foley is built on is installed."""
    found, missing = [], []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        return "fail", f"missing: {', '.join(missing)}", _SET_UP
    return "ok", ", ".join(found), ""


def check_encryption() -> Outcome:
    """ZeroMQ was built with CURVE, which keeps other users of this machine out."""
    import zmq

    if not zmq.has("curve"):
        return "fail", f"pyzmq {zmq.__version__} without CURVE", f"Install pyzmq's own wheel. {_SET_UP}"
    return "ok", f"pyzmq {zmq.__version__} with CURVE", ""


def check_opencv() -> Outcome:
    """One distribution provides `cv2`: two overwrite each other's files."""
    providers = sorted(set(packages_distributions().get("cv2", [])))
    if providers != ["opencv-python-headless"]:
        hint = "Uninstall every opencv package, then install opencv-python-headless."
        return "fail", f"cv2 comes from {', '.join(providers) or 'nowhere'}", hint
    return "ok", "cv2 comes from opencv-python-headless alone", ""


def check_decoders() -> Outcome:
    """The film formats that editors use can be read."""
    import av

    missing = [name for name in _DECODERS if name not in av.codecs_available]
    if missing:
        return "fail", f"PyAV {av.__version__} cannot read {', '.join(missing)}", _SET_UP
    return "ok", f"PyAV {av.__version__} reads {', '.join(_DECODERS)}", ""


def check_engines() -> Outcome:
    """At least the built-in engine is there."""
    names = engine_names()
    if "procedural" not in names:
        return "fail", f"found: {', '.join(names) or 'none'}", _SET_UP
    return "ok", ", ".join(names), ""


def check_choice() -> Outcome:
    """Which engine plays a cue that names none, and why."""
    choice = choose_engine(AUTO)
    return "ok", " ".join(filter(None, [choice.engine, choice.model])) + f": {choice.why}", ""


def check_torch() -> Outcome:
    """Torch and a graphics card, which only the neural engine needs."""
    if find_spec("torch") is None:
        return "ok", "not installed; only the neural engine needs it", ""
    import torch

    if torch.cuda.is_available():
        return "ok", f"torch {torch.__version__}, {torch.cuda.get_device_name(0)}", ""
    return "ok", f"torch {torch.__version__}, no graphics card that it can use", ""


def check_home() -> Outcome:
    """The state folder can be written, and is its owner's alone."""
    folder = paths.home()
    there = _nearest(folder)
    if os.path.lexists(folder) and not folder.is_dir():
        return "fail", f"{folder} is no folder", "Set FOLEY_HOME to another folder."
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        return "fail", f"{there} cannot be written: {error.strerror}", _OTHER_FOLDER
    if there == folder and os.name == "posix" and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        return "warn", f"{folder} is open to other users", f"Run `chmod 700 {folder}`."
    return "ok", str(folder), ""


def check_room() -> Outcome:
    """There is room for takes and for what is kept."""
    free = shutil.disk_usage(_nearest(paths.home())).free
    message = f"{free / 1e9:.1f} GB free"
    if free < _LITTLE_ROOM:
        return "warn", message, "Free some space, or run `foley cache clear`."
    return "ok", message, ""


def check_cache() -> Outcome:
    """How much is kept so that nothing is made twice, and whether more can be."""
    folder = paths.cache_folder()
    for part in (folder, *(folder / name for name in ("takes", "spottings", "features", "digests"))):
        try:
            if os.path.lexists(part):
                with tempfile.TemporaryFile(dir=part):
                    pass
        except OSError as error:
            hint = "Give yourself write access to it, or remove it; until then every take is made anew."
            return "warn", f"{part} cannot be written: {error.strerror}", hint
    files = [path for path in folder.rglob("*") if os.path.isfile(path)]  # noqa: PTH113
    return "ok", f"{sum(path.stat().st_size for path in files) / 1e6:.1f} MB in {len(files)} files", ""


def check_jobs() -> Outcome:
    """The jobs' database is whole; where one was set aside, which."""
    path = paths.jobs_file()
    aside, bad = sorted(path.parent.glob(f"{path.name}{DAMAGED}*[0-9]")), 0
    if path.exists():
        try:
            how = "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "immutable=1"
            with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True)) as database:
                form_of(database, path)
                check(database)
                database.row_factory = sqlite3.Row
                bad = sum(bool(unreadable(row)) for row in database.execute("SELECT * FROM job"))
        except sqlite3.Error as error:
            if isinstance(error, sqlite3.DatabaseError) and is_damage(error):
                hint = "Run `foley shutdown`: the next backend sets it aside, and begins a new one."
                return "fail", f"{path} is damaged: {error}", hint
            return "warn", f"{path} cannot be looked at: {error}", "Is it yours, and is there room?"
        except StateUnusable as error:
            return "fail", error.message, error.hint
    if bad:
        hint = "They count as failed; `foley status` shows which. Ask for them again."
        return "warn", f"{bad} jobs in {path} cannot be read", hint
    if aside:
        hint = "Its jobs can be read with sqlite3; remove it when they are not needed any more."
        return "warn", f"a damaged one was set aside as {aside[-1]}", hint
    return "ok", str(path) if path.exists() else "none yet", ""


def check_launch() -> Outcome:
    """Editors know how to start the backend."""
    found = recorded()
    if found is None and not paths.launch_file().exists():
        return "warn", "editors do not know yet how to start the backend", _SET_UP
    if found is None or not found.command:
        return "fail", f"{paths.launch_file()} cannot be read", _SET_UP
    command, mine = " ".join(found.command), own_launch()
    if why := why_not(found.command):
        return "fail", f"editors would start {command}, which does not start: {why}", _SET_UP
    if found.command != mine.command and older(found.build, mine.build):
        return "warn", f"editors start {command}, which is older: {found.build}, not {mine.build}", _SET_UP
    other = f", another build: {found.build}, this is {mine.build}" if found.command != mine.command else ""
    return "ok", f"{command}{other}", ""


def check_backend() -> Outcome:
    """The backend answers, or does not run, which is well too: clients start it."""
    from backend.client import CLIENT_NAME, Client, ClientError

    try:
        with Client(CLIENT_NAME, start=False) as client:
            broker = client.request("status", {})["broker"]
    except ClientError as error:
        if error.code == "backend_absent":
            crashed = ", and the last one did not end by itself" if paths.connection_file().exists() else ""
            return "ok", f"not running{crashed}; clients start it when they need it", ""
        return "fail", error.message, error.hint
    return "ok", f"running, process {broker['pid']}, build {broker['build']}", ""


def check_blender() -> Outcome:
    """Blenders that were used here."""
    if program := shutil.which("blender"):
        return "ok", program, ""
    try:
        versions = sorted(path.name for path in blender_settings().glob("[0-9]*.[0-9]*"))
    except (StateUnusable, OSError):
        versions = []
    if versions:
        return "ok", f"settings of Blender {', '.join(versions)}", ""
    return "ok", "not found; only its users need it", ""


CHECKS: dict[str, Callable[[], Outcome]] = {
    "Python": check_python,
    "packages": check_packages,
    "encryption": check_encryption,
    "OpenCV": check_opencv,
    "film formats": check_decoders,
    "engines": check_engines,
    "engine": check_choice,
    "torch": check_torch,
    "state folder": check_home,
    "disk": check_room,
    "cache": check_cache,
    "jobs": check_jobs,
    "launch": check_launch,
    "backend": check_backend,
    "Blender": check_blender,
}


def _line(found: Finding) -> str:
    told = f"{found.state:<5} {found.name}: {found.message}"
    return f"{told.rstrip('.')}. {found.hint}" if found.hint else told


def _nearest(folder: Path) -> Path:
    """The folder, or the one above it that exists and in which it would be made."""
    return next(path for path in (folder, *folder.parents) if os.path.lexists(path))


@click.command()
@JSON
def doctor(as_json: bool) -> None:
    """Check that everything is in place, and say what to do where it is not."""
    findings = run_checks()
    lines = [_line(finding) for finding in findings]
    value = [{"state": f.state, "name": f.name, "message": f.message, "hint": f.hint} for f in findings]
    answer({"findings": value}, as_json, lines)
    if any(finding.state == "fail" for finding in findings):
        sys.exit(1)
