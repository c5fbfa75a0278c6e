"""What tests of what happens while a take is being made have in common.

Takes are put on the timeline by `pump` alone, so all that is done between `generate` and `finish` is done
while the job is on its way.
"""

from pathlib import Path

import bpy
import pytest
from cut import clicks

FLASHES = [30, 50, 80]


def record_files(folder):
    return sorted((Path(folder) / "foley" / ".jobs").glob("*.json"))


def retried(cut):
    """The sound strip, once the job that failed is tried again."""
    (job,) = cut.queue.failed
    assert bpy.ops.foley.retry(job=job) == {"FINISHED"}
    cut.until(lambda: not cut.queue.later and not cut.queue.running)
    assert cut.queue.failed == {}
    return cut.take()


def save(path):
    bpy.ops.wm.save_as_mainfile(filepath=str(path))


def step(name):
    """Make an undo step, as every operator does that the user calls."""
    bpy.ops.ed.undo_push(message=name)


def generate_with_undo(cut, **asked):
    """Run the operator as the user does, with an undo step of its own."""
    known = set(cut.queue.running)
    wished = {"engine": "impulse", "seed": "7", **asked}
    assert bpy.ops.foley.generate("EXEC_DEFAULT", True, **wished) == {"FINISHED"}
    (job,) = set(cut.queue.running) - known
    return job


def clip_of(cut, name="Clip"):
    """The strip of that name as it is now: an undo makes every strip anew."""
    return next(strip for strip in cut.strips if strip.name == name)


def waiting(cut, code):
    """The one take that waits in the list for that reason; its file and its record are there."""
    assert cut.finish() == []
    return waits(cut, code)


def waits(cut, code):
    (left,) = cut.queue.unplaced
    assert left.reason.endswith(f"[{code}]")
    assert cut.queue.problem == left.reason
    assert Path(left.path).is_file()
    assert Path(left.job.record).is_file()
    return left


def inserted(cut, left):
    """The sound strip, once the take that waited is inserted by hand."""
    known = set(cut.sounds)
    assert bpy.ops.foley.insert(path=left.path) == {"FINISHED"}
    assert cut.queue.unplaced == []
    assert not Path(left.job.record).exists()
    (sound,) = set(cut.sounds) - known
    return sound


def hears_the_flashes(cut, starts, rate=24, flashes=FLASHES):
    """Whether the mix clicks where the flashes of a film are whose first frame lies in `starts`."""
    wanted = [cut.sample_of(starts + flash, rate) for flash in flashes]
    return clicks(cut.mix()) == pytest.approx(wanted, abs=3)
