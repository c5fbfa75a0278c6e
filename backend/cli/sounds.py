"""`foley sounds`: what the built-in engine knows and plays, what it takes a prompt for. Needs no service."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby
from pathlib import Path

import click

from backend.cli.arguments import absolute_path
from backend.cli.outputs import Existing, check_ending, date_of_making, existing_options
from backend.cli.results import WHERE_KNOWN, unknown_words
from backend.cli.screen import JSON, answer, remark
from foley_core.audition import ExplainedWord, Explanation, Listing, audition, explain, listing
from foley_core.cue import MAX_SEED, Cue, check
from foley_core.errors import BadTime
from foley_core.media.wav import write_date
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
@click.argument("sound")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The WAV to write.")
@click.option("--seconds", default="5", show_default=True, help="How long it is to be.")
@click.option("--seed", type=click.IntRange(0, MAX_SEED), default=1, show_default=True)
@existing_options
@JSON
def play(sound: str, output: Path, seconds: str, seed: int, existing: Existing, as_json: bool) -> None:
    """Write SOUND, the name of one or a whole prompt, to a WAV, without any film."""
    check_ending(output, [".wav"], "--output")
    path = existing.settle(Path(absolute_path(output)))
    try:
        length = exact(seconds.strip())
    except BadTime as error:
        raise click.BadParameter(str(error), param_hint="--seconds") from error
    played = audition(sound, path, seconds=length, seed=seed)
    write_date(path, date_of_making())
    if played["unknown_words"] and not as_json:
        remark(f"Not understood: {unknown_words(played)}.")
    value = {**played, "path": str(path), "seconds": float(Fraction(length)), "seed": seed}
    answer(value, as_json, [str(path)])


@sounds.command("explain")
@click.argument("prompt")
@click.option("--negative", default="", help="What is not to be heard.")
@JSON
def explain_prompt(prompt: str, negative: str, as_json: bool) -> None:
    """Tell what each word of PROMPT is taken for, and what is played for it."""
    check(Cue(media="none", prompt=prompt, negative=negative))
    explanation = explain(prompt, negative)
    answer(explanation, as_json, list(_explained(explanation)))


def _explained(explanation: Explanation) -> Iterator[str]:
    """A line for each word, then what is played."""
    yield f"{'WORD':<28} TAKEN FOR"
    for word in explanation["words"]:
        yield f"{word['text']:<28} {_meant(word)}".rstrip()
    yield ""
    yield f"{'LAYER':<10} SOUND"
    for sound in explanation["sounds"]:
        how = f" ({', '.join(sound['how'])})" if sound["how"] else ""
        why = "" if sound["named"] else ", as no other is named"
        yield f"{sound['layer']:<10} {sound['name']}{how}{why}"
    if explanation["dealt"]:
        yield f"{'':<10} {explanation['dealt']}"
    if not explanation["sounds"]:
        yield "Nothing is left to hear."
    if explanation["space"]:
        yield f"{'space':<10} {explanation['space']}"
    if any(word["means"] == "unknown" and not word["nearest"] for word in explanation["words"]):
        yield f"\n{WHERE_KNOWN}."


def _meant(word: ExplainedWord) -> str:
    kind, sound = word["kind"], f"{word['kind']} ({word['layer']})"
    unknown = f"not heard; {word['why']}" if word["why"] else "not understood"
    said = {
        "sound": sound,
        "how": f"{' and '.join(word['of'])}: {word['effect']}",
        "space": word["effect"],
        "taken away": f"not heard: {kind}" if kind else "not heard",
        "takes away": "takes away what follows",
        "as it is": "not changed by this",
        "silence": "nothing else is heard",
        "describes": f"only says what follows, not heard as {kind}",
        "part": f"part of the same sound, {kind}",
        "place": f"only where or what it is done to, not heard as {kind}",
        "rides": f"rides on what is heard, not heard as {kind}",
        "strikes": f"only what it is struck with, not heard as {kind}",
        "does": f"only how the other sounds, not heard as {kind}",
        "unknown": f"not understood; nearest: {', '.join(word['nearest'])}" if word["nearest"] else unknown,
    }.get(word["means"], "-")
    return f"{said}: {word['effect']}" if word["means"] == "sound" and word["effect"] else said
