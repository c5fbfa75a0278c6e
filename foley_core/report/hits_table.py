"""The hits of a take as a table that folds on a phone: what was seen, what sounds, how far off, how sure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from foley_core.report.markers import Marker
from foley_core.report.offsets import PLACED, alignment_in_words, is_placed, left_over, measured_against
from foley_core.take import Take

MOST_ROWS = 1_000
"""More hits than this are counted on the page, and listed in the markers and the JSON."""

_MATCH = "Match is how surely the hit belongs to the impact, 0 to 1."


def hits_table(take: Take, markers: Sequence[Marker], *, pictures: bool) -> Iterator[str]:
    """What is said of the take's hits, and a row for each; `pictures` shows the frames as well."""
    yield from _in_words(take)
    if not markers:
        yield '<p class="none">No impacts.</p>'
        return
    offsets = bool(measured_against(take))
    names = ["Time", "Strength", "Sure", "Sound", *(["Before", "After", "Match"] if offsets else [])]
    head = "".join(f"<th>{name}</th>" for name in (*([""] if pictures else []), *names))
    yield f'<table class="hits">\n<thead><tr>{head}</tr></thead>\n<tbody>\n'
    for marker in markers[:MOST_ROWS]:
        yield _row(take, marker, pictures=pictures, offsets=offsets)
    yield "</tbody>\n</table>\n"
    left = len(markers) - MOST_ROWS
    if left > 0:
        yield f'<p class="more">{left} more impacts are listed in the markers and the report as JSON.</p>\n'


def _in_words(take: Take) -> Iterator[str]:
    against = measured_against(take)
    if against and take.alignment is not None:
        yield f'<p class="sync">{escape(alignment_in_words(take.alignment))} {escape(against)} {_MATCH}</p>\n'
    elif is_placed(take):
        found = take.alignment
        words = (
            [PLACED, *left_over(found), *(note.rstrip(".") for note in found.notes)] if found else [PLACED]
        )
        yield f'<p class="sync">{escape("; ".join(words))}.</p>\n'
    elif take.alignment is not None:
        yield f'<p class="sync">{escape(alignment_in_words(take.alignment))}</p>\n'


def _row(take: Take, marker: Marker, *, pictures: bool, offsets: bool) -> str:
    impact = marker.impact
    at = float(marker.time - take.start_time)
    cells = [f'<td class="picture">{_picture(marker)}</td>'] if pictures else []
    cells += [
        f'<td class="time"><a href="#take-{marker.take}">{marker.timecode}</a></td>',
        _cell("Strength", _strength(marker)),
        _cell("Sure", escape(_sure(marker))),
        _cell("Sound", escape(impact.sound) or "silent"),
    ]
    if offsets:
        match = "–" if impact.confidence is None else f"{impact.confidence:.2f}"
        after = _offset(impact.offset_ms)
        cells += [_cell("Before", _offset(impact.before_ms)), _cell("After", after), _cell("Match", match)]
    return f'<tr data-at="{at:.6f}">{"".join(cells)}</tr>\n'


def _cell(name: str, inside: str) -> str:
    """`inside` is HTML."""
    return f'<td data-name="{name}">{inside}</td>'


def _strength(marker: Marker) -> str:
    strength = marker.impact.strength
    width = round(100 * min(max(strength, 0.0), 1.0))
    whose = "" if marker.strength_from == "seen" else f" {marker.strength_from}"
    return f'<span class="bar"><i style="width:{width}%"></i></span>{strength:.2f}{whose}'


def _sure(marker: Marker) -> str:
    if marker.source == "given":
        return "given"
    kind = "" if marker.kind in (None, "unknown") else f" {marker.kind}"
    return "–" if marker.sure is None else f"{marker.sure:.2f}{kind}"


def _offset(milliseconds: float | None) -> str:
    return "–" if milliseconds is None else f"{milliseconds:+.2f} ms".replace("-", "−")


def _picture(marker: Marker) -> str:
    """The frame, with a ring around the place of the impact."""
    if not marker.thumbnail:
        return ""
    places = (marker.impact.x, marker.impact.y)
    left, top = (round(100 * min(max(at, 0.0), 1.0), 1) for at in places)
    image = f'<img alt="" src="data:image/jpeg;base64,{escape(marker.thumbnail)}">'
    return f'<span class="frame">{image}<i style="left:{left}%;top:{top}%"></i></span>'
