# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a take goes on the timeline, and what it is called.

Foley's channels hold sound alone and lie above the pictures. They are called Foley, Foley 2 and so on, or for
a layer Foley hits, Foley hits 2 ...: the lanes, counted from 0. Sounds that overlap are in different ones.
"""

import re
from itertools import count
from typing import Any, Dict, Iterable, List, NamedTuple, Optional, Sequence

from .problem import Problem

CHANNEL_NAME = "Foley"

_DEFAULT_NAME = re.compile(r"Channel \d+")


class Channel(NamedTuple):
    """A channel of the sequencer, and which stretches of it are taken."""

    number: int
    name: str
    lock: bool
    mute: bool
    taken: Sequence[range]
    pictures: bool = False
    """Whether anything but sound lies on it, wherever."""


class StripIdentity(NamedTuple):
    """By what a strip is known again: its uid, or else its name and its film."""

    uid: str
    name: str
    media: str


def pick_channel(
    channels: Iterable[Channel],
    above: int,
    span: range,
    name: Optional[str] = CHANNEL_NAME,
    lane: int = 0,
) -> Channel:
    """The channel for a take: above the pictures, without any, usable and free for all of `span`.

    The one of that name and lane comes first, then another lane of the name where that one is there but
    cannot be used, then one that nobody has named or used, so that those of the lanes before it are left; at
    last any with sounds. No name: a new channel, which must hold nothing and be called nothing of ours.
    """
    known = list(channels)
    free = [channel for channel in known if channel.number > above and _is_free(channel, span)]
    if name is None:
        free = [channel for channel in free if not channel.taken and not _is_ours(channel.name)]
    if not free:
        raise Problem(
            "no_channel",
            "No channel above the pictures is free there, unlocked, unmuted and without pictures.",
            "Free one, then insert the take from the list.",
        )
    if name is None:
        return min(free)
    there = {lane_of(channel.name, name) for channel in known}
    own = {lane_of(channel.name, name): channel for channel in sorted(free, reverse=True)}
    own.pop(None, None)
    if lane in own:
        return own[lane]
    if own and lane in there:
        return own[min(own, key=lambda at: at or 0)]
    fresh = sorted(one for one in free if has_default_name(one.name) and not one.taken)
    left = sum(before not in there for before in range(lane))
    return fresh[min(left, len(fresh) - 1)] if fresh else min(free, key=lambda one: (_rank(one, name), one))


def pick_channels(
    channels: Sequence[Channel], above: int, span: range, names: Sequence[Optional[str]], lane: int = 0
) -> List[int]:
    """The numbers of the channels for the layers of a take, one for each name, all in the same lane."""
    there = {channel.number: channel for channel in channels}
    numbers = []
    for name in names:
        picked = pick_channel(there.values(), above, span, name, lane)
        there[picked.number] = picked._replace(taken=[*picked.taken, span])
        numbers.append(picked.number)
    return numbers


def lanes(
    spans: Sequence[range], channels: Sequence[Channel], above: int, names: Sequence[str] = (CHANNEL_NAME,)
) -> List[int]:
    """A lane for each stretch: as few as the overlaps need, beside what lies on the channels already.

    `names` are those of the layers that each take lays down.
    """
    found, ends = [0] * len(spans), {}  # type: List[int], Dict[int, int]
    named = {}  # type: Dict[str, List[Channel]]
    for channel in channels:
        named.setdefault(channel.name, []).append(channel)
    for at in sorted(range(len(spans)), key=lambda at: (spans[at].start, spans[at].stop)):
        span = spans[at]
        found[at] = next(
            lane
            for lane in count()
            if ends.get(lane, span.start) <= span.start
            and all(_can_take(named.get(channel_name(name, lane), ()), above, span) for name in names)
        )
        ends[found[at]] = span.stop
    return found


def channel_name(name: str, lane: int) -> str:
    """What a lane's channel is called: Foley, Foley 2, Foley 3 ..."""
    return "{} {}".format(name, lane + 1) if lane else name


def lane_of(channel: str, name: str) -> Optional[int]:
    """The lane that a channel is, by what it is called; none where it is called otherwise."""
    if channel == name:
        return 0
    if not channel.startswith(name):
        return None
    numbered = re.fullmatch(re.escape(name) + r" ([1-9]\d{0,2})", channel)
    return int(numbered[1]) - 1 if numbered and int(numbered[1]) > 1 else None


def free_name(channels: Iterable[str], name: str, lane: int) -> str:
    """What a channel that is given to a lane is called: as that lane, or the first that is not there."""
    taken = set(channels)
    names = (channel_name(name, at) for at in (lane, *range(len(taken) + 1)))
    return next(one for one in names if one not in taken)


def layer_channel(layer: str) -> str:
    """What the channel for all, or for one layer, is called."""
    return "{} {}".format(CHANNEL_NAME, layer) if layer else CHANNEL_NAME


def has_default_name(name: str) -> bool:
    """Whether nobody has named the channel."""
    return not name or _DEFAULT_NAME.fullmatch(name) is not None


def find_picture(strips: Sequence[StripIdentity], wanted: StripIdentity, same_file: bool) -> Optional[int]:
    """Which strip was asked for, or none.

    Copies of a strip share its uid; the name tells them apart. An undo takes the uid away; then name and film
    together stand for it, though not in another file that was opened meanwhile.
    """
    known = [at for at, strip in enumerate(strips) if strip.uid and strip.uid == wanted.uid]
    named = [at for at in known if strips[at].name == wanted.name]
    if not known and same_file:
        named = [at for at, strip in enumerate(strips) if strip[1:] == wanted[1:]]
    return next(iter(named or known), None)


def strip_name(prompt: str, layer: str = "") -> str:
    """What a take's strip is called: its prompt, if not too long, and the layer that it plays.

    Blender has 63 bytes for a name; these leave room for a layer, and for the number of a name that is taken.
    """
    words = " ".join(prompt.split())
    if len(words.encode()) > 48:
        words = words.encode()[:45].decode(errors="ignore").rstrip() + "…"
    name = words or CHANNEL_NAME
    return "{} ({})".format(name, layer) if layer else name


def renamed(name: str, was: str, now: str) -> str:
    """What a strip is called once its take has another name; one that the user has named stays as it is.

    Blender puts a number to a name that is taken, in the place of what follows the last dot.
    """
    stems = {was, was.rpartition(".")[0] or was}
    numbered = any(re.fullmatch(re.escape(stem) + r"\.\d{3}", name) for stem in stems)
    return now if numbered or name == was else name


def file_stem(prompt: str, job: str) -> str:
    """What a take's files are called: readable, safe on every system, and never the same twice."""
    words = re.sub(r"[^a-z0-9]+", "-", prompt.lower()).strip("-")[:32].strip("-")
    return "{}-{}".format(words or "foley", job[:8])


def _is_free(channel: Channel, span: range) -> bool:
    overlaps = (_overlap(taken, span) for taken in channel.taken)
    return not (channel.lock or channel.mute or channel.pictures or any(overlaps))


def _overlap(one: range, other: range) -> bool:
    return one.start < other.stop and other.start < one.stop


def _can_take(named: Sequence[Channel], above: int, span: range) -> bool:
    """Whether one of the channels of a name can take a stretch, or the first of them is still to come."""
    return not named or any(channel.number > above and _is_free(channel, span) for channel in named)


def _rank(channel: Channel, name: str) -> int:
    if lane_of(channel.name, name) is not None:
        return 0
    if has_default_name(channel.name):
        return 1
    return 3 if _is_ours(channel.name) else 2


def _is_ours(name: str) -> bool:
    return name == CHANNEL_NAME or name.startswith(CHANNEL_NAME + " ")


def occupied(strips: Iterable[Any]) -> Dict[int, List[range]]:
    """Channel number to the stretches taken, from (channel, start, end)."""
    taken: Dict[int, List[range]] = {}
    for number, start, end in strips:
        taken.setdefault(number, []).append(range(start, end))
    return taken
