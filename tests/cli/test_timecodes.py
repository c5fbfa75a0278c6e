"""Times typed as timecodes, and what a take says of its place, through the command line and the service."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from foley_core.media.wav import read_record
from tests.cli.conftest import Foley
from tests.dropped_avi import dropped_avi
from tests.paff import draw_paff
from tests.timecoded import draw_timecoded

NTSC = Fraction(30000, 1001)


def placed(foley: Foley, film: Path, *cue: str) -> tuple[float, int, list[int]]:
    """Start, TimeReference and clicks of the one take."""
    out = film.with_suffix(".wav")
    arguments = ("-p", "x", "-o", out, "--engine", "impulse", "--seed", "1", "--json", *cue)
    answer = foley("generate", film, *arguments, "--force")
    assert answer.code == 0, answer.out
    take: dict[str, Any] = answer.json["takes"][0]
    assert take["remarks"] == []
    sound, _ = soundfile.read(out)
    clicks = np.flatnonzero(np.abs(sound).max(axis=1) > 0.1).tolist()
    return take["start"], take["time_reference"], clicks


def test_drop_frame_at_30_is_typed_with_either_mark(foley: Foley, tmp_path: Path) -> None:
    film = draw_timecoded(tmp_path / "film.mov", Fraction(30), "10:00:00;00", flash=150, seconds=8)
    assert placed(foley, film) == (0, 1_726_272_000, [240_000])
    for mark in ":;":
        cue = ("--in", f"10:00:04{mark}00", "--out", f"10:00:06{mark}00")
        assert placed(foley, film, *cue) == (4, 1_726_464_000, [48_000])


def test_a_missing_frame_moves_no_take(foley: Foley, tmp_path: Path) -> None:
    film = draw_timecoded(tmp_path / "a.mov", Fraction(25), "10:00:00:00", missing=30, flash=110, seconds=6)
    cue = ("--in", "10:00:04:00", "--out", "10:00:05:00")
    assert placed(foley, film, *cue) == (4, 1_728_192_000, [19_200])
    film = draw_timecoded(tmp_path / "b.mp4", NTSC, "12:00:00;00", missing=40, flash=160, seconds=7)
    start, reference, clicks = placed(foley, film, "--in", "12:00:05;00", "--out", "12:00:06;00")
    assert (start, reference, clicks) == (5.005, 2_073_838_166, [16_016])
    film = dropped_avi(tmp_path / "c.avi", "d" * 60 + "-" + "d" * 59 + "w" + "d" * 29)
    assert placed(foley, film, "--in", "100f", "--out", "150f") == (4, 192_000, [38_400])


def test_a_timecode_after_midnight_is_of_the_next_day(foley: Foley, tmp_path: Path) -> None:
    film = draw_timecoded(tmp_path / "film.mov", Fraction(25), "23:59:58:00", flash=100, seconds=6)
    assert placed(foley, film, "--in", "00:00:01:00", "--out", "00:00:03:00") == (3, 48_000, [48_000])
    answer = foley("detect", film, "--in", "23:59:57:24")
    assert (answer.code, "before the film's first timecode" in answer.err) == (2, True)


def test_fields_are_no_frames(foley: Foley, tmp_path: Path) -> None:
    film = draw_paff(tmp_path / "film.ts", 100, [50])
    assert placed(foley, film, "--in", "25f", "--out", "75f") == (1, 48_000, [48_000])


@pytest.mark.parametrize("timecode", ["reel 3", "10:00:00;00"])
def test_what_cannot_be_read_is_said_everywhere(foley: Foley, timecode: str, tmp_path: Path) -> None:
    film = draw_timecoded(tmp_path / "film.mkv", Fraction(25), timecode, seconds=1)
    out, report = tmp_path / "t.wav", tmp_path / "report.html"
    answer = foley("generate", film, "-p", "wood", "-o", out, "--seed", "1", "--report", report)
    (remark,) = read_record(out)["remarks"]
    assert remark.startswith("The film's timecode")
    assert remark in answer.err
    assert remark.split("'")[0] in report.read_text(encoding="utf-8")
    assert foley("detect", film, "--json").json["remarks"] == [remark]
    assert remark in foley("detect", film).err
    aligned = foley("align", film, out, "-o", tmp_path / "a.wav", "--json")
    assert remark in aligned.json["notes"]
