"""`foley sounds`: what is known, and each sound by itself, without a film and without a service."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile
import wavinfo

from foley_core.media.wav import read_record
from foley_core.timecode import SAMPLE_RATE
from tests.cli.conftest import Answer, Foley, run
from tests.films import Film

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def known() -> Answer:
    return run("sounds", "--json")


def test_the_list_has_each_sound_with_its_words_and_an_example(known: Answer) -> None:
    sounds = known.json["sounds"]
    assert len(sounds) >= 40
    assert len({sound["name"] for sound in sounds}) == len(sounds)
    assert {sound["layer"] for sound in sounds} == {"hits", "movement", "ambience"}
    assert all(sound["family"] and sound["words"] and sound["example"] for sound in sounds)


def test_the_list_has_the_modifiers_the_shoes_and_the_spaces(known: Answer) -> None:
    assert any("distant" in modifier["words"] for modifier in known.json["modifiers"])
    assert any("heels" in shoe["words"] for shoe in known.json["shoes"])
    assert any(space["name"] == "cathedral" for space in known.json["spaces"])


def test_people_read_the_same_list(known: Answer) -> None:
    printed = run("sounds").out
    assert all(sound["name"] in printed and sound["example"] in printed for sound in known.json["sounds"])


@pytest.mark.parametrize(("name", "seconds"), [("metal", "3"), ("cloth", "2.5"), ("rain", "7/2")])
def test_each_form_of_sound_can_be_heard(foley: Foley, tmp_path: Path, name: str, seconds: str) -> None:
    target = tmp_path / "sound.wav"
    answer = foley("sounds", "play", name, "-o", target, "--seconds", seconds)
    assert answer.out.split() == [str(target)]
    sound, rate = soundfile.read(target)
    length = {"3": 3.0, "2.5": 2.5, "7/2": 3.5}[seconds]
    assert (rate, len(sound)) == (SAMPLE_RATE, length * SAMPLE_RATE)
    assert 0.001 < np.abs(sound).max() < 1
    assert read_record(target)["sound"] == name


def test_hits_grow_stronger(foley: Foley, tmp_path: Path) -> None:
    foley("sounds", "play", "wood", "-o", tmp_path / "t.wav", "--seconds", "3.2")
    sound, _ = soundfile.read(tmp_path / "t.wav")
    peaks = np.abs(sound).reshape(4, -1).max(1)
    assert list(peaks) == sorted(peaks)
    assert peaks[-1] > 1.5 * peaks[0]


def test_the_same_seed_gives_the_same_file_and_another_seed_another(foley: Foley, tmp_path: Path) -> None:
    for name, seed in (("a", "4"), ("b", "4"), ("c", "5")):
        answer = foley("sounds", "play", "glass", "-o", tmp_path / f"{name}.wav", "--seed", seed, "--json")
        assert answer.json["seed"] == int(seed)
    one, same, other = ((tmp_path / f"{name}.wav").read_bytes() for name in "abc")
    assert one == same != other


def test_a_sound_bears_the_date_on_which_it_was_made(foley: Foley, tmp_path: Path) -> None:
    foley("sounds", "play", "glass", "-o", tmp_path / "t.wav")
    header = wavinfo.WavInfoReader(str(tmp_path / "t.wav"))
    made = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC)
    assert f"{header.bext.originator_date} {header.bext.originator_time}" == f"{made:%Y-%m-%d %H:%M:%S}"
    assert header.ixml.parsed.find("SPEED") is None


def test_a_sound_is_found_by_any_of_its_words(foley: Foley, tmp_path: Path) -> None:
    answer = foley("sounds", "play", "Drizzle", "-o", tmp_path / "t.wav", "--json")
    assert answer.json["sound"] == "rain"


def test_an_unknown_sound_is_told_with_the_nearest(foley: Foley, tmp_path: Path) -> None:
    answer = foley("sounds", "play", "thundr", "-o", tmp_path / "t.wav", "--json")
    error = answer.json["error"]
    assert (answer.code, error["code"]) == (1, "sound_unknown")
    assert error["hint"].startswith("Nearest: thunder. ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("prompt", "sounds"),
    [
        ("light rain on the window", ["rain (light)"]),
        ("boots on gravel, metal, distant thunder", ["boots on gravel", "metal", "thunder (distant)"]),
        ("a heavy box sliding over the floor in a cave", ["sliding (heavy)", "room tone"]),
        ("wind chime, rain", ["rain"]),
    ],
)
def test_a_whole_prompt_can_be_heard(foley: Foley, tmp_path: Path, prompt: str, sounds: list[str]) -> None:
    target = tmp_path / "sound.wav"
    answer = foley("sounds", "play", prompt, "-o", target, "--seconds", "4", "--json")
    assert (answer.code, answer.json["sound"], answer.json["sounds"]) == (0, prompt, sounds)
    assert answer.json["unknown_words"] == (["wind chime"] if "chime" in prompt else [])
    sound, rate = soundfile.read(target)
    assert (rate, len(sound)) == (SAMPLE_RATE, 4 * SAMPLE_RATE)
    assert 0.001 < np.abs(sound).max() <= 10 ** (-1 / 20) + 1e-4
    assert read_record(target)["sound"] == prompt


def test_a_prompt_with_hits_gets_a_few_of_each(foley: Foley, tmp_path: Path) -> None:
    foley("sounds", "play", "glass, boots on wood, no room tone", "-o", tmp_path / "t.wav", "--seconds", "4")
    sound, _ = soundfile.read(tmp_path / "t.wav")
    levels = [np.abs(part).max() for part in np.split(sound, 5)]
    assert min(levels) > 0.01


def test_what_is_not_understood_of_a_prompt_is_told(foley: Foley, tmp_path: Path) -> None:
    answer = foley("sounds", "play", "rain, a wind chime", "-o", tmp_path / "t.wav", "--seconds", "1")
    assert answer.err.startswith("Not understood: wind chime (`foley sounds` lists what is known).")
    assert answer.out.split() == [str(tmp_path / "t.wav")]


def test_a_prompt_is_explained_word_by_word(foley: Foley) -> None:
    explained = foley(
        "sounds", "explain", "Soft waves crashing on rocks, wind chime, in a cave", "--json"
    ).json
    words = {word["text"]: word for word in explained["words"]}
    assert (words["soft"]["means"], words["soft"]["of"], words["soft"]["effect"]) == (
        "how",
        ["sea"],
        "quieter",
    )
    assert (words["waves"]["means"], words["waves"]["kind"], words["waves"]["layer"]) == (
        "sound", "sea", "ambience",
    )  # fmt: skip
    assert (words["crashing"]["means"], words["rocks"]["means"]) == ("does", "place")
    assert (words["wind chime"]["means"], words["wind chime"]["nearest"]) == ("unknown", [])
    assert words["wind chime"]["why"] == "known, but there is no such sound here"
    assert (words["cave"]["means"], explained["space"]) == ("space", "cave")
    assert explained["unknown_words"] == ["wind chime"]
    assert [(sound["name"], sound["how"]) for sound in explained["sounds"]] == [("sea", ["soft"])]


def test_people_read_what_a_prompt_is_taken_for(foley: Foley) -> None:
    lines = foley("sounds", "explain", "heavy boots on gravel, no wind, wnd").out.splitlines()
    read = {line.split()[0]: line for line in lines if line}
    assert "footsteps on gravel: larger, a little louder" in read["heavy"]
    assert "footsteps on gravel (hits)" in read["gravel"]
    assert "not heard: wind" in read["wind"]
    assert "not understood; nearest: wind" in read["wnd"]
    assert "boots on gravel (heavy)" in read["hits"]


@pytest.mark.parametrize(
    ("prompt", "word", "said"),
    [
        (
            "the fridge opens",
            "fridge opens",
            'fridge: known as the sound "electric hum", but not what is done',
        ),
        ("a dog panting", "dog panting", 'dog: known as the sound "dogs", but not what it does'),
        ("a wind turbine", "wind turbine", "turbine: no such sound here; wind only describes it"),
        ("laughing", "laughing", "known, but there is no such sound here"),
        ("two men walk", "two", "footsteps on concrete: two people"),
        ("a man walks", "man", "footsteps on concrete (hits): one person"),
        ("slow steps", "slow", "footsteps on concrete: slower"),
        ("rain in a kitchen", "kitchen", "sounds as in a small room with hard walls"),
        ("distant rain", "distant", "rain: far away"),
        ("not too loud rain", "loud", "not changed by this"),
        ("not too loud rain", "not", "not changed by this"),
        ("an iron railing", "iron", "part of the same sound, metal"),
        ("rain, no music", "music", "not heard"),
    ],
)
def test_words_are_explained_as_an_editor_would(foley: Foley, prompt: str, word: str, said: str) -> None:
    lines = foley("sounds", "explain", prompt).out.splitlines()
    assert lines[0].split() == ["WORD", "TAKEN", "FOR"]
    (line,) = (line for line in lines if line.startswith(f"{word} "))
    assert line.removeprefix(word).strip().removeprefix("not heard; ").startswith(said)


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("wood, metal", "by where in the picture it is: from left to right wood, metal"),
        ("wood on the right, metal", "by where in the picture it is: from left to right metal, wood"),
        ("boots on gravel, wood", "boots on gravel in the lower half of the picture, wood in the upper"),
    ],
)
def test_it_is_told_how_several_hits_are_dealt_out(foley: Foley, prompt: str, said: str) -> None:
    assert said in foley("sounds", "explain", prompt).out
    assert foley("sounds", "explain", "wood, rain", "--json").json["dealt"] == ""


def test_a_prompt_of_which_nothing_is_left_says_so(foley: Foley) -> None:
    said = foley("sounds", "explain", "rain", "--negative", "rain").out
    assert "not heard: rain" in said
    assert "Nothing is left to hear." in said


def test_a_prompt_that_no_cue_may_have_is_not_explained(foley: Foley) -> None:
    answer = foley("sounds", "explain", "rain " * 500, "--json")
    assert (answer.code, answer.json["error"]["code"]) == (1, "bad_prompt")


def test_what_is_explained_is_what_is_played(foley: Foley) -> None:
    explained = foley("sounds", "explain", "rain, wood", "--negative", "rain", "--json").json
    assert [(sound["kind"], sound["named"]) for sound in explained["sounds"]] == [("wood", True)]


@pytest.mark.parametrize(
    ("target", "options", "code"),
    [
        ("t.mp3", [], 2),
        ("missing/t.wav", [], 1),
        ("folder.wav", [], 1),
        ("t.wav", ["--seconds", "0"], 1),
        ("t.wav", ["--seconds", "601"], 1),
        ("t.wav", ["--seconds", "long"], 2),
        ("t.wav", ["--seed", "-1"], 2),
    ],
)
def test_what_cannot_be_done_is_one_clear_error_and_nothing_is_written(
    foley: Foley, tmp_path: Path, target: str, options: list[str], code: int
) -> None:
    (tmp_path / "folder.wav").mkdir()
    answer = foley("sounds", "play", "wood", "-o", tmp_path / target, *options)
    assert (answer.code, answer.out) == (code, "")
    assert answer.err.startswith("Error: ")
    assert "Traceback" not in answer.err
    assert [path.name for path in tmp_path.iterdir()] == ["folder.wav"]


def test_unknown_words_of_a_prompt_are_answered_with_the_nearest(
    foley: Foley, film: Film, tmp_path: Path
) -> None:
    arguments = ("generate", film.path, "-p", "wood, thundr", "-o", tmp_path / "t.wav", "--seed", "1")
    assert "thundr (nearest: thunder)" in foley(*arguments).err
    take = foley(*arguments, "--force", "--json").json["takes"][0]
    assert take["unknown_words"] == ["thundr"]
    assert take["near_words"] == {"thundr": ["thunder"]}
