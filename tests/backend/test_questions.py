"""What the built-in engine knows, takes words for and sounds like, asked over the wire."""

from __future__ import annotations

import json
import os
import signal
import sys
import wave
from types import SimpleNamespace

import psutil
import pytest

from backend import messages
from backend.errors import BadRequest
from backend.service.acceptance import Disks
from backend.service.questions import MOST, Questions
from foley_core.audition import explain, listing

pytestmark = pytest.mark.process
posix = pytest.mark.skipif(sys.platform == "win32", reason="stops another process")


def told(reply: dict[str, object]) -> dict[str, object]:
    """What is in a reply beside its type and request."""
    return {name: value for name, value in reply.items() if name not in ("type", "re")}


def test_the_list_is_that_of_the_engine_whole_and_in_its_order(client):
    reply = client.ask("sounds")
    assert told(reply) == listing()
    assert len(reply["sounds"]) > 90


def test_a_prompt_is_explained_as_the_engine_takes_it(client):
    prompt, negative = "heavy boots on gravel, thundr, tyres", "wind"
    reply = client.ask("explain", prompt=prompt, negative=negative)
    assert told(reply) == explain(prompt, negative)
    assert reply["unknown_words"] == ["thundr", "tyres"]


@pytest.mark.parametrize(("prompt", "sounds"), [("wood", ["wood"]), ("light rain, zyx", ["rain (light)"])])
def test_an_audition_lies_where_it_was_asked_for_and_is_the_same_each_time(client, tmp_path, prompt, sounds):
    files = [tmp_path / "one.wav", tmp_path / "two.wav"]
    for file in files:
        reply = client.ask("hear", prompt=prompt, path=str(file), seconds="3/2", seed=7)
        assert (reply["type"], reply["path"], reply["sounds"]) == ("hear", str(file), sounds)
    assert reply["unknown_words"] == (["zyx"] if "zyx" in prompt else [])
    assert files[0].read_bytes() == files[1].read_bytes()
    with wave.open(str(files[0])) as heard:
        assert heard.getnframes() == 72_000
    client.ask("hear", prompt=prompt, path=str(files[1]), seconds="3/2", seed=8)
    assert files[0].read_bytes() != files[1].read_bytes()


def test_what_names_no_sound_is_refused_and_leaves_no_file(client, tmp_path):
    reply = client.ask("hear", prompt="bagpipes", path=str(tmp_path / "bagpipes.wav"))
    assert reply["error"]["code"] == "sound_unknown"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("path", "code"),
    [("wood.wav", "output_denied"), ("{}/no/wood.wav", "output_denied"), ("{}/wood.mp3", "bad_output")],
)
def test_an_audition_that_cannot_lie_there_is_refused(client, tmp_path, path, code):
    assert client.ask("hear", prompt="wood", path=path.format(tmp_path))["error"]["code"] == code


def test_whoever_asks_need_not_say_hello_first(service):
    with service.start().client() as client:
        assert client.ask("explain", prompt="wood")["sounds"][0]["kind"] == "wood"


def test_a_job_holds_no_question_up(service, film, tmp_path):
    with service.start().client() as client:
        client.hello()
        job = client.submit(film, tmp_path / "take.wav", prompt="slow 600")
        client.wait_until(job, "running")
        assert told(client.ask("explain", prompt="wood")) == explain("wood")
        heard = client.ask("hear", prompt="wood", path=str(tmp_path / "wood.wav"), seconds="1")
        assert heard["type"] == "hear"
        assert client.status(job)["state"] == "running"
        client.ask("cancel", job=job)
        assert client.end_of(job)["type"] == "cancelled"


@posix
def test_a_question_over_which_a_worker_is_lost_is_answered_by_the_next(service):
    with service.start().client() as client:
        client.hello()
        pid = client.worker_pid()
        os.kill(pid, signal.SIGSTOP)
        client.send(b"FOLEY1", b'{"type": "explain", "id": "lost", "prompt": "wood"}')
        client.ask("ping")
        psutil.Process(pid).kill()
        assert client.answer_to("lost")["type"] == "explain"
        assert client.worker_pid() != pid


class Heard:
    """What clients and workers are told."""

    def __init__(self) -> None:
        self.said: list[object] = []
        self.supervisor = SimpleNamespace(worker=None)
        self.questions = Questions(self.supervisor, SimpleNamespace(send=self._note))

    def _note(self, client: bytes, frames: list[bytes]) -> None:
        self.said.append((client, json.loads(frames[1])))

    def worker(self) -> None:
        """Another worker is ready."""
        process = SimpleNamespace(say=self.said.append)
        self.supervisor.worker = SimpleNamespace(state="ready", process=process)
        self.questions.tick()


def test_a_question_over_which_two_workers_are_lost_is_refused():
    heard = Heard()
    heard.questions.ask(b"me", messages.Explain(id="7", prompt="wood"), Disks())
    heard.worker()
    heard.questions.tick()
    heard.worker()
    assert [type(one).__name__ for one in heard.said] == ["Ask", "Ask"]
    heard.worker()
    client, reply = heard.said[2]
    assert (client, reply["re"], reply["error"]["code"]) == (b"me", "7", "worker_crashed")
    heard.worker()
    assert len(heard.said) == 3


def test_a_question_is_refused_where_no_worker_comes_up_and_where_too_many_wait():
    heard = Heard()
    for number in range(MOST):
        heard.questions.ask(b"me", messages.Sounds(id=str(number)), Disks())
    with pytest.raises(BadRequest):
        heard.questions.ask(b"me", messages.Sounds(id="more"), Disks())
    heard.questions.give_up("exit code 1")
    assert {reply["error"]["code"] for _, reply in heard.said} == {"worker_unavailable"}
    assert [reply["re"] for _, reply in heard.said] == [str(number) for number in range(MOST)]
