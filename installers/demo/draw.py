"""Draw the demo clip and write down when its impacts truly are.

    python installers/demo/draw.py [FOLDER]

writes `demo.mp4` (H.264, 1280x720, 30 frames per second, with a faint room hum so that a preview has
something to mix under) and `demo.json` (every impact: exact time, place, kind). Each frame is a short
exposure centred on its own time, so motion is blurred evenly around it and the truth has no bias.
"""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from pathlib import Path

import av
import motion
import numpy as np
import scene
from numpy.typing import NDArray

PROMPT = "wood, metal and hammer, rain"
EXPOSURE = Fraction(1, 75)
INSTANTS = 6
"""Pictures averaged for one exposure."""

SAMPLE_RATE = 48_000


def main(folder: Path) -> None:
    """Write film and truth into `folder`."""
    write_truth(folder / "demo.json")
    with av.open(str(folder / "demo.mp4"), "w", options={"movflags": "+faststart"}) as container:
        video = container.add_stream("libx264", rate=motion.RATE)
        video.width, video.height, video.pix_fmt = motion.WIDTH, motion.HEIGHT, "yuv420p"
        video.options = {"crf": "24", "preset": "slow", "tune": "animation", "threads": "1"}
        video.gop_size = 60
        sound = container.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")
        sound.bit_rate = 48_000
        _encode_picture(container, video)
        _encode_sound(container, sound)
    print(folder / "demo.mp4", f"{(folder / 'demo.mp4').stat().st_size / 1e6:.2f} MB")


def write_truth(path: Path) -> None:
    """Write every impact of the clip, as JSON."""
    impacts = [
        {
            "time": float(strike.time),
            "time_exact": f"{strike.time.numerator}/{strike.time.denominator}",
            "x": round(strike.x / motion.WIDTH, 4),
            "y": round(strike.y / motion.HEIGHT, 4),
            "kind": strike.kind,
            "what": strike.what,
        }
        for strike in motion.strikes()
    ]
    truth = {
        "film": "demo.mp4",
        "rate": f"{motion.RATE.numerator}/{motion.RATE.denominator}",
        "duration": f"{motion.DURATION.numerator}/{motion.DURATION.denominator}",
        "size": [motion.WIDTH, motion.HEIGHT],
        "prompt": PROMPT,
        "impacts": impacts,
    }
    path.write_text(json.dumps(truth, indent=2) + "\n", encoding="utf-8", newline="\n")


def _encode_picture(container: av.container.OutputContainer, stream: av.VideoStream) -> None:
    workshop = scene.Scene()
    for index in range(int(motion.DURATION * motion.RATE)):
        frame = av.VideoFrame.from_ndarray(_exposed(workshop, Fraction(index) / motion.RATE), format="rgb24")
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def _exposed(workshop: scene.Scene, time: Fraction) -> NDArray[np.uint8]:
    """One frame as RGB bytes: the mean of a few instants, evenly about `time`."""
    steps = [Fraction(2 * k + 1 - INSTANTS, 2 * INSTANTS) * EXPOSURE for k in range(INSTANTS)]
    total = sum(workshop.paint(float(time + step)) for step in steps)
    return np.asarray(np.clip(total / INSTANTS * 255 + 0.5, 0, 255), np.uint8)


def _encode_sound(container: av.container.OutputContainer, stream: av.AudioStream) -> None:
    """A quiet mains hum with its harmonics and a breath of noise, about -50 dBFS."""
    time = np.arange(int(motion.DURATION * SAMPLE_RATE)) / SAMPLE_RATE
    hum = sum(np.sin(2 * np.pi * 50 * k * time) / k**1.5 for k in (1, 2, 3, 4)) * 0.002
    noise = np.random.default_rng(50).standard_normal((2, len(time))) * 0.0008
    both = (np.stack([hum, hum]) + noise).astype(np.float32)
    for start in range(0, both.shape[1], 1024):
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(both[:, start : start + 1024]), "fltp", "stereo"
        )
        frame.sample_rate, frame.pts = SAMPLE_RATE, start
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
