"""A shot gets no second sound by accident; what is done about each is planned, shown, and can be changed."""

import json
import sys
from types import SimpleNamespace

import bpy
import pytest
from asked import parts, plays, record
from cut import strips, where
from drawn import Drawn
from test_score import lay_out, prompts, score


@pytest.fixture
def shots(cut, film):
    """Four shots, of which the first two have a sound."""
    clips = lay_out(cut, film, 4, frames=10)
    cut.select(*clips[:2])
    score(cut, engine="faulty", prompt="wood")
    assert len(cut.finish()) == 2
    cut.select()
    return clips


def scored(cut, **asked):
    """Score, and wait for all takes; gives the prompts by first frame."""
    score(cut, **{"engine": "faulty", "seed": "", "prompt": "glass", **asked})
    cut.until(lambda: not cut.queue.running)
    assert cut.queue.problem == ""
    return prompts(cut)


def dialog(cut, **asked):
    """The operator's properties, its plan made as when the dialog opens."""
    shown = bpy.context.window_manager.operator_properties_last("foley.score")
    shown.plan.clear()
    for name, value in {
        "channels": "all",
        "source": "own",
        "prompt": "",
        "existing": "skip",
        **asked,
    }.items():
        setattr(shown, name, value)
    shown.only_selected = bool(asked.get("only_selected"))
    plan_list(cut).fill(shown, bpy.context)
    shown.planned = True
    return shown


def plan_list(cut):
    return sys.modules[cut.addon.__name__ + ".ui.plan_list"]


def acts(shown, cut):
    return [plan_list(cut).FoleyShot.act(line) for line in shown.plan]


def test_shots_that_have_a_sound_are_left_as_they_are(cut, shots):
    before = {sound.name: record(sound) for sound in cut.sounds}
    assert scored(cut) == {1: "wood", 11: "wood", 21: "glass", 31: "glass"}
    assert {sound.name: record(sound) for sound in cut.sounds if sound.name in before} == before
    with pytest.raises(RuntimeError, match=r"4 shots: 4 left as they are\..*nothing_to_score"):
        bpy.ops.foley.score(prompt="metal")


def test_shots_that_have_a_sound_are_regenerated_in_place_and_keep_the_take_that_was_there(cut, shots):
    cut.sounds[0].volume = 0.25
    assert set(scored(cut, existing="regenerate", source="one").values()) == {"glass"}
    assert len(cut.sounds) == 4
    assert [len(record(sound)["others"]) for sound in parts(cut)] == [1, 1, 0, 0]
    assert parts(cut)[0].volume == 0.25


def test_shots_that_have_a_sound_get_another_one_in_its_stead(cut, shots):
    first = parts(cut)[0]
    first.volume, channel, earlier = 0.25, first.channel, plays(first)
    assert set(scored(cut, existing="replace", source="one").values()) == {"glass"}
    assert len(cut.sounds) == 4
    assert (parts(cut)[0].volume, {sound.channel for sound in cut.sounds}) == (1.0, {channel})
    assert record(parts(cut)[0])["others"][0]["take"]["path"] == str(earlier)
    assert [where(sound)[:2] for sound in parts(cut)] == [where(clip)[:2] for clip in shots]


def test_shots_for_which_a_sound_is_on_its_way_count_too(cut, film):
    lay_out(cut, film, 3, frames=10)
    score(cut, engine="faulty", prompt="slow 3")
    with pytest.raises(RuntimeError, match="3 left as they are"):
        bpy.ops.foley.score(engine="faulty", existing="regenerate")
    assert len(cut.finish()) == 3


def test_two_scores_at_once_give_each_shot_one_sound(cut, film):
    lay_out(cut, film, 3, frames=10)
    for _ in range(2):
        assert bpy.ops.foley.score(engine="faulty") == {"FINISHED"}
    cut.until(lambda: not cut.queue.later)
    assert "[has_sound]" in cut.queue.problem
    assert len(cut.finish()) == 3


def test_seeds_differ_by_shot_and_none_is_taken_over_from_the_last_sound(cut, film):
    lay_out(cut, film, 3, frames=10)
    cut.generate("wood", engine="faulty", seed="5", takes=2)
    cut.take()
    assert bpy.ops.foley.score(engine="faulty") == {"FINISHED"}
    cut.until(lambda: not cut.queue.later and not cut.queue.running)
    seeds = [record(sound)["seed"] for sound in cut.sounds]
    assert len(seeds) == len(set(seeds)) == 3


def test_only_the_selected_strips_are_scored_where_several_are(cut, film):
    clips = lay_out(cut, film, 4, frames=10)
    cut.select(clips[1], clips[2])
    assert scored(cut) == {11: "glass", 21: "glass"}
    cut.select(clips[0], clips[3])
    assert len(scored(cut, only_selected=False)) == 4


def test_inside_an_open_meta_its_own_strips_are_scored(cut, film):
    meta = cut.strips.new_meta("Scene", 2, 1)
    for at in (1, 101):
        strips(meta).new_movie("Inner", str(film), 1, at)
    cut.place(film, start=300)
    cut.scene.sequence_editor.display_stack(meta)
    score(cut, engine="faulty", prompt="wood")
    cut.until(lambda: not cut.queue.running)
    assert sorted(where(one).start for one in strips(meta) if one.type == "SOUND") == [1, 101]
    assert cut.sounds == []


def test_markers_that_were_never_named_are_no_prompts_and_text_strips_are(cut, film):
    lay_out(cut, film, 3, frames=10)
    cut.scene.timeline_markers.new("rain", frame=1)
    cut.scene.timeline_markers.new("F_11", frame=11)
    note = cut.place_effect("TEXT", 5, 13, 30)
    note.text, note.mute = "boots on\ngravel", True
    shown = dialog(cut, source="markers", prompt="wind")
    assert [line.words for line in shown.plan] == ["rain", "rain", "rain"]
    shown.source = "texts"
    assert [line.words for line in shown.plan] == ["wind", "boots on gravel", "boots on gravel"]


def test_what_was_changed_in_the_plan_stays_and_is_what_is_asked_for(cut, shots):
    shown = dialog(cut, prompt="wind")
    assert [(line.words, line.sounds) for line in shown.plan] == [
        ("wood", 1),
        ("wood", 1),
        ("wind", 0),
        ("wind", 0),
    ]
    assert acts(shown, cut) == ["skip", "skip", "new", "new"]
    shown.plan[1].chosen, shown.plan[1].how = True, "replace"
    shown.plan[2].words = "a door"
    shown.plan[3].chosen = False
    shown.prompt = "rain"
    assert [line.words for line in shown.plan] == ["wood", "wood", "a door", "rain"]
    shown.source, shown.existing = "names", "regenerate"
    assert [line.words for line in shown.plan] == ["Shot 000", "Shot 001", "a door", "Shot 003"]
    assert acts(shown, cut) == ["regenerate", "replace", "new", "skip"]
    names = [one.identifier for one in shown.plan[0].bl_rna.properties if one.identifier != "rna_type"]
    lines = [{name: getattr(line, name) for name in names} for line in shown.plan]
    assert bpy.ops.foley.score(engine="faulty", source="names", plan=lines) == {"FINISHED"}
    cut.until(lambda: not cut.queue.later and not cut.queue.running)
    assert prompts(cut) == {1: "Shot 000", 11: "Shot 001", 21: "a door"}


def test_the_dialog_shows_the_plan_what_is_used_and_how_long_it_will_take(cut, shots):
    cut.select(shots[0])
    cut.generate("wood", engine="faulty", use_loudness=True, loudness=-40.0, takes=3, existing="beside")
    cut.finish()
    shown = dialog(cut)
    shown.seed = ""  # As it is in the dialog, whatever was asked last.
    cut.addon.ui.settings.prefill(cut.scene, None, shown)
    layout = Drawn()
    kind = sys.modules[cut.addon.__name__ + ".ui.score_ops"].FOLEY_OT_score
    values = {
        name: getattr(shown, name) for name in (*shown.bl_rna.properties.keys(), "plan") if name != "rna_type"
    }
    kind.draw(SimpleNamespace(layout=layout, bl_rna=shown.bl_rna, **values), bpy.context)
    drawn = [text for what, text in layout.texts if what == "prop"]
    assert {
        "channels",
        "only_selected",
        "source",
        "existing",
        "takes",
        "More: faulty, -40 LUFS",
    } <= set(drawn)
    (said,) = [text for what, text in layout.texts if what == "label"]
    assert said.startswith("4 shots: 2 new, 2 left as they are, about ")
    kind = plan_list(cut).FOLEY_UL_plan
    layout = Drawn()
    for line in shown.plan:
        drawn_line = SimpleNamespace(
            bl_rna=line.bl_rna,
            act=lambda line=line: plan_list(cut).FoleyShot.act(line),
            **{
                name: getattr(line, name)
                for name in ("place", "length", "sounds", "on_its_way", "words", "how", "chosen")
            },
        )
        kind.draw_item(None, bpy.context, layout, shown, drawn_line, 0, shown, "at")
    labels = [text for what, text in layout.texts if what == "label"]
    assert labels[0].startswith("1  00:00:00:")
    assert labels.count("New") == 2


def test_channels_that_cannot_be_read_are_said_in_the_place_of_the_plan(cut, shots):
    shown = dialog(cut)
    shown.channels = "one"
    assert (len(shown.plan), "[bad_channels]" in shown.refused) == (0, True)
    shown.channels = "all"
    assert (len(shown.plan), shown.refused) == (4, "")


def test_generating_where_there_is_a_sound_takes_its_place(cut, film):
    cut.place(film)
    cut.generate("wood", engine="faulty")
    sound = cut.take()
    cut.generate("glass", engine="faulty", seed="8")
    assert cut.take() == sound
    assert [record(sound)["prompt"], record(sound)["others"][0]["prompt"]] == ["glass", "wood"]
    cut.generate("metal", engine="faulty", existing="beside")
    assert len(cut.finish()) == 2
    cut.generate("stone", engine="faulty", existing="replace")
    assert record(cut.take())["prompt"] == "stone"


def test_generating_while_a_sound_is_on_its_way_is_refused(cut, film):
    cut.place(film)
    cut.generate("slow 3", engine="faulty")
    with pytest.raises(RuntimeError, match="on_its_way"):
        bpy.ops.foley.generate(prompt="glass")
    assert len(cut.finish()) == 1


def test_several_strips_apart_get_a_sound_each(cut, film):
    clips = [cut.place(film, start=start, frames=20) for start in (1, 101, 201)]
    cut.select(*clips)
    assert bpy.ops.foley.generate(prompt="wood", engine="faulty") == {"FINISHED"}
    cut.until(lambda: not cut.queue.later and not cut.queue.running)
    assert [where(sound)[:2] for sound in parts(cut)] == [where(clip)[:2] for clip in clips]
    for clip in clips:
        cut.select(clip)
        assert cut.addon.timeline.selection.sound_strips(bpy.context)
    cut.select(*clips)
    assert bpy.ops.foley.generate(prompt="glass", engine="faulty") == {"FINISHED"}
    cut.until(lambda: not cut.queue.later and not cut.queue.running)
    assert prompts(cut) == {1: "glass", 101: "glass", 201: "glass"}
    assert len(cut.sounds) == 3


def test_one_sound_over_several_strips_is_found_from_each_of_them(cut, film):
    clips = lay_out(cut, film, 3, frames=20)
    cut.select(*clips)
    assert bpy.ops.foley.generate(prompt="wood", engine="faulty") == {"FINISHED"}
    sound = cut.take()
    assert where(sound)[:2] == (1, 61)
    for clip in clips:
        assert cut.addon.timeline.sounds.over(cut.scene, clip) == [sound]
        cut.select(clip)
        assert cut.addon.timeline.selection.sound_strips(bpy.context) == [sound]
    with pytest.raises(RuntimeError, match="3 left as they are"):
        bpy.ops.foley.score(engine="faulty")
    cut.select(*clips)
    assert bpy.ops.foley.generate(prompt="glass", engine="faulty") == {"FINISHED"}
    assert cut.take() == sound
    assert (record(sound)["prompt"], len(record(sound)["others"])) == ("glass", 1)
    assert sorted(record(sound)["strips"]) == sorted(clip["foley_uid"] for clip in clips)


def test_one_sound_over_strips_that_have_their_own_is_refused_until_said_otherwise(cut, shots):
    cut.select(*shots)
    with pytest.raises(RuntimeError, match="has_sound"):
        bpy.ops.foley.generate(prompt="glass", engine="faulty")
    assert bpy.ops.foley.generate(prompt="glass", engine="faulty", existing="replace") == {"FINISHED"}
    assert record(cut.take())["prompt"] == "glass"


def test_a_record_of_an_older_version_is_found_from_its_picture(cut, film):
    clip = cut.place(film)
    cut.generate("wood", engine="faulty")
    sound = cut.take()
    old = {name: value for name, value in record(sound).items() if name not in ("strips", "left_out")}
    sound["foley_meta"] = json.dumps(old)
    assert cut.addon.timeline.sounds.over(cut.scene, clip) == [sound]


@pytest.mark.parametrize(
    ("there", "said"),
    [
        ({"chosen": 1, "having": 1, "making": 0}, [("prop", "It has a sound")]),
        ({"chosen": 1, "having": 0, "making": 1}, [("label", "A sound for it is on its way")]),
        (
            {"chosen": 3, "having": 2, "making": 1},
            [("prop", "several"), ("prop", "2 of 3 have a sound"), ("label", "For 1 of 3 one is on its way")],
        ),
    ],
)
def test_the_dialog_of_generate_says_what_is_there_and_asks_what_to_do(cut, there, said):
    layout, asked = Drawn(), bpy.context.window_manager.operator_properties_last("foley.generate")
    kind = cut.addon.ui.generate_ops.FOLEY_OT_generate
    names = [*cut.addon.ui.settings.HasWishes.__annotations__, *asked.bl_rna.properties.keys()]
    values = {name: getattr(asked, name) for name in names if name != "rna_type"}
    kind.draw(SimpleNamespace(**{**values, **there}, layout=layout, bl_rna=asked.bl_rna), bpy.context)
    told = [text for text in layout.texts if text[0] in ("prop", "label")]
    assert told[: len(said)] == said
