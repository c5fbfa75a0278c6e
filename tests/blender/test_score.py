"""The whole sequence is scored: every shot gets its take, whatever happens meanwhile."""

import json
import os
import signal
from types import SimpleNamespace

import bpy
import pytest
from cut import clicks, where
from drawn import Drawn


def lay_out(cut, film, shots, frames=8):
    """Shots of one film, one after the other, all from its flash at frame 30."""
    clips = []
    for number in range(shots):
        clip = cut.place(film, start=1 + number * frames - 27, trim=27, frames=frames)
        clip.name = f"Shot {number:03}"
        clips.append(clip)
    return clips


def score(cut, **asked):
    """Run the operator, and wait until all is asked for."""
    assert bpy.ops.foley.score(**{"engine": "impulse", "seed": "7", **asked}) == {"FINISHED"}
    cut.until(lambda: not cut.queue.later)


def queue(cut):
    """What the queue shows now."""
    layout = Drawn()
    draw = __import__("sys").modules[cut.addon.__name__ + ".ui.queue_panel"].draw_queue
    region = SimpleNamespace(width=300)
    draw(layout, SimpleNamespace(preferences=bpy.context.preferences, region=region))
    return layout.texts


def prompts(cut):
    """Prompt by first frame, of the takes on the timeline."""
    return {where(sound).start: json.loads(sound["foley_meta"])["prompt"] for sound in cut.sounds}


def test_every_shot_of_twenty_gets_its_take_at_its_frame(cut, film):
    clips = lay_out(cut, film, 20)
    score(cut)
    sounds = cut.finish()
    assert sorted(where(sound)[:2] for sound in sounds) == sorted(where(clip)[:2] for clip in clips)
    assert (cut.queue.failed, cut.queue.unplaced, cut.queue.batches) == ({}, [], {})


def test_a_batch_of_twenty_ends_complete_though_the_backend_is_killed(cut, film, home):
    clips = lay_out(cut, film, 20)
    score(cut)
    cut.until(lambda: len(cut.sounds) >= 5)
    os.kill(json.loads((home / "connection.json").read_text())["pid"], signal.SIGKILL)
    sounds = cut.finish()
    assert sorted(where(sound)[:2] for sound in sounds) == sorted(where(clip)[:2] for clip in clips)
    assert cut.queue.failed == {}


def test_a_batch_goes_on_in_its_own_file_after_another_was_open(cut, film, tmp_path):
    clips = [where(clip)[:2] for clip in lay_out(cut, film, 6)]
    bpy.ops.foley.score(engine="impulse")
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "project.blend"))
    bpy.ops.wm.read_homefile(use_empty=True)
    assert not cut.queue.running
    assert not cut.queue.later
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "project.blend"))
    assert len(cut.queue.running) == 6
    assert sorted(where(sound)[:2] for sound in cut.finish()) == sorted(clips)


def test_only_what_is_seen_on_the_chosen_channels_is_scored(cut, film):
    cut.place(film, start=1, channel=1, frames=60)
    cut.place(film, start=21, channel=2, frames=20).blend_type = "REPLACE"
    cut.place(film, start=25, channel=3, frames=10)
    score(cut, channels="1-2", engine="faulty", place="new")
    spans = sorted(where(sound)[:2] for sound in cut.finish())
    assert spans == [(1, 21), (21, 41), (41, 61)]


def test_a_part_of_a_shot_is_in_sync(cut, film):
    cut.place(film, start=1, channel=1)
    cut.place(film, start=1, channel=2, frames=20).blend_type = "REPLACE"
    score(cut, channels="all", place="new")
    take = max(cut.finish(), key=lambda sound: where(sound).start)
    cue = json.loads(take["foley_meta"])["take"]["cue"]
    assert (where(take).start, cue["in"]) == (21, "5/6")
    assert clicks(cut.mix())[-1] == pytest.approx(cut.sample_of(81, 24), abs=3)


def test_prompts_come_from_markers_but_not_from_hits(cut, film):
    lay_out(cut, film, 3, frames=10)
    cut.scene.timeline_markers.new("rain", frame=1)
    cut.scene.timeline_markers.new("a door", frame=11)
    cut.scene.timeline_markers.new("Hit 0.8", frame=15)
    score(cut, source="markers", engine="faulty")
    cut.finish()
    assert prompts(cut) == {1: "rain", 11: "a door", 21: "a door"}


def test_each_strip_keeps_its_own_prompt(cut, film):
    clips = lay_out(cut, film, 2, frames=10)
    clips[1]["foley_prompt"] = "glass"
    score(cut, source="own", prompt="wood", engine="faulty")
    cut.finish()
    assert prompts(cut) == {1: "wood", 11: "glass"}


def test_shots_that_failed_are_tried_again_at_once(cut, film):
    lay_out(cut, film, 2, frames=10)
    score(cut, prompt="crash-once", engine="faulty")
    cut.until(lambda: not cut.queue.running)
    failed = len(cut.queue.failed)
    bpy.ops.foley.retry()
    cut.until(lambda: not cut.queue.later and not cut.queue.running)
    assert failed == 0 or not cut.queue.failed
    assert len(cut.sounds) == 2


def test_a_clip_that_cannot_be_asked_for_does_not_stop_the_others(cut, film, tmp_path):
    copy = tmp_path / "copy.mp4"
    copy.write_bytes(film.read_bytes())
    cut.place(copy, start=1, frames=10)
    cut.place(film, start=11, frames=10)
    copy.unlink()
    score(cut, engine="faulty")
    assert "[media_missing]" in cut.queue.problem
    assert [where(sound).start for sound in cut.finish()] == [11]


def test_all_are_cancelled(cut, film):
    lay_out(cut, film, 5)
    score(cut, prompt="slow 300", engine="faulty")
    bpy.ops.foley.cancel_all()
    assert cut.finish() == []
    assert cut.queue.failed == {}


def test_the_queue_shows_a_screenful_and_counts_the_rest(cut, film):
    lay_out(cut, film, 14)
    score(cut, prompt="slow 5", engine="faulty")
    texts = queue(cut)
    assert len([kind for kind, _ in texts if kind == "progress"]) == 10
    assert ("label", "and 4 more on the way") in texts
    cut.until(lambda: 0 < len(cut.queue.running) < 12)
    (said,) = [text for _, text in queue(cut) if " of 14, " in text]
    assert " left" in said
    bpy.ops.foley.cancel_all()
    cut.finish()
    assert [text for kind, text in queue(cut) if kind == "progress"] == []


@pytest.mark.parametrize(("channels", "code"), [("one", "bad_channels"), ("7", "nothing_to_score")])
def test_nothing_that_can_be_scored_is_said_so(cut, film, channels, code):
    cut.place(film)
    with pytest.raises(RuntimeError, match=code):
        bpy.ops.foley.score(channels=channels)
    assert not cut.queue.later
