"""What is opened, and what is refused before FFmpeg sees it."""

from __future__ import annotations

import inspect
import os
import socket
import struct
import sys
from fractions import Fraction
from pathlib import Path

import av
import pytest

from foley_core.errors import MediaError, MediaMissing, MediaRefused, MediaUnreadable
from foley_core.media.container import open_film, reading
from foley_core.media.probe import probe
from tests.media.conftest import Draw, Ear

ODD_NAMES = [
    "100%.mp4",
    "%03d.mp4",
    "take:1.mp4",
    "a#b?c=d.mp4",
    " two  spaces .mp4",
    "-y.mp4",
    "Tür 音 🚪.mp4",
    "file:x.mp4",
    "quote'\"`$(x).mp4",
    "no suffix",
    "picture.png",
]
if sys.platform == "win32":
    ODD_NAMES = [name for name in ODD_NAMES if not set(name) & set(':?"')]

ADDRESSES = [
    "http://{host}/film.mp4",
    "https://{host}/film.mp4",
    "http:{host}",
    "tcp://{host}",
    "rtsp://{host}/film",
    "concat:http://{host}/a|http://{host}/b",
    "data:video/mp4;base64,AAAA",
    "pipe:0",
    "cache:http://{host}/film.mp4",
    "file:/etc/hostname/none",
]

PLAYLISTS = {
    "list.m3u8": "#EXTM3U\n#EXTINF:4,\nhttp://{host}/a.ts\n#EXT-X-ENDLIST\n",
    "marked.m3u8": "\ufeff#EXTM3U\nhttp://{host}/a.ts\n",
    "film.mp4": "#EXTM3U\n#EXT-X-TARGETDURATION:4\nhttp://{host}/a.ts\n",
    "list.ffconcat": "ffconcat version 1.0\nfile http://{host}/a.mp4\n",
    "list.txt": "file 'http://{host}/a.mp4'\n",
    "plain.m3u": "http://{host}/a.mp3\n",
    "film.mpd": '<?xml version="1.0"?>\n<MPD><BaseURL>http://{host}/</BaseURL></MPD>\n',
    "film.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\n",
    "film.xspf": '<?xml version="1.0"?><playlist><location>http://{host}/a</location></playlist>',
    "film.asx": '<asx version="3.0"><entry><ref href="http://{host}/a"/></entry></asx>',
    "film.pls": "[playlist]\nFile1=http://{host}/a.mp3\n",
    "film.wmx": "[Reference]\nRef1=http://{host}/a.asf\n",
}

NO_FILMS = {
    "empty.mp4": b"",
    "one byte.mp4": b"\0",
    "text.mp4": b"This is not a film.\n" * 200,
    "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(500),
    "random.mov": bytes(range(256)) * 40,
    "zeros.mkv": bytes(100_000),
    "head only.mp4": struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0),
    "head only.mkv": b"\x1a\x45\xdf\xa3" + bytes(300),
    "head only.ts": (b"\x47" + bytes(187)) * 30,
    "head only.avi": b"RIFF" + bytes(4) + b"AVI " + bytes(300),
}


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_film_opens_whatever_its_name(draw: Draw, tmp_path: Path, name: str) -> None:
    film = tmp_path / name
    film.write_bytes(draw("cfr").path.read_bytes())
    assert probe(film).rate == Fraction(24000, 1001)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_a_file_that_is_named_like_an_address_is_still_a_file(
    draw: Draw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("http:film.mp4", "pipe:0", "-i"):
        Path(name).write_bytes(draw("cfr").path.read_bytes())
        assert probe(Path(name)).width == 320


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are Unicode")
def test_a_name_that_is_no_text_is_refused(draw: Draw, tmp_path: Path) -> None:
    film = tmp_path / os.fsdecode(b"caf\xe9.mp4")
    film.write_bytes(draw("cfr").path.read_bytes())
    with pytest.raises(MediaRefused, match="UTF-8"):
        open_film(film)


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_are_refused_and_nobody_is_called(address: str, ear: Ear) -> None:
    with pytest.raises(MediaRefused) as caught:
        open_film(Path(address.format(host=f"127.0.0.1:{ear.port}")))
    assert caught.value.hint
    assert not ear.heard()


@pytest.mark.parametrize("name", PLAYLISTS)
def test_playlists_are_refused_and_nobody_is_called(name: str, tmp_path: Path, ear: Ear) -> None:
    playlist = tmp_path / name
    playlist.write_text(PLAYLISTS[name].format(host=f"127.0.0.1:{ear.port}"), encoding="utf-8")
    with pytest.raises(MediaRefused, match="playlist"):
        open_film(playlist)
    assert not ear.heard()


def test_a_film_whose_bytes_name_an_address_calls_nobody(draw: Draw, tmp_path: Path, ear: Ear) -> None:
    film = tmp_path / "reference.mov"
    url = f"http://127.0.0.1:{ear.port}/real.mov".encode() + b"\0"
    entry = struct.pack(">I4sI", 12 + len(url), b"url ", 0) + url
    film.write_bytes(with_data_reference(draw("prores").path.read_bytes(), entry))
    assert b"127.0.0.1" in film.read_bytes()
    assert probe(film).width == 320
    assert not ear.heard()


def with_data_reference(movie: bytes, entry: bytes) -> bytes:
    """`movie` with its first data reference (which says "in this file") replaced; `moov` must come last."""
    at = movie.index(b"dref") + 12
    old = struct.unpack_from(">I", movie, at)[0]
    patched = bytearray(movie[:at] + entry + movie[at + old :])
    for box in (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"):
        place = patched.rindex(box, 0, at) - 4
        size = struct.unpack_from(">I", patched, place)[0]
        struct.pack_into(">I", patched, place, size + len(entry) - old)
    return bytes(patched)


@pytest.mark.parametrize("name", NO_FILMS)
def test_what_is_not_a_film_is_unreadable(name: str, tmp_path: Path) -> None:
    film = tmp_path / name
    film.write_bytes(NO_FILMS[name])
    with pytest.raises(MediaUnreadable) as caught:
        probe(film)
    assert caught.value.code == "media_unreadable"
    assert str(film) in caught.value.message
    assert caught.value.hint


def test_a_missing_film_is_missing(tmp_path: Path) -> None:
    for name in ("none.mp4", "no folder/none.mp4", "zero\0byte.mp4"):
        with pytest.raises(MediaMissing):
            open_film(tmp_path / name)


def test_a_pattern_is_refused(draw: Draw, tmp_path: Path) -> None:
    (tmp_path / "frame001.mp4").write_bytes(draw("cfr").path.read_bytes())
    for name in ("frame%03d.mp4", "frame*.mp4"):
        with pytest.raises(MediaRefused, match="pattern"):
            open_film(tmp_path / name)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MediaRefused, match="folder"):
        open_film(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="needs pipes and sockets in folders")
def test_devices_pipes_and_sockets_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "link.mp4").symlink_to(tmp_path / "pipe.mp4")
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(tmp_path / "s"))
    for path in (tmp_path / "pipe.mp4", tmp_path / "link.mp4", tmp_path / "s", Path("/dev/zero")):
        with pytest.raises(MediaRefused, match="device or pipe"):
            open_film(path)
    listening.close()


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_to_a_film_is_followed_and_one_to_nothing_is_missing(draw: Draw, tmp_path: Path) -> None:
    (tmp_path / "good.mp4").symlink_to(draw("cfr").path)
    (tmp_path / "bad.mp4").symlink_to(tmp_path / "gone.mp4")
    assert probe(tmp_path / "good.mp4").width == 320
    with pytest.raises(MediaMissing):
        open_film(tmp_path / "bad.mp4")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_film_that_may_not_be_read_is_unreadable(draw: Draw, tmp_path: Path) -> None:
    film = tmp_path / "secret.mp4"
    film.write_bytes(draw("cfr").path.read_bytes())
    film.chmod(0)
    with pytest.raises(MediaUnreadable, match="ermission"):
        open_film(film)


FFMPEG_ERRORS = [
    kind for _, kind in inspect.getmembers(av.error, inspect.isclass) if issubclass(kind, av.FFmpegError)
]


@pytest.mark.parametrize("kind", FFMPEG_ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_of_ffmpeg_becomes_ours(kind: type[av.FFmpegError], tmp_path: Path) -> None:
    with pytest.raises(MediaError) as caught, reading(tmp_path / "film.mp4"):
        raise kind(1, "went wrong", "film.mp4")
    assert type(caught.value) in (MediaMissing, MediaRefused, MediaUnreadable)
    assert caught.value.hint


def test_ffmpeg_has_errors_to_be_mapped() -> None:
    assert len(FFMPEG_ERRORS) > 40
