"""Nothing stays silent: progress, the end of a job, and each failure, with no tab open."""

import time
from types import SimpleNamespace

import bpy
import pytest
from cut import where
from drawn import Drawn
from test_panel import texts
from test_score import lay_out, score


def said(cut, capfd):
    """What was said in one line, since this was asked last."""
    while cut.queue.news.lines:
        cut.addon.ui.telling.tell()
    return [line for line in capfd.readouterr().out.splitlines() if line.startswith("Info:")]


def bar(cut):
    """What is drawn at the end of the status bar."""
    layout = Drawn()
    cut.addon.ui.progress_bar.draw_status(SimpleNamespace(layout=layout), bpy.context)
    return layout.texts


def report(cut):
    """What the report shows that would be opened now; it counts as told."""
    assert bpy.ops.foley.report.poll()
    reports, layout = cut.queue.news.opened(), Drawn()
    cut.addon.ui.report_ops.draw(layout, reports)
    helping = cut.addon.ui.remedies.remedies(reports)
    for remedy in helping:
        assert getattr(bpy.ops.foley, remedy.name).get_rna_type().description
    return " ".join(text for _, text in layout.texts), [remedy.name for remedy in helping], reports


def nothing_to_report():
    return not bpy.ops.foley.report.poll()


def test_the_status_bar_shows_how_far_a_job_is_and_is_empty_afterwards(cut, film):
    assert bar(cut) == []
    cut.place(film)
    job = cut.generate("slow 40", engine="faulty")
    cut.until(lambda: cut.queue.running[job].stage == "sound" and cut.queue.running[job].progress > 0.2)
    (shown,) = [text for kind, text in bar(cut) if kind == "progress"]
    assert shown.startswith("Foley: Making the sound")
    assert shown.endswith("left")
    assert ("operator", "foley.cancel_all") in bar(cut)
    cut.take()
    assert bar(cut) == []


def test_the_bar_is_there_again_after_another_add_on_has_set_the_status_text(cut, film):
    kind = bpy.types.STATUSBAR_HT_header
    assert cut.addon.ui.progress_bar.draw_status in kind.draw._draw_funcs
    kind.remove(cut.addon.ui.progress_bar.draw_status)
    cut.place(film)
    cut.generate(engine="faulty")
    cut.addon.ui.telling.tell()
    assert kind.draw._draw_funcs.count(cut.addon.ui.progress_bar.draw_status) == 1
    cut.take()


def test_where_the_status_bar_is_hidden_progress_is_in_the_sequencer_s_header(cut, film):
    cut.place(film)
    cut.generate("slow 5", engine="faulty")
    for hidden in (False, True):
        layout = Drawn()
        screen = SimpleNamespace(show_statusbar=not hidden)
        cut.addon.ui.progress_bar.draw_header(SimpleNamespace(layout=layout), SimpleNamespace(screen=screen))
        assert bool(layout.texts) == hidden
    cut.take()


def test_the_end_of_a_job_is_said_in_one_line(cut, film, capfd):
    cut.place(film)
    cut.generate("wood", engine="faulty")
    cut.take()
    assert said(cut, capfd) == ["Info: Clip has its sound: wood."]
    assert said(cut, capfd) == []
    assert nothing_to_report()


def test_the_end_of_a_batch_is_said_in_one_line_with_what_failed(cut, film, capfd):
    clips = lay_out(cut, film, 5)
    for clip in clips[:2]:
        clip["foley_prompt"] = "raise"
    score(cut, prompt="wood", engine="faulty")
    capfd.readouterr()
    assert len(cut.finish()) == 3
    assert said(cut, capfd) == ["Info: 3 shots scored on Foley, 2 failed."]
    shown, helping, reports = report(cut)
    assert [one.times for one in reports] == [2]
    assert "(2 times)" in shown
    assert helping[:2] == ["open_log", "retry"]


def test_what_was_cancelled_of_a_batch_is_told_with_the_rest(cut, film, capfd):
    lay_out(cut, film, 4)[1]["foley_prompt"] = "raise"
    score(cut, prompt="slow 10", engine="faulty")
    last = list(cut.queue.running)[-1]
    assert bpy.ops.foley.cancel(job=last) == {"FINISHED"}
    capfd.readouterr()
    assert len(cut.finish()) == 2
    assert said(cut, capfd) == ["Info: 2 shots scored on Foley, 1 failed, 1 cancelled."]


def test_the_end_of_a_batch_names_the_channels_on_which_its_sounds_lie(cut, film, capfd):
    for start in (1, 11):
        cut.place(film, start=start, frames=20, channel=start // 10 + 1)
    score(cut, prompt="wood", engine="faulty", channels="1-2", source="one")
    capfd.readouterr()
    cut.finish()
    assert said(cut, capfd) == ["Info: 2 shots scored on Foley and Foley 2."]


@pytest.mark.parametrize("asked", [True, False])
def test_a_batch_that_is_cancelled_as_a_whole_is_told(cut, film, capfd, asked):
    lay_out(cut, film, 5)
    assert bpy.ops.foley.score(prompt="slow 300", engine="faulty") == {"FINISHED"}
    cut.until(lambda: not asked or not cut.queue.later)
    assert bpy.ops.foley.cancel_all() == {"FINISHED"}
    capfd.readouterr()
    assert cut.finish() == []
    assert said(cut, capfd) == ["Info: 0 shots scored, 5 cancelled."]
    assert cut.queue.batches == {}


def test_a_failure_of_a_batch_is_not_reported_before_the_batch_is_over(cut, film):
    first = lay_out(cut, film, 3)[0]
    first["foley_prompt"] = "raise"
    score(cut, prompt="slow 10", engine="faulty")
    cut.until(lambda: cut.queue.failed)
    assert nothing_to_report()
    (shown,) = [text for kind, text in bar(cut) if kind == "progress"]
    assert "of 3, 1 failed" in shown
    cut.finish()
    report(cut)
    assert nothing_to_report()


def test_a_batch_of_which_all_fails_is_one_report_that_counts(cut, film, tmp_path, monkeypatch):
    monkeypatch.setenv("FOLEY_HOME", str(tmp_path / "empty"))
    lay_out(cut, film, 13)
    score(cut, engine="faulty")
    cut.finish()
    shown, helping, reports = report(cut)
    assert [one.times for one in reports] == [13]
    assert "[backend_unreachable]" in shown
    assert helping[0] == "install_backend"


def test_a_backend_that_cannot_be_reached_is_told_once_until_the_user_asks_again(
    cut, film, tmp_path, monkeypatch
):
    monkeypatch.setenv("FOLEY_HOME", str(tmp_path / "empty"))
    cut.place(film)
    for _ in range(2):
        cut.generate(engine="faulty")
        cut.finish()
        _, helping, reports = report(cut)
        assert [one.times for one in reports] == [1]
        assert helping[0] == "install_backend"
        assert bpy.ops.foley.start_backend() == {"FINISHED"}
        cut.until(lambda: cut.queue.backend == "broken")
        assert nothing_to_report()


def test_takes_that_found_no_place_are_reported_with_a_way_to_insert_them(cut, film):
    clip = cut.place(film)
    cut.generate("wood", engine="faulty")
    cut.strips.remove(clip)
    cut.finish()
    shown, helping, _ = report(cut)
    assert "[clip_gone]" in shown
    assert "Clip: wood" in shown
    assert helping == ["insert", "show_queue"]


CODES = ["backend_unreachable", "launch_failed", "model_missing", "no_pyzmq", "internal", "backend_absent"]


@pytest.mark.parametrize("code", CODES)
def test_whatever_goes_wrong_is_reported_with_its_code_its_hint_and_what_helps(cut, code):
    problem = cut.addon.core.problem.Problem
    cut.queue.news.report(problem(code, "It went wrong.", "Do this."))
    shown, helping, _ = report(cut)
    assert f"It went wrong. [{code}]" in shown
    assert "Do this." in shown
    assert helping


def test_what_breaks_in_our_own_code_is_reported_once_not_ten_times_a_second(cut, monkeypatch):
    monkeypatch.setattr(cut.addon.timer.queue, "pump", lambda: 1 / 0)
    for _ in range(3):
        cut.addon.timer._tick()
    shown, _, reports = report(cut)
    assert len(reports) == 1
    assert "[internal]" in shown
    cut.addon.timer._tick()
    assert nothing_to_report()


def test_the_command_that_gets_weights_can_be_copied(cut, monkeypatch):
    assert bpy.ops.foley.copy_command(words="models pull xxl") == {"FINISHED"}


def test_in_the_tab_an_error_stands_once_and_can_be_taken_away(cut, film):
    clip = cut.place(film)
    cut.generate("raise", engine="faulty")
    cut.finish()
    cut.generate("wood", engine="faulty")
    cut.strips.remove(clip)
    cut.finish()
    for code, gone in (("[clip_gone]", "dismiss"), ("[engine_failed]", "drop")):
        words = " ".join(text for kind, text in texts(cut) if kind == "label")
        assert words.count(code) == 1
        assert ("operator", f"foley.{gone}") in texts(cut)
    problem = cut.addon.core.problem.Problem
    cut.queue.news.report(problem("internal", "It went wrong."))
    assert "It went wrong." in " ".join(text for _, text in texts(cut, "panel"))
    assert bpy.ops.foley.dismiss_problem() == {"FINISHED"}
    assert "It went wrong." not in " ".join(text for _, text in texts(cut))
    assert cut.queue.problem == ""


def test_what_failed_in_the_same_way_stands_once_and_all_can_be_taken_away(cut, film):
    for clip in lay_out(cut, film, 12):
        clip["foley_prompt"] = "raise"
    score(cut, engine="faulty")
    cut.finish()
    shown = texts(cut)
    words = " ".join(text for kind, text in shown if kind == "label")
    assert words.count("[engine_failed]") == 1
    assert [text for kind, text in shown if kind == "label" and text.endswith(": raise")] == [
        f"Shot {number:03}: raise" for number in range(11, 1, -1)
    ]
    assert ("label", "and 2 more failed") in shown
    assert bpy.ops.foley.drop() == {"FINISHED"}
    assert cut.queue.failed == {}


def test_the_tab_lists_what_is_done_and_finds_it(cut, film):
    cut.place(film, start=31)
    cut.generate("wood", engine="faulty")
    sound = cut.take()
    cut.select()
    (line,) = [text for kind, text in texts(cut, "queue") if "Clip: wood" in text]
    assert line.startswith(time.strftime("%H:"))
    assert line.endswith(" s)")
    assert bpy.ops.foley.show_sound(sound=cut.queue.news.made[0].sound) == {"FINISHED"}
    assert [strip for strip in cut.strips if strip.select] == [sound]
    assert cut.scene.frame_current == where(sound).start
    cut.strips.remove(sound)
    with pytest.raises(RuntimeError, match="sound_gone"):
        bpy.ops.foley.show_sound(sound=cut.queue.news.made[0].sound)


def test_a_sound_made_anew_is_found_too(cut, film):
    cut.place(film)
    cut.generate("wood", engine="faulty")
    cut.select(cut.take())
    bpy.ops.foley.new_take()
    sound = cut.take()
    cut.select()
    assert bpy.ops.foley.show_sound(sound=cut.queue.news.made[-1].sound) == {"FINISHED"}
    assert sound.select
