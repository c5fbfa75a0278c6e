"""Hits as files: those that a user wants, and those that were seen, as CSV for a spreadsheet or as JSON.

Columns, or names: `time` (as on the command line: seconds, a timecode, frames) or, where that is empty or
missing, `timecode`; and as far as they are wanted `sound`, `layer`, `strength`, `x`, `y`, `size`; others are
not looked at. What `foley detect -o` writes is what `--hits` reads.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import click
from msgspec import UNSET, UnsetType

from foley_core.cue import LAYERS, Layer, WantedHit
from foley_core.errors import MediaMissing, MediaUnreadable

COLUMNS = ("time", "timecode", "sound", "layer", "strength", "x", "y", "size", "sure")
ENDINGS = (".csv", ".json")
_DECIMAL_COMMA = re.compile(r"(\d+),(\d+)", re.ASCII)
_SHARES = ("strength", "x", "y")

ReadTime = Callable[[str], Fraction]


def read_hits(typed: str, read_time: ReadTime) -> tuple[WantedHit, ...]:
    """The hits that were typed: times with commas between, or the name of a file."""
    path = Path(typed)
    if path.suffix.lower() == ".edl":
        raise _wrong(path.name, "an EDL holds markers for an editor", "Give the hits as .csv or .json.")
    if path.suffix.lower() not in ENDINGS:
        return tuple(WantedHit(time=read_time(text)) for text in typed.split(","))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise MediaMissing(f"There are no hits in {path}: {error.strerror}.", "Check the path.") from error
    except UnicodeDecodeError as error:
        raise MediaUnreadable(f"The hits in {path} cannot be read: {error}.", "Save it as UTF-8.") from error
    rows = _json_rows(text, path) if path.suffix.lower() == ".json" else _csv_rows(text, path)
    return tuple(_hit(row, f"{path.name}, hit {number}", read_time) for number, row in enumerate(rows, 1))


def hits_text(impacts: Iterable[Mapping[str, Any]], ending: str) -> str:
    """What was seen (as `foley detect --json` tells it), as the text of a file with this ending."""
    rows = [{name: one.get(name, "") for name in COLUMNS} for one in impacts]
    if ending == ".json":
        return json.dumps({"impacts": rows}, indent=1, ensure_ascii=False) + "\n"
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()


def _csv_rows(text: str, path: Path) -> Sequence[Mapping[str, Any]]:
    """Commas, semicolons or tabs between, as the user's spreadsheet has it."""
    head = text.split("\n", 1)[0]
    between = max(",;\t", key=head.count)
    table = csv.DictReader(io.StringIO(text), delimiter=between)
    if not {"time", "timecode"} & set(table.fieldnames or ()):
        raise _wrong(
            path.name, "it has no column `time` or `timecode`", f"Name its columns: {', '.join(COLUMNS)}."
        )
    return list(table)


def _json_rows(text: str, path: Path) -> Sequence[Mapping[str, Any]]:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise _wrong(path.name, str(error), "Write a list of hits.") from error
    rows = value.get("impacts") if isinstance(value, dict) else value
    if not isinstance(rows, list):
        raise _wrong(path.name, "it holds no list of hits", "Write a list of hits.")
    return [row if isinstance(row, dict) else {"time": row} for row in rows]


def _hit(row: Mapping[str, Any], where: str, read_time: ReadTime) -> WantedHit:
    time = _text(row, "time") or _text(row, "timecode")
    if not time:
        raise _wrong(where, "it has no time", "Give each hit a time.")
    shares = {name: _share(row.get(name), f"{where}, {name}") for name in _SHARES}
    size = _share(row.get("size"), f"{where}, size")
    return WantedHit(
        time=_time(time, where, read_time),
        sound=_text(row, "sound"),
        layer=_layer(row.get("layer"), where),
        size=UNSET if size is None else size,
        **shares,
    )


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value).strip()


def _time(text: str, where: str, read_time: ReadTime) -> Fraction:
    """As on the command line, and with the decimal comma that spreadsheets write."""
    try:
        return read_time(_DECIMAL_COMMA.sub(r"\1.\2", text))
    except click.BadParameter as error:
        raise click.BadParameter(f"{where}: {error.message}", param_hint="--hits") from error


def _layer(value: object, where: str) -> Layer | UnsetType:
    name = str(value or "").strip()
    if name and name not in LAYERS:
        raise _wrong(
            where, f"{name[:20]!r} is no layer", f"Leave it empty, or give one of: {', '.join(LAYERS)}."
        )
    return name or UNSET


def _share(value: object, where: str) -> float | None:
    text = "" if value is None else str(value).strip().replace(",", ".")
    if not text:
        return None
    try:
        share = float(text)
    except ValueError:
        share = float("nan")
    if not 0 <= share <= 1:
        raise _wrong(where, f"{text[:20]!r} is no number from 0 to 1", "Leave it empty, or give 0 to 1.")
    return share


def _wrong(where: str, why: str, hint: str) -> click.BadParameter:
    return click.BadParameter(f"{where}: {why}. {hint}", param_hint="--hits")
