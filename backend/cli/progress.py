"""Progress on a terminal: one bar, on standard error, that names the stage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.table import Column

from backend.cli.wording import waiting_words

STAGE_WORDS = {
    "": "Waiting",
    "start": "Starting",
    "load": "Loading the engine",
    "watch": "Watching the picture",
    "hear": "Listening",
    "compare": "Comparing sound and picture",
    "sound": "Making the sound",
    "master": "Mastering",
    "write": "Writing",
    "preview": "Making the preview",
    "report": "Making the report",
}


_WORDS = TextColumn("{task.description}", table_column=Column(no_wrap=True, overflow="ellipsis"))
_AT_WORK = (_WORDS, BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeRemainingColumn())
_WAITING = (SpinnerColumn(), _WORDS)


class LiveProgress:
    """A progress bar by stage on standard error; silent where that is no terminal."""

    def __init__(self, takes: int) -> None:
        console = Console(stderr=True)
        self._takes = takes
        self._progress = Progress(
            *_AT_WORK,
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._task = self._progress.add_task(STAGE_WORDS[""], total=1.0)

    def __enter__(self) -> LiveProgress:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """The bar is away meanwhile, so that something else can be printed."""
        self._progress.stop()
        yield
        self._progress.start()

    def hear(self, push: dict[str, Any], before: str = "") -> None:
        """What the backend tells of a job: how far it is or, while it waits, its place; with words before."""
        if not push.get("reason"):
            self.show(push["stage"], push["take"], push["progress"], before)
            return
        words = waiting_words(push["place"], push["wait_s"], push["reason"])
        self._progress.columns = _WAITING
        described = before + ", ".join(filter(None, (STAGE_WORDS[""], words)))
        self._progress.update(self._task, description=described, completed=0.0)

    def show(self, stage: str, take: int, share: float, before: str = "") -> None:
        """`share` is over all takes, 0 to 1; `take` counts from 0."""
        self._progress.columns = _AT_WORK
        words = STAGE_WORDS.get(stage, stage.capitalize())
        which = f" (take {take + 1} of {self._takes})" if self._takes > 1 else ""
        self._progress.update(self._task, description=before + words + which, completed=share)
