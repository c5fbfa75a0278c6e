"""`foley generate`: from what was typed to a cue, from the answer to the screen."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, cast, get_args

import click
import msgspec

from backend.cli.arguments import SHARE, WIDTH, TimeReader, absolute_path, take_paths
from backend.cli.hit_edits import HitEdits, edit_options, edited, read_edits
from backend.cli.hits_file import ENDINGS, read_hits
from backend.cli.job_names import open_jobs, output_files
from backend.cli.left_jobs import left_jobs
from backend.cli.neural_options import neural_from, neural_options
from backend.cli.outputs import Existing, check_ending, date_of_making, existing_options
from backend.cli.progress import LiveProgress
from backend.cli.results import result, show_files, show_remarks
from backend.cli.screen import JSON, answer, remark
from backend.client import CLIENT_NAME, FOREVER, Client, ClientError, Event
from backend.connection import published
from backend.launch import record_launch
from backend.messages import Deliver
from backend.worker.delivery import check_names
from foley_core.cue import (
    AUTO,
    LAYERS,
    MAX_SEED,
    MAX_TAKES,
    Alignment,
    Bits,
    Cue,
    Layer,
    WantedHit,
    check,
    plain,
    wanted_hits,
)
from foley_core.cue_range import place_cue
from foley_core.media.preview_container import CONTAINERS
from foley_core.media.probe import MediaInfo, probe
from foley_core.take import stem_path

_CANCEL_SECONDS = 5.0


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
        bits=cast(Bits, int(typed["bits"].removesuffix("f"))),
        mono=typed["mono"] or msgspec.UNSET,
        width=msgspec.UNSET if typed["width"] is None else typed["width"],
        stems=typed["stems"],
    )
    check(cue)
    return cue


def with_edits(cue: Cue, info: MediaInfo, edits: HitEdits, progress: LiveProgress) -> Cue:
    """The cue with a list of the hits that come of those seen in its film, and counted in it."""
    from backend.cli.seen import seen  # not before: it brings all that watches

    laid = place_cue(cue, info)
    spotting = seen(Path(cue.media), *laid.picture, lambda share: progress.show("watch", 0, share))
    sure, strength = cue.min_sure or 0.0, cue.min_strength or 0.0
    counted = [
        impact
        for impact in spotting.impacts
        if impact.sure >= sure and impact.strength >= strength and laid.start <= impact.time < laid.end
    ]
    hits = edited(edits, counted)
    return msgspec.structs.replace(cue, hit_list=hits, min_sure=msgspec.UNSET, min_strength=msgspec.UNSET)


def _hits_within(cue: Cue, info: MediaInfo, file: Path) -> Cue:
    """Of hits in a file those that lie in the cue, if any do: the file may be of the whole film."""
    laid, hits = place_cue(cue, info), wanted_hits(cue) or ()
    inside = tuple(hit for hit in hits if laid.start <= hit.time < laid.end)
    if file.suffix.lower() not in ENDINGS or not inside or len(inside) == len(hits):
        return cue
    remark(f"{len(hits) - len(inside)} of {len(hits)} hits in {file.name} lie outside the range.")
    if cue.hits is not None:
        return msgspec.structs.replace(cue, hits=tuple(hit.time for hit in inside))
    return msgspec.structs.replace(cue, hit_list=inside)


def _check_hits(cue: Cue, info: MediaInfo, option: str) -> None:
    """All of the user's own hits must lie in the cue."""
    check(cue)
    laid = place_cue(cue, info)
    for hit in wanted_hits(cue) or ():
        if not laid.start <= hit.time < laid.end:
            raise click.BadParameter(f"{float(hit.time):.3f} s lies outside the range.", param_hint=option)


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
@edit_options
@click.option("--min-sure", type=SHARE, help="Only impacts at least so sure (see detect).")
@click.option("--min-strength", type=SHARE, help="Only impacts at least so strong.")
@click.option("--handles", metavar="T", default="0", help="Extra sound on both sides.")
@click.option("--loudness", type=float, metavar="LUFS", help="Integrated loudness to reach.")
@click.option("--stems", is_flag=True, help="Also write each layer, as OUT-LAYER.wav.")
@click.option(
    "--bits",
    type=click.Choice(["16", "24", "32f"]),
    default="24",
    show_default=True,
    help="Of a sample; 32f is float, which keeps peaks over full scale.",
)
@click.option("--mono", is_flag=True, help="One channel.")
@click.option("--width", type=WIDTH, help="How far apart left and right are: 0 centre, 1 as usual.")
@click.option("--preview", type=click.Path(path_type=Path), help="Also write a film with the take: MP4, MOV…")
@click.option("--preview-mix", is_flag=True, help="Keep the film's own sound under it in the preview.")
@click.option(
    "--report",
    "reports",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Also write a report: a page (.html), JSON (.json), its markers (.csv); may be given again.",
)
@click.option("--detach", is_flag=True, help="Print the job's id and do not wait: see foley wait.")
@existing_options
@JSON
def generate(video: Path, **typed: Any) -> None:
    """Make sound for VIDEO and write it to a WAV."""
    _check_names(typed)
    info = probe(video)
    cue = _hits_within(cue_from(info, typed), info, Path(typed["hits"] or ""))
    edits = read_edits(typed, TimeReader(info))
    if edits:
        with LiveProgress(1) as watching:
            cue = with_edits(cue, info, edits, watching)
    _check_hits(cue, info, edits.options() if edits else "--hits")
    deliver = deliver_from(cue, {**typed, "existing": _with_promised(typed["existing"])})
    record_launch(remark)
    laid = place_cue(cue, info)
    wanted = plain(cue)
    if wanted["engine"] == AUTO:  # which is what it means to name none; older backends do not know the word
        del wanted["engine"]
    order = {"cue": wanted, "deliver": deliver, "job": uuid.uuid4().hex}
    order["film_s"] = float(laid.end - laid.start)
    if typed["detach"]:
        _send(order, typed["as_json"])
        return
    found = result(_make(order, cue.takes), deliver["reports"])
    if typed["as_json"]:
        answer(found, True, [])
    else:
        show_files(found)
        show_remarks(found["takes"])


def _make(order: dict[str, Any], takes: int) -> Event:
    """Have it made, and stay until it is; the job does not outlive this command."""
    with Client(CLIENT_NAME) as client, LiveProgress(takes) as progress:
        try:
            client.submit(**order)
            return client.follow(order["job"], progress.hear, progress.hear)
        except KeyboardInterrupt:
            client.cancel(order["job"])
            client.follow(order["job"])
            raise


def _send(order: dict[str, Any], as_json: bool) -> None:
    """Have it accepted, so that it is made whatever becomes of this command, and say how it is called."""
    job = order["job"]
    with Client(CLIENT_NAME) as client:
        try:
            client.request("submit", order, FOREVER)
        except KeyboardInterrupt:
            with suppress(ClientError):  # It may not have been accepted.
                client.request("cancel", {"job": job}, _CANCEL_SECONDS)
            raise
    answer({"job": job}, as_json, [job])
    if not as_json:
        remark(f"It is on its way: `foley wait {job[:8]}` shows what comes of it.")


def _with_promised(existing: Existing) -> Existing:
    """What the jobs that are open will write counts as there, too."""
    try:
        with Client(CLIENT_NAME, start=False) as client:
            waiting = open_jobs(client) if published() else left_jobs()
    except ClientError:
        waiting = left_jobs()
    return replace(existing, promised=frozenset(file for job in waiting for file in output_files(job)))


def _check_names(typed: dict[str, Any]) -> None:
    """What is wrong with the names of the files, whatever the disk holds."""
    if typed["preview_mix"] and not typed["preview"]:
        raise click.UsageError("--preview-mix needs --preview.")
    thresholds = [typed[name] for name in ("min_sure", "min_strength")]
    if typed["hits"] and any(threshold is not None for threshold in thresholds):
        raise click.UsageError(
            "--min-sure and --min-strength choose among what is seen; --hits overrules it."
        )
    if typed["hits"] and any(typed[name] for name in ("add", "drop", "nudge")):
        raise click.UsageError("--add, --drop and --nudge change what is seen; --hits overrules it.")
    check_ending(typed["output"], [".wav"], "--output")
    takes = take_paths(typed["output"], typed["takes"])
    others = [absolute_path(path) for path in (typed["preview"], *typed["reports"]) if path]
    check_names(Deliver(takes=tuple(takes), reports=tuple(others)), typed["takes"])
    if typed["preview"]:
        check_ending(typed["preview"], list(CONTAINERS), "--preview")
    for report in typed["reports"]:
        check_ending(report, [".html", ".htm", ".json", ".csv"], "--report")


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
        "made": date_of_making().isoformat(),
        "reports": [named(report) for report in typed["reports"]],
    }
