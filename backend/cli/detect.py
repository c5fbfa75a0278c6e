"""`foley detect`: the impacts that are seen in a film. Needs no service."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from backend.cache.cache import Cache
from backend.cli.arguments import SHARE, TimeReader, absolute_path
from backend.cli.hits_file import ENDINGS, hits_text
from backend.cli.outputs import Existing, existing_options
from backend.cli.progress import LiveProgress
from backend.cli.screen import JSON, answer, remark
from foley_core.cue import Cue, check
from foley_core.cue_range import place_cue
from foley_core.media.atomic_file import atomic_file
from foley_core.media.probe import probe
from foley_core.picture.spotting import Impact
from foley_core.picture.spotting_stream import SpottingStream
from foley_core.picture.watch import watch
from foley_core.timecode import exact_text


@click.command()
@click.argument("video", type=click.Path(path_type=Path))
@click.option("--in", "in_point", metavar="T", help="Where to start.")
@click.option("--out", "out_point", metavar="T", help="Where to end.")
@click.option("--min-sure", type=SHARE, default=0.0, help="Only those at least so sure.")
@click.option("--min-strength", type=SHARE, default=0.0, help="Only those so strong.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Also a .csv or .json, for --hits.")
@existing_options
@JSON
def detect(
    video: Path,
    output: Path | None,
    in_point: str | None,
    out_point: str | None,
    min_sure: float,
    min_strength: float,
    existing: Existing,
    as_json: bool,
) -> None:
    """Show the impacts seen in VIDEO, without making sound."""
    if output is not None and output.suffix.lower() not in ENDINGS:
        raise click.BadParameter(f"Let the name end in {' or '.join(ENDINGS)}.", param_hint="--output")
    info = probe(video)
    media = Path(absolute_path(video))
    if output is not None:
        output = existing.settle(Path(absolute_path(output)), media)
    clock = TimeReader(info)
    cue = Cue(
        media=str(media),
        in_point=clock.time(in_point, "--in") if in_point else Fraction(0),
        out_point=clock.time(out_point, "--out") if out_point else None,
    )
    check(cue)
    start, end = place_cue(cue, info).picture
    store = Cache()
    with LiveProgress(1) as progress:
        spotting = store.recall(media, start, end)
        if spotting is None:
            chunks = watch(media, start, end, lambda share: progress.show("watch", 0, share))
            spotting = SpottingStream(start, end, chunks).spotting()
            store.keep(media, spotting)
    impacts = [
        _told(impact)
        for impact in spotting.impacts
        if impact.sure >= min_sure and impact.strength >= min_strength
    ]
    if output is not None:
        with atomic_file(output) as part:
            part.write_text(hits_text(impacts, output.suffix.lower()), encoding="utf-8", newline="\n")
    lines = [
        f"{impact['time']:10.3f} s   strength {impact['strength']:.2f}   sure {impact['sure']:.2f}"
        for impact in impacts
    ]
    value = {
        "impacts": impacts,
        "cuts": [{"time": float(cut), "time_exact": exact_text(cut)} for cut in spotting.cuts],
        "start_exact": exact_text(start),
        "end_exact": exact_text(end),
        "remarks": list(info.notes),
    }
    answer(value, as_json, lines)
    if not as_json:
        for note in info.notes:
            remark(note)


def _told(impact: Impact) -> dict[str, Any]:
    return {
        "time": float(impact.time),
        "time_exact": exact_text(impact.time),
        "strength": round(impact.strength, 4),
        "x": round(impact.x, 4),
        "y": round(impact.y, 4),
        "size": round(impact.size, 4),
        "sure": round(impact.sure, 4),
    }
