"""The one way through: watch, sound, align, master, write.

`generate` runs the stages of one cue, for every engine, editor, batch and test. The film is watched in a
thread of its own, a little ahead of the engine, which plays in the caller's. It guarantees: the same cue and
seed give the same file, to the bit (on a graphics card but for rounding); a take begins and ends on the exact
sample; a file at `output` is whole, or was not touched; memory does not grow with the length of the cue; no
thread is left, whatever happened. It does not deliver, cache or retry: that is the service's business.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from foley_core.align.sound_analysis import SoundAnalysis, SoundAnalyzer
from foley_core.cue import MAX_SEED, Alignment, Cue, Layer, check, encode, plain, wanted_hits
from foley_core.cue_range import CueRange, place_cue
from foley_core.engine_choice import EngineChoice, choose_engine, with_engine_defaults
from foley_core.engines.engine import Block, Brief, Engine, FeatureStore, Performance, find_engine
from foley_core.errors import EngineFailed, FoleyError, too_little_memory
from foley_core.hits import CuePicture
from foley_core.mastering.mastering import (
    Mastering,
    bytes_needed,
    master,
    require_disk_space,
)
from foley_core.mastering.working_sound import WorkingSound
from foley_core.media.cue_points import hit_points, without_point
from foley_core.media.pause import require_steady_clock
from foley_core.media.probe import MediaInfo, probe
from foley_core.media.wav import write_wav
from foley_core.media.wav_header import FLOAT_BITS, WavHeader
from foley_core.picture.spotting import SpottingStore
from foley_core.picture.spotting_stream import SpottingStream
from foley_core.picture.watch import watch
from foley_core.prefetch import prefetch
from foley_core.progress import OnProgress, Progress
from foley_core.samples import Sound
from foley_core.sync import SyncResult, sync_hits
from foley_core.take import Take, stem_path
from foley_core.timecode import exact_text

FORMAT = "5"
"""Raised whenever the same cue and engine would be mastered or written differently."""

_CHUNKS_AHEAD = 32
"""How many pieces of film, a quarter of a second each, are watched ahead of what the engine asks for: as much
as a window of the neural engine."""


def generate(
    cue: Cue,
    output: Path,
    *,
    engine: Engine | None = None,
    store: SpottingStore | None = None,
    features: FeatureStore | None = None,
    further_seeds: tuple[int, ...] = (),
    on_progress: OnProgress = lambda stage, share: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Take:
    """Make one take for `cue` as a Broadcast WAV at `output`, its stems beside it.

    `engine` must be loaded already; without it the cue's engine is found and loaded. `store` keeps what was
    seen in the picture, `features` what the engine found out about it. `further_seeds` are those of takes of
    the same cue that will be asked for next.
    Raises a `FoleyError`; `Cancelled` soon after `cancelled()` turns true.
    """
    check(cue)
    cue = with_engine_defaults(
        cue, EngineChoice(engine.name) if engine else choose_engine(cue.engine, cue.neural.model)
    )
    cue = msgspec.structs.replace(cue, seed=secrets.randbelow(MAX_SEED + 1) if cue.seed is None else cue.seed)
    info = probe(Path(cue.media))
    cue_range = place_cue(cue, info)
    require_steady_clock(info, *cue_range.picture)
    cue = msgspec.structs.replace(cue, out_point=cue_range.out_point)
    assert cue.alignment is not None
    stems = {layer: stem_path(output, layer) for layer in cue.layers} if cue.stems else {}
    apart = cue.alignment == "snap" and "hits" in cue.layers
    working_layers = cue.layers if apart else tuple(stems)
    needed = bytes_needed(
        cue_range.samples, cue.bits, files=1 + len(stems), working=len(working_layers) + (not apart)
    )
    require_disk_space(output.parent, needed, lambda at: shutil.disk_usage(at).free)
    progress = Progress(on_progress, cancelled)
    engine = engine or _loaded(cue)

    progress.both()
    with _working_sound(cue, output.parent, working_layers, apart) as working:
        with _stream(info, cue_range, store, progress) as stream:
            brief = _brief(cue, cue_range, stream, further_seeds, features, progress.sounded)
            performance, heard = _perform(engine, brief, working, cue.alignment)
            sync = sync_hits(brief, performance.hits, heard, cue.alignment)
        progress.tell("sound", 1.0)
        progress.tell("master", 0.0)
        working.move_hits(sync.splices, lambda share: progress.tell("master", share / 2))
        mastering = _master(cue, working, lambda share: progress.tell("master", (1 + share) / 2))
        take = _take(cue, cue_range, engine, performance, sync, mastering)
        said = (*info.notes, *_without_markers(take), *filter(None, [take.missed_loudness()]))
        take = msgspec.structs.replace(take, remarks=said)
        header = _header(take, cue, cue_range)
        _write(take, working, mastering, header, [*stems.items(), (None, output)], progress)
    on_progress("write", 1.0)
    return msgspec.structs.replace(
        take,
        path=str(output),
        stems={layer: str(path) for layer, path in stems.items()},
        decoded_frames=stream.frames + performance.decoded(),
    )


def _loaded(cue: Cue) -> Engine:
    engine = find_engine(cue.engine)
    with _engine_errors(engine):
        engine.load(cue.neural)
    return engine


def _working_sound(cue: Cue, folder: Path, layers: tuple[Layer, ...], apart: bool) -> WorkingSound:
    width = 1.0 if cue.width is msgspec.UNSET else cue.width
    return WorkingSound(folder, layers, apart=apart, width=width, mono=bool(cue.mono))


@contextmanager
def _stream(
    info: MediaInfo, cue_range: CueRange, store: SpottingStore | None, progress: Progress
) -> Iterator[SpottingStream]:
    """What is seen in the stretch: known from the store, or watched as it is asked for, and then kept."""
    media, (start, end) = info.path, cue_range.picture
    kept = store.recall(media, start, end) if store else None
    if kept is not None:
        progress.watched(1.0)
        yield SpottingStream.of(kept)
        return
    watching = watch(info, start, end, progress.watched)
    with closing(prefetch(watching, _CHUNKS_AHEAD, progress.both)) as chunks:
        stream = SpottingStream(start, end, chunks)
        try:
            yield stream
            if store:
                store.keep(media, stream.spotting())
        finally:
            progress.leave()


def _brief(
    cue: Cue,
    cue_range: CueRange,
    stream: SpottingStream,
    further_seeds: tuple[int, ...],
    features: FeatureStore | None,
    tick: Callable[[float], None],
) -> Brief:
    assert cue.seed is not None
    wanted = wanted_hits(cue)
    return Brief(
        media=Path(cue.media),
        prompt=cue.prompt,
        negative=cue.negative,
        layers=cue.layers,
        seed=cue.seed,
        first_sample=cue_range.first_sample,
        samples=cue_range.samples,
        picture=CuePicture(
            stream,
            wanted,
            cue_range,
            min_sure=cue.min_sure or 0.0,
            min_strength=cue.min_strength or 0.0,
        ),
        tick=tick,
        neural=cue.neural,
        hit_layers=("hits", *sorted({hit.layer for hit in wanted or () if hit.layer} - {"hits"})),
        further_seeds=further_seeds,
        store=features,
    )


def _perform(
    engine: Engine, brief: Brief, working: WorkingSound, alignment: Alignment
) -> tuple[Performance, SoundAnalysis | None]:
    """Play the brief into the working file; what the engine gives back is checked block by block.

    The hits are listened to where they may be moved, and where the engine does not say where they lie.
    """
    with _engine_errors(engine):
        performance = engine.perform(brief)
        blocks = iter(performance.blocks)
    unknown = performance.hits is None and alignment == "report"
    analyzer = SoundAnalyzer() if "hits" in brief.layers and (unknown or alignment == "snap") else None
    while True:
        with _engine_errors(engine):
            block = next(blocks, None)
        if block is None:
            break
        _check_block(engine, block, brief.layers)
        if working.samples + len(block[brief.layers[0]]) > brief.samples:
            raise EngineFailed(
                f"The engine {engine.name!r} played on past the {brief.samples} samples asked for."
            )
        working.add(block)
        if analyzer:
            analyzer.feed(block["hits"])
        brief.tick(working.samples / brief.samples)
    if working.samples != brief.samples:
        raise EngineFailed(
            f"The engine {engine.name!r} played {working.samples} samples, not the {brief.samples} asked for."
        )
    return performance, analyzer.heard() if analyzer else None


def _check_block(engine: Engine, block: Block, layers: tuple[Layer, ...]) -> None:
    shapes = {sound.shape for sound in block.values()}
    if set(block) != set(layers) or len(shapes) != 1 or len(shape := shapes.pop()) != 2 or shape[1] != 2:
        raise EngineFailed(
            f"The engine {engine.name!r} gave back layers {sorted(block)} that do not fit together."
        )
    for layer, sound in block.items():
        if sound.dtype != np.float32 or not np.isfinite(sound).all():
            raise EngineFailed(f"The engine {engine.name!r} gave back {layer} with values that are no sound.")


@contextmanager
def _engine_errors(engine: Engine) -> Iterator[None]:
    """An engine may break in any way; whatever it raises becomes an `EngineFailed`, or an `OutOfMemory`."""
    try:
        yield
    except FoleyError:
        raise
    except MemoryError as error:
        raise too_little_memory() from error
    except Exception as error:
        raise EngineFailed(
            f"The engine {engine.name!r} broke: {type(error).__name__}: {error}.",
            "The worker's log has the details.",
        ) from error


def _master(cue: Cue, working: WorkingSound, tick: Callable[[float], None]) -> Mastering:
    """Samples in float need no ceiling."""
    return master(working, cue.loudness, tick, ceiling=cue.bits != FLOAT_BITS)


def _take(
    cue: Cue,
    cue_range: CueRange,
    engine: Engine,
    performance: Performance,
    sync: SyncResult,
    mastering: Mastering,
) -> Take:
    """The record, as yet without files."""
    assert cue.seed is not None
    return Take(
        path="",
        seed=cue.seed,
        engine=engine.name,
        engine_version=engine.version,
        samples=cue_range.samples,
        channels=1 if cue.mono else 2,
        bits=cue.bits,
        start=float(cue_range.start),
        start_exact=exact_text(cue_range.start),
        time_reference=cue_range.time_reference,
        head=cue_range.head,
        tail=cue_range.tail,
        impacts=sync.impacts,
        alignment=sync.alignment,
        unknown_words=tuple(performance.unknown_words),
        near_words={word: tuple(near) for word, near in performance.near_words.items()},
        lufs=_rounded(mastering.lufs),
        true_peak=_rounded(mastering.true_peak),
        gain_db=mastering.gain_db,
        limited_db=round(mastering.limited_db, 2),
        limited_share=round(mastering.limited_share, 3),
        notes=dict(performance.notes),
        cue=_cue_on_record(cue),
    )


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 2)


def _cue_on_record(cue: Cue) -> dict[str, Any]:
    """The cue as it was played; the film by name only, for it may be moved, and without its batch."""
    record: dict[str, Any] = plain(cue)
    record["media"] = Path(cue.media).name
    del record["batch"]
    return record


def _header(take: Take, cue: Cue, cue_range: CueRange) -> WavHeader:
    """What all files of the take say of themselves."""
    return WavHeader(
        samples=take.samples,
        bits=cue.bits,
        channels=take.channels,
        time_reference=take.time_reference,
        timecode=cue_range.timecode,
        description=cue.prompt or "foley",
        record=encode(take),
    )


def _without_markers(take: Take) -> tuple[str, ...]:
    """What is to be said of hits too far from the beginning for a marker."""
    count = without_point(take.impacts)
    return (f"{count} hits lie past 24 h 51 min and have no marker in the WAV.",) if count else ()


def _write(
    take: Take,
    working: WorkingSound,
    mastering: Mastering,
    header: WavHeader,
    files: Sequence[tuple[Layer | None, Path]],
    progress: Progress,
) -> None:
    """Write the stems and the mix (None), each with the whole record; the take itself appears last."""
    for number, (layer, path) in enumerate(files):
        whole = header.bits != FLOAT_BITS
        sound = working.read(layer, mastering.gain, mastering.ceiling, whole=whole)
        before, total = number * take.samples, len(files) * take.samples
        blocks = _counted(sound, before, total, lambda share: progress.tell("write", share))
        write_wav(path, blocks, replace(header, points=hit_points(take.impacts, layer)))


def _counted(
    blocks: Iterator[Sound], before: int, total: int, tick: Callable[[float], None]
) -> Iterator[Sound]:
    for block in blocks:
        tick(before / total)
        before += len(block)
        yield block
