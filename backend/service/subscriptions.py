"""Who is told what: the clients that follow a job or a batch, and the sending of what they are told.

Nothing here ever waits: a client that is gone is forgotten, one that does not keep up misses messages, sees
the gap in their numbers, and asks for the job's status.
"""

from __future__ import annotations

import zmq

from backend import messages

MAX_FOLLOWERS = 10_000
"""Entries kept in all; the oldest go first."""


_Topic = tuple[str, str]
"""("job", its id) or ("batch", its name)."""


class Subscriptions:
    """Followers of jobs and batches, by the address that the router gave them."""

    def __init__(self, router: zmq.Socket[bytes]) -> None:
        self._router = router
        self._followers: dict[_Topic, set[bytes]] = {}
        self._by_age: dict[tuple[_Topic, bytes], None] = {}

    def follow_job(self, client: bytes, job: str) -> None:
        """Tell this client about this job from now on."""
        self._follow(("job", job), client)

    def follow_batch(self, client: bytes, batch: str) -> None:
        """Tell this client about all jobs of this batch, those to come too."""
        self._follow(("batch", batch), client)

    def followed(self, job: str, batch: str) -> bool:
        """Whether anyone would be told."""
        return bool(self._clients(job, batch))

    def push(self, message: messages.Push | messages.Waiting, batch: str) -> None:
        """Tell everyone who follows the job or its batch."""
        frames = messages.write(message)
        for client in self._clients(message.job, batch):
            if not self.send(client, frames):
                self._forget(client)

    def ended(self, job: str) -> None:
        """There will be nothing more to tell about this job."""
        for client in tuple(self._followers.get(("job", job), ())):
            self._drop(("job", job), client)

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

    def _clients(self, job: str, batch: str) -> set[bytes]:
        of_job = self._followers.get(("job", job), set())
        return of_job | self._followers.get(("batch", batch), set()) if batch else set(of_job)

    def _follow(self, topic: _Topic, client: bytes) -> None:
        self._by_age.pop((topic, client), None)
        self._by_age[topic, client] = None
        self._followers.setdefault(topic, set()).add(client)
        if len(self._by_age) > MAX_FOLLOWERS:
            self._drop(*next(iter(self._by_age)))

    def _forget(self, client: bytes) -> None:
        for topic, follower in tuple(self._by_age):
            if follower == client:
                self._drop(topic, client)

    def _drop(self, topic: _Topic, client: bytes) -> None:
        del self._by_age[topic, client]
        self._followers[topic].remove(client)
        if not self._followers[topic]:
            del self._followers[topic]
