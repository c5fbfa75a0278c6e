"""Who is told what: the clients that have said hello, those that follow a job or a batch, and the sending of
what they are told.

Nothing here ever waits: a client that is gone is forgotten, one that does not keep up misses messages, sees
the gap in their numbers, and asks for the job's status.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import zmq

from backend import messages
from backend.messages import PROTOCOL
from backend.service.records import without_long_lists

MAX_FOLLOWERS = 10_000
"""Entries kept in all; the oldest go first."""
MAX_CLIENTS = 10_000
"""That have said hello; the oldest go first."""


_Topic = tuple[str, str]
"""("job", its id) or ("batch", its name)."""


@dataclass(frozen=True)
class Greeting:
    """What a client has said of itself."""

    name: str = ""
    most_impacts: int | None = None
    minor: int = PROTOCOL[1]
    """Version of the protocol that it speaks."""


class Subscriptions:
    """Clients, followers of jobs and batches, by the address that the router gave them."""

    def __init__(self, router: zmq.Socket[bytes]) -> None:
        self._router = router
        self._greetings: dict[bytes, Greeting] = {}
        self._followers: dict[_Topic, set[bytes]] = {}
        self._by_age: dict[tuple[_Topic, bytes], None] = {}

    def greeted(self, client: bytes, greeting: Greeting) -> None:
        """It has said hello."""
        self._greetings.pop(client, None)
        self._greetings[client] = greeting
        if len(self._greetings) > MAX_CLIENTS:
            del self._greetings[next(iter(self._greetings))]

    def greeting(self, client: bytes) -> Greeting:
        """What it has said; of one that never said hello, nothing is known."""
        return self._greetings.get(client, Greeting())

    def tell_all(self, message: messages.Leaving) -> None:
        """Tell every client that has said hello."""
        frames = messages.write(message)
        for client in tuple(self._greetings):
            if not self.send(client, frames):
                self._forget(client)

    def follow_job(self, client: bytes, job: str) -> None:
        """Tell this client about this job from now on."""
        self._follow(("job", job), client)

    def follow_batch(self, client: bytes, batch: str) -> None:
        """Tell this client about all jobs of this batch, those to come too."""
        self._follow(("batch", batch), client)

    def unfollow_job(self, client: bytes, job: str) -> None:
        """Tell this client no more, as far as it asked for this very job."""
        self._unfollow(("job", job), client)

    def unfollow_batch(self, client: bytes, batch: str) -> None:
        """Tell this client no more of this batch; of jobs that it asked for by themselves, as before."""
        self._unfollow(("batch", batch), client)

    def followed(self, job: str, batch: str) -> bool:
        """Whether anyone would be told."""
        return bool(self._clients(job, batch))

    def push(self, message: messages.Push | messages.Waiting, batch: str) -> None:
        """Tell everyone who follows the job or its batch."""
        frames: dict[int | None, list[bytes]] = {}
        for client in self._clients(message.job, batch):
            most = self.greeting(client).most_impacts if isinstance(message, messages.Done) else None
            if most not in frames:
                frames[most] = messages.write(_shortened(message, most))
            if not self.send(client, frames[most]):
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

    def _unfollow(self, topic: _Topic, client: bytes) -> None:
        if client in self._followers.get(topic, ()):
            self._drop(topic, client)

    def _forget(self, client: bytes) -> None:
        self._greetings.pop(client, None)
        for topic, follower in tuple(self._by_age):
            if follower == client:
                self._drop(topic, client)

    def _drop(self, topic: _Topic, client: bytes) -> None:
        del self._by_age[topic, client]
        self._followers[topic].remove(client)
        if not self._followers[topic]:
            del self._followers[topic]


def _shortened(
    message: messages.Push | messages.Waiting, most: int | None
) -> messages.Push | messages.Waiting:
    if isinstance(message, messages.Done) and most is not None:
        return msgspec.structs.replace(message, takes=without_long_lists(message.takes, most))
    return message
