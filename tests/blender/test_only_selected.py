"""Only what is selected changes: copies become sounds of their own, halves of a cut play their own takes."""

import bpy
import pytest
from asked import ask, choose, parts, plays, record, regenerate
from cut import all_strips, clicks, cut_off, move, where
from meanwhile import save, step


def duplicate(cut, *strips, by=200, up=0):
    """Shift-D, and move the copies; gives them in order of their channels."""
    cut.select(*strips)
    known = {strip.name for strip in cut.strips}
    with cut.over_timeline():
        assert bpy.ops.sequencer.duplicate() == {"FINISHED"}
    copies = sorted((s for s in cut.strips if s.name not in known), key=lambda s: -s.channel)
    for copy in copies:
        copy.channel += up
        move(copy, by)
    return copies[::-1]


def state(strip):
    return strip.name, plays(strip), strip["foley_meta"], strip["foley_uid"], where(strip), strip.channel


@pytest.fixture
def sound(cut, film):
    """A clip and its sound of two takes."""
    cut.place(film)
    ask(cut, prompt="boots", takes=2)
    return cut.take()


def new_take(capfd=None):
    if capfd:
        capfd.readouterr()
    assert bpy.ops.foley.new_take() == {"FINISHED"}
    return capfd.readouterr().out if capfd else ""


def test_a_new_take_of_a_copy_leaves_the_original_alone_and_says_for_which_it_is(cut, sound, capfd):
    (copy,) = duplicate(cut, sound)
    before, lies = state(sound), where(copy)
    cut.select(copy)
    assert "Info: New take for 'boots.001'.\n" in new_take(capfd)
    cut.finish()
    assert state(sound) == before
    assert plays(copy) != plays(sound)
    assert where(copy) == lies
    assert copy["foley_uid"] != sound["foley_uid"]
    assert [entry["number"] for entry in record(copy)["others"]] == [1, 2]


def test_a_new_take_of_the_original_leaves_the_copy_alone(cut, sound):
    (copy,) = duplicate(cut, sound)
    before, was = state(copy), plays(sound)
    cut.select(sound)
    regenerate(cut, prompt="clogs")
    cut.finish()
    assert state(copy) == before
    assert plays(sound) != was
    assert sound.name == "clogs"


@pytest.mark.parametrize("up", [0, 3])
def test_of_a_copy_with_a_channel_per_layer_all_layers_change_and_no_others(cut, film, up):
    cut.place(film)
    ask(cut, place="layers", engine="faulty")
    originals = cut.finish()
    copies = duplicate(cut, *originals, by=0 if up else 7, up=up or 10)
    before = [state(strip) for strip in originals]
    cut.select(copies[1])
    new_take()
    cut.finish()
    assert [state(strip) for strip in originals] == before
    assert len({record(strip)["job"] for strip in copies}) == len({s["foley_uid"] for s in copies}) == 1
    assert {plays(strip) for strip in copies}.isdisjoint(map(plays, originals))


def test_a_layer_that_was_copied_alone_is_a_sound_of_its_own(cut, film):
    cut.place(film)
    ask(cut, place="layers", engine="faulty")
    originals = cut.finish()
    (copy,) = duplicate(cut, originals[0], by=5, up=10)
    before = [state(strip) for strip in originals]
    cut.select(copy)
    new_take()
    cut.finish()
    assert [state(strip) for strip in originals] == before
    assert plays(copy) != plays(originals[0])


def test_the_right_half_of_a_cut_changes_alone_and_the_left_one_can_choose_its_take(cut, sound):
    right = sound.split(frame=60, split_method="SOFT")
    before = plays(sound)
    cut.select(right)
    new_take()
    cut.finish()
    assert plays(sound) == before != plays(right)
    assert sound["foley_uid"] == right["foley_uid"]
    assert [entry["number"] for entry in record(sound)["others"]] == [2, 3]
    cut.select(sound)
    assert bpy.ops.foley.choose_take(index=1) == {"FINISHED"}
    assert plays(sound) == plays(right)


def test_halves_with_a_channel_per_layer_share_their_takes_each_once(cut, film):
    cut.place(film)
    ask(cut, place="layers", layers=("hits", "ambience"), engine="faulty")
    left = cut.finish()
    right = [strip.split(frame=60, split_method="SOFT") for strip in left]
    copies = duplicate(cut, *left, *right, by=300)
    before = [plays(strip) for strip in left]
    cut.select(right[0])
    new_take()
    cut.finish()
    assert [plays(strip) for strip in left] == before
    assert {record(strip)["job"] for strip in right} == {left[0]["foley_uid"]}
    assert len({strip["foley_uid"] for strip in (*left, *right)}) == 1
    assert [len(record(strip)["others"]) for strip in (*left, *right)] == [1] * 4
    assert [len(record(strip)["others"]) for strip in copies] == [0] * 4


def test_choosing_a_take_for_one_half_leaves_the_other(cut, sound):
    right = sound.split(frame=60, split_method="SOFT")
    before = plays(right)
    cut.select(sound)
    bpy.ops.foley.choose_take(index=0)
    assert plays(right) == before != plays(sound)
    cut.select(sound, right)
    cut.scene.sequence_editor.active_strip = sound
    bpy.ops.foley.choose_take(index=0)
    assert plays(right) == before == plays(sound)


def test_a_half_that_was_hold_split_plays_what_its_take_has_there(cut, sound):
    right = sound.split(frame=60, split_method="HARD")
    cut.select(right)
    lies, known = where(right)[:2], cut.mix()
    new_take()
    cut.finish()
    assert where(right)[:2] == lies
    assert plays(sound) != plays(right)
    assert len(cut.mix()) == len(known)
    assert clicks(cut.mix()) == clicks(known)


def test_all_copies_that_are_selected_change_each_with_a_take_of_its_own(cut, sound):
    (copy,) = duplicate(cut, sound)
    (third,) = duplicate(cut, sound, by=400)
    before = state(third)
    cut.select(sound, copy)
    new_take()
    assert len(cut.queue.running) == 2
    cut.finish()
    assert len({plays(sound), plays(copy), plays(third)}) == 3
    assert state(third) == before
    assert len({strip["foley_uid"] for strip in (sound, copy, third)}) == 3


def test_a_copy_of_the_picture_alone_has_no_sound_and_changes_none(cut, sound):
    clip = next(strip for strip in cut.strips if strip.type == "MOVIE")
    (copy,) = duplicate(cut, clip, by=400)
    before = state(sound)
    cut.select(copy)
    for name in ("new_take", "regenerate", "region", "show_impacts", "audition"):
        with pytest.raises(RuntimeError, match=r"'Clip.001' has no sound yet. Use Generate.*\[no_take\]"):
            getattr(bpy.ops.foley, name)()
    assert not cut.queue.running
    assert state(sound) == before
    assert bpy.ops.foley.generate(prompt="rain", engine="impulse") == {"FINISHED"}
    cut.finish()
    (new,) = [strip for strip in cut.sounds if strip.name == "rain"]
    assert where(new)[:2] == where(copy)[:2]
    assert state(sound) == before
    cut.select(copy)
    new_take()
    cut.finish()
    assert state(sound) == before
    assert len(record(new)["others"]) == 1


def test_of_several_sounds_over_a_picture_the_nearest_or_the_selected_one_is_meant(cut, sound, capfd):
    clip = next(strip for strip in cut.strips if strip.type == "MOVIE")
    cut.select(clip)
    ask(cut, prompt="rain")
    (rain,) = [strip for strip in cut.finish() if strip != sound]
    move(sound, 3)
    cut.select(clip)
    assert "for 'rain'." in new_take(capfd)
    cut.select(clip, rain, sound)
    cut.scene.sequence_editor.active_strip = sound
    assert "for 'boots'." in new_take(capfd)
    cut.scene.sequence_editor.active_strip = clip
    assert "for 'rain'." in new_take(capfd)
    assert len(cut.queue.running) == 3
    cut.finish()


def test_a_part_of_a_copy_is_made_anew_in_the_copy_alone(cut, sound):
    (copy,) = duplicate(cut, sound, by=0, up=3)
    before = state(sound)
    cut.select(copy)
    choose(cut, 50, 69)
    bpy.ops.foley.region()
    cut.finish()
    assert state(sound) == before
    assert len(parts(cut)) == 4


def test_a_copied_picture_beside_the_original_does_not_own_the_sound_that_reaches_over_it(cut, film):
    clip = cut.place(film, trim=10, frames=40)
    ask(cut)
    sound = cut.take()
    (copy,) = duplicate(cut, clip, by=40)
    assert where(copy).start == where(clip).end
    cut_off(sound, right=where(sound).cut_right - 12)
    cut.select(copy)
    with pytest.raises(RuntimeError, match=r"\[no_take\]"):
        bpy.ops.foley.new_take()
    cut.select(clip)
    new_take()
    cut.finish()
    assert len(record(sound)["others"]) == 1


def test_what_is_selected_only_because_it_is_connected_to_what_was_clicked_stays(cut, sound):
    clip = next(strip for strip in cut.strips if strip.type == "MOVIE")
    cut.select(sound)
    choose(cut, 50, 69)
    bpy.ops.foley.region()
    cut.finish()
    left, part, right = parts(cut)
    before = state(part)
    for clicked in (left, clip):
        cut.select(clip, left, part, right)
        cut.scene.sequence_editor.active_strip = clicked
        new_take()
        cut.finish()
    assert state(part) == before
    assert len(record(left)["others"]) == len(record(right)["others"]) == 3
    cut.select(clip, left, part, right)
    cut.scene.sequence_editor.active_strip = part
    was = state(left), state(right)
    new_take()
    cut.finish()
    assert (state(left), state(right)) == was
    assert state(part) != before


def test_a_part_in_the_right_one_of_two_selected_halves_is_made_anew(cut, sound):
    right = sound.split(frame=60, split_method="SOFT")
    cut.select(sound, right)
    choose(cut, 70, 89)
    bpy.ops.foley.region()
    cut.finish()
    assert len(parts(cut)) == 4
    assert where(sound).end == 60


def test_a_take_of_a_copy_comes_to_it_though_it_was_renamed_or_copied_or_became_its_own_meanwhile(cut, sound):
    (copy,) = duplicate(cut, sound)
    before = state(sound)
    cut.select(copy)
    new_take()
    new_take()
    copy.name = "Mine"
    (again,) = duplicate(cut, copy, by=200)
    was = plays(again)
    cut.finish()
    assert cut.queue.unplaced == []
    assert state(sound) == before
    assert len(record(copy)["others"]) == 3
    assert plays(again) == was


def test_a_take_of_a_copy_that_was_deleted_meanwhile_goes_to_no_other(cut, sound):
    (copy,) = duplicate(cut, sound)
    before = state(sound)
    cut.select(copy)
    new_take()
    cut.strips.remove(copy)
    cut.finish()
    (left,) = cut.queue.unplaced
    assert left.reason.endswith("[sound_gone]")
    assert state(sound) == before


def test_takes_of_both_halves_asked_for_at_once_come_each_to_its_own(cut, sound):
    right = sound.split(frame=60, split_method="SOFT")
    for strip, prompt in ((sound, "clogs"), (right, "sand")):
        cut.select(strip)
        regenerate(cut, prompt=prompt)
    cut.finish()
    assert [record(strip)["prompt"] for strip in (sound, right)] == ["clogs", "sand"]


def test_a_project_closed_during_a_copy_s_job_still_knows_which_was_meant(cut, sound, tmp_path):
    (copy,) = duplicate(cut, sound)
    cut.select(copy)
    name, before = copy.name, (plays(sound), sound["foley_meta"])
    assert bpy.ops.foley.regenerate(prompt="slow 1", engine="faulty") == {"FINISHED"}
    save(tmp_path / "project.blend")
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "project.blend"))
    cut.finish()
    by_name = {strip.name: strip for strip in cut.sounds}
    assert name not in by_name
    assert record(by_name["slow 1"])["prompt"] == "slow 1"
    assert (plays(by_name["boots"]), by_name["boots"]["foley_meta"]) == before


def test_an_undo_takes_a_copy_s_uid_back_with_its_take(cut, sound):
    (copy,) = duplicate(cut, sound)
    cut.select(copy)
    step("Select")
    uid = sound["foley_uid"]
    assert bpy.ops.foley.new_take("EXEC_DEFAULT", True) == {"FINISHED"}
    cut.finish()
    assert len({strip["foley_uid"] for strip in cut.sounds}) == 2
    bpy.ops.ed.undo()
    assert {strip["foley_uid"] for strip in cut.sounds} == {uid}


def test_copies_inside_copied_metas_are_told_apart(cut, sound):
    clip = next(strip for strip in cut.strips if strip.type == "MOVIE")
    cut.select(clip, sound)
    with cut.over_timeline():
        assert bpy.ops.sequencer.meta_make() == {"FINISHED"}
    (meta,) = cut.strips
    (copy,) = duplicate(cut, meta, by=0, up=2)
    everything = all_strips(cut.scene.sequence_editor)
    inner, other = (
        next(one for one in everything if one.type == "SOUND" and one.parent_meta() == owner)
        for owner in (meta, copy)
    )
    before = state(inner)
    for strip in everything:
        strip.select = strip == other
    cut.scene.sequence_editor.active_strip = None
    new_take()
    cut.until(lambda: not cut.queue.running)
    assert state(inner) == before
    assert plays(other) != plays(inner)
