"""`foley generate`: takes that lie where they belong, by the real service."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile
import wavinfo

from foley_core.timecode import TimecodeFormat, exact, sample_at
from tests.cli.conftest import Foley
from tests.films import Film
from tests.picture.strikes import struck_film
from tests.report.pages import page_of
from tests.timecoded import with_timecode


def clicks(path: Path) -> list[int]:
    """The samples that are not silent."""
    sound, rate = soundfile.read(path, dtype="float32")
    assert rate == 48_000
    return [int(sample) for sample in np.flatnonzero(np.abs(sound[:, 0]) > 0.1)]


def test_a_take_has_its_clicks_on_the_very_sample_of_the_flashes(
    foley: Foley, film: Film, tmp_path: Path
) -> None:
    out = tmp_path / "take.wav"
    answer = foley("generate", film.path, "-p", "click", "-o", out, "--engine", "impulse", "--json")
    assert answer.code == 0, answer.err
    (take,) = answer.json["takes"]
    assert Path(take["path"]) == out
    assert (take["samples"], take["sample_rate"], take["start_exact"]) == (4 * 48_000, 48_000, "0/1")
    assert clicks(out) == [sample_at(time) for time in film.flashes]


@pytest.mark.parametrize(
    ("start", "end"),
    [("1", "3"), ("24f", "72f"), ("00:00:01:00", "00:00:03:00"), ("1.0", "71.5f")],
)
def test_a_range_can_be_typed_in_seconds_frames_or_timecode(
    foley: Foley, film: Film, tmp_path: Path, start: str, end: str
) -> None:
    arguments = ["-p", "click", "-o", tmp_path / "take.wav", "--engine", "impulse", "--json"]
    answer = foley("generate", film.path, *arguments, "--in", start, "--out", end)
    if end == "71.5f":
        assert answer.code == 2
        assert answer.json["error"]["code"] == "usage"
        return
    (take,) = answer.json["takes"]
    assert take["samples"] == 2 * 48_000
    assert exact(take["start_exact"]) == 1
    assert clicks(tmp_path / "take.wav") == [sample_at(t) - 48_000 for t in film.flashes if 1 <= t < 3]


def test_an_out_point_one_frame_past_the_end_is_clamped(foley: Foley, film: Film, tmp_path: Path) -> None:
    arguments = ["-p", "click", "-o", tmp_path / "take.wav", "--engine", "impulse", "--json"]
    assert foley("generate", film.path, *arguments, "--out", "97f").json["takes"][0]["samples"] == 4 * 48_000
    answer = foley("generate", film.path, *arguments, "--force", "--out", "98f")
    assert answer.code == 1
    assert answer.json["error"]["code"] == "bad_range"


def test_handles_lie_before_and_after_the_cue(foley: Foley, film: Film, tmp_path: Path) -> None:
    out = tmp_path / "take.wav"
    range_and_handles = ["--in", "1", "--out", "3", "--handles", "0.75"]
    answer = foley(
        "generate", film.path, "-p", "x", "-o", out, "--engine", "impulse", "--json", *range_and_handles
    )
    (take,) = answer.json["takes"]
    assert (take["head"], take["tail"], take["samples"]) == (36_000, 36_000, 168_000)
    assert take["time_reference"] == 12_000
    assert exact(take["start_exact"]) == Fraction(1, 4)
    assert clicks(out) == [sample_at(time) - 12_000 for time in film.flashes]


def test_hits_given_take_the_place_of_what_was_seen(foley: Foley, film: Film, tmp_path: Path) -> None:
    out = tmp_path / "take.wav"
    answer = foley(
        "generate", film.path, "-p", "wood", "-o", out, "--hits", "0.5,36f", "--json", "--seed", "1"
    )
    (take,) = answer.json["takes"]
    assert [impact["time"] for impact in take["impacts"]] == [0.5, 1.5]
    assert [impact["sample"] for impact in take["impacts"]] == [24_000, 72_000]
    assert all(impact["sound"] for impact in take["impacts"])


def test_takes_are_numbered_and_their_seeds_count_up(foley: Foley, film: Film, tmp_path: Path) -> None:
    answer = foley(
        "generate", film.path, "-p", "rain", "-o", tmp_path / "t.wav", "--takes", "3", "--seed", "7", "--json"
    )
    takes = answer.json["takes"]
    assert [Path(take["path"]).name for take in takes] == ["t-1.wav", "t-2.wav", "t-3.wav"]
    assert [take["seed"] for take in takes] == [7, 8, 9]
    assert len({Path(take["path"]).read_bytes() for take in takes}) == 3


def test_a_seed_is_drawn_reported_and_repeats_the_take_to_the_bit(
    foley: Foley, film: Film, tmp_path: Path
) -> None:
    first = foley("generate", film.path, "-p", "rain", "-o", tmp_path / "a.wav", "--json").json["takes"][0]
    foley("cache", "clear")
    foley("generate", film.path, "-p", "rain", "-o", tmp_path / "b.wav", "--seed", str(first["seed"]))
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes()


def test_another_prompt_for_the_same_stretch_decodes_no_frame(
    foley: Foley, film: Film, tmp_path: Path
) -> None:
    first = foley("generate", film.path, "-p", "wood", "-o", tmp_path / "a.wav", "--json").json["takes"][0]
    second = foley("generate", film.path, "-p", "metal", "-o", tmp_path / "b.wav", "--json").json["takes"][0]
    assert first["decoded_frames"] == len(film.times)
    assert second["decoded_frames"] == 0
    assert not second["cached"]


def test_stems_add_up_to_the_take(foley: Foley, film: Film, tmp_path: Path) -> None:
    out = tmp_path / "take.wav"
    hits = ["--hits", "1,2,3"]
    answer = foley("generate", film.path, "-p", "metal, rain", "-o", out, "--stems", "--json", *hits)
    stems = answer.json["takes"][0]["stems"]
    assert {Path(path).name for path in stems.values()} == {
        "take-hits.wav", "take-movement.wav", "take-ambience.wav",
    }  # fmt: skip
    parts = sum(soundfile.read(path, dtype="float64")[0] for path in stems.values())
    mix, _rate = soundfile.read(out, dtype="float64")
    assert np.abs(parts - mix).max() <= 2 / 2**23


@pytest.mark.parametrize(("bits", "subtype"), [("16", "PCM_16"), ("24", "PCM_24"), ("32f", "FLOAT")])
def test_the_word_length_is_as_asked(
    foley: Foley, film: Film, tmp_path: Path, bits: str, subtype: str
) -> None:
    foley("generate", film.path, "-p", "rain", "-o", tmp_path / "take.wav", "--bits", bits)
    assert soundfile.info(tmp_path / "take.wav").subtype == subtype


def test_mono_and_width_are_as_asked_and_not_both(foley: Foley, film: Film, tmp_path: Path) -> None:
    def made(name: str, *typed: str) -> np.ndarray:
        hits = ("--hits", "1,2", "--layers", "hits", "--seed", "1", "--alignment", "off")
        foley("generate", film.path, "-p", "metal left", "-o", tmp_path / name, *hits, *typed)
        return soundfile.read(tmp_path / name, dtype="float64", always_2d=True)[0]

    usual, narrow, mono = made("a.wav"), made("b.wav", "--width", "0"), made("c.wav", "--mono")
    assert (usual.shape[1], narrow.shape[1], mono.shape[1]) == (2, 2, 1)
    assert np.abs(usual[:, 0] - usual[:, 1]).max() > 0.01
    np.testing.assert_array_equal(narrow[:, 0], narrow[:, 1])
    np.testing.assert_array_equal(mono[:, 0], narrow[:, 0])
    answer = foley(
        "generate", film.path, "-p", "x", "-o", tmp_path / "d.wav", "--mono", "--width", "1", "--json"
    )
    assert (answer.code, answer.json["error"]["code"]) == (1, "bad_cue")


def test_hits_are_markers_in_the_take_and_in_the_stem_that_has_them(
    foley: Foley, film: Film, tmp_path: Path
) -> None:
    out = tmp_path / "take.wav"
    typed = ("--hits", "0.5,36f", "--handles", "0.25", "--in", "0.5", "--stems", "--seed", "1")
    foley("generate", film.path, "-p", "wood, rain", "-o", out, *typed)
    named = {}
    for path in (out, *(tmp_path / f"take-{layer}.wav" for layer in ("hits", "movement", "ambience"))):
        cues = wavinfo.WavInfoReader(str(path)).cues
        labels = {label.name: label.text for label in cues.labels}
        named[path.stem] = [(labels[cue.name], cue.sample_offset) for cue in cues.cues]
    hits = [("wood 1", 12_000), ("wood 2", 60_000)]
    assert named == {"take": hits, "take-hits": hits, "take-movement": [], "take-ambience": []}
    speed = wavinfo.WavInfoReader(str(out)).ixml.parsed.find("SPEED")
    assert (speed.findtext("TIMECODE_RATE"), speed.findtext("TIMECODE_FLAG")) == ("24/1", "NDF")


def test_takes_and_stems_bear_the_date_of_their_making_also_from_the_cache(
    foley: Foley, film: Film, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = ("-p", "rain", "--stems", "--seed", "1", "--json")
    sounds = []
    for name, epoch, told in (
        ("a", "86399", ("1970-01-01", "23:59:59")),
        ("b", "0", ("1970-01-01", "00:00:00")),
    ):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
        (take,) = foley("generate", film.path, "-o", tmp_path / f"{name}.wav", *typed).json["takes"]
        assert take["cached"] == (name == "b")
        for path in (take["path"], *take["stems"].values()):
            bext = wavinfo.WavInfoReader(path).bext
            assert (bext.originator_date, bext.originator_time, bext.originator) == (*told, "foley")
        sounds.append(Path(take["path"]).read_bytes())
    assert sounds[0].replace(b"1970-01-0123:59:59", b"1970-01-0100:00:00") == sounds[1]
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    before = datetime.now().replace(microsecond=0)
    foley("generate", film.path, "-o", tmp_path / "c.wav", *typed)
    bext = wavinfo.WavInfoReader(str(tmp_path / "c.wav")).bext
    made = datetime.fromisoformat(f"{bext.originator_date}T{bext.originator_time}")
    assert before <= made <= datetime.now()


def test_a_loudness_asked_for_is_reached(foley: Foley, film: Film, tmp_path: Path) -> None:
    arguments = ["-o", tmp_path / "take.wav", "--loudness", "-30", "--json"]
    take = foley("generate", film.path, "-p", "rain", *arguments).json["takes"][0]
    assert take["lufs"] == pytest.approx(-30, abs=0.1)


def test_a_loudness_that_is_out_of_reach_is_told(foley: Foley, film: Film, tmp_path: Path) -> None:
    arguments = ["-p", "click", "--engine", "impulse", "-o", tmp_path / "take.wav", "--force"]
    answer = foley("generate", film.path, *arguments, "--loudness", "-10")
    assert answer.code == 0
    assert "-10.0 LUFS asked for, but its peaks allow no more" in answer.err
    answer = foley("generate", film.path, *arguments, "--out", "0.3")
    assert "shorter than 0.4 s, so it has no loudness" in answer.err
    answer = foley("generate", film.path, *arguments)
    assert "asked for" not in answer.err


def test_preview_and_report_are_written_and_named_in_the_answer(
    foley: Foley, film: Film, tmp_path: Path
) -> None:
    page, record = tmp_path / "report.html", tmp_path / "record.json"
    extra = ["--preview", tmp_path / "preview.mp4", "--report", page, "--report", record]
    answer = foley("generate", film.path, "-p", "wood", "-o", tmp_path / "t.wav", "--json", *extra).json
    assert Path(answer["preview"]).stat().st_size > 0
    assert (answer["report"], answer["reports"]) == (str(page), [str(page), str(record)])
    assert page.read_text(encoding="utf-8").startswith("<!")
    assert json.loads(record.read_text(encoding="utf-8"))["path"] == str(tmp_path / "t.wav")
    assert {path.name for path in tmp_path.iterdir()} == {
        "t.wav", "preview.mp4", "report.html", "record.json", "home",
    }  # fmt: skip


def test_the_report_has_all_takes_in_the_film_s_timecode_and_as_sure_as_was_detected(
    foley: Foley, tmp_path: Path
) -> None:
    silent = struck_film(tmp_path / "silent.mp4", Fraction(30000, 1001))
    film = with_timecode(silent, tmp_path / "film.mov", "09:59:59;20")
    detected = foley("detect", film, "--json").json["impacts"]
    names = [tmp_path / name for name in ("r.html", "r.json", "r.csv")]
    named = [part for path in names for part in ("--report", path)]
    out = tmp_path / "t.wav"
    answer = foley(
        "generate", film, "-p", "</script><b>wood", "-o", out, "--takes", "2", *named, "--json"
    ).json
    assert answer["reports"] == list(map(str, names))
    with names[2].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["take"], float(row["sure"])) for row in rows] == [
        (take, one["sure"]) for take in "12" for one in detected
    ]
    frame, numbered = int(rows[0]["frame"]), TimecodeFormat(Fraction(30000, 1001), drop=True)
    assert 0 <= frame - exact(detected[0]["time_exact"]) * numbered.rate + 1 <= Fraction(1016, 1000)
    assert numbered.number(rows[0]["timecode"]) - numbered.number("09:59:59;20") == frame
    assert int(rows[0]["sample"]) == answer["takes"][0]["impacts"][0]["sample"]
    page = page_of(names[0])
    assert [audio["src"][:20] for audio in page.named("audio") if audio["src"]] == [
        "data:audio/mp4;base6"
    ] * 2
    assert len(page.named("script")) == 1
    assert page.text.count(rows[0]["timecode"]) >= 2
    record = json.loads(names[1].read_text(encoding="utf-8"))
    assert [take["path"] for take in record["takes"]] == [take["path"] for take in answer["takes"]]
    assert record["film"] == {
        "rate": "30000/1001", "timecode": "09:59:59;20", "timecode_rate": "30000/1001", "drop_frame": True,
    }  # fmt: skip


def test_without_json_only_the_paths_are_printed_each_alone_on_its_line(
    foley: Foley, film: Film, tmp_path: Path
) -> None:
    folder = tmp_path / ("a very long folder name " * 6).strip()
    folder.mkdir()
    answer = foley(
        "generate", film.path, "-p", "wood", "-o", folder / "t.wav", "--preview", folder / "preview.mp4"
    )
    assert answer.out.splitlines() == [str(folder / "t.wav"), str(folder / "preview.mp4")]
