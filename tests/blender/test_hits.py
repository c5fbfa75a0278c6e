"""Impacts become markers, and markers become hits, to the exact time where they were not moved."""

import json
from fractions import Fraction
from pathlib import Path

import bpy
import pytest
from cut import cut_off, move, where

DEMO = Path(__file__).parent.parent.parent / "installers" / "demo"


def hit_markers(cut):
    """The markers that stand for hits, by frame."""
    return sorted(
        (marker for marker in cut.scene.timeline_markers if marker.name.startswith("Hit")),
        key=lambda marker: marker.frame,
    )


def record(sound):
    return json.loads(sound["foley_meta"])


def impacts(sound):
    """Exact media times."""
    return sorted(Fraction(impact["time_exact"]) for impact in record(sound)["take"]["impacts"])


def hits(sound):
    return [Fraction(hit) for hit in record(sound)["hits"]]


@pytest.fixture
def scored(cut):
    """The demo film on the timeline with its take; gives the picture and the sound."""
    rate = Fraction(json.loads((DEMO / "demo.json").read_text())["rate"])
    cut.set_rate(rate.numerator, rate.denominator)
    clip = cut.place(DEMO / "demo.mp4", start=-20, trim=21, frames=240)
    cut.generate("footsteps on wood", engine="procedural")
    return clip, cut.take(), rate


def test_each_impact_gets_a_marker_on_the_frame_nearest_to_it(cut, scored):
    clip, sound, rate = scored
    first, last = Fraction(21) / rate, Fraction(21 + 240) / rate
    cut.select(sound)
    bpy.ops.foley.show_impacts()
    shown = [time for time in impacts(sound) if first <= time < last]
    expected = [where(clip).start + round((time - first) * rate) for time in shown]
    assert len(expected) >= 5
    assert [marker.frame for marker in hit_markers(cut)] == expected
    assert all(marker.name[4:].replace(".", "").isdigit() for marker in hit_markers(cut))


def test_shown_twice_they_stand_there_once_and_other_markers_stay(cut, scored):
    clip, _, _ = scored
    cut.scene.timeline_markers.new("Act two", frame=30)
    cut.scene.timeline_markers.new("Hit of the next scene", frame=2_000)
    cut.select(clip)
    bpy.ops.foley.show_impacts()
    once = [(marker.name, marker.frame) for marker in cut.scene.timeline_markers]
    bpy.ops.foley.show_impacts()
    assert sorted((marker.name, marker.frame) for marker in cut.scene.timeline_markers) == sorted(once)
    assert {"Act two", "Hit of the next scene"} <= {name for name, _ in once}


def test_markers_left_alone_send_the_exact_impacts_and_the_sound_is_replaced(cut, scored):
    clip, sound, _ = scored
    before, lies = impacts(sound), where(sound)
    cut.select(clip)
    bpy.ops.foley.show_impacts()
    bpy.ops.foley.hits_from_markers()
    again = cut.take()
    assert where(again) == lies
    assert hits(again) == before
    assert impacts(again) == before


def test_markers_moved_deleted_and_added_are_the_hits(cut, scored):
    clip, sound, rate = scored
    first = Fraction(21) / rate
    cut.select(sound)
    bpy.ops.foley.show_impacts()
    markers = hit_markers(cut)
    kept = impacts(sound)[2:]
    moved = markers[0].frame + 1
    assert moved not in [marker.frame for marker in markers]
    cut.scene.timeline_markers.remove(markers[1])
    markers[0].frame = moved
    cut.scene.timeline_markers.new("Hit", frame=where(clip).start)
    cut.scene.timeline_markers.new("Hit", frame=where(clip).end)
    bpy.ops.foley.hits_from_markers()
    begun = [first, first + (moved - where(clip).start) / rate]
    assert hits(cut.take()) == sorted([*begun, *kept])


def test_markers_follow_a_sound_that_was_moved_and_trimmed(cut, scored):
    clip, sound, _ = scored
    cut.select(clip)
    bpy.ops.foley.show_impacts()
    before = [marker.frame for marker in hit_markers(cut)]
    for marker in hit_markers(cut):
        cut.scene.timeline_markers.remove(marker)
    move(clip, 100)
    move(sound, 100)
    cut_off(sound, left=where(sound).cut_left + 3)
    bpy.ops.foley.show_impacts()
    assert [marker.frame for marker in hit_markers(cut)] == [frame + 100 for frame in before]


def test_without_a_take_the_markers_are_the_hits_of_a_new_one(cut, film):
    clip = cut.place(film, trim=10, frames=40)
    for frame in (where(clip).start + 5, where(clip).start + 20, where(clip).end + 1):
        cut.scene.timeline_markers.new("Hit", frame=frame)
    assert bpy.ops.foley.hits_from_markers(engine="faulty", prompt="wood") == {"FINISHED"}
    assert hits(cut.take()) == [Fraction(15, 24), Fraction(30, 24)]


def test_no_markers_at_all_mean_no_hits(cut, film):
    cut.place(film)
    bpy.ops.foley.hits_from_markers(engine="faulty")
    assert hits(cut.take()) == []


def test_impacts_of_a_picture_without_a_take_are_not_known(cut, film):
    cut.place(film)
    with pytest.raises(RuntimeError, match=r"\[no_take\]"):
        bpy.ops.foley.show_impacts()
