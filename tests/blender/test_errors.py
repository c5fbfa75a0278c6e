"""What cannot be given sound, or has no place, is refused in one sentence; and nothing is lost by it."""

import os
import sys
import warnings
import wave
from pathlib import Path

import bpy
import pytest
from cut import where


@pytest.fixture
def preferences(installed):
    """The add-on's preferences, as they are where it was switched on by hand."""
    addons = bpy.context.preferences.addons
    addons.new().module = installed
    yield addons[installed].preferences
    addons.remove(addons[installed])


def refused(cut, code, **asked):
    """The sentence with which Generate is refused."""
    with pytest.raises(RuntimeError) as error:
        bpy.ops.foley.generate(**asked)
    said = str(error.value).strip()
    assert said.endswith(f"[{code}]")
    assert len(said.splitlines()) == 1
    assert not cut.queue.running
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
    assert cut.queue.problem.endswith("[bad_prompt]")


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
    assert cut.queue.problem.endswith("[no_channel]")
    assert len(cut.queue.unplaced) == 1
    assert clip.channel == 1


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
    cut.generate(engine="faulty", seed="8", existing="beside")
    assert len(cut.finish()) == 2


@pytest.fixture(scope="session")
def music(tmp_path_factory):
    """Thirteen seconds of silence, as a file that is a user's own."""
    path = tmp_path_factory.mktemp("music") / "music.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8_000, 0, "NONE", ""))
        file.writeframes(bytes(2 * 13 * 8_000))
    return path


@pytest.mark.parametrize("place", ["foley", "new", "layers"])
@pytest.mark.parametrize("free", [(), (7,), (7, 90)])
def test_where_too_few_channels_are_free_nothing_is_half_placed(cut, film, music, place, free):
    clip = cut.place(film, channel=1)
    for number in set(range(2, 129)) - set(free):
        cut.strips.new_sound("Music", str(music), number, 1)
    names = [channel.name for channel in cut.scene.sequence_editor.channels]
    cut.select(clip)
    cut.generate(engine="faulty", place=place)
    sounds = [sound for sound in cut.finish() if "foley_meta" in sound]
    if free and place != "layers":
        assert [sound.channel for sound in sounds] == [7]
        return
    assert sounds == []
    assert [channel.name for channel in cut.scene.sequence_editor.channels] == names
    (left,) = cut.queue.unplaced
    assert left.reason.endswith("[no_channel]")
    assert Path(left.path).is_file()
    assert Path(left.job.record).is_file()
    for strip in [strip for strip in cut.strips if strip.channel in (5, 6, 7)]:
        cut.strips.remove(strip)
    assert bpy.ops.foley.insert(path=left.path) == {"FINISHED"}
    wanted = [5, 6, 7] if place == "layers" else [5]
    assert sorted(sound.channel for sound in cut.sounds if "foley_meta" in sound) == wanted
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


def test_a_preferred_folder_beside_a_project_that_is_not_saved(cut, film, preferences, home):
    bpy.ops.wm.read_homefile(use_empty=True)
    with warnings.catch_warnings():  # From 5.0 on Blender says that it would rather have a whole path.
        warnings.simplefilter("ignore", RuntimeWarning)
        preferences.folder = "//sounds"
    cut.place(film)
    cut.generate(engine="faulty")
    path = Path(cut.take().sound.filepath)
    assert path.parent == home / "blender"
