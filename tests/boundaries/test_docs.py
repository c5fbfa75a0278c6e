"""Documents and comments name only files that are there."""

from __future__ import annotations

import re

import pytest

from tests.boundaries.sources import files, name

MENTIONED = re.compile(r"`([\w./-]+\.py)(?: [^`]*)?`")
"""A file of code in backticks, maybe with its arguments; it may be named by the end of its path."""
NOT_OURS = {"docs/procedural.md": {"sounds/porch.py"}, "installers/build_blender.py": {"blender_ext.py"}}
"""An example for the reader; a module of Blender's."""
TEXTS = [path for path in (*files(suffix=".md"), *files(suffix=".py")) if "LICENSES" not in path.parts]


@pytest.mark.parametrize("kind", [".md", ".py"])
def test_only_files_that_are_there_are_named(kind: str) -> None:
    there = [f"/{name(path)}" for path in files(suffix=".py")]
    gone = [
        f"{name(path)} names {one}"
        for path in TEXTS
        if path.suffix == kind
        for one in set(MENTIONED.findall(path.read_text(encoding="utf-8"))) - NOT_OURS.get(name(path), set())
        if not any(path.endswith(f"/{one}") for path in there)
    ]
    assert gone == []


def test_the_way_of_a_cue_is_told_by_files() -> None:
    text = next(path for path in files(suffix=".md") if name(path) == "docs/development.md").read_text()
    assert len(MENTIONED.findall(text.partition("### The way of a cue")[2].partition("\n## ")[0])) > 20
