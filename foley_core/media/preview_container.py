"""The containers that a preview can be written in, and under which codec tag each holds a copied picture.

What a container can hold is asked of FFmpeg's muxer when it is tried; there is no table of it here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from av.video.stream import VideoStream


@dataclass(frozen=True)
class PreviewContainer:
    """A kind of file."""

    suffix: str
    muxer: str
    """FFmpeg's name for it."""
    sound: str
    """The codec of the take in it."""
    encoders: tuple[str, ...] = ("libx264", "libopenh264", "mpeg4")
    """For a picture that it cannot hold as it is, the best first; not every build of FFmpeg has all."""
    steady: bool = False
    """Frames have no times of their own: they follow each other at one rate, in the order of decoding."""


CONTAINERS = {
    container.suffix: container
    for container in (
        PreviewContainer(".mp4", "mp4", "aac"),
        PreviewContainer(".mov", "mov", "pcm_s24le"),
        PreviewContainer(".webm", "webm", "libopus", ("libvpx-vp9", "libvpx")),
        PreviewContainer(".mkv", "matroska", "pcm_s24le"),
        PreviewContainer(".avi", "avi", "pcm_s16le", ("mpeg4",), steady=True),  # H.264 loses its times
    )
}
"""By suffix, the usual ones first."""

_ISO_HEVC = frozenset({"hvc1", "hev1", "dvh1", "dvhe"})
"""The tags that HEVC may have in MP4 and MOV (ISO/IEC 14496-15, 8.4; the last two are Dolby Vision)."""


def containers_for(path: Path, media: Path) -> tuple[PreviewContainer, ...]:
    """Where to try to copy the picture of `media` into: what `path` names; all, where it names none."""
    named = CONTAINERS.get(path.suffix.lower())
    if named:
        return (named,)
    own = CONTAINERS.get(media.suffix.lower())
    return tuple(dict.fromkeys((*([own] if own else []), *CONTAINERS.values())))


def codec_tags(stream: VideoStream, container: PreviewContainer) -> list[str]:
    """The tags to try for a copy of `stream`, best first; an empty one leaves the choice to the muxer.

    Some pictures are told apart by nothing else (the kinds of ProRes), so the source's own comes first. Where
    HEVC has none that MP4 knows (in Matroska, MPEG-TS), it gets the one that players of all makers take.
    """
    tag = _tag(stream)
    if container.muxer in ("mp4", "mov") and stream.codec_context.codec.canonical_name == "hevc":
        tag = tag if tag in _ISO_HEVC else "hvc1"
    return [tag, ""] if tag.strip("\0") else [""]


def _tag(stream: VideoStream) -> str:
    try:
        return stream.codec_context.codec_tag
    except UnicodeDecodeError:  # PyAV can neither read nor set one that is not ASCII
        return ""
