"""The report: one page on the takes of a job, in which they play; the same as JSON; the markers as CSV.

The page holds everything in itself (styles, drawings, pictures, sound) but what it says is linked, and asks
for nothing from anywhere. All words that came from outside are escaped. Memory does not grow with the length
of the takes.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from html import escape
from importlib.resources import files
from io import StringIO
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from foley_core.media.atomic_file import atomic_file
from foley_core.report.embedding import Compressed, compress
from foley_core.report.hits_table import hits_table
from foley_core.report.made import MadeTakes
from foley_core.report.markers import Marker, markers_of, write_markers
from foley_core.report.page import figures, page
from foley_core.report.player import play_beside, player, preview_film, section
from foley_core.report.record import record_of
from foley_core.report.words import figure, form, mastering, notes, paragraphs, remarks
from foley_core.take import Take
from foley_core.timecode import exact

_MOST_MARKERS = 20_000
"""With more than these the page has no markers to download; a file of them holds all."""


def write_report(
    made: MadeTakes,
    path: Path,
    *,
    folder: Path | None = None,
    tick: Callable[[float], None] = lambda share: None,
) -> None:
    """Write the report to `path`: as JSON or CSV (the markers) where its name ends so, else as a page.

    `folder` is where it will lie in the end, from which links lead; None: where it is written. `tick` is told
    the share done, and may raise. Raises `OutputDenied` and `DiskFull`; no file is ever half-written.
    """
    with atomic_file(path) as part:
        match path.suffix.lower():
            case ".json":
                part.write_bytes(record_of(made))
            case ".csv":
                with part.open("w", encoding="utf-8", newline="") as file:
                    write_markers(chain.from_iterable(_markers(made)), file)
            case _:
                _write_page(made, path.name, part, folder or path.parent, tick)


def _markers(made: MadeTakes) -> list[list[Marker]]:
    return [markers_of(made, number) for number in range(1, len(made.takes) + 1)]


def _write_page(made: MadeTakes, name: str, part: Path, folder: Path, tick: Callable[[float], None]) -> None:
    with (
        TemporaryDirectory(prefix=".foley-", dir=part.parent) as scratch,
        part.open("w", encoding="utf-8", newline="\n") as file,
    ):
        sounds = compress(made.takes, Path(scratch), tick)
        film = Path(made.takes[0].cue["media"]).name
        said = [remarks(take) for take in made.takes]
        common = [line for line in said[0] if all(line in others for others in said)]
        own = [[line for line in lines if line not in common] for lines in said]
        pieces = page(
            f"{film} · foley report",
            _header(made, film, common),
            _main(made, sounds, own, name, folder),
            _resource("report.css"),
            script=_resource("player.js"),
            plays=True,
            plays_beside=play_beside(made, sounds),
        )
        file.writelines(pieces)


def _header(made: MadeTakes, film: str, common: list[str]) -> str:
    take, clock = made.takes[0], made.clock
    start, end = exact(str(take.cue["in"])), exact(str(take.cue["out"]))
    facts = [
        ("In", clock.timecode(start)),
        ("Out", clock.timecode(end)),
        ("Length", clock.length(start, end)),
        ("Impacts", str(len(take.impacts))),
        ("Takes", str(len(made.takes))),
    ]
    return f"""<p class="kind">Foley report</p>
<h1>{escape(film)}</h1>
{_prompt(take)}
{figures(facts)}
{paragraphs(common)}"""


def _prompt(take: Take) -> str:
    negative = str(take.cue["negative"])
    without = f" <del>{escape(negative)}</del>" if negative else ""
    return f'<p class="prompt">{escape(str(take.cue["prompt"])) or "No prompt"}{without}</p>'


def _main(
    made: MadeTakes, sounds: Sequence[Compressed | None], own: list[list[str]], name: str, folder: Path
) -> Iterator[str]:
    yield from preview_film(made, folder)
    markers = _markers(made)
    for number, take in enumerate(made.takes, 1):
        yield section(take, number, made.clock)
        yield f"<h2>Take{f' {number}' if len(made.takes) > 1 else ''}</h2>\n"
        yield from player(take, markers[number - 1], made.clock, sounds[number - 1], folder)
        yield _of_take(take, made, own[number - 1])
        yield f"\n<details{' open' if number == 1 else ''}>\n<summary>Impacts</summary>\n"
        yield from hits_table(take, markers[number - 1], pictures=number == 1)
        yield "</details>\n</section>\n"
    yield from _download(markers, name)
    yield f"<section>\n<h2>Settings</h2>\n{_settings(made)}\n</section>"


def _of_take(take: Take, made: MadeTakes, own: list[str]) -> str:
    levels = [
        ("Loudness", figure(take.lufs, "LUFS")),
        ("True peak", figure(take.true_peak, "dBTP")),
        ("Seed", str(take.seed)),
    ]
    said = [
        ("Mastering", mastering(take)),
        ("File", f"{take.file().name}, {form(take)}, {take.sample_rate} Hz, {take.samples} samples"),
        ("Begins at", f"{made.clock.timecode(take.start_time)}, sample {take.time_reference} of the day"),
        *notes(take),
    ]
    return f"{figures(levels)}\n{paragraphs(own)}\n{figures(said, 'settings')}"


def _download(markers: list[list[Marker]], name: str) -> Iterator[str]:
    """The markers of all takes as a file that the page itself holds."""
    count = sum(map(len, markers))
    if not 0 < count <= _MOST_MARKERS:
        return
    text = StringIO()
    write_markers(chain.from_iterable(markers), text)
    data = b64encode(text.getvalue().encode()).decode()
    file = escape(f"{Path(name).stem}.csv")
    yield f'<p><a class="button" download="{file}" href="data:text/csv;charset=utf-8;base64,{data}">'
    yield "Markers as CSV</a></p>\n"


def _settings(made: MadeTakes) -> str:
    take, cue = made.takes[0], made.takes[0].cue
    clock, counting = made.clock, made.clock.counting
    start, out = exact(str(cue["in"])), exact(str(cue["out"]))
    end = out + Fraction(take.tail, take.sample_rate)
    pace = f"{float(counting.rate):.3f}".rstrip("0").rstrip(".")
    said = [
        ("Engine", f"{take.engine} {take.engine_version}"),
        ("Layers", ", ".join(cue["layers"])),
        ("Hits", "chosen by hand" if take.hits_given else "seen in the picture"),
        ("Handles", f"{clock.length(take.start_time, start)} before, {clock.length(out, end)} after"),
        ("Alignment", str(cue["alignment"])),
        ("Timecode", f"{pace} a second{', drop frame' if counting.dropped else ''}"),
    ]
    return figures(said, "settings")


def _resource(name: str) -> str:
    return (files("foley_core.report") / name).read_text(encoding="utf-8")
