"""Jobs from submit to their end, through a real broker and a real worker."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from pathlib import Path

import pytest
import soundfile

from tests.backend.support import Service, cue_of, until


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_cue_becomes_a_take_where_it_was_asked_for(client, film, tmp_path):
    target = tmp_path / "take.wav"
    job = client.submit(film, target, prompt="")
    done = client.end_of(job)
    (take,) = done["takes"]
    assert (take["path"], take["seed"], take["samples"]) == (str(target), 7, 24_000)
    assert take["cue"]["media"] == str(film)
    assert soundfile.info(target).frames == 24_000
    assert [path.name for path in tmp_path.iterdir()] == ["take.wav"]
    info = client.status(job)
    assert (info["state"], info["progress"], info["attempts"]) == ("done", 1.0, 1)
    assert info["takes"] == done["takes"]


def test_what_a_job_took_is_shown_and_logged(client, film, shared_service, tmp_path):
    jobs = [
        client.submit(film, tmp_path / "take.wav", seed=16, prompt=prompt) for prompt in ("slow 3", "raise")
    ]
    for job in jobs:
        client.end_of(job)
    for job, least in zip(jobs, (0.3, 0.0), strict=True):
        info = client.status(job)
        cost = info["cost"]
        assert cost["worker"] == client.worker_pid()
        assert least < cost["seconds"] <= info["finished"] - info["started"] + 0.01
        assert 10 << 20 < cost["memory"] < 4 << 30
        assert cost["device_memory"] == 0
        assert next(one for one in client.ask("list")["jobs"] if one["id"] == job)["cost"] == cost
    (worker,) = client.ask("status")["workers"]
    assert worker["cues"] >= 2
    assert 10 << 20 < worker["memory"] <= cost["memory"]
    lines = [json.loads(line) for line in shared_service.log().splitlines()]
    assert cost in [line["cost"] for line in lines if line["event"] == "job ended"]


def test_a_job_that_never_ran_took_nothing(client, film, tmp_path):
    first = client.submit(film, tmp_path / "first.wav", prompt="slow 8", seed=17)
    second = client.submit(film, tmp_path / "second.wav", seed=18)
    client.ask("cancel", job=second)
    client.end_of(second)
    assert client.status(second)["cost"] is None
    client.end_of(first)


def test_progress_rises_and_its_numbers_have_no_gaps(client, film, tmp_path):
    job = client.submit(film, tmp_path / "take.wav", prompt="slow 8", seed=11)
    done = client.end_of(job)
    pushes = [message for message in client.unread if message.get("job") == job]
    assert [push["seq"] for push in pushes] == list(range(1, len(pushes) + 1))
    assert done["seq"] == len(pushes) + 1 == client.status(job)["seq"]
    shares = [push["progress"] for push in pushes]
    assert shares == sorted(shares)
    assert len({push["stage"] for push in pushes}) > 2
    assert len(pushes) > 5


def test_a_submit_sent_twice_is_one_job(client, film, tmp_path):
    job = client.submit(film, tmp_path / "take.wav", job="twice", seed=12)
    assert client.submit(film, tmp_path / "take.wav", job="twice", seed=12) == job
    client.end_of(job)
    for seed in (12, None):
        cue, deliver = cue_of(film, seed=seed), {"takes": [str(tmp_path / "take.wav")]}
        reply = client.ask("submit", job="twice", cue=cue, deliver=deliver)
        assert (reply["state"], reply["seed"]) == ("done", 12)
    assert client.receive(0.3) is None


def test_a_submit_sent_again_is_answered_though_its_film_is_gone(client, film, tmp_path):
    moved = tmp_path / "film.mp4"
    moved.write_bytes(film.read_bytes())
    job = client.submit(moved, tmp_path / "take.wav", seed=30)
    client.end_of(job)
    moved.unlink()
    assert client.submit(moved, tmp_path / "take.wav", job=job, seed=30) == job


@pytest.mark.parametrize(
    ("cue", "deliver"),
    [({"seed": 13}, {}), ({"prompt": "steps"}, {}), ({}, {"report": "r.html"}), ({}, {"takes": ["b.wav"]})],
)
def test_the_id_of_a_job_is_refused_to_another(client, film, tmp_path, cue, deliver):
    job = client.submit(film, tmp_path / "take.wav", job=f"one-{len(cue)}-{len(deliver)}-{tmp_path.name}")
    placed = {
        name: [str(tmp_path / one) for one in value] if isinstance(value, list) else str(tmp_path / value)
        for name, value in {"takes": ["take.wav"], **deliver}.items()
    }
    reply = client.ask("submit", job=job, cue=cue_of(film, **cue), deliver=placed)
    assert reply["error"]["code"] == "job_conflict"
    client.end_of(job)
    assert client.status(job)["seed"] == 7


def test_a_seed_is_drawn_told_and_kept_where_none_was_given(client, film, tmp_path):
    drawn = []
    for number in range(2):
        deliver = {"takes": [str(tmp_path / f"{number}.wav")]}
        reply = client.ask("submit", job=f"drawn-{number}", cue=cue_of(film, seed=None), deliver=deliver)
        drawn.append(reply["seed"])
        assert client.end_of(f"drawn-{number}")["takes"][0]["seed"] == reply["seed"]
    assert drawn[0] != drawn[1]


def test_several_takes_have_seeds_that_count_up_and_begin_again_at_zero(client, film, tmp_path):
    targets = [tmp_path / f"take-{number}.wav" for number in range(3)]
    deliver = {"takes": [str(target) for target in targets]}
    cue = cue_of(film, takes=3, seed=2**32 - 2)
    client.ask("submit", job="three", cue=cue, deliver=deliver)
    done = client.end_of("three")
    assert [take["seed"] for take in done["takes"]] == [2**32 - 2, 2**32 - 1, 0]
    assert len({digest(target) for target in targets}) == 3


def test_stems_preview_and_report_come_with_the_take(client, film, tmp_path):
    deliver = {
        "takes": [str(tmp_path / "take.wav")],
        "preview": str(tmp_path / "preview.mp4"),
        "report": str(tmp_path / "report.html"),
    }
    cue = cue_of(film, layers=["hits", "ambience"], stems=True)
    client.ask("submit", job="all", cue=cue, deliver=deliver)
    done = client.end_of("all")
    assert done["type"] == "done", done
    assert done["takes"][0]["stems"] == {
        layer: str(tmp_path / f"take-{layer}.wav") for layer in ("hits", "ambience")
    }
    assert (done["preview"], done["report"]) == (deliver["preview"], deliver["report"])
    assert {path.name for path in tmp_path.iterdir()} - {"home"} == {
        "take.wav",
        "take-hits.wav",
        "take-ambience.wav",
        "preview.mp4",
        "report.html",
        "report.json",
    }
    assert str(tmp_path / "take.wav") in (tmp_path / "report.json").read_text()
    assert ".foley-" not in (tmp_path / "report.json").read_text()


def test_a_report_lies_under_the_names_it_was_given_and_no_others(client, film, tmp_path):
    named = [str(tmp_path / name) for name in ("record.json", "page.html")]
    (tmp_path / "page.json").write_bytes(b"older")
    deliver = {"takes": [str(tmp_path / "take.wav")], "reports": named}
    client.ask("submit", job="named", cue=cue_of(film), deliver=deliver)
    done = client.end_of("named")
    assert done["report"] == named[0]
    assert json.loads((tmp_path / "record.json").read_text())["path"] == deliver["takes"][0]
    assert (tmp_path / "page.html").read_text().startswith("<!")
    assert (tmp_path / "page.json").read_bytes() == b"older"


def test_a_preview_is_put_over_no_file_that_nobody_named_and_costs_no_take(client, film, tmp_path):
    for job, there in (("free", False), ("taken", True)):
        if there:
            (tmp_path / "taken.mp4").write_bytes(b"older")
        deliver = {"takes": [str(tmp_path / f"{job}.wav")], "preview": str(tmp_path / f"{job}.film")}
        client.ask("submit", job=job, cue=cue_of(film), deliver=deliver)
        done = client.end_of(job)
        assert (done["type"], (tmp_path / f"{job}.wav").exists()) == ("done", True)
        assert done["preview"] == (None if there else str(tmp_path / "free.mp4"))
    assert (tmp_path / "taken.mp4").read_bytes() == b"older"
    assert done["takes"][0]["notes"]["preview"].startswith(f"left out: {tmp_path / 'taken.mp4'} is there")
    assert not list(tmp_path.glob(".foley-*"))


def test_a_preview_whose_place_becomes_a_folder_meanwhile_is_left_out(client, film, tmp_path):
    deliver = {"takes": [str(tmp_path / "take.wav")], "preview": str(tmp_path / "p.mp4")}
    client.ask("submit", job="place", cue=cue_of(film, prompt="slow 10"), deliver=deliver)
    until(lambda: True if client.status("place")["stage"] == "sound" else None)
    (tmp_path / "p.mp4").mkdir()
    done = client.end_of("place")
    assert (done["type"], done["preview"]) == ("done", None)
    assert "is a folder" in done["takes"][0]["notes"]["preview"]
    assert (tmp_path / "take.wav").exists()
    assert client.status("place")["takes"][0]["notes"] == done["takes"][0]["notes"]


def test_a_file_that_is_there_already_is_replaced(client, film, tmp_path):
    target = tmp_path / "take.wav"
    target.write_bytes(b"older")
    client.end_of(client.submit(film, target))
    assert soundfile.info(target).frames == 24_000


def test_subscribers_of_job_and_batch_hear_what_happens_and_others_do_not(
    client, film, shared_service, tmp_path
):
    with (
        shared_service.client() as by_job,
        shared_service.client() as by_batch,
        shared_service.client() as other,
    ):
        assert by_batch.ask("subscribe", batch="reel 1")["type"] == "ok"
        assert other.ask("subscribe", batch="reel 2")["type"] == "ok"
        job = client.submit(film, tmp_path / "take.wav", prompt="slow 5", batch="reel 1", seed=13)
        by_job.ask("subscribe", jobs=[job])
        assert by_job.end_of(job) == by_batch.end_of(job) == client.end_of(job)
        assert other.receive(0.2) is None
        listed = other.ask("list", batch="reel 1")["jobs"]
        assert [info["id"] for info in listed] == [job]
        assert other.ask("list", batch="reel 1", states=["failed"])["jobs"] == []


def test_a_queued_job_is_cancelled_at_once(client, film, tmp_path):
    first = client.submit(film, tmp_path / "first.wav", prompt="slow 8", seed=21)
    second = client.submit(film, tmp_path / "second.wav", seed=22)
    assert client.ask("cancel", job=second)["type"] == "ok"
    assert client.end_of(second)["type"] == "cancelled"
    assert client.end_of(first)["type"] == "done"
    assert not (tmp_path / "second.wav").exists()


def test_a_running_job_is_cancelled_with_nothing_left_and_the_worker_stays(client, film, tmp_path):
    pid = client.worker_pid()
    folder = tmp_path / "out"
    folder.mkdir()
    job = client.submit(film, folder / "take.wav", prompt="slow 300")
    client.push(job, "progress")
    client.ask("cancel", job=job)
    assert client.end_of(job)["type"] == "cancelled"
    assert client.status(job)["state"] == "cancelled"
    assert list(folder.iterdir()) == []
    assert client.worker_pid() == pid
    assert client.ask("cancel", job=job)["type"] == "ok"


def test_a_job_outlives_the_client_that_sent_it(client, film, shared_service, tmp_path):
    with shared_service.client() as leaving:
        job = leaving.submit(film, tmp_path / "take.wav", prompt="slow 5", seed=14)
    assert client.wait_until(job, "done")["takes"][0]["path"] == str(tmp_path / "take.wav")


@pytest.mark.parametrize("fault", ["raise", "short", "long", "nan", "import"])
def test_an_engine_that_breaks_is_an_error_and_the_worker_lives_on(client, film, tmp_path, fault):
    pid = client.worker_pid()
    failed = client.end_of(client.submit(film, tmp_path / "take.wav", prompt=fault))
    assert (failed["type"], failed["error"]["code"]) == ("failed", "engine_failed")
    assert not (tmp_path / "take.wav").exists()
    assert client.worker_pid() == pid


def test_an_unknown_engine_is_an_error_that_names_those_there_are(client, film, tmp_path):
    client.worker_pid()
    refused = client.refusal(film, tmp_path / "take.wav", engine="nobody")
    assert refused["code"] == "engine_unknown"
    assert "faulty" in refused["hint"]


def test_an_unknown_engine_is_the_same_error_where_no_worker_is_there_yet(service, film, tmp_path):
    with service.start().client() as client:
        failed = client.end_of(client.submit(film, tmp_path / "take.wav", engine="nobody"))
    assert (failed["type"], failed["error"]["code"]) == ("failed", "engine_unknown")
    assert "faulty" in failed["error"]["hint"]


def test_a_model_that_is_not_there_is_told_at_once(client, film, tmp_path):
    assert client.refusal(film, tmp_path / "take.wav", engine="hunyuan")["code"] == "model_missing"


def test_a_range_past_the_end_of_the_film_fails_before_anything_is_loaded(client, film, tmp_path):
    failed = client.end_of(client.submit(film, tmp_path / "take.wav", **{"in": "7.37", "out": "9"}))
    assert (failed["type"], failed["error"]["code"]) == ("failed", "bad_range")
    assert {push["stage"] for push in client.unread if push.get("job") == failed["job"]} <= {"", "start"}


@pytest.mark.parametrize("name", ["s.mp3", "take", "take.wav.txt", ".wav"])
def test_a_take_that_is_not_called_a_wav_is_refused(client, film, tmp_path, name):
    assert client.refusal(film, tmp_path / name)["code"] == "bad_output"


def bad_targets(tmp_path: Path, film: Path) -> dict[str, Path]:
    (tmp_path / "folder.wav").mkdir()
    copy, linked = tmp_path / "film.wav", tmp_path / "linked.wav"
    os.link(film, copy)
    linked.symlink_to(film)
    return {
        "no folder": tmp_path / "nowhere" / "take.wav",
        "a file for a folder": film / "take.wav",
        "a folder": tmp_path / "folder.wav",
        "the film": copy,
        "a link to the film": linked,
        "a name that is too long": tmp_path / ("x" * 300 + ".wav"),
    }


@pytest.mark.parametrize(
    "which",
    [
        "no folder",
        "a file for a folder",
        "a folder",
        "the film",
        "a link to the film",
        "a name that is too long",
    ],
)
def test_a_place_where_nothing_can_be_put_is_refused_at_once_and_the_film_stays(
    client, film, tmp_path, which
):
    before = digest(film)
    assert client.refusal(film, bad_targets(tmp_path, film)[which])["code"] == "output_denied"
    assert digest(film) == before
    assert not list(tmp_path.rglob(".foley-*"))


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_an_error(client, film, tmp_path):
    folder = tmp_path / "locked"
    folder.mkdir(mode=stat.S_IRUSR | stat.S_IXUSR)
    assert client.refusal(film, folder / "take.wav")["code"] == "output_denied"


def test_a_film_that_is_none_is_refused_at_once(client, tmp_path):
    (tmp_path / "empty.mp4").write_bytes(b"")
    refused = {"none.mp4": "media_missing", "empty.mp4": "media_unreadable", ".": "media_refused"}
    for name, code in refused.items():
        assert client.refusal(tmp_path / name, tmp_path / "take.wav")["code"] == code


def test_a_film_that_cannot_be_read_is_an_error_once_it_is_looked_into(client, tmp_path):
    (tmp_path / "bad.mp4").write_bytes(b"no film" * 100)
    failed = client.end_of(client.submit(tmp_path / "bad.mp4", tmp_path / "take.wav"))
    assert (failed["type"], failed["error"]["code"]) == ("failed", "media_unreadable")


def test_nothing_is_delivered_where_one_of_the_files_cannot_be(client, film, tmp_path):
    """The second take's place turns into a folder only while the job runs."""
    targets = [tmp_path / "first.wav", tmp_path / "second.wav"]
    deliver = {"takes": [str(target) for target in targets]}
    cue = cue_of(film, takes=2, prompt="slow 10")
    client.ask("submit", job="blocked", cue=cue, deliver=deliver)
    until(lambda: True if client.status("blocked")["stage"] == "sound" else None)
    targets[1].mkdir()
    targets[0].write_bytes(b"older")
    assert client.end_of("blocked")["error"]["code"] == "output_denied"
    assert targets[0].read_bytes() == b"older"
    assert targets[1].is_dir()
    assert not list(tmp_path.glob(".foley-*"))


def test_drain_lets_the_running_job_end_and_keeps_those_that_wait(service: Service, film, tmp_path):
    service.start()
    with service.client() as client:
        running = client.submit(film, tmp_path / "running.wav", prompt="slow 15")
        waiting = client.submit(film, tmp_path / "waiting.wav")
        client.push(running, "progress")
        client.ask("shutdown", mode="drain")
        refused = client.ask(
            "submit", job="late", cue=cue_of(film), deliver={"takes": [str(tmp_path / "late.wav")]}
        )
        assert refused["error"]["code"] == "shutting_down"
        assert client.end_of(running)["type"] == "done"
        assert service.process.wait(30) == 0
    assert (tmp_path / "running.wav").exists()
    assert not (tmp_path / "waiting.wav").exists()
    service.start()
    with service.client() as client:
        client.hello()
        assert client.wait_until(waiting, "done")["attempts"] == 1
    assert (tmp_path / "waiting.wav").exists()


def test_shutdown_now_puts_the_running_job_back_without_counting_the_attempt(
    service: Service, film, tmp_path
):
    service.start()
    folder = tmp_path / "out"
    folder.mkdir()
    with service.client() as client:
        job = client.submit(film, folder / "take.wav", prompt="slow 20")
        client.push(job, "progress")
        client.ask("shutdown", mode="now")
        assert service.process.wait(30) == 0
    assert list(folder.iterdir()) == []
    service.start()
    with service.client() as client:
        assert client.status(job)["attempts"] in (0, 1)
        client.hello()
        info = client.wait_until(job, "done")
    assert info["attempts"] == 1
    assert json.loads(json.dumps(info["takes"][0]))["path"] == str(folder / "take.wav")


def test_a_client_that_does_not_read_costs_nobody_anything(client, film, shared_service, tmp_path):
    with shared_service.client() as deaf:
        deaf.ask("subscribe", batch="loud")
        for seed in range(30, 33):
            target = tmp_path / f"{seed}.wav"
            client.end_of(client.submit(film, target, prompt="slow 3", batch="loud", seed=seed))
        assert client.ask("ping")["type"] == "pong"
