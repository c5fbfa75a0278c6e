"""The fields of what clients send, with their types in words.

Guarantees that they are told as they are read: they come from the structs themselves.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from backend.messages import Deliver, FieldInfo
from foley_core.cue import Cue, WantedHit, plain
from foley_core.neural_settings import NeuralSettings

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


@cache
def fields() -> dict[str, dict[str, FieldInfo]]:
    """The fields of the objects that clients send, by name."""
    return {name: _fields(struct) for name, struct in _STRUCTS.items()}


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
