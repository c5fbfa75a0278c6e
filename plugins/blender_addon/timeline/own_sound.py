# SPDX-License-Identifier: GPL-3.0-or-later
"""The clip's own sound under a take: left as it is, turned down, or muted.

Its own are the sound strips that are connected to the picture, and those that play the same film beside it.
What reaches beyond the take is turned down for as long as the take alone. What was done is noted on the
strip: so the same stretch is never turned down twice, and all of it can be put back.
"""

import json
import os
from typing import Any, Dict, List, Sequence

import bpy

from ..core import ducking, history
from ..core.custom_properties import OWN_SOUND, UID
from ..core.wishes import LEAVE, MUTE, Wishes
from . import compat, films, gains, sounds


def change(scene: Any, shown: Sequence[Any], span: range, wishes: Wishes) -> List[Any]:
    """Do as wished with the own sounds of picture strips, in these frames; gives the strips changed."""
    found = of_pictures(scene, shown, span)
    for sound in found:
        _change(scene, sound, span, wishes)
    return found


def shown_under(scene: Any, sound: Any) -> List[Any]:
    """The picture strips that a Foley strip was made for and lies over."""
    uid, place = sounds.record_of(sound)["strip"], compat.bounds(sound)
    seen = [one for one in compat.level_of(scene, sound) if one.type != "SOUND" and one.get(UID) == uid]
    return [one for one in seen if _overlaps(one, range(place.left, place.right))]


def of_pictures(scene: Any, shown: Sequence[Any], span: range) -> List[Any]:
    """The own sounds of picture strips that are heard in these frames, each once; never one of Foley's."""
    played = {os.path.realpath(film) for film in map(films.path_of, shown) if film}
    found = {}  # type: Dict[str, Any]
    for strip in shown:
        for other in compat.level_of(scene, strip):
            if other.type == "SOUND" and _overlaps(other, span) and _file(other) in played:
                found[other.name] = other
        for other in compat.connected(scene, strip) or []:
            if other.type == "SOUND" and _overlaps(other, span):
                found[other.name] = other
    return [strip for strip in found.values() if history.of(strip) is None]


def _change(scene: Any, sound: Any, span: range, wishes: Wishes) -> None:
    place, note = compat.bounds(sound), _note(sound)
    is_whole = span.start <= place.left and place.right <= span.stop
    if is_whole and wishes.own_sound == MUTE:
        if not sound.mute:
            sound.mute, note["muted"] = True, True
        return _keep(sound, note)
    if is_whole and note["muted"]:
        sound.mute, note["muted"] = False, False
    gain = {LEAVE: 1.0, MUTE: ducking.FLOOR}.get(wishes.own_sound, ducking.gain_of(wishes.duck))
    first, fade = round(place.left - place.offset), max(2, round(sounds.rate_of(scene) / 8))
    was = [ducking.Stretch(*one) for one in note["stretches"]]
    now = ducking.changed(was, range(span.start - first, span.stop - first), gain)

    def change_at(frame: float) -> float:
        before = ducking.gain_at(was, frame - first, fade)
        return ducking.gain_at(now, frame - first, fade) / before

    bends = {first + frame for frame in ducking.bends([*was, *now], fade)}
    gains.multiply(scene, sound, change_at, [frame for frame in bends if place.left < frame < place.right])
    return _keep(sound, dict(note, stretches=now))


def _overlaps(strip: Any, span: range) -> bool:
    place = compat.bounds(strip)
    return bool(place.left < span.stop and span.start < place.right)


def _file(strip: Any) -> str:
    return os.path.realpath(bpy.path.abspath(strip.sound.filepath)) if strip.sound is not None else ""


def _note(sound: Any) -> Dict[str, Any]:
    usual = {"stretches": [], "muted": False}  # type: Dict[str, Any]
    try:
        return dict(usual, **json.loads(sound.get(OWN_SOUND, "{}")))
    except (TypeError, ValueError):
        return usual


def _keep(sound: Any, note: Dict[str, Any]) -> None:
    if note["stretches"] or note["muted"]:
        sound[OWN_SOUND] = json.dumps(note)
    elif OWN_SOUND in sound:
        del sound[OWN_SOUND]
