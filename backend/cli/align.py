"""`foley align`: any recording put in step with a film. Needs no service."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from backend.cache.cache import Cache
from backend.cli.arguments import absolute_path
from backend.cli.outputs import Existing, check_ending, date_of_making, existing_options
from backend.cli.progress import LiveProgress
from backend.cli.screen import JSON, answer, remark
from foley_core.align.alignment import Alignment
from foley_core.align.recording import align_recording
from foley_core.errors import MediaMissing, OutputDenied
from foley_core.media.wav import write_date
from foley_core.sync_witness import sync_witness


@click.command()
@click.argument("video", type=click.Path(path_type=Path))
@click.argument("sound", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The WAV to write.")
@existing_options
@JSON
def align(video: Path, sound: Path, output: Path, existing: Existing, as_json: bool) -> None:
    """Write SOUND to a WAV, moved so that its hits meet the impacts seen in VIDEO.

    SOUND may be any sound file, or a film with sound; it begins where the picture begins. Where the picture
    does not clearly tell that it is late, it is written as it was, and that is said.
    """
    check_ending(output, [".wav"], "--output")
    media, recording, typed = (Path(absolute_path(path)) for path in (video, sound, output))
    if not recording.exists():
        raise MediaMissing(f"There is no sound {recording}.", "Check the path.")
    if typed.exists() and recording.exists() and typed.samefile(recording) and not existing.keep:
        raise OutputDenied(f"{typed} is the sound itself.", "Choose another name.")
    path = existing.settle(typed, media)
    with LiveProgress(1) as progress:
        found = align_recording(
            media,
            recording,
            path,
            store=Cache(),
            witness=sync_witness(),
            on_progress=lambda stage, share: progress.show(stage, 0, share),
        )
    write_date(path, date_of_making())
    answer(msgspec.to_builtins(found), as_json, [str(path)])
    if not as_json:
        for line in (*_summary(found), *found.notes):
            remark(line)


def _summary(found: Alignment) -> Iterator[str]:
    """A line for people, where anything is told; that it is measured, not true, goes with every figure."""
    if found.shift_ms is None:
        return
    side = "early" if found.shift_ms < 0 else "late"
    words = [f"Measured against the picture's impacts the sound was {abs(found.shift_ms):.0f} ms {side}"]
    words.append(f"{len(found.pairs)} of {len(found.pairs) + found.unmatched_impacts} impacts seen are heard")
    if found.p95_ms is not None:
        now = "now lie" if found.moved else "lie"
        words.append(f"95 % of these {now} within {found.p95_ms:.0f} ms of where they are seen")
    yield "; ".join(words) + ("." if found.moved else "; nothing is moved.")
