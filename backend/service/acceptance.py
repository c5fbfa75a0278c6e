"""Whether a job can be accepted: what can be known to be wrong at once is refused at once.

Guarantees that the broker waits for no disk: what is asked of disks is asked in a thread of its own, and what
one does not answer in a moment is left to the worker, which asks all of it again. No film is opened here, so
what is in it, and whether a range lies past its end, is told by the worker too, first of all.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from backend.errors import BadRequest
from backend.messages import Submit
from backend.worker.delivery import check_apart, check_names, check_place, targets
from foley_core.cue import AUTO, Cue, check
from foley_core.errors import CueError, FoleyError, MediaUnreadable, ModelMissing, no_engine
from foley_core.media.regular_file import check_regular

PATIENCE = 0.2
"""Seconds that a disk may take."""
JOB_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


class Disks:
    """Asks disks, and waits only a moment for what they say."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._asking: threading.Thread | None = None

    def ask(self, question: Callable[[], None]) -> bool:
        """Whether it was answered in time, and by no error; else that `FoleyError` is raised.

        While an older question is not answered, none is asked.
        """
        if self._asking is not None and self._asking.is_alive():
            return False
        errors: list[FoleyError] = []

        def asking() -> None:
            with suppress(OSError, ValueError):
                try:
                    question()
                except FoleyError as error:
                    errors.append(error)

        self._asking = threading.Thread(target=asking, name="disks", daemon=True)
        self._asking.start()
        self._asking.join(self._patience)
        if errors:
            raise errors[0]
        return not self._asking.is_alive()


def check_id(job: str) -> None:
    """Raise where no job can be called so."""
    if not JOB_ID.fullmatch(job):
        raise BadRequest(f"{job[:80]!r} cannot be a job's id.", "Use 1 to 64 letters, digits, '-' and '_'.")


def check_words(submit: Submit) -> None:
    """Raise where what is asked for makes no sense, whatever the disks hold."""
    cue = submit.cue
    check(cue)
    if not Path(cue.media).is_absolute():
        raise CueError(f"{cue.media[:100]!r} is no absolute path.", "Give the whole path of the film.")
    check_names(submit.deliver, cue.takes)


def check_engine(engine: str, known: list[str], disks: Disks) -> None:
    """Raise where no engine is called so. `known` are those that the worker found when it began, empty while
    there is none; one that was installed since it finds when a job asks for it."""
    if not known or engine in (AUTO, *known):
        return
    there = installed_engines(disks)
    if there is not None and engine not in there:
        raise no_engine(engine, there)


def installed_engines(disks: Disks) -> list[str] | None:
    """The names of all engines that are there now; None where the disk does not answer."""
    from foley_core.engines.installed import engine_names  # not before: the broker is there sooner

    found: list[str] = []
    return found if disks.ask(lambda: found.extend(engine_names())) else None


def check_disks(submit: Submit) -> None:
    """Raise where the film, the model or a folder is not there, or of no use."""
    media = Path(submit.cue.media)
    check_regular(media)
    if not os.access(media, os.R_OK):
        raise MediaUnreadable(f"{media} may not be read.", "Get access to it.")
    _check_model(submit.cue)
    for path in targets(submit.deliver):
        check_place(path, media)
    check_apart(submit.deliver, submit.cue.layers if submit.cue.stems else ())


def _check_model(cue: Cue) -> None:
    from foley_core.engine_choice import why_unusable  # not before: the broker is there sooner

    why = why_unusable(cue.engine, cue.neural.model)
    if isinstance(why, ModelMissing):
        raise why
