"""Takes and what was seen, made up; and pages taken apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import soundfile

from foley_core.cue import Cue, plain
from foley_core.picture.spotting import Impact, Spotting
from foley_core.report.made import MadeTakes
from foley_core.take import SoundedImpact, Take
from foley_core.timecode import SAMPLE_RATE, FilmClock, TimecodeFormat, exact_text

JPEG = "/9j/4AAQSkZJRgABAQAAAQABAAD/2Q=="
EMPTY = frozenset({"meta", "link", "img", "path", "line", "circle", "rect"})
CLOCK = FilmClock(Fraction(24), TimecodeFormat(Fraction(24)))


@dataclass
class Page(HTMLParser):
    """A page, taken apart; complains where tags do not match."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    text: str = ""
    """All that is read, without styles and script."""
    script: str = ""
    open_tags: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open_tags.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open_tags.pop() == tag

    def handle_data(self, data: str) -> None:
        if "script" in self.open_tags:
            self.script += data
        elif "style" not in self.open_tags:
            self.text += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def page_of(path: Path) -> Page:
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    assert page.open_tags == []
    return page


def take_of(
    folder: Path,
    times: list[Fraction],
    samples: int = 2 * SAMPLE_RATE,
    name: str = "take.wav",
    **changes: Any,
) -> Take:
    sound = np.random.default_rng(1).uniform(-0.5, 0.5, (samples, 2))
    soundfile.write(folder / name, sound, SAMPLE_RATE, subtype="PCM_24")
    cue = Cue(media="Scene 12.mov", prompt="wood & rain", out_point=Fraction(samples, SAMPLE_RATE), seed=7)
    take = Take(
        path=str(folder / name),
        seed=7,
        engine="procedural",
        engine_version="1",
        samples=samples,
        bits=24,
        start=0.0,
        start_exact="0/1",
        time_reference=0,
        head=0,
        tail=0,
        impacts=tuple(sounded(time) for time in times),
        lufs=-23.4,
        true_peak=-5.5,
        gain_db=0.0,
        cue=plain(cue),
    )
    return msgspec.structs.replace(take, **changes)


def sounded(time: Fraction) -> SoundedImpact:
    return SoundedImpact(
        time=float(time),
        time_exact=exact_text(time),
        strength=0.6,
        x=0.25,
        y=0.5,
        sound="wood",
        sample=round(time * SAMPLE_RATE),
        before_ms=0.0,
        offset_ms=0.0,
        confidence=1.0,
    )


def seen(*times: Fraction, sure: float = 0.875) -> Spotting:
    impacts = tuple(
        Impact(time=time, strength=0.6, x=0.25, y=0.5, sure=sure, thumbnail=JPEG) for time in times
    )
    return Spotting(start=Fraction(0), end=Fraction(2), impacts=impacts, frames=50)


def made_of(*takes: Take, clock: FilmClock = CLOCK, **more: Any) -> MadeTakes:
    return MadeTakes(takes, clock, **more)
