"""A stretch of a film's picture, decoded and encoded anew, for containers that cannot hold it as it is.

Every frame keeps its exact time where the container has times, and its size in square pixels. It gets 8 bits
and 4:2:0, which every player shows; the colours are marked as the source's.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import av
from av.container import OutputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from av.video.stream import VideoStream

from foley_core.errors import MediaUnreadable
from foley_core.media.frames import Frame, frames
from foley_core.media.preview_container import PreviewContainer
from foley_core.media.probe import MediaInfo

LONGEST_LEAD = Fraction(60)
"""A preview begins at most so many seconds before the in-point, however long a frame is held there."""
_PIXELS = "yuv420p"
_OPTIONS = {
    "libx264": {"preset": "veryfast", "crf": "18", "bf": "0"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "6", "row-mt": "1", "crf": "24", "b": "0"},
    "libvpx": {"deadline": "realtime", "cpu-used": "6", "crf": "10", "b": "8M"},
    "mpeg4": {"b": "40M", "qmin": "2", "qmax": "5", "bf": "0"},
}
"""Fast, and good enough to judge sound by. Without B-frames, so that frames are decoded in the order in which
they are shown, and every container holds their times."""


@dataclass(frozen=True)
class PictureEncoding:
    """The frames from `first`, the time of the one shown at the in-point, up to `end`."""

    info: MediaInfo
    zero: Fraction
    """Where the preview begins: at the first frame, or within a pause in which that one is shown."""
    first: Fraction
    end: Fraction
    _meanwhile: Callable[[], None]

    def stream(
        self, output: OutputContainer, container: PreviewContainer
    ) -> tuple[VideoStream, Iterator[Packet[VideoStream]]]:
        """The new stream of `output`, and its packets; `MediaUnreadable` where there is no encoder."""
        info = self.info
        found = frames(info, self.first, self.end, self._meanwhile)
        first = next(found, None)
        if first is None:
            raise MediaUnreadable(f"No frame of {info.path} is left to encode.", "Make a longer cue.")
        name = encoder(container)
        stream = output.add_stream(name, rate=info.rate, options=dict(_OPTIONS.get(name, {})))
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = _size(info)
        stream.pix_fmt = _PIXELS
        stream.codec_context.time_base = 1 / info.rate if container.steady else info.time_base
        _mark_colours(stream, first.decoded())
        if info.rotation:
            stream.set_display_rotation(info.rotation)
        return stream, self._packets(stream, itertools.chain([first], found))

    def _packets(self, stream: VideoStream, found: Iterator[Frame]) -> Iterator[Packet[VideoStream]]:
        scaler, tick = VideoReformatter(), stream.codec_context.time_base
        assert tick is not None
        for frame in found:
            picture = _converted(scaler, frame.decoded(), stream.width, stream.height)
            picture.pts, picture.time_base = round(max(frame.time - self.zero, Fraction(0)) / tick), tick
            yield from stream.encode(picture)
        yield from stream.encode(None)


def encode_picture(
    info: MediaInfo, in_point: Fraction, out_point: Fraction, meanwhile: Callable[[], None]
) -> PictureEncoding:
    """The encoding over [`in_point`, `out_point`) of media time; `meanwhile` is called for each frame."""
    back = Fraction(1)
    while True:
        start = max(in_point - back, Fraction(0))
        shown = deque((f.time for f in frames(info, start, in_point + info.time_base, meanwhile)), maxlen=1)
        if shown or not start:
            first = shown[0] if shown else start
            zero = in_point if in_point - first > LONGEST_LEAD else first
            return PictureEncoding(info, zero, first, out_point, meanwhile)
        back *= 4


def encoder(container: PreviewContainer) -> str:
    """The best encoder for `container` that this build of FFmpeg has."""
    for name in container.encoders:
        try:
            return av.Codec(name, "w").name
        except ValueError:
            continue
    raise MediaUnreadable(f"There is no encoder for a picture in {container.suffix}.", "Choose another name.")


def codec_name(container: PreviewContainer) -> str:
    """What it encodes to, as people call it."""
    return {"h264": "H.264", "mpeg4": "MPEG-4", "vp9": "VP9", "vp8": "VP8"}[
        av.Codec(encoder(container), "w").canonical_name
    ]


def _size(info: MediaInfo) -> tuple[int, int]:
    """Width and height before it is turned, even."""
    lying = info.rotation % 180 == 90
    width, height = (info.height, info.width) if lying else (info.width, info.height)
    return width + width % 2, height + height % 2


def _mark_colours(stream: VideoStream, picture: VideoFrame) -> None:
    context = stream.codec_context
    context.color_range = ColorRange.MPEG
    context.color_primaries, context.color_trc = picture.color_primaries, picture.color_trc
    context.colorspace = Colorspace.ITU709 if picture.format.is_rgb else picture.colorspace


def _converted(scaler: VideoReformatter, picture: VideoFrame, width: int, height: int) -> VideoFrame:
    matrix = Colorspace.ITU709 if picture.format.is_rgb else None
    return scaler.reformat(
        picture,
        width,
        height,
        _PIXELS,
        dst_colorspace=matrix,
        dst_color_range=ColorRange.MPEG,
        interpolation=Interpolation.BICUBIC,
    )
