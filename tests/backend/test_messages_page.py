"""`docs/messages.md` against the code: messages, fields, limits, examples and codes of errors."""

from __future__ import annotations

import ast
import json
import re
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from backend import messages
from backend.messages import MAGIC, Deliver
from backend.service.fields import fields_of
from backend.service.jobs import KEEP_JOBS, KEEP_SECONDS
from backend.service.reading import read
from foley_core.cue import Cue, WantedHit, decode_hook
from foley_core.errors import FoleyError, Told
from foley_core.neural_settings import NeuralSettings
from foley_core.take import Take
from tests.backend import message_examples, messages_page
from tests.backend.message_limits import LIMITS_OF, number
from tests.boundaries.sources import ROOT, files, tree

PAGE = messages_page.PAGE.read_text(encoding="utf-8")
PROTOCOL = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
REQUESTS = get_args(messages.AnyRequest)
SENT = [*REQUESTS, *messages_page.SENT.values()]
TOLD = [*get_args(messages.AnyReply), *get_args(messages.AnyPush), *messages_page.TOLD.values()]
INSIDE = {
    Cue: ("cue",),
    Deliver: ("deliver",),
    NeuralSettings: ("cue", "neural"),
    WantedHit: ("cue", "hit_list", 0),
}
"""Where an object stands in a submit."""


def test_the_page_says_what_the_code_says() -> None:
    assert messages_page.page() == PAGE, "write it anew: python -m tests.backend.messages_page"


@pytest.mark.parametrize("struct", SENT + TOLD, ids=lambda struct: struct.__name__)
def test_every_field_is_explained_where_it_is_defined(struct: type[msgspec.Struct]) -> None:
    told = messages_page.meanings(struct)
    assert [name for name in struct.__struct_fields__ if len(told.get(name, "")) < 4] == []


def test_the_page_is_found_from_the_readme_and_from_the_page_before_it() -> None:
    assert "(docs/messages.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "(messages.md)" in PROTOCOL


def test_the_protocol_says_how_long_jobs_are_kept() -> None:
    told = " ".join(PROTOCOL.partition("### How long jobs are kept")[2].split())
    assert f"more than {number(int(KEEP_SECONDS / 86_400))} days before" in told
    assert f"all but the newest {number(KEEP_JOBS)}" in told


def examples(kind: str) -> dict[str, dict[str, Any]]:
    """The page's own examples of requests, replies or pushes, by their types."""
    found = re.findall(rf"^### {kind} `(\w+)`\n.*?```json\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL)
    return {name: json.loads(text) for name, text in found}


def answered_by(name: str) -> str:
    """The reply that the page promises for a request."""
    return re.split(r"Answered by \[`(\w+)`\]", PAGE.split(f"### Request `{name}`\n")[1])[1]


def test_every_request_of_the_page_can_be_read() -> None:
    found = examples("Request")
    assert list(found) == [str(kind.__struct_config__.tag) for kind in REQUESTS]
    for kind, message in zip(REQUESTS, found.values(), strict=True):
        assert type(read([MAGIC, json.dumps(message).encode()])) is kind


@pytest.mark.parametrize(("kind", "union"), [("Reply", messages.AnyReply), ("Push", messages.AnyPush)])
def test_every_reply_and_push_of_the_page_is_one_of_ours(kind: str, union: Any) -> None:
    found = examples(kind)
    assert list(found) == [str(one.__struct_config__.tag) for one in get_args(union)]
    for one, message in zip(get_args(union), found.values(), strict=True):
        assert type(msgspec.convert(message, union)) is one


def test_the_take_of_the_page_is_one_whose_numbers_agree() -> None:
    (record,) = examples("Push")["done"]["takes"]
    take = msgspec.convert(record, Take)
    cue = msgspec.convert(record["cue"], Cue, dec_hook=decode_hook)
    assert cue.out_point is not None
    assert take.start_time == cue.in_point - cue.handles
    assert take.samples - take.head - take.tail == (cue.out_point - cue.in_point) * take.sample_rate
    assert [hit.time for hit in cue.hit_list or ()] == [
        take.start_time + Fraction(impact.sample or 0, take.sample_rate) for impact in take.impacts
    ]


def test_the_requests_of_the_page_are_answered_as_it_says(client: Any, film: Path, tmp_path: Path) -> None:
    """One after the other, over a film that is there; all but the one that ends the backend."""
    told = examples("Request")
    told["submit"]["cue"] |= {"media": str(film), "in": "0", "out": "1/2", "engine": "faulty", "hit_list": []}
    told["hear"]["path"] = str(tmp_path / "rain.wav")
    told["submit"]["deliver"] |= {"takes": [str(tmp_path / "take.wav")], "preview": None}
    job = told["submit"]["job"]
    client.submit(film, tmp_path / "next.wav", job=message_examples.NEXT_JOB)
    for name, message in told.items():
        if name == "impacts":
            client.wait_until(job, "done")
        if name == "shutdown":
            continue
        client.send(MAGIC, json.dumps(message).encode())
        reply = client.receive()
        while reply is not None and "re" not in reply:
            reply = client.receive()
        assert reply["type"] == answered_by(name), reply


def test_what_clients_send_has_limits_that_are_told_or_none() -> None:
    plain = ("string", "integer", "number", "time", "local time")
    asked_for = set()
    for struct in SENT:
        for name, info in fields_of(struct, messages_page.NAMES).items():
            words = re.sub(r" or null$", "", info.type)
            if name != "id" and (words in plain or words.startswith("list of")):
                asked_for.add((struct, name))
    assert asked_for == set(LIMITS_OF)


def nobody(struct: type[msgspec.Struct]) -> dict[str, Any]:
    """The job of a request that is about one, as one that is not there; the file of one that writes it."""
    if struct is messages.Hear:
        return {"path": str(Path(tempfile.gettempdir(), "foley-limits.wav"))}
    return {"job": "nobody"} if "job" in struct.__struct_fields__ else {}


def message_with(struct: type[msgspec.Struct], name: str, value: Any) -> dict[str, Any]:
    """A request in which that field holds this value."""
    if struct in REQUESTS and struct is not messages.Submit:
        return {**message_examples.request(struct, 7), **nobody(struct), name: value}
    submit: dict[str, Any] = {"type": "submit", "id": "7", "job": "limits"}
    submit |= {"cue": {"media": "/no/such/film.mp4"}, "deliver": {"takes": ["/no/such/0.wav"]}}
    if struct is Cue and name == "takes":
        submit["deliver"]["takes"] = [f"/no/such/{number}.wav" for number in range(value)]
    submit["cue"] |= {NeuralSettings: {"neural": {}}, WantedHit: {"hit_list": [{"time": "1"}]}}.get(
        struct, {}
    )
    at: Any = submit
    for step in INSIDE.get(struct, ()):
        at = at[step]
    at[name] = value
    return submit


@pytest.mark.parametrize(("struct", "name"), LIMITS_OF, ids=lambda one: getattr(one, "__name__", one))
def test_a_limit_that_the_page_tells_is_the_one_that_holds(
    client: Any, struct: type[msgspec.Struct], name: str
) -> None:
    client.worker_pid()
    limit = LIMITS_OF[struct, name]
    refused = {"bad_request", "bad_cue", "bad_prompt", "bad_range", "bad_output", "engine_unknown"}
    refused |= {"output_denied", "protocol_mismatch", "not_replaced"}
    for values, breaks in ((limit.holds, False), (limit.breaks, True)):
        for value in values:
            client.send(MAGIC, json.dumps(message_with(struct, name, value)).encode())
            code = client.receive().get("error", {}).get("code")
            assert (code in refused) == breaks, (str(value)[:80], code)


def literal_codes(path: Path) -> Iterator[str]:
    """What stands in a file as the code of an error."""
    for node in ast.walk(tree(path)):
        values: list[ast.expr] = []
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *_]):
                values += [first] if name in ("ClientError", "_fail") else []
            case ast.Dict():
                pairs = zip(node.keys, node.values, strict=True)
                values += [
                    value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "code"
                ]
            case ast.Assign(targets=[ast.Name(id="code")]):
                values += [node.value]
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=given)):
                pairs = zip(names, given, strict=False)  # `first, *others` may take more
                values += [value for name, value in pairs if isinstance(name, ast.Name) and name.id == "code"]
        if isinstance(node, ast.Call):
            values += [keyword.value for keyword in node.keywords if keyword.arg == "code"]
        for inner in (inner for value in values for inner in _results(value)):
            if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                yield inner.value


def _results(value: ast.expr) -> list[ast.expr]:
    return [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]


CLIENT = [ROOT / "plugins" / "foley_client.py", ROOT / "plugins" / "foley_launch.py"]


def test_all_codes_that_occur_are_in_the_table_and_no_others() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", PAGE.partition("## Codes of errors")[2], re.MULTILINE)
    code = [*files("backend", ".py"), *files("foley_core", ".py"), *CLIENT]
    assert rows == sorted({found for path in code for found in literal_codes(path)})


def test_every_error_says_where_it_is_told_and_whether_to_try_again() -> None:
    for code, kind in messages_page.error_classes().items():
        own = vars(kind)
        assert own.get("code") == code, f"{kind.__name__} has no code of its own"
        assert {"told", "again"} <= set(own), f"{kind.__name__} does not say where it is told, or what to do"


def test_no_error_goes_by_the_code_of_another_but_those_that_stand_for_many() -> None:
    telling = set(messages_page.error_classes().values())
    others = [kind for kind in messages_page.all_errors() if kind not in telling]
    assert [kind.__name__ for kind in others if not kind.__subclasses__()] == []
    assert FoleyError in others


def codes_told(told: Told) -> set[str]:
    return {code for code, kind in messages_page.error_classes().items() if told in kind.told}


def test_the_codes_of_the_client_are_those_that_it_tells_by_itself() -> None:
    assert codes_told(Told.BY_CLIENT) == {code for path in CLIENT for code in literal_codes(path)}


def test_what_the_protocol_says_of_submit_agrees_with_the_table() -> None:
    rows = re.findall(
        r"^\| [^|]+ \| ([^|]*) \| ([^|]*) \|$", PROTOCOL.partition("### Submit")[2], re.MULTILINE
    )
    at_once = {code for first, _ in rows for code in re.findall(r"`(\w+)`", first)}
    by_failed = {code for _, second in rows for code in re.findall(r"`(\w+)`", second)} - {"failed"}
    assert "media_missing" in at_once
    assert at_once <= codes_told(Told.AT_ONCE)
    assert by_failed <= codes_told(Told.BY_FAILED)
