"""Where commands write: under the names that were typed, and over no file that is there already.

A name is settled before anything is made. What is there is kept, unless `--force` says otherwise or, on a
terminal, the user does when asked; with `--keep` the new files get a number that is free.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from itertools import count
from pathlib import Path
from typing import Any

import click

from backend.cli.screen import remark
from backend.worker.delivery import check_place
from foley_core.errors import OutputExists

FIXED_DATE = "SOURCE_DATE_EPOCH"


@dataclass(frozen=True)
class Existing:
    """What is to become of files that are there already."""

    force: bool = False
    """They are replaced."""
    keep: bool = False
    """The new ones get another name."""
    ask: bool = False
    """The user may be asked: there is one, and no program that reads the answer."""
    promised: frozenset[str] = frozenset()
    """Files that are not there yet, but that somebody else is about to write."""

    def settle(
        self,
        typed: Path,
        media: Path | None = None,
        *,
        files: Callable[[Path], Sequence[Path]] = lambda path: [path],
    ) -> Path:
        """The name to write under, for what was `typed`: that one or, with `--keep`, one with a number.

        `files` are all that are written under a name, made for the film `media`. Raises `OutputDenied` where
        none can be, and `OutputExists` where one is there and is to be kept.
        """
        for file in files(typed):
            check_place(file, media)
        there = [file for file in files(typed) if self._is_taken(file)]
        if not there or self.force:
            return typed
        if self.keep:
            free = self._free(typed, files)
            remark(f"{there[0]} is there already and is kept; writing {files(free)[0]}.")
            return free
        names = ", ".join(map(str, there))
        if not self.ask and not any(file.exists() for file in there):
            raise OutputExists(
                f"A job that waits or runs is about to write {names}.",
                "Add --force to replace what it writes, or --keep to write beside it under another name.",
            )
        if not self.ask:
            raise OutputExists(
                f"{names} is there already." if len(there) == 1 else f"{names} are there already.",
                "Add --force to replace what is there, or --keep to write beside it under another name.",
            )
        if not click.confirm(f"Replace {names}?", err=True):
            raise OutputExists(f"{names} stays as it was.", "Add --keep to write beside it.")
        return typed

    def _is_taken(self, file: Path) -> bool:
        return file.exists() or str(file) in self.promised

    def _free(self, typed: Path, files: Callable[[Path], Sequence[Path]]) -> Path:
        numbered = (typed.with_name(f"{typed.stem}-{number}{typed.suffix}") for number in count(2))
        return next(path for path in numbered if not any(map(self._is_taken, files(path))))


def existing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--force` and `--keep` to a command with `--json`; it is given them as `existing`."""

    @wraps(command)
    def with_existing(*arguments: Any, force: bool, keep: bool, **typed: Any) -> Any:
        if force and keep:
            raise click.UsageError("--force and --keep exclude each other.")
        ask = not typed["as_json"] and sys.stdin is not None and sys.stdin.isatty()
        return command(*arguments, existing=Existing(force, keep, ask), **typed)

    both = click.option("--keep", is_flag=True, help="Keep them, and write OUT-2, OUT-3 and so on.")(
        with_existing
    )
    return click.option("--force", is_flag=True, help="Replace files that are there already.")(both)


def date_of_making() -> datetime:
    """The date that WAVs get: now, in local time, or what the environment fixes, that runs can be repeated.

    The variable is that of all reproducible builds: seconds since 1970, in UTC.
    """
    fixed = os.environ.get(FIXED_DATE, "")
    if fixed.isdecimal():
        return datetime.fromtimestamp(int(fixed), UTC).replace(tzinfo=None)
    return datetime.now().replace(microsecond=0)


def check_ending(path: Path, endings: Sequence[str], option: str) -> None:
    """Raise a usage error where the name does not say what kind of file is wanted."""
    if path.suffix.lower() not in endings:
        known = " or ".join(filter(None, (", ".join(endings[:-1]), endings[-1])))
        raise click.BadParameter(f"{str(path)!r} must end in {known}.", param_hint=option)
