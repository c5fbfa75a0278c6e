"""A project open in Blender, and what a test does with it: place clips, generate, wait, mix down, listen.

Works in Blender 4.3, 4.5 and 5.2, with names of its own for what is called differently in them.
"""

import json
import os
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

import bpy
import numpy as np
from bpy.app.handlers import persistent

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
        self.queue = addon.queue

    @property
    def scene(self):
        return getattr(bpy.context, "sequencer_scene", None) or bpy.context.scene

    @property
    def strips(self):
        return strips(self.scene.sequence_editor_create())

    @property
    def sounds(self):
        return [strip for strip in self.strips if strip.type == "SOUND"]

    def set_rate(self, fps, fps_base=1.0):
        self.scene.render.fps, self.scene.render.fps_base = fps, fps_base

    def place(self, film, start=11, trim=0, frames=None, channel=1):
        """Put a film on the timeline, trimmed, and select it alone."""
        clip = self.strips.new_movie("Clip", str(film), channel, start)
        cut_off(clip, left=trim)
        if frames is not None:
            shorten(clip, frames)
        self.select(clip)
        return clip

    def add(self, film, start=11):
        """Put a film on the timeline as Blender's own Add Movie does, stretched to the scene's rate."""
        self.scene.sequence_editor_create()
        known = bpy.ops.sequencer.movie_strip_add.get_rna_type().properties
        # Otherwise the strip is handed to the mouse, and without a window Blender 5 crashes.
        still = {"move_strips": False} if "move_strips" in known else {}
        with self.over_timeline():
            bpy.ops.sequencer.movie_strip_add(
                filepath=str(film),
                frame_start=start,
                channel=1,
                sound=False,
                use_framerate=False,
                adjust_playback_rate=True,
                **still,
            )
        (clip,) = self.strips
        self.select(clip)
        return clip

    def place_effect(self, kind, channel, start, end, film=None, second=None):
        """Put an effect strip on the timeline, of a film strip or two where it needs them."""
        known = self.strips.bl_rna.functions["new_effect"].parameters
        how = {"length": end - start} if "length" in known else {"frame_end": end}
        if film is not None:
            how["input1" if "input1" in known else "seq1"] = film
        if second is not None:
            how["input2" if "input2" in known else "seq2"] = second
        return self.strips.new_effect(kind.title(), kind, channel, start, **how)

    def select(self, *chosen):
        for strip in all_strips(self.scene.sequence_editor):
            strip.select = strip in chosen
        self.scene.sequence_editor.active_strip = chosen[0] if len(chosen) == 1 else None

    def over_timeline(self):
        """What operators of the sequencer need to be called: a context with a sequencer."""
        window = bpy.context.window_manager.windows[0]
        area = window.screen.areas[0]
        area.type = "SEQUENCE_EDITOR"
        region = next(region for region in area.regions if region.type == "WINDOW")
        return bpy.context.temp_override(window=window, area=area, region=region)

    def connected(self, strip):
        """Names of the strips that are selected along with one that is drawn a box around."""
        everything = all_strips(self.scene.sequence_editor)
        selected = [one.select for one in everything]
        with self.over_timeline():
            place, view = where(strip), bpy.context.region.view2d
            left, below = view.view_to_region(place.start + 2, strip.channel + 0.3, clip=False)
            right, above = view.view_to_region(place.end - 2, strip.channel + 0.7, clip=False)
            bpy.ops.sequencer.select_box(
                xmin=left, xmax=right, ymin=below, ymax=above, wait_for_input=False, mode="SET"
            )
        found = {one.name for one in everything if one.select}
        for one, was in zip(everything, selected, strict=True):
            one.select = was
        return found - {strip.name}

    def generate(self, prompt="", engine="impulse", seed="7", **more):
        """Run the operator; gives the job's id."""
        known = set(self.queue.running)
        assert bpy.ops.foley.generate(prompt=prompt, engine=engine, seed=seed, **more) == {"FINISHED"}
        (job,) = set(self.queue.running) - known
        return job

    def until(self, holds):
        """Do what the timer does, until something holds."""
        deadline = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < deadline, (self.queue.running, self.queue.problem, self.queue.backend)
            self.queue.pump()
            time.sleep(0.01)

    def finish(self):
        """Wait for all jobs; gives the sound strips."""
        self.until(lambda: not self.queue.running)
        return self.sounds

    def take(self):
        """Wait for all jobs, which must end in one sound strip; gives it."""
        sounds = self.finish()
        assert len(sounds) == 1, (sounds, self.queue.problem)
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


@persistent
def show_scene(*_file):
    """From 5.0 on the sequencer has a scene of its own, which nobody chooses where there is no window."""
    if hasattr(bpy.context, "sequencer_scene"):
        bpy.context.workspace.sequencer_scene = bpy.context.scene


class Where(NamedTuple):
    """Where a strip lies, in frames. Its ends, of which the right one is exclusive, and what they cut off."""

    start: int
    end: int
    cut_left: float
    cut_right: float

    @property
    def frames(self):
        return self.end - self.start


def where(strip):
    """Where a strip lies now."""
    return Where(*(getattr(strip, _name(strip, old)) for old in _ENDS))


def cut_off(strip, left=None, right=None):
    """Trim so many frames off a strip's content; below zero its first or last frame is held as long."""
    if left is not None:
        setattr(strip, _name(strip, "frame_offset_start"), left)
    if right is not None:
        setattr(strip, _name(strip, "frame_offset_end"), right)


def shorten(strip, frames):
    """Trim a strip at its end to so many frames."""
    setattr(strip, _name(strip, "frame_final_duration"), frames)


def move(strip, frames):
    """Move a strip along the timeline."""
    name = _name(strip, "frame_start")
    setattr(strip, name, getattr(strip, name) + frames)


_ENDS = ("frame_final_start", "frame_final_end", "frame_offset_start", "frame_offset_end")
_FROM_5_2 = {
    "frame_final_start": "left_handle",
    "frame_final_end": "right_handle",
    "frame_offset_start": "left_handle_offset",
    "frame_offset_end": "right_handle_offset",
    "frame_final_duration": "duration",
    "frame_start": "content_start",
}
"""Blender 5.2 warns whoever uses the old names."""


def _name(strip, old):
    return _FROM_5_2[old] if hasattr(strip, _FROM_5_2[old]) else old


def strips(owner):
    """The strips of a sequence editor or of a meta strip."""
    return owner.strips if hasattr(owner, "strips") else owner.sequences


def all_strips(editor):
    """All strips of a sequence editor, those inside metas too."""
    return editor.strips_all if hasattr(editor, "strips_all") else editor.sequences_all


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
