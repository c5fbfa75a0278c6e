"""Films are told by what is in them, wherever it begins and ends; what is taken of them is said."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition
from hypothesis import given
from hypothesis import strategies as st

from foley_core.errors import MediaRefused, MediaUnreadable
from foley_core.media.container import open_film
from foley_core.media.container_kind import bare_picture, demuxer
from foley_core.media.frames import frames
from foley_core.media.probe import MediaInfo, probe
from tests.films import HEIGHT, WIDTH, Make, barcode, draw_film, is_white, steady_times
from tests.media.conftest import Draw

RATE = Fraction(25)
EVERYTHING = (Fraction(0), Fraction(1000))


def numbers(path: Path) -> list[int]:
    """The barcodes of all frames."""
    return [barcode(frame.luma(WIDTH // 2, HEIGHT // 2)) for frame in frames(probe(path), *EVERYTHING)]


def white(info: MediaInfo, start: Fraction = Fraction(0)) -> list[Fraction]:
    """When it flashes."""
    found = frames(info, start, Fraction(1000))
    return [frame.time for frame in found if is_white(frame.luma(WIDTH // 2, HEIGHT // 2))]


def boxes(film: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Start, end and kind of each outermost box."""
    start = 0
    while start < len(film):
        size, kind = struct.unpack_from(">I4s", film, start)
        yield start, start + size, kind
        start += size


@pytest.fixture(scope="module")
def fragmented(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds as a recorder writes them that may lose power: one fragment a second."""
    options = {"preset": "veryfast", "bf": "0", "g": "25", "sc_threshold": "0"}
    make = Make(container={"movflags": "frag_keyframe+empty_moov+default_base_moof"}, options=options)
    return draw_film(tmp_path_factory.mktemp("f") / "film", make, RATE, steady_times(RATE, 4), [30]).path


def cut(film: Path, length: int, tmp_path: Path) -> Path:
    part = tmp_path / f"{length}{film.suffix}"
    part.write_bytes(film.read_bytes()[:length])
    return part


def test_of_fragments_all_that_is_whole_is_used_wherever_they_are_cut(
    fragmented: Path, tmp_path: Path
) -> None:
    assert probe(fragmented).notes == ()
    whole = 0
    for start, end, kind in boxes(fragmented.read_bytes()):
        for length in sorted({start + 1, start + 8, (start + end) // 2, end - 1}) if whole else ():
            if kind not in (b"moof", b"mdat"):
                continue
            part = cut(fragmented, length, tmp_path)
            info = probe(part)
            (note,) = info.notes
            assert f"{length} of at least" in note
            seen = numbers(part)
            assert seen == list(range(len(seen)))
            assert 25 * whole <= len(seen) < 25 * whole + 25
            assert info.duration == Fraction(len(seen), 25)
            assert white(info) == [Fraction(30, 25)] * (len(seen) > 30)
        whole += kind == b"mdat"
    assert whole == 4


@pytest.mark.parametrize("container", [{}, {"movflags": "faststart"}], ids=["index last", "index first"])
def test_a_film_all_in_one_that_is_cut_off_is_refused(container: dict[str, str], tmp_path: Path) -> None:
    film = draw_film(tmp_path / "one", Make(container=container), RATE, steady_times(RATE, 2)).path
    for share in (0.3, 0.9):
        with pytest.raises(MediaUnreadable, match="cut off"):
            open_film(cut(film, int(film.stat().st_size * share), tmp_path))


@pytest.mark.parametrize("container", [{}, {"live": "1"}], ids=["closed", "never closed"])
def test_a_matroska_film_that_is_cut_off_is_used_and_said_so(
    container: dict[str, str], tmp_path: Path
) -> None:
    options = {"preset": "veryfast", "bf": "0", "g": "12"}
    make = Make(suffix=".mkv", container=container, options=options)
    film = draw_film(tmp_path / "film", make, RATE, steady_times(RATE, 12), [30]).path
    assert probe(film).notes == ()
    part = cut(film, film.stat().st_size * 6 // 10, tmp_path)
    info = probe(part)
    assert "cut off" in " ".join(info.notes)
    seen = numbers(part)
    assert seen == list(range(len(seen)))
    assert 100 < len(seen) < 300
    assert white(info) == [Fraction(30, 25)]


def test_an_avi_that_is_cut_off_is_used_and_said_so(tmp_path: Path) -> None:
    make = Make(suffix=".avi", codec="mpeg4", options={"g": "12"})
    film = draw_film(tmp_path / "film", make, RATE, steady_times(RATE, 4), [30]).path
    assert probe(film).notes == ()
    part = cut(film, film.stat().st_size * 6 // 10, tmp_path)
    assert "cut off" in " ".join(probe(part).notes)
    assert 40 < len(numbers(part)) < 80


@pytest.fixture(scope="module")
def mxf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve seconds whose index lies at the end, and whose frames grow after six."""
    options = {"g": "12", "b": "2M", "sc_threshold": "1000000000"}
    make = Make(suffix=".mxf", codec="mpeg2video", options=options)
    path = tmp_path_factory.mktemp("mxf") / "film"
    return draw_film(path, make, RATE, steady_times(RATE, 12), [30, 130, *range(160, 300, 2)]).path


def test_an_mxf_that_is_cut_off_is_used_in_time_and_said_so(mxf: Path, tmp_path: Path) -> None:
    assert probe(mxf).notes == ()
    part = cut(mxf, mxf.stat().st_size * 7 // 10, tmp_path)
    info = probe(part)
    assert "cut off" in " ".join(info.notes)
    seen = numbers(part)
    assert seen[:-1] == list(range(len(seen) - 1))  # the last one may be cut off itself
    assert 150 < len(seen) < 290
    assert len(seen) - 1 <= info.duration * 25 <= len(seen)
    assert white(info, Fraction(5))[0] == Fraction(130, 25)


def test_an_mxf_that_was_never_closed_is_used_in_time(mxf: Path, tmp_path: Path) -> None:
    content = bytearray(mxf.read_bytes()[: mxf.stat().st_size * 7 // 10])
    content[44:52] = bytes(8)  # where its footer is
    film = tmp_path / "film.mxf"
    film.write_bytes(content)
    info = probe(film)
    seen = numbers(film)
    assert len(seen) - 1 <= info.duration * 25 <= len(seen)
    assert white(info, Fraction(5))[0] == Fraction(130, 25)


@pytest.mark.parametrize("before", [b"", bytes(11), bytes(50_000), b"run-in" * 10_922])
def test_an_mxf_may_have_a_run_in_of_any_length(before: bytes, mxf: Path, tmp_path: Path) -> None:
    film = tmp_path / "film.mxf"
    film.write_bytes(before + mxf.read_bytes())
    info = probe(film)
    assert (info.duration, info.notes) == (12, ())
    assert white(info, Fraction(5))[0] == Fraction(130, 25)


def longer(content: bytes, before: bytes, after: bytes) -> bytes:
    """Packets of MPEG-TS with something more before or after each."""
    return b"".join(before + content[at : at + 188] + after for at in range(0, len(content), 188))


BROADCASTS: dict[str, Callable[[bytes], bytes]] = {
    "from the middle of a packet": lambda film: film[100:],
    "one byte short": lambda film: film[1:],
    "zeros in front": lambda film: bytes(940) + film,
    "many zeros in front": lambda film: bytes(40_000) + film,
    "check bytes": lambda film: longer(film, b"", bytes(16)),
    "check bytes from the middle": lambda film: longer(film, b"", bytes(range(16)))[77:],
    "times before": lambda film: longer(film, b"\1\2\3\4", b""),
    "times before from the middle": lambda film: longer(film, b"\1\2\3\4", b"")[100:],
}


@pytest.mark.parametrize("cut_out", BROADCASTS)
def test_a_broadcast_is_a_film_wherever_it_was_cut_out(cut_out: str, draw: Draw, tmp_path: Path) -> None:
    whole = draw("mpegts")
    film = tmp_path / "film.ts"
    film.write_bytes(BROADCASTS[cut_out](whole.path.read_bytes()))
    info = probe(film)
    assert white(info) == list(whole.flashes)
    assert info.duration == probe(whole.path).duration


PLAYLISTS = [
    b"#EXTM3U\n",
    b"ffconcat version 1.0\nfile a.mp4\n",
    b'<?xml version="1.0"?><MPD>',
    b"[playlist]\n",
]


@pytest.mark.parametrize("begin", PLAYLISTS)
@pytest.mark.parametrize("size", [188, 192, 204])
def test_a_playlist_that_looks_like_a_broadcast_is_refused(begin: bytes, size: int, tmp_path: Path) -> None:
    lines = begin + b"\n#" + b"G".rjust(size, b"=") * 400
    for film in (lines, begin + b"G\0\1\x10".ljust(size, b"\2") * 400, lines + bytes(3)):
        path = tmp_path / "film.ts"
        path.write_bytes(film)
        with pytest.raises(MediaRefused, match="playlist"):
            open_film(path)


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=400))
def test_no_text_is_a_broadcast(text: str) -> None:
    assert demuxer((b"G" + text.encode().ljust(187, b"\n")[:187]) * 40) != "mpegts"


@given(st.binary(max_size=1000))
def test_whatever_bytes_there_are_they_are_told_or_not(content: bytes) -> None:
    told = demuxer(content)
    assert told is None or told in av.formats_available
    assert isinstance(bare_picture(content), str)


def test_raw_dv_is_a_film(tmp_path: Path) -> None:
    path = tmp_path / "film.dv"
    with av.open(str(path), "w") as film:
        stream = film.add_stream("dvvideo", rate=25)
        stream.width, stream.height, stream.pix_fmt = 720, 576, "yuv420p"
        for number in range(50):
            gray = np.full((576, 720), 235 if number == 30 else 40, np.uint8)
            film.mux(
                stream.encode(av.VideoFrame.from_ndarray(gray, format="gray").reformat(format="yuv420p"))
            )
        film.mux(stream.encode(None))
    info = probe(path)
    assert (info.rate, info.duration, white(info)) == (25, 2, [Fraction(30, 25)])
    assert white(info, Fraction(11, 10)) == [Fraction(30, 25)]


BARE = [
    ("h264", "libx264", {"preset": "ultrafast"}),
    ("hevc", "libx265", {"preset": "ultrafast", "x265-params": "log-level=error"}),
    ("m2v", "mpeg2video", {}),
    ("mjpeg", "mjpeg", {"strict": "unofficial"}),
]


@pytest.mark.parametrize(("suffix", "codec", "options"), BARE)
def test_picture_without_a_container_is_told_to_need_one(
    suffix: str, codec: str, options: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / f"film.{suffix}"
    shapes = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    make = Make(suffix=path.suffix, codec=codec, options=options, pix_fmt=shapes)
    draw_film(path, make, RATE, steady_times(RATE, 1))
    with pytest.raises(MediaUnreadable, match="without a container") as caught:
        probe(path)
    assert caught.value.hint == "Copy it into MP4 or MOV."


@pytest.mark.parametrize(
    ("begin", "name"),
    [
        (b"\0\0\1\xb0\1\0\0\1\xb5\x89\x13", "MPEG-4 video"),
        (b"\0\0\1\0\0\0\1\x20\0\xc4", "MPEG-4 video"),
        (b"\0\0\0\1\x09\xf0\0\0\0\1\x67", "H.264"),
        (b"\0\0\1\x67\x4d", "H.264"),
        (b"\0\0\0\1\x46\1\x50", "HEVC"),
        (b"\x12\0\x0a\x0b\0\0", "AV1"),
        (b"\0\0\1\xba\x44", ""),
        (bytes(100), ""),
        (b"notes", ""),
    ],
)
def test_bare_picture_is_told_by_its_first_unit(begin: bytes, name: str) -> None:
    assert bare_picture(begin) == name


def test_a_photograph_is_not_called_a_film_without_a_container(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0" + bytes(200) + b"\xff\xd9")
    with pytest.raises(MediaUnreadable, match="is not a film"):
        probe(path)


def side_by_side(path: Path, lengths: tuple[int, ...], default: tuple[int, ...]) -> Path:
    """A film with pictures of so many frames each, small if of one; number n is white at frame 10 + n."""
    with av.open(str(path), "w") as film:
        streams = []
        for number, length in enumerate(lengths):
            stream = film.add_stream("mpeg4", rate=25)
            width = 160 if length == 1 else WIDTH
            stream.width, stream.height, stream.pix_fmt = width, width * 9 // 16, "yuv420p"
            stream.disposition = Disposition.default if number in default else Disposition(0)
            streams.append(stream)
        for at in range(max(lengths)):
            for number, (stream, length) in enumerate(zip(streams, lengths, strict=True)):
                if at < length:
                    gray = np.full((stream.height, stream.width), 235 if at == 10 + number else 40, np.uint8)
                    frame = av.VideoFrame.from_ndarray(gray, format="gray").reformat(format="yuv420p")
                    frame.pts, frame.time_base = at, Fraction(1, 25)
                    film.mux(stream.encode(frame))
        for stream in streams:
            film.mux(stream.encode(None))
    return path


MEANT = {
    "a thumbnail first": ((1, 50), (1,), 1),
    "a thumbnail first, nothing marked": ((1, 50), (), 1),
    "a thumbnail marked as the default": ((1, 50), (0,), 1),
    "a thumbnail last": ((50, 1), (0,), 0),
    "two angles, the second the default": ((50, 50), (1,), 1),
    "two angles, the first the default": ((50, 50), (0,), 0),
    "two angles, both the default": ((50, 50), (0, 1), 0),
    "two angles, none the default": ((50, 50), (), 0),
    "a shorter one first": ((25, 50), (), 1),
    "the default a frame shorter": ((50, 49), (1,), 1),
    "three": ((1, 50, 50), (2,), 2),
}


@pytest.mark.parametrize("suffix", [".mkv", ".mov", ".mp4"])
@pytest.mark.parametrize("case", MEANT)
def test_of_several_pictures_the_one_that_is_meant_is_taken_and_said(
    case: str, suffix: str, tmp_path: Path
) -> None:
    lengths, default, meant = MEANT[case]
    info = probe(side_by_side(tmp_path / f"film{suffix}", lengths, default))
    assert (info.width, info.duration) == (WIDTH, Fraction(lengths[meant], 25))
    assert white(info) == [Fraction(10 + meant, 25)]
    (note,) = info.notes
    assert f"{len(lengths)} pictures" in note
    assert f"number {meant + 1}" in note


@pytest.mark.parametrize("suffix", [".avi", ".mov"])
def test_a_part_has_the_colours_of_the_whole_where_a_palette_comes_but_once(
    suffix: str, tmp_path: Path
) -> None:
    path = tmp_path / f"film{suffix}"
    palette = np.array([[255, 40, 40, 40], [255, 235, 235, 235]] + [[255, 0, 0, 0]] * 254, np.uint8)
    with av.open(str(path), "w") as film:
        stream = film.add_stream("rawvideo", rate=25)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "pal8"
        for number in range(200):
            indices = np.full((HEIGHT, WIDTH), int(number == 150), np.uint8)
            frame = av.VideoFrame.from_ndarray((indices, palette), format="pal8")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            film.mux(stream.encode(frame))
    info = probe(path)
    for start in (0, 4, 5):
        assert white(info, Fraction(start)) == [Fraction(6)]


@pytest.mark.parametrize("variant", ["cfr", "mpegts", "late_start", "webm", "prores"])
def test_of_a_film_that_is_whole_nothing_is_said(variant: str, draw: Draw) -> None:
    assert probe(draw(variant).path).notes == ()
