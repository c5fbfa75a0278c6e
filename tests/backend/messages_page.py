"""docs/messages.md, from the code: every message and what is in it, and every code of an error.

    python -m tests.backend.messages_page

writes it anew. What a field means is its docstring; what it may hold, its type and default and
`message_limits`; the examples are those of `message_examples`. How messages are carried, and what they mean
together, tells docs/protocol.md, which people write.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from types import ModuleType
from typing import Any, get_args

import msgspec

from backend import errors, messages
from backend.service import records
from backend.service.fields import fields_of
from foley_core.cue import Cue, WantedHit, plain
from foley_core.errors import Again, FoleyError, Told
from foley_core.neural_settings import NeuralSettings
from foley_core.take import AlignmentSummary, SoundedImpact, Take
from tests.backend import message_examples
from tests.backend.message_limits import LIMITS_OF
from tests.boundaries.sources import ROOT

PAGE = ROOT / "docs" / "messages.md"
WIDTH = 100
"""Of an example."""
Struct = type[msgspec.Struct]

SENT: dict[str, Struct] = {
    "cue": Cue,
    "hit": WantedHit,
    "neural": NeuralSettings,
    "deliver": messages.Deliver,
}
"""Objects in requests, by their names."""
TOLD: dict[str, Struct] = {
    "take": Take,
    "impact": SoundedImpact,
    "alignment": AlignmentSummary,
    "fault": messages.Fault,
    "job": messages.JobInfo,
    "cost": messages.Cost,
    "broker": messages.BrokerInfo,
    "worker": messages.WorkerInfo,
    "engine": messages.EngineInfo,
    "limits": messages.Limits,
    "outputs": messages.Outputs,
    "field": messages.FieldInfo,
    "sound": messages.SoundInfo,
    "words": messages.WordsInfo,
    "space": messages.SpaceInfo,
    "word": messages.WordInfo,
    "played": messages.PlayedInfo,
}
"""Objects in what the backend sends."""
NAMES = {struct: name for name, struct in (SENT | TOLD).items()}
RECORDS = {
    (messages.Done, "takes"): "list of take",
    (messages.JobInfo, "takes"): "list of take",
    (messages.ImpactList, "impacts"): "list of impact",
    (Take, "cue"): "cue",
}
"""Objects that the broker hands on as they are, without looking into them."""
ANSWERED_BY: dict[Struct, Struct] = {
    messages.Hello: messages.Welcome,
    messages.Capabilities: messages.Abilities,
    messages.Submit: messages.Accepted,
    messages.Cancel: messages.Ok,
    messages.Status: messages.Report,
    messages.List: messages.Report,
    messages.Find: messages.Report,
    messages.Impacts: messages.ImpactList,
    messages.Sounds: messages.SoundList,
    messages.Explain: messages.Explanation,
    messages.Hear: messages.Heard,
    messages.Subscribe: messages.Ok,
    messages.Unsubscribe: messages.Ok,
    messages.Ping: messages.Pong,
    messages.Shutdown: messages.Ok,
}

HEAD = """\
# Messages, one by one

Every message of protocol {major}.{minor}, what is in it, and every code of an error. How messages are
carried, and what they mean together, is in [protocol.md](protocol.md): read that first.

This page comes from the code, by `python -m tests.backend.messages_page`: what differs is a failed test.

A message is a JSON object with its `type`. Types in the tables:

| type | in JSON |
| --- | --- |
| string, integer, number, boolean, null | as in JSON; an integer has no decimal point |
| time | seconds as an exact rational, in a string: `"1001/24000"`, `"12"`, `"12.5"` |
| local time | a string: `"2026-11-29T18:25:06"` |
| list of X | an array of any length; *list of integer, integer* is one of two |
| object of X | an object with any names, each of whose values is an X |
| one of a, b | one of these strings, or of these numbers; *nothing* is the empty string |

A request may leave out every field that has a default. What the backend sends has all its fields but those
that *may be left out*, and those that an older backend does not know. Letters are code points of Unicode. A
time has at most 15 digits, and at most 12 below the line or after the point. The examples are laid out for
people, with fields in the order of the tables; on the wire neither matters.
"""
ERRORS = """\
## Codes of errors

A code never changes its meaning. Messages and hints are for people, and may change. To try again with a job
that failed means to submit the cue in a new one, with an id of its own: the old one stays as it is. A client
treats a code that it does not know as it does `internal`.

{told}

{again}

{codes}
"""


def page() -> str:
    """The whole page."""
    requests = [_request(kind, number) for number, kind in enumerate(get_args(messages.AnyRequest), 1)]
    replies, pushes = message_examples.answers(), message_examples.pushes()
    parts = [
        HEAD.format(major=messages.PROTOCOL[0], minor=messages.PROTOCOL[1]),
        "## Requests\n",
        *requests,
        "## Objects in requests\n",
        *(_object(name, kind) for name, kind in SENT.items()),
        "## Replies\n",
        *(_told(f"Reply `{_tag(kind)}`", kind, replies[kind]) for kind in get_args(messages.AnyReply)),
        "## Pushes\n",
        *(_told(f"Push `{_tag(kind)}`", kind, pushes[kind]) for kind in get_args(messages.AnyPush)),
        "## Objects in replies and pushes\n",
        *(_object(name, kind) for name, kind in TOLD.items()),
        _errors(),
    ]
    return "\n".join(parts)


def error_classes() -> dict[str, type[FoleyError]]:
    """Each code's class: of several with the same, the one furthest down the tree."""
    return {kind.code: kind for kind in all_errors()}


def all_errors() -> list[type[FoleyError]]:
    """Both trees, from the root down."""
    found: list[type[FoleyError]] = [FoleyError]
    for kind in found:
        found += kind.__subclasses__()
    return [kind for kind in found if kind.__module__ in (errors.__name__, FoleyError.__module__)]


@cache
def meanings(struct: Struct) -> dict[str, str]:
    """The docstring of each field, by its name in the code; those of the struct's bases first."""
    found: dict[str, str] = {}
    for kind in reversed(struct.__mro__):
        if issubclass(kind, msgspec.Struct) and kind is not msgspec.Struct:
            found |= docstrings(kind)
    return found


def docstrings(kind: type | ModuleType) -> dict[str, str]:
    """What follows each name in the body of a class, or of a module."""
    body = ast.parse(inspect.getsource(kind)).body
    if isinstance(body[0], ast.ClassDef):
        body = body[0].body
    found = {}
    for pair in pairwise(body):
        match pair:
            case (
                ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                found[name] = _prose(text)
    return found


def _request(kind: Struct, number: int) -> str:
    answer = _tag(ANSWERED_BY[kind])
    example = message_examples.request(kind, number)
    answered = f"Answered by [`{answer}`](#reply-{answer})."
    return _section(f"Request `{_tag(kind)}`", f"{_about(kind)} {answered}", _sent_table(kind), example)


def _told(title: str, kind: Struct, example: msgspec.Struct) -> str:
    encoded = json.loads(json.dumps(plain(example)))  # tuples are arrays
    return _section(title, _about(kind), _told_table(kind), encoded)


def _object(name: str, kind: Struct) -> str:
    table = _sent_table(kind) if name in SENT else _told_table(kind)
    return _section(f"Object `{name}`", _about(kind), table)


def _section(title: str, about: str, table: str, example: Any = None) -> str:
    parts = [f"### {title}", about, table]
    if example is not None:
        parts.append(f"```json\n{laid_out(example)}\n```")
    return "\n\n".join(part for part in parts if part) + "\n"


def _sent_table(kind: Struct) -> str:
    rows = [
        (f"`{name}`", _type(kind, name), _default(kind, name), _limits(kind, name), meaning)
        for name, meaning in _fields(kind).items()
    ]
    return _table(("field", "type", "default", "limits", "means"), rows)


def _told_table(kind: Struct) -> str:
    rows = [(f"`{name}`", _type(kind, name), meaning) for name, meaning in _fields(kind).items()]
    if kind is Take:  # to which the broker adds how much it left out
        added = {name: means for name, means in docstrings(records).items() if name.endswith("LEFT_OUT")}
        rows += [(f"`{getattr(records, name)}`", "integer; may be left out", added[name]) for name in added]
    return _table(("field", "type", "means"), rows)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _fields(kind: Struct) -> dict[str, str]:
    """What each means, by its name on the wire."""
    told = meanings(kind)
    return {field.encode_name: told[field.name] for field in msgspec.structs.fields(kind)}


def _type(kind: Struct, name: str) -> str:
    words = RECORDS.get((kind, name)) or fields_of(kind, NAMES)[name].type.replace(
        "object of anything", "object"
    )
    linked = re.sub(
        rf"\b({'|'.join(NAMES.values())})\b", lambda match: f"[{match[1]}](#object-{match[1]})", words
    )
    field = _field(kind, name)
    optional = field.default is msgspec.UNSET or (kind.__struct_config__.omit_defaults and not field.required)
    return f"{linked}; may be left out" if optional and kind not in SENT.values() else linked


def _default(kind: Struct, name: str) -> str:
    field = _field(kind, name)
    if field.required:
        return "required"
    if field.default is msgspec.UNSET:
        return "left out"
    as_usual = isinstance(field.default, msgspec.Struct)  # all of it is at its own defaults
    return f"`{json.dumps({} if as_usual else plain(field.default))}`"


def _limits(kind: Struct, name: str) -> str:
    limit = LIMITS_OF.get((kind, name))
    return limit.words if limit else ""


def _field(kind: Struct, name: str) -> Any:
    return next(field for field in msgspec.structs.fields(kind) if field.encode_name == name)


def _tag(kind: Struct) -> str:
    return str(kind.__struct_config__.tag)


def _about(kind: type) -> str:
    return "\n\n".join(_prose(part) for part in (inspect.getdoc(kind) or "").split("\n\n"))


def _prose(text: str) -> str:
    """A docstring's words as the page's: on one line, in JSON's terms, with links."""
    line = re.sub(r"\bNone\b", "`null`", " ".join(text.split()))
    return line.replace("docs/protocol.md", "[protocol.md](protocol.md)")


def laid_out(value: Any, indent: str = "", name: str = "") -> str:
    """JSON for people, what is short on one line; `name` stands before it."""
    short = f"{name}{json.dumps(value, ensure_ascii=False)}"
    if len(indent) + len(short) <= WIDTH or not isinstance(value, dict | list):
        return short
    further = indent + "  "
    if isinstance(value, dict):
        inner = [laid_out(one, further, f"{json.dumps(key)}: ") for key, one in value.items()]
    else:
        inner = [laid_out(one, further) for one in value]
    opened, closed = "{}" if isinstance(value, dict) else "[]"
    return f"{name}{opened}\n{further}" + f",\n{further}".join(inner) + f"\n{indent}{closed}"


def _errors() -> str:
    rows = [
        (f"`{code}`", _about(kind), ", ".join(map(_words, kind.told)), kind.again.value)
        for code, kind in sorted(error_classes().items())
    ]
    told, again = docstrings(Told), docstrings(Again)
    return ERRORS.format(
        told=_table(("told", "how"), [(_words(one), told[str(one.name)]) for one in Told]),
        again=_table(("again", "means"), [(one.value, again[one.name]) for one in Again]),
        codes=_table(("code", "means", "told", "again"), rows),
    )


def _words(told: Told) -> str:
    return str(told.name).lower().replace("_", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
