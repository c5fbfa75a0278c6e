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


def test_two_strips_selected(cut, film):
    first, second = cut.place(film), cut.place(film, channel=2)
    cut.select(first, second)
    assert "2 strips" in refused(cut, "no_selection")


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


def _mute(clip, cut):
    clip.mute = True


def _mute_channel(clip, cut):
    cut.scene.sequence_editor.channels[clip.channel].mute = True


def _reverse(clip, cut):
    clip.use_reverse_frames = True


def _strobe(clip, cut):
    clip.strobe = 4


def _hold_the_first_frame(clip, cut):
    clip.frame_offset_start = -10


def _hold_the_last_frame(clip, cut):
    clip.frame_offset_end = -10


def _speed_up(clip, cut):
    cut.strips.new_effect(
        "Speed", "SPEED", 2, clip.frame_final_start, frame_end=clip.frame_final_end, input1=clip
    )


def _change_the_scene_s_rate(clip, cut):
    cut.set_rate(30)


SPECIAL = [
    _mute,
    _mute_channel,
    _reverse,
    _strobe,
    _hold_the_first_frame,
    _hold_the_last_frame,
    _speed_up,
    _change_the_scene_s_rate,
]


@pytest.mark.parametrize("change", SPECIAL)
def test_a_clip_that_does_not_simply_play_its_film(cut, film, change):
    clip = cut.place(film)
    change(clip, cut)
    cut.select(clip)
    assert "Clip" in refused(cut, "clip_not_plain")


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
