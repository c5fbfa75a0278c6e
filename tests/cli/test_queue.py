"""Jobs that are sent and left, waited for, shown and ended, by more than one terminal."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from backend.client import Client
from tests.cli.conftest import ROOT, Answer, Foley
from tests.films import Film

SLOW = ("--engine", "faulty", "-p", "slow 600")
posix = pytest.mark.skipif(os.name != "posix", reason="signals and terminals of POSIX")


def send(foley: Foley, film: Path, output: Path, *more: str | Path) -> str:
    """Detach a job; gives its id."""
    answer = foley("generate", film, "-o", output, "--detach", "--json", *(more or SLOW))
    assert answer.code == 0, answer.err + answer.out
    assert list(answer.json) == ["job"]
    return str(answer.json["job"])


def jobs(foley: Foley) -> dict[str, dict[str, Any]]:
    return {job["id"]: job for job in foley("status", "--json").json["jobs"]}


def submit(client: Client, film: Film, job: str, output: Path, prompt: str = "slow 600") -> None:
    """At once, where a command takes a while."""
    cue = {"media": str(film.path), "out": "4", "engine": "faulty", "prompt": prompt}
    client.request("submit", {"job": job, "cue": cue, "deliver": {"takes": [str(output)]}})


def until_state(foley: Foley, job: str, state: str) -> dict[str, Any]:
    for _ in range(600):
        found = jobs(foley).get(job)
        if found and found["state"] == state:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{job} is not {state}")


@pytest.fixture
def client(home: Path, foley: Foley, film: Film, tmp_path: Path) -> Iterator[Client]:
    """A client that chooses the ids of its jobs, with a backend that a command has started."""
    foley("wait")
    with Client("test", start=False) as client:
        yield client


def test_a_job_that_was_detached_is_made_and_waited_for_as_if_it_had_not_been(
    foley: Foley, film: Film, tmp_path: Path
) -> None:
    arguments = ("-p", "rain", "--seed", "7", "--report", tmp_path / "page.html")
    job = send(foley, film.path, tmp_path / "t.wav", *arguments)
    waited = foley("wait", job[:6], "--json")
    assert waited.code == 0, waited.out
    (found,) = waited.json["jobs"]
    assert found.pop("state") == "done"
    assert (found["job"], found["takes"][0]["seed"], found["reports"]) == (
        job,
        7,
        [str(tmp_path / "page.html")],
    )
    at_once = foley("generate", film.path, "-o", tmp_path / "u.wav", *arguments[:4], "--json").json
    assert found.keys() == at_once.keys()
    assert (tmp_path / "t.wav").read_bytes() == (tmp_path / "u.wav").read_bytes()
    again = foley("wait", tmp_path / "t.wav")
    assert again.out.splitlines() == [str(tmp_path / "t.wav"), str(tmp_path / "page.html")]
    assert again.err.startswith("t.wav: seed 7, ")


def test_detach_prints_the_id_alone_and_says_how_to_go_on(foley: Foley, film: Film, tmp_path: Path) -> None:
    answer = foley("generate", film.path, "-o", tmp_path / "t.wav", "-p", "rain", "--detach")
    job = answer.out.strip()
    assert re.fullmatch("[0-9a-f]{32}", job)
    assert f"`foley wait {job[:8]}`" in answer.err


def test_what_can_be_known_before_is_told_at_once_and_no_job_is_left(
    foley: Foley, film: Film, tmp_path: Path
) -> None:
    (tmp_path / "there.wav").write_bytes(b"older")
    (tmp_path / "no.mp4").write_bytes(b"no film")
    for film_path, output, more, code in (
        (tmp_path / "no.mp4", "t.wav", [], "media_unreadable"),
        (film.path, "there.wav", [], "output_exists"),
        (film.path, "t.wav", ["--in", "3", "--out", "2"], "bad_range"),
        (film.path, "nowhere/t.wav", [], "output_denied"),
    ):
        answer = foley("generate", film_path, "-p", "x", "-o", tmp_path / output, "--detach", "--json", *more)
        assert (answer.code, answer.json["error"]["code"]) == (1, code)
    assert foley("wait", "--json").json == {"jobs": []}
    assert jobs(foley) == {}
    assert (tmp_path / "there.wav").read_bytes() == b"older"


def test_a_file_that_a_waiting_job_will_write_counts_as_there(
    foley: Foley, film: Film, tmp_path: Path
) -> None:
    out = tmp_path / "t.wav"
    first = send(foley, film.path, out)
    refused = foley("generate", film.path, "-p", "rain", "-o", out, "--detach", "--json")
    assert (refused.code, refused.json["error"]["code"]) == (1, "output_exists")
    kept = send(foley, film.path, out, "-p", "rain", "--keep")
    third = send(foley, film.path, out, "-p", "rain", "--keep")
    forced = send(foley, film.path, out, "-p", "rain", "--force")
    written = {job: info["outputs"] for job, info in jobs(foley).items()}
    names = {first: "t.wav", kept: "t-2.wav", third: "t-3.wav", forced: "t.wav"}
    assert written == {job: [str(tmp_path / name)] for job, name in names.items()}


def test_waiting_for_all_says_which_failed_and_ends_with_1(
    client: Client, foley: Foley, film: Film, tmp_path: Path
) -> None:
    first, bad, last = "first-1", "bad-0123456789", "last-1"
    for job, prompt in ((first, "slow 80"), (bad, "raise"), (last, "rain")):
        submit(client, film, job, tmp_path / f"{job.partition('-')[0]}.wav", prompt)
    waited = foley("wait")
    assert waited.code == 1
    assert waited.out.splitlines() == [str(tmp_path / "first.wav"), str(tmp_path / "last.wav")]
    assert f"Error: job {bad[:6]} (film.mp4): The engine 'faulty' broke" in waited.err
    assert waited.err.count("Error: job") == 1
    named = foley("wait", bad[:10], tmp_path / "first.wav", last, "--json")
    ended = {one["job"]: one for one in named.json["jobs"]}
    assert named.code == 1
    assert {job: one["state"] for job, one in ended.items()} == {first: "done", bad: "failed", last: "done"}
    assert ended[bad]["error"]["code"] == "engine_failed"
    nothing = foley("wait")
    assert (nothing.code, nothing.out) == (0, "")


@posix
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_who_stops_waiting_ends_no_job_and_is_told_so(
    foley: Foley, film: Film, tmp_path: Path, name: str
) -> None:
    job = send(foley, film.path, tmp_path / "t.wav")
    until_state(foley, job, "running")
    command = [sys.executable, "-m", "backend", "wait", "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as waiting:
        while not psutil.Process(waiting.pid).net_connections("tcp"):
            time.sleep(0.1)
        waiting.send_signal(getattr(signal, name))
        out, err = waiting.communicate(timeout=60)
    error = json.loads(out)["error"]
    assert (waiting.returncode, error["code"], err) == (1, "interrupted", b"")
    assert "the jobs go on" in error["message"]
    assert jobs(foley)[job]["state"] == "running"


def test_jobs_outlive_the_backend_and_are_waited_for_with_the_next_one(
    foley: Foley, film: Film, tmp_path: Path
) -> None:
    job = send(foley, film.path, tmp_path / "t.wav", "--engine", "faulty", "-p", "slow 20")
    foley("shutdown", "--now")
    waited = foley("wait", "--json")
    assert waited.code == 0, waited.out
    assert [one["job"] for one in waited.json["jobs"]] == [job]
    assert (tmp_path / "t.wav").exists()


def test_all_jobs_that_are_open_are_shown_and_for_whom_they_are_made(
    client: Client, film: Film, foley: Foley, tmp_path: Path
) -> None:
    for number in range(103):
        submit(client, film, f"job-{number}", tmp_path / f"{number}.wav")
    there = jobs(foley)
    assert len(there) == 103
    assert {job["client"] for job in there.values()} == {"test"}
    lines = foley("status").out.splitlines()[2:]
    assert len(lines) == 103
    assert all(line.endswith(" (test)") for line in lines)
    said = foley("cancel", "job-102").out
    assert said == "Cancelled job-102 (film.mp4), a job of test.\n"


def test_a_client_s_name_writes_nothing_else_on_the_terminal(
    client: Client, film: Film, foley: Foley, tmp_path: Path
) -> None:
    with Client("a\x1b[2J\nb" + "x" * 100, start=False) as other:
        submit(other, film, "odd", tmp_path / "take.wav")
    assert foley("cancel", "odd").out == "Cancelled odd (film.mp4), a job of a?[2J?bxx…xxxxxxxxxx.\n"


def test_a_job_is_cancelled_by_how_its_id_begins_or_by_a_file_that_it_writes(
    foley: Foley, film: Film, tmp_path: Path
) -> None:
    running = send(foley, film.path, tmp_path / "one.wav", *SLOW, "--preview", tmp_path / "one.mp4")
    waiting = send(foley, film.path, tmp_path / "two.wav")
    until_state(foley, running, "running")
    short = jobs(foley)[waiting]["short"]
    assert waiting.startswith(short)
    assert len(short) >= 6
    answer = foley("cancel", short)
    assert (answer.code, answer.out) == (0, f"Cancelled {short} (film.mp4).\n")
    assert foley("cancel", os.path.relpath(tmp_path / "one.mp4", ROOT), "--json").json["job"] == running
    assert until_state(foley, running, "cancelled")["place"] is None
    assert jobs(foley)[waiting]["state"] == "cancelled"
    assert foley("cancel", waiting, "--json").json == {"job": waiting, "state": "cancelled"}


def test_what_may_mean_several_jobs_or_none_is_a_wrong_usage_that_names_them(
    client: Client, foley: Foley, film: Film, tmp_path: Path
) -> None:
    for shot in ("shot-1", "shot-12", "shot-2"):
        submit(client, film, shot, tmp_path / f"{shot}.wav")
    for command in ("cancel", "wait"):
        several = foley(command, "shot", "--json")
        assert (several.code, several.json["error"]["code"]) == (2, "usage")
        told = several.json["error"]["message"]
        assert "shot-12 (film.mp4, queued), " in told
        assert "shot-1 (film.mp4, " in told
        none = foley(command, "reel", "--json")
        assert (none.code, none.json["error"]["code"]) == (2, "usage")
        assert "shot-2 (film.mp4, queued)" in none.json["error"]["message"]
    assert foley("cancel", "shot-1", "--json").json["job"] == "shot-1", "the one of that very id"
    assert foley("cancel", "shot-12", "--json").json["job"] == "shot-12"
    assert foley("cancel", "", "--json").code == 2
    assert foley("cancel", "shot-2", "--json").json["job"] == "shot-2"


def test_status_fits_a_hundred_columns_whatever_the_names_are(
    client: Client, foley: Foley, film: Film, tmp_path: Path
) -> None:
    films = [
        "a quite long name of a film that nobody can type " * 3 + ".mp4",
        "音の出る映画" * 9 + ".mov",
        "a\nb\x1b[2J.mp4",
    ]
    send(foley, film.path, tmp_path / "first.wav")
    for at, name in enumerate(films):
        media = film.path.with_name(name)
        media.write_bytes(film.path.read_bytes())
        cue = {"media": str(media), "engine": "faulty", "prompt": "slow 600"}
        takes = [str(tmp_path / f"{at}-{number}-{'x' * 90}.wav") for number in range(at + 1)]
        order = {"job": f"{'job' * at * at}{at}", "cue": {**cue, "takes": at + 1}}
        client.request("submit", {**order, "deliver": {"takes": takes}})
    send(foley, film.path, tmp_path / "t.wav")
    shown = foley("status").out.splitlines()
    width = {True: 2, False: 1}
    assert max(sum(width[letter > "\u2e80"] for letter in line) for line in shown) <= 100
    assert len(shown) == 2 + len(films) + 2
    last = next(line for line in shown if "t.wav" in line)
    assert "queued, behind " in last
    assert " s  film.mp4  " in last
    assert "a?b?[2J.mp4" in "".join(shown)
    assert any("wav +2 (test)" in line for line in shown)


def typescript(command: list[str], columns: int) -> str:
    """What a terminal of so many columns is given."""
    import fcntl
    import pty
    import struct
    import termios

    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        os.execv(command[0], command)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    shown = b""
    try:
        while block := os.read(terminal, 65_536):
            shown += block
    except OSError:  # So it ends on Linux.
        pass
    os.waitpid(pid, 0)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "\n", shown.decode())


@posix
def test_a_terminal_is_told_how_many_jobs_come_first(
    client: Client, foley: Foley, film: Film, tmp_path: Path
) -> None:
    for number, prompt in enumerate(("slow 80", "slow 25")):
        submit(client, film, str(number), tmp_path / f"{number}.wav", prompt)
    command = [sys.executable, "-m", "backend", "generate", str(film.path), "-o", str(tmp_path / "t.wav")]
    shown = typescript([*command, "--engine", "faulty", "-p", "slow 5"], 80)
    told = [line.strip() for line in shown.splitlines() if "Waiting, " in line]
    assert any("Waiting, behind 2 jobs" in line for line in told)
    assert re.search(r"Waiting, behind 1 job, about \d+ s", told[-1]), told
    assert shown.index("Waiting, behind 2 jobs") < shown.index("Waiting, behind 1 job,")
    assert "Making the sound" in shown
    assert max(map(len, shown.splitlines())) <= 80 + len(str(tmp_path))


def test_json_on_standard_output_is_as_it_was_while_others_come_first(
    foley: Foley, film: Film, tmp_path: Path
) -> None:
    send(foley, film.path, tmp_path / "first.wav", "--engine", "faulty", "-p", "slow 20")
    answer: Answer = foley("generate", film.path, "-p", "rain", "-o", tmp_path / "t.wav", "--json")
    assert answer.code == 0
    assert set(answer.json) == {"job", "takes", "preview", "report", "reports"}
    assert answer.err == ""


def test_what_waits_while_no_backend_runs_is_shown_and_kept_from_others(
    home: Path, foley: Foley, film: Film, tmp_path: Path
) -> None:
    job, output = send(foley, film.path, tmp_path / "first.wav"), tmp_path / "taken.wav"
    waiting = send(foley, film.path, output)
    until_state(foley, job, "running")
    said = foley("shutdown", "--now")
    assert said.out == "The backend ends. Not made yet, and kept for the next one: 2.\n"
    for _ in range(600):
        if not (home / "connection.json").exists():
            break
        time.sleep(0.1)
    shown = foley("status")
    assert shown.out.startswith("The backend is not running. What waits is made once one runs")
    assert [(one["id"], one["state"]) for one in foley("status", "--json").json["jobs"]] == [
        (waiting, "queued"),
        (job, "queued"),
    ]
    refused = foley("generate", film.path, "-o", output, "-p", "rain")
    assert (refused.code, "A job that waits or runs is about to write" in refused.err) == (1, True)
    kept = foley("generate", film.path, "-o", output, "-p", "rain", "--keep", "--detach")
    assert (kept.code, "taken-2.wav" in kept.err) == (0, True)
    for name in (job, output):
        assert foley("cancel", name).code == 0
    assert foley("wait", output).code == 1


def test_that_the_backend_ends_is_told_once(foley: Foley, film: Film, tmp_path: Path) -> None:
    first = send(foley, film.path, tmp_path / "first.wav", "--engine", "faulty", "-p", "slow 60")
    until_state(foley, first, "running")
    words = ["generate", str(film.path), "-o", str(tmp_path / "second.wav"), *SLOW[:-1], "slow 30"]
    command = [sys.executable, "-m", "backend", *words]
    second = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    for _ in range(600):
        if len(jobs(foley)) == 2:
            break
        time.sleep(0.1)
    assert foley("shutdown").out.startswith("The backend ends once ")
    _, said = second.communicate(timeout=120)
    assert second.returncode == 0, said
    assert said.count("The backend ends; the next one goes on with what it leaves.") == 1
