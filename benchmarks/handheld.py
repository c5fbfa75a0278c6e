"""Real clips made handheld: shake, a pan and a zoom drawn over them, without their sound."""

from __future__ import annotations

from pathlib import Path

import av
import cv2
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

from benchmarks.training.cameras import moving
from benchmarks.training.scene import Matrix

WAYS = {
    "shake": {"held": 0.006},
    "pan": {"held": 0.002, "pan": (0.03, 0.005)},
    "zoom": {"held": 0.002, "zoom": 0.03},
}
"""How the hand moves: see `cameras.moving`."""
_CLOSER = 1.12
"""The clip is enlarged by this, so that its edges stay out of the picture most of the time."""


def handheld(clip: Path, way: str, folder: Path) -> Path:
    """The clip's picture, seen by a camera that moves; each frame keeps its own time."""
    path = folder / f"{clip.stem}-{way}.mkv"
    with av.open(str(clip)) as source, av.open(str(path), "w") as copy:
        stream = source.streams.video[0]
        out = copy.add_stream(
            "libx264", rate=stream.average_rate, options={"crf": "18", "preset": "veryfast"}
        )
        assert isinstance(out, VideoStream)
        out.width, out.height, out.pix_fmt = stream.width // 2 * 2, stream.height // 2 * 2, "yuv420p"
        out.time_base = out.codec_context.time_base = stream.time_base
        size = np.array([stream.width, stream.height]) / stream.width
        seconds = float(stream.duration * stream.time_base) if stream.duration else 10.0
        view = moving(np.random.default_rng(3), seconds, height=float(size[1]), **WAYS[way])  # type: ignore[arg-type]
        for frame in source.decode(stream):
            matrix = _in_pixels(view(float(frame.time)), size, stream.width)
            picture = cv2.warpAffine(
                frame.to_ndarray(format="bgr24"),
                matrix,
                (stream.width, stream.height),
                flags=cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_REFLECT,
            )
            shown = av.VideoFrame.from_ndarray(picture, format="bgr24").reformat(
                out.width, out.height, "yuv420p"
            )
            shown.pts, shown.time_base = frame.pts, frame.time_base
            copy.mux(out.encode(shown))
        copy.mux(out.encode(None))
    return path


def _in_pixels(matrix: Matrix, size: NDArray[np.float64], width: int) -> Matrix:
    """The camera's motion about the clip's middle, in pixels, a little closer."""
    middle = size / 2
    turn = matrix[:, :2] * _CLOSER
    home = matrix[:, :2] @ np.array([0.5, 9 / 32]) + matrix[:, 2]
    return np.column_stack([turn, (home - turn @ middle) * width])
