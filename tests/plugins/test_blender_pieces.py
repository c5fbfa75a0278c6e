"""Which strips of a sound are meant, and what has become of its picture: rules that need no Blender."""

from __future__ import annotations

import importlib
import sys
import types
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st


def _part(name: str) -> Any:
    """A module of the add-on's core, without the package around it, which needs Blender."""
    package = types.ModuleType("blender_addon_core")
    package.__path__ = [str(Path(__file__).parents[2] / "plugins" / "blender_addon" / "core")]
    sys.modules.setdefault(package.__name__, package)
    return importlib.import_module(f"{package.__name__}.{name}")


pieces, shown, marks, history = (_part(name) for name in ("pieces", "shown", "marks", "history"))


def piece(name: str, start: int = 0, channel: int = 2, heard: tuple[int, int] = (0, 96), **more: str) -> Any:
    known = {"owner": "", "layer": "", **more}
    return pieces.Piece(name, known["owner"], known["layer"], channel, start, *heard)


def names(found: list[Any]) -> list[str]:
    return sorted(one.name for one in found)


def test_halves_of_a_cut_are_one_copy_and_a_copy_is_another() -> None:
    left, right = piece("a", heard=(0, 40)), piece("a.001", heard=(40, 96))
    moved, above = piece("a.002", start=300), piece("a.003", channel=5, heard=(0, 40))
    there = [left, right, moved, above]
    assert names(pieces.of_copy(there, left)) == names(pieces.of_copy(there, right)) == ["a", "a.001"]
    assert names(pieces.of_copy(there, moved)) == ["a.002"]
    assert names(pieces.of_copy(there, above)) == ["a.003"]
    assert pieces.sounding_with(there, left) == [left]


@given(st.integers(-200, 200), st.integers(1, 4))
def test_layers_are_those_of_the_copy_that_is_meant(by: int, up: int) -> None:
    originals = [piece(f"{n}", channel=2 + n, layer=str(n)) for n in range(3)]
    copies = [
        one._replace(name=one.name + ".001", start=by, channel=one.channel + 3 * up) for one in originals
    ]
    there = [*copies, *originals]
    for group in (originals, copies):
        for one in group:
            assert names(pieces.sounding_with(there, one)) == names(group)
    lone = originals[0]._replace(name="lone", start=by + 300, channel=40)
    assert pieces.sounding_with([*there, lone], lone) == [lone]
    assert names(pieces.sounding_with([*there, lone], originals[1])) == names(originals)


def test_a_layer_that_was_pulled_by_a_few_frames_still_belongs_to_the_others() -> None:
    there = [piece("hits", layer="hits"), piece("bed", start=3, channel=3, layer="ambience")]
    assert names(pieces.sounding_with(there, there[0])) == ["bed", "hits"]


def test_what_was_asked_for_is_found_by_its_name_wherever_it_is() -> None:
    asked = piece("a.001", start=300)
    there = [piece("a"), piece("a.001", start=-50, channel=9)]
    assert names(pieces.meant(there, [asked], alone=False)) == ["a.001"]


@pytest.mark.parametrize("alone", [True, False])
def test_what_was_renamed_is_known_by_its_place(alone: bool) -> None:
    there = [piece("mine"), piece("mine.001", start=500)]
    assert names(pieces.meant(there, [piece("a")], alone)) == ["mine"]


def test_what_was_renamed_and_moved_is_known_only_where_there_was_no_other() -> None:
    there = [piece("mine", start=70), piece("mine.001", start=500)]
    assert names(pieces.meant(there, [piece("a")], alone=True)) == ["mine"]
    assert pieces.meant(there, [piece("a")], alone=False) == []


def test_what_is_cut_off_meanwhile_is_meant_and_the_other_half_of_an_earlier_cut_is_not() -> None:
    asked = piece("a", heard=(0, 40))
    there = [
        piece("a", start=7, heard=(0, 20)),
        piece("a.002", start=7, heard=(20, 40)),
        piece("renamed half", start=7, heard=(40, 96)),
        piece("copy", start=300, heard=(20, 40)),
    ]
    assert names(pieces.meant(there, [asked], alone=False)) == ["a", "a.002"]


WAS = shown.Shown("/a.mp4", "", "", Fraction(20), Fraction(80), Fraction(24))


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        (20, 80, ""),
        (19, 80, "Its picture is 1 frame longer."),
        (10, 90, "Its picture is 20 frames longer."),
        (10, 70, "Its picture was slipped by 10 frames."),
        (30, 90, "Its picture was slipped by 10 frames."),
        (30, 80, "Its picture is 10 frames shorter."),
        (30, 81, "Its picture is 1 frame longer."),
    ],
)
def test_what_became_of_a_picture_is_said(left: int, right: int, said: str) -> None:
    assert shown.said(WAS, WAS._replace(left=Fraction(left), right=Fraction(right))) == said


def test_all_that_became_of_a_picture_is_said_in_one_sentence() -> None:
    now = WAS._replace(film="/b.mp4", look="x", left=Fraction(0))
    said = "Its picture plays another film and looks different and is 20 frames longer."
    assert shown.said(WAS, now) == said
    assert (
        shown.said(WAS, now._replace(film="/a.mp4", time="y", look="")) == "Its picture is timed differently."
    )


_EDGES = st.integers(0, 100).flatmap(lambda left: st.tuples(st.just(left), st.integers(left + 1, 101)))


@given(_EDGES, _EDGES, _EDGES)
def test_ends_on_the_picture_s_ends_go_with_them_and_others_stay(
    heard: tuple[int, int], was: tuple[int, int], now: tuple[int, int]
) -> None:
    before = WAS._replace(left=Fraction(was[0]), right=Fraction(was[1]))
    after = WAS._replace(left=Fraction(now[0]), right=Fraction(now[1]))
    left, right = shown.followed((Fraction(heard[0]), Fraction(heard[1])), before, after)
    assert left < right
    wanted = [now[at] if heard[at] == was[at] else heard[at] for at in (0, 1)]
    if wanted[0] < wanted[1]:
        assert [left, right] == wanted
    else:
        assert (left, right) == now


def test_a_note_outlives_json_and_what_makes_no_sense_is_none() -> None:
    note = WAS._replace(origin=Fraction(-1, 3), names=("a", "b"))
    assert shown.Shown.of(note.plain()) == note
    for broken in (None, 7, "x", {}, {**note.plain(), "left": "x"}, {**note.plain(), "rate": "1/0"}):
        assert shown.Shown.of(broken) is None


STRETCH = marks.Stretch(100, 50, Fraction(0), Fraction(25))


def test_markers_are_told_apart_by_their_names() -> None:
    there = [(99, "Hit"), (100, "Hit 0.7"), (120, "F_30"), (121, "F_-3"), (149, ""), (150, "F_150")]
    there += [(130, "F_30b"), (110, "Hitch"), (111, "VFX")]
    found = marks.told_apart(there, STRETCH)
    assert (found.called, found.unnamed) == ([100], [120, 121, 149])
    assert found.frames == [100, 120, 121, 149]
    assert found.said() == [
        "4 hits: 1 called Hit, 3 without a name of their own.",
        "Left out: 'Hitch', 'VFX', 'F_30b'.",
    ]
    assert marks.told_apart([(100, "Hit")], STRETCH).said() == ["1 hit."]
    assert marks.told_apart([(100, "F_9")], STRETCH).said() == ["1 hit: 1 without a name of its own."]
    many = marks.told_apart([(100 + n, f"x{n}") for n in range(9)], STRETCH).said()
    assert many == ["0 hits.", "Left out: 'x0', 'x1', 'x2', 'x3', 'x4', 'x5', 3 more."]


def test_new_takes_are_added_to_the_list_of_a_strip_that_goes_on_as_it_was() -> None:
    def entry(number: int, path: str) -> dict[str, Any]:
        return {"number": number, "take": {"path": path, "stems": {}}, "prompt": path}

    record = {"strip": "u", "layer": "", **entry(2, "b"), "others": [entry(1, "a")]}
    new = {"strip": "u", "layer": "", **entry(1, "c"), "others": [entry(2, "d")]}
    joined = history.added(record, new)
    assert (joined["take"]["path"], joined["number"]) == ("b", 2)
    assert [(one["number"], one["take"]["path"]) for one in joined["others"]] == [
        (1, "a"),
        (3, "c"),
        (4, "d"),
    ]
