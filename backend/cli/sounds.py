"""`foley sounds`: what the built-in engine knows, and how each of its sounds sounds. Needs no service."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby
from pathlib import Path

import click

from backend.cli.arguments import take_paths
from backend.cli.screen import JSON, answer
from backend.worker.delivery import check_place
from foley_core.audition import Listing, audition, listing
from foley_core.cue import MAX_SEED
from foley_core.errors import BadTime
from foley_core.timecode import exact


@click.group(invoke_without_command=True)
@JSON
@click.pass_context
def sounds(context: click.Context, as_json: bool) -> None:
    """List the sounds and words that the built-in engine knows."""
    if context.invoked_subcommand is None:
        known = listing()
        answer(known, as_json, list(_lines(known)))


def _lines(known: Listing) -> Iterator[str]:
    for family, kinds in groupby(known["sounds"], key=lambda sound: sound["family"]):
        yield f"{family.capitalize()}"
        for sound in kinds:
            yield f'  {sound["name"]:<22} {sound["layer"]:<9} "{sound["example"]}"'
            yield f"  {'':<22} {'':<9} {', '.join(sound['words'])}"
    yield "How a sound should be"
    for modifier in known["modifiers"]:
        yield f"  {modifier['effect']:<22} {', '.join(modifier['words'])}"
    yield "Footsteps"
    for shoe in known["shoes"]:
        yield f"  {shoe['effect']:<22} {', '.join(shoe['words'])}"
    yield "Spaces"
    for space in known["spaces"]:
        yield f"  {space['name']:<14} {space['reverberation']:>4g} s  {', '.join(space['words'])}"


@sounds.command()
@click.argument("name")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The WAV to write.")
@click.option("--seconds", default="5", show_default=True, help="How long it is to be.")
@click.option("--seed", type=click.IntRange(0, MAX_SEED), default=1, show_default=True)
@JSON
def play(name: str, output: Path, seconds: str, seed: int, as_json: bool) -> None:
    """Write the sound NAME to a WAV, without any film."""
    path = Path(take_paths(output, 1)[0])
    check_place(path)
    try:
        length = exact(seconds.strip())
    except BadTime as error:
        raise click.BadParameter(str(error), param_hint="--seconds") from error
    sound = audition(name, path, seconds=length, seed=seed)
    value = {"sound": sound["name"], "path": str(path), "seconds": float(Fraction(length)), "seed": seed}
    answer(value, as_json, [str(path)])
