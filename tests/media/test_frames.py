"""Frames found by a seek are those that decoding from the start gives, with the times they were drawn at."""

from __future__ import annotations

import logging
import struct
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from foley_core.errors import MediaUnreadable
from foley_core.media.frames import Frame, frames, size_within
from foley_core.media.probe import MediaInfo, probe
from tests.films import MAKES, Make, barcode, draw_film, flash_film, is_white, steady_times
from tests.media.conftest import FLASHES, SECONDS, Draw

WHOLE = (Fraction(0), Fraction(SECONDS + 1))
Seen = list[tuple[Fraction, int, bytes]]


def lying(frame: Frame, info: MediaInfo) -> NDArray[np.uint8]:
    """The frame as it was drawn, before rotation."""
    luma = frame.luma(info.width // 2, info.height // 2)
    return np.rot90(luma, -info.rotation // 90)


def seen(info: MediaInfo, start: Fraction, end: Fraction) -> Seen:
    """Time, number and all pixels of each frame."""
    found = ((frame.time, lying(frame, info)) for frame in frames(info, start, end))
    return [(time, barcode(luma), luma.tobytes()) for time, luma in found]


@pytest.fixture(scope="module", params=list(MAKES))
def sequential(request: pytest.FixtureRequest, draw: Draw) -> tuple[MediaInfo, Seen]:
    """All frames of one variant, decoded from the start."""
    info = probe(draw(request.param).path)
    return info, seen(info, *WHOLE)


@pytest.mark.parametrize("variant", MAKES)
def test_every_frame_shown_comes_with_its_exact_time(variant: str, draw: Draw) -> None:
    film, info = draw(variant), probe(draw(variant).path)
    found = list(frames(info, *WHOLE))
    assert tuple(frame.time for frame in found) == film.times
    pictures = [lying(frame, info) for frame in found]
    assert [barcode(picture) for picture in pictures] == list(range(len(film.times)))
    assert tuple(n for n, picture in enumerate(pictures) if is_white(picture)) == FLASHES


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.fractions(-1, SECONDS + 1, max_denominator=1001),
    length=st.fractions(0, 1, max_denominator=1001),
)
def test_any_stretch_is_what_decoding_from_the_start_gives(
    sequential: tuple[MediaInfo, Seen], start: Fraction, length: Fraction
) -> None:
    info, everything = sequential
    expected = [one for one in everything if start <= one[0] < start + length]
    assert seen(info, start, start + length) == expected


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.fractions(0, SECONDS, max_denominator=1001), seed=st.integers(0, 1000))
def test_frames_that_are_not_spare_are_what_they_are_when_all_are_decoded(
    sequential: tuple[MediaInfo, Seen], start: Fraction, seed: int
) -> None:
    info, everything = sequential
    asked = {time for number, (time, *_) in enumerate(everything) if (number * 7919 + seed) % 3}
    found = frames(info, start, WHOLE[1], spare=lambda time: time not in asked)
    kept = [(frame.time, lying(frame, info)) for frame in found if frame.time in asked]
    expected = [one for one in everything if one[0] in asked and one[0] >= start]
    assert [(time, barcode(luma), luma.tobytes()) for time, luma in kept] == expected


def test_frames_that_are_spare_are_left_out_where_no_other_is_made_from_them(draw: Draw) -> None:
    film, info = draw("cfr"), probe(draw("cfr").path)
    found = [frame.time for frame in frames(info, *WHOLE, spare=lambda time: True)]
    assert found[0] == film.times[0]
    assert 0.2 < len(found) / len(film.times) < 0.8


def test_rough_frames_have_the_same_times_and_show_the_same(draw: Draw) -> None:
    for variant in MAKES:
        film, info = draw(variant), probe(draw(variant).path)
        found = list(frames(info, *WHOLE, rough=True))
        assert tuple(frame.time for frame in found) == film.times
        assert [barcode(lying(frame, info)) for frame in found] == list(range(len(film.times)))


def test_a_stretch_holds_its_start_and_not_its_end(draw: Draw) -> None:
    film, info = draw("vfr"), probe(draw("vfr").path)
    found = [frame.time for frame in frames(info, film.times[40], film.times[50])]
    assert tuple(found) == film.times[40:50]
    assert list(frames(info, film.times[40], film.times[40])) == []


def test_a_turned_frame_is_upright_as_its_matrix_says(draw: Draw) -> None:
    path = draw("rotated").path
    content = path.read_bytes()
    matrix = struct.unpack_from(">9i", content, content.index(b"tkhd") + 44)
    one = 1 << 16
    assert (matrix[0], matrix[1], matrix[3], matrix[4]) == (0, -one, one, 0)  # down goes to the right
    info = probe(path)
    upright = next(frames(info, *WHOLE)).luma(info.width, info.height)
    strip = lying(next(frames(info, *WHOLE)), info)[-5:].max()
    assert upright.shape == (320, 180)
    assert strip == upright[:, -5:].max()
    assert abs(int(upright[:, :100].max()) - 40) < 8


def test_pixels_are_scaled_and_full_range_in_8_and_10_bits(draw: Draw) -> None:
    for variant in ("cfr", "hevc", "prores"):
        film, info = draw(variant), probe(draw(variant).path)
        white = next(frames(info, film.flashes[0], WHOLE[1]))
        luma, rgb = white.luma(64, 36), white.rgb(64, 36)
        assert (luma.shape, luma.dtype) == ((36, 64), np.uint8)
        assert (rgb.shape, rgb.dtype) == ((36, 64, 3), np.uint8)
        assert luma[:20].min() >= 250
        assert rgb[:20].min() >= 250
        dark = next(frames(info, Fraction(0), WHOLE[1])).luma(64, 36)
        assert abs(int(np.median(dark[:20])) - 40) <= 3


@pytest.mark.parametrize(
    ("longer", "size"),
    [(320, (320, 180)), (160, (160, 90)), (4000, (320, 180)), (100, (100, 56)), (1, (2, 2))],
)
def test_a_size_keeps_the_proportions_and_never_grows(longer: int, size: tuple[int, int], draw: Draw) -> None:
    assert size_within(probe(draw("cfr").path), longer) == size
    assert size_within(probe(draw("rotated").path), longer) == size[::-1]


@pytest.mark.skipif(sys.platform != "linux", reason="reads the system's list of open files")
def test_the_film_is_closed_when_the_generator_is(draw: Draw) -> None:
    info = probe(draw("mpegts").path)

    def opened() -> int:
        links = [link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
        return links.count(info.path)

    found = frames(info, Fraction(5), WHOLE[1])
    next(found)
    assert opened() == 1
    found.close()
    assert opened() == 0
    list(frames(info, *WHOLE))
    assert opened() == 0


def test_damage_in_the_middle_costs_the_damaged_frames_and_is_logged(
    draw: Draw, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    whole, path = draw("prores"), tmp_path / "damaged.mov"
    content = bytearray(whole.path.read_bytes())
    with av.open(str(whole.path)) as film:
        for number, packet in enumerate(film.demux(film.streams.video[0])):
            if number in (60, 61, 64):
                assert packet.pos is not None
                content[packet.pos : packet.pos + packet.size] = bytes(packet.size)
    path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        times = [frame.time for frame in frames(probe(path), *WHOLE)]
    assert times == [time for n, time in enumerate(whole.times) if n not in (60, 61, 64)]
    assert "Skipped 3 damaged frames" in caplog.text


def test_a_transport_stream_that_lost_packets_keeps_the_times_of_the_rest(draw: Draw, tmp_path: Path) -> None:
    whole, path = draw("mpegts"), tmp_path / "damaged.ts"
    content = whole.path.read_bytes()
    middle = len(content) // 2 // 188 * 188
    path.write_bytes(content[:middle] + content[middle + 60 * 188 :])
    times = [frame.time for frame in frames(probe(path), *WHOLE)]
    assert len(whole.times) // 2 < len(times) < len(whole.times)
    assert times == sorted(set(times) & set(whole.times))


def test_times_that_go_back_are_an_error_and_never_wrong(tmp_path: Path) -> None:
    film = draw_film(tmp_path / "film", Make(suffix=".avi"), Fraction(25), steady_times(Fraction(25), 2))
    with pytest.raises(MediaUnreadable, match="go back") as caught:
        list(frames(probe(film.path), *WHOLE))
    assert "MP4" in caught.value.hint


@pytest.mark.parametrize(
    ("suffix", "codec"), [(".avi", "mpeg4"), (".mxf", "mpeg2video"), (".flv", "flv1"), (".wmv", "wmv2")]
)
def test_older_containers_are_exact_too(suffix: str, codec: str, tmp_path: Path) -> None:
    make = Make(suffix=suffix, codec=codec, options={"g": "12"})
    film = draw_film(tmp_path / "film", make, Fraction(25), steady_times(Fraction(25), 4))
    info = probe(film.path)
    found = seen(info, Fraction(3, 2), Fraction(2))
    assert [(time, number) for time, number, _ in found] == [(film.times[n], n) for n in range(38, 50)]


def test_a_film_of_one_frame_has_one_frame(tmp_path: Path) -> None:
    film = flash_film(tmp_path / "one", seconds=Fraction(1, 24))
    info = probe(film.path)
    assert [number for _, number, _ in seen(info, *WHOLE)] == [0]
    assert info.duration == Fraction(1, 24)
