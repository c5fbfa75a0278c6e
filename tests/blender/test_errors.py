"""What cannot be given sound, or has no place, is refused in one sentence; and nothing is lost by it."""

import json
import os
import shutil
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace

import bpy
import pytest
from cut import BACKEND_PYTHON, where
from drawn import Drawn


def refused(cut, code, **asked):
    """The sentence with which Generate is refused."""
    with pytest.raises(RuntimeError) as error:
        bpy.ops.foley.generate(**asked)
    said = str(error.value).strip()
    assert said.endswith(f"[{code}]")
    assert len(said.splitlines()) == 1
    assert not cut.jobs.running
    return said


def test_nothing_selected(cut, film):
    refused(cut, "no_selection")
    cut.place(film).select = False
    assert "No strip" in refused(cut, "no_selection")


def test_a_sound_strip_selected(cut, film):
    clip = cut.place(film)
    cut.generate(engine="faulty")
    cut.select(*cut.finish())
    assert "sound" in refused(cut, "not_a_film")
    assert clip.type == "MOVIE"


def test_a_film_that_is_missing(cut, film, tmp_path):
    copy = tmp_path / "copy.mp4"
    copy.write_bytes(film.read_bytes())
    cut.place(copy)
    copy.unlink()
    assert str(copy) in refused(cut, "media_missing")


def test_a_clip_that_is_muted(cut, film):
    clip = cut.place(film)
    clip.mute = True
    assert "Clip" in refused(cut, "clip_muted")


def test_a_changed_clip_before_the_first_frame_that_blender_renders(cut, film):
    cut.place(film, start=-10).use_reverse_frames = True
    assert "Clip" in refused(cut, "before_zero")


@pytest.mark.parametrize("seed", ["-1", "4294967296", "seven", "1.5"])
def test_a_seed_that_is_none(cut, film, seed):
    cut.place(film)
    refused(cut, "bad_seed", seed=seed)


def test_a_prompt_that_no_message_can_hold(cut, film):
    cut.place(film)
    refused(cut, "bad_request", prompt="a" * (1 << 20))


def test_a_prompt_that_the_backend_finds_too_long(cut, film):
    cut.place(film)
    cut.generate("a" * 100_000)
    assert cut.finish() == []
    assert cut.jobs.problem.endswith("[bad_prompt]")


def test_a_folder_that_cannot_be_written_to(cut, film, tmp_path):
    (tmp_path / "foley").write_text("in the way")
    cut.place(film)
    refused(cut, "output_denied")


def test_no_channel_free(cut, film):
    clip = cut.place(film, channel=1)
    for number, channel in enumerate(cut.scene.sequence_editor.channels):
        channel.lock = number > 1
    cut.generate(engine="faulty")
    assert cut.finish() == []
    assert cut.jobs.problem.endswith("[no_channel]")
    assert len(cut.jobs.unplaced) == 1
    assert clip.channel == 1


def test_a_backend_that_is_not_installed_is_said_so(cut, film, tmp_path, monkeypatch):
    monkeypatch.setenv("FOLEY_HOME", str(tmp_path / "empty"))
    cut.place(film)
    cut.generate(engine="faulty")
    assert cut.finish() == []
    assert "launch.json" in cut.jobs.problem
    assert cut.jobs.problem.endswith("[backend_unreachable]")
    assert cut.jobs.backend == "broken"


@pytest.fixture
def preferences(installed):
    """The add-on's preferences, as they are where it was switched on by hand."""
    addons = bpy.context.preferences.addons
    addons.new().module = installed
    yield addons[installed].preferences
    addons.remove(addons[installed])


@pytest.fixture
def own_home(tmp_path, monkeypatch):
    """A state folder of its own, with no backend in it."""
    place = tmp_path / "own home"
    place.mkdir()
    monkeypatch.setenv("FOLEY_HOME", str(place))
    return place


def retried(cut):
    """The sound strip, once the job that failed is tried again."""
    (job,) = cut.jobs.failed
    for _ in range(2):  # A hurried user clicks twice.
        assert bpy.ops.foley.retry(job=job) == {"FINISHED"}
    cut.until(lambda: not cut.jobs.later and not cut.jobs.running)
    assert cut.jobs.failed == {}
    return cut.take()


@pytest.mark.parametrize("kind", ["COLOR", "TEXT"])
def test_a_strip_that_is_no_film_is_rendered_and_scored(cut, kind):
    cut.scene.render.resolution_x, cut.scene.render.resolution_y = 320, 180
    cut.select(cut.place_effect(kind, 1, 20, 32))
    cut.generate(engine="faulty")
    assert where(cut.take())[:2] == (20, 32)


def test_a_sound_selected_beside_a_film_is_passed_over(cut, film):
    clip = cut.place(film)
    cut.generate(engine="faulty")
    cut.select(clip, cut.take())
    cut.generate(engine="faulty", seed="8")
    assert len(cut.finish()) == 2


@pytest.mark.parametrize("place", ["foley", "new", "layers"])
@pytest.mark.parametrize("free", [(), (7,), (7, 90)])
def test_where_too_few_channels_are_free_nothing_is_half_placed(cut, film, place, free):
    clip = cut.place(film, channel=1)
    for number in set(range(2, 129)) - set(free):
        cut.place_effect("COLOR", number, 1, 300)
    names = [channel.name for channel in cut.scene.sequence_editor.channels]
    cut.select(clip)
    cut.generate(engine="faulty", place=place)
    sounds = cut.finish()
    if free and place != "layers":
        assert [sound.channel for sound in sounds] == [7]
        return
    assert sounds == []
    assert [channel.name for channel in cut.scene.sequence_editor.channels] == names
    (left,) = cut.jobs.unplaced
    assert left.reason.endswith("[no_channel]")
    assert Path(left.path).is_file()
    assert Path(left.job.record).is_file()
    for strip in [strip for strip in cut.strips if strip.channel in (5, 6, 7)]:
        cut.strips.remove(strip)
    assert bpy.ops.foley.insert(path=left.path) == {"FINISHED"}
    wanted = [5, 6, 7] if place == "layers" else [5]
    assert sorted(sound.channel for sound in cut.sounds) == wanted
    assert not Path(left.job.record).exists()


def test_a_picture_of_an_image_sequence_that_is_missing(cut, tmp_path):
    image = bpy.data.images.new("Picture", 64, 64)
    paths = [tmp_path / f"{number:04}.png" for number in range(1, 6)]
    for path in paths:
        image.filepath_raw, image.file_format = str(path), "PNG"
        image.save()
    strip = cut.strips.new_image("Sequence", str(paths[0]), 1, 1)
    for path in paths[1:]:
        strip.elements.append(path.name)
    cut.select(strip)
    paths[2].unlink()
    assert str(paths[2]) in refused(cut, "media_missing")


def test_a_film_that_is_missing_under_an_effect(cut, film, tmp_path):
    copy = tmp_path / "copy.mp4"
    copy.write_bytes(film.read_bytes())
    clip = cut.place(copy)
    cut.select(cut.place_effect("GLOW", 2, 11, 107, clip))
    copy.unlink()
    assert str(copy) in refused(cut, "media_missing")


def in_the_way(tmp_path):
    (tmp_path / "file").write_text("in the way")
    return tmp_path / "file" / "sounds"


def of_the_system(tmp_path):
    return Path("/proc/foley")


def read_only(tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)
    return tmp_path / "locked" / "sounds"


MAY_ALL = os.name == "nt" or os.geteuid() == 0
UNWRITABLE = [
    in_the_way,
    pytest.param(of_the_system, marks=pytest.mark.skipif(sys.platform != "linux", reason="Linux's /proc")),
    pytest.param(read_only, marks=pytest.mark.skipif(MAY_ALL, reason="this user may write everywhere")),
]


@pytest.mark.parametrize("folder", UNWRITABLE)
def test_a_preferred_folder_that_cannot_be_made(cut, film, preferences, tmp_path, folder):
    preferences.folder = str(folder(tmp_path))
    cut.place(film)
    assert preferences.folder in refused(cut, "output_denied")
    preferences.folder = ""
    cut.generate(engine="faulty")
    cut.take()


def test_a_preferred_folder_beside_a_project_that_is_not_saved(cut, film, preferences, installed):
    bpy.ops.wm.read_homefile(use_empty=True)
    with warnings.catch_warnings():  # From 5.0 on Blender says that it would rather have a whole path.
        warnings.simplefilter("ignore", RuntimeWarning)
        preferences.folder = "//sounds"
    cut.place(film)
    cut.generate(engine="faulty")
    path = Path(cut.take().sound.filepath)
    assert path.parent == Path(bpy.utils.extension_path_user(installed, path="audio"))


UMLAUTS = "Schritte über Kies, 雨の音, дверь 🎬"
PROMPTS = ["wood\nstone\r\n\tmetal", UMLAUTS, "../../\"'\\/:*?<>|`$(x)", "🎬" * 40, " ", "con", "x " * 900]


@pytest.mark.parametrize("prompt", PROMPTS)
def test_whatever_words_are_typed_name_a_strip_and_a_file(cut, film, tmp_path, prompt):
    folder = tmp_path / "Ein Ordner, 'schräg' 雨 #1"
    folder.mkdir()
    media = shutil.copy(film, folder / "Ümlaut % 雨.mp4")
    bpy.ops.wm.save_as_mainfile(filepath=str(folder / "Projekt 雨 %20.blend"))
    cut.place(media).name = prompt
    cut.generate(prompt, engine="faulty")
    sound = cut.take()
    assert json.loads(sound["foley_meta"])["prompt"] == prompt
    assert Path(bpy.path.abspath(sound.sound.filepath)).parent == folder / "foley"
    was = sound.name
    cut.select(sound)
    assert bpy.ops.foley.regenerate(prompt="another", engine="faulty") == {"FINISHED"}
    cut.finish()
    assert (cut.sounds[0].name, cut.jobs.problem) == ("another", ""), was


BROKEN = [
    "",
    "no JSON {",
    "[]",
    "7",
    "null",
    "{}",
    '{"take": {}}',
    '{"take": 7}',
    '{"take": {"path": 7, "stems": []}, "others": 7, "number": "x"}',
    '{"take": {"path": "/x.wav"}, "others": [7], "number": 1, "prompt": "", "seed": "7"}',
    7,
    0.5,
]
ON_A_SOUND = ["regenerate", "new_take", "region", "choose_take", "delete_take", "reveal_take", "audition"]
ON_A_SOUND += ["show_impacts", "hits_from_markers", "generate"]


@pytest.mark.parametrize("kept", BROKEN)
def test_a_broken_record_on_a_strip_is_none(cut, film, kept):
    cut.place(film)
    cut.generate(engine="faulty")
    sound = cut.take()
    sound["foley_meta"] = kept
    cut.select(sound)
    for name in ON_A_SOUND:
        with pytest.raises(RuntimeError, match=r"^Error: [^\n]+ \[[a-z_]+\]\s*$"):
            getattr(bpy.ops.foley, name)()
    draw_all(cut)


def test_a_record_whose_files_are_gone_can_still_be_worked_with(cut, film):
    cut.place(film)
    cut.generate(engine="faulty", takes=2)
    sound = cut.take()
    for path in (cut.folder / "foley").glob("*.*"):
        if path.is_file():
            path.unlink()
    cut.select(sound)
    draw_all(cut)
    for name in ("choose_take", "reveal_take"):
        with pytest.raises(RuntimeError, match=r"\[take_missing\]"):
            getattr(bpy.ops.foley, name)()
    assert bpy.ops.foley.delete_take(index=0) == {"FINISHED"}
    assert bpy.ops.foley.new_take() == {"FINISHED"}
    cut.finish()
    assert cut.jobs.problem == ""
    assert Path(bpy.path.abspath(sound.sound.filepath)).is_file()


def draw_all(cut):
    """Draw the whole tab and the menus."""
    layout = Drawn()
    window = bpy.context.window_manager.windows[0]
    area = window.screen.areas[0]
    area.type = "SEQUENCE_EDITOR"
    region = next(region for region in area.regions if region.type == "UI")
    ours = [getattr(bpy.types, name) for name in dir(bpy.types) if name.startswith(("FOLEY_PT", "FOLEY_MT"))]
    with bpy.context.temp_override(window=window, area=area, region=region):
        for kind in ours:
            kind.draw(SimpleNamespace(layout=layout), bpy.context)
        cut.addon.menus.draw(SimpleNamespace(layout=layout), bpy.context)


@pytest.fixture
def client(cut):
    """The module of the backend's client."""
    cut.addon.launching.warm_up()
    return sys.modules[cut.addon.__name__ + ".foley_client"]


HANGS = [BACKEND_PYTHON, "-c", "import time; time.sleep(100)"]
LAUNCHES = {
    "missing": None,
    "garbage": "no JSON {",
    "another shape": "[7]",
    "no command": "{}",
    "empty command": '{"command": []}',
    "number": '{"command": 7}',
    "numbers": '{"command": [7]}',
    "no program": '{"command": ["/no/such/program"]}',
    "ends": json.dumps({"command": [BACKEND_PYTHON, "-c", "raise SystemExit(3)"]}),
    "hangs": json.dumps({"command": HANGS}),
}


@pytest.mark.parametrize("launch", LAUNCHES)
def test_a_backend_that_cannot_start_is_said_so_and_its_job_can_be_tried_again(
    cut, film, home, own_home, client, monkeypatch, launch
):
    if LAUNCHES[launch] is not None:
        (own_home / "launch.json").write_text(LAUNCHES[launch])
    monkeypatch.setattr(client, "START_SECONDS", 1.0)
    cut.place(film)
    cut.generate(engine="faulty")
    assert cut.finish() == []
    assert cut.jobs.problem.endswith("[backend_unreachable]")
    assert len(cut.jobs.problem.splitlines()) == 1
    assert cut.addon.backend_ops.logs() == str(own_home / "logs")
    assert len(list((cut.folder / "foley" / ".jobs").glob("*.json"))) == 1
    for child in [child for child in client._children if child.args == HANGS]:
        child.kill()
        child.wait()
    monkeypatch.setenv("FOLEY_HOME", str(home))
    assert bpy.ops.foley.start_backend() == {"FINISHED"}
    cut.until(lambda: cut.jobs.backend == "ready")
    assert where(retried(cut))[:2] == (11, 107)


def test_a_backend_that_speaks_another_protocol_is_said_so(cut, film, monkeypatch):
    cut.jobs.connect()
    cut.until(lambda: cut.jobs.backend == "ready")
    cut.jobs.close()
    monkeypatch.setitem(cut.jobs.client._hello, "protocol", (2, 0))
    cut.place(film)
    cut.generate(engine="faulty")
    assert cut.finish() == []
    assert cut.jobs.problem.endswith("[protocol_mismatch]")
    assert len(cut.jobs.problem.splitlines()) == 1
    monkeypatch.undo()
    monkeypatch.setenv("FOLEY_TEST_ENGINES", "1")
    retried(cut)


def test_a_backend_of_an_older_build_is_replaced_and_makes_the_take(cut, film, home, own_home):
    launch = json.loads((home / "launch.json").read_text())
    (own_home / "launch.json").write_text(json.dumps(launch))
    cut.jobs.connect()
    cut.until(lambda: cut.jobs.backend == "ready")
    before = json.loads((own_home / "connection.json").read_text())["pid"]
    cut.jobs.close()
    (own_home / "launch.json").write_text(json.dumps({**launch, "build": "99.0.0+20990101000000"}))
    cut.place(film)
    cut.generate(engine="faulty")
    cut.take()
    assert json.loads((own_home / "connection.json").read_text())["pid"] != before
    cut.jobs.client.ask("shutdown", mode="now")
    cut.until(lambda: not (own_home / "connection.json").exists())
