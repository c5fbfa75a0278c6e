"""A take that is to be heard first waits in the list, and goes where it belongs once it is told to."""

import bpy
import pytest
from asked import ask, plays, record
from cut import where
from drawn import Drawn


def test_a_take_to_be_heard_first_waits_and_is_inserted_at_its_picture(cut, film):
    clip = cut.place(film, start=11, trim=20, frames=40)
    cut.generate("wood", hear_first=True)
    assert cut.finish() == []
    assert cut.queue.problem == ""
    (left,) = cut.queue.unplaced
    assert left.reason == "Hear it, then insert it."
    other = cut.strips.new_movie("Other", str(film), 1, 200)
    cut.select(other)
    cut.scene.frame_set(500)
    bpy.ops.foley.insert(path=left.path)
    assert where(cut.take())[:2] == where(clip)[:2]
    assert cut.queue.unplaced == []


def test_the_one_of_several_that_is_chosen_is_inserted(cut, film):
    cut.place(film)
    cut.generate("wood", takes=3, hear_first=True)
    cut.finish()
    (left,) = cut.queue.unplaced
    paths = [take["path"] for take in left.job.takes]
    drawn = Drawn()
    with cut.over_timeline():
        cut.addon.ui.queue_panel.draw_queue(drawn, bpy.context)
    assert [drawn.texts.count(("operator", name)) for name in ("foley.audition", "foley.insert")] == [3, 3]
    bpy.ops.foley.insert(path=paths[1])
    sound = cut.take()
    assert str(plays(sound)) == paths[1]
    assert {other["take"]["path"] for other in record(sound)["others"]} == {paths[0], paths[2]}


def test_it_waits_still_when_the_project_is_opened_again(cut, film, tmp_path):
    clip = cut.place(film)
    ask(cut, hear_first=True)
    cut.finish()
    bpy.ops.wm.save_mainfile()
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "project.blend"))
    cut.queue.close()
    cut.until(lambda: cut.queue.unplaced)
    (left,) = cut.queue.unplaced
    bpy.ops.foley.insert(path=left.path)
    clip = next(strip for strip in cut.strips if strip.type == "MOVIE")
    assert where(cut.take())[:2] == where(clip)[:2]


def test_without_its_picture_it_is_inserted_at_the_playhead(cut, film):
    clip = cut.place(film)
    ask(cut, hear_first=True)
    cut.finish()
    cut.strips.remove(clip)
    cut.scene.frame_set(77)
    bpy.ops.foley.insert(path=cut.queue.unplaced[0].path)
    assert where(cut.take()).start == 77


@pytest.mark.parametrize("place", ["foley", "layers"])
def test_a_sound_made_anew_keeps_playing_and_has_the_new_take_in_its_list(cut, film, place):
    cut.place(film)
    ask(cut, place=place)
    cut.finish()
    played = [plays(sound) for sound in cut.sounds]
    cut.select(cut.sounds[0])
    bpy.ops.foley.regenerate(prompt="wood", hear_first=True)
    cut.until(lambda: not cut.queue.running)
    assert [plays(sound) for sound in cut.sounds] == played
    assert [[(one["number"], one["prompt"]) for one in record(sound)["others"]] for sound in cut.sounds] == [
        [(2, "wood")]
    ] * len(played)
    bpy.ops.foley.choose_take(index=0)
    assert all(plays(sound) != was for sound, was in zip(cut.sounds, played, strict=True))
    bpy.ops.foley.new_take()
    cut.until(lambda: not cut.queue.running)
    assert {record(sound)["number"] for sound in cut.sounds} == {3}, "only the dialog says: hear first"
