"""Impacts become markers, and markers become hits, to the exact time where they were not moved."""

import json
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import bpy
import pytest
from cut import cut_off, move, shorten, where
from drawn import Drawn

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


@pytest.fixture
def trimmed(cut, scored):
    """The sound, trimmed so that it hides its first and last impact; and the frames of all."""
    _, sound, _ = scored
    cut.select(sound)
    bpy.ops.foley.show_impacts()
    frames = [marker.frame for marker in hit_markers(cut)]
    assert len(frames) >= 5
    for marker in hit_markers(cut):
        cut.scene.timeline_markers.remove(marker)
    cut_off(sound, left=where(sound).cut_left + frames[1] - where(sound).start)
    shorten(sound, frames[-1] - frames[1])
    return sound, frames


def test_impacts_that_a_trimmed_sound_does_not_play_are_not_shown(cut, trimmed, capfd):
    _, frames = trimmed
    cut.scene.timeline_markers.new("Hit of the neighbour", frame=frames[-1])
    bpy.ops.foley.show_impacts()
    assert [marker.frame for marker in hit_markers(cut)] == frames[1:]
    assert hit_markers(cut)[-1].name == "Hit of the neighbour"
    assert f"Info: {len(frames) - 2} impacts of '" in capfd.readouterr().out


def test_impacts_that_had_no_markers_since_they_are_trimmed_off_stay_hits(cut, trimmed):
    sound, _ = trimmed
    before = impacts(sound)
    bpy.ops.foley.show_impacts()
    bpy.ops.foley.hits_from_markers()
    cut.finish()
    assert hits(sound) == before


def test_without_a_take_the_markers_are_the_hits_of_a_new_one(cut, film):
    clip = cut.place(film, trim=10, frames=40)
    for frame in (where(clip).start + 5, where(clip).start + 20, where(clip).end + 1):
        cut.scene.timeline_markers.new("Hit", frame=frame)
    assert bpy.ops.foley.hits_from_markers(engine="faulty", prompt="wood") == {"FINISHED"}
    assert hits(cut.take()) == [Fraction(15, 24), Fraction(30, 24)]


def test_without_any_marker_a_good_sound_stays_and_it_is_said_how_to_set_them(cut, scored):
    _, sound, _ = scored
    cut.scene.timeline_markers.new("Act two", frame=where(sound).start + 5)
    cut.scene.timeline_markers.new("Hit of the next scene", frame=where(sound).end)
    cut.select(sound)
    before = sound["foley_meta"]
    with pytest.raises(RuntimeError, match=r"Show Impacts.*\[no_markers\]"):
        bpy.ops.foley.hits_from_markers()
    assert not cut.queue.running
    assert sound["foley_meta"] == before


def test_without_any_marker_no_sound_is_made(cut, film):
    cut.place(film)
    with pytest.raises(RuntimeError, match=r"\[no_markers\]"):
        bpy.ops.foley.hits_from_markers(engine="faulty")
    assert not cut.queue.running


def test_markers_that_blender_has_named_are_hits_even_where_they_were_moved(cut, scored, capfd):
    clip, sound, rate = scored
    first, begins = Fraction(21) / rate, where(clip).start
    for name, frame in (("F_30", begins + 40), ("F_-05", begins + 80), ("Hit", begins + 100), ("", begins)):
        cut.scene.timeline_markers.new(name, frame=frame)
    cut.scene.timeline_markers.new("VFX here", frame=begins + 60)
    cut.scene.timeline_markers.new("F_1 or so", frame=begins + 61)
    kept = [time for time in impacts(sound) if not first <= time < first + 240 / rate]
    cut.select(sound)
    assert bpy.ops.foley.hits_from_markers() == {"FINISHED"}
    said = capfd.readouterr().out
    assert "4 hits: 1 called Hit, 3 without a name of their own." in said
    assert "Left out: 'VFX here', 'F_1 or so'." in said
    near = {begins + round((time - first) * rate): time for time in impacts(sound)}
    wanted = [near.get(frame, first + (frame - begins) / rate) for frame in (begins, begins + 40)]
    wanted += [near.get(frame, first + (frame - begins) / rate) for frame in (begins + 80, begins + 100)]
    assert hits(cut.take()) == sorted([*kept, *wanted])


def test_where_there_are_markers_of_several_kinds_the_dialog_tells_them_apart_first(cut, film):
    clip = cut.place(film)
    for name, frame in (("Hit 0.7", 20), ("F_30", 31), ("Act 2", 40), ("Hit", 9_000)):
        cut.scene.timeline_markers.new(name, frame=frame)
    drawn, opened = Drawn(), []
    window_manager = SimpleNamespace(invoke_props_dialog=lambda *_, **how: opened.append(how))
    context = SimpleNamespace(
        scene=cut.scene, sequencer_scene=cut.scene, window_manager=window_manager, window=None
    )
    operator, kind = SimpleNamespace(layout=drawn), cut.addon.ui.hit_ops.FOLEY_OT_hits_from_markers
    kind.invoke(operator, context, None)
    kind.draw(operator, context)
    assert opened == [{"width": 420, "confirm_text": "Make the Sound"}]
    assert not cut.queue.running
    assert drawn.texts == [
        ("label", "2 hits: 1 called Hit, 1 without a name of its own."),
        ("label", "Left out: 'Act 2'."),
    ]
    assert bpy.ops.foley.hits_from_markers(engine="impulse") == {"FINISHED"}
    begins = where(clip).start
    assert hits(cut.take()) == [Fraction(20 - begins, 24), Fraction(31 - begins, 24)]


def test_one_impact_and_one_hit_are_said_in_the_singular(cut, film, capfd):
    clip = cut.place(film)
    cut.scene.timeline_markers.new("Hit", frame=where(clip).start + 9)
    bpy.ops.foley.hits_from_markers(engine="impulse")
    assert "Info: 1 hit.\n" in capfd.readouterr().out
    cut.select(cut.take())
    bpy.ops.foley.show_impacts()
    count = len(hit_markers(cut))
    assert f"Info: {count} impact{'s' if count != 1 else ''} of '" in capfd.readouterr().out


def test_impacts_of_a_picture_without_a_take_are_not_known(cut, film):
    cut.place(film)
    with pytest.raises(RuntimeError, match=r"\[no_take\]"):
        bpy.ops.foley.show_impacts()
