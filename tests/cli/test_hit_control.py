"""Which of the impacts seen are sounded, as the user wants it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import wavinfo

from tests.cli.conftest import ROOT, Foley
from tests.films import Film

DEMO = ROOT / "installers" / "demo" / "demo.mp4"


def test_only_impacts_that_are_strong_and_sure_enough_are_detected_and_sounded(
    foley: Foley, tmp_path: Path
) -> None:
    everything = foley("detect", DEMO, "--json").json["impacts"]
    sure = sorted(one["sure"] for one in everything)[2] + 0.001
    limits = ("--min-strength", "0.4", "--min-sure", f"{sure:.4f}")
    wanted = [one["time"] for one in everything if one["strength"] >= 0.4 and one["sure"] >= sure]
    assert 0 < len(wanted) < len(everything)
    assert [one["time"] for one in foley("detect", DEMO, *limits, "--json").json["impacts"]] == wanted
    made = foley("generate", DEMO, "-p", "wood", "-o", tmp_path / "t.wav", *limits, "--json").json
    (take,) = made["takes"]
    assert [impact["time"] for impact in take["impacts"]] == wanted
    assert (take["cue"]["min_strength"], take["cue"]["min_sure"]) == (0.4, pytest.approx(sure, abs=1e-4))


@pytest.mark.parametrize("option", ["--min-sure", "--min-strength"])
@pytest.mark.parametrize("value", ["-0.1", "1.01", "loud"])
def test_a_threshold_that_is_no_share_is_a_wrong_usage(foley: Foley, option: str, value: str) -> None:
    answer = foley("detect", DEMO, option, value)
    assert answer.code == 2
    assert option in answer.err


def hits_of(take: dict[str, Any]) -> list[tuple[float, str, float]]:
    return [(impact["time"], impact["sound"], impact["strength"]) for impact in take["impacts"]]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hits.csv", "time,sound,strength,x,y\n0.5,glass,1,0,\n36f,,,,\n00:00:03:00,metal,0.25,,1\n"),
        ("semicolons.csv", "\ufeffsound;time;strength;layer\nglass;0.5;1,0;\n;36f;;\nmetal;3;0,25;hits\n"),
        (
            "hits.json",
            '[{"time": 0.5, "sound": "glass", "strength": 1}, "36f",'
            ' {"time": "3", "sound": "metal", "strength": 0.25}]',
        ),
        (
            "detected.json",
            '{"impacts": [{"time": "0.5", "sound": "glass", "strength": 1}, {"time": "36f"},'
            ' {"time": 3, "sound": "metal", "strength": 0.25, "sure": 0.1}]}',
        ),
    ],
)
def test_a_file_says_when_what_and_how_strong(
    name: str, text: str, foley: Foley, film: Film, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    typed = ("-p", "wood", "--hits", tmp_path / name, "--seed", "1", "--layers", "hits", "--json")
    (take,) = foley("generate", film.path, "-o", tmp_path / "t.wav", *typed).json["takes"]
    assert hits_of(take) == [(0.5, "glass", 1.0), (1.5, "wood", 0.7), (3.0, "metal", 0.25)]
    sound, rate = soundfile.read(tmp_path / "t.wav")
    assert np.abs(sound[: rate // 2]).max() == 0
    assert np.abs(sound[rate // 2 : rate // 2 + 4_800]).max() > 0.1


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("none.csv", "when,what\n1,wood\n", "no column `time`"),
        ("empty.csv", "", "no column `time`"),
        ("place.csv", "time,layer\n1,music\n", "place.csv, hit 1: 'music' is no layer"),
        ("wide.csv", "time,size\n1,2\n", "wide.csv, hit 1, size: '2' is no number from 0 to 1"),
        ("late.csv", "time\n99\n", "outside the range"),
        ("loud.csv", "time,strength\n1,2\n", "loud.csv, hit 1, strength: '2' is no number from 0 to 1"),
        ("odd.csv", "time\n1\nsoon\n", "odd.csv, hit 2: Cannot read the time 'soon'"),
        ("marks.edl", "TITLE: x\n", "an EDL holds markers"),
        ("gap.csv", "time,sound\n1,\n,glass\n", "gap.csv, hit 2: it has no time"),
        ("not.json", "{", "not.json"),
        ("dict.json", '{"hits": 1}', "no list of hits"),
        ("null.json", "[null]", "hit 1: it has no time"),
    ],
)
def test_a_file_that_makes_no_sense_is_told_with_its_place(
    name: str, text: str, said: str, foley: Foley, film: Film, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text)
    answer = foley("generate", film.path, "-p", "wood", "-o", tmp_path / "t.wav", "--hits", tmp_path / name)
    assert answer.code == 2
    assert said in answer.err
    assert not (tmp_path / "t.wav").exists()


def test_a_file_that_is_not_there_is_told_as_that(foley: Foley, film: Film, tmp_path: Path) -> None:
    answer = foley("generate", film.path, "-p", "wood", "-o", tmp_path / "t.wav", "--hits", "none.csv")
    assert "There are no hits in none.csv" in answer.err
    assert "UTF-8" not in answer.err


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("timecode;sound\n00:00:00:12;glass\n00:00:03:00;\n", [0.5, 3.0]),
        ("time,timecode\n,00:00:00:12\n1.5,00:00:03:00\n", [0.5, 1.5]),
        ("time;sound\n0,5;glass\n1,25;\n", [0.5, 1.25]),
    ],
)
def test_a_timecode_counts_where_there_is_no_time_and_a_decimal_comma_is_read(
    text: str, times: list[float], foley: Foley, film: Film, tmp_path: Path
) -> None:
    (tmp_path / "hits.csv").write_text(text)
    typed = ("-p", "wood", "--hits", tmp_path / "hits.csv", "--json")
    (take,) = foley("generate", film.path, "-o", tmp_path / "t.wav", *typed).json["takes"]
    assert [time for time, _sound, _strength in hits_of(take)] == pytest.approx(times)


def test_of_a_file_of_the_whole_film_a_range_takes_its_own(foley: Foley, film: Film, tmp_path: Path) -> None:
    (tmp_path / "hits.csv").write_text("time,sound\n0.5,\n1.5,glass\n3,\n")
    typed = ("-p", "wood", "--hits", tmp_path / "hits.csv", "--in", "1", "--out", "2", "--json")
    answer = foley("generate", film.path, "-o", tmp_path / "t.wav", *typed)
    assert [(time, sound) for time, sound, _ in hits_of(answer.json["takes"][0])] == [(1.5, "glass")]
    assert "2 of 3 hits in hits.csv lie outside the range" in answer.err


def test_what_was_detected_may_be_edited_and_sounded(tmp_path: Path, foley: Foley) -> None:
    for ending in (".csv", ".json"):
        file = tmp_path / f"hits{ending}"
        impacts = foley("detect", DEMO, "-o", file, "--json").json["impacts"]
        typed = ("-p", "wood", "--hits", file, "--seed", "1", "--json")
        (take,) = foley("generate", DEMO, "-o", tmp_path / f"t{ending}.wav", *typed).json["takes"]
        assert [hit[0] for hit in hits_of(take)] == pytest.approx([one["time"] for one in impacts], abs=1e-6)
        assert [hit[2] for hit in hits_of(take)] == [one["strength"] for one in impacts]


def test_a_hit_lies_in_the_stem_of_the_layer_that_it_names(foley: Foley, film: Film, tmp_path: Path) -> None:
    (tmp_path / "hits.csv").write_text("time,sound,layer\n0.5,glass,movement\n1,,\n2,metal,ambience\n")
    typed = ("-p", "wood", "--hits", tmp_path / "hits.csv", "--stems", "--seed", "1", "--json")
    (take,) = foley("generate", film.path, "-o", tmp_path / "t.wav", *typed).json["takes"]
    assert [(hit["sound"], hit.get("layer")) for hit in take["impacts"]] == [
        ("glass", "movement"), ("wood", None), ("metal", "ambience"),
    ]  # fmt: skip
    assert [hit.get("layer") for hit in take["cue"]["hit_list"]] == ["movement", None, "ambience"]
    at = {"movement": 24_000, "hits": 48_000, "ambience": 96_000}
    for layer, sample in at.items():
        sound = np.abs(soundfile.read(take["stems"][layer])[0]).max(axis=1)
        assert sound[sample : sample + 4_800].max() > 0.05 + 3 * sound[:sample].max()
        cues = wavinfo.WavInfoReader(take["stems"][layer]).cues.cues
        assert [cue.sample_offset for cue in cues] == [sample]
    mix = soundfile.read(tmp_path / "t.wav", dtype="float64")[0]
    parts = sum(soundfile.read(path, dtype="float64")[0] for path in take["stems"].values())
    assert np.abs(parts - mix).max() <= 2 / 2**23


def test_a_hit_in_a_layer_that_is_not_made_is_refused(foley: Foley, film: Film, tmp_path: Path) -> None:
    (tmp_path / "hits.csv").write_text("time,layer\n0.5,movement\n")
    typed = ("-p", "wood", "--hits", tmp_path / "hits.csv", "--layers", "hits,ambience", "--json")
    error = foley("generate", film.path, "-o", tmp_path / "t.wav", *typed).json["error"]
    assert (error["code"], "movement, which is not made" in error["message"]) == ("bad_cue", True)


def test_words_of_a_hit_that_are_not_known_are_told(foley: Foley, film: Film, tmp_path: Path) -> None:
    (tmp_path / "hits.csv").write_text("time,sound\n0.5,theremin\n1,glass\n")
    typed = ("-p", "wood, kazoo", "--hits", tmp_path / "hits.csv", "--layers", "hits", "--json")
    (take,) = foley("generate", film.path, "-o", tmp_path / "t.wav", *typed).json["takes"]
    assert [sound for _time, sound, _strength in hits_of(take)] == ["knock", "glass"]
    assert take["unknown_words"] == ["kazoo", "theremin"]
    assert set(take["near_words"]) == {"kazoo", "theremin"}


@pytest.mark.parametrize("threshold", ["--min-sure", "--min-strength"])
def test_a_threshold_beside_the_users_own_hits_is_a_wrong_usage(
    threshold: str, foley: Foley, film: Film, tmp_path: Path
) -> None:
    typed = ("-p", "wood", "--hits", "1", threshold, "0", "-o", tmp_path / "t.wav")
    answer = foley("generate", film.path, *typed)
    assert answer.code == 2
    assert "--hits overrules" in answer.err


def test_hits_are_written_to_a_csv_or_json_alone(foley: Foley, tmp_path: Path) -> None:
    answer = foley("detect", DEMO, "-o", tmp_path / "hits.txt")
    assert answer.code == 2
    assert ".csv, .json or .edl" in answer.err
    assert not list(tmp_path.glob("hits*"))
