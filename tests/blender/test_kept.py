"""A project of an earlier Foley: all that it kept is read, and what it was waiting for comes.

`tests/data/kept/blender` was saved in Blender 4.3 by Foley 0.1.0, whose add-on had all modules in one folder.
It has a film with two takes, each of two layers, the same film mirrored, with a prompt, and two jobs that are
on their way, one for the hit of a marker, one for the mirrored film. Nothing in it is ever changed.
"""

import shutil
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import bpy
import pytest
from asked import plays, record
from cut import where
from drawn import Drawn

KEPT = Path(__file__).parent.parent / "data" / "kept" / "blender"
WAS = "/srv/cut"
"""Where it lay."""
SOUND = "a18c732f7af9433abb54a028ae2eeb3d"
HITS_JOB, MIRROR_JOB = "487563b10ca9496eabd4f0838fcc7bcc", "222dc7caeb0f4db9b9b1bc9bccc0e13d"
TAKE = "ball-on-wood-zorp-a18c732f"
"""What its files are called."""
WISHES = {
    "prompt": "ball on wood, zorp",
    "negative": "voices",
    "layers": ("hits", "movement"),
    "seed": 2**32 - 1,
    "takes": 2,
    "engine": "procedural",
    "alignment": "snap",
    "loudness": -30.0,
    "handles": 0.0,
    "place": "layers",
}


@pytest.fixture
def folder(tmp_path):
    """The project's folder, moved elsewhere, without the jobs."""
    return shutil.copytree(KEPT, tmp_path / "moved", ignore=shutil.ignore_patterns(".jobs"))


@pytest.fixture
def kept(cut, folder):
    """The project, open."""
    bpy.ops.wm.open_mainfile(filepath=str(folder / "project.blend"))
    return cut


@pytest.fixture
def resumed(cut, folder):
    """The project, open, with its jobs. One test alone has them: a backend knows each by its id for ever."""
    for path in (KEPT / "foley" / ".jobs").iterdir():
        (folder / "foley" / ".jobs").mkdir(exist_ok=True)
        text = path.read_text().replace(f'"media": "{WAS}', f'"media": "{folder.as_posix()}')
        (folder / "foley" / ".jobs" / path.name).write_text(text)
    bpy.ops.wm.open_mainfile(filepath=str(folder / "project.blend"))
    return cut


def strip(cut, name):
    return next(one for one in cut.strips if one.name == name)


def by_layer(cut):
    """The sounds of the first film."""
    return {record(one)["layer"]: one for one in cut.sounds if one["foley_uid"] == SOUND}


def test_what_was_asked_last_is_what_the_dialog_has(kept):
    wishes = kept.addon.ui.settings.read(kept.scene.foley)
    assert wishes == kept.addon.core.wishes.Wishes(**{**WISHES, "prompt": "ball on metal"})
    names = kept.addon.core.wishes.Wishes._fields
    unset = {name for name in names if not kept.scene.foley.is_property_set(name)}
    assert unset == {"own_sound", "duck", "hear_first"}  # Which an older add-on did not ask.


def test_the_pictures_have_their_prompts(kept):
    prompts = {one.name: kept.addon.timeline.words.own(one) for one in kept.strips}
    assert prompts["Ball"] == "ball on wood, zorp"
    assert prompts["Mirror"] == "ball on metal"
    shots = {shot.name: shot for shot in kept.addon.timeline.shots.read(kept.scene)}
    assert shots["Mirror"].prompt == "ball on metal"
    assert shots["Ball"].uid == record(by_layer(kept)["hits"])["strip"]


def test_the_record_of_a_take_says_all_that_it_said(kept):
    history, wishes = kept.addon.core.history, kept.addon.core.wishes
    assert set(by_layer(kept)) == {"hits", "movement"}
    for layer, sound in by_layer(kept).items():
        found = history.of(sound)
        assert wishes.Wishes.of(found) == wishes.Wishes(**WISHES)
        assert [entry["seed"] for entry in history.entries(found)] == [str(2**32 - 1), "0"]
        assert [entry["number"] for entry in history.entries(found)] == [1, 2]
        assert history.stretch(found) == (Fraction(3, 10), Fraction(1, 2))
        assert history.begins(found) == Fraction(3, 10)
        assert (
            Path(history.part(found)).name == plays(sound).name == f"ball-on-wood-zorp-a18c732f-{layer}.wav"
        )
        assert (
            kept.addon.core.remarks.unknown_words(found["take"])
            == "Unknown words: zorp (nearest: chop, door, drip)"
        )
        (impact,) = kept.addon.core.marks.impacts_of(found["take"])
        assert impact == (Fraction(3921, 10_000), 0.838)


def test_the_takes_are_listed_and_the_other_one_can_be_chosen(kept, folder):
    hits = by_layer(kept)["hits"]
    kept.select(hits)
    listed = Drawn()
    kept.addon.ui.takes_panel.FOLEY_MT_takes.draw(SimpleNamespace(layout=listed), bpy.context)
    assert [text for _, text in listed.texts if text] == [
        f"Take 1: ball on wood, zorp (seed {2**32 - 1})",
        "Take 2: ball on wood, zorp (seed 0)",
    ]
    assert bpy.ops.foley.choose_take(index=0) == {"FINISHED"}
    playing = {layer: plays(one) for layer, one in by_layer(kept).items()}
    assert playing == {layer: folder / "foley" / f"{TAKE}-2-{layer}.wav" for layer in ("hits", "movement")}


def test_what_was_on_its_way_is_known_and_comes(resumed, folder):
    assert set(resumed.queue.running) == {HITS_JOB, MIRROR_JOB}
    assert_as_asked(resumed, folder)
    resumed.finish()
    assert [job.error for job in resumed.queue.failed.values()] == []
    assert resumed.queue.unplaced == []
    assert list((folder / "foley" / ".jobs").iterdir()) == []
    for layer, sound in by_layer(resumed).items():
        assert plays(sound).name == f"ball-on-wood-zorp-{HITS_JOB[:8]}-{layer}.wav"
        assert record(sound)["hits"] == ["3921/10000"]
        assert [entry["number"] for entry in record(sound)["others"]] == [1, 2]
    new = [one for one in resumed.sounds if one["foley_uid"] == MIRROR_JOB]
    assert {record(one)["strip"] for one in new} == {strip(resumed, "Mirror")["foley_uid"]}
    assert {where(one)[:2] for one in new} == {(20, 26)}


def assert_as_asked(kept, folder):
    """The jobs' files say all that was asked."""
    jobs = {job.id: job for job in kept.addon.jobs.job_files.of_open_file()}
    hits, mirror = jobs.pop(HITS_JOB), jobs.pop(MIRROR_JOB)
    wishes, project = kept.addon.core.wishes.Wishes, str(folder / "project.blend")
    assert jobs == {}
    assert (hits.project, mirror.project) == (project, project)
    assert (hits.same_file, mirror.same_file) == (True, True)
    assert hits.wishes == wishes(**{**WISHES, "takes": 1})
    assert mirror.wishes == wishes(**{**WISHES, "prompt": "ball on metal"})
    assert (hits.goal.kind, hits.goal.sound, hits.hits) == ("replace", SOUND, [Fraction(3921, 10_000)])
    assert (mirror.goal.kind, mirror.goal.sound, mirror.hits) == ("new", "", None)
    known = {"scene": "Scene", "offset": 0.0, "frames": 6, "rate": Fraction(30)}
    assert hits.picture == kept.addon.core.picture.Picture(
        **known,
        uid=strip(kept, "Ball")["foley_uid"],
        name="ball on wood, zorp (hits)",
        media=(folder / "film.mp4").as_posix(),
        first=Fraction(3, 10),
        last=Fraction(1, 2),
    )
    assert mirror.picture == kept.addon.core.picture.Picture(
        **known,
        uid=strip(kept, "Mirror")["foley_uid"],
        name="Mirror",
        media="",
        first=Fraction(0),
        last=Fraction(1, 5),
        render=(20, 25),
        film=f"{WAS}/film.mp4",
        shows=("Mirror",),
    )


def test_the_preferences_have_the_names_that_users_kept_them_under(cut):
    names = set(cut.addon.ui.preferences.FoleyPreferences.bl_rna.properties.keys())
    assert names >= {
        *("command", "auto_start", "folder", "prompts"),
        *("engine", "use_loudness", "loudness", "handles", "place"),
    }
    assert cut.addon.ui.preferences.FoleyPreferences.bl_idname == cut.addon.__name__
