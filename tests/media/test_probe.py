"""What is told about a film, against the truth it was drawn with."""

from __future__ import annotations

import sys
import tracemalloc
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from foley_core.errors import MediaUnreadable, NoPicture
from foley_core.media.frames import frames
from foley_core.media.probe import probe
from foley_core.timecode import parse_time
from tests.dropped_avi import dropped_avi
from tests.films import MAKES, Click, Make, draw_film, flash_film, is_white, steady_times
from tests.media.conftest import SECONDS, Draw
from tests.paff import draw_paff

RATES = [
    Fraction(24),
    Fraction(25),
    Fraction(24000, 1001),
    Fraction(30000, 1001),
    Fraction(30),
    Fraction(60000, 1001),
    Fraction(12),
    Fraction(15),
]
STARTS = {"mpegts": Fraction(14834, 10000), "late_start": Fraction(5, 2), "delayed": Fraction(1, 2)}


@pytest.mark.parametrize("variant", MAKES)
def test_times_are_those_the_film_was_drawn_with(variant: str, draw: Draw) -> None:
    film, info = draw(variant), probe(draw(variant).path)
    slack = Fraction(1, 10) if variant == "vfr" else 2 * info.time_base  # nothing says when VFR ends
    last = film.times[-1] - film.times[-2]
    assert abs(info.origin - STARTS.get(variant, Fraction(0))) < Fraction(1, 10_000)
    assert abs(info.duration - (film.times[-1] + last)) <= slack
    assert info.variable_rate == (variant == "vfr")
    if variant != "vfr":
        assert info.rate == film.rate
    assert info.first_timecode == ""


@pytest.mark.parametrize("rate", RATES, ids=str)
@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ts", ".m2ts"])
def test_rates_are_exact_in_every_container(rate: Fraction, suffix: str, tmp_path: Path) -> None:
    container = {"mpegts_m2ts_mode": "1"} if suffix == ".m2ts" else {}
    film = draw_film(tmp_path / "film", Make(suffix=suffix, container=container), rate, steady_times(rate, 3))
    info = probe(film.path)
    assert (info.rate, info.variable_rate) == (rate, False)
    assert abs(info.duration - len(film.times) / rate) <= info.time_base


PAFF: dict[str, dict[str, Any]] = {
    "apart": {},
    "together": {"together": True},
    "mixed": {"whole": range(0, 100, 3)},
}


@pytest.mark.parametrize("suffix", [".ts", ".mkv", ".mp4"])
@pytest.mark.parametrize("form", PAFF)
def test_the_two_fields_of_a_frame_are_one_frame(form: str, suffix: str, tmp_path: Path) -> None:
    info = probe(draw_paff(tmp_path / f"film{suffix}", 100, [50], **PAFF[form]))
    assert (info.rate, info.variable_rate, info.duration) == (25, False, 4)
    shown = list(frames(info, Fraction(0), Fraction(5)))
    assert [frame.time for frame in shown] == [Fraction(n, 25) for n in range(100)]
    assert [n for n, frame in enumerate(shown) if is_white(frame.luma(64, 64))] == [50]


def test_a_frame_that_is_never_shown_is_none(tmp_path: Path) -> None:
    options = {"auto-alt-ref": "1", "lag-in-frames": "16", "deadline": "good", "cpu-used": "5"}
    make = Make(suffix=".webm", codec="libvpx", options=options)
    film = draw_film(tmp_path / "film", make, Fraction(25), steady_times(Fraction(25), 4))
    info = probe(film.path)
    assert (info.rate, info.variable_rate, info.duration) == (25, False, 4)


@pytest.mark.parametrize("suffix", [".mkv", ".mp4", ".ts"])
@pytest.mark.parametrize("pause", [Fraction(1), Fraction(600), Fraction(99_999, 10)])
def test_a_pause_of_any_length_costs_nothing_and_leaves_the_rate(
    pause: Fraction, suffix: str, tmp_path: Path
) -> None:
    times = [n / Fraction(25) + (pause if n > 40 else 0) for n in range(100)]
    make = Make(suffix=suffix, variable=True)
    path = draw_film(tmp_path / "film", make, Fraction(25), times).path
    probe(path)
    tracemalloc.start()
    info = probe(path)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (info.rate, info.variable_rate) == (25, False)
    assert abs(info.duration - times[-1] - Fraction(1, 25)) <= 2 * info.time_base
    assert most < 2**20


@pytest.mark.parametrize("rate", [Fraction(25), Fraction(30000, 1001)], ids=str)
def test_frames_that_an_avi_dropped_are_counted(rate: Fraction, tmp_path: Path) -> None:
    for letters in ("d" * 120 + "-" + "dw-" * 30 + "d" * 89, "d-d--" * 59 + "d---d", "d-" * 149 + "-d"):
        info = probe(dropped_avi(tmp_path / "film.avi", letters, rate))
        assert (info.rate, info.variable_rate, info.duration) == (rate, False, 300 / rate)
    assert parse_time("100f", info.rate) == 100 / rate


def test_size_is_as_shown(draw: Draw) -> None:
    lying, upright = probe(draw("cfr").path), probe(draw("rotated").path)
    assert (lying.width, lying.height, lying.rotation) == (320, 180, 0)
    assert (upright.width, upright.height, upright.rotation) == (180, 320, 90)


@pytest.mark.parametrize(
    ("variant", "codec"),
    [("cfr", "h264"), ("hevc", "hevc"), ("prores", "prores"), ("webm", "vp8"), ("late_start", "h264")],
)
def test_the_pictures_codec_is_named(variant: str, codec: str, draw: Draw) -> None:
    assert probe(draw(variant).path).video_codec == codec


@pytest.mark.parametrize("start", [Fraction(0), Fraction(1, 3), Fraction(-1, 2)])
def test_the_sounds_start_is_kept_apart(start: Fraction, tmp_path: Path) -> None:
    make = Make(suffix=".mov", start=Fraction(1, 2))
    film = draw_film(
        tmp_path / "film", make, Fraction(25), steady_times(Fraction(25), 2), (), Click(Fraction(1), start)
    )
    sound = probe(film.path).sound
    assert sound is not None
    assert (sound.codec, sound.rate, sound.channels, sound.start) == ("pcm_s16le", 44_100, 1, start)


def test_a_film_without_sound_has_none(tmp_path: Path) -> None:
    assert probe(flash_film(tmp_path / "film", seconds=1).path).sound is None


def test_the_first_timecode_is_found_and_times_count_from_it(tmp_path: Path) -> None:
    silent = flash_film(tmp_path / "silent", seconds=1)
    path = tmp_path / "timecode.mov"
    with av.open(str(silent.path)) as film, av.open(str(path), "w") as output:
        output.metadata["timecode"] = "10:00:00:00"
        copy = output.add_stream_from_template(film.streams.video[0])
        for packet in film.demux(film.streams.video[0]):
            if packet.size:
                packet.stream = copy
                output.mux(packet)
    info = probe(path)
    assert info.first_timecode == "10:00:00:00"
    assert parse_time("10:00:00:12", info.rate, info.first_timecode) == Fraction(1, 2)


def test_a_sound_file_has_no_picture_even_with_a_cover(tmp_path: Path) -> None:
    path = tmp_path / "song.m4a"
    with av.open(str(path), "w", format="mp4") as output:
        track = output.add_stream("aac", rate=48_000, layout="stereo")
        cover = output.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 64, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        output.start_encoding()
        output.mux(cover.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64), np.uint8), "gray")))
        output.mux(cover.encode(None))
        frame = av.AudioFrame.from_ndarray(np.zeros((2, 48_000), np.float32), "fltp", "stereo")
        frame.sample_rate = 48_000
        output.mux(track.encode(frame))
        output.mux(track.encode(None))
    with pytest.raises(NoPicture) as caught:
        probe(path)
    assert caught.value.code == "no_picture"


@pytest.mark.parametrize("variant", ["late_start", "mpegts", "webm"])
def test_of_a_film_cut_off_in_the_middle_what_is_there_counts(
    variant: str, draw: Draw, tmp_path: Path
) -> None:
    whole = draw(variant)
    path = tmp_path / whole.path.name
    content = whole.path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    info = probe(path)
    shown = [frame.time for frame in frames(info, Fraction(0), Fraction(SECONDS))]
    assert 10 < len(shown) < len(whole.times)
    assert tuple(shown) == whole.times[: len(shown)]
    assert abs(info.duration - shown[-1]) < Fraction(1, 4)


def test_an_mp4_cut_off_after_its_index_is_told_so(draw: Draw, tmp_path: Path) -> None:
    whole, path = draw("prores"), tmp_path / "cut.mov"
    with av.open(str(whole.path)) as film, av.open(str(path), "w", options={"movflags": "faststart"}) as out:
        copy = out.add_stream_from_template(film.streams.video[0])
        for packet in film.demux(film.streams.video[0]):
            if packet.size:
                packet.stream = copy
                out.mux(packet)
    content = path.read_bytes()
    assert probe(path).duration > SECONDS - 1
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(MediaUnreadable, match="is cut off"):
        probe(path)
    path.write_bytes(content[:-1])
    with pytest.raises(MediaUnreadable, match="is cut off"):
        probe(path)


def test_an_mp4_cut_off_before_its_index_is_unreadable(draw: Draw, tmp_path: Path) -> None:
    path = tmp_path / "cut.mp4"
    content = draw("cfr").path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(MediaUnreadable):
        probe(path)


@pytest.mark.skipif(sys.platform != "linux", reason="reads the system's count of bytes read")
@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ts"])
def test_a_film_of_ten_hours_is_not_read_through(suffix: str, tmp_path: Path) -> None:
    path, count = long_film(tmp_path / f"long{suffix}")
    before = bytes_read()
    info = probe(path)
    read = bytes_read() - before
    assert count - 1 < info.duration <= count
    assert info.rate == 1
    assert read < path.stat().st_size / 3


def long_film(path: Path) -> tuple[Path, int]:
    """Ten hours at one frame per second, made of the same second over and over."""
    make = Make(codec="mpeg2video", options={"g": "1"}, suffix=".mkv")
    short = draw_film(path.with_name("short"), make, Fraction(25), steady_times(Fraction(25), 1))
    with av.open(str(short.path)) as film:
        stream = film.streams.video[0]
        content = bytes(next(film.demux(stream)))
        with av.open(str(path), "w") as output:
            copy = output.add_stream_from_template(stream)
            for second in range(36_000):
                packet = av.Packet(content)
                packet.stream, packet.time_base = copy, Fraction(1)
                packet.pts = packet.dts = second
                packet.duration, packet.is_keyframe = 1, True
                output.mux(packet)
    return path, 36_000


def bytes_read() -> int:
    """Bytes that this process has read from files so far."""
    return int(Path("/proc/self/io").read_text().split()[1])
