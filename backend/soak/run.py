"""The run: one cue after the other through the service, and everything that is noted meanwhile.

Each cue is watched and made whole: what the service keeps is thrown away before it. A cue that fails is
noted, and the run goes on. Takes are listened to and then deleted, so there must be room for one cue: its
working files, its takes and what the service keeps of them.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from backend.client import ClientError
from backend.soak.faults import FaultInjector, FaultResults
from backend.soak.plan import Clip, Plan, clips_of
from backend.soak.service import Service, own_service
from backend.soak.take_check import (
    MeasuredImpact,
    blocks_of,
    clicks_in,
    measured_impacts,
    missing_samples,
    onsets_in,
    silent_samples,
)
from foley_core.cue import Cue, plain
from foley_core.timecode import sample_at

CLICKS = "impulse"
"""The engine that sounds white frames, not impacts, each as one sample."""
_SECONDS_BETWEEN_READINGS = 1.0
_WARM_UP = 300
"""Seconds of film at most that are made before anything is measured, so that everything is loaded, and what
grows with a cue is as large as it gets."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class MemoryReading:
    """How much memory a process had."""

    at: float
    """Seconds of film made so far."""
    process: str
    bytes: int


@dataclass
class CueResult:
    """What became of a cue."""

    clip: Clip
    seconds: float = 0.0
    """From its submission to its delivery."""
    progress: list[tuple[float, float]] = field(default_factory=list)
    """Seconds since its submission, and how far it was then, 0 to 1."""
    heard: list[MeasuredImpact] = field(default_factory=list)
    missing: int = 0
    """Samples never written, of all its files."""
    silent: int = 0
    """Samples of digital silence inside its ambience."""
    error: str = ""


@dataclass
class RunLog:
    """What the run has noted."""

    plan: Plan
    made: list[CueResult] = field(default_factory=list)
    readings: list[MemoryReading] = field(default_factory=list)
    results: FaultResults | None = None


def run(plan: Plan, say: Say) -> RunLog:
    """Do it all; `say` is told how far it is. A `FoleyError` or `ClientError` where nothing can be done."""
    log = RunLog(plan)
    with tempfile.TemporaryDirectory(prefix="foley-soak-") as name:
        folder = Path(name)
        say("Drawing the film." if not plan.videos else "Looking at the films.")
        clips = clips_of(plan, folder)
        with own_service(folder / "home") as service:
            runner = _Runner(log, service, folder, say)
            runner.warm_up(clips[0])
            for clip in clips:
                runner.cue(clip)
            if plan.faults:
                log.results = FaultInjector(plan, service, clips, folder, say).inject()
    return log


class _Runner:
    """Makes cues, and takes readings while they are made."""

    def __init__(self, log: RunLog, service: Service, folder: Path, say: Say) -> None:
        self._log, self._service, self._folder, self._say = log, service, folder, say
        self._read_at = -1.0

    def warm_up(self, clip: Clip) -> None:
        """A first cue that does not count."""
        with self._takes() as take:
            end = min(clip.end, clip.start + _WARM_UP)
            self._service.client.follow(self._submit(clip, end, take))

    def cue(self, clip: Clip) -> None:
        """Make it, and listen to it."""
        made, plan = CueResult(clip), self._log.plan
        self._service.forget()
        with self._takes() as take:
            begun = time.monotonic()
            try:
                job = self._submit(clip, clip.end, take)
                done = self._service.client.follow(job, lambda push: self._note(made, push, begun))
                made.seconds = time.monotonic() - begun
                listen(made, plan.engine, take, done["takes"][0]["stems"])
            except ClientError as error:
                made.error = f"{error.message} [{error.code}]"
        self._log.made.append(made)
        outcome = made.error or f"{made.seconds:.1f} s"
        self._say(f"Clip {clip.number + 1} of {plan.clips}, {clip.footage.kind}: {outcome}")

    def _submit(self, clip: Clip, end: Fraction, take: Path) -> str:
        return self._service.client.submit(plain(cue_of(clip, end, self._log.plan)), {"takes": [str(take)]})

    @contextmanager
    def _takes(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            yield Path(folder, "take.wav")

    def _note(self, made: CueResult, push: dict[str, Any], begun: float) -> None:
        now = time.monotonic()
        made.progress.append((now - begun, push["progress"]))
        if now - self._read_at < _SECONDS_BETWEEN_READINGS:
            return
        self._read_at = now
        at = float(made.clip.at) + float(made.clip.seconds) * push["progress"]
        held = self._service.memory()
        self._log.readings += [MemoryReading(at, name, size) for name, size in held.items()]


def cue_of(clip: Clip, end: Fraction, plan: Plan) -> Cue:
    """The clip as a cue, with a seed of its own, and a file for each layer."""
    return Cue(
        media=os.fspath(clip.footage.path),
        prompt=plan.prompt,
        in_point=clip.start,
        out_point=end,
        seed=plan.seed + clip.number,
        engine=plan.engine,
        stems=True,
    )


def listen(made: CueResult, engine: str, take: Path, stems: dict[str, str]) -> None:
    """Listen to the files of a cue."""
    clip, footage = made.clip, made.clip.footage
    first = sample_at(clip.start)
    asked = sample_at(clip.end) - first
    made.missing = sum(missing_samples(path, asked) for path in (take, *map(Path, stems.values())))
    made.silent = silent_samples(blocks_of(Path(stems["ambience"])))
    clicks = engine == CLICKS
    truth = footage.flashes if clicks else footage.strikes
    inside = [time for time in truth if clip.start <= time < clip.end]
    if inside:
        hits = Path(stems["hits"])
        made.heard = measured_impacts(inside, clicks_in(hits) if clicks else onsets_in(hits), first)
