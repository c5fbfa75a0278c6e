"""The timecode of the first frame: its own rate and drop flag, and words where it cannot be read."""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path

import pytest

from foley_core.cue import Cue
from foley_core.cue_range import place_cue
from foley_core.media.probe import MediaInfo, probe
from foley_core.timecode import parse_time
from tests.films import Make, draw_film, steady_times, variable_times
from tests.timecoded import draw_timecoded, flagged, patched, with_timecode

NTSC, FILM_60 = Fraction(30000, 1001), Fraction(60000, 1001)


def _silent(path: Path, make: Make, rate: Fraction, times: list[Fraction]) -> Path:
    return draw_film(path.with_name("silent"), make, rate, times).path


def reference(info: MediaInfo, text: str = "0") -> tuple[int, Fraction]:
    """TimeReference of the whole film's take, and the in-point that `text` means."""
    in_point = parse_time(
        text, info.rate, info.first_timecode, timecode_rate=info.timecode_rate, duration=info.duration
    )
    return place_cue(Cue(media="/film"), info).time_reference, in_point


@pytest.mark.parametrize("suffix", [".mov", ".mp4", ".mkv", ".mxf"])
@pytest.mark.parametrize(
    ("rate", "timecode", "typed", "right"),
    [
        (Fraction(25), "10:00:00:00", "10:00:01:05", (1_728_000_000, Fraction(6, 5))),
        (NTSC, "12:00:00;00", "12:00:01;00", (2_073_597_926, 30 / NTSC)),
        (FILM_60, "10:00:00:30", "10:00:01:00", (1_729_752_024, 30 / FILM_60)),
        (Fraction(25), "23:59:59:00", "00:00:00:10", (86_399 * 48_000, Fraction(7, 5))),
    ],
)
def test_a_timecode_means_the_same_in_every_container(
    suffix: str, rate: Fraction, timecode: str, typed: str, right: tuple[int, Fraction], tmp_path: Path
) -> None:
    path = tmp_path / f"film{suffix}"
    if suffix == ".mxf":
        make = Make(suffix=".mkv", codec="mpeg2video", options={"g": "12"})
        with_timecode(_silent(path, make, rate, steady_times(rate, 2)), path, timecode)
    else:
        draw_timecoded(path, rate, timecode)
    info = probe(path)
    assert (info.first_timecode, info.timecode_rate, info.notes) == (timecode, rate, ())
    assert reference(info, typed) == right


@pytest.mark.parametrize("suffix", [".mov", ".mp4", ".mkv"])
def test_a_missing_frame_moves_neither_timecode_nor_frame_numbers(suffix: str, tmp_path: Path) -> None:
    info = probe(draw_timecoded(tmp_path / f"a{suffix}", Fraction(25), "10:00:00:00", missing=10, seconds=8))
    assert (info.rate, info.variable_rate, info.duration) == (25, False, 8)
    assert reference(info, "10:00:04:00") == (1_728_000_000, 4)
    assert parse_time("100f", info.rate) == 4
    info = probe(draw_timecoded(tmp_path / f"b{suffix}", NTSC, "12:00:00;00", missing=40, seconds=8))
    assert reference(info, "12:00:05;00") == (2_073_597_926, Fraction(5005, 1000))


def test_drop_frame_counts_at_30_too_and_either_mark_is_read(tmp_path: Path) -> None:
    info = probe(draw_timecoded(tmp_path / "film.mov", Fraction(30), "10:00:00;00"))
    assert info.first_timecode == "10:00:00;00"
    assert reference(info, "10:00:04;00") == reference(info, "10:00:04:00") == (1_726_272_000, 4)


def test_a_timecode_may_count_at_half_the_rate_of_the_film(tmp_path: Path) -> None:
    def halve(content: bytearray, at: int) -> None:
        scale, duration = struct.unpack_from(">II", content, at + 20)
        struct.pack_into(">IIB", content, at + 20, scale, 2 * duration, 30)
        number = content.index(struct.pack(">I", 2_160_030))
        struct.pack_into(">I", content, number, 1_080_015)

    info = probe(patched(draw_timecoded(tmp_path / "film.mov", FILM_60, "10:00:00:30"), halve))
    assert (info.rate, info.timecode_rate, info.first_timecode) == (FILM_60, NTSC, "10:00:00:15")
    assert reference(info, "10:00:01:15") == (1_729_752_024, 1001 / Fraction(1000))


def test_so_may_that_of_mxf(tmp_path: Path) -> None:
    path, make = tmp_path / "film.mxf", Make(suffix=".mkv", codec="mpeg2video", options={"g": "12"})
    with_timecode(_silent(path, make, FILM_60, steady_times(FILM_60, 1)), path, "00:00:00:30")
    base_60, base_30 = b"\x15\x02\0\2\0\x3c", b"\x15\x02\0\2\0\x1e"
    content = path.read_bytes()
    assert base_60 in content
    path.write_bytes(content.replace(base_60, base_30))
    info = probe(path)
    assert (info.rate, info.timecode_rate, info.first_timecode) == (FILM_60, NTSC, "00:00:01:00")
    assert reference(info, "00:00:01:15") == (48_048, 15 / NTSC)


def test_drop_frame_where_there_is_none_is_counted_without_and_said(tmp_path: Path) -> None:
    info = probe(patched(draw_timecoded(tmp_path / "film.mov", Fraction(25), "10:00:00:00"), flagged(1)))
    assert reference(info, "10:00:01;00") == (1_728_000_000, 1)
    assert "does not exist at 25" in info.notes[0]
    info = probe(draw_timecoded(tmp_path / "film.mkv", Fraction(25), "10:00:00;00"))
    assert reference(info) == (1_728_000_000, 0)
    assert "does not exist at 25" in info.notes[0]


@pytest.mark.parametrize("timecode", ["reel 3", "10:00:00", "10:61:00:00", "10:00:00:25"])
def test_a_tag_that_cannot_be_read_is_said(timecode: str, tmp_path: Path) -> None:
    info = probe(draw_timecoded(tmp_path / "film.mkv", Fraction(25), timecode))
    assert (info.first_timecode, reference(info)) == ("", (0, 0))
    assert info.notes[0].startswith(f"The film's timecode '{timecode}' cannot be read")


def test_a_timecode_track_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    info = probe(patched(draw_timecoded(tmp_path / "film.mov", Fraction(25), "10:00:00:00"), flagged(8)))
    assert (info.first_timecode, reference(info)) == ("", (0, 0))
    assert "counter" in info.notes[0]


def test_a_number_that_drop_frame_leaves_out_begins_at_the_next(tmp_path: Path) -> None:
    info = probe(draw_timecoded(tmp_path / "film.mkv", NTSC, "10:01:00;00"))
    assert info.first_timecode == "10:01:00;02"


def test_a_timecode_before_midnight_is_of_the_day_before(tmp_path: Path) -> None:
    path = draw_timecoded(tmp_path / "film.mov", Fraction(25), "10:00:00:00")
    content = bytearray(path.read_bytes())
    struct.pack_into(">i", content, content.index(struct.pack(">I", 900_000)), -25)
    path.write_bytes(content)
    assert probe(path).first_timecode == "23:59:59:00"


def test_what_an_edit_list_leaves_out_of_the_timecode_is_counted(tmp_path: Path) -> None:
    path = draw_timecoded(tmp_path / "film.mov", Fraction(25), "10:00:00:00")
    content = bytearray(path.read_bytes())
    track = content.rindex(b"elst")
    scale = struct.unpack_from(">I", content, content.index(b"mdhd", track) + 16)[0]
    struct.pack_into(">I", content, track + 16, 2 * scale)
    path.write_bytes(content)
    assert probe(path).first_timecode == "10:00:02:00"


def test_a_timecode_of_a_film_whose_rate_varies_counts_steadily_and_that_is_said(tmp_path: Path) -> None:
    silent = _silent(
        tmp_path / "film.mkv", Make(suffix=".mkv", variable=True), Fraction(30), variable_times(4)
    )
    info = probe(with_timecode(silent, tmp_path / "film.mkv", "10:00:00:20"))
    assert info.variable_rate
    assert "varies" in info.notes[0]
    assert reference(info, "10:00:01:20")[1] == 1
