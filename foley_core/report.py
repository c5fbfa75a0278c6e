"""Stand-in until the report lands. To be overwritten."""

from __future__ import annotations

from pathlib import Path

from foley_core.cue import encode
from foley_core.errors import writing
from foley_core.picture.spotting import Spotting
from foley_core.take import Take


def write_report(take: Take, spotting: Spotting | None, path: Path) -> None:
    """Only the record."""
    with writing(path):
        path.write_text("<!doctype html>", encoding="utf-8")
        path.with_suffix(".json").write_bytes(encode(take))
