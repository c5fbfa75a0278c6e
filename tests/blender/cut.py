"""A project open in Blender, and what a test does with it: place clips, generate, wait, mix down, listen."""

import json
import os
import subprocess
import time
from pathlib import Path

import bpy
import numpy as np

PATIENCE = 120.0
ROOT = Path(__file__).parent.parent.parent

BACKEND_PYTHON = os.environ.get("FOLEY_BACKEND_PYTHON") or str(
    ROOT / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
)
"""The Python of the main environment, which has foley."""


class Cut:
    """The open project. `addon` is the add-on's package."""

    def __init__(self, addon, folder):
        self.addon = addon
        self.folder = Path(folder)
        self.jobs = addon.jobs

    @property
    def scene(self):
        return bpy.context.scene

    @property
    def strips(self):
        return self.scene.sequence_editor_create().sequences

    @property
    def sounds(self):
        return [strip for strip in self.strips if strip.type == "SOUND"]

    def set_rate(self, fps, fps_base=1.0):
        self.scene.render.fps, self.scene.render.fps_base = fps, fps_base

    def place(self, film, start=11, trim=0, frames=None, channel=1):
        """Put a film on the timeline, trimmed, and select it alone."""
        clip = self.strips.new_movie("Clip", str(film), channel, start)
        clip.frame_offset_start = trim
        if frames is not None:
            clip.frame_final_duration = frames
        self.select(clip)
        return clip

    def select(self, *strips):
        for strip in self.scene.sequence_editor.sequences_all:
            strip.select = strip in strips
        self.scene.sequence_editor.active_strip = strips[0] if len(strips) == 1 else None

    def generate(self, prompt="", engine="impulse", seed="7", **more):
        """Run the operator; gives the job's id."""
        known = set(self.jobs.running)
        assert bpy.ops.foley.generate(prompt=prompt, engine=engine, seed=seed, **more) == {"FINISHED"}
        (job,) = set(self.jobs.running) - known
        return job

    def until(self, holds):
        """Do what the timer does, until something holds."""
        deadline = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < deadline, (self.jobs.running, self.jobs.problem, self.jobs.backend)
            self.jobs.pump()
            time.sleep(0.01)

    def finish(self):
        """Wait for all jobs; gives the sound strips."""
        self.until(lambda: not self.jobs.running)
        return self.sounds

    def take(self):
        """Wait for all jobs, which must end in one sound strip; gives it."""
        sounds = self.finish()
        assert len(sounds) == 1, (sounds, self.jobs.problem)
        return sounds[0]

    def mix(self):
        """What the timeline sounds like: samples from the scene's first frame, mono, 48 kHz."""
        path = self.folder / "mix.wav"
        bpy.ops.sound.mixdown(
            filepath=str(path), container="WAV", codec="PCM", format="S24", mixrate=48_000, channels="STEREO"
        )
        return samples_of(path)

    def sample_of(self, frame, rate):
        """Where a frame of the timeline lies in the mix, exactly."""
        return (frame - self.scene.frame_start) / rate * 48_000


def samples_of(path):
    """The samples of a WAV with 16 or 24 bits, its channels averaged, as float64 from -1 to 1."""
    chunks = dict(_chunks(Path(path).read_bytes()))
    channels, bits = (int.from_bytes(chunks[b"fmt "][at : at + 2], "little") for at in (2, 14))
    raw = np.frombuffer(chunks[b"data"], np.uint8).reshape(-1, bits // 8)
    padded = np.zeros((len(raw), 4), np.uint8)
    padded[:, 4 - bits // 8 :] = raw
    return padded.view("<i4").reshape(-1, channels).mean(axis=1) / 2**31


def _chunks(riff):
    at = 12
    while at + 8 <= len(riff):
        size = int.from_bytes(riff[at + 4 : at + 8], "little")
        yield riff[at : at + 4], riff[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def clicks(samples):
    """Where the single samples of the impulse engine lie."""
    loud = np.flatnonzero(np.abs(samples) > 0.25 * np.abs(samples).max())
    apart = np.flatnonzero(np.diff(loud, prepend=-10_000) > 100)
    return [int(first) + int(np.argmax(np.abs(samples[first : first + 100]))) for first in loud[apart]]


def find_again(take, at, mix, expected, reach=480):
    """Where a stretch of the take around `at` lies in the mix, looked for around `expected`."""
    half = 2_400
    first = max(at - half // 4, 0)
    wanted = take[first : at + half]
    wanted = wanted - wanted.mean()
    begin = max(round(expected) - (at - first) - reach, 0)
    heard = mix[begin : begin + len(wanted) + 2 * reach]
    return begin + int(np.argmax(np.correlate(heard, wanted, "valid"))) + (at - first)


def draw_film(path, **how):
    """Draw a film of flashes with the main environment's decoder; gives where it is and its true flashes."""
    script = (
        "import json, sys; from fractions import Fraction; from pathlib import Path\n"
        "from tests.films import flash_film\n"
        "how = json.loads(sys.argv[2]); how['rate'] = Fraction(how['rate'])\n"
        "film = flash_film(Path(sys.argv[1]), **how)\n"
        "print(json.dumps([str(film.path), str(film.rate), [str(time) for time in film.flashes]]))"
    )
    command = [BACKEND_PYTHON, "-c", script, str(path), json.dumps(how)]
    drawn = subprocess.run(command, cwd=str(ROOT), stdout=subprocess.PIPE, check=True).stdout
    return json.loads(drawn)
