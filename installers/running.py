"""Running other programs quietly: their noise goes to a log, and is shown when one of them fails.

Standard library only, grammar of Python 3.9, like everything that `bootstrap.py` is made of.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Callable, Optional

ROOT = Path(__file__).resolve().parent.parent
OWN_FOLDER = ROOT / ".bootstrap"
"""What the set-up itself needs: its log, pip's wheel, uv, a Python of its own."""

LOG = OWN_FOLDER / "log.txt"
_SHOWN_LINES = 30


class SetupFailed(Exception):
    """The set-up cannot go on; the message says in a sentence what to do."""


def say(text: str) -> None:
    """Tell the user; standard output is kept for results."""
    print(text, file=sys.stderr, flush=True)


def run(
    command: Sequence[str],
    failing: str,
    environment: Optional[Mapping[str, str]] = None,
    on_line: Callable[[str], None] = lambda line: None,
) -> None:
    """Run a program to its end, its output in the log; `SetupFailed`, with `failing` and why, if it fails.

    `on_line` is told each line as it comes.
    """
    OWN_FOLDER.mkdir(exist_ok=True)
    with LOG.open("ab") as log:
        log.write(f"\n$ {shlex.join(command)}\n".encode("utf-8", "replace"))
        log.flush()
        start = log.tell()
        try:
            exit_code = _logged(command, {**os.environ, **(environment or {})}, log, on_line)
        except OSError as error:
            raise SetupFailed(f"{failing}: {error}") from error
    if exit_code:
        _show_log(start)
        raise SetupFailed(f"{failing.rstrip('.')} (exit code {exit_code}; all of it is in {LOG}).")


def _logged(
    command: Sequence[str], environment: Mapping[str, str], log: BinaryIO, on_line: Callable[[str], None]
) -> int:
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        for line in process.stdout or ():
            log.write(line)
            log.flush()
            on_line(line.decode("utf-8", "replace"))
    return process.returncode


def answers(command: Sequence[str], seconds: float = 60, folder: Path = ROOT) -> Optional[str]:
    """What a program prints, or None if it cannot be run, fails, or takes too long."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


def _show_log(start: int) -> None:
    with LOG.open("rb") as log:
        log.seek(start)
        lines = log.read().decode("utf-8", "replace").splitlines()
    for line in lines[-_SHOWN_LINES:]:
        say(f"    {line}")
