# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes that are packed into the project: those in the list of a strip stay there, used or not.

Blender writes only what has a user, and a take that another has replaced has none. So what is packed and is
named by a list is given Blender's fake user, with a mark; it is taken back when no list names it any more, or
its file is on the disk again. The other takes of a strip that plays a packed one are packed as well: packed
projects are whole.
"""

import os
from contextlib import suppress
from typing import Any, Iterable, Optional, Set

import bpy

from ..core import history, places
from ..core.custom_properties import PACKED
from . import sounds


def hold(sound: Optional[Any]) -> None:
    """Let a sound that a strip lets go of stay, if it is packed."""
    if sound is not None and sound.packed_file and sound.library is None and not sound.use_fake_user:
        sound.use_fake_user = sound[PACKED] = True


def keep(strips: Iterable[Any]) -> None:
    """Let all packed takes in the lists of our strips stay, and no others."""
    if not any(sound.packed_file or sound.get(PACKED) for sound in bpy.data.sounds):
        return
    named: Set[str] = set()
    for strip in strips:
        record = history.of(strip)
        if record is not None:
            if strip.sound is not None and strip.sound.packed_file:
                _pack(record)
            named.update(places.name(path) for one in history.entries(record) for path in history.files(one))
    for sound in [one for one in bpy.data.sounds if one.library is None]:
        if sound.packed_file and sound.users == sound.use_fake_user and places.name(sound.filepath) in named:
            hold(sound)
        elif sound.get(PACKED):
            sound.use_fake_user = False
            del sound[PACKED]


def _pack(record: history.Record) -> None:
    """Pack what the strip of a record would play with its other takes; what cannot be read stays a file."""
    for entry in record["others"]:
        path = history.part(dict(entry, layer=record["layer"]))
        if path and sounds.packed(path) is None and os.path.isfile(sounds.found(path)):
            with suppress(RuntimeError):
                bpy.data.sounds.load(sounds.found(path), check_existing=True).pack()
