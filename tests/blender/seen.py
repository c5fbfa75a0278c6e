"""Looks at films with the main environment's decoder: numbers and flashes of their frames, exact times."""

import json
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import bpy
from cut import BACKEND_PYTHON, ROOT

_LOOK = """
import json, sys
from pathlib import Path
import numpy as np
from foley_core.media.frames import frames
from foley_core.media.probe import probe
from tests.films import barcode, is_white
def looked_at(path):
    info = probe(Path(path))
    shown = list(frames(info, info.origin * 0, info.duration))
    return info, shown, [frame.luma(info.width, info.height) for frame in shown]
info, shown, lumas = looked_at(sys.argv[1])
seen = {"rate": str(info.rate), "size": [info.width, info.height], "sound": info.sound is not None}
seen["times"] = [str(frame.time) for frame in shown]
seen["numbers"] = [barcode(luma) for luma in lumas]
seen["white"] = [at for at, luma in enumerate(lumas) if is_white(luma)]
seen["brightness"] = [float(luma.mean()) for luma in lumas]
if len(sys.argv) > 2:
    sources = np.float64(looked_at(sys.argv[2])[2])
    noise = [[max(np.square(source - luma).mean(), 1e-9) for source in sources] for luma in lumas]
    seen["psnr"] = (10 * np.log10(255**2 / np.array(noise))).tolist()
print(json.dumps(seen))
"""


class Seen(NamedTuple):
    """What a film shows."""

    rate: Fraction
    size: list
    sound: bool
    times: list
    numbers: list
    """The barcode of each frame."""
    white: list
    """Which frames are flashes, counted from 0."""
    brightness: list
    """Mean luma of each frame, 0 to 255."""
    psnr: list = ()
    """Decibels, of each frame against each frame of the other film."""


def look(path, source=None):
    """What a film shows, and how like the frames of `source` its frames are."""
    command = [BACKEND_PYTHON, "-c", _LOOK, str(path), *([str(source)] if source else [])]
    seen = json.loads(subprocess.run(command, cwd=str(ROOT), stdout=subprocess.PIPE, check=True).stdout)
    seen["rate"], seen["times"] = Fraction(seen["rate"]), [Fraction(time) for time in seen["times"]]
    return Seen(**seen)


def rendered(cut):
    """The rendered copy of what is selected: its picture and its path."""
    picture = cut.addon.timeline.selection.picture(bpy.context)
    assert picture.render is not None
    assert picture.media == ""
    copy = cut.addon.jobs.rendering.begin(picture)
    path = copy.poll()
    assert Path(path).is_absolute()
    assert copy.poll() == path
    return picture, path
