"""The fields of messages and of what is in them, with their types in words.

Guarantees that they are told as they are read: they come from the structs themselves. `capabilities` tells
those that clients send, docs/messages.md all.
"""

from __future__ import annotations

from collections.abc import Mapping
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
    inspect.AnyType: "anything",
}


@cache
def fields() -> dict[str, dict[str, FieldInfo]]:
    """The fields of the objects that clients send, by name."""
    names = {struct: name for name, struct in _STRUCTS.items()}
    return {name: fields_of(struct, names) for name, struct in _STRUCTS.items()}


def fields_of(
    struct: type[msgspec.Struct], names: Mapping[type[msgspec.Struct], str]
) -> dict[str, FieldInfo]:
    """The fields of a struct as they are called on the wire; `names` are those of the structs it may hold."""
    told = inspect.type_info(struct)
    assert isinstance(told, inspect.StructType)
    return {
        field.encode_name: FieldInfo(
            type=_words(field.type, names), required=field.required, default=_default(field.default)
        )
        for field in told.fields
    }


def _default(value: Any) -> Any:
    return None if value in (msgspec.NODEFAULT, msgspec.UNSET) else plain(value)


def _words(kind: inspect.Type, names: Mapping[type[msgspec.Struct], str]) -> str:
    match kind:
        case inspect.Metadata():
            return _words(kind.type, names)
        case inspect.UnionType():
            return " or ".join(_words(one, names) for one in kind.types)
        case inspect.LiteralType():
            return "one of " + ", ".join(str(value) or "nothing" for value in kind.values)
        case inspect.TupleType():
            return "list of " + ", ".join(_words(one, names) for one in kind.item_types)
        case inspect.VarTupleType() | inspect.ListType() | inspect.DictType():
            holder, held = (
                ("object", kind.value_type)
                if isinstance(kind, inspect.DictType)
                else ("list", kind.item_type)
            )
            return f"{holder} of {_words(held, names)}"
        case inspect.StructType():
            return names[kind.cls]
    return _PLAIN[type(kind)]
