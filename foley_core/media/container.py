"""Opens films and sound files; nothing else in the product hands a name to FFmpeg for reading.

Guarantees: what is opened is a regular local file whose first bytes are those of a known container, opened
by that container's demuxer alone and with the `file` protocol alone. URLs, playlists, patterns, devices and
folders are refused before FFmpeg sees them, so a file can never make it open another one or an address.
Every error comes out as a `MediaError`. It does not look at the streams.
"""

from __future__ import annotations

import re
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import av
from av.container import InputContainer

from foley_core.errors import MediaError, MediaMissing, MediaRefused, MediaUnreadable

_PROTOCOL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
"""Two letters or more: `C:` is a drive of Windows."""
_PATTERN = re.compile(r"%\d*d|[*?]")

_HEAD = 4096
_MOV = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"})
_BOXES = _MOV | {b"moof", b"mfra", b"meta", b"sidx", b"styp", b"udta", b"uuid"}
_BOX = struct.Struct(">I4sQ")
_RIFF = frozenset({b"RIFF", b"RF64", b"BW64"})
_RIFF_KINDS = {b"AVI ": "avi", b"WAVE": "wav", b"AIFF": "aiff", b"AIFC": "aiff"}
_MAGIC = (
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"\x00\x00\x01\xba", "mpeg"),
    (b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02", "mxf"),
    (b"OggS", "ogg"),
    (b"FLV\x01", "flv"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"YUV4MPEG2 ", "yuv4mpegpipe"),
    (b"fLaC", "flac"),
    (b"caff", "caf"),
    (b"\x0b\x77", "ac3"),
)
"""First bytes, and the name of FFmpeg's demuxer for them."""

_PLAYLIST = re.compile(
    rb"\s*(#EXTM3U|ffconcat\s+version|\[playlist\]|\[reference\]|v=0\s"
    rb"|(file|stream)\s+\S|(https?|rtmp|rtsp|mms|ftp)[a-z]*://"
    rb"|(<\?xml.{0,500}?)?<(mpd|playlist|asx|smil|smoothstreamingmedia)\b)",
    re.IGNORECASE | re.DOTALL,
)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def open_film(path: Path) -> InputContainer:
    """Open the film or sound file `path`; close it, or use it in a `with`.

    Raises `MediaMissing`, `MediaRefused` (no regular local file, or a playlist) or `MediaUnreadable` (empty,
    cut off before its index, or not a film).
    """
    _check_regular(path)
    with reading(path):
        demuxer = _demuxer(path)
        options = {"protocol_whitelist": "file"}
        if demuxer == "avi":  # it stores no presentation times
            options["fflags"] = "+genpts"
        return av.open(
            "file:" + _absolute(path), "r", format=demuxer, options=options, metadata_errors="replace"
        )


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what FFmpeg and the operating system raise while `path` is read into a `MediaError`."""
    try:
        yield
    except FileNotFoundError as error:
        raise _missing(path) from error
    except (IsADirectoryError, av.ProtocolNotFoundError) as error:
        raise _refused(path, "is not a film") from error
    except (av.FFmpegError, OSError) as error:
        raise MediaUnreadable(
            f"Cannot read {path}: {error.strerror or error}.",
            "Is it whole, and a film that other players can play?",
        ) from error


def _check_regular(path: Path) -> None:
    """Raise unless `path` is a regular file with something in it. A file's own odd name is no obstacle."""
    try:
        status = path.stat()
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        if _PROTOCOL.match(str(path)):
            raise _refused(path, "is an address") from error
        if _PATTERN.search(path.name):
            raise _refused(path, "is a pattern") from error
        if isinstance(error, PermissionError):
            raise MediaUnreadable(f"Cannot read {path}: {error.strerror}.", "Get access to it.") from error
        raise _missing(path) from error
    if not stat.S_ISREG(status.st_mode):
        raise _refused(path, "is a folder" if stat.S_ISDIR(status.st_mode) else "is a device or pipe")
    if status.st_size == 0:
        raise MediaUnreadable(f"{path} is empty.", "Was it copied to its end?")


def _absolute(path: Path) -> str:
    name = str(path.absolute())
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise _refused(path, "has a name that is not UTF-8", "Rename it.") from error
    return name


def _demuxer(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(_HEAD)
        found = _by_magic(head) or _by_sync(_after_id3(file, head))
        if found == "mov":
            _check_whole(file, path)
    if found:
        return found
    if _PLAYLIST.match(head.removeprefix(_BYTE_ORDER_MARK)):
        raise _refused(path, "is a playlist", "Give the film itself, not a list of films.")
    raise MediaUnreadable(f"{path} is not a film.", "Give one such as MP4, MOV, MKV, WebM, MXF or MPEG-TS.")


def _check_whole(file: BinaryIO, path: Path) -> None:
    """Raise `MediaUnreadable` where a box of an MP4 or MOV goes on past the end of the file.

    Boxes (ISO/IEC 14496-12, 4.2) follow each other; a size of 0 means up to the end, 1 that 8 bytes follow.
    What comes after the last known box is none of ours.
    """
    there, start = path.stat().st_size, 0
    while start + 8 <= there:
        file.seek(start)
        size, kind, large = _BOX.unpack(file.read(_BOX.size).ljust(_BOX.size, b"\0"))
        size = large if size == 1 else size or there - start
        if kind not in _BOXES:
            return
        if start + size > there:
            missing = f"{path} is cut off: {there} of at least {start + size} bytes are there."
            raise MediaUnreadable(missing, "Copy it again, whole.")
        start += max(size, 8)


def _by_magic(head: bytes) -> str | None:
    if head[4:8] in _MOV:
        return "mov"
    if head[:4] in _RIFF or head[:4] == b"FORM":
        return _RIFF_KINDS.get(head[8:12])
    if _is_transport_stream(head):
        return "mpegts"
    return next((name for magic, name in _MAGIC if head.startswith(magic)), None)


def _is_transport_stream(head: bytes) -> bool:
    """Packets of 188 bytes that begin with 0x47, or of 192 with four bytes of time before each."""
    return any(
        len(head) > first + 2 * size and all(head[first + n * size] == 0x47 for n in range(3))
        for first, size in ((0, 188), (4, 192))
    )


def _after_id3(file: BinaryIO, head: bytes) -> bytes:
    """The bytes after an ID3v2 tag (its size is written in four times seven bits), or `head` itself."""
    if not head.startswith(b"ID3") or len(head) < 10:
        return head
    size = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    file.seek(10 + size)
    return file.read(_HEAD).lstrip(b"\x00")


def _by_sync(head: bytes) -> str | None:
    """MPEG sound without a container: eleven bits set, then layer 0 for AAC (ADTS) and 1 to 3 for MP3."""
    if head.startswith(b"fLaC"):
        return "flac"
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    if head[1] & 0x06:
        return "mp3" if head[2] & 0xF0 != 0xF0 else None
    return "aac" if head[1] & 0xF0 == 0xF0 else None


def _missing(path: Path) -> MediaMissing:
    return MediaMissing(f"There is no film {path}.", "Check the path.")


def _refused(path: Path, why: str, hint: str = "Give the path of a film on this machine.") -> MediaError:
    return MediaRefused(f"{path} {why}.", hint)
