"""A take's player, and the preview film, as HTML: both play without script, by the browser's own means.

With `player.js` the take's waveform has a playhead, and clicks on it and on hits seek.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from html import escape
from pathlib import Path

from foley_core.media.sound_encoding import AAC_TYPE
from foley_core.report.drawing import drawing
from foley_core.report.embedding import FILM_TYPES, Compressed, data_url, film_type, link_to, over_full_scale
from foley_core.report.made import MadeTakes
from foley_core.report.markers import Marker
from foley_core.report.words import form
from foley_core.take import Take
from foley_core.timecode import FilmClock, exact_text


def section(take: Take, number: int, clock: FilmClock) -> str:
    """The opening tag of a take's section, with all that the script must know of its time."""
    told = {
        "start": f"{float(take.start_time):.9f}",
        "length": f"{take.samples / take.sample_rate:.9f}",
        "first": str(clock.first),
        "rate": exact_text(clock.counting.rate),
        "count": str(clock.counting.count),
        "dropped": str(clock.counting.dropped),
    }
    data = " ".join(f'data-{name}="{value}"' for name, value in told.items())
    return f'<section class="take" id="take-{number}" {data}>\n'


def player(
    take: Take, markers: Sequence[Marker], clock: FilmClock, sound: Compressed | None, folder: Path
) -> Iterator[str]:
    """The waveform and what plays it: `sound` is the take compressed, and its bits a second.

    Without it the take's file is played, as seen from a page in `folder`.
    """
    yield f'<figure>\n<div class="player">\n{drawing(take, markers, clock)}\n'
    yield '<i class="playhead" hidden></i>\n</div>\n'
    link = link_to(take.file(), folder)
    yield '<div class="controls">\n<button type="button" class="play">Play</button><output></output>\n'
    if sound:
        yield '<audio controls preload="metadata" src="'
        yield from data_url(sound.path, AAC_TYPE)
    else:
        yield f'<audio controls preload="none" src="{link or ""}'
    yield '"></audio>\n</div>\n</figure>\n'
    name = escape(take.file().name)
    linked = f'<a href="{link}">{name}</a>' if link else name
    if sound:
        over = over_full_scale(take)
        down = f", turned down by {over:.1f} dB" if over else ""
        how = f"heard here as AAC at {sound.bit_rate // 1000} kbit/s{down}; the take itself is {linked}"
    else:
        how = f"too long to be within this page: it plays {linked}, which must lie where it lay"
    yield f'<p class="file">{how[:1].upper()}{how[1:]}, {form(take)}.</p>\n'


def preview_film(made: MadeTakes, folder: Path) -> Iterator[str]:
    """The preview, within the page or as a link from a page in `folder`; nothing where there is none."""
    if made.preview is None:
        return
    kind = film_type(made.preview)
    link = link_to(made.preview, folder)
    name = escape(made.preview.name)
    linked = f'<a href="{link}">{name}</a>' if link else name
    lead = Fraction(made.takes[0].head, made.takes[0].sample_rate)
    yield "<section>\n<h2>Preview</h2>\n"
    yield f'<video controls playsinline preload="metadata" data-from="{float(lead):.9f}" src="'
    if kind:
        yield from data_url(made.preview, kind)
    else:
        yield link or ""
    yield '"></video>\n<div class="controls"><output></output></div>\n'
    where = "within this page, and lies" if kind else "not within this page, but only linked: it lies"
    hint = "" if made.preview.suffix.lower() in FILM_TYPES else " Not every browser plays such a film."
    under = " Take 1 is under it." if len(made.takes) > 1 else ""
    yield f'<p class="file">The film is {where} beside it as {linked}.{under}{hint}</p>\n</section>\n'


def play_beside(made: MadeTakes, sounds: Sequence[object | None]) -> bool:
    """Whether some of what the page plays is not within it."""
    return None in sounds or (made.preview is not None and film_type(made.preview) is None)
