"""Takes kept by content: the same film, cue, seed and engine need not be played twice.

A take is a folder with its WAV, its stems and `record.json`, which holds the digest of each file. What is
damaged is thrown away when it is met, never handed out. Only the worker keeps takes; any process may throw
them away meanwhile.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from backend.cache.digest import file_digest
from backend.logs import RateLimitedLog
from foley_core.cue import encode
from foley_core.errors import OutputDenied, OutputError, writing
from foley_core.take import Take, stem_path

_logger = logging.getLogger(__name__)
_rarely = RateLimitedLog(_logger)

_TAKE = "take.wav"
_RECORD = "record.json"
_UNFINISHED = ".new-"


class _Record(msgspec.Struct, frozen=True, kw_only=True):
    take: Take
    files: dict[str, str]
    """Name to SHA-256."""


class TakeCache:
    """The takes in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def sweep(self) -> None:
        """Remove what a worker that died left unfinished; for the worker, before it makes any itself."""
        for path in self._folder.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def staging_folder(self) -> Iterator[Path]:
        """A folder for a new take, gone afterwards unless it was kept; gives the path of its WAV.

        Where the cache cannot be written it lies elsewhere, and the take will not be kept.
        """
        folder = self._folder / f"{_UNFINISHED}{secrets.token_hex(6)}"
        try:
            with writing(folder):
                folder.mkdir(parents=True)
        except OutputDenied as error:
            _rarely.warn("the cache cannot be written", why=str(error))
            folder = Path(tempfile.mkdtemp(prefix="foley-"))
        try:
            yield folder / _TAKE
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def keep(self, key: str, take: Take) -> None:
        """Keep the take that was made in a staging folder. That it cannot be kept is no reason to fail."""
        folder = take.file().parent
        if folder.parent != self._folder:
            return
        files = [take.file(), *map(Path, take.stems.values())]
        record = _Record(
            take=msgspec.structs.replace(
                take, path=_TAKE, stems={layer: Path(path).name for layer, path in take.stems.items()}
            ),
            files={file.name: file_digest(file) for file in files},
        )
        try:
            (folder / _RECORD).write_bytes(encode(record))
            folder.rename(self._folder / key)
        except OSError as error:
            _rarely.warn("take not kept", why=str(error))

    def has(self, key: str) -> bool:
        """Whether it was kept, as far as can be seen without reading it."""
        return (self._folder / key).is_dir()

    def fetch(self, key: str, target: Path) -> Take | None:
        """A copy of the take at `target`, its stems beside it; None where it was not kept, or is damaged.

        The record says `cached`, and that no frame was decoded.
        """
        folder = self._folder / key
        record = self._sound_record(folder)
        if record is None:
            return None
        take = msgspec.structs.replace(
            record.take,
            path=str(folder / _TAKE),
            cached=True,
            decoded_frames=0,
            stems={layer: str(folder / name) for layer, name in record.take.stems.items()},
        )
        try:
            return copy_take(take, target)
        except OutputError:
            if folder.exists():
                raise
            return None  # another process has just cleared the cache

    def _sound_record(self, folder: Path) -> _Record | None:
        if not folder.is_dir():
            return None
        try:
            record = msgspec.json.decode((folder / _RECORD).read_bytes(), type=_Record)
            names = {record.take.path, *record.take.stems.values()}
            whole = names == set(record.files) and all(
                Path(name).name == name and file_digest(folder / name) == digest
                for name, digest in record.files.items()
            )
            with suppress(PermissionError):  # It may be read, if not written.
                os.utime(folder / _RECORD)
        except (OSError, msgspec.MsgspecError) as error:
            _logger.warning("kept take unreadable", extra={"about": {"take": folder.name, "why": str(error)}})
            whole = False
        if not whole:
            shutil.rmtree(folder, ignore_errors=True)
            return None
        return record


def copy_take(take: Take, target: Path) -> Take:
    """Copy a take's files to `target` and beside it; gives its record with the copies' paths."""
    stems = {layer: stem_path(target, layer) for layer in take.stems}
    with writing(target):
        shutil.copyfile(take.path, target)
        for layer, path in take.stems.items():
            shutil.copyfile(path, stems[layer])
    return msgspec.structs.replace(
        take, path=str(target), stems={layer: str(path) for layer, path in stems.items()}
    )
