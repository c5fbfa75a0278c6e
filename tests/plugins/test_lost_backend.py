"""Where no backend comes up any more, one is told what becomes of a job, and it becomes of it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from backend.client import Client, ClientError
from tests.plugins.backends import kill_backend
from tests.plugins.test_client import cue_of, until

pytestmark = pytest.mark.process

BROKEN = {"command": [sys.executable, "-c", "raise SystemExit('no room')"], "build": "99.0.0+99"}


def test_a_job_that_was_accepted_is_said_to_be_made_later_and_is(
    launch: Path, home: Path, film: Path, tmp_path: Path
) -> None:
    whole, take = launch.read_text(), tmp_path / "take.wav"
    with Client("test") as client:
        client.own = {}
        job = client.submit(cue_of(film, "slow 20"), {"takes": [str(take)]})
        until(client, "type", "progress")
        launch.write_text(json.dumps(BROKEN))
        kill_backend(home)
        with pytest.raises(ClientError) as told:
            client.follow(job)
        assert ("no room" in told.value.message, "made as soon as" in told.value.hint) == (True, True)
    assert not take.exists()
    launch.write_text(whole)
    with Client("another") as client:
        client.subscribe([job])
        assert client.follow(job)["type"] == "done"


def test_of_a_job_that_never_was_accepted_no_such_thing_is_said(
    launch: Path, film: Path, tmp_path: Path
) -> None:
    launch.write_text(json.dumps(BROKEN))
    with Client("test") as client:
        client.own = {}
        job = client.submit(cue_of(film), {"takes": [str(tmp_path / "take.wav")]})
        with pytest.raises(ClientError) as told:
            client.follow(job)
    assert ("no room" in told.value.message, "made as soon as" in told.value.hint) == (True, False)
