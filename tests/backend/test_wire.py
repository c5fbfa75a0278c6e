"""What protocol 1.1 brought: fields told by name, abilities, pages, owners, an end that is told; and 1.0."""

from __future__ import annotations

import json
import os
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import inspect

from backend.messages import PROTOCOL, Submit
from backend.service import reading
from backend.service.acceptance import Disks
from backend.service.records import without_long_lists
from backend.worker.delivery import PREVIEW_ENDINGS
from foley_core.media.preview_container import CONTAINERS
from tests.backend import changed_messages
from tests.backend.support import cue_of, until

UNKNOWN = [
    (("cue", "promtp"), "bad_cue", "cue.prompt"),
    (("cue", "neural", "stepz"), "bad_cue", "cue.neural.steps"),
    (("cue", "hit_list", "0", "tiem"), "bad_cue", "cue.hit_list.time"),
    (("deliver", "takez"), "bad_request", "deliver.takes"),
    (("films",), "bad_request", "film_s"),
]


@pytest.mark.parametrize(("place", "code", "meant"), UNKNOWN)
def test_a_field_that_nobody_knows_is_refused_by_name_with_the_one_that_is_meant(client, place, code, meant):
    message = changed_messages.whole("submit")
    changed_messages.put(message, place, 5)
    client.send(b"FOLEY1", json.dumps(message).encode())
    error = client.receive()["error"]
    assert error["code"] == code
    assert place[-1] in error["message"]
    assert repr(meant) in error["hint"]


def test_a_field_like_no_other_is_refused_with_those_there_are(client):
    error = client.ask("ping", colour="blue")["error"]
    assert (error["code"], "colour" in error["message"], "id" in error["hint"]) == ("bad_request", True, True)


@pytest.mark.parametrize(("place", "code", "meant"), UNKNOWN)
def test_of_a_client_of_the_version_before_it_is_passed_over_as_that_promised(
    shared_service, place, code, meant
):
    with shared_service.client() as client:
        client.ask("hello", protocol=[1, 0])
        message = changed_messages.whole("submit")
        changed_messages.put(message, place, 5)
        client.send(b"FOLEY1", json.dumps(message).encode())
        assert client.receive()["error"]["code"] == "media_missing"


def test_no_object_is_left_out_whose_fields_are_looked_at():
    nested, structs = set(), [Submit, *reading.NESTED.values()]
    for struct in structs:
        for field in inspect.type_info(struct).fields:
            kinds = [field.type, *getattr(field.type, "types", ())]
            inner = [getattr(kind, "item_type", kind) for kind in kinds]
            nested |= {(struct, field.encode_name) for kind in inner if isinstance(kind, inspect.StructType)}
    assert nested == set(reading.NESTED)


@pytest.mark.parametrize("kind", changed_messages.REQUESTS)
def test_the_requests_that_others_are_made_of_are_answered_as_they_say(client, kind):
    client.send(b"FOLEY1", json.dumps(changed_messages.whole(kind)).encode())
    answer = client.receive()
    assert changed_messages.REQUESTS[kind][1] == answer.get("error", {}).get("code", answer["type"])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_one_changed_field_is_answered_by_the_right_code(client, seed):
    message, code = changed_messages.changed(random.Random(seed))
    client.send(b"FOLEY1", json.dumps(message).encode())
    answer = client.receive()
    assert answer.get("error", {}).get("code", answer["type"]) == code, answer
    assert answer["re"] == (message["id"] if isinstance(message["id"], str) else "")


def test_capabilities_tell_engines_limits_fields_endings_and_versions(client):
    client.worker_pid()
    told = client.ask("capabilities")
    assert (told["type"], told["protocol"], told["build"]) == (
        "capabilities",
        list(PROTOCOL),
        client.connection["build"],
    )
    engines = {engine["name"]: engine for engine in told["engines"]}
    assert engines["procedural"]["usable"]
    assert not engines["hunyuan"]["usable"]
    assert "hunyuanvideo_foley" in engines["hunyuan"]["why"]
    assert "`foley models pull" in engines["hunyuan"]["hint"]
    assert (engines["procedural"]["device"], engines["hunyuan"]["device"]) == ("CPU", "")
    assert told["limits"]["takes"] == 32
    assert told["outputs"]["takes"] == [".wav"]
    cue = told["fields"]["cue"]
    assert cue["media"] == {"type": "string", "required": True}
    assert cue["in"] == {"type": "time", "default": "0/1"}
    assert cue["hit_list"]["type"] == "list of hit or null"
    assert set(told["fields"]) == {"cue", "deliver", "neural", "hit"}


def test_an_engine_tells_its_version_and_its_device_once_it_was_used(client, film, tmp_path):
    client.end_of(client.submit(film, tmp_path / "take.wav", seed=101))
    (engine,) = [one for one in client.ask("capabilities")["engines"] if one["name"] == "faulty"]
    assert engine["version"] == "1"
    assert engine["device"]


def test_engines_are_not_known_before_a_worker_is_there(service):
    with service.start().client() as client:
        assert client.ask("capabilities")["engines"] is None


def test_previews_end_as_containers_do():
    assert tuple(CONTAINERS) == PREVIEW_ENDINGS


@pytest.mark.parametrize("name", ["takes", "seed", "prompt", "batch"])
def test_a_limit_that_is_told_is_the_one_that_holds(client, name):
    most = client.ask("capabilities")["limits"][name]
    codes = []
    for over in (0, 1):
        message = changed_messages.whole("submit")
        value = "x" * (most + over) if name in ("prompt", "batch") else most + over
        changed_messages.put(message, ("cue", name), value)
        if name == "takes":
            takes = [f"/no/such/{number}.wav" for number in range(value)]
            changed_messages.put(message, ("deliver", "takes"), takes)
        client.send(b"FOLEY1", json.dumps(message).encode())
        codes.append(client.receive()["error"]["code"])
    assert codes == ["media_missing", "bad_prompt" if name == "prompt" else "bad_cue"]


def test_a_list_comes_in_pages_that_leave_out_none(client, film, tmp_path):
    jobs = [
        client.submit(film, tmp_path / f"{number}.wav", batch=f"pages {tmp_path}"[:200])
        for number in range(5)
    ]
    batch, found, pages = f"pages {tmp_path}"[:200], [], 0
    reply = client.ask("list", batch=batch, limit=2)
    while True:
        found += [job["id"] for job in reply["jobs"]]
        pages += 1
        if not reply["more"]:
            break
        reply = client.ask("list", batch=batch, limit=2, before=found[-1])
    assert (found, pages) == (jobs[::-1], 3)
    assert client.ask("list", batch=batch, limit=5)["more"] is False
    for job in jobs:
        client.end_of(job)


def test_a_reply_holds_no_more_than_a_mebibyte_of_jobs_and_the_rest_can_be_asked_for(service, film, tmp_path):
    folder = tmp_path / ("f" * 200)
    folder.mkdir()
    with service.start().client() as client:
        for number in range(150):
            takes = [str(folder / f"{'n' * 200} {number} {take}.wav") for take in range(32)]
            cue = cue_of(film, prompt="slow 600 " + "é" * 1_900, takes=32)
            reply = client.ask("submit", job=f"job-{number}", cue=cue, deliver={"takes": takes})
            assert reply["type"] == "accepted", reply
        client.wait_until("job-0", "running")
        found, sizes = [], []
        reply = client.ask("list", limit=1_000)
        while reply["jobs"]:
            found += [job["id"] for job in reply["jobs"]]
            sizes.append(len(json.dumps(reply["jobs"], ensure_ascii=False).encode()))
            if not reply["more"]:
                break
            reply = client.ask("list", limit=1_000, before=found[-1])
        assert found == [f"job-{number}" for number in range(149, -1, -1)]
        assert len(sizes) > 2
        assert max(sizes) < 1.1 * 2**20
        for kind, more in (("status", {}), ("find", {"name": "job-"})):
            reply = client.ask(kind, **more)
            assert reply["more"]
            assert len(json.dumps(reply, ensure_ascii=False).encode()) < 1.2 * 2**20
        assert client.ask("status")["jobs"][-1]["id"] == "job-0", "the one that runs"


def test_a_job_that_is_longer_than_that_comes_all_the_same(client, film, tmp_path):
    folder = tmp_path
    for _ in range(14):
        folder /= "f" * 200
    folder.mkdir(parents=True)
    names = [f"{folder}/{'n' * 200} {number}.json" for number in range(330)]
    deliver = {"takes": [str(tmp_path / "take.wav")], "reports": names[:300]}
    for job in ("long-1", "long-2"):
        reply = client.ask(
            "submit", job=job, cue=cue_of(film, engine="faulty", prompt="slow 600"), deliver=deliver
        )
        assert reply["type"] == "accepted", reply
    reply = client.ask("find", name="long-")
    assert ([job["id"] for job in reply["jobs"]], reply["more"]) == (["long-2"], True)
    for job in ("long-1", "long-2"):
        client.ask("cancel", job=job)
        client.end_of(job)


def test_many_hits_of_a_user_are_left_out_too_where_a_client_wants_few():
    hits = [{"time": f"{number}/24"} for number in range(5)]
    for name, there in (("hits", ["1/2"] * 5), ("hit_list", hits)):
        take = {"path": "/take.wav", "impacts": [], "cue": {"media": "/film.mp4", name: there}}
        assert without_long_lists([take], 5) == without_long_lists([take], None) == [take]
        assert without_long_lists([take], 4) == [{**take, "cue": {"media": "/film.mp4"}, "hits_left_out": 5}]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({"type": "submti"}, "Is 'submit' meant?"),
        ({"type": "dream"}, "Known: cancel, capabilities, explain, find,"),
        ({"type": 5}, "Known: cancel"),
        ({}, "Known: cancel"),
    ],
)
def test_a_request_that_nobody_knows_is_refused_with_those_there_are(client, message, said):
    client.send(b"FOLEY1", json.dumps({**message, "id": "7"}).encode())
    reply = client.receive()
    assert (reply["re"], reply["error"]["code"]) == ("7", "bad_request")
    assert reply["error"]["hint"].startswith(said)


def test_a_file_told_from_somewhere_is_not_looked_for(client):
    error = client.ask("find", file="take.wav")["error"]
    assert (error["code"], "take.wav" in error["message"]) == ("bad_request", True)


def test_a_job_is_found_by_every_file_that_it_writes(client, film, tmp_path):
    deliver = {"takes": [str(tmp_path / "take.wav")], "preview": str(tmp_path / "shown.film")}
    deliver["report"] = str(tmp_path / "told.html")
    cue = cue_of(film, stems=True, layers=["hits", "ambience"], prompt="slow 5")
    assert client.ask("submit", job="found", cue=cue, deliver=deliver)["type"] == "accepted"
    done = client.end_of("found")
    written = [path for path in tmp_path.iterdir() if path != film]
    assert {done["preview"], str(tmp_path / "take-ambience.wav")} < set(map(str, written))
    for path in written:
        assert [job["id"] for job in client.ask("find", file=str(path))["jobs"]] == ["found"], path
    assert client.ask("find", file=str(tmp_path / "take-movement.wav"))["jobs"] == []


def test_files_that_would_lie_in_one_place_are_refused_at_once(client, film, tmp_path):
    (tmp_path / "link").symlink_to(tmp_path)
    (tmp_path / "linked.wav").symlink_to(tmp_path / "take.wav")
    for takes, stems in (
        (["take.wav", "link/take.wav"], False),
        (["take.wav", "linked.wav"], False),
        (["take.wav", "take-hits.wav"], True),
    ):
        deliver = {"takes": [str(tmp_path / take) for take in takes]}
        cue = cue_of(film, takes=2, stems=stems)
        error = client.ask("submit", job="apart", cue=cue, deliver=deliver)["error"]
        assert (error["code"], "Two files" in error["message"]) == ("output_denied", True)
        assert client.ask("status", job="apart")["error"]["code"] == "job_unknown"


def test_jobs_bear_the_name_of_their_client_and_can_be_told_by_it(client, film, shared_service, tmp_path):
    with shared_service.client() as mine, shared_service.client() as nameless:
        mine.ask("hello", protocol=[1, 1], client=f"editor {tmp_path}")
        job = mine.submit(film, tmp_path / "mine.wav")
        other = client.submit(film, tmp_path / "others.wav")
        assert client.status(job)["client"] == f"editor {tmp_path}"
        assert [info["id"] for info in mine.ask("list", mine=True)["jobs"]] == [job]
        assert {job, other} <= {info["id"] for info in mine.ask("list")["jobs"]}
        assert job not in {info["id"] for info in nameless.ask("list", mine=True)["jobs"]}
        assert client.ask("cancel", job=job)["type"] == "ok"
        client.end_of(other)
        mine.end_of(job)


@pytest.mark.parametrize("name", ["n" * 5_000, "\ud800", "\0", "é\n"])
def test_any_name_of_a_client_is_taken_as_far_as_it_can_be_kept(shared_service, film, tmp_path, name):
    with shared_service.client() as client:
        welcome = client.ask("hello", protocol=[1, 1], client=name)
        if welcome["type"] == "error":
            assert welcome["error"]["code"] == "bad_request"
            return
        job = client.submit(film, tmp_path / "take.wav")
        assert client.status(job)["client"] == name[:200]
        client.end_of(job)


def test_who_no_longer_follows_hears_no_more(client, film, shared_service, tmp_path):
    job = client.submit(film, tmp_path / "take.wav", prompt="slow 5", batch="left", seed=103)
    with shared_service.client() as by_batch:
        by_batch.ask("subscribe", batch="left")
        assert by_batch.ask("unsubscribe", batch="left")["type"] == "ok"
        assert client.ask("unsubscribe", jobs=[job, "nobody"])["type"] == "ok"
        until(lambda: True if by_batch.status(job)["state"] == "done" else None)
        client.unread.clear()
        assert client.receive(0.2) is None
        assert [message for message in by_batch.unread if message["type"] == "done"] == []


def test_one_unknown_job_among_many_leaves_all_unfollowed(client, film, shared_service, tmp_path):
    job = client.submit(film, tmp_path / "take.wav", prompt="slow 5", seed=104)
    with shared_service.client() as other:
        refused = other.ask("subscribe", jobs=[job, "nobody"])
        assert refused["error"]["code"] == "job_unknown"
        assert "nobody" in refused["error"]["message"]
        client.end_of(job)
        assert other.receive(0.2) is None


HITS = [f"{number}/100" for number in range(1, 46)]


def test_impacts_come_a_page_at_a_time_to_who_wants_it_so_and_whole_to_others(
    client, film, shared_service, tmp_path
):
    with shared_service.client() as frugal, shared_service.client() as patient:
        frugal.ask("hello", protocol=[1, 1], client="frugal", most_impacts=44)
        patient.ask("hello", protocol=[1, 1], client="patient", most_impacts=45)
        for other in (frugal, patient):
            other.ask("subscribe", batch="impacts")
        job = client.submit(film, tmp_path / "take.wav", hits=HITS, batch="impacts", engine="procedural")
        (whole,) = client.end_of(job)["takes"]
        (short,) = frugal.end_of(job)["takes"]
        assert len(whole["impacts"]) == 45
        assert patient.end_of(job)["takes"] == [whole]
        cue = {name: value for name, value in whole["cue"].items() if name != "hits"}
        counts = {"impacts_left_out": 45, "hits_left_out": 45}
        assert short == {**whole, "impacts": [], "cue": cue, **counts}
        assert frugal.status(job)["takes"] == [short]
        assert client.status(job)["takes"] == [whole]
        pages = [frugal.ask("impacts", job=job, first=first, limit=20) for first in (0, 20, 40, 60)]
    assert [len(page["impacts"]) for page in pages] == [20, 20, 5, 0]
    assert [impact for page in pages for impact in page["impacts"]] == whole["impacts"]
    assert {page["total"] for page in pages} == {45}
    assert client.ask("impacts", job=job, take=1)["error"]["code"] == "bad_request"


def test_a_record_of_another_version_without_impacts_is_left_as_it_is():
    assert without_long_lists([{"path": "/take.wav"}], 0) == [{"path": "/take.wav"}]


@pytest.mark.parametrize("mode", ["drain", "now"])
def test_all_clients_are_told_that_the_backend_leaves(service, film, tmp_path, mode):
    with service.start().client() as one, service.client() as two, service.client() as silent:
        one.hello()
        two.hello()
        silent.ask("ping")
        job = one.submit(film, tmp_path / "take.wav", prompt="slow 60")
        one.push(job, "progress")
        two.ask("shutdown", mode=mode)
        for client in (one, two):
            assert client.told("leaving") == {"type": "leaving", "mode": mode}
        if mode == "drain":
            with service.client() as late:
                assert late.submit(film, tmp_path / "take.wav", job=job, prompt="slow 60") == job, (
                    "it is there"
                )
                refused = late.refusal(film, tmp_path / "other.wav")
                assert refused["code"] == "shutting_down"
                late.hello()
                assert late.told("leaving") == {"type": "leaving", "mode": mode}
                assert late.ask("status")["broker"]["leaving"] == mode
        assert service.process.wait(30) == 0
        assert silent.receive(0.2) is None


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
def test_a_signal_is_told_too(service):
    with service.start().client() as client:
        client.hello()
        service.process.terminate()
        assert client.receive() == {"type": "leaving", "mode": "now"}


def test_a_disk_that_does_not_answer_holds_nobody_up():
    import threading

    stuck, asked = threading.Event(), []
    disks = Disks(patience=0.05)
    assert disks.ask(lambda: asked.append(1))
    assert not disks.ask(lambda: bool(stuck.wait(60)) or None)
    assert not disks.ask(lambda: asked.append(2))
    stuck.set()
    until(lambda: True if disks.ask(lambda: asked.append(3)) else None)
    assert asked == [1, 3]


def test_a_client_of_protocol_1_0_works_as_ever(shared_service, film, tmp_path):
    with shared_service.client() as old:
        assert old.ask("hello", protocol=[1, 0], build="0.1.0", client="old")["type"] == "welcome"
        deliver = {"takes": [str(tmp_path / "take.wav")], "preview": None, "report": None}
        cue = cue_of(film, seed=105, hits=["1/4"])
        for _ in range(2):
            assert old.ask("submit", job="old-1", cue=cue, deliver=deliver)["type"] == "accepted"
        done = old.end_of("old-1")
        assert (done["type"], len(done["takes"][0]["impacts"])) == ("done", 1)
        assert old.ask("list", batch=None, states=["done"], limit=1)["jobs"][0]["state"] == "done"
