"""What this backend can do, as it tells clients that ask: engines, limits, endings of names, fields.

Guarantees that fields are told as they are read: they come from the structs themselves.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from backend.messages import MAX_MESSAGE, Deliver, EngineInfo, FieldInfo, Limits, Outputs
from backend.service.acceptance import Disks
from backend.worker.delivery import PREVIEW_ENDINGS, REPORT_ENDINGS, TAKE_ENDINGS
from foley_core import cue
from foley_core.cue import Cue, WantedHit, plain
from foley_core.engine_choice import why_unusable
from foley_core.errors import FoleyError
from foley_core.neural_settings import NeuralSettings

MAX_LISTED = 1_000
MAX_SUBSCRIBED = 1_000
MAX_IMPACTS = 1_000
MAX_CLIENT = 200

LIMITS = Limits(
    request_bytes=MAX_MESSAGE,
    takes=cue.MAX_TAKES,
    prompt=cue.MAX_PROMPT,
    handles_s=int(cue.MAX_HANDLE),
    hits=cue.MAX_HITS,
    seed=cue.MAX_SEED,
    loudness=cue.LOUDNESS,
    batch=cue.MAX_BATCH,
    client=MAX_CLIENT,
    layers=cue.LAYERS,
    listed=MAX_LISTED,
    subscribed=MAX_SUBSCRIBED,
    impacts=MAX_IMPACTS,
)
OUTPUTS = Outputs(takes=TAKE_ENDINGS, preview=PREVIEW_ENDINGS, report=REPORT_ENDINGS)

_STRUCTS: dict[str, type[msgspec.Struct]] = {
    "cue": Cue,
    "deliver": Deliver,
    "neural": NeuralSettings,
    "hit": WantedHit,
}
_PLAIN: dict[type, str] = {
    inspect.StrType: "string",
    inspect.IntType: "integer",
    inspect.FloatType: "number",
    inspect.BoolType: "boolean",
    inspect.NoneType: "null",
    inspect.DateTimeType: "local time",
    inspect.CustomType: "time",
}


def engines(names: list[str], versions: dict[str, str], disks: Disks) -> list[EngineInfo]:
    """The engines of those names, and whether each can be used here and now."""
    return [_engine(name, versions.get(name, ""), disks) for name in names]


@cache
def fields() -> dict[str, dict[str, FieldInfo]]:
    """The fields of the objects that clients send, by name."""
    return {name: _fields(struct) for name, struct in _STRUCTS.items()}


def _engine(name: str, version: str, disks: Disks) -> EngineInfo:
    why = ["The disk with its files does not answer."]

    def look() -> None:
        if error := why_unusable(name):
            raise error
        why[0] = ""

    try:
        disks.ask(look)
    except FoleyError as error:
        why[0] = error.message
    return EngineInfo(name=name, version=version, usable=not why[0], why=why[0])


def _fields(struct: type[msgspec.Struct]) -> dict[str, FieldInfo]:
    told = inspect.type_info(struct)
    assert isinstance(told, inspect.StructType)
    return {
        field.encode_name: FieldInfo(
            type=_words(field.type), required=field.required, default=_default(field.default)
        )
        for field in told.fields
    }


def _default(value: Any) -> Any:
    return None if value in (msgspec.NODEFAULT, msgspec.UNSET) else plain(value)


def _words(kind: inspect.Type) -> str:
    match kind:
        case inspect.Metadata():
            return _words(kind.type)
        case inspect.UnionType():
            return " or ".join(map(_words, kind.types))
        case inspect.LiteralType():
            return "one of " + ", ".join(str(value) or "nothing" for value in kind.values)
        case inspect.VarTupleType():
            return f"list of {_words(kind.item_type)}"
        case inspect.TupleType():
            return "list of " + ", ".join(map(_words, kind.item_types))
        case inspect.StructType():
            return next(name for name, struct in _STRUCTS.items() if struct is kind.cls)
    return _PLAIN[type(kind)]
