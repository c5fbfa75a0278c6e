"""docs/procedural.md: its tables are what the code says, and its example is a family that plays."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.known_words import families, image_name, rewritten

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "procedural.md").read_text(encoding="utf-8")
SMALL = 60_000

PLAYED = """
import sys
from pathlib import Path
from foley_core.engines.procedural import catalogue, sounds
sounds.__path__.append(sys.argv[1])
catalogue._FAMILIES += ("porch",)
from benchmarks.played import Picture, impact, loaded, play
played = play(loaded(), "flower pot, wind chime", Picture(4.0, (impact(1.0),)))
assert [hit.sound for hit in played.hits] == ["flower pot"], played.hits
assert played.unknown_words == (), played.unknown_words
assert played.layers["hits"][48_000:].any() and played.layers["ambience"].any()
"""


def example() -> str:
    """The family that the document shows."""
    found = re.search(r"`sounds/porch\.py`:\n\n```python\n(.*?)```", DOCUMENT, re.DOTALL)
    assert found
    return found[1]


def test_the_tables_of_known_words_are_what_the_code_says() -> None:
    """Where this fails: python benchmarks/spectrograms.py."""
    assert rewritten(DOCUMENT) == DOCUMENT


@pytest.mark.parametrize("family", list(families()))
def test_every_family_has_a_heading_a_paragraph_a_table_and_a_picture(family: str) -> None:
    part = re.search(rf"### {family}\n\n(\S.*?)<!-- {family} -->", DOCUMENT, re.DOTALL | re.IGNORECASE)
    assert part
    assert len(part[1]) > 80
    assert f"images/{image_name(family)}" in DOCUMENT


@pytest.mark.parametrize("family", list(families()))
def test_every_picture_is_there_and_small(family: str) -> None:
    image = ROOT / "docs" / "images" / image_name(family)
    assert image.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert image.stat().st_size < SMALL


def test_no_picture_is_left_of_a_family_that_is_gone() -> None:
    pictures = {path.name for path in (ROOT / "docs" / "images").glob("sounds-*.png")}
    assert pictures == {image_name(family) for family in families()}


@pytest.mark.process
def test_the_example_of_a_new_family_is_short_and_plays(tmp_path: Path) -> None:
    assert len(example().splitlines()) < 60
    (tmp_path / "porch.py").write_text(example(), encoding="utf-8")
    subprocess.run([sys.executable, "-W", "error", "-c", PLAYED, str(tmp_path)], cwd=ROOT, check=True)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#]+)\)", DOCUMENT))))
def test_every_link_leads_somewhere(link: str) -> None:
    assert (ROOT / "docs" / link).exists()
