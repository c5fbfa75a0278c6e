"""Where files of unsaved and of moved projects lie: the rules of the Blender add-on that need no Blender."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plugins.test_blender_rules import _part

places = _part("places")
HOME = str(Path("/srv/ann/.local/state/foley/blender").absolute())
OLD = "/srv/ann/.config/blender/4.5/extensions/.user/user_default/foley/audio"


@pytest.mark.parametrize(
    ("path", "part"),
    [
        (f"{HOME}/wood-1.wav", "wood-1.wav"),
        (f"{HOME}/footage/0a.mp4", "footage/0a.mp4"),
        (f"{OLD}/wood-1.wav", "wood-1.wav"),
        (f"{OLD}/footage/0a.mp4", "footage/0a.mp4"),
        (f"{HOME}-2/wood-1.wav", ""),
        (HOME, ""),
        ("/films/foley/audio/wood-1.wav", ""),
        ("wood and gravel", ""),
        ("", ""),
    ],
)
def test_what_lies_where_unsaved_projects_have_their_takes_is_known(path: str, part: str) -> None:
    assert places.below(path, HOME) == part.replace("/", os.sep)


def test_the_name_of_a_file_does_not_depend_on_the_system_that_its_path_is_of() -> None:
    assert places.name(r"D:\cut\foley\wood-1.wav") == places.name("//foley/wood-1.wav") == "wood-1.wav"


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/a/cut/foley/wood.wav", "/b/cut/foley/wood.wav"),
        ("/a/other/foley/wood.wav", "/b/other/foley/wood.wav"),
        ("/a/cut/wood.wav", "/b/cut/wood.wav"),
    ],
)
def test_what_was_moved_along_with_its_project_is_looked_for_where_it_is_now(path: str, where: str) -> None:
    assert places.moved(path, "/a/cut", "/b/cut") == os.path.normpath(where)


TREE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["/a/1.wav", "/a/2.wav", "wood"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


@given(TREE)
def test_only_what_has_moved_changes_in_a_record_however_deep(record: object) -> None:
    moves = {"/a/1.wav": "/b/1.wav"}
    before = list(places.texts(record))
    after = list(places.texts(places.renamed(record, moves)))
    assert after == [moves.get(text, text) for text in before]
    assert places.renamed(places.renamed(record, moves), {"/b/1.wav": "/a/1.wav"}) == record
