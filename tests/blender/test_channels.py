"""Where a take is put: above its picture, never on something, where it can be heard."""

import json
from itertools import pairwise

import bpy
import pytest
from cut import strips, where
from test_score import score
from test_switching import undo_steps

pytestmark = pytest.mark.each_blender


def test_the_take_lies_on_the_next_channel_which_is_called_foley(cut, film):
    clip = cut.place(film, channel=3)
    cut.generate(engine="faulty")
    sound = cut.take()
    assert sound.channel == 4
    assert cut.scene.sequence_editor.channels[4].name == "Foley"
    assert where(sound)[:2] == where(clip)[:2]


def test_locked_muted_and_occupied_channels_are_passed_over(cut, film):
    cut.place(film, channel=1)
    channels = cut.scene.sequence_editor.channels
    channels[2].lock, channels[3].mute = True, True
    cut.place_effect("COLOR", 4, 20, 30)
    cut.select(next(strip for strip in cut.strips if strip.type == "MOVIE"))
    cut.generate(engine="faulty")
    sound = cut.take()
    assert sound.channel == 5


def test_a_channel_that_the_user_named_is_kept_for_the_user(cut, film):
    cut.place(film, channel=1)
    cut.scene.sequence_editor.channels[2].name = "Music"
    cut.generate(engine="faulty")
    sound = cut.take()
    assert sound.channel == 3
    assert cut.scene.sequence_editor.channels[2].name == "Music"


def test_takes_come_together_on_the_channel_called_foley(cut, film):
    channels = cut.scene.sequence_editor_create().channels
    channels[6].name = "Foley"
    cut.place(film, start=1, channel=1)
    cut.generate(engine="faulty")
    cut.place(film, start=200, channel=1)
    cut.generate(engine="faulty")
    assert [sound.channel for sound in cut.finish()] == [6, 6]


def test_a_clip_inside_a_meta_strip_gets_its_take_beside_it(cut, film):
    outer = cut.strips.new_meta("Scene", 2, 1)
    clip = strips(outer).new_movie("Clip", str(film), 1, 11)
    cut.scene.sequence_editor.display_stack(outer)
    cut.select(clip)
    cut.generate(engine="faulty")
    cut.finish()
    assert [strip.type for strip in strips(outer)] == ["MOVIE", "SOUND"]
    assert [strip.type for strip in cut.strips] == ["META"]


def test_the_selection_stays_and_the_film_keeps_its_own_sound(cut, film):
    clip = cut.place(film, channel=2)
    own = cut.place_effect("COLOR", 1, 20, 30)
    cut.select(clip, own)
    with cut.over_timeline():
        assert bpy.ops.sequencer.connect(toggle=False) == {"FINISHED"}
    cut.scene.sequence_editor.active_strip = clip
    cut.generate(engine="faulty")
    sound = cut.take()
    assert [clip.select, own.select, sound.select] == [True, True, False]
    cut.select(own)
    with cut.over_timeline():
        assert bpy.ops.sequencer.disconnect() == {"FINISHED"}, "they were still connected"


def crossed(cut, film, shots=4, overlap=10, channels=(2, 3)):
    """Shots of 40 frames on two channels in turn, each crossed with the next by an effect above both."""
    clips = []
    for number in range(shots):
        start = 1 + number * (40 - overlap)
        clip = cut.place(film, start=start - 20, trim=20, frames=40, channel=channels[number % 2])
        clip.name, clip.blend_type = f"Shot {number}", "REPLACE"
        clips.append(clip)
    for first, second in pairwise(clips):
        cut.place_effect("CROSS", 4, where(second).start, where(first).end, first, second)
    return clips


def test_crossed_shots_lie_on_two_channels_of_sound_above_all_pictures(cut, film):
    clips = crossed(cut, film)
    music = cut.scene.sequence_editor.channels[5]
    music.name = "Music"
    score(cut, engine="faulty", channels="2-3")
    cut.until(lambda: not cut.queue.running)
    assert sorted(where(sound)[:2] for sound in cut.sounds) == [where(clip)[:2] for clip in clips]
    names = {cut.scene.sequence_editor.channels[sound.channel].name for sound in cut.sounds}
    assert names == {"Foley", "Foley 2"}
    assert {sound.channel for sound in cut.sounds} == {6, 7}
    assert [cut.scene.sequence_editor.channels[at].name for at in (2, 3, 4, 5)] == [
        "Channel 2",
        "Channel 3",
        "Channel 4",
        "Music",
    ]


def in_a_row(cut, film, apart=0):
    """Three shots on one channel, shorter than the handles of their sounds and so many frames apart."""
    starts = [700 + at * (20 + apart) for at in range(3)]
    shots = [cut.place(film, start=start - 30, trim=30, frames=20) for start in starts]
    assert [shot.channel for shot in shots] == [1, 1, 1]
    return shots


def on_foley(cut, shots):
    """Whether the sounds of these shots lie where the shots do, all on the channel called Foley."""
    sounds = sorted(cut.sounds, key=lambda sound: where(sound).start)
    channels = cut.scene.sequence_editor.channels
    names = {channels[sound.channel].name for sound in sounds}
    return names == {"Foley"} and [where(one)[:2] for one in sounds] == [where(shot)[:2] for shot in shots]


@pytest.mark.parametrize("apart", [0, 20])
@pytest.mark.parametrize("kind", ["foley", "layers"])
def test_a_neighbour_within_the_handles_keeps_no_take_off_its_channel(cut, film, apart, kind):
    shots = in_a_row(cut, film, apart)
    for at in (0, 2, 1):
        cut.select(shots[at])
        cut.generate(engine="faulty", place=kind)
        cut.finish()
    assert on_foley(cut, shots) == (kind == "foley")
    channels = {(json.loads(sound["foley_meta"])["layer"], sound.channel) for sound in cut.sounds}
    assert len(channels) == len(cut.sounds) // 3


def test_the_retimed_shot_of_a_score_which_comes_last_lies_with_its_neighbours(cut, film, monkeypatch):
    shots = in_a_row(cut, film)
    shots[1].use_reverse_frames = True
    score(cut, engine="faulty")
    with monkeypatch.context() as waiting:
        waiting.setattr(type(cut.queue), "_place_some", lambda *_done: None)
        cut.until(lambda: all(job.takes for job in cut.queue.running.values()))
    jobs = sorted(cut.queue.running.values(), key=lambda job: job.picture.name)
    for at in (0, 2, 1):
        cut.addon.timeline.inserting.place(jobs[at])
    assert on_foley(cut, shots)
    for job in jobs:
        cut.queue.cancel(job.id)


def test_takes_that_come_in_any_order_need_no_more_channels(cut, film, monkeypatch, installed):
    crossed(cut, film)
    score(cut, engine="faulty", channels="2-3")
    with monkeypatch.context() as waiting:
        waiting.setattr(type(cut.queue), "_place_some", lambda *_done: None)
        cut.until(lambda: all(job.takes for job in cut.queue.running.values()))
    jobs = sorted(cut.queue.running.values(), key=lambda job: job.picture.name)
    for at in (1, 3, 0, 2):
        cut.addon.timeline.inserting.place(jobs[at])
    assert {sound.channel for sound in cut.sounds} == {5, 6}
    assert cut.scene.sequence_editor.channels[5].name == "Foley"
    for job in jobs:
        cut.queue.cancel(job.id)


def test_layers_of_crossed_shots_have_channels_of_their_own(cut, film):
    crossed(cut, film)
    score(cut, engine="faulty", channels="2-3", place="layers", layers={"hits", "ambience"})
    cut.until(lambda: not cut.queue.running)
    names = {cut.scene.sequence_editor.channels[sound.channel].name for sound in cut.sounds}
    assert names == {"Foley hits", "Foley hits 2", "Foley ambience", "Foley ambience 2"}


def test_sounds_of_crossed_shots_fade_into_each_other(cut, film):
    first, second = crossed(cut, film, shots=2, overlap=12)
    score(cut, engine="faulty", channels="2-3")
    cut.until(lambda: not cut.queue.running)
    one, other = sorted(cut.sounds, key=lambda sound: where(sound).start)
    levels = cut.addon.timeline.crossfades.levels
    start, end = where(second).start, where(first).end
    span = range(start - 5, end + 5)
    going, coming = levels(cut.scene, one, span).at, levels(cut.scene, other, span).at
    assert (going[start], going[end]) == pytest.approx((1, 0), abs=1e-3)
    assert (coming[start], coming[end]) == pytest.approx((0, 1), abs=1e-3)
    powers = [going[frame] ** 2 + coming[frame] ** 2 for frame in range(start, end)]
    assert powers == pytest.approx([1] * len(powers), abs=0.02)
    assert (going[start - 5], coming[end + 4]) == pytest.approx((1, 1))


def test_a_sound_that_lies_over_another_from_end_to_end_is_not_faded(cut, film):
    cut.place(film, start=1, frames=90)
    cut.generate(engine="faulty")
    cut.take()
    cut.place(film, start=21, frames=30, channel=2)
    cut.generate(engine="faulty")
    long, short = sorted(cut.finish(), key=lambda sound: where(sound).start)
    levels = cut.addon.timeline.crossfades.levels
    for sound in (long, short):
        assert set(levels(cut.scene, sound, range(1, 91)).at.values()) == {1.0}


def test_a_layer_in_which_nothing_is_heard_gets_no_strip_until_it_is(cut, film):
    cut.place(film)
    cut.generate(engine="impulse", place="layers")
    hits = cut.take()
    assert json.loads(hits["foley_meta"])["layer"] == "hits"
    cut.select(hits)
    assert bpy.ops.foley.regenerate(engine="faulty") == {"FINISHED"}
    assert sorted(json.loads(sound["foley_meta"])["layer"] for sound in cut.finish()) == [
        "ambience",
        "hits",
        "movement",
    ]
    assert bpy.ops.foley.new_take() == {"FINISHED"}
    assert len(cut.finish()) == 3


def test_strips_bear_a_colour_which_the_user_can_change(cut, film):
    cut.place(film)
    cut.generate(engine="faulty")
    sound = cut.take()
    assert sound.color_tag == "COLOR_06"
    sound.color_tag = "COLOR_02"
    cut.generate(engine="faulty", seed="8")
    assert cut.take().color_tag == "COLOR_02"
    entry = bpy.context.preferences.addons.new()
    entry.module = cut.addon.__name__
    entry.preferences.colour = "NONE"
    cut.generate(engine="faulty", existing="replace")
    assert cut.take().color_tag == "NONE"
    bpy.context.preferences.addons.remove(entry)


def test_a_score_of_thirteen_shots_is_one_undo_step(cut, film, capfd):
    for number in range(13):
        cut.place(film, start=1 + 200 * number, frames=10)
    bpy.ops.ed.undo_push(message="Place the clips")
    before = undo_steps(capfd)
    assert bpy.ops.foley.score("EXEC_DEFAULT", True, engine="faulty") == {"FINISHED"}
    cut.until(lambda: not cut.queue.later and not cut.queue.running)
    assert len(cut.sounds) == 13
    assert undo_steps(capfd) == [*before, "Insert Foley Takes"]
    bpy.ops.ed.undo()
    assert cut.sounds == []
    bpy.ops.ed.redo()
    assert len(cut.sounds) == 13


def test_what_the_user_does_during_a_score_keeps_its_own_step(cut, film, capfd):
    for number in range(4):
        cut.place(film, start=1 + 200 * number, frames=10)
    bpy.ops.ed.undo_push(message="Place the clips")
    before = undo_steps(capfd)
    bpy.ops.foley.score(engine="faulty")
    cut.until(lambda: len(cut.sounds) == 2)
    cut.scene.timeline_markers.new("rain", frame=7)
    bpy.ops.ed.undo_push(message="Marker")
    cut.until(lambda: not cut.queue.later and not cut.queue.running)
    takes = "Insert Foley Takes"
    assert undo_steps(capfd) == [*before, takes, "Marker", takes]
    bpy.ops.ed.undo()
    assert (len(cut.sounds), len(cut.scene.timeline_markers)) == (2, 1)
    bpy.ops.ed.undo()
    assert (len(cut.sounds), len(cut.scene.timeline_markers)) == (2, 0)
    bpy.ops.ed.undo()
    assert cut.sounds == []


def test_an_undo_in_the_middle_takes_what_has_come_and_the_rest_still_comes(cut, film):
    for number in range(4):
        cut.place(film, start=1 + 200 * number, frames=10)
    bpy.ops.ed.undo_push(message="Place the clips")
    bpy.ops.foley.score(engine="faulty")
    cut.until(lambda: len(cut.sounds) == 2)
    bpy.ops.ed.undo()
    assert cut.sounds == []
    cut.until(lambda: not cut.queue.later and not cut.queue.running)
    assert len(cut.sounds) == 2
    assert (cut.queue.unplaced, cut.queue.problem) == ([], "")
