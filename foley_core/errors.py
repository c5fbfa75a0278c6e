"""Everything that can go wrong in `foley_core`, as one tree.

    FoleyError
    ├── MediaError
    │   ├── MediaMissing       media_missing      no such file
    │   ├── MediaRefused       media_refused      a URL, playlist, pattern, device or folder
    │   ├── MediaUnreadable    media_unreadable   empty, truncated, damaged, or no film at all
    │   └── NoPicture          no_picture         a file that has no video stream
    ├── CueError               bad_cue            a value in the cue that makes no sense
    │   ├── BadRange           bad_range          in after out, or past the end of the film
    │   ├── BadTime            bad_time           a time that cannot be read
    │   └── BadPrompt          bad_prompt         too long, or with control characters
    ├── EngineError
    │   ├── EngineUnknown      engine_unknown     no engine of that name
    │   ├── SoundUnknown       sound_unknown      no kind of sound of that name
    │   ├── EngineFailed       engine_failed      the engine broke, or gave back something unusable
    │   ├── ModelMissing       model_missing      weights that the engine needs are not on this machine
    │   ├── ModelUnreadable    model_unreadable   a file of weights that is damaged, or of another model
    │   └── OutOfMemory        out_of_memory      the graphics card, or the machine, has too little of it
    ├── OutputError
    │   ├── OutputDenied       output_denied      the folder is missing or cannot be written
    │   ├── OutputExists       output_exists      a file is there already, and is kept
    │   ├── BadOutput          bad_output         a name that does not end as such a file's does
    │   └── DiskFull           disk_full          no room left
    ├── StateUnusable          state_unusable     the folder or a file for Foley's own state
    └── Cancelled              cancelled          the user asked for it

Each class has a stable `code`, which goes over the wire and never changes its meaning, and says where it is
told and whether it helps to try again; docs/messages.md has them all in a table. The message says what
happened and to which value; `hint` says what to do about it.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, Flag, auto
from pathlib import Path
from typing import ClassVar


class Told(Flag):
    """Where clients meet an error."""

    AT_ONCE = auto()
    """By `error`, in place of the reply."""
    BY_FAILED = auto()
    """By the push `failed`, and by `status` from then on, when the job's turn has come."""
    BY_CLIENT = auto()
    """By the bundled one itself, where it gets no answer, or cannot send what it was given."""
    BY_COMMAND = auto()
    """By a command of `foley`; it is never on the wire."""


class Again(Enum):
    """Whether it helps to try again."""

    NO = "no"
    """Something else must be put right first, as the hint says."""
    CHANGED = "when changed"
    """What was asked for must be another; the same will fail again."""
    AS_IT_IS = "as it is"
    """Later, or once what the hint says is done."""


class FoleyError(Exception):
    """Base of all errors of this package."""

    code = "internal"
    told: ClassVar[Told]
    again: ClassVar[Again]

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class MediaError(FoleyError):
    """The film (or sound file) cannot be used."""

    code = "media_unreadable"


class MediaMissing(MediaError):
    """There is no such file."""

    code = "media_missing"
    told = Told.AT_ONCE | Told.BY_FAILED
    again = Again.CHANGED


class MediaRefused(MediaError):
    """It is not a regular local file, or a kind of file that points at other files or addresses."""

    code = "media_refused"
    told = Told.AT_ONCE | Told.BY_FAILED
    again = Again.CHANGED


class MediaUnreadable(MediaError):
    """The file is empty, cut off, damaged, or not a film."""

    code = "media_unreadable"
    told = Told.AT_ONCE | Told.BY_FAILED
    again = Again.CHANGED


class NoPicture(MediaError):
    """The file has no video stream."""

    code = "no_picture"
    told = Told.BY_FAILED
    again = Again.CHANGED


class CueError(FoleyError):
    """A value in the cue makes no sense."""

    code = "bad_cue"
    told = Told.AT_ONCE
    again = Again.CHANGED


class BadRange(CueError):
    """In lies not before out, the range lies outside the film, or the handles are longer than may be."""

    code = "bad_range"
    told = Told.AT_ONCE | Told.BY_FAILED
    again = Again.CHANGED


class BadTime(CueError):
    """A time that cannot be read."""

    code = "bad_time"
    told = Told.BY_COMMAND
    again = Again.CHANGED


class BadPrompt(CueError):
    """A prompt that is too long or has control characters in it."""

    code = "bad_prompt"
    told = Told.AT_ONCE
    again = Again.CHANGED


class EngineError(FoleyError):
    """The engine cannot do it."""

    code = "engine_failed"


class EngineUnknown(EngineError):
    """There is no engine of that name."""

    code = "engine_unknown"
    told = Told.AT_ONCE | Told.BY_FAILED
    again = Again.CHANGED


class SoundUnknown(EngineError):
    """The built-in engine has no kind of sound of that name."""

    code = "sound_unknown"
    told = Told.AT_ONCE | Told.BY_COMMAND
    again = Again.CHANGED


class EngineFailed(EngineError):
    """The engine broke, cannot be loaded, or gave back what cannot be used."""

    code = "engine_failed"
    told = Told.BY_FAILED
    again = Again.CHANGED


class ModelMissing(EngineError):
    """The weights that the engine needs are not on this machine."""

    code = "model_missing"
    told = Told.AT_ONCE | Told.BY_FAILED
    again = Again.AS_IT_IS


class ModelUnreadable(EngineError):
    """A file of weights is damaged, or holds another model."""

    code = "model_unreadable"
    told = Told.BY_FAILED
    again = Again.AS_IT_IS


class OutOfMemory(EngineError):
    """The graphics card, or the machine, has too little memory."""

    code = "out_of_memory"
    told = Told.BY_FAILED
    again = Again.AS_IT_IS


class OutputError(FoleyError):
    """The result cannot be written."""

    code = "output_denied"


class OutputDenied(OutputError):
    """The file cannot be put there: no folder, not ours to write, no absolute path, the same path twice, or
    not as many paths as takes."""

    code = "output_denied"
    told = Told.AT_ONCE | Told.BY_FAILED
    again = Again.CHANGED


class OutputExists(OutputError):
    """A file is there already, and nobody said that it may be replaced."""

    code = "output_exists"
    told = Told.BY_COMMAND
    again = Again.CHANGED


class BadOutput(OutputError):
    """The name does not end as that of such a file does."""

    code = "bad_output"
    told = Told.AT_ONCE
    again = Again.CHANGED


class DiskFull(OutputError):
    """There is no room left for the result."""

    code = "disk_full"
    told = Told.AT_ONCE | Told.BY_FAILED
    again = Again.AS_IT_IS


class StateUnusable(FoleyError):
    """The folder for Foley's own files is not known, or it or one of them cannot be used."""

    code = "state_unusable"
    told = Told.AT_ONCE | Told.BY_CLIENT
    again = Again.NO


class Cancelled(FoleyError):
    """The user asked for it to stop; of a job the push `cancelled` tells that."""

    code = "cancelled"
    told = Told.BY_COMMAND
    again = Again.AS_IT_IS

    def __init__(self, message: str = "Cancelled.", hint: str = "") -> None:
        super().__init__(message, hint)


def no_engine(name: str, known: list[str]) -> EngineUnknown:
    """What is said where no engine of that name is among those that are `known`."""
    return EngineUnknown(f"There is no engine {name[:40]!r}.", f"Known: {', '.join(sorted(known))}.")


def too_little_memory() -> OutOfMemory:
    """What a `MemoryError` is told as."""
    return OutOfMemory(
        "This machine has too little free memory for it.", "Close other programs, or give a shorter range."
    )


_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_SHARED = frozenset({5, 32, 33})
"""Windows: access denied (also while another program has the file open), sharing and lock violation."""


def is_shared(error: OSError) -> bool:
    """Whether, as far as Windows tells, another program may have the file open."""
    return isinstance(error, PermissionError) and getattr(error, "winerror", None) in _SHARED


def disk_of(path: Path) -> str:
    """The root of the disk that `path` lies on, or would lie on: `/`, `/media/card`, `D:\\`."""
    place = os.path.realpath(path)
    while not os.path.ismount(place) and os.path.dirname(place) != place:  # noqa: PTH120
        place = os.path.dirname(place)  # noqa: PTH120
    return place


def no_room(path: Path, message: str) -> DiskFull:
    """The error that says which disk is full, for something that was to be written to `path`."""
    disk = disk_of(path)
    return DiskFull(message, f"Free some space on the disk at {disk}, or choose a folder on another disk.")


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Map the operating system's errors while `path` is written to `OutputDenied` and `DiskFull`."""
    try:
        yield
    except OSError as error:
        raise _denied(path, error) from error


def _denied(path: Path, error: OSError) -> OutputError:
    if error.errno in _NO_ROOM:
        return no_room(path, f"No room left to write {path}.")
    if error.errno == errno.EFBIG:
        return DiskFull(
            f"{path} is larger than a file may be on the disk at {disk_of(path)}.",
            "Choose a folder on another disk, or make it shorter.",
        )
    message = f"Cannot write {path}: {error.strerror or error}."
    if error.errno == errno.ENAMETOOLONG:
        return OutputDenied(message, "Choose a shorter name.")
    if is_shared(error):
        return OutputDenied(message, "Close it in the program that has it open, or choose another name.")
    return OutputDenied(message, "Choose a folder that exists and can be written to.")
