"""Good requests, and the same with one field changed, each with the code by which it must be answered.

None of them is ever accepted and none ends the backend, so that a million of them leave it as it was.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any

Message = dict[str, Any]
Change = tuple[tuple[str, ...], Any, str]
"""Where, what stands there then (`GONE`: nothing), and the code of the answer."""

Way = Callable[[str, Message, random.Random], Change]

GONE: Any = object()
JOB = "no-such-job"
CUE: Message = {
    "media": "/no/such/film.mp4",
    "prompt": "boots on gravel",
    "in": "1001/24000",
    "out": "7.37",
    "layers": ["hits", "ambience"],
    "hit_list": [{"time": "1/2", "sound": "wood", "strength": 0.5, "layer": "hits"}],
    "seed": 7,
    "takes": 1,
    "handles": "1/2",
    "neural": {"steps": 20, "guided": [0.0, 1.0]},
    "loudness": -23,
    "bits": 24,
    "width": 0.5,
    "batch": "reel 1",
}
REQUESTS: dict[str, tuple[Message, str]] = {
    "hello": ({"protocol": [1, 1], "build": "1", "client": "editor", "most_impacts": 100}, "welcome"),
    "capabilities": ({}, "capabilities"),
    "submit": (
        {"job": JOB, "cue": CUE, "deliver": {"takes": ["/no/such/take.wav"], "preview": None}, "film_s": 7.3},
        "media_missing",
    ),
    "cancel": ({"job": JOB}, "job_unknown"),
    "status": ({"job": JOB}, "job_unknown"),
    "list": ({"batch": "reel 1", "states": ["done"], "limit": 5, "mine": True}, "status"),
    "find": ({"name": "nobody", "file": ""}, "status"),
    "impacts": ({"job": JOB, "take": 0, "first": 0, "limit": 10}, "job_unknown"),
    "sounds": ({}, "sounds"),
    "explain": ({"prompt": "boots on gravel", "negative": "rain"}, "explain"),
    "hear": ({"prompt": "wood", "path": "/no/such/heard.wav", "seconds": "1/2", "seed": 7}, "output_denied"),
    "subscribe": ({"jobs": [JOB]}, "job_unknown"),
    "unsubscribe": ({"jobs": [JOB], "batch": "reel 1"}, "ok"),
    "ping": ({}, "pong"),
    "shutdown": ({"mode": "drain", "replaced_by": "0.0.1+1"}, "not_replaced"),
}
"""Fields of each, and how it is answered as it stands: by a reply of that type, or an error of that code."""

WRONG = ({"a": 1}, [[1]], [None])
OBJECTS: dict[str, tuple[str, ...]] = {
    "cue": ("cue",),
    "neural": ("cue", "neural"),
    "deliver": ("deliver",),
    "hit_list": ("cue", "hit_list", "0"),
}
REQUIRED = {
    "hello": ["protocol"],
    "cancel": ["job"],
    "impacts": ["job"],
    "explain": ["prompt"],
    "hear": ["prompt", "path"],
    "submit": ["job", "cue", "deliver", "cue.media", "deliver.takes", "cue.hit_list.0.time"],
}
OUT_OF_RANGE: list[Change] = [
    (("job",), "a/b", "bad_request"),
    (("cue", "media"), "", "bad_cue"),
    (("cue", "media"), "film.mp4", "bad_cue"),
    (("cue", "prompt"), "x" * 2_001, "bad_prompt"),
    (("cue", "prompt"), "steps\x07", "bad_prompt"),
    (("cue", "in"), "-1/3", "bad_range"),
    (("cue", "in"), "7.37", "bad_range"),
    (("cue", "out"), "1/24001", "bad_range"),
    (("cue", "handles"), "60.001", "bad_range"),
    (("cue", "in"), "1/0", "bad_request"),
    (("cue", "layers"), [], "bad_cue"),
    (("cue", "layers"), ["ambience"], "bad_cue"),
    (("cue", "layers"), ["music"], "bad_request"),
    (("cue", "hits"), ["1/2"], "bad_cue"),
    (("cue", "hit_list", "0", "strength"), 1.01, "bad_cue"),
    (("cue", "seed"), 2**32, "bad_cue"),
    (("cue", "takes"), 0, "bad_cue"),
    (("cue", "takes"), 2, "output_denied"),
    (("cue", "loudness"), -4.9, "bad_cue"),
    (("cue", "bits"), 20, "bad_request"),
    (("cue", "width"), 1.01, "bad_cue"),
    (("cue", "mono"), True, "bad_cue"),
    (("cue", "neural", "steps"), 0, "bad_cue"),
    (("cue", "batch"), "b" * 201, "bad_cue"),
    (("deliver", "takes"), [], "output_denied"),
    (("deliver", "takes"), ["take.wav"], "output_denied"),
    (("deliver", "takes"), ["/no/such/take.mp3"], "bad_output"),
    (("deliver", "preview"), "/no/such/take.wav", "output_denied"),
    (("deliver", "made"), "2026-02-30T00:00:00", "bad_request"),
]
OF_OTHERS: dict[str, list[Change]] = {
    "hello": [(("protocol",), [2, 0], "protocol_mismatch"), (("protocol",), [1], "bad_request")],
    "explain": [(("prompt",), "x" * 2_001, "bad_prompt"), (("negative",), "steps\x07", "bad_prompt")],
    "hear": [
        (("path",), "heard.wav", "output_denied"),
        (("path",), "/no/such/heard.mp3", "bad_output"),
        (("seconds",), "30.001", "bad_cue"),
        (("seed",), 2**32, "bad_cue"),
    ],
    "list": [(("states",), ["lost"], "bad_request"), (("before",), JOB, "job_unknown")],
    "shutdown": [(("mode",), "later", "bad_request")],
    "subscribe": [(("jobs",), ["j"] * 1_001, "bad_request")],
    "submit": OUT_OF_RANGE,
}


def whole(kind: str) -> Message:
    """The request as it should be."""
    return {"type": kind, "id": "7", **copy.deepcopy(REQUESTS[kind][0])}


def changed(rng: random.Random) -> tuple[Message, str]:
    """A request with one field changed, and how it must be answered: by that code, or that type."""
    kind = "submit" if rng.random() < 0.5 else rng.choice(list(REQUESTS))
    ways: list[Way] = [_misspelt, _of_a_wrong_kind]
    ways += [_without] if kind in REQUIRED else []
    ways += [_out_of_range] * 2 if kind in OF_OTHERS else []
    message = whole(kind)
    place, value, code = rng.choice(ways)(kind, message, rng)
    put(message, place, value)
    return message, code


def put(message: Message, place: tuple[str, ...], value: Any) -> None:
    """Change the field at `place`."""
    at: Any = message
    for step in place[:-1]:
        at = at[int(step)] if isinstance(at, list) else at[step]
    if value is GONE:
        del at[place[-1]]
    else:
        at[place[-1]] = value


def _misspelt(kind: str, message: Message, rng: random.Random) -> Change:
    inside = rng.choice([(), *OBJECTS.values()]) if kind == "submit" else ()
    name = rng.choice(["promtp", "stepz", "takez", "", "jobb", "é", "x" * 300, "__class__"])
    of_hello = kind == "hello"  # which a newer client may say more in
    code = "welcome" if of_hello else "bad_cue" if inside[:1] == ("cue",) else "bad_request"
    return (*inside, name), rng.choice([1, None, "x", [], {"prompt": {}}]), code


def _of_a_wrong_kind(kind: str, message: Message, rng: random.Random) -> Change:
    places = [(name,) for name in message]
    places += [(*OBJECTS[part], name) for part in OBJECTS if kind == "submit" for name in _at(message, part)]
    place = rng.choice(places)
    unknown = place in (*OBJECTS.values(), ("cue", "hit_list"))  # else a field in it that nobody knows
    return place, [None] if unknown else rng.choice(WRONG), "bad_request"


def _at(message: Message, part: str) -> list[str]:
    at: Any = message
    for step in OBJECTS[part]:
        at = at[int(step)] if isinstance(at, list) else at[step]
    return list(at)


def _without(kind: str, message: Message, rng: random.Random) -> Change:
    return tuple(rng.choice(REQUIRED[kind]).split(".")), GONE, "bad_request"


def _out_of_range(kind: str, message: Message, rng: random.Random) -> Change:
    return rng.choice(OF_OTHERS[kind])
