"""The rules of the Blender add-on that need no Blender: exact rates, ranges, channels, names."""

from __future__ import annotations

import importlib
import json
import sys
import types
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foley_core.cue import MAX_SEED
from foley_core.timecode import sample_at


def _part(name: str) -> Any:
    """A module of the add-on's core, without the package around it, which needs Blender."""
    package = types.ModuleType("blender_addon_core")
    package.__path__ = [str(Path(__file__).parents[2] / "plugins" / "blender_addon" / "core")]
    sys.modules.setdefault(package.__name__, package)
    return importlib.import_module(f"{package.__name__}.{name}")


rates, placing, problem = _part("rates"), _part("placing"), _part("problem")
wishes, history = _part("wishes"), _part("history")


@pytest.mark.parametrize(
    ("fps", "base", "exact"),
    [
        (24, 1, "24"),
        (25, 1, "25"),
        (24, 1.001, "24000/1001"),
        (30, 1.001, "30000/1001"),
        (60, 1.001, "60000/1001"),
        (3, 0.1001, "30000/1001"),
        (2997, 100, "30000/1001"),
        (5, 0.2, "25"),
        (12.5, 1, "25/2"),
    ],
)
def test_a_rate_is_the_exact_one_that_blender_s_floats_stand_for(fps: float, base: float, exact: str) -> None:
    assert rates.exact_rate(fps, float(np.float32(base))) == Fraction(exact)


@given(st.integers(1, 240), st.booleans(), st.sampled_from([1.0, 0.1, 10.0]))
def test_every_whole_rate_and_its_ntsc_partner_are_known(whole: int, ntsc: bool, scale: float) -> None:
    exact = Fraction(whole * 1000, 1001) if ntsc else Fraction(whole)
    base = scale * 1.001 if ntsc else scale
    assert rates.exact_rate(whole * scale, float(np.float32(base))) == exact


@given(st.integers(0, 10_000_000), st.integers(1, 100_000), st.sampled_from(["24", "25", "30000/1001"]))
def test_a_take_is_as_many_frames_long_as_its_clip(offset: int, frames: int, rate: str) -> None:
    first, last = rates.media_range(float(offset), frames, Fraction(rate))
    samples = sample_at(last) - sample_at(first)
    assert round(samples / (48_000 / Fraction(rate))) == frames


def test_a_film_at_another_rate_is_told_from_one_shown_frame_by_frame() -> None:
    ntsc = Fraction(30000, 1001)
    assert rates.runs_in_real_time(Fraction(24), Fraction(24), 96, 96)
    assert rates.runs_in_real_time(Fraction(24), ntsc, 240, 300)
    assert not rates.runs_in_real_time(Fraction(24), ntsc, 300, 300)


@st.composite
def channels(draw: st.DrawFn) -> list[Any]:
    spans = st.builds(
        lambda start, length: range(start, start + length), st.integers(0, 90), st.integers(1, 30)
    )
    names = st.sampled_from(["", "Channel 7", "Foley", "Music"])
    return [
        placing.Channel(
            number, draw(names), draw(st.booleans()), draw(st.booleans()), draw(st.lists(spans, max_size=3))
        )
        for number in range(1, draw(st.integers(1, 12)))
    ]


@given(channels(), st.integers(0, 12), st.integers(0, 90), st.integers(1, 30))
def test_a_take_never_lies_on_anything_nor_where_it_cannot_be_heard(
    there: list[Any], above: int, start: int, length: int
) -> None:
    span = range(start, start + length)
    fit = [
        channel
        for channel in there
        if channel.number > above
        and not channel.lock
        and not channel.mute
        and not any(set(span) & set(taken) for taken in channel.taken)
    ]
    if not fit:
        with pytest.raises(problem.Problem) as error:
            placing.pick_channel(there, above, span)
        assert error.value.code == "no_channel"
        return
    picked = placing.pick_channel(there, above, span)
    assert picked in fit
    if any(channel.name == "Foley" for channel in fit):
        assert picked.name == "Foley"


@given(channels(), st.integers(0, 90), st.integers(1, 30))
def test_a_new_channel_holds_nothing_and_a_layer_s_own_channel_comes_first(
    there: list[Any], start: int, length: int
) -> None:
    span = range(start, start + length)
    fit = [channel for channel in there if not (channel.lock or channel.mute or channel.taken)]
    new = [channel for channel in fit if channel.name != "Foley"]
    if new:
        assert placing.pick_channel(there, 0, span, None) in new
    else:
        with pytest.raises(problem.Problem):
            placing.pick_channel(there, 0, span, None)
    own = placing.Channel(99, placing.layer_channel("hits"), False, False, [])
    assert placing.pick_channel([*there, own], 0, span, own.name) == own
    if any(channel.name in ("", "Channel 7") for channel in fit):
        assert not placing.pick_channel(there, 0, span, own.name).taken


def test_a_picture_is_found_by_uid_then_by_name() -> None:
    wanted = placing.StripIdentity("u", "clip", "/a.mp4")
    copy = placing.StripIdentity("u", "clip.001", "/a.mp4")
    undone = placing.StripIdentity("", "clip", "/a.mp4")
    other = placing.StripIdentity("", "clip", "/b.mp4")
    assert placing.find_picture([copy, wanted], wanted, same_file=False) == 1
    assert placing.find_picture([other, copy], wanted, same_file=False) == 1
    assert placing.find_picture([other, undone], wanted, same_file=True) == 1
    assert placing.find_picture([other, undone], wanted, same_file=False) is None
    assert placing.find_picture([], wanted, same_file=True) is None


def test_names_are_short_and_safe() -> None:
    assert placing.strip_name("  boots \n on gravel ") == "boots on gravel"
    assert placing.strip_name("") == "Foley"
    for letter in "a雨🎬":
        assert 44 < len(placing.strip_name(letter * 500).encode()) <= 48
    assert placing.file_stem("../Boots & gravel: ÄÖ?", "0123456789ab") == "boots-gravel-01234567"
    assert placing.file_stem("雨", "0123456789ab") == "foley-01234567"


@given(st.text(max_size=200))
def test_no_prompt_makes_a_file_name_that_a_system_refuses(prompt: str) -> None:
    name = placing.file_stem(prompt, "0123456789ab")
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert len(name) < 50


def test_a_seed_is_a_number_that_the_service_takes() -> None:
    assert wishes.MAX_SEED == MAX_SEED
    assert wishes.read_seed("  ") is None
    assert wishes.read_seed(str(MAX_SEED)) == MAX_SEED
    for text in (str(MAX_SEED + 1), "-1", "1e3", "seven", "٣"):
        with pytest.raises(problem.Problem):
            wishes.read_seed(text)


def test_a_strip_s_name_follows_its_take_unless_the_user_has_named_it() -> None:
    assert placing.renamed("wood", "wood", "metal") == "metal"
    assert placing.renamed("wood (hits).002", "wood (hits)", "metal (hits)") == "metal (hits)"
    assert placing.renamed("wood, loud", "wood", "metal") == "wood, loud"
    assert placing.renamed("Dr.001", "Dr. Who", "metal") == "metal"
    assert placing.strip_name("wood", "hits") == "wood (hits)"


def test_the_metadata_keeps_the_seed_as_text() -> None:
    wished = wishes.Wishes("wood", seed=None)
    kept = json.loads(
        history.text(history.written("job", "uid", wished, [{"seed": MAX_SEED, "path": "/t.wav"}]))
    )
    assert kept["seed"] == str(MAX_SEED)
    assert (kept["prompt"], kept["job"], kept["strip"]) == ("wood", "job", "uid")
    assert kept["take"]["path"] == "/t.wav"


def _take(path: str) -> dict[str, Any]:
    stems = {layer: f"{path}-{layer}" for layer in ("hits", "ambience")}
    cue = {"media": "/film.mp4", "in": "0", "out": "2"}
    return {"path": path, "seed": 7, "stems": stems, "start_exact": "-1/2", "cue": cue}


@given(st.lists(st.tuples(st.sampled_from(["renew", "choose", "forget"]), st.integers(1, 3)), max_size=8))
def test_a_record_never_loses_a_take_and_always_plays_one(steps: list[tuple[str, int]]) -> None:
    made = iter(range(1_000))

    def new(count: int) -> Any:
        takes = [_take(f"/{next(made)}.wav") for _ in range(count)]
        return history.written("job", "uid", wishes.Wishes("wood"), takes, hits=[Fraction(1, 3)])

    record = dict(new(2), layer="hits")
    known = {"/0.wav", "/1.wav"}
    for step, count in steps:
        before = history.text(record)
        others = [entry["take"]["path"] for entry in record["others"]]
        if step == "renew":
            later = history.renewed(record, new(count))
            known |= {entry["take"]["path"] for entry in history.entries(later)}
        elif not others:
            continue
        elif step == "choose":
            later = history.chosen(record, others[-1])
            assert later["take"]["path"] == others[-1]
        else:
            later = history.without(record, others[0])
            known.remove(others[0])
        assert history.text(record) == before
        record = later
        listed = history.entries(record)
        assert {entry["take"]["path"] for entry in listed} == known
        numbers = [entry["number"] for entry in listed]
        assert numbers == sorted(set(numbers))
        assert (record["strip"], record["layer"]) == ("uid", "hits")
        assert history.of({"foley_meta": history.text(record)}) == record
    assert history.part(record) == record["take"]["path"] + "-hits"
    assert history.hits_of(record) == [Fraction(1, 3)]
    assert wishes.Wishes.of(record).prompt == "wood"


@pytest.mark.parametrize("kept", ["", "{", "[]", "null", "7", '{"take": 3}', '{"prompt": "x"}', 12])
def test_what_is_no_record_of_ours_is_none(kept: Any) -> None:
    assert history.of({"foley_meta": kept}) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("alignment", "dream"),
        ("alignment", 3),
        ("place", "moon"),
        ("place", ["new"]),
        ("layers", ["smells"]),
        ("layers", 7),
        ("layers", None),
        ("seed", "many"),
        ("seed", str(2**40)),
        ("seed", [1]),
        ("takes", 0),
        ("takes", 99),
        ("takes", "two"),
        ("takes", True),
        ("engine", None),
        ("prompt", 7),
        ("negative", None),
        ("loudness", 3.0),
        ("loudness", "loud"),
        ("handles", -1),
        ("handles", None),
        ("handles", float("nan")),
    ],
)
def test_a_wish_that_makes_no_sense_here_is_as_usual_and_the_others_are_kept(name: str, value: Any) -> None:
    asked = wishes.Wishes("wood", "wind", ("hits",), 7, 2, "procedural", "snap", -23.0, 0.5, "layers")
    found = wishes.Wishes.of({**asked.plain(), name: value})
    assert found == asked._replace(**{name: getattr(wishes.Wishes(), name)})


def test_layers_of_a_newer_version_are_left_out() -> None:
    assert wishes.Wishes.of({"layers": ["smells", "ambience", "hits"]}).layers == ("hits", "ambience")


def test_the_engine_is_named_only_where_the_user_chose_one() -> None:
    span = Fraction(0), Fraction(1)
    assert "engine" not in wishes.Wishes().cue("/film.mp4", span, Fraction(24))
    assert wishes.Wishes(engine="hunyuan").cue("/film.mp4", span, Fraction(24))["engine"] == "hunyuan"


def test_a_take_that_is_not_there_cannot_be_chosen() -> None:
    record = history.written("job", "uid", wishes.Wishes(), [_take("/a.wav")])
    with pytest.raises(problem.Problem):
        history.chosen(record, "/b.wav")
    with pytest.raises(problem.Problem):
        history.other(record, 0)


def test_the_limits_are_those_that_the_backend_tells() -> None:
    from backend.service.abilities import LIMITS

    assert wishes.LIMITS["seed"][:2] == (0, LIMITS.seed)
    assert wishes.LIMITS["takes"][:2] == (1, LIMITS.takes)
    assert wishes.LIMITS["loudness"][:2] == LIMITS.loudness
    assert wishes.LIMITS["handles"][:2] == (0, LIMITS.handles_s)
    assert LIMITS.layers == wishes.LAYERS
