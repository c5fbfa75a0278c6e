"""Golden messages: where they are kept, how one is spoken, and whether what is heard today is still like it.

`tests/data/wire` has a folder for each version of the protocol: `requests`, each with the reply of its name
in `replies`; `pushes`; `refused`, requests that are answered by the error they are named after; `failed`,
submits of jobs that end with it; `published`, what clients read before they connect. Each file is one message
as it is on the wire, but that `/golden/` stands for the test's folder.

Guarantees that what is heard has every field of the golden message, each with the same kind of value and,
unless it is named here, the same value. Fields may come, lists that are named here may grow, limits may rise.
"""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from tests.boundaries.sources import ROOT

Message = dict[str, Any]

WIRE = ROOT / "tests" / "data" / "wire"
VERSIONS = sorted(
    (folder.name for folder in WIRE.iterdir() if folder.is_dir()),
    key=lambda name: [*map(int, name.split("."))],
)
NEWEST = VERSIONS[-1]
PLACE = "/golden/"

VARIES = (
    "*.pid", "*.build", "*.instance", "*.uptime", "*.created", "*.started", "*.finished", "*.cost.*",
    "*.short", "*.seq", "*.wait_s",
    "*.workers.*.memory", "*.workers.*.device", "*.workers.*.cues", "*.engines.*.version",
    "*.endpoint", "*_key", "*_secret", "*.command.*", "*.message", "*.hint", "*.why",
    "progress-*.take", "progress-*.progress", "status-running.jobs.*.progress", "list*.jobs.*.progress",
    "submit-least.seed", "submit-command-line.seed", "status.*.seed", "list-*.seed",
    "*.engine_version", "*.lufs", "*.true_peak", "*.gain_db", "*.limited_db", "*.limited_share",
    "*.decoded_frames", "*.cached",
    "*.notes", "*.remarks", "*.alignment.told", "*.alignment.moved", "*.alignment.*_ms",
    "*.alignment.unmatched_*",
    "*.impacts.*.sound", "*.impacts.*.sample", "*.impacts.*.strength", "*.impacts.*.x", "*.impacts.*.y",
    "*.impacts.*.*_ms", "*.impacts.*.confidence", "status*.impacts.*.time", "status*.impacts.*.time_exact",
    "explain*.effect", "explain*.why", "sounds.*.effect",
)  # fmt: skip
"""Places of values that differ from run to run, are for people, or get better: only their kind is held, and
where there was none, nothing is."""
SEEN = ("status.*.impacts", "status-kept.*.impacts")
"""Lists of what is seen in the picture, however much that is; there was something."""
GROWS = (
    "*.engines", "*.limits.layers", "*.outputs.*", "sounds.sounds", "sounds.modifiers", "sounds.shoes",
    "sounds.spaces", "sounds.*.words",
)  # fmt: skip
"""Lists in which more may come, in any order."""
RISES = ("*.protocol.1", "*.limits.*")
"""Numbers that may only rise."""
IN_WORDS = ("*.fields.*.*.type",)
"""Types in words: more may be allowed than was."""


def golden(version: str, name: str) -> Message:
    """The message kept as `name`, such as `replies/status`."""
    message: Message = json.loads((WIRE / version / f"{name}.json").read_text(encoding="utf-8"))
    return message


def names(version: str, folder: str) -> list[str]:
    """The messages that a version has of a kind."""
    return sorted(path.stem for path in (WIRE / version / folder).glob("*.json"))


def spoken(version: str, name: str, folder: Path) -> bytes:
    """The bytes of a message, about files in `folder`."""
    body = (WIRE / version / f"{name}.json").read_bytes()
    return body.replace(PLACE.encode(), json.dumps(f"{folder.as_posix()}/")[1:-1].encode())


def heard(message: Any, folder: Path) -> Any:
    """A message that was heard, as if its files lay where golden ones do."""
    text = json.dumps(message, ensure_ascii=False)
    return json.loads(text.replace(json.dumps(f"{folder.as_posix()}/", ensure_ascii=False)[1:-1], PLACE))


def differences(kept: Any, now: Any, place: str) -> list[str]:
    """What a client that knows the message as it was kept would miss in the one there is now."""
    varies = _is(place, VARIES)
    if _kind(kept) != _kind(now) and not (varies and kept is None):
        return [f"{place} was {_kind(kept)} and is {_kind(now)}: {now!r}"]
    if varies:
        return []
    if isinstance(kept, dict):
        gone = [f"{place}.{name} is gone" for name in kept if name not in now]
        both = (differences(kept[name], now[name], f"{place}.{name}") for name in kept if name in now)
        return gone + [found for each in both for found in each]
    if isinstance(kept, list):
        return _in_lists(kept, now, place)
    if _is(place, RISES) and now >= kept:
        return []
    if _is(place, IN_WORDS) and set(kept.split()) <= set(now.split()):
        return []
    return [] if kept == now else [f"{place} was {kept!r} and is {now!r}"]


def _in_lists(kept: list[Any], now: list[Any], place: str) -> list[str]:
    if _is(place, GROWS):
        there = (any(not differences(one, other, f"{place}.0") for other in now) for one in kept)
        return [
            f"{place} has no {one!r} any more" for one, found in zip(kept, there, strict=True) if not found
        ]
    if _is(place, SEEN) and now:
        kept = kept[:1] * len(now)
    if len(kept) != len(now):
        return [f"{place} had {len(kept)} entries and has {len(now)}"]
    both = (differences(*pair, f"{place}.{at}") for at, pair in enumerate(zip(kept, now, strict=True)))
    return [found for each in both for found in each]


def _kind(value: Any) -> str:
    kinds = {
        bool: "a truth",
        int: "a whole number",
        float: "a number",
        str: "a text",
        list: "a list",
        dict: "an object",
    }
    return kinds.get(type(value), "null")


def _is(place: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(place, pattern) for pattern in patterns)
