"""An engine that misbehaves on purpose, as the prompt tells it; told nothing, it plays quiet noise.

crash       the process kills itself, as the system does when memory runs out
crash-once  the same, but only the first time in this state folder
hang        never comes back
slow N      takes N tenths of a second
raise       breaks with an error of its own
short long  plays one sample too few, or too many
nan         plays what is no number
leak N      keeps N MB more in memory from then on
import      breaks as a module does that is not installed
"""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from foley_core.engines.engine import Block, Brief, Performance
from foley_core.neural_settings import NEURAL_DEFAULTS, NeuralSettings
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

LEVEL = np.float32(0.01)
_SLOW = re.compile(r"slow (\d{1,4})", re.ASCII)
_LEAK = re.compile(r"leak (\d{1,4})", re.ASCII)


class FaultyEngine:
    """Satisfies `Engine`, unless the prompt asks for something else."""

    name = "faulty"
    version = "1"
    device = "CPU"

    def __init__(self) -> None:
        self._leaked: list[bytes] = []

    def load(self, neural: NeuralSettings = NEURAL_DEFAULTS) -> None:
        """Nothing to load."""

    def perform(self, brief: Brief) -> Performance:
        """Noise by seed, or the fault that the prompt names."""
        words = brief.prompt.split()
        if "crash-once" in words and not _happened_before():
            _die()
        if "crash" in words:
            _die()
        if "raise" in words:
            raise RuntimeError("asked to break")
        if "import" in words:
            raise ImportError("asked not to be found")
        if leak := _LEAK.search(brief.prompt):
            self._leaked.append(b"x" * (int(leak[1]) << 20))
        slow = _SLOW.search(brief.prompt)
        if slow or "hang" in words:
            brief.picture.impacts()  # watched to the end, so that what follows is seen to be making sound
            brief.tick(0.0)
        while "hang" in words:
            time.sleep(1)
        if slow:
            _dawdle(brief, int(slow[1]))
        return Performance(blocks=self._blocks(brief, words))

    def _blocks(self, brief: Brief, words: list[str]) -> Iterator[Block]:
        samples = brief.samples + ("long" in words) - ("short" in words)
        for first in range(0, samples, SAMPLE_RATE):
            count = min(SAMPLE_RATE, samples - first)
            yield {
                layer: _noise(brief, place, first, count, words) for place, layer in enumerate(brief.layers)
            }
            brief.tick(min((first + count) / brief.samples, 1.0))


def _noise(brief: Brief, place: int, first: int, count: int, words: list[str]) -> Sound:
    rng = np.random.default_rng([brief.seed, place, brief.first_sample + first])
    sound: Sound = LEVEL * rng.standard_normal((count, 2), dtype=np.float32)
    if "nan" in words:
        sound[0] = np.nan
    return sound


def _dawdle(brief: Brief, tenths: int) -> None:
    for done in range(tenths):
        brief.tick(done / tenths / 2)
        time.sleep(0.1)


def _happened_before() -> bool:
    mark = Path(os.environ["FOLEY_HOME"]) / "crashed-once"
    if mark.exists():
        return True
    mark.touch()
    return False


def _die() -> None:
    if sys.platform == "win32":
        os._exit(137)
    else:
        os.kill(os.getpid(), signal.SIGKILL)
