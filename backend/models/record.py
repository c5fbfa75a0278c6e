"""What is known of the files in the models' folder: where each came from, and its checksum.

The record is the file `foley-models.json` in that folder. Files that are not in it were put there by somebody
else: they are used, and never changed or removed.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from backend.atomic import write_atomic
from backend.errors import RecordUnreadable

NAME = "foley-models.json"


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file."""

    path: str
    """Below the models' folder, with slashes."""
    bytes: int
    sha256: str
    origin: str
    """Repository, commit and file; or what it was converted from."""


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All files, and the licences that were accepted."""

    entries: tuple[Entry, ...] = ()
    accepted: tuple[str, ...] = ()

    def of(self, path: str) -> Entry | None:
        """What is known of a file."""
        return next((entry for entry in self.entries if entry.path == path), None)

    def having(self, *entries: Entry) -> Record:
        """With these in place of what was known of the same files."""
        paths = {entry.path for entry in entries}
        return msgspec.structs.replace(self, entries=(*self.without(paths).entries, *entries))

    def without(self, paths: set[str]) -> Record:
        """Knowing nothing of these files."""
        left = tuple(entry for entry in self.entries if entry.path not in paths)
        return msgspec.structs.replace(self, entries=left)

    def without_folder(self, name: str) -> Record:
        """Knowing nothing of what is in it."""
        return self.without({entry.path for entry in self.entries if entry.path.startswith(f"{name}/")})

    def accepting(self, licence: str) -> Record:
        """With this licence accepted."""
        return msgspec.structs.replace(self, accepted=(*self.accepted, licence))


def read(folder: Path) -> Record:
    """The record in `folder`; empty where there is none. May raise `RecordUnreadable`."""
    path = folder / NAME
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Record)
    except (FileNotFoundError, NotADirectoryError):
        return Record()
    except (OSError, msgspec.DecodeError) as error:
        raise RecordUnreadable(
            f"{path} cannot be read: {error}.", "Delete it; files that it told of then count as yours."
        ) from error
    for entry in found.entries:
        if not _is_below(entry.path):
            raise RecordUnreadable(
                f"{path} tells of {entry.path!r}, which is not in that folder.",
                "Delete it; files that it told of then count as yours.",
            )
    return found


def _is_below(path: str) -> bool:
    """Whether it stays in the folder: on any system, whoever wrote the record."""
    return not ({"", ".", ".."} & set(path.split("/")) or set(path) & set("\\:"))


def write(folder: Path, record: Record) -> None:
    """Put it there."""
    write_atomic(folder / NAME, msgspec.json.format(msgspec.json.encode(record)))
