"""The main way through: a clip is selected, Generate is run, and a take lies above it, in sync."""

import json
from fractions import Fraction
from pathlib import Path

import bpy
import pytest
from cut import clicks, cut_off, draw_film, find_again, move, samples_of, where

pytestmark = pytest.mark.each_blender


def loudness(samples):
    """Root mean square."""
    return (samples**2).mean() ** 0.5


DEMO = Path(__file__).parent.parent.parent / "installers" / "demo"


def test_the_hits_of_a_trimmed_clip_are_heard_where_its_picture_shows_them(cut):
    truth = json.loads((DEMO / "demo.json").read_text())
    rate = Fraction(truth["rate"])
    cut.set_rate(rate.numerator, rate.denominator)
    clip = cut.place(DEMO / "demo.mp4", start=-20, trim=21, frames=240)
    cut.scene.frame_start, cut.scene.frame_end = 1, 300
    cut.generate(truth["prompt"], engine="procedural")
    sound = cut.take()
    assert where(sound).start == where(clip).start == 1
    assert where(sound).frames == 240

    take = json.loads(sound["foley_meta"])["take"]
    shown = range(take["head"], take["samples"] - take["tail"])
    hits = [hit for hit in take["impacts"] if hit["sample"] is not None and hit["sample"] in shown]
    heard = samples_of(take["path"])
    mix = cut.mix()
    begin = cut.sample_of(where(sound).start, rate) - take["head"]
    found = [find_again(heard, hit["sample"], mix, begin + hit["sample"]) for hit in hits]
    assert max(abs(at - begin - hit["sample"]) for at, hit in zip(found, hits, strict=True)) <= 3
    assert min(loudness(mix[at : at + 480]) / loudness(mix[at - 480 : at - 24]) for at in found) > 2

    first, last = Fraction(21) / rate, Fraction(21 + 240) / rate
    drawn = [Fraction(impact["time_exact"]) for impact in truth["impacts"]]
    drawn = [time for time in drawn if first + Fraction(1, 25) <= time < last - Fraction(1, 25)]
    assert len(drawn) >= 5
    sounded = [Fraction(take["start_exact"]) + Fraction(round(at - begin), 48_000) for at in found]
    assert max(min(abs(time - hit) for hit in sounded) for time in drawn) <= Fraction(40, 1000)


RATES = [
    (24, 1, "24"),
    (25, 1, "25"),
    (24, 1.001, "24000/1001"),
    (30, 1.001, "30000/1001"),
    (30, 1, "30"),
    (60, 1.001, "60000/1001"),
    (3, 0.1001, "30000/1001"),
]


@pytest.mark.parametrize(("fps", "base", "exact"), RATES)
def test_a_flash_is_heard_within_three_samples_at_every_rate(cut, tmp_path, fps, base, exact):
    path, _, flashes = draw_film(tmp_path / "flash", rate=exact, seconds=4, flashes=[40, 61])
    cut.set_rate(fps, base)
    clip = cut.place(path, start=11, trim=13, frames=70)
    cut.generate()
    cut.finish()
    rate = Fraction(exact)
    start = cut.sample_of(where(clip).start, rate)
    expected = [start + (Fraction(time) - 13 / rate) * 48_000 for time in flashes]
    heard = clicks(cut.mix())
    assert len(heard) == len(expected)
    assert max(abs(at - wanted) for at, wanted in zip(heard, expected, strict=True)) <= 3


def test_a_film_that_blender_stretched_to_the_scene_s_rate_is_heard_in_sync(cut, tmp_path):
    path, _, flashes = draw_film(tmp_path / "flash", rate="30000/1001", seconds=4, flashes=[45, 90])
    cut.set_rate(24)
    clip = cut.add(path)
    cut_off(clip, left=12)
    cut.generate()
    cut.finish()
    start = cut.sample_of(where(clip).start, 24)
    expected = [start + (Fraction(time) - Fraction(12, 24)) * 48_000 for time in flashes]
    assert max(abs(at - wanted) for at, wanted in zip(clicks(cut.mix()), expected, strict=True)) <= 3


def test_the_take_is_written_beside_the_project_and_named_after_the_prompt(cut, film, tmp_path):
    cut.place(film)
    cut.generate("Boots on gravel, distant thunder")
    sound = cut.take()
    path = Path(bpy.path.abspath(sound.sound.filepath))
    assert path.parent == tmp_path / "foley"
    assert path.name.startswith("boots-on-gravel")
    assert sound.name == "Boots on gravel, distant thunder"


def test_an_unsaved_project_s_takes_go_to_the_state_folder(cut, film, home):
    bpy.ops.wm.read_homefile(use_empty=True)
    cut.place(film)
    cut.generate()
    sound = cut.take()
    assert Path(sound.sound.filepath).parent == home / "blender"


def test_what_was_asked_and_made_survives_saving(cut, film, tmp_path):
    cut.place(film)
    job = cut.generate("wood", seed="4294967295", negative="birds")
    cut.finish()
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "again.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "again.blend"))
    (sound,) = cut.sounds
    kept = json.loads(sound["foley_meta"])
    assert (kept["job"], kept["prompt"], kept["negative"]) == (job, "wood", "birds")
    assert kept["seed"] == "4294967295"
    assert kept["take"]["path"] == bpy.path.abspath(sound.sound.filepath)
    assert kept["strip"] == next(strip for strip in cut.strips if strip.type == "MOVIE")["foley_uid"]


def test_a_picture_that_was_moved_meanwhile_gets_its_take_where_it_is_now(cut, film):
    clip = cut.place(film, trim=10, frames=40)
    cut.generate("slow 10", engine="faulty")
    move(clip, 100)
    sound = cut.take()
    assert where(sound).start == where(clip).start


def test_a_picture_that_was_trimmed_meanwhile_gets_its_take_in_sync(cut, film):
    clip = cut.place(film, trim=10, frames=40)
    before = where(clip).start
    cut.generate("slow 10", engine="faulty")
    cut_off(clip, left=25)
    sound = cut.take()
    assert where(clip).start == before + 15
    assert where(sound).start == before


def test_a_picture_that_is_gone_leaves_its_take_in_the_list(cut, film):
    clip = cut.place(film)
    cut.generate("slow 5", engine="faulty")
    cut.strips.remove(clip)
    assert cut.finish() == []
    (left,) = cut.queue.unplaced
    assert Path(left.path).is_file()
    assert left.reason.endswith("[clip_gone]")
    bpy.ops.foley.dismiss(path=left.path)
    assert cut.queue.unplaced == []
    assert Path(left.path).is_file()


def test_the_copy_of_a_clip_does_not_get_the_take_of_the_original(cut, film):
    clip = cut.place(film, channel=1)
    cut.generate("slow 5", engine="faulty")
    other = cut.strips.new_movie("Other", str(film), 5, 300)
    other["foley_uid"] = clip["foley_uid"]
    sound = cut.take()
    assert where(sound).start == where(clip).start


def test_two_jobs_at_once_do_not_lie_on_each_other(cut, film):
    cut.place(film)
    cut.generate("one", engine="faulty")
    cut.generate("two", engine="faulty", seed="8", existing="beside")
    first, second = cut.finish()
    assert first.channel != second.channel


def test_a_job_is_cancelled(cut, film):
    cut.place(film)
    job = cut.generate("slow 300", engine="faulty")
    cut.until(lambda: cut.queue.running[job].progress > 0)
    bpy.ops.foley.cancel(job=job)
    assert cut.finish() == []
    assert cut.queue.problem == ""


def test_a_job_goes_on_though_the_broker_is_killed(cut, film, home):
    import os
    import signal

    cut.place(film)
    job = cut.generate("slow 20", engine="faulty")
    cut.until(lambda: cut.queue.running[job].progress > 0)
    os.kill(json.loads((home / "connection.json").read_text())["pid"], signal.SIGKILL)
    assert len(cut.finish()) == 1


def test_what_the_backend_refuses_is_shown_with_its_code(cut, film):
    cut.place(film)
    cut.generate("raise", engine="faulty")
    assert cut.finish() == []
    assert cut.queue.problem.endswith("[engine_failed]")
