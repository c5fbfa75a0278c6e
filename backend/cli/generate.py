"""`foley generate`: from what was typed to a cue, from the answer to the screen."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, Literal, cast, get_args

import click
import msgspec

from backend.cli.arguments import SHARE, TimeReader, absolute_path, take_paths
from backend.cli.hits_file import read_hits
from backend.cli.neural_options import neural_from, neural_options
from backend.cli.outputs import check_ending, existing_options
from backend.cli.progress import LiveProgress
from backend.cli.screen import JSON, answer, remark
from backend.client import CLIENT_NAME, Client
from backend.launch import record_launch
from backend.messages import Deliver
from backend.worker.delivery import check_names
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
from foley_core.mastering.mastering import stem_path
from foley_core.media.preview_container import CONTAINERS
from foley_core.media.probe import MediaInfo, probe
from foley_core.take import PREVIEW_NOTE, Take


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
        hit_list=msgspec.UNSET if wanted is None or only_times else wanted,
        min_sure=msgspec.UNSET if typed["min_sure"] is None else typed["min_sure"],
        min_strength=msgspec.UNSET if typed["min_strength"] is None else typed["min_strength"],
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
@click.option("--preview", type=click.Path(path_type=Path), help="Also write a film with the take: MP4, MOV…")
@click.option("--preview-mix", is_flag=True, help="Keep the film's own sound under it in the preview.")
@click.option(
    "--report",
    "reports",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Also write a report, as a page (.html) or JSON (.json); may be given twice.",
)
@existing_options
@JSON
def generate(video: Path, **typed: Any) -> None:
    """Make sound for VIDEO and write it to a WAV."""
    _check_names(typed)
    cue = cue_from(probe(video), typed)
    deliver = deliver_from(cue, typed)
    record_launch()
    with Client(CLIENT_NAME) as client, LiveProgress(cue.takes) as progress:
        job = uuid.uuid4().hex
        try:
            client.submit(plain(cue), deliver, job)
            done = client.follow(
                job, lambda push: progress.show(push["stage"], push["take"], push["progress"])
            )
        except KeyboardInterrupt:
            client.cancel(job)
            client.follow(job)
            raise
    result = {name: done[name] for name in ("takes", "preview", "report")}
    files = [path for take in done["takes"] for path in (take["path"], *take["stems"].values())]
    files += [path for path in (done["preview"], *deliver["reports"]) if path]
    answer({"job": job, **result, "reports": deliver["reports"]}, typed["as_json"], files)
    if not typed["as_json"]:
        for line in (*map(summary, done["takes"]), *done["takes"][0]["remarks"]):
            remark(line)
        for take in done["takes"]:
            if note := take["notes"].get(PREVIEW_NOTE):
                remark(f"Preview: {note}.")


def _check_names(typed: dict[str, Any]) -> None:
    """What is wrong with the names of the files, whatever the disk holds."""
    if typed["preview_mix"] and not typed["preview"]:
        raise click.UsageError("--preview-mix needs --preview.")
    thresholds = [typed[name] for name in ("min_sure", "min_strength")]
    if typed["hits"] and any(threshold is not None for threshold in thresholds):
        raise click.UsageError(
            "--min-sure and --min-strength choose among what is seen; --hits overrules it."
        )
    check_ending(typed["output"], [".wav"], "--output")
    takes = take_paths(typed["output"], typed["takes"])
    others = [absolute_path(path) for path in (typed["preview"], *typed["reports"]) if path]
    check_names(Deliver(takes=tuple(takes), reports=tuple(others)), typed["takes"])
    if typed["preview"]:
        check_ending(typed["preview"], list(CONTAINERS), "--preview")
    for report in typed["reports"]:
        check_ending(report, [".html", ".htm", ".json"], "--report")


def deliver_from(cue: Cue, typed: dict[str, Any]) -> dict[str, Any]:
    """Where everything is put, with what is there already kept or replaced as was asked."""
    settle = partial(typed["existing"].settle, media=Path(cue.media))

    def of_takes(output: Path) -> list[Path]:
        takes = [Path(path) for path in take_paths(output, cue.takes)]
        stems = [stem_path(take, layer) for take in takes for layer in cue.layers if cue.stems]
        return takes + stems

    def named(path: Path) -> str:
        return str(settle(Path(absolute_path(path))))

    output = settle(Path(absolute_path(typed["output"])), files=of_takes)
    return {
        "takes": take_paths(output, cue.takes),
        "preview": named(typed["preview"]) if typed["preview"] else None,
        "preview_mix": typed["preview_mix"],
        "reports": [named(report) for report in typed["reports"]],
    }


def summary(take: dict[str, Any]) -> str:
    """One line on a take for people."""
    words = [f"Seed {take['seed']}", *_hits(take)]
    if take["lufs"] is not None:
        words.append(f"{take['lufs']:.1f} LUFS")
    if missed := msgspec.convert(take, Take).missed_loudness():
        words.append(missed)
    if take["unknown_words"]:
        words.append(f"unknown words: {'; '.join(_with_near(take))}")
    return ", ".join(words) + "."


def _hits(take: dict[str, Any]) -> Iterator[str]:
    """How many impacts have a hit, as far as that is known, and whether hits were moved onto them."""
    found, seen = take["alignment"], len(take["impacts"])
    if found and seen and not found.get("told", True):
        yield f"{seen} impacts seen, which do not tell whether the hits are late: nothing is moved"
        return
    yield f"{sum(1 for impact in take['impacts'] if impact['sound'])} of {seen} impacts sounded"
    if found and found.get("moved"):
        yield "hits moved to where the picture's impacts were seen"


def _with_near(take: dict[str, Any]) -> list[str]:
    """Each unknown word, with the known ones most like it."""
    near = take["near_words"]
    return [
        f"{word} (nearest: {', '.join(near[word])})" if near.get(word) else word
        for word in take["unknown_words"]
    ]
