"""What the client and the backend must agree on, though they share no code."""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest

from backend import build, messages, paths
from backend.client import Client, foley_client
from foley_core.errors import StateUnusable
from tests.plugins.ear import Ear

PLACES: dict[str, dict[str, str | None]] = {
    "nothing": {},
    "a home of its own": {"FOLEY_HOME": "elsewhere"},
    "a home below the user's": {"FOLEY_HOME": "~/elsewhere"},
    "an empty home": {"FOLEY_HOME": ""},
    "folders that are empty": {"XDG_STATE_HOME": "", "LOCALAPPDATA": ""},
    "folders told from where one stands": {"XDG_STATE_HOME": "rel/state", "LOCALAPPDATA": "rel"},
    "no home": {"HOME": None},
    "a home that is empty": {"HOME": ""},
    "a home told from where one stands": {"HOME": "rel", "FOLEY_HOME": "~/elsewhere"},
    "a state folder": {"XDG_STATE_HOME": "/state", "LOCALAPPDATA": "C:/state"},
}


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
@pytest.mark.parametrize("place", PLACES)
def test_client_and_backend_find_the_same_home(
    place: str, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FOLEY_HOME", "XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in PLACES[place].items():
        monkeypatch.delenv(name, raising=False) if value is None else monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert foley_client.home() == paths.home()
    named = PLACES[place].get("FOLEY_HOME") or ""
    assert paths.home().is_absolute()
    if not named or named.startswith("~"):
        assert not paths.home().is_relative_to(Path.cwd())


@pytest.mark.parametrize("chosen", ["~nosuchuser/x", "~", "~/x", ""])
@pytest.mark.skipif(sys.platform == "win32", reason="the record of users is POSIX's")
def test_client_and_backend_say_alike_that_nobody_knows_the_folder(
    chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pwd

    def on_record(uid: int) -> pwd.struct_passwd:
        raise KeyError(uid)

    monkeypatch.setattr(pwd, "getpwuid", on_record)
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setenv("FOLEY_HOME", chosen)
    with pytest.raises(StateUnusable) as ours:
        paths.home()
    with pytest.raises(foley_client.ClientError) as theirs:
        foley_client.home()
    assert ours.value.code == theirs.value.code == "state_unusable"
    assert "FOLEY_HOME" in ours.value.hint
    assert "FOLEY_HOME" in theirs.value.hint
    client = foley_client.Client("test")
    client.connect()
    client.pump()
    assert (client.state, client.error["code"]) == (foley_client.BROKEN, "state_unusable")
    client.close()


def test_client_and_backend_speak_of_the_same_protocol() -> None:
    assert foley_client.PROTOCOL == messages.PROTOCOL
    assert foley_client.MAGIC == messages.MAGIC
    assert foley_client.MAX_MESSAGE == messages.MAX_MESSAGE


@pytest.mark.process
def test_a_newer_build_sorts_later() -> None:
    builds = ["0.9.0+20261122104500", "0.10.0+20251122104500", "0.10.0+20261122104500", "1.0.0"]
    assert sorted(reversed(builds), key=foley_client.order) == builds
    assert foley_client.order(build.build()) > foley_client.order("")


def test_every_message_of_the_client_is_one_of_the_protocol(home: Path) -> None:
    with Ear(home) as ear, Client("test", start=False) as client:
        client.connect()
        cue = {"media": "/film.mp4", "in": Fraction(1001, 24000), "out": "3/1", "prompt": "boots", "seed": 7}
        job = client.submit(cue, {"takes": ["/take.wav"]})
        client.cancel(job)
        client.subscribe([job])
        for kind in ("status", "list", "ping", "shutdown"):
            client.ask(kind)
        heard = ear.hear(client, 9)
    kinds = [type(message).__name__ for message in heard]
    assert kinds == ["Hello", "Submit", "Cancel", "Subscribe", "Status", "Status", "List", "Ping", "Shutdown"]
    submit = heard[1]
    assert isinstance(submit, messages.Submit)
    assert (submit.cue.in_point, submit.cue.out_point, submit.cue.seed) == (Fraction(1001, 24000), 3, 7)


def test_a_gap_in_the_numbers_of_the_pushes_makes_the_client_ask(home: Path) -> None:
    with Ear(home) as ear, Client("test", start=False) as client:
        job = client.submit({"media": "/film.mp4"}, {"takes": ["/take.wav"]})
        ear.hear(client, 2)
        for seq in (1, 2, 2, 5):
            ear.say(messages.Progress(job=job, seq=seq, stage="sound", take=0, progress=seq / 10))
        asked = ear.hear(client, 1)[0]
        pushes = [event["seq"] for event in ear.events if event["type"] == "progress"]
    assert pushes == [1, 2, 5]
    assert isinstance(asked, messages.Status)
    assert asked.job == job


NEWER = "99.0.0+20990101000000"


@pytest.mark.parametrize(("protocol", "named"), [((1, 1), NEWER), ((1, 0), None)])
def test_who_ends_an_older_backend_says_for_whose_sake_and_gets_on_with_one_that_refuses(
    home: Path, protocol: tuple[int, int], named: str | None
) -> None:
    with Ear(home, protocol) as ear, Client("test") as client:
        (home / "launch.json").write_text(json.dumps({"command": ["no-such-program"], "build": NEWER}))
        client.ask("ping")
        _, shutdown = ear.hear(client, 2)
        assert shutdown == messages.Shutdown(id=shutdown.id, mode="drain", replaced_by=named)
        fault = messages.Fault(code="not_replaced", message="This backend goes on.")
        ear.say(messages.Error(re=shutdown.id, error=fault))
        _, ping = ear.hear(client, 2)
        ear.say(messages.Pong(re=ping.id))
        ear.events += client.wait(30.0)
    states = [event["state"] for event in ear.events if event["type"] == "state"]
    assert (states, ear.events[-1]["type"]) == (
        ["greeting", "replacing", "away", "greeting", "ready"],
        "pong",
    )


def test_a_request_that_the_backend_would_drop_is_refused_before_it_is_sent(home: Path) -> None:
    client = foley_client.Client("test", start=False)
    with pytest.raises(foley_client.ClientError, match="1 MiB") as error:
        client.submit({"media": "/film.mp4", "prompt": "a" * messages.MAX_MESSAGE}, {"takes": ["/take.wav"]})
    assert error.value.code == "bad_request"
    client.close()


def test_no_state_follows_another_against_the_table(home: Path) -> None:
    assert set().union(*foley_client.MOVES.values()) <= set(foley_client.MOVES)
    assert all(foley_client.CLOSED in after for state, after in foley_client.MOVES.items() if after)
    assert msgspec.json.encode(sorted(foley_client.MOVES))


def test_what_is_told_of_a_place_in_the_queue_reaches_the_client_and_counts_as_no_gap(home: Path) -> None:
    with Ear(home) as ear, Client("test", start=False) as client:
        job = client.submit({"media": "/film.mp4"}, {"takes": ["/take.wav"]})
        ear.hear(client, 2)
        ear.say(messages.Progress(job=job, seq=1, stage="", take=0, progress=0.0))
        for told, place in ((job, 2), ("another's", 3), (job, 1)):
            ear.say(messages.Waiting(job=told, place=place, wait_s=40, reason="jobs"))
        ear.say(messages.Progress(job=job, seq=2, stage="sound", take=0, progress=0.5))
        ear.say(messages.Cancelled(job=job, seq=3))
        client.ask("ping")
        asked = ear.hear(client, 1)
        while not ear.events or ear.events[-1]["type"] != "cancelled":
            ear.events += client.wait(1.0)
    pushes = [event for event in ear.events if event.get("job") == job]
    assert [(push["type"], push.get("place")) for push in pushes] == [
        ("progress", None), ("waiting", 2), ("waiting", 1), ("progress", None), ("cancelled", None),
    ]  # fmt: skip
    assert {event.get("job") for event in ear.events} <= {job, None}
    assert [type(message) for message in asked] == [messages.Ping]
