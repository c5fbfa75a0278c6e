"""Progress on a terminal: one bar, on standard error, that names the stage."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

STAGE_WORDS = {
    "": "Waiting",
    "start": "Starting",
    "load": "Loading the engine",
    "watch": "Watching the picture",
    "hear": "Listening",
    "sound": "Making the sound",
    "master": "Mastering",
    "write": "Writing",
    "preview": "Making the preview",
    "report": "Making the report",
}


class LiveProgress:
    """A progress bar by stage on standard error; silent where that is no terminal."""

    def __init__(self, takes: int) -> None:
        console = Console(stderr=True)
        self._takes = takes
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeRemainingColumn(),
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

    def show(self, stage: str, take: int, share: float) -> None:
        """`share` is over all takes, 0 to 1; `take` counts from 0."""
        words = STAGE_WORDS.get(stage, stage.capitalize())
        which = f" (take {take + 1} of {self._takes})" if self._takes > 1 else ""
        self._progress.update(self._task, description=words + which, completed=share)
