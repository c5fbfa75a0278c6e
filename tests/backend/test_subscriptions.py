"""Who is told of what: as if all that was asked for stood in one list, and the oldest went when full."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backend import messages
from backend.service import subscriptions
from backend.service.subscriptions import Subscriptions

FULL = 5
NAMES = st.sampled_from("abc")
CLIENTS = st.sampled_from([b"1", b"2", b"3"])
STEPS = st.one_of(
    st.tuples(st.sampled_from(["job", "batch"]), NAMES, CLIENTS), st.tuples(st.just("ended"), NAMES, CLIENTS)
)


class Sent:
    """A router that remembers to whom something was sent."""

    def __init__(self) -> None:
        self.to: set[bytes] = set()

    def send_multipart(self, frames: list[bytes], flags: int) -> None:
        self.to.add(frames[0])


@given(st.lists(STEPS, max_size=30))
def test_those_are_told_who_asked_and_no_others(steps: list[tuple[str, str, bytes]]) -> None:
    router: Any = Sent()
    most, subscriptions.MAX_FOLLOWERS = subscriptions.MAX_FOLLOWERS, FULL
    try:
        followed = Subscriptions(router)
        asked: list[tuple[str, str, bytes]] = []
        for step in steps:
            kind, name, client = step
            if kind == "ended":
                followed.ended(name)
                asked = [one for one in asked if one[:2] != ("job", name)]
                continue
            (followed.follow_job if kind == "job" else followed.follow_batch)(client, name)
            asked = [*(one for one in asked if one != step), step][-FULL:]
    finally:
        subscriptions.MAX_FOLLOWERS = most
    for job in "abc":
        for batch in ("", "a", "b"):
            router.to = set()
            followed.push(messages.Cancelled(job=job, seq=1), batch)
            meant = {("job", job), ("batch", batch)}
            assert router.to == {client for kind, name, client in asked if (kind, name) in meant}
            assert followed.followed(job, batch) == bool(router.to)
