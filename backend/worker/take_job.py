"""One job, from its cue to files that lie where they were asked for. Runs in the worker.

Each take comes from the cache or is made by `foley_core.generate`; everything is staged first, and put in
place at the very end, so a job that breaks or is cancelled leaves nothing behind.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from backend.cache.cache import Cache
from backend.cache.takes import copy_take
from backend.worker import delivery, link
from backend.worker.staging import StagedFiles, place_of
from foley_core.cue import MAX_SEED, Cue, Layer, encode, plain
from foley_core.cue_range import CueRange, film_clock, place_cue
from foley_core.engine_choice import EngineChoice, choose_engine, with_engine_defaults
from foley_core.engines.engine import Engine, find_engine
from foley_core.errors import (
    Cancelled,
    DiskFull,
    EngineFailed,
    FoleyError,
    disk_of,
    writing,
)
from foley_core.mastering.mastering import bytes_needed, require_disk_space
from foley_core.media.pause import require_steady_clock
from foley_core.media.preview import write_preview
from foley_core.media.probe import probe
from foley_core.media.wav import write_date
from foley_core.neural_settings import NEURAL_DEFAULTS, NeuralSettings
from foley_core.picture.spotting import WATCHER_VERSION
from foley_core.progress import STAGES
from foley_core.report.made import MadeTakes
from foley_core.report.report import write_report
from foley_core.stages import FORMAT, generate
from foley_core.take import PREVIEW_NOTE, Take, stem_path
from foley_core.timecode import FilmClock

_logger = logging.getLogger(__name__)

_EXTRAS_FROM = 0.97
"""Share of a job's time after which its takes are there, and preview and report are made."""


def take_cue(cue: Cue, number: int) -> Cue:
    """The cue of the job's take of that number (from 0): seeds count up, and begin again at 0."""
    assert cue.seed is not None
    return msgspec.structs.replace(cue, seed=(cue.seed + number) % (MAX_SEED + 1), takes=1, batch="")


def take_key(film: str, cue: Cue, engine: str) -> str:
    """The name of the take that this cue gives; `film` is the film's digest, `engine` tells it from others.

    The film's name counts too, for it stands in the take's record; its folder does not.
    """
    played: dict[str, object] = plain(cue)
    for name in ("media", "batch", "takes"):
        del played[name]
    content = {
        "film": film,
        "name": Path(cue.media).name,
        "cue": played,
        "engine": engine,
        "watcher": WATCHER_VERSION,
        "format": FORMAT,
    }
    return hashlib.sha256(encode(content)).hexdigest()


def overall(stage: str, share: float, number: int, takes: int) -> float:
    """How far the job is, where take `number` (from 0) is at `share` of `stage`."""
    before = 0.0
    for name, length in STAGES.items():
        if name == stage:
            return _EXTRAS_FROM * (number + before + length * share) / takes
        before += length
    return _EXTRAS_FROM * number / takes


@contextmanager
def _in_our_own_folder(output: Path) -> Iterator[None]:
    """Where the disk of the state folder is full, that is what is said, and how to use another."""
    try:
        yield
    except DiskFull as error:
        raise DiskFull(
            error.message,
            f"Free some space on the disk at {disk_of(output)}, or set FOLEY_HOME to a folder on another.",
        ) from error


@dataclass
class TakeJobRunner:
    """Makes jobs' takes. Keeps engines loaded."""

    cache: Cache
    tell: Callable[[str, int, float], None]
    """Told of stage, take (from 0) and progress over the whole job."""
    use: Callable[[str, str, str], None]
    """Told of the engine that is used from now on, of its device, and of its version."""
    cancelled: Callable[[], bool]
    _engines: dict[str, tuple[Engine, NeuralSettings, str]] = field(default_factory=dict)
    """Those that are loaded, for which settings, and with which weights."""

    def make(self, run: link.Run) -> link.JobDone:
        """Make and deliver; raises a `FoleyError`, `Cancelled` among them, with nothing delivered."""
        self.tell("start", 0, 0.0)
        self.cache.takes.sweep()
        delivery.sweep(run.deliver, run.job)
        try:
            with delivery.Placement() as placement:
                return _TakeJob(self, run, placement).finish()
        finally:
            delivery.sweep(run.deliver, run.job)

    def engine(self, name: str, neural: NeuralSettings = NEURAL_DEFAULTS, weights: str = "") -> Engine:
        """The engine of that name, loaded for these settings; `weights` tells its files from others."""
        engine, *loaded_for = self._engines.get(name) or (find_engine(name),)
        if loaded_for != [neural, weights]:
            self.tell("load", 0, 0.0)
            self._engines.pop(name, None)
            try:
                engine.load(neural)
            except (FoleyError, MemoryError):
                raise
            except Exception as error:
                raise EngineFailed(
                    f"The engine {name!r} cannot be loaded: {error}.", "Run `foley doctor`."
                ) from error
            self._engines[name] = engine, neural, weights
        self.use(name, engine.device, engine.version)
        return engine


class _TakeJob:
    """The making of one job."""

    def __init__(self, runner: TakeJobRunner, run: link.Run, placement: delivery.Placement) -> None:
        self._runner = runner
        self._cache = runner.cache
        self._choice = EngineChoice(run.cue.engine)
        self._cue = run.cue
        self._deliver = run.deliver
        self._without_preview = run.without_preview
        self._job = run.job
        self._media = Path(run.cue.media)
        self._files = StagedFiles(run.job, self._media, placement)

    def finish(self) -> link.JobDone:
        """Make everything and put it in its place. What the client may have got wrong is looked at first."""
        info = probe(self._media)
        cue_range = place_cue(self._cue, info)
        require_steady_clock(info, *cue_range.picture)
        for path in delivery.targets(self._deliver):
            delivery.check_place(path, self._media)
        self._choice = choose_engine(self._cue.engine, self._cue.neural.model)
        self._cue = with_engine_defaults(self._cue, self._choice)
        takes = self._takes(cue_range)
        self._files.put_all()
        preview, note = self._preview(takes[0], cue_range)
        if note:
            takes[0] = msgspec.structs.replace(takes[0], notes={**takes[0].notes, PREVIEW_NOTE: note})
        report = self._report(takes, cue_range, film_clock(info), preview)
        if self._runner.cancelled():
            raise Cancelled
        self._cache.make_room()
        records = [msgspec.to_builtins(take) for take in takes]
        return link.JobDone(job=self._job, takes=records, preview=preview, report=report)

    def _takes(self, cue_range: CueRange) -> list[Take]:
        """All takes, staged; their records name the places they will have."""
        engine = self._runner.engine(self._cue.engine, self._cue.neural, self._choice.weights)
        film = self._cache.digest(self._media)
        cues = [take_cue(self._cue, number) for number in range(self._cue.takes)]
        played_by = f"{engine.name} {engine.version} {self._choice.weights}"
        keys = [take_key(film, cue, played_by) for cue in cues]
        files = 1 + len(self._stems(Path("take.wav")))
        working = max(files, len(self._cue.layers)) if self._cue.alignment == "snap" else files
        delivered = bytes_needed(cue_range.samples, self._cue.bits, files, working=0)
        needed = bytes_needed(cue_range.samples, self._cue.bits, files, working)
        self._cache.make_room(needed, keep=keys)
        for target in map(Path, self._deliver.takes):
            folder = place_of(target).parent
            require_disk_space(folder, delivered, lambda at: shutil.disk_usage(at).free)
        takes = []
        for number, (cue, key) in enumerate(zip(cues, keys, strict=True)):
            after = zip(cues[number + 1 :], keys[number + 1 :], strict=True)
            further = tuple(cue.seed or 0 for cue, key in after if not self._cache.takes.has(key))
            takes.append(self._take(number, cue, key, engine, further))
        return takes

    def _take(self, number: int, cue: Cue, key: str, engine: Engine, further: tuple[int, ...]) -> Take:
        target = Path(self._deliver.takes[number])
        staged = self._files.stage(target)
        stems = self._stems(target)
        for stem in stems.values():
            delivery.check_place(stem, self._media)
        staged_stems = {layer: self._files.stage(stem) for layer, stem in stems.items()}
        take = self._cache.takes.fetch(key, staged) or self._made(number, cue, key, engine, staged, further)
        for layer, place in staged_stems.items():
            if (beside := stem_path(staged, layer)) != place:  # one of the two is a link
                with writing(place):
                    shutil.move(beside, place)
        if self._deliver.made is not None:
            for file in (staged, *staged_stems.values()):
                write_date(file, self._deliver.made)
        return msgspec.structs.replace(
            take,
            path=str(target),
            stems={layer: str(path) for layer, path in stems.items()},
            cue={**take.cue, "media": str(self._media)},
        )

    def _made(
        self, number: int, cue: Cue, key: str, engine: Engine, staged: Path, further: tuple[int, ...]
    ) -> Take:
        with self._cache.takes.staging_folder() as output:
            with _in_our_own_folder(output):
                made = generate(
                    cue,
                    output,
                    engine=engine,
                    store=self._cache,
                    features=self._cache.features,
                    further_seeds=further,
                    on_progress=lambda stage, share: self._tell(stage, share, number),
                    cancelled=self._runner.cancelled,
                )
            take = copy_take(made, staged)
            self._cache.takes.keep(key, made)
        return take

    def _preview(self, take: Take, cue_range: CueRange) -> tuple[str | None, str]:
        """Where the preview is, and what is to be said of it; the take is never lost for it."""
        if self._deliver.preview is None:
            return None, ""
        if self._without_preview:
            return None, "left out: the worker died over it, again and again"
        asked = Path(self._deliver.preview)
        try:
            preview = write_preview(
                take,
                self._media,
                cue_range.in_point,
                cue_range.out_point,
                self._files.folder(asked, "preview") / asked.name,
                mix=self._deliver.preview_mix,
                on_progress=lambda share: self._tell_extra("preview", share / 2),
            )
            place = self._files.put_beside(preview.path, asked)
        except Cancelled:
            raise
        except Exception as error:
            _logger.warning("preview left out", exc_info=error)
            return None, f"left out: {error}"
        return str(place), "; ".join(preview.notes)

    def _report(
        self, takes: list[Take], cue_range: CueRange, clock: FilmClock, preview: str | None
    ) -> str | None:
        paths = delivery.report_files(self._deliver)
        if not paths:
            return None
        self._tell_extra("report", 1 / 2)
        spotting = self._cache.recall(self._media, *cue_range.picture)
        made = MadeTakes(takes, clock, spotting, Path(preview) if preview else None)
        for number, path in enumerate(paths):
            staged = self._files.folder(path, f"report-{number}") / path.name
            write_report(
                made,
                staged,
                folder=path.parent,
                tick=lambda share: self._tell_extra("report", (1 + share) / 2),
            )
            self._files.put_beside(staged, path)
        return str(paths[0])

    def _tell_extra(self, stage: str, share: float) -> None:
        self._runner.tell(stage, self._cue.takes - 1, _EXTRAS_FROM + (1 - _EXTRAS_FROM) * share)
        if self._runner.cancelled():
            raise Cancelled

    def _stems(self, target: Path) -> dict[Layer, Path]:
        return {layer: stem_path(target, layer) for layer in self._cue.layers} if self._cue.stems else {}

    def _tell(self, stage: str, share: float, number: int) -> None:
        self._runner.tell(stage, number, overall(stage, share, number, self._cue.takes))
