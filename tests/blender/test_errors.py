"""What cannot be given sound is refused in one sentence, before the backend is asked."""

import bpy
import pytest


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
