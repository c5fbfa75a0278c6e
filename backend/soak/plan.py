"""What is run: how much film, cut into which cues, of which kinds.

Kinds of film go up the list in the first half of a run and down it again in the second, so that what the end
is compared with at the start is film of the same kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from backend.soak.film import RATES, Footage, draw
from foley_core.media.probe import probe

PROMPT = "wooden ball on a wooden floor, light rain"


@dataclass(frozen=True)
class Plan:
    """What is asked for."""

    minutes: Fraction = Fraction(60)
    """How much film, all cues together."""
    clips: int = 12
    """Into how many cues it is cut, in turn."""
    engine: str = "procedural"
    videos: tuple[Path, ...] = ()
    """Films to use; without, our own."""
    faults: int = 0
    seed: int = 1
    prompt: str = PROMPT
    size: tuple[int, int] = (1920, 1080)
    """Of our own film's picture."""
    kinds: tuple[str, ...] = tuple(RATES)
    """Of our own films, in the order in which they take turns."""

    @property
    def clip(self) -> Fraction:
        """Seconds of a cue."""
        return self.minutes * 60 / self.clips


@dataclass(frozen=True)
class Clip:
    """A stretch of a film that is one cue."""

    number: int
    """From 0."""
    footage: Footage
    start: Fraction
    end: Fraction
    at: Fraction
    """Seconds of film that come before it in the run."""

    @property
    def seconds(self) -> Fraction:
        """How long it is."""
        return self.end - self.start


def in_turn(kinds: Sequence[str], clips: int) -> list[str]:
    """Which kind each clip is of: up the list and down again."""
    up = [kinds[number % len(kinds)] for number in range((clips + 1) // 2)]
    return up + up[: clips // 2][::-1]


def clips_of(plan: Plan, folder: Path) -> list[Clip]:
    """The cues of the run; films are drawn into `folder`, where none were given."""
    return _given(plan) if plan.videos else _drawn(plan, folder)


def _drawn(plan: Plan, folder: Path) -> list[Clip]:
    order = in_turn(plan.kinds, plan.clips)
    footage = {
        kind: draw(folder, kind, count * plan.clip, plan.size) for kind, count in Counter(order).items()
    }
    clips, used = [], Counter[str]()
    for number, kind in enumerate(order):
        start = used[kind] * plan.clip
        clips.append(Clip(number, footage[kind], start, start + plan.clip, number * plan.clip))
        used[kind] += 1
    return clips


def _given(plan: Plan) -> list[Clip]:
    """Each film in turn, from its start to its end, and then again."""
    lengths = {video: probe(video).duration for video in plan.videos}
    clips, at = [], Fraction(0)
    for number in range(plan.clips):
        video = plan.videos[number % len(plan.videos)]
        seconds = min(plan.clip, lengths[video])
        start = number // len(plan.videos) % (lengths[video] // seconds) * seconds
        footage = Footage(video.absolute(), video.name, lengths[video], (), ())
        clips.append(Clip(number, footage, start, start + seconds, at))
        at += seconds
    return clips
