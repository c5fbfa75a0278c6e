"""A user who has never opened our tab: what is being made, what has ended, and what went wrong is told."""

from __future__ import annotations

from pathlib import Path

from tests.ui.user import choose, close_report, confirm, generate, move_mouse, undo
from tests.ui.window import Window


def test_progress_and_the_end_stand_in_the_status_bar(closed: Window, pictures: Path) -> None:
    closed.do("prefer", engine="faulty")
    generate(closed, "slow 100")
    closed.until("bar", lambda said: "%" in said)
    closed.picture(pictures / "progress.png")
    closed.until("sounds", ["slow 100"])
    closed.until("said", 0)
    closed.picture(pictures / "ended.png")
    assert closed.do("bar") == ""
    assert closed.do("sidebar_shows") == ""
    undo(closed)
    closed.until("sounds", [])


def test_a_failure_opens_a_report(closed: Window, pictures: Path) -> None:
    generate(closed, "raise")
    closed.until("unreported", 1)
    move_mouse(closed)
    closed.until("reported", lambda told: len(told) == 1 and told[0][1].endswith("[engine_failed]"))
    closed.picture(pictures / "report.png")
    close_report(closed)
    closed.picture(pictures / "report-closed.png")


def test_a_report_waits_until_the_user_has_typed_to_the_end(closed: Window, pictures: Path) -> None:
    closed.do("prefer", engine="faulty")
    choose(closed, "generate f")
    closed.do("write", "wood")
    closed.do("break_something", "It broke.")
    move_mouse(closed)
    closed.do("write", " and rain")
    closed.picture(pictures / "typing.png")
    assert closed.do("unreported") == 1
    confirm(closed)
    closed.until("sounds", ["wood and rain"])
    move_mouse(closed)
    closed.until("unreported", 0)
    closed.picture(pictures / "typed.png")
    close_report(closed)
    undo(closed)
    closed.until("sounds", [])


def test_a_batch_that_fails_opens_one_report_that_counts(closed: Window, pictures: Path) -> None:
    closed.do("cut_into", 6)
    closed.do("prefer", engine="orchestra")
    choose(closed, "score s", "Shot 2")
    confirm(closed)
    closed.until("jobs", 0)
    closed.until("unreported", 1)
    move_mouse(closed)
    closed.until("reported", lambda told: [times for times, _ in told] == [6])
    closed.picture(pictures / "reports.png")
    close_report(closed)
    closed.do("call", "show_queue")
    closed.until("sidebar_shows", "Foley")
    closed.picture(pictures / "failed-queue.png")
