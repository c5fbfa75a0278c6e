"""Silence is measured by the broker's own rounds: where it was away itself, nobody was silent."""

from __future__ import annotations

import os
import signal
import sys
import time

import psutil
import pytest

from backend.service.clock import LONGEST_ROUND, RoundClock, counted


@pytest.mark.parametrize(
    ("gap", "counts"),
    [
        (0.0, 0.0),
        (0.1, 0.1),
        (0.5, 0.5),
        (LONGEST_ROUND, LONGEST_ROUND),
        (LONGEST_ROUND + 0.5, LONGEST_ROUND),
        (60.0, LONGEST_ROUND),
        (8 * 3600.0, LONGEST_ROUND),
        (-5.0, 0.0),
    ],
)
def test_a_gap_between_two_rounds_is_taken_off(gap: float, counts: float) -> None:
    assert counted(gap) == counts


def test_a_night_asleep_is_no_silence_and_the_day_counts_as_it_is() -> None:
    times = iter([100.0, 100.5, 101.0, 30_000.0, 30_000.5, 30_000.25])
    clock = RoundClock(lambda: next(times))
    assert [clock.tick() for _ in range(5)] == [0.5, 1.0, 1.0 + LONGEST_ROUND, 2.5, 2.5]


@pytest.mark.skipif(sys.platform == "win32", reason="stops processes by a signal")
def test_a_job_goes_on_where_the_machine_slept(impatient_service, film, tmp_path):
    service = impatient_service.start()
    with service.client() as client:
        client.hello()
        job = client.submit(film, tmp_path / "t.wav", prompt="slow 30")
        client.push(job, "progress")
        client.wait_until(job, "running")
        broker = psutil.Process(service.process.pid)
        everyone = [*broker.children(), broker]
        for process in everyone:
            os.kill(process.pid, signal.SIGSTOP)
        time.sleep(5)
        for process in reversed(everyone):
            os.kill(process.pid, signal.SIGCONT)
        assert client.end_of(job)["type"] == "done"
        assert client.status(job)["attempts"] == 1
