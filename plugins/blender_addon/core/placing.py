# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a take goes on the timeline, and what it is called."""

import re
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


class StripIdentity(NamedTuple):
    """By what a strip is known again: its uid, or else its name and its film."""

    uid: str
    name: str
    media: str


def pick_channel(
    channels: Iterable[Channel], above: int, span: range, name: Optional[str] = CHANNEL_NAME
) -> Channel:
    """The channel for a take: above the picture, usable and free for all of `span`.

    The one with that name comes first, then those that nobody has named, then any; of these the lowest. A
    layer's name is not that of the channel for all: then a channel that holds nothing is better than one that
    does. No name: a new channel, which must hold nothing and be called nothing of ours.
    """
    free = [channel for channel in channels if channel.number > above and _is_free(channel, span)]
    if name is None:
        free = [channel for channel in free if not channel.taken and not _is_ours(channel.name)]
    if not free:
        raise Problem(
            "no_channel",
            "No channel above the clip is free there, unlocked and unmuted.",
            "Free one, then insert the take from the list.",
        )
    return min(free, key=lambda channel: (_rank(channel, name), channel.number))


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
    return (named or known or [None])[0]


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
    overlaps = (taken.start < span.stop and span.start < taken.stop for taken in channel.taken)
    return not (channel.lock or channel.mute or any(overlaps))


def _rank(channel: Channel, name: Optional[str]) -> int:
    if channel.name == name:
        return 0
    if has_default_name(channel.name):
        return 2 if channel.taken and name != CHANNEL_NAME else 1
    return 4 if _is_ours(channel.name) else 3


def _is_ours(name: str) -> bool:
    return name == CHANNEL_NAME or name.startswith(CHANNEL_NAME + " ")


def occupied(strips: Iterable[Any]) -> Dict[int, List[range]]:
    """Channel number to the stretches taken, from (channel, start, end)."""
    taken: Dict[int, List[range]] = {}
    for number, start, end in strips:
        taken.setdefault(number, []).append(range(start, end))
    return taken
