"""The cue: what it accepts, and how it travels."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foley_core.cue import LAYERS, Cue, WantedHit, check, decode_hook, encode, plain
from foley_core.errors import BadPrompt, BadRange, CueError
from foley_core.neural_settings import NeuralSettings

exact_times = st.fractions(min_value=0, max_value=100_000, max_denominator=60_000)


@given(
    st.builds(
        Cue,
        media=st.text(min_size=1),
        prompt=st.text(max_size=100),
        in_point=exact_times,
        out_point=st.none() | exact_times,
        hits=st.none() | st.lists(exact_times).map(tuple),
        seed=st.none() | st.integers(0, 2**32 - 1),
        handles=exact_times,
        layers=st.permutations(LAYERS).map(tuple),
        alignment=st.sampled_from([None, "off", "report", "snap"]),
        neural=st.builds(
            NeuralSettings,
            model=st.sampled_from(["", "xl", "xxl"]),
            guidance=st.floats(0, 30),
            guided=st.tuples(st.floats(0, 0.5), st.floats(0.5, 1)),
        ),
    )
)
def test_a_cue_survives_the_wire_with_its_times_exact(cue: Cue) -> None:
    decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(Cue, dec_hook=decode_hook)
    assert decoder.decode(encode(cue)) == cue


def test_what_came_later_and_is_not_asked_for_is_in_no_record_and_no_key() -> None:
    later = {"hit_list", "min_sure", "min_strength", "mono", "width"}
    assert later.isdisjoint(plain(Cue(media="/film.mp4")))
    asked = Cue(media="/film.mp4", hit_list=(WantedHit(time=Fraction(1)),), min_sure=0.0)
    (hit,) = plain(asked)["hit_list"]
    assert hit == {"time": "1/1", "sound": "", "strength": None, "x": None, "y": None}
    assert msgspec.json.decode(encode(asked), type=Cue, dec_hook=decode_hook) == asked


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"media": ""}, CueError),
        ({"hits": (), "hit_list": ()}, CueError),
        ({"hit_list": (WantedHit(time=Fraction(1), strength=1.1),)}, CueError),
        ({"hit_list": (WantedHit(time=Fraction(1), x=float("nan")),)}, CueError),
        ({"hit_list": (WantedHit(time=Fraction(1), sound="w\x00"),)}, BadPrompt),
        ({"hit_list": (WantedHit(time=Fraction(1), size=-0.1),)}, CueError),
        ({"hit_list": (WantedHit(time=Fraction(1), layer="hits"),), "layers": ("movement",)}, CueError),
        ({"width": float("nan")}, CueError),
        ({"min_sure": -0.1}, CueError),
        ({"min_sure": float("nan")}, CueError),
        ({"min_strength": 1.1}, CueError),
        ({"neural": NeuralSettings(steps=0)}, CueError),
        ({"neural": NeuralSettings(steps=1_001)}, CueError),
        ({"neural": NeuralSettings(guidance=-0.1)}, CueError),
        ({"neural": NeuralSettings(guidance=float("nan"))}, CueError),
        ({"neural": NeuralSettings(guided=(0.6, 0.5))}, CueError),
        ({"neural": NeuralSettings(guided=(0.0, 1.1))}, CueError),
        ({"neural": NeuralSettings(block_cache=1.0)}, CueError),
        ({"media": "/film\0.mp4"}, CueError),
        ({"prompt": "x" * 100_000}, BadPrompt),
        ({"prompt": "rain\x00"}, BadPrompt),
        ({"prompt": "rain\x1b[31m"}, BadPrompt),
        ({"prompt": "\u202egnp.niar"}, BadPrompt),
        ({"negative": "music\x07"}, BadPrompt),
        ({"in_point": Fraction(-1)}, BadRange),
        ({"in_point": Fraction(5), "out_point": Fraction(5)}, BadRange),
        ({"in_point": Fraction(5), "out_point": Fraction(4)}, BadRange),
        ({"handles": Fraction(-1)}, BadRange),
        ({"handles": Fraction(61)}, BadRange),
        ({"layers": ()}, CueError),
        ({"layers": ("hits", "hits")}, CueError),
        ({"seed": -1}, CueError),
        ({"seed": 2**32}, CueError),
        ({"takes": 0}, CueError),
        ({"takes": 33}, CueError),
        ({"loudness": 3.0}, CueError),
        ({"loudness": float("nan")}, CueError),
        ({"hits": (Fraction(1),) * 100_001}, CueError),
        ({"batch": "b" * 201}, CueError),
    ],
)
def test_a_value_that_makes_no_sense_is_one_error_with_a_hint(
    changes: dict[str, Any], error: type[CueError]
) -> None:
    with pytest.raises(error) as caught:
        check(Cue(**({"media": "/film.mp4"} | changes)))
    assert caught.value.code == error.code
    assert caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("prompt", ["", "rain\nthunder\tdistant", "雨と雷", "🥾 on gravel", "x" * 2_000])
def test_any_ordinary_text_is_a_prompt(prompt: str) -> None:
    check(Cue(media="/film.mp4", prompt=prompt))


def test_a_list_of_hits_that_is_null_is_none_as_the_version_before_wrote_it() -> None:
    found = msgspec.json.decode(b'{"media": "/f.mp4", "hit_list": null}', type=Cue, dec_hook=decode_hook)
    assert found == Cue(media="/f.mp4")
    assert b"hit_list" not in encode(found)
