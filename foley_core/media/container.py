"""Opens films and sound files; nothing else in the product hands a name to FFmpeg for reading.

Guarantees: what is opened is a regular local file whose bytes are those of a known container, opened
by that container's demuxer alone and with the `file` protocol alone. URLs, playlists, patterns, devices and
folders are refused before FFmpeg sees them, so a file can never make it open another one or an address.
Every error comes out as a `MediaError`. It does not look at the streams.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import av
from av.container import InputContainer

from foley_core.errors import MediaUnreadable
from foley_core.media.container_kind import HEAD, bare_picture, demuxer, is_playlist, sound_demuxer
from foley_core.media.cut_off import Part, find_cut, run_in
from foley_core.media.regular_file import check_regular, missing, refused


def open_film(path: Path) -> InputContainer:
    """Open the film or sound file `path`; close it, or use it in a `with`.

    Raises `MediaMissing`, `MediaRefused` (no regular local file, or a playlist) or `MediaUnreadable` (empty,
    cut off before its index, or not a film).
    """
    check_regular(path)
    with reading(path):
        kind = _demuxer(path)
        start, end = run_in(path, kind), path.stat().st_size
        if kind == "mov" and (cut := find_cut(path, kind)):
            end = cut.usable
        options = {"protocol_whitelist": "file"}
        if kind == "avi":  # it stores no presentation times
            options["fflags"] = "+genpts"
        film: str | Part = "file:" + _absolute(path)
        if start or end < path.stat().st_size:
            film = Part(path, start, end)
        return av.open(film, "r", format=kind, options=options, metadata_errors="replace")


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what FFmpeg and the operating system raise while `path` is read into a `MediaError`."""
    try:
        yield
    except FileNotFoundError as error:
        raise missing(path) from error
    except (IsADirectoryError, av.ProtocolNotFoundError) as error:
        raise refused(path, "is not a film") from error
    except (av.FFmpegError, OSError) as error:
        raise MediaUnreadable(
            f"Cannot read {path}: {error.strerror or error}.",
            "Is it whole, and a film that other players can play?",
        ) from error


def _absolute(path: Path) -> str:
    name = str(path.absolute())
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise refused(path, "has a name that is not UTF-8", "Rename it.") from error
    return name


def film_note(path: Path) -> str:
    """What is to be said of a film as a file: that it is cut off; empty where it is whole."""
    with reading(path):
        cut = find_cut(path, _demuxer(path))
        return cut.note(path) if cut else ""


def _demuxer(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(HEAD)
        found = demuxer(head) or sound_demuxer(_after_id3(file, head))
    if found:
        return found
    if is_playlist(head):
        raise refused(path, "is a playlist", "Give the film itself, not a list of films.")
    if bare := bare_picture(head):
        raise MediaUnreadable(
            f"{path} is {bare} without a container, in which no frame has a time.", "Copy it into MP4 or MOV."
        )
    raise MediaUnreadable(f"{path} is not a film.", "Give one such as MP4, MOV, MKV, WebM, MXF or MPEG-TS.")


def _after_id3(file: BinaryIO, head: bytes) -> bytes:
    """The bytes after an ID3v2 tag (its size is written in four times seven bits), or `head` itself."""
    if not head.startswith(b"ID3") or len(head) < 10:
        return head
    size = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    file.seek(10 + size)
    return file.read(HEAD).lstrip(b"\x00")
