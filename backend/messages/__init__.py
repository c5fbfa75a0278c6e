"""The wire protocol, version 1: every message as a struct, both directions.

A message is two frames: `FOLEY1` (the major version) and a JSON object with `type`. A request carries `id`;
its one reply carries that as `re`. Pushes carry `job` and, but for `waiting`, `seq`, which counts up from 1
per job; a client that sees a gap asks `status`. Guarantees that what older clients send is read as ever.
Clients ignore fields that they do not know, since minor versions may add some; the backend refuses them, but
in `hello`. Knows nothing of what becomes of a message. `docs/protocol.md` tells the whole story, and
`docs/messages.md`, which is made of the docstrings here, each message. Begin with `requests.py`.
"""

from __future__ import annotations

from typing import Any

import msgspec

from backend.messages.pushes import (
    AnyPush,
    Cancelled,
    Done,
    Failed,
    Leaving,
    Progress,
    Push,
    Waiting,
)
from backend.messages.replies import (
    Abilities,
    Accepted,
    AnyReply,
    BrokerInfo,
    Cost,
    EngineInfo,
    Error,
    Explanation,
    Fault,
    FieldInfo,
    Heard,
    ImpactList,
    JobInfo,
    Limits,
    Ok,
    Outputs,
    Pong,
    Reply,
    Report,
    SoundList,
    Welcome,
    WorkerInfo,
)
from backend.messages.requests import (
    ENDED,
    AnsweredAtOnce,
    AnyRequest,
    Cancel,
    Capabilities,
    Deliver,
    Explain,
    Find,
    Hear,
    Hello,
    Impacts,
    JobState,
    List,
    Ping,
    Question,
    Request,
    Shutdown,
    Sounds,
    Status,
    Submit,
    Subscribe,
    Unsubscribe,
)
from backend.messages.sounds import PlayedInfo, SoundInfo, SpaceInfo, WordInfo, WordsInfo
from foley_core.cue import decode_hook, encode

__all__ = [
    "ENDED",
    "MAGIC",
    "MAX_MESSAGE",
    "PROTOCOL",
    "Abilities",
    "Accepted",
    "AnsweredAtOnce",
    "AnyPush",
    "AnyReply",
    "AnyRequest",
    "BrokerInfo",
    "Cancel",
    "Cancelled",
    "Capabilities",
    "Cost",
    "Deliver",
    "Done",
    "EngineInfo",
    "Error",
    "Explain",
    "Explanation",
    "Failed",
    "Fault",
    "FieldInfo",
    "Find",
    "Hear",
    "Heard",
    "Hello",
    "ImpactList",
    "Impacts",
    "JobInfo",
    "JobState",
    "Leaving",
    "Limits",
    "List",
    "Ok",
    "Outputs",
    "Ping",
    "PlayedInfo",
    "Pong",
    "Progress",
    "Push",
    "Question",
    "Reply",
    "Report",
    "Request",
    "Shutdown",
    "SoundInfo",
    "SoundList",
    "Sounds",
    "SpaceInfo",
    "Status",
    "Submit",
    "Subscribe",
    "Unsubscribe",
    "Waiting",
    "Welcome",
    "WordInfo",
    "WordsInfo",
    "WorkerInfo",
    "read_request",
    "write",
]

PROTOCOL = (1, 2)
MAGIC = b"FOLEY1"
MAX_MESSAGE = 1 << 20
"""Bytes of a request; a longer one is answered by `request_too_long`."""

_requests: msgspec.json.Decoder[Any] = msgspec.json.Decoder(AnyRequest, dec_hook=decode_hook)


def read_request(body: bytes) -> AnyRequest:
    """Decode what a client sent; `msgspec.DecodeError` says what is wrong and where."""
    request: AnyRequest = _requests.decode(body)
    return request


def write(message: Request | Reply | Push | Waiting | Leaving) -> list[bytes]:
    """The frames of a message."""
    return [MAGIC, encode(message)]
