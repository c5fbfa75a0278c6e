"""Reading what clients sent: the request that is in a message, or the error that says what is wrong with it.

Guarantees that a field which no version knows is refused by its name, so that a slip of the pen is told and
not passed over. Reading costs no more than the message is long. It looks at names and kinds; whether values
make sense is told where they are used.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any, get_args

import msgspec

from backend import messages
from backend.errors import BadRequest, ProtocolMismatch, RequestTooLong
from backend.messages import MAGIC, MAX_MESSAGE, PROTOCOL
from foley_core.cue import Cue, WantedHit
from foley_core.errors import CueError
from foley_core.neural_settings import NeuralSettings

_KINDS: dict[str, type[msgspec.Struct]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(messages.AnyRequest)
}
NESTED: dict[tuple[type[msgspec.Struct], str], type[msgspec.Struct]] = {
    (messages.Submit, "cue"): Cue,
    (messages.Submit, "deliver"): messages.Deliver,
    (Cue, "neural"): NeuralSettings,
    (Cue, "hit_list"): WantedHit,
}
"""Fields that hold an object, or a list of some, with fields of their own."""
_OF_THE_CUE = (Cue, NeuralSettings, WantedHit)
_UNREADABLE = (msgspec.MsgspecError, ValueError, RecursionError)
_ID = re.compile(rb'"id"\s*:\s*("(?:[^"\\]|\\.){0,200}")', re.DOTALL)
_STRICT_SINCE = 1
"""Minor version."""
_SHOWN = 80
"""Letters of a name that nobody knows."""


def read(frames: list[bytes], minor: int = PROTOCOL[1]) -> messages.AnyRequest:
    """The request in these frames; raises the `FoleyError` that says why there is none.

    `minor` is the version that the client speaks: 1.0 promised that unknown fields are passed over.
    """
    length = sum(map(len, frames))
    if length > MAX_MESSAGE:
        raise RequestTooLong(
            f"The request has {length} bytes, and at most {MAX_MESSAGE} are read.", "Ask for less at once."
        )
    if not frames or frames[0] != MAGIC:
        raise mismatch("The message does not begin as one of ours does")
    if len(frames) != 2:
        raise BadRequest(f"A message has 2 frames, this one has {len(frames)}.", "See docs/protocol.md.")
    try:
        _check_names(msgspec.json.decode(frames[1]), minor)
        return messages.read_request(frames[1])
    except _UNREADABLE as error:
        raise BadRequest(
            f"The message cannot be read: {str(error)[:300]}.", "See docs/messages.md."
        ) from error


def mismatch(what: str) -> ProtocolMismatch:
    """What is said to a client that speaks otherwise."""
    spoken = f"{MAGIC.decode()}, protocol {PROTOCOL[0]}.{PROTOCOL[1]}"
    return ProtocolMismatch(f"{what}; this backend speaks {spoken}.", "Update the older of the two.")


def id_in(frames: list[bytes]) -> str:
    """The request's id, as far as one can be found in what came, whole or not; else empty."""
    if len(frames) == 2 and len(frames[1]) <= MAX_MESSAGE:
        try:
            return msgspec.json.decode(frames[1], type=_Identified).id
        except _UNREADABLE:
            pass
    found = filter(None, map(_ID.search, frames[:3]))
    for match in found:
        try:
            return msgspec.json.decode(match[1], type=str)
        except _UNREADABLE:
            continue
    return ""


class _Identified(msgspec.Struct):
    id: str = ""


def _check_names(request: Any, minor: int) -> None:
    if not isinstance(request, dict):
        return
    named = request.get("type")
    kind = _KINDS.get(named) if isinstance(named, str) else None
    if kind is None:
        raise _no_request(named)
    if kind is not messages.Hello and minor >= _STRICT_SINCE:  # a newer client's hello may say more
        _check_fields(kind, request, "")


def _check_fields(kind: type[msgspec.Struct], given: Any, place: str) -> None:
    """Raise where an object has a field that `kind` has not; of what is none, the decoder will say so."""
    for one in given if isinstance(given, list) else [given]:
        for name, value in one.items() if isinstance(one, dict) else ():
            if name not in kind.__struct_encode_fields__ and (place or name != "type"):
                raise _unknown(kind, name, place)
            if (kind, name) in NESTED:
                _check_fields(NESTED[kind, name], value, f"{place}{name}.")


def _no_request(named: Any) -> BadRequest:
    text = named if isinstance(named, str) else ""
    near = get_close_matches(text[:_SHOWN], _KINDS, n=1)
    hint = f"Is {near[0]!r} meant?" if near else f"Known: {', '.join(sorted(_KINDS))}."
    what = (
        f"Nobody knows the request {text[:_SHOWN]!r}." if text else "The message names no request in 'type'."
    )
    return BadRequest(what, hint)


def _unknown(kind: type[msgspec.Struct], name: str, place: str) -> CueError | BadRequest:
    known = kind.__struct_encode_fields__
    near = get_close_matches(name[:_SHOWN], known, n=1)
    hint = f"Is {place + near[0]!r} meant?" if near else f"Known there: {', '.join(sorted(known))}."
    error = CueError if kind in _OF_THE_CUE else BadRequest
    return error(f"Nobody knows the field {place + name[:_SHOWN]!r}.", hint)
