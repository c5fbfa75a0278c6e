"""Which container a file is, told by its bytes: the name of FFmpeg's demuxer for it.

The first bytes tell most. A stream of packets may also begin anywhere: what was cut out of a broadcast begins
in the middle of a packet, some recorders write zeros before the first, and MXF allows a run-in of any bytes.
So packets are looked for, in the first `HEAD` bytes. Opens nothing.
"""

from __future__ import annotations

import re

from foley_core.media import mxf_partition

HEAD = mxf_partition.RUN_IN + len(mxf_partition.KEY)
"""Bytes of a file's beginning that are looked at."""

_MOV = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"styp", b"sidx", b"uuid"})
_RIFF = frozenset({b"RIFF", b"RF64", b"BW64"})
_RIFF_KINDS = {b"AVI ": "avi", b"WAVE": "wav", b"AIFF": "aiff", b"AIFC": "aiff"}
_PACK = b"\x00\x00\x01\xba"
_MAGIC = (
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (_PACK, "mpeg"),
    (mxf_partition.KEY, "mxf"),
    (b"OggS", "ogg"),
    (b"FLV\x01", "flv"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"YUV4MPEG2 ", "yuv4mpegpipe"),
    (b"fLaC", "flac"),
    (b"caff", "caf"),
    (b"\x0b\x77", "ac3"),
    (b"DKIF", "ivf"),
    (b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb", "w64"),
    (b".snd", "au"),
    (b"wvpk", "wv"),
    (b"TTA1", "tta"),
    (b"#!AMR", "amr"),
)
"""First bytes, and the name of FFmpeg's demuxer for them."""

_DV = re.compile(rb"\x1f\x07\x00[\x3f\xbf]")
"""The header of a DIF sequence (IEC 61834-2): 525/60, or 625/50 with the next bit set."""
_PACKETS = (188, 192, 204)
"""Lengths of MPEG-TS packets: plain, with four bytes of time before each, with sixteen of check bytes."""
_IN_A_ROW = 6
_SYNC = b"\x47"
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
"""Bytes that no text has, whatever its encoding but UTF-16."""

_PLAYLIST = re.compile(
    rb"\s*(#EXTM3U|ffconcat\s+version|\[playlist\]|\[reference\]|v=0\s"
    rb"|(file|stream)\s+\S|(https?|rtmp|rtsp|mms|ftp)[a-z]*://"
    rb"|(<\?xml.{0,500}?)?<(mpd|playlist|asx|smil|smoothstreamingmedia)\b)",
    re.IGNORECASE | re.DOTALL,
)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_BARE = (
    (re.compile(rb"\x00{0,3}\x00\x00\x01[\x09\x67\x27\x47]"), "H.264"),
    (re.compile(rb"\x00{0,3}\x00\x00\x01[\x40\x42\x44\x46]\x01"), "HEVC"),
    (re.compile(rb"\x00{0,3}\x00\x00\x01\xb3"), "MPEG video"),
    (re.compile(rb"\x00{0,3}\x00\x00\x01(\xb0|\xb5|[\x00-\x1f]\x00\x00\x01[\x20-\x2f])"), "MPEG-4 video"),
    (re.compile(rb"\x00{0,3}\x00\x00\x01\x0f"), "VC-1"),
    (re.compile(rb"\xff\xd8\xff.*\xff\xd9\xff\xd8\xff", re.DOTALL), "Motion JPEG"),
    (re.compile(rb"\x12\x00\x0a[\x01-\x7f]"), "AV1"),
)
"""How picture without a container begins: with parameters or a sequence, or with one JPEG after another."""


def demuxer(head: bytes) -> str | None:
    """The demuxer for a film or sound file that begins like this; None where it is none that is known."""
    if head[4:8] in _MOV:
        return "mov"
    if head[:4] in _RIFF or head[:4] == b"FORM":
        return _RIFF_KINDS.get(head[8:12])
    known = next((name for magic, name in _MAGIC if head.startswith(magic)), None)
    if known or is_playlist(head) or not _CONTROL.search(head):
        return known
    if _DV.match(head):
        return "dv"
    if _has_transport_packets(head):
        return "mpegts"
    if head.count(_PACK) > 1:
        return "mpeg"
    return "mxf" if mxf_partition.KEY in head else sound_demuxer(head)


def sound_demuxer(head: bytes) -> str | None:
    """MPEG sound without a container: eleven bits set, then layer 0 for AAC (ADTS) and 1 to 3 for MP3."""
    if head.startswith(b"fLaC"):
        return "flac"
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    if head[1] & 0x06:
        return "mp3" if head[2] & 0xF0 != 0xF0 else None
    return "aac" if head[1] & 0xF0 == 0xF0 else None


def is_playlist(head: bytes) -> bool:
    """Whether it is a text that names other files or addresses."""
    return bool(_PLAYLIST.match(head.removeprefix(_BYTE_ORDER_MARK)))


def bare_picture(head: bytes) -> str:
    """What is in a file that has picture and no container, in which no frame has a time; else empty."""
    return next((name for form, name in _BARE if form.match(head)), "")


def _has_transport_packets(head: bytes) -> bool:
    """Whether packets of MPEG-TS follow each other somewhere (ISO/IEC 13818-1, 2.4.3.2).

    The first may be cut off anywhere, and zeros may lie before it. Two bits of a packet's fourth byte say
    what is in it, and are never both unset.
    """
    longest = max(_PACKETS)
    start = len(head) - len(head.lstrip(b"\0"))
    at = head.find(_SYNC, start, start + longest)
    while at >= 0:
        for size in _PACKETS:
            run = range(at, len(head) - 3, size)[: _IN_A_ROW if len(head) > _IN_A_ROW * longest else 3]
            if len(run) >= 3 and all(head[place] == _SYNC[0] and head[place + 3] & 0x30 for place in run):
                return True
        at = head.find(_SYNC, at + 1, start + longest)
    return False
