"""The golden messages against the code: none is missing, and what would break a client is told from what not.

Where a message of the protocol gets a field, or a new one comes, these fail until it is in a golden file of
the newest version; see docs/development.md.
"""

from __future__ import annotations

import copy
import types
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Union, get_args, get_origin

import msgspec
import pytest

from backend import errors as service_errors
from backend.messages import (
    PROTOCOL,
    AnyPush,
    AnyReply,
    AnyRequest,
    Done,
    ImpactList,
    JobInfo,
    pushes,
    read_request,
    replies,
    requests,
    sounds,
)
from foley_core import errors as core_errors
from foley_core.errors import FoleyError
from foley_core.take import SoundedImpact, Take
from tests.backend.golden import NEWEST, VERSIONS, Message, differences, golden, names, spoken
from tests.boundaries.sources import ROOT

Struct = type[msgspec.Struct]
FOLDERS = {
    "requests": AnyRequest,
    "failed": AnyRequest,
    "refused": AnyRequest,
    "replies": AnyReply,
    "pushes": AnyPush,
}
KINDS: dict[str, dict[str, Struct]] = {
    folder: {str(kind.__struct_config__.tag): kind for kind in get_args(union)}
    for folder, union in FOLDERS.items()
}
RECORDS: dict[tuple[Struct, str], Any] = {
    (Done, "takes"): list[Take],
    (JobInfo, "takes"): list[Take],
    (ImpactList, "impacts"): list[SoundedImpact],
}
"""What is carried as it came from the worker."""
NOT_OF_THE_STRUCT = {(Take, "impacts_left_out"), (Take, "hits_left_out")}
NEVER_MORE_THAN_NULL = {"AlignmentSummary.within_ms"}
"""Told of an engine that does not say where its hits lie, and of many impacts: too long a film for here."""
NOT_PROVOKED = {
    "disk_full", "internal", "job_unreadable", "state_unusable", "worker_hung", "worker_unavailable",
    "model_unreadable", "out_of_memory", "cancelled",
}  # fmt: skip
"""Codes that only a broken machine gives; other tests do, where it can be done."""
NOT_OF_THE_WIRE = {
    "backend_absent", "backend_refused", "backend_unreachable", "licence_not_accepted", "models_busy",
    "output_exists", "pull_failed", "record_unreadable", "bad_time", "usage", "interrupted",
}  # fmt: skip
"""Codes of clients and of the command line. A time that cannot be read is a `bad_request` there."""


def structs_of_the_protocol() -> set[Struct]:
    """Every message, and every object in one."""
    return {
        kind
        for module in (requests, replies, pushes, sounds)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct)
        and kind.__module__ == module.__name__ and not kind.__subclasses__()
    }  # fmt: skip


def newest() -> Iterator[tuple[str, Message]]:
    """The messages of the newest version that are read and written as structs, each with its folder."""
    for folder in ("requests", "replies", "pushes"):
        for name in names(NEWEST, folder):
            yield folder, golden(NEWEST, f"{folder}/{name}")
    yield "requests", golden(NEWEST, "refused/not_replaced")  # nothing is wrong in it itself


def look(kind: Any, value: Any, found: dict[Struct, set[str]], strange: list[str]) -> None:
    """Note the fields of every struct in a message, and those that no struct has."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        fields = {field.encode_name: field.type for field in msgspec.structs.fields(kind)}
        for name, part in value.items() if isinstance(value, dict) else ():
            if name in fields:
                found[kind] |= {name} if part is not None else set()
                look(RECORDS.get((kind, name), fields[name]), part, found, strange)
            elif name != kind.__struct_config__.tag_field and (kind, name) not in NOT_OF_THE_STRUCT:
                strange.append(f"{kind.__name__}.{name}")
    elif get_origin(kind) in (Union, types.UnionType):
        for part in get_args(kind):
            look(part, value, found, strange)
    elif isinstance(value, list | dict):
        for part in get_args(kind):
            for one in value.values() if isinstance(value, dict) else value:
                look(part, one, found, strange)


def looked() -> tuple[dict[Struct, set[str]], list[str]]:
    """The fields of each struct that golden messages of the newest version set, and those that none has."""
    found, strange = defaultdict[Struct, set[str]](set), list[str]()
    for folder, message in newest():
        kind = KINDS[folder][message["type"]]
        found[kind] |= set()
        look(kind, message, found, strange)
    return found, strange


def test_the_newest_version_is_the_one_that_is_spoken():
    assert f"{PROTOCOL[0]}.{PROTOCOL[1]}" == NEWEST


def test_every_message_of_the_protocol_and_every_object_in_one_is_in_a_golden_message():
    found, _strange = looked()
    assert {kind.__name__ for kind in structs_of_the_protocol() - set(found)} == set()


def test_every_field_is_set_in_a_golden_message():
    found, _strange = looked()
    unset = {
        f"{kind.__name__}.{field.encode_name}"
        for kind, known in found.items()
        for field in msgspec.structs.fields(kind)
        if field.encode_name not in known
    }
    assert unset == NEVER_MORE_THAN_NULL


def test_no_golden_message_has_a_field_that_is_not_of_the_protocol():
    assert looked()[1] == []


def test_every_request_is_there_with_all_that_it_must_have_and_no_more():
    least = defaultdict[str, list[set[str]]](list)
    for folder, message in newest():
        if folder == "requests":
            least[message["type"]].append(set(message) - {"type"})
    for tag, kind in KINDS["requests"].items():
        required = {field.encode_name for field in msgspec.structs.fields(kind) if field.required}
        assert required in least[tag], tag


@pytest.mark.parametrize("version", VERSIONS)
def test_every_request_has_its_reply(version):
    assert set(names(version, "replies")) == {*names(version, "requests"), "submit-again"}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("folder", FOLDERS)
def test_a_golden_message_is_read_as_what_it_is(version, folder):
    for name in names(version, folder):
        body = spoken(version, f"{folder}/{name}", ROOT)
        if folder in ("requests", "failed"):
            assert read_request(body).id == name
        elif folder != "refused":
            assert msgspec.json.decode(body, type=FOLDERS[folder])


def test_every_code_is_provoked_or_named_as_one_that_is_not():
    codes = {
        kind.code
        for module in (service_errors, core_errors)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, FoleyError)
    }
    provoked = {name.partition("-")[0] for folder in ("refused", "failed") for name in names(NEWEST, folder)}
    assert codes - provoked == NOT_PROVOKED | NOT_OF_THE_WIRE


KEPT: Message = {
    "type": "status",
    "jobs": [{"id": "j", "seed": 7, "state": "done", "progress": 1.0, "error": None, "takes": ["a", "b"]}],
    "protocol": [1, 1],
    "limits": {"takes": 32},
    "workers": [{"pid": 5, "engines": ["hunyuan", "procedural"]}],
    "fields": {"cue": {"out": {"type": "time or null"}}},
}


def changed(place: tuple[str | int, ...], value: Any) -> Message:
    """The message with one thing put there, or taken away."""
    message = copy.deepcopy(KEPT)
    *steps, last = place
    at: Any = message
    for step in steps:
        at = at[step]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return message


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("jobs",), ...),
        (("jobs", 0, "seed"), ...),
        (("jobs", 0, "seed"), "7"),
        (("jobs", 0, "seed"), 7.0),
        (("jobs", 0, "seed"), 8),
        (("jobs", 0, "progress"), 1),
        (("jobs", 0, "progress"), True),
        (("jobs", 0, "error"), ""),
        (("jobs", 0, "state"), None),
        (("jobs", 0, "state"), "ready"),
        (("jobs", 0, "takes"), ["b", "a"]),
        (("jobs", 0, "takes"), ["a", "b", "c"]),
        (("jobs", 0, "takes"), "ab"),
        (("workers", 0, "pid"), "5"),
        (("workers", 0, "pid"), None),
        (("workers", 0, "engines"), ["procedural"]),
        (("protocol",), [1, 0]),
        (("protocol",), [2, 1]),
        (("limits", "takes"), 16),
        (("fields", "cue", "out", "type"), "time"),
    ],
)
def test_what_would_break_a_client_is_told(place, value):
    assert differences(KEPT, changed(place, value), "reply") != []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("more",), True),
        (("jobs", 0, "rating"), None),
        (("workers", 0, "pid"), 6),
        (("workers", 0, "engines"), ["another", "procedural", "hunyuan"]),
        (("protocol",), [1, 2]),
        (("limits", "takes"), 64),
        (("fields", "cue", "out", "type"), "time or frame or null"),
    ],
)
def test_what_a_minor_version_may_bring_passes(place, value):
    assert differences(KEPT, changed(place, value), "reply") == []
