"""Every malformed message is answered by the right code, and names its request as far as it can be found."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.backend.malformed_messages import WAYS, as_long_as_may_be


@pytest.mark.parametrize("way", [*WAYS, as_long_as_may_be], ids=lambda way: way.__name__)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_a_malformed_message_is_answered_by_the_right_code(client, way, seed):
    frames, told, named = way(random.Random(seed))
    client.send(*frames)
    answer = client.receive()
    assert answer.get("error", {}).get("code", answer["type"]) == told, answer
    assert named is None or answer["re"] == named
    assert client.ask("ping")["type"] == "pong"
