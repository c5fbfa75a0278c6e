# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a take goes on the timeline, and what it is called."""

import json
import re
from typing import Any, Dict, Iterable, List, NamedTuple, Optional, Sequence

from .problem import Problem

CHANNEL_NAME = "Foley"
MAX_SEED = 2**32 - 1

_DEFAULT_NAME = re.compile(r"Channel \d+")


class Channel(NamedTuple):
    """A channel of the sequencer, and which stretches of it are taken."""

    number: int
    name: str
    lock: bool
    mute: bool
    taken: Sequence[range]


class Sighting(NamedTuple):
    """A strip that may be the one that a job was asked for."""

    uid: str
    name: str
    media: str


def pick_channel(channels: Iterable[Channel], above: int, span: range) -> Channel:
    """The channel for a take: above the picture, usable and free for all of `span`.

    One called Foley comes first, then those that nobody has named, then any; of these the lowest.
    """
    free = [channel for channel in channels if channel.number > above and _is_free(channel, span)]
    if not free:
        raise Problem(
            "no_channel",
            "No channel above the clip is free there, unlocked and unmuted.",
            "Free one, then generate again: the same seed gives the same take at once.",
        )
    return min(free, key=lambda channel: (_rank(channel.name), channel.number))


def has_default_name(name: str) -> bool:
    """Whether nobody has named the channel."""
    return not name or _DEFAULT_NAME.fullmatch(name) is not None


def find_picture(strips: Sequence[Sighting], wanted: Sighting, same_file: bool) -> Optional[int]:
    """Which strip was asked for, or none.

    Copies of a strip share its uid; the name tells them apart. An undo takes the uid away; then name and film
    together stand for it, though not in another file that was opened meanwhile.
    """
    known = [at for at, strip in enumerate(strips) if strip.uid and strip.uid == wanted.uid]
    named = [at for at in known if strips[at].name == wanted.name]
    if not known and same_file:
        named = [at for at, strip in enumerate(strips) if strip[1:] == wanted[1:]]
    return (named or known or [None])[0]


def strip_name(prompt: str) -> str:
    """What a take's strip is called: its prompt, if not too long."""
    words = " ".join(prompt.split())
    return (words if len(words) <= 48 else words[:47].rstrip() + "…") or CHANNEL_NAME


def file_name(prompt: str, job: str) -> str:
    """A take's file: readable, safe on every system, and never the same twice."""
    words = re.sub(r"[^a-z0-9]+", "-", prompt.lower()).strip("-")[:32].strip("-")
    return "{}-{}.wav".format(words or "foley", job[:8])


def read_seed(text: str) -> Optional[int]:
    """The seed that was typed; none where nothing was. Blender's own integers are too small for it."""
    text = text.strip()
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,10}", text) or int(text) > MAX_SEED:
        raise Problem("bad_seed", "The seed {!r} cannot be used.".format(text[:20]), "Give 0 to 4294967295.")
    return int(text)


def metadata(job: str, uid: str, asked: Dict[str, Any], take: Dict[str, Any]) -> str:
    """What a take's strip carries, as one JSON text: it survives where the add-on is not installed."""
    kept = {"job": job, "strip": uid, "seed": str(take["seed"]), "take": take}
    return json.dumps(dict(asked, **kept), sort_keys=True)


def _is_free(channel: Channel, span: range) -> bool:
    overlaps = (taken.start < span.stop and span.start < taken.stop for taken in channel.taken)
    return not (channel.lock or channel.mute or any(overlaps))


def _rank(name: str) -> int:
    return 0 if name == CHANNEL_NAME else 1 if has_default_name(name) else 2


def occupied(strips: Iterable[Any]) -> Dict[int, List[range]]:
    """Channel number to the stretches taken, from (channel, start, end)."""
    taken: Dict[int, List[range]] = {}
    for number, start, end in strips:
        taken.setdefault(number, []).append(range(start, end))
    return taken
