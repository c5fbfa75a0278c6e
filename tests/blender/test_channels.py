"""Where a take is put: above its picture, never on something, where it can be heard."""

import bpy
from cut import strips, where


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
