"""The golden messages of every version, spoken to a backend: what it says is as it was, or has more in it.

A client that was written for a version finds in each answer what it found then, in the same order, by the
same codes, and with the same meaning.
"""

from __future__ import annotations

import itertools
import wave
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.backend.conversation import ENDS, Conversation
from tests.backend.golden import NEWEST, VERSIONS, Message, differences, golden, heard, names

pytestmark = pytest.mark.process

OF_A_TAKE = ["watch", "sound", "master", "write"]
STAGES = ["start", "load", *OF_A_TAKE, *OF_A_TAKE, "preview", "report"]
"""Of two takes."""


@pytest.fixture(scope="module")
def talks(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Conversation]:
    """The conversation in a version, held once; where it came to nothing, what was heard until then."""
    held: dict[str, Conversation] = {}

    def of(version: str) -> Conversation:
        if version not in held:
            held[version] = Conversation(tmp_path_factory.mktemp("golden"), version)
            held[version].hold()
        return held[version]

    return of


@pytest.fixture
def talk(request: pytest.FixtureRequest, talks: Callable[[str], Conversation]) -> Conversation:
    return talks(request.param)


def all_of(folder: str) -> list[tuple[str, str]]:
    return [(version, name) for version in VERSIONS for name in names(version, folder)]


in_each_version = pytest.mark.parametrize("talk", VERSIONS, indirect=True)


@pytest.mark.parametrize(("talk", "name"), all_of("replies"), indirect=["talk"])
def test_a_reply_has_all_that_it_had(talk, name):
    kept = golden(talk.version, f"replies/{name}")
    assert differences(kept, heard(talk.replies[name], talk.folder), name) == []


@pytest.mark.parametrize(("talk", "name"), all_of("pushes"), indirect=["talk"])
def test_a_push_has_all_that_it_had(talk, name):
    kept = golden(talk.version, f"pushes/{name}")
    assert differences(kept, heard(talk.pushes[name], talk.folder), name) == []


@pytest.mark.parametrize(("talk", "name"), all_of("published"), indirect=["talk"])
def test_what_is_published_has_all_that_it_had(talk, name):
    kept = golden(talk.version, f"published/{name}")
    assert differences(kept, heard(talk.published[name], talk.folder), name) == []


def is_refusal(answer: Message, code: str) -> bool:
    error = answer["error"]
    return error["code"] == code and bool(error["message"]) and isinstance(error["hint"], str)


@pytest.mark.parametrize(("talk", "name"), all_of("refused"), indirect=["talk"])
def test_what_was_refused_is_refused_by_the_same_code(talk, name):
    answer = talk.refused[name]
    assert answer["type"] == "error", answer
    assert is_refusal(answer, name.partition("-")[0]), answer
    assert answer["re"] == name


@pytest.mark.parametrize(("talk", "name"), all_of("failed"), indirect=["talk"])
def test_a_job_that_failed_fails_by_the_same_code_or_where_a_later_version_can_tell_is_refused_by_it(
    talk, name
):
    answer = talk.failed[name]
    assert answer["type"] in (("failed",) if talk.version == NEWEST else ("failed", "error")), answer
    assert is_refusal(answer, name.partition("-")[0]), answer


@in_each_version
def test_every_request_has_one_reply_and_those_sent_at_once_come_in_their_order(talk):
    for talker in talk.talkers:
        assert Counter(message["re"] for message in talker.heard if "re" in message) == Counter(talker.said)
    in_order = [message["re"] for message in talk.at_once if "re" in message]
    assert in_order == ["ping", "status-done", "status-unknown", "find-least", "cancel"]


def runs(talk: Conversation) -> list[tuple[int, str, list[Message]]]:
    """What each client heard of each job, in its order."""
    jobs = [
        (at, job)
        for at, talker in enumerate(talk.talkers)
        for job in {one.get("job") for one in talker.heard}
    ]
    return [(at, job, pushes) for at, job in jobs if job and (pushes := talk.of_job(job, talker=at))]


@in_each_version
def test_the_numbers_of_a_job_count_up_by_one_from_the_first_and_its_end_is_the_last(talk):
    assert len(runs(talk)) > 12
    for talker, job, pushes in runs(talk):
        numbers = [push["seq"] for push in pushes if push["type"] != "waiting"]
        assert all(after == before + 1 for before, after in itertools.pairwise(numbers)), (job, numbers)
        assert numbers[:1] in ([], [1]) or talker > 0, (job, numbers)
        assert not any("seq" in push for push in pushes if push["type"] == "waiting")
        ends = [at for at, push in enumerate(pushes) if push["type"] in ENDS]
        assert ends in ([], [len(pushes) - 1]), (job, pushes)


@in_each_version
def test_a_restart_takes_no_number_back(talk):
    before, after = (talk.of_job("put-back-job", talker=at) for at in (2, 3))
    assert after[-1]["type"] == "done"
    assert max(push.get("seq", 0) for push in before) < min(push["seq"] for push in after if "seq" in push)
    assert talk.replies["status-done"]["jobs"][0]["seq"] == talk.pushes["done"]["seq"]
    assert talk.replies["status-cancelled"]["jobs"][0]["seq"] == talk.pushes["cancelled"]["seq"]
    assert talk.replies["status-failed"]["jobs"][0]["seq"] == talk.pushes["failed"]["seq"]


@in_each_version
def test_a_job_is_accepted_before_anything_is_told_of_it(talk):
    told: set[str] = set()
    for message in talk.talkers[0].heard:
        if message["type"] == "accepted" and message["state"] == "queued":
            assert message["job"] not in told
        told |= {message["job"]} if "job" in message else set()


@in_each_version
def test_stages_come_in_their_order_and_progress_goes_from_0_to_1_over_all_takes(talk):
    pushes = [push for push in talk.of_job("full-takes") if push["type"] == "progress"]
    stages = [stage for stage, _pushes in itertools.groupby(push["stage"] for push in pushes)]
    assert [stage for stage in stages if stage] == STAGES
    assert [take for take, _pushes in itertools.groupby(push["take"] for push in pushes)] == [0, 1]
    progress = [push["progress"] for push in pushes]
    assert progress == sorted(progress)
    assert all(0 <= share <= 1 for share in progress)
    first = [push["progress"] for push in pushes if push["take"] == 0]
    assert 0.3 < max(first) < 0.5 < progress[-1]


@in_each_version
def test_the_backend_is_called_the_same_everywhere_and_another_one_otherwise(talk):
    welcome, published, broker = (
        talk.replies["hello"],
        talk.published["connection"],
        talk.replies["status"]["broker"],
    )
    for name in ("pid", "build", "instance"):
        assert welcome[name] == published[name] == broker[name]
    assert talk.published["launch"]["build"] == welcome["build"]
    assert talk.replies["status-kept"]["broker"]["instance"] != welcome["instance"]
    then, now = golden(talk.version, "replies/hello")["build"], welcome["build"]
    assert numbers(now)[:3] >= numbers(then)[:3], "clients would take it for an older one, and end it"


def numbers(build: str) -> list[int]:
    """By which clients tell which build is the older one."""
    return [int(number) for number in build.replace("+", ".").split(".")]


def job_infos(talk: Conversation) -> list[dict[str, Any]]:
    return [job for reply in talk.replies.values() if reply["type"] == "status" for job in reply["jobs"]]


@in_each_version
def test_times_are_seconds_since_1970_and_costs_are_seconds_and_bytes(talk):
    for job in job_infos(talk):
        times = [job[name] for name in ("created", "started", "finished") if job[name] is not None]
        assert [talk.began, *times, talk.ended] == sorted([talk.began, *times, talk.ended])
        assert (job["finished"] is None) == (job["state"] in ("queued", "running"))
        assert job["id"].startswith(job["short"])
        assert len(job["short"]) >= 6
        if cost := job["cost"]:
            assert 0 < cost["seconds"] <= job["finished"] - job["started"] + 0.5
            assert 1 << 24 < cost["memory"] < 1 << 40
    uptimes = [talk.replies[name]["broker"]["uptime"] for name in ("status-least", "status", "status-failed")]
    assert [0, *uptimes, talk.ended - talk.began] == sorted([0, *uptimes, talk.ended - talk.began])


@in_each_version
def test_a_record_says_of_its_file_what_is_in_it(talk):
    for take in (*talk.pushes["done"]["takes"], *talk.replies["status"]["jobs"][0]["takes"]):
        for path in (take["path"], *take["stems"].values()):
            assert Path(path).is_file()
        if take["bits"] == 24:
            with wave.open(take["path"]) as sound:
                told = take["samples"], take["sample_rate"], take["channels"]
                assert (sound.getnframes(), sound.getframerate(), sound.getnchannels()) == told
        start = Fraction(take["start_exact"])
        assert take["start"] == pytest.approx(float(start))
        assert take["time_reference"] == round(start * take["sample_rate"])
        for impact in take["impacts"]:
            assert impact["sample"] == round((Fraction(impact["time_exact"]) - start) * take["sample_rate"])


@in_each_version
def test_the_backend_ends_well_when_it_is_asked_to_and_keeps_what_waits(talk):
    assert talk.exit_codes == [0, 0]
    assert talk.replies["status-kept"]["jobs"][0]["state"] == "done"
