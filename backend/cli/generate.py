"""`foley generate`: from what was typed to a cue, from the answer to the screen."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, cast, get_args

import click
from msgspec import UNSET

from backend.cli.arguments import SHARE, TimeReader, absolute_path, take_paths
from backend.cli.hits_file import read_hits
from backend.cli.neural_options import neural_from, neural_options
from backend.cli.progress import LiveProgress
from backend.cli.screen import JSON, answer, remark
from backend.client import CLIENT_NAME, Client
from backend.launch import record_launch
from foley_core.cue import (
    AUTO,
    LAYERS,
    MAX_SEED,
    MAX_TAKES,
    Alignment,
    Cue,
    Layer,
    WantedHit,
    check,
    plain,
    wanted_hits,
)
from foley_core.cue_range import place_cue
from foley_core.media.probe import MediaInfo, probe


def read_layers(text: str) -> tuple[Layer, ...]:
    """`hits,ambience` as layers."""
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for name in names:
        if name not in LAYERS:
            known = ", ".join(LAYERS)
            raise click.BadParameter(f"{name!r} is no layer. Known: {known}.", param_hint="--layers")
    return cast("tuple[Layer, ...]", names)


def cue_from(info: MediaInfo, typed: dict[str, Any]) -> Cue:
    """The cue that the options describe, checked against the film."""
    clock = TimeReader(info)
    wanted = read_hits(typed["hits"], lambda text: clock.time(text, "--hits")) if typed["hits"] else None
    only_times = wanted is not None and all(hit == WantedHit(time=hit.time) for hit in wanted)
    cue = Cue(
        media=absolute_path(info.path),
        prompt=typed["prompt"],
        negative=typed["negative"],
        in_point=clock.time(typed["in_point"], "--in") if typed["in_point"] else Fraction(0),
        out_point=clock.time(typed["out_point"], "--out") if typed["out_point"] else None,
        layers=read_layers(typed["layers"]),
        hits=tuple(hit.time for hit in wanted) if wanted is not None and only_times else None,
        hit_list=UNSET if wanted is None or only_times else wanted,
        min_sure=UNSET if typed["min_sure"] is None else typed["min_sure"],
        min_strength=UNSET if typed["min_strength"] is None else typed["min_strength"],
        seed=typed["seed"],
        takes=typed["takes"],
        handles=clock.length(typed["handles"], "--handles"),
        engine=typed["engine"],
        alignment=typed["alignment"],
        neural=neural_from(typed),
        loudness=typed["loudness"],
        bits=cast(Literal[16, 24], int(typed["bits"])),
        stems=typed["stems"],
    )
    check(cue)
    laid = place_cue(cue, info)
    for hit in wanted_hits(cue) or ():
        if not laid.start <= hit.time < laid.end:
            raise click.BadParameter(f"{float(hit.time):.3f} s lies outside the cue.", param_hint="--hits")
    return cue


@click.command()
@click.argument("video", type=click.Path(path_type=Path))
@click.option("-p", "--prompt", required=True, help='What to hear: "boots on gravel, distant thunder".')
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The WAV to write.")
@click.option("--in", "in_point", metavar="T", help="Where to start: 12.5, 01:00:10:12 or 240f.")
@click.option("--out", "out_point", metavar="T", help="Where to end; not included.")
@click.option("--negative", default="", help="What must not be heard.")
@click.option("--seed", type=click.IntRange(0, MAX_SEED), help="Repeats a take; without it one is drawn.")
@click.option("--takes", type=click.IntRange(1, MAX_TAKES), default=1, help="How many; OUT-1.wav, OUT-2.wav…")
@click.option("--engine", default=AUTO, show_default=True, help="procedural, hunyuan, or what is there.")
@click.option("--alignment", type=click.Choice(get_args(Alignment)), help="What to do about late hits.")
@neural_options
@click.option("--layers", default=",".join(LAYERS), show_default=True, help="Which layers to make.")
@click.option("--hits", metavar="T,T…", help="Hits at these times, or as in a .csv or .json, not those seen.")
@click.option("--min-sure", type=SHARE, help="Only impacts at least so sure (see detect).")
@click.option("--min-strength", type=SHARE, help="Only impacts at least so strong.")
@click.option("--handles", metavar="T", default="0", help="Extra sound on both sides.")
@click.option("--loudness", type=float, metavar="LUFS", help="Integrated loudness to reach.")
@click.option("--stems", is_flag=True, help="Also write each layer, as OUT-LAYER.wav.")
@click.option("--bits", type=click.Choice(["16", "24"]), default="24", show_default=True)
@click.option("--preview", type=click.Path(path_type=Path), help="Also write a film with the take.")
@click.option("--preview-mix", is_flag=True, help="Keep the film's own sound under it in the preview.")
@click.option(
    "--report", type=click.Path(path_type=Path), help="Also write a report (HTML, and JSON beside it)."
)
@JSON
def generate(video: Path, output: Path, preview: Path | None, report: Path | None, **typed: Any) -> None:
    """Make sound for VIDEO and write it to a WAV."""
    if typed["preview_mix"] and not preview:
        raise click.UsageError("--preview-mix needs --preview.")
    thresholds = [typed[name] for name in ("min_sure", "min_strength")]
    if typed["hits"] and any(threshold is not None for threshold in thresholds):
        raise click.UsageError(
            "--min-sure and --min-strength choose among what is seen; --hits overrules it."
        )
    cue = cue_from(probe(video), typed)
    deliver = {
        "takes": take_paths(output, cue.takes),
        "preview": absolute_path(preview) if preview else None,
        "preview_mix": typed["preview_mix"],
        "report": absolute_path(report) if report else None,
    }
    record_launch()
    with Client(CLIENT_NAME) as client, LiveProgress(cue.takes) as progress:
        job = client.submit(plain(cue), deliver)
        try:
            done = client.follow(
                job, lambda push: progress.show(push["stage"], push["take"], push["progress"])
            )
        except KeyboardInterrupt:
            client.cancel(job)
            client.follow(job)
            raise
    result = {name: done[name] for name in ("takes", "preview", "report")}
    files = [path for take in done["takes"] for path in (take["path"], *take["stems"].values())]
    files += [done[name] for name in ("preview", "report") if done[name]]
    answer({"job": job, **result}, typed["as_json"], files)
    if not typed["as_json"]:
        for take in done["takes"]:
            remark(summary(take))


def summary(take: dict[str, Any]) -> str:
    """One line on a take for people."""
    heard = sum(1 for impact in take["impacts"] if impact["sound"])
    words = [f"Seed {take['seed']}", f"{heard} of {len(take['impacts'])} impacts sounded"]
    if take["lufs"] is not None:
        words.append(f"{take['lufs']:.1f} LUFS")
    if take["unknown_words"]:
        words.append(f"unknown words: {'; '.join(_with_near(take))}")
    return ", ".join(words) + "."


def _with_near(take: dict[str, Any]) -> list[str]:
    """Each unknown word, with the known ones most like it."""
    near = take["near_words"]
    return [
        f"{word} (nearest: {', '.join(near[word])})" if near.get(word) else word
        for word in take["unknown_words"]
    ]
