"""One job, from its cue to files that lie where they were asked for. Runs in the worker.

Each take comes from the cache or is made by `foley_core.generate`; everything is staged first, and put in
place at the very end, so a job that breaks or is cancelled leaves nothing behind.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from backend.cache.cache import Cache
from backend.cache.takes import copy_take
from backend.worker import delivery, link
from foley_core.cue import MAX_SEED, Cue, Layer, encode, plain
from foley_core.cue_range import CueRange, place_cue
from foley_core.engine_choice import choose_engine, with_engine_defaults
from foley_core.engines.engine import Engine, find_engine
from foley_core.errors import Cancelled, EngineFailed, FoleyError, OutputDenied, writing
from foley_core.mastering.mastering import bytes_needed, require_disk_space, stem_path
from foley_core.media.preview import write_preview
from foley_core.media.probe import probe
from foley_core.neural_settings import NEURAL_DEFAULTS, NeuralSettings
from foley_core.picture.spotting import WATCHER_VERSION
from foley_core.progress import STAGES
from foley_core.report.report import write_report
from foley_core.stages import FORMAT, generate
from foley_core.take import Take

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


@dataclass
class TakeJobRunner:
    """Makes jobs' takes. Keeps engines loaded."""

    cache: Cache
    tell: Callable[[str, int, float], None]
    """Told of stage, take (from 0) and progress over the whole job."""
    use: Callable[[str, str], None]
    """Told of the engine that is used from now on, and of its device."""
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
            except FoleyError:
                raise
            except Exception as error:
                raise EngineFailed(
                    f"The engine {name!r} cannot be loaded: {error}.", "Run `foley doctor`."
                ) from error
            self._engines[name] = engine, neural, weights
        self.use(name, engine.device)
        return engine


class _TakeJob:
    """The making of one job."""

    def __init__(self, runner: TakeJobRunner, run: link.Run, placement: delivery.Placement) -> None:
        self._runner = runner
        self._cache = runner.cache
        self._choice = choose_engine(run.cue.engine, run.cue.neural.model)
        self._cue = with_engine_defaults(run.cue, self._choice)
        self._deliver = run.deliver
        self._job = run.job
        self._media = Path(run.cue.media)
        self._placement = placement
        self._staged: dict[Path, Path] = {}
        """Place to staged file."""

    def finish(self) -> link.JobDone:
        """Make everything and put it in its place."""
        cue_range = place_cue(self._cue, probe(self._media))
        for path in delivery.targets(self._deliver):
            delivery.check_place(path, self._media)
        takes = self._takes(cue_range)
        for target, staged in self._staged.items():
            self._placement.put(staged, target)
        preview = self._preview(takes[0], cue_range)
        report = self._report(takes[0], cue_range)
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
            require_disk_space(target.parent, delivered, lambda at: shutil.disk_usage(at).free)
        takes = []
        for number, (cue, key) in enumerate(zip(cues, keys, strict=True)):
            after = zip(cues[number + 1 :], keys[number + 1 :], strict=True)
            further = tuple(cue.seed or 0 for cue, key in after if not self._cache.takes.has(key))
            takes.append(self._take(number, cue, key, engine, further))
        return takes

    def _take(self, number: int, cue: Cue, key: str, engine: Engine, further: tuple[int, ...]) -> Take:
        target = Path(self._deliver.takes[number])
        staged = self._stage(target)
        stems = self._stems(target)
        for stem in stems.values():
            delivery.check_place(stem, self._media)
            self._stage(stem)
        take = self._cache.takes.fetch(key, staged) or self._made(number, cue, key, engine, staged, further)
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

    def _preview(self, take: Take, cue_range: CueRange) -> str | None:
        if self._deliver.preview is None:
            return None
        self._runner.tell("preview", self._cue.takes - 1, _EXTRAS_FROM)
        asked = Path(self._deliver.preview)
        film = write_preview(
            take,
            self._media,
            cue_range.in_point,
            cue_range.out_point,
            self._staging_folder(asked, "preview") / asked.name,
            mix=self._deliver.preview_mix,
        )
        return str(self._put_beside(film, asked))

    def _report(self, take: Take, cue_range: CueRange) -> str | None:
        if self._deliver.report is None:
            return None
        self._runner.tell("report", self._cue.takes - 1, (1 + _EXTRAS_FROM) / 2)
        asked = Path(self._deliver.report)
        folder = self._staging_folder(asked, "report")
        write_report(take, self._cache.recall(self._media, *cue_range.picture), folder / asked.name)
        for made in sorted(folder.iterdir()):
            self._put_beside(made, asked)
        return str(asked)

    def _staging_folder(self, target: Path, name: str) -> Path:
        folder = delivery.staging(target, self._job) / name
        with writing(folder):
            folder.mkdir()
        return folder

    def _stage(self, target: Path) -> Path:
        """Where the file that will lie at `target` is staged; no other may want to lie there."""
        if target in self._staged:
            raise OutputDenied(f"Two files would be put at {target}.", "Give each a name of its own.")
        self._staged[target] = delivery.staging(target, self._job) / target.name
        return self._staged[target]

    def _put_beside(self, made: Path, asked: Path) -> Path:
        """Put what was made where it was asked for, but under the name it was made with."""
        target = asked.with_name(made.name)
        delivery.check_place(target, self._media)
        staged = self._stage(target)
        with writing(staged):
            made.replace(staged)
        self._placement.put(staged, target)
        return target

    def _stems(self, target: Path) -> dict[Layer, Path]:
        return {layer: stem_path(target, layer) for layer in self._cue.layers} if self._cue.stems else {}

    def _tell(self, stage: str, share: float, number: int) -> None:
        self._runner.tell(stage, number, overall(stage, share, number, self._cue.takes))
