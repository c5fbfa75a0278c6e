"""The report: one page that shows how a take was made, and the same as JSON.

The page holds everything in itself (styles, drawing, pictures), runs no script and asks for nothing from
anywhere. All words that came from outside are escaped. Memory does not grow with the length of the take.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction
from html import escape
from pathlib import Path

import msgspec

from foley_core.cue import encode
from foley_core.media.atomic_file import atomic_file
from foley_core.picture.spotting import Impact, Spotting
from foley_core.report.drawing import drawing, format_time
from foley_core.report.page import figures, page
from foley_core.take import PREVIEW_NOTE, AlignmentSummary, SoundedImpact, Take
from foley_core.timecode import exact

MOST_ROWS = 1_000
"""More impacts than this are counted on the page, and listed in the JSON."""

_NEAR = Fraction(1, 10)
"""An impact is shown by the picture of one seen at most this far from it, in seconds (a user's own hit)."""


def write_report(take: Take, spotting: Spotting | None, *paths: Path) -> None:
    """Write the report on `take` to each of `paths`: as JSON where its name ends in .json, else as a page.

    `spotting` gives the pictures of the impacts. Raises `OutputDenied` and `DiskFull`; no file is ever
    half-written.
    """
    for path in paths:
        if path.suffix.lower() == ".json":
            text = msgspec.json.format(encode(take), indent=2)
        else:
            text = _page(take, spotting.impacts if spotting else ()).encode()
        with atomic_file(path) as part:
            part.write_bytes(text)


def _page(take: Take, seen: Sequence[Impact]) -> str:
    film = Path(take.cue["media"]).name
    header = f"""<p class="kind">Foley report</p>
<h1>{escape(film)}</h1>
{_prompt(take)}
{_figures(take)}
{_unknown(take)}
{_missed_loudness(take)}
{_remarks(take)}"""
    main = f"""<h2>Take</h2>
{drawing(take)}
<h2>Impacts</h2>
{_alignment(take.alignment)}
{_impacts(take.impacts, seen)}
<h2>Settings</h2>
{_settings(take)}"""
    return page(f"{film} · foley report", header, main)


def _prompt(take: Take) -> str:
    negative = str(take.cue["negative"])
    without = f" <del>{escape(negative)}</del>" if negative else ""
    return f'<p class="prompt">{escape(str(take.cue["prompt"])) or "No prompt"}{without}</p>'


def _figures(take: Take) -> str:
    start, end = exact(str(take.cue["in"])), exact(str(take.cue["out"]))
    return figures(
        [
            ("In", format_time(start)),
            ("Out", format_time(end)),
            ("Length", format_time(end - start)),
            ("Impacts", str(len(take.impacts))),
            ("Loudness", _figure(take.lufs, "LUFS")),
            ("True peak", _figure(take.true_peak, "dBTP")),
            ("Seed", str(take.seed)),
        ],
    )


def _figure(value: float | None, unit: str) -> str:
    return "–" if value is None else f"{value:.1f} {unit}".replace("-", "−")


def _unknown(take: Take) -> str:
    """The words that the engine does not know, each with the known ones most like it."""
    if not take.unknown_words:
        return ""
    words = "; ".join(
        f"{word} (nearest: {', '.join(near)})" if (near := take.near_words.get(word)) else word
        for word in take.unknown_words
    )
    return f'<p class="unknown">Words not known to this engine: {escape(words)}</p>'


def _remarks(take: Take) -> str:
    """What could not be read in the film."""
    return "\n".join(f'<p class="unknown">{escape(remark)}</p>' for remark in take.remarks)


def _missed_loudness(take: Take) -> str:
    missed = take.missed_loudness()
    return f'<p class="unknown">Loudness: {escape(missed)}.</p>' if missed else ""


def _alignment(found: AlignmentSummary | None) -> str:
    """How hits lie to the impacts that were seen, in a line, and what is to be said of it."""
    if found is None:
        return ""
    told = _distances(found) if found.told else []
    line = "; ".join([*told, *(note.rstrip(".") for note in found.notes)])
    return f'<p class="sync">{escape(line[:1].upper() + line[1:])}.</p>'


def _distances(found: AlignmentSummary) -> list[str]:
    """What was measured against the impacts that were seen, which may be wrong themselves."""
    if found.p50_ms is None or found.p95_ms is None or found.worst_ms is None:
        told = ["no hit surely belongs to an impact"]
    else:
        told = [
            f"measured against the picture's impacts half of the hits lie within {found.p50_ms:.1f} ms",
            f"95 % within {found.p95_ms:.1f} ms, all within {found.worst_ms:.1f} ms",
        ]
    if found.shift_ms:
        side = "late" if found.shift_ms > 0 else "early"
        told.append(f"all of it came {abs(found.shift_ms):.0f} ms {side}")
    told += [
        f"{count} {what} without {other}"
        for count, what, other in (
            (found.unmatched_impacts, "impacts", "a hit"),
            (found.unmatched_onsets, "onsets", "an impact"),
        )
        if count
    ]
    return told


def _impacts(impacts: Sequence[SoundedImpact], seen: Sequence[Impact]) -> str:
    if not impacts:
        return '<p class="none">No impacts.</p>'
    rows = "\n".join(_row(impact, _thumbnail(impact, seen)) for impact in impacts[:MOST_ROWS])
    left = len(impacts) - MOST_ROWS
    more = f'\n<p class="more">{left} more impacts are listed in the report as JSON.</p>' if left > 0 else ""
    numbers = "".join(f'<th class="number">{name}</th>' for name in ("Before", "After", "Sure"))
    return f"""<table>
<thead><tr><th></th><th>Time</th><th>Strength</th><th>Sound</th>{numbers}</tr></thead>
<tbody>
{rows}
</tbody>
</table>{more}"""


def _row(impact: SoundedImpact, thumbnail: str) -> str:
    picture = _picture(thumbnail, impact.x, impact.y) if thumbnail else ""
    sure = "–" if impact.confidence is None else f"{impact.confidence:.2f}"
    numbers = "".join(
        f'<td class="number">{text}</td>'
        for text in (_offset(impact.before_ms), _offset(impact.offset_ms), sure)
    )
    width = round(100 * min(max(impact.strength, 0.0), 1.0))
    return (
        f'<tr><td class="picture">{picture}</td><td class="time">{format_time(exact(impact.time_exact))}</td>'
        f'<td><span class="bar"><i style="width:{width}%"></i></span>{impact.strength:.2f}</td>'
        f"<td>{escape(impact.sound) or 'silent'}</td>{numbers}</tr>"
    )


def _offset(milliseconds: float | None) -> str:
    return "–" if milliseconds is None else f"{milliseconds:+.2f} ms".replace("-", "−")


def _picture(thumbnail: str, x: float, y: float) -> str:
    """The frame, with a ring around the place of the impact."""
    left, top = (round(100 * min(max(at, 0.0), 1.0), 1) for at in (x, y))
    image = f'<img alt="" src="data:image/jpeg;base64,{escape(thumbnail)}">'
    return f'<span class="frame">{image}<i style="left:{left}%;top:{top}%"></i></span>'


def _thumbnail(impact: SoundedImpact, seen: Sequence[Impact]) -> str:
    time = exact(impact.time_exact)
    at = bisect_left(seen, time, key=lambda other: other.time)
    nearest = min(seen[max(at - 1, 0) : at + 1], key=lambda other: abs(other.time - time), default=None)
    return nearest.thumbnail if nearest and abs(nearest.time - time) <= _NEAR else ""


def _mastering(take: Take) -> str:
    words = f"{take.gain_db:+.1f} dB".replace("-", "−")
    if take.cue["loudness"] is not None:
        words += f" for {_figure(take.cue['loudness'], 'LUFS')}"
    if take.limited_db:
        words += f"; peaks limited by up to {take.limited_db:.1f} dB, {take.limited_share:.0%} of the time"
    return words


def _settings(take: Take) -> str:
    cue = take.cue
    by_hand = cue["hits"] is not None or "hit_list" in cue
    said = [
        ("Engine", f"{take.engine} {take.engine_version}"),
        ("Layers", ", ".join(cue["layers"])),
        ("Hits", "chosen by hand" if by_hand else "seen in the picture"),
        ("Handles", f"{take.head} samples before, {take.tail} after"),
        ("Alignment", str(cue["alignment"])),
        ("Mastering", _mastering(take)),
        ("File", f"{Path(take.path).name}, {take.bits} bit, {take.sample_rate} Hz, {take.samples} samples"),
        ("Timecode", f"sample {take.time_reference}"),
    ]
    noted = [(_note(name), value) for name, value in sorted(take.notes.items())]
    return figures(said + noted, "settings")


def _note(name: str) -> str:
    return "Preview" if name == PREVIEW_NOTE else f"Engine: {name}"
