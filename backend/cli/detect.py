"""`foley detect`: the impacts that are seen in a film. Needs no service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from backend.cli.arguments import SHARE, TimeReader, absolute_path
from backend.cli.edl import markers_edl
from backend.cli.hits_file import ENDINGS, hits_text
from backend.cli.outputs import Existing, check_ending, existing_options
from backend.cli.progress import LiveProgress
from backend.cli.screen import JSON, answer, remark
from backend.cli.seen import seen
from foley_core.cue import Cue, check
from foley_core.cue_range import film_clock, place_cue
from foley_core.media.atomic_file import atomic_file
from foley_core.media.probe import probe
from foley_core.picture.spotting import Impact
from foley_core.timecode import FilmClock, TimecodeFormat, exact_text

EDL = ".edl"


@click.command()
@click.argument("video", type=click.Path(path_type=Path))
@click.option("--in", "in_point", metavar="T", help="Where to start.")
@click.option("--out", "out_point", metavar="T", help="Where to end.")
@click.option("--min-sure", type=SHARE, default=0.0, help="Only those at least so sure.")
@click.option("--min-strength", type=SHARE, default=0.0, help="Only those so strong.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Also a .csv or .json, for --hits, or an .edl."
)
@existing_options
@JSON
def detect(
    video: Path,
    output: Path | None,
    in_point: str | None,
    out_point: str | None,
    min_sure: float,
    min_strength: float,
    as_json: bool,
    existing: Existing,
) -> None:
    """Show the impacts seen in VIDEO, without making sound."""
    if output is not None:
        check_ending(output, [*ENDINGS, EDL], "--output")
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
    with LiveProgress(1) as progress:
        spotting = seen(media, start, end, lambda share: progress.show("watch", 0, share))
    told_by = film_clock(info)
    impacts = [
        _told(impact, told_by)
        for impact in spotting.impacts
        if impact.sure >= min_sure and impact.strength >= min_strength
    ]
    if output is not None:
        _write(output, impacts, info.path.stem, told_by.counting)
    lines = [
        f"{impact['time']:10.3f} s   {impact['timecode']}   "
        f"strength {impact['strength']:.2f}   sure {impact['sure']:.2f}   {impact['kind']}"
        for impact in impacts
    ]
    value = {
        "impacts": impacts,
        "cuts": [{"time": float(cut), "time_exact": exact_text(cut)} for cut in spotting.cuts],
        "start_exact": exact_text(start),
        "end_exact": exact_text(end),
        "remarks": list(info.notes),
        "path": str(output) if output is not None else None,
    }
    answer(value, as_json, lines if output is None else [str(output)])
    if not as_json:
        if output is not None or not impacts:
            remark(_count(len(impacts), thresholds=bool(min_sure or min_strength)))
        for note in info.notes:
            remark(note)


def _count(impacts: int, *, thresholds: bool) -> str:
    so = " that are so sure and so strong" if thresholds else ""
    return f"{impacts or 'No'} impact{'' if impacts == 1 else 's'} seen{so}."


def _told(impact: Impact, clock: FilmClock) -> dict[str, Any]:
    return {
        "time": float(impact.time),
        "time_exact": exact_text(impact.time),
        "timecode": clock.timecode(impact.time),
        "strength": round(impact.strength, 4),
        "x": round(impact.x, 4),
        "y": round(impact.y, 4),
        "size": round(impact.size, 4),
        "sure": round(impact.sure, 4),
        "kind": impact.kind,
    }


def _write(output: Path, impacts: Sequence[Mapping[str, Any]], title: str, counting: TimecodeFormat) -> None:
    """As markers, or as a list of hits."""
    ending = output.suffix.lower()
    text = markers_edl(title, impacts, counting) if ending == EDL else hits_text(impacts, ending)
    with atomic_file(output) as part:
        part.write_text(text, encoding="utf-8", newline="\n")
