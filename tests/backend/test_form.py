"""The form of the jobs' database: a row may not come to hold anything else without its number being raised.

`tests/data/kept/jobs-form.json` says what a row may hold in that form. Where the code says otherwise, add a
migration (an empty one will do), raise `FORM`, and write the file anew:

    python -m tests.backend.test_form
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from backend.build import FORM
from backend.errors import StateUnusable
from backend.service.jobs import Job, JobStore
from backend.service.schema import MIGRATIONS
from tests.boundaries.sources import ROOT

RECORDED = ROOT / "tests" / "data" / "kept" / "jobs-form.json"


def form() -> dict[str, Any]:
    """Its number, and every struct that is kept in a row: its fields by name, with their types."""
    structs: dict[str, dict[str, str]] = {}
    _tell(Job, structs)
    return {"form": len(MIGRATIONS), "structs": structs}


def _tell(kind: Any, structs: dict[str, dict[str, str]]) -> None:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind.__name__ not in structs:
        fields = msgspec.structs.fields(kind)
        structs[kind.__name__] = {field.encode_name: _in_words(field.type) for field in fields}
        for field in fields:
            _tell(field.type, structs)
    for part in get_args(kind):
        _tell(part, structs)


def _in_words(kind: Any) -> str:
    """Where a struct lies does not count."""
    return re.sub(r"<class '(?:\w+\.)*(\w+)'>|\b(?:\w+\.)+(?=\w)", lambda match: match[1] or "", repr(kind))


def test_what_a_row_may_hold_is_as_recorded_for_its_form() -> None:
    recorded = msgspec.json.decode(RECORDED.read_bytes())
    assert form() == recorded, "raise the form: see the top of this file"


def test_the_build_tells_the_form_that_it_writes() -> None:
    assert len(MIGRATIONS) == FORM


def test_a_newer_form_is_left_alone_and_the_way_out_is_told(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite"
    JobStore(path).close()
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA user_version = {FORM + 1}")
    before = path.read_bytes()
    with pytest.raises(StateUnusable, match=f"form {FORM + 1}.*knows {FORM}") as error:
        JobStore(path)
    assert "bootstrap.py setup" in error.value.hint
    assert path.read_bytes() == before


if __name__ == "__main__":
    RECORDED.write_bytes(msgspec.json.format(msgspec.json.encode(form()), indent=1) + b"\n")
