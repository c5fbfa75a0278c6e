# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that lie where the takes of projects lie that are not saved, and the records that name them.

No Blender here, and no file is touched. Older versions of the add-on had them in the extension's own folder,
in each version of Blender another one, which Blender deletes along with the extension.
"""

import json
import os
import re
from typing import Any, Dict, Iterator

_OLD = re.compile(r"[/\\]\.user[/\\][^/\\]+[/\\]foley[/\\]audio[/\\]")


def below(path: str, place: str) -> str:
    """The part of a path below the place for takes of unsaved projects, or an older one; else empty."""
    old = _OLD.search(path)
    if old:
        return path[old.end() :]
    beyond = os.path.join(place, "")
    return path[len(beyond) :] if os.path.normcase(path).startswith(os.path.normcase(beyond)) else ""


def mentions(record: str, place: str) -> bool:
    """Whether a record's JSON may name a file below it. A record is long, and this is all that most need."""
    return json.dumps(place)[1:-1] in record or ".user" in record


def is_old(path: str) -> bool:
    """Whether it lies in an extension's folder, where an older version of the add-on has put it."""
    return _OLD.search(path) is not None


def name(path: str) -> str:
    """The name of a file, whichever system its path is of."""
    return re.split(r"[/\\]", path)[-1]


def moved(path: str, was: str, now: str) -> str:
    """Where a file lies now if it was moved along with its project, from one folder to another."""
    try:
        return os.path.normpath(os.path.join(now, os.path.relpath(path, was)))
    except ValueError:  # another drive
        return path


def texts(value: Any) -> Iterator[str]:
    """Every text in a record, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from texts(inner)


def renamed(value: Any, moves: Dict[str, str]) -> Any:
    """The record with each path that has moved in its new place. A new record; this one stays as it is."""
    if isinstance(value, str):
        return moves.get(value, value)
    if isinstance(value, dict):
        return {name: renamed(inner, moves) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [renamed(inner, moves) for inner in value]
    return value
