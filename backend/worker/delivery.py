"""Putting a job's files where they were asked for: whole or not at all.

Everything is first written into a hidden folder of the job's own beside its target (`.foley-JOB`), so that
the last step is a rename on the same disk. Whatever happens before that, `sweep` leaves nothing behind; the
broker calls it for a worker that can no longer do so itself.

A file that is there already under a name that was asked for is replaced; the film itself never is. Where a
link is there, it stays, and what it leads to is renewed.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from backend.messages import Deliver
from foley_core.errors import BadOutput, OutputDenied, writing
from foley_core.media.atomic_file import file_behind, put
from foley_core.take import stem_path

TAKE_ENDINGS = (".wav",)
PREVIEW_ENDINGS = (".mp4", ".mov", ".webm", ".mkv", ".avi")
"""Those that name a container; a preview with another is put beside its name, under one of these."""
REPORT_ENDINGS = (".html", ".htm", ".json", ".csv")
"""A report with another is a page."""
LONGEST_PATH = 4_096
"""Letters."""


def targets(deliver: Deliver) -> list[Path]:
    """The files that were asked for by name."""
    others = [path for path in (deliver.preview, deliver.report) if path is not None]
    return [Path(path) for path in (*deliver.takes, *others, *deliver.reports)]


def report_files(deliver: Deliver) -> list[Path]:
    """The files of the report: its page and JSON beside it, or those that were named one by one."""
    beside = [Path(deliver.report), Path(deliver.report).with_suffix(".json")] if deliver.report else []
    return list(dict.fromkeys((*beside, *map(Path, deliver.reports))))


def stem_files(deliver: Deliver, layers: Sequence[str]) -> list[Path]:
    """The files of the stems of these layers, beside their takes."""
    return [stem_path(Path(take), layer) for take in deliver.takes for layer in layers]


def writes(deliver: Deliver, file: str, layers: Sequence[str]) -> bool:
    """Whether `file` is one of those that were asked for, the JSON beside a report, a stem of one of these
    layers, or the preview under an ending that it may have got."""
    written = [*targets(deliver), *report_files(deliver), *stem_files(deliver, layers)]
    if deliver.preview and Path(deliver.preview).suffix.lower() not in PREVIEW_ENDINGS:
        written += [Path(deliver.preview).with_suffix(ending) for ending in PREVIEW_ENDINGS]
    return _same(Path(file)) in map(_same, written)


def check_names(deliver: Deliver, takes: int) -> None:
    """Raise the `OutputDenied` that says what cannot be right about the paths, whatever the disk holds;
    `BadOutput` where a take's name is not that of a WAV."""
    if len(deliver.takes) != takes:
        raise OutputDenied(f"{takes} takes were asked for, but paths for {len(deliver.takes)}.")
    for path in targets(deliver):
        text = str(path)
        if "\0" in text or len(text) > LONGEST_PATH or not path.is_absolute() or not path.name:
            raise OutputDenied(f"{text[:100]!r} is no absolute path of a file.", "Give the whole path.")
    for take in map(Path, deliver.takes):
        if take.suffix.lower() not in TAKE_ENDINGS:
            raise BadOutput(f"{take.name[:100]!r} does not end in .wav, and a take is a WAV.", "Name it so.")
    if len({_same(path) for path in targets(deliver)}) != len(targets(deliver)):
        raise OutputDenied("The same path was asked for twice.", "Give each file a name of its own.")


def check_apart(deliver: Deliver, layers: Sequence[str]) -> None:
    """Raise the `OutputDenied` that says where two files would lie in one place, as the disk has it now;
    `layers` are those that are to have stems."""
    named = dict.fromkeys((*targets(deliver), *report_files(deliver)))
    written = (*named, *stem_files(deliver, layers))
    places = Counter(_same(Path(os.path.realpath(path))) for path in written)
    place, count = places.most_common(1)[0]
    if count > 1:
        raise OutputDenied(f"Two files would be put at {place}.", "Give each a name of its own.")


def check_place(path: Path, media: Path | None = None) -> None:
    """Raise the `OutputDenied` that says why no file can be put at `path`, made for the film `media`."""
    with writing(path):
        folder = file_behind(path).parent
        folder_there, is_folder, there = folder.is_dir(), path.is_dir(), path.exists()
    if not folder_there:
        raise OutputDenied(f"There is no folder {folder}.", "Make it first, or choose another.")
    if not os.access(folder, os.W_OK):
        raise OutputDenied(f"Nothing may be written into {folder}.", "Choose another folder.")
    if is_folder:
        raise OutputDenied(f"{path} is a folder.", "Give the name of a file.")
    if there and not path.is_file():
        raise OutputDenied(f"{path} is a device or pipe.", "Give the name of a file.")
    if there and media and path.samefile(media):
        raise OutputDenied(f"{path} is the film itself.", "Choose another name.")


def staging(target: Path, job: str) -> Path:
    """The hidden folder beside `target` (or beside what it leads to, if it is a link), made if need be."""
    folder = _hidden(target, job)
    with writing(folder):
        folder.mkdir(exist_ok=True)
    return folder


def sweep(deliver: Deliver, job: str) -> None:
    """Remove what an attempt at this job left in its hidden folders."""
    for folder in {_hidden(path, job) for path in targets(deliver)}:
        shutil.rmtree(folder, ignore_errors=True)


class Placement:
    """Files put in their places. A context manager: if it ends with an error they are all taken back, and
    what they replaced is there again.
    """

    def __init__(self) -> None:
        self._placed: list[tuple[Path, Path | None]] = []

    def __enter__(self) -> Placement:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._take_back()

    def put(self, staged: Path, target: Path) -> None:
        """Rename a staged file to its place; `OutputDenied`, and then nothing has changed there.

        Only a file is ever replaced, no folder.
        """
        with writing(target):
            place = file_behind(target)
            replaced = staged.with_name(f"{staged.name}.replaced") if place.is_file() else None
            if replaced is not None:
                put(place, replaced)
            try:
                put(staged, place)
            except OSError:
                if replaced is not None:
                    put(replaced, place)
                raise
        self._placed.append((place, replaced))

    def _take_back(self) -> None:
        for place, replaced in reversed(self._placed):
            with suppress(OSError):
                if replaced is not None:
                    put(replaced, place)
                else:
                    place.unlink(missing_ok=True)


def _same(path: Path) -> str:
    """One text for all ways to write a path, as far as that can be told without looking at the disk."""
    return os.path.normcase(os.path.normpath(path))


def _hidden(target: Path, job: str) -> Path:
    """On the disk on which the file will lie."""
    with suppress(OSError):
        target = file_behind(target)
    return target.parent / f".foley-{job}"
