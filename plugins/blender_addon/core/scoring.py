# SPDX-License-Identifier: GPL-3.0-or-later
"""Which shots of a timeline get sound when all of it is scored, and with which words. No Blender here.

The strips are the shots. Of what lies on the channels that were chosen, a muted strip is not seen, and nobody
sees what lies under an opaque strip that is not muted either: a strip that is hidden from end to end is left
out, and one that is hidden here and there gets a cue for each part that is seen. Where two strips are crossed
by an effect both are seen. What lies on other channels hides nothing.
"""

import os
import re
from typing import Iterable, List, NamedTuple, Optional, Sequence, Set, Tuple

from .problem import Problem

CHANNELS = 128
OWN, ONE, MARKERS, NAMES, TEXTS = "own", "one", "markers", "names", "texts"
"""Where the prompts come from: each strip's own or its sound's, one for all, markers, the strips' names, or
text strips."""

_UNNAMED = re.compile(r"F_-?\d+")
"""What Blender calls a marker that is added, after its frame."""
_SPAN = re.compile(r"([0-9]{1,3})(?:-([0-9]{1,3}))?")
_NUMBERED = re.compile(r"\.\d{3}$")


class Strip(NamedTuple):
    """A picture strip of the timeline."""

    uid: str
    name: str
    channel: int
    left: int
    right: int
    """Exclusive."""
    opaque: bool
    """Whether it hides all that is under it."""
    prompt: str = ""
    """Its own."""
    selected: bool = False
    film: str = ""
    """Path of the film that it plays; empty where it is no film strip."""
    offset: float = 0.0
    """How far its left handle is inside its content, in frames."""
    crosses: Tuple[Tuple[str, int, int], ...] = ()
    """The strips that an effect crosses it with, by their uids, and where."""
    wished: bool = False
    """Whether its own prompt was set for a sound that is still to be made."""
    heard: Tuple[Tuple[int, int, str], ...] = ()
    """Where its sounds begin and end, and their words; the nearest first."""


class Shot(NamedTuple):
    """A part of a strip that is seen: the timeline's frames, `right` exclusive, and its prompt."""

    strip: Strip
    left: int
    right: int
    prompt: str


def read_channels(text: str) -> List[int]:
    """The channels that were typed, such as `1-3, 5`; all where nothing was, or `all`."""
    if text.strip().lower() in ("", "all"):
        return list(range(1, CHANNELS + 1))
    chosen: Set[int] = set()
    for part in text.split(","):
        span = _SPAN.fullmatch(part.strip().replace(" ", ""))
        first = int(span[1]) if span else 0
        last = int(span[2] or span[1]) if span else 0
        if not 1 <= first <= last <= CHANNELS:
            message = "The channels {!r} cannot be read.".format(text[:40])
            raise Problem("bad_channels", message, "Give numbers from 1 to 128, such as 1-3, 5, or all.")
        chosen.update(range(first, last + 1))
    return sorted(chosen)


def plan(
    strips: Iterable[Strip],
    channels: Sequence[int],
    source: str,
    common: str,
    markers: Sequence[Tuple[int, str]] = (),
    texts: Sequence[Tuple[int, int, str]] = (),
) -> List[Shot]:
    """The shots to be scored, in the order of the timeline.

    `markers` are frames and names, `texts` what text strips say, after the frames where they begin and end.

    Where the source has no words for a shot, it gets those common to all.
    """
    numbers = set(channels)
    chosen = [strip for strip in strips if strip.channel in numbers]
    shots = []
    for strip in chosen:
        above = [
            part
            for other in chosen
            if other.opaque and other.channel > strip.channel
            for part in seen(
                other.left, other.right, [span[1:] for span in strip.crosses if span[0] == other.uid]
            )
        ]
        for left, right in seen(strip.left, strip.right, above):
            if source == TEXTS:
                words = _lying_over(left, right, texts)
            elif source == OWN:
                words = own(strip, left, right)
            else:
                words = prompt(strip, left, source, markers)
            shots.append(Shot(strip, left, right, words or common))
    return sorted(shots, key=lambda shot: (shot.left, shot.strip.channel))


def seen(left: int, right: int, above: Iterable[Tuple[int, int]]) -> List[Tuple[int, int]]:
    """What is left of a stretch when those above are taken out of it."""
    parts = []
    for start, end in sorted(above):
        if start > left:
            parts.append((left, min(start, right)))
        left = max(left, end)
        if left >= right:
            break
    parts.append((left, right))
    return [part for part in parts if part[0] < part[1]]


def own(strip: Strip, left: int, right: int) -> str:
    """What was set for the next sound of a strip; or else the words of the sound that this part of it has."""
    given = strip.prompt.strip()
    heard = (words.strip() for start, end, words in strip.heard if start < right and left < end)
    return given if strip.wished and given else next(heard, "") or given


def prompt(strip: Strip, frame: int, source: str, markers: Sequence[Tuple[int, str]]) -> str:
    """The words for a shot that begins at `frame`; empty where the source has none."""
    if source == MARKERS:
        return _last_before(frame, markers) or ""
    return words_of(strip.name) if source == NAMES else ""


def words_of(name: str) -> str:
    """What a strip's name says: `boots_on-gravel.mp4.001` is boots on gravel."""
    bare = os.path.splitext(_NUMBERED.sub("", name.strip()))[0]
    return " ".join(re.sub(r"[_\-]+", " ", bare).split())


def _last_before(frame: int, markers: Sequence[Tuple[int, str]]) -> Optional[str]:
    before = [(at, name) for at, name in markers if at <= frame and not _UNNAMED.fullmatch(name.strip())]
    return max(before, key=lambda marker: marker[0])[1].strip() if before else None


def _lying_over(left: int, right: int, texts: Sequence[Tuple[int, int, str]]) -> str:
    """The words of all texts over a shot, in order of time, each once."""
    over = sorted(text for text in texts if text[0] < right and left < text[1])
    return ", ".join(dict.fromkeys(words for words in (" ".join(text[2].split()) for text in over) if words))
