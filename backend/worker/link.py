"""What broker and worker say to each other, both directions; JSON over a socket of their own.

Neither side waits for the other: the broker sends and looks again at its next round, the worker looks for
news between two blocks of sound. How both ends of the socket are opened stands here too.
"""

from __future__ import annotations

from typing import Any

import msgspec
import zmq

from backend.messages import Cost, Deliver, Error, Explanation, Fault, Heard, Question, SoundList
from backend.worker.memory import Memory
from foley_core.cue import Cue, decode_hook, encode


class Secrets(msgspec.Struct, frozen=True, kw_only=True):
    """First line on the worker's standard input: secrets on a command line could be read by others."""

    endpoint: str
    server_key: str
    worker_key: str
    worker_secret: str


class Order(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=str.lower):
    """Base of what the broker says."""


class Run(Order, frozen=True, kw_only=True):
    """Make the takes of this job. The cue's seed is filled in."""

    job: str
    cue: Cue
    deliver: Deliver
    without_preview: bool = False
    """Workers died over it: the takes are delivered without."""


class CancelJob(Order, frozen=True, kw_only=True):
    """Leave off this job, if it is the one that runs."""

    job: str


class Prepare(Order, frozen=True, kw_only=True):
    """Load this engine, so that the first job need not wait for it."""

    engine: str


class Ask(Order, frozen=True, kw_only=True):
    """Answer this, now or between two blocks of sound."""

    number: int
    request: Question


class Stop(Order, frozen=True, kw_only=True):
    """Leave off whatever runs, clear up, and end."""


class News(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=str.lower):
    """Base of what the worker says."""


class Ready(News, frozen=True, kw_only=True):
    """Everything is imported; a job can come."""

    pid: int
    engines: list[str]
    """Names of all that can be found."""
    build: str = ""
    """Which sources it is made of: see `backend.build.sources`."""


class Prepared(News, frozen=True, kw_only=True):
    """The engine is loaded, or cannot be, which the first job that wants it will tell."""


class EngineInUse(News, frozen=True, kw_only=True):
    """This engine is loaded, and the job goes on with it."""

    job: str
    """Empty where it was only prepared."""
    engine: str
    device: str
    version: str = ""


class JobProgress(News, frozen=True, kw_only=True):
    """The job goes on; also the sign of life that hangs are told by."""

    job: str
    stage: str
    take: int
    progress: float


class JobCost(News, frozen=True, kw_only=True):
    """The job ends now, well or not; this is what it took."""

    job: str
    cost: Cost
    memory: Memory


class JobDone(News, frozen=True, kw_only=True):
    """Everything lies where it was asked for."""

    job: str
    takes: list[dict[str, Any]]
    preview: str | None = None
    report: str | None = None


class JobFailed(News, frozen=True, kw_only=True):
    """Nothing was delivered, and the worker lives on."""

    job: str
    error: Fault


class JobCancelled(News, frozen=True, kw_only=True):
    """Nothing was delivered, as was asked."""

    job: str


class Answered(News, frozen=True, kw_only=True):
    """What was asked, by its number, has this reply."""

    number: int
    reply: SoundList | Explanation | Heard | Error


AnyOrder = Run | CancelJob | Prepare | Ask | Stop
AnyJobNews = EngineInUse | JobProgress | JobCost | JobDone | JobFailed | JobCancelled
AnyNews = Ready | Prepared | Answered | AnyJobNews

_orders: msgspec.json.Decoder[Any] = msgspec.json.Decoder(AnyOrder, dec_hook=decode_hook)
_news: msgspec.json.Decoder[Any] = msgspec.json.Decoder(AnyNews, dec_hook=decode_hook)


def read_order(body: bytes) -> AnyOrder:
    """Decode what the broker said."""
    order: AnyOrder = _orders.decode(body)
    return order


def read_news(body: bytes) -> AnyNews:
    """Decode what the worker said."""
    news: AnyNews = _news.decode(body)
    return news


def write(message: Order | News) -> bytes:
    """The one frame of a message."""
    return encode(message)


def keys() -> tuple[str, str]:
    """A new key pair, public and secret, in Z85."""
    public, secret = zmq.curve_keypair()
    return public.decode(), secret.decode()


def worker_end(context: zmq.Context[zmq.Socket[bytes]], secrets: Secrets) -> zmq.Socket[bytes]:
    """The worker's socket."""
    socket = context.socket(zmq.DEALER)
    socket.linger = 2000
    socket.curve_serverkey = secrets.server_key.encode()
    socket.curve_publickey = secrets.worker_key.encode()
    socket.curve_secretkey = secrets.worker_secret.encode()
    socket.connect(secrets.endpoint)
    return socket
