"""Regenerating a part: between neighbours that stay."""

from fractions import Fraction

import bpy
import pytest
from asked import ask, choose, parts, record
from cut import clicks, cut_off, draw_film, where

pytestmark = pytest.mark.each_blender


@pytest.fixture
def flashes(cut, tmp_path):
    """A film of eight seconds at frame 11, and its sound, which is selected; gives its flashes in samples."""
    frames = [20, 60, 90, 110, 150]
    path, _, times = draw_film(tmp_path / "flash", rate="24", seconds=8, flashes=frames)
    cut.place(path)
    ask(cut, seed=7)
    cut.select(cut.take())
    return [float(Fraction(time) * 48_000) for time in times]


def heard(cut, first, after):
    """Positions and signs of the clicks, from one frame of the timeline to before another."""
    cut.scene.use_preview_range = False
    mix = cut.mix()
    ends = [cut.sample_of(frame, 24) for frame in (first, after)]
    return [(at, mix[at]) for at in clicks(mix) if ends[0] <= at < ends[1]]


def test_a_part_is_made_anew_between_neighbours_that_stay(cut, flashes):
    before = heard(cut, 1, 250)
    choose(cut, 11 + 50, 11 + 129)
    bpy.ops.foley.region()
    cut.finish()
    left, new, right = parts(cut)
    assert (where(left).start, where(right).end) == (11, 11 + 192)
    assert (where(new).start, where(right).start) == (11 + 50 - 3, 11 + 130)
    assert where(new).end == 11 + 130 + 3 + 2
    assert new.channel != left.channel == right.channel
    assert record(new)["seed"] != "7" == record(left)["seed"] == record(right)["seed"]
    after = heard(cut, 1, 250)
    start = cut.sample_of(11, 24)
    assert [at - start for at, _ in after] == pytest.approx(flashes, abs=3)
    assert [level for _, level in (after[0], after[-1])] == [before[0][1], before[-1][1]]
    assert [abs(level) for _, level in after] == pytest.approx([abs(before[0][1])] * 5, rel=1e-3)
    new.mute = True
    assert [at - start for at, _ in heard(cut, 1, 250)] == pytest.approx([flashes[0], flashes[4]], abs=3)


def test_neighbours_and_new_part_cross_fade_at_equal_power(cut, flashes):
    cut.sounds[0].volume = 0.5
    choose(cut, 11 + 50, 11 + 129)
    bpy.ops.foley.region()
    cut.finish()
    left, new, right = parts(cut)
    for frame in range(11 + 50 - 5, 11 + 130 + 6):
        cut.scene.frame_set(frame)
        playing = [
            strip.volume for strip in (left, new, right) if where(strip).start <= frame < where(strip).end
        ]
        assert sum(volume**2 for volume in playing) == pytest.approx(0.25, abs=1e-4)
    cut.scene.frame_set(11 + 52)
    assert left.volume == pytest.approx(0, abs=1e-6)


def test_a_part_at_the_beginning_has_one_neighbour(cut, flashes):
    choose(cut, 1, 11 + 69)
    bpy.ops.foley.region()
    cut.finish()
    new, right = parts(cut)
    assert (where(new).start, where(right).start) == (11, 11 + 70)
    assert len(heard(cut, 1, 250)) == len(flashes)


def test_a_part_lies_between_two_selected_markers(cut, flashes):
    for frame in (140, 100):
        cut.scene.timeline_markers.new("Here", frame=frame).select = True
    bpy.ops.foley.region()
    cut.finish()
    _, new, right = parts(cut)
    assert (where(new).start, where(right).start) == (97, 140)


def test_stems_and_new_parts_are_connected_to_the_picture(cut, film):
    clip = cut.place(film)
    with cut.over_timeline():
        ask(cut, place="layers", layers=("hits", "ambience"), engine="faulty")
        hits, ambience = cut.finish()
        assert cut.connected(clip) == {hits.name, ambience.name}
        cut.select(hits)
        choose(cut, 50, 79)
        bpy.ops.foley.region()
        cut.finish()
    assert {strip.name for strip in cut.sounds if where(strip).start in (11, 47)} <= cut.connected(clip)


def test_a_new_part_cuts_no_picture_even_where_no_timeline_is_open(cut, film):
    clip = cut.place(film)
    with cut.over_timeline():
        ask(cut)
        sound = cut.take()
        assert cut.connected(clip) == {sound.name}
    cut.select(sound)
    choose(cut, 50, 79)
    bpy.ops.foley.region()
    area = bpy.context.window_manager.windows[0].screen.areas[0]
    area.type = "VIEW_3D"
    cut.finish()
    assert area.type == "VIEW_3D"
    assert len(cut.sounds) == 3
    assert [where(strip)[:2] for strip in cut.strips if strip.type == "MOVIE"] == [where(clip)[:2]]


def test_a_part_of_every_layer_is_made_anew(cut, film):
    cut.place(film)
    ask(cut, place="layers", engine="faulty")
    cut.finish()
    cut.select(cut.sounds[0])
    choose(cut, 50, 79)
    bpy.ops.foley.region()
    assert len(cut.finish()) == 9
    for layer in ("hits", "movement", "ambience"):
        strips = [strip for strip in parts(cut) if record(strip)["layer"] == layer]
        assert [where(strip).start for strip in strips] == [11, 47, 80]


@pytest.mark.parametrize(
    ("span", "code"), [(None, "no_region"), ((300, 310), "bad_region"), ((1, 400), "whole_region")]
)
def test_what_is_no_part_of_the_sound_is_said(cut, flashes, span, code):
    if span:
        choose(cut, *span)
    with pytest.raises(RuntimeError, match=code):
        bpy.ops.foley.region()
    assert len(cut.sounds) == 1


def test_a_sound_that_was_trimmed_away_meanwhile_keeps_its_rest(cut, flashes):
    (sound,) = cut.sounds
    choose(cut, 61, 100)
    bpy.ops.foley.region()
    cut_off(sound, left=150)
    place = where(sound)
    cut.finish()
    assert [where(strip) for strip in cut.sounds] == [place]
    (left,) = cut.queue.unplaced
    assert left.reason.endswith("[region_gone]")
