"""What the broker answers, to good messages and bad ones, over real sockets."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.messages import MAX_MESSAGE
from backend.service.broker import TRANSPORT_LIMIT
from tests.backend.support import RawClient, cue_of

MAGIC = b"FOLEY1"


def body(**fields):
    return json.dumps(fields).encode()


def still_serves(client: RawClient) -> bool:
    return client.ask("ping")["type"] == "pong"


def submit_of(film, tmp_path, *, job="job-1", **cue):
    deliver = {"takes": [str(tmp_path / f"take-{number}.wav") for number in range(cue.get("takes", 1))]}
    return {"job": job, "cue": cue_of(film, **cue), "deliver": deliver}


def test_hello_is_welcomed_with_protocol_build_and_instance(client):
    welcome = client.hello()
    assert welcome["type"] == "welcome"
    assert welcome["protocol"] == [1, 2]
    assert welcome["pid"] == client.connection["pid"]
    assert (welcome["build"], welcome["instance"]) == (
        client.connection["build"],
        client.connection["instance"],
    )


def test_a_newer_minor_version_is_welcome_and_another_major_is_not(client):
    assert client.ask("hello", protocol=[1, 99])["type"] == "welcome"
    refused = client.ask("hello", protocol=[2, 0])
    assert refused["error"]["code"] == "protocol_mismatch"
    assert "1.2" in refused["error"]["message"]


def test_a_newer_client_may_say_more_in_its_hello(client):
    assert client.ask("hello", protocol=[1, 99], colour="blue", nested={"a": [1]})["type"] == "welcome"


MALFORMED = {
    "nothing": (b"",),
    "another magic": (b"FOLEY2", b"{}"),
    "no magic": (b'{"type":"ping","id":"7"}',),
    "magic after an empty frame": (b"", MAGIC, b'{"type":"ping","id":"7"}'),
    "no body": (MAGIC,),
    "one frame too many": (MAGIC, b'{"type":"ping","id":"7"}', b"more"),
    "empty body": (MAGIC, b""),
    "not JSON": (MAGIC, b"hello"),
    "cut off": (MAGIC, b'{"type":"ping","id":"1'),
    "no object": (MAGIC, b"[]"),
    "null": (MAGIC, b"null"),
    "no type": (MAGIC, b'{"id":"7"}'),
    "unknown type": (MAGIC, b'{"type":"explode","id":"7"}'),
    "type of a wrong kind": (MAGIC, b'{"type":1,"id":"7"}'),
    "no id": (MAGIC, b'{"type":"ping"}'),
    "id of a wrong kind": (MAGIC, b'{"type":"ping","id":7}'),
    "field missing": (MAGIC, b'{"type":"cancel","id":"7"}'),
    "field of a wrong kind": (MAGIC, b'{"type":"cancel","id":"7","job":["a"]}'),
    "invalid UTF-8": (MAGIC, b'{"type":"ping","id":"\xff\xfe"}'),
    "half a surrogate": (MAGIC, b'{"type":"status","id":"7","job":"\\ud800"}'),
    "deep nesting": (MAGIC, b'{"type":"ping","id":"7","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "deep nesting, not closed": (MAGIC, b"[" * 500_000),
    "a huge number": (MAGIC, b'{"type":"list","id":"7","limit":1' + b"0" * 5_000 + b"}"),
    "a huge exponent": (MAGIC, b'{"type":"list","id":"7","limit":1e999999}'),
    "an unknown state": (MAGIC, b'{"type":"list","id":"7","states":["lost"]}'),
    "no version": (MAGIC, b'{"type":"hello","id":"7","protocol":[1]}'),
    "binary": (MAGIC, bytes(range(256))),
}


@pytest.mark.parametrize("frames", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_message_is_answered_with_an_error_that_has_a_code(client, frames):
    client.send(*frames)
    answer = client.receive()
    assert answer["type"] == "error"
    expected = "bad_request" if frames[0] == MAGIC else "protocol_mismatch"
    if b"ud800" in frames[-1]:
        expected = answer["error"]["code"]
        assert expected in ("bad_request", "job_unknown")
    assert answer["error"]["code"] == expected
    assert answer["error"]["message"]
    assert answer["re"] in ("", "7")
    assert still_serves(client)


@pytest.mark.parametrize(
    "frames",
    [
        (MAGIC, b'{"type":"cancel","id":"mine"}'),
        (MAGIC, b'{"type":"ping","id" : "mine", "x":'),
        (MAGIC, b'{"id":"mine","cue":' + b"[" * 5_000),
        (MAGIC, b'{"type":"status","job":"\xff","id":"mine"}'),
        (MAGIC, b'{"type":"status","job":"\\"id\\":\\"other\\"","id":"mine","x":tru'),
        (MAGIC, b'{"type":"ping","id":"mine"}', b"more"),
        (b"FOLEY2", b'{"type":"ping","id":"mine"}'),
        (b'{"type":"ping","id":"mine"}',),
        (b"", MAGIC, b'{"type":"ping","id":"mine"}'),
        (b"GET / HTTP/1.1", b"x", b'"id": "mine"'),
    ],
    ids=repr,
)
def test_an_error_names_the_request_whose_id_can_be_found(client, frames):
    client.send(*frames)
    assert client.receive()["re"] == "mine"


@pytest.mark.parametrize(
    "sent", [b'{"type":"ping","id":7,', b'{"id":"' + b"x" * 5_000 + b'",', b"id", b'"id":"\xff"']
)
def test_an_id_that_cannot_be_found_leaves_the_answer_without(client, sent):
    client.send(MAGIC, sent)
    assert client.receive()["re"] == ""


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(frames=st.lists(st.binary(max_size=200), max_size=4), with_magic=st.booleans())
def test_any_bytes_at_all_are_answered(client, frames, with_magic):
    message = [MAGIC, *frames] if with_magic else frames or [b""]
    client.send(*message)
    assert client.receive()["type"] == "error"


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
_fields = st.fixed_dictionaries(
    {},
    optional={
        name: _json
        for name in (
            *(
                "job",
                "jobs",
                "batch",
                "states",
                "limit",
                "cue",
                "deliver",
                "film_s",
                "protocol",
                "mode",
                "id",
            ),
            *("name", "file"),
        )
    },
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(["hello", "submit", "cancel", "status", "list", "find", "subscribe", "ping"]),
    fields=_fields,
)
def test_any_fields_in_any_request_are_answered(client, kind, fields):
    client.send(MAGIC, json.dumps({"id": "7", **fields, "type": kind}).encode())
    assert client.receive()["type"] in ("error", "welcome", "ok", "pong", "status", "accepted")


BAD_CUES = {
    "a prompt that is too long": ({"prompt": "x" * 100_000}, "bad_prompt"),
    "a prompt with control characters": ({"prompt": "steps\x07"}, "bad_prompt"),
    "a prompt that turns around": ({"negative": "\u202esteps"}, "bad_prompt"),
    "in after out": ({"in": "2", "out": "1"}, "bad_range"),
    "in before the film": ({"in": "-1"}, "bad_range"),
    "handles without end": ({"handles": "1000"}, "bad_range"),
    "no film": ({"media": ""}, "bad_cue"),
    "no layers": ({"layers": []}, "bad_cue"),
    "a layer twice": ({"layers": ["hits", "hits"]}, "bad_cue"),
    "an unknown layer": ({"layers": ["music"]}, "bad_request"),
    "a seed out of range": ({"seed": 2**32}, "bad_cue"),
    "no takes": ({"takes": 0}, "bad_cue"),
    "too many takes": ({"takes": 1000}, "bad_cue"),
    "a time that is none": ({"in": "soon"}, "bad_request"),
    "a time over zero": ({"in": "1/0"}, "bad_request"),
    "a time as a float": ({"in": 1.5}, "bad_request"),
    "a time of a million digits": ({"in": "9" * 100_000}, "bad_request"),
    "a loudness that hurts": ({"loudness": 20}, "bad_cue"),
    "a batch that is too long": ({"batch": "b" * 1000}, "bad_cue"),
    "bits that do not exist": ({"bits": 17}, "bad_request"),
    "more width than there is": ({"width": 1.5}, "bad_cue"),
    "a mono take with a width": ({"mono": True, "width": 0.5}, "bad_cue"),
}


@pytest.mark.parametrize(("cue", "code"), BAD_CUES.values(), ids=BAD_CUES.keys())
def test_a_cue_that_makes_no_sense_is_refused_at_once(client, film, tmp_path, cue, code):
    reply = client.ask("submit", **submit_of(film, tmp_path, **cue))
    assert (reply["type"], reply["error"]["code"]) == ("error", code)
    assert client.ask("status", job="job-1")["error"]["code"] == "job_unknown"


@pytest.mark.parametrize("job", ["", "a/b", "..", "a b", "x" * 65, "é", "a\n"])
def test_a_jobs_id_must_be_fit_to_name_a_folder(client, film, tmp_path, job):
    reply = client.ask("submit", **submit_of(film, tmp_path, job=job))
    assert reply["error"]["code"] == "bad_request"


@pytest.mark.parametrize(
    "deliver",
    [
        {"takes": []},
        {"takes": ["/a.wav", "/b.wav"]},
        {"takes": ["relative.wav"]},
        {"takes": ["/"]},
        {"takes": ["/a\0b.wav"]},
        {"takes": ["/" + "x" * 5000]},
        {"takes": ["/a.wav"], "preview": "/a.wav"},
    ],
)
def test_paths_that_cannot_be_right_are_refused_at_once(client, film, deliver):
    reply = client.ask("submit", job="job-2", cue=cue_of(film), deliver=deliver)
    assert reply["error"]["code"] == "output_denied"


@pytest.mark.parametrize("made", ["today", "2026-02-30T00:00:00", "2026-02-03T04:05:06Z", 5])
def test_a_date_that_is_none_or_not_local_is_refused(client, film, made):
    deliver = {"takes": ["/a.wav"], "made": made}
    reply = client.ask("submit", job="job-3", cue=cue_of(film), deliver=deliver)
    assert reply["error"]["code"] == "bad_request"


@pytest.mark.parametrize("times", [1, 3, 15])
def test_a_request_that_is_too_long_is_told_so_with_the_limit(client, times):
    for fields in ({"id": "7", "padding": "x" * times * MAX_MESSAGE}, {"a": "x" * MAX_MESSAGE, "id": "7"}):
        client.send(MAGIC, body(type="ping", **fields))
        answer = client.receive()
        assert (answer["re"], answer["error"]["code"]) == ("7", "request_too_long")
        assert str(MAX_MESSAGE) in answer["error"]["message"]
    assert still_serves(client)


def test_a_message_longer_than_the_transport_takes_costs_only_its_sender(client, shared_service):
    with shared_service.client() as careless:
        careless.send(MAGIC, body(type="ping", id="7", padding="x" * TRANSPORT_LIMIT))
        assert careless.receive(1.0) is None
    assert still_serves(client)


def test_status_shows_the_broker_and_its_worker(client):
    pid = client.worker_pid()
    report = client.ask("status")
    assert report["broker"]["pid"] == client.connection["pid"]
    assert report["broker"]["home"].endswith("home")
    (worker,) = report["workers"]
    assert (worker["pid"], worker["state"]) == (pid, "ready")
    assert worker["engines"] == ["drifting", "faulty", "hunyuan", "impulse", "procedural"]


UNKNOWN_JOB = {
    "status": {"job": "x"},
    "cancel": {"job": "x"},
    "subscribe": {"jobs": ["x"]},
    "impacts": {"job": "x"},
    "list": {"before": "x"},
}


@pytest.mark.parametrize(("kind", "fields"), UNKNOWN_JOB.items())
def test_an_unknown_job_is_an_error_everywhere(client, kind, fields):
    assert client.ask(kind, **fields)["error"]["code"] == "job_unknown"
