"""Who is told what: the clients that follow a job or a batch, and the sending of what they are told.

Nothing here ever waits: a client that is gone is forgotten, one that does not keep up misses messages, sees
the gap in their numbers, and asks for the job's status.
"""

from __future__ import annotations

import zmq

from backend import messages

MAX_FOLLOWERS = 10_000
"""Entries kept in all; the oldest go first."""


class Subscriptions:
    """Followers of jobs and batches, by the address that the router gave them."""

    def __init__(self, router: zmq.Socket[bytes]) -> None:
        self._router = router
        self._followers: dict[tuple[str, str, bytes], None] = {}

    def follow_job(self, client: bytes, job: str) -> None:
        """Tell this client about this job from now on."""
        self._follow("job", job, client)

    def follow_batch(self, client: bytes, batch: str) -> None:
        """Tell this client about all jobs of this batch, those to come too."""
        self._follow("batch", batch, client)

    def followed(self) -> set[tuple[str, str]]:
        """What is followed: ("job", its id) and ("batch", its name)."""
        return {key[:2] for key in self._followers}

    def push(self, message: messages.Push | messages.Waiting, batch: str) -> None:
        """Tell everyone who follows the job or its batch."""
        frames = messages.write(message)
        ours = {("job", message.job), ("batch", batch)} if batch else {("job", message.job)}
        for client in {key[2] for key in self._followers if key[:2] in ours}:
            if not self.send(client, frames):
                self._forget(client)

    def ended(self, job: str) -> None:
        """There will be nothing more to tell about this job."""
        self._followers = {key: None for key in self._followers if key[:2] != ("job", job)}

    def send(self, client: bytes, frames: list[bytes]) -> bool:
        """Send without waiting; False where the client is gone."""
        try:
            self._router.send_multipart([client, *frames], zmq.NOBLOCK)
        except zmq.Again:
            return True
        except zmq.ZMQError as error:
            if error.errno == zmq.EHOSTUNREACH:
                return False
            raise
        return True

    def _follow(self, kind: str, name: str, client: bytes) -> None:
        key = (kind, name, client)
        self._followers.pop(key, None)
        self._followers[key] = None
        if len(self._followers) > MAX_FOLLOWERS:
            del self._followers[next(iter(self._followers))]

    def _forget(self, client: bytes) -> None:
        self._followers = {key: None for key in self._followers if key[2] != client}
