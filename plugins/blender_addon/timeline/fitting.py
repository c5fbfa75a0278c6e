# SPDX-License-Identifier: GPL-3.0-or-later
"""Fits a sound to its picture as that lies now, without making any: moves it into sync, and sets its ends.

An end is set where the sound ended with the picture when it was made; where another half of a cut goes on, or
the sound is that of a part, it goes with what is heard. No end is set beyond what there is of sound.
"""

import math
from fractions import Fraction
from typing import Any, List, NamedTuple, Tuple

from ..core import history, shown
from ..core.problem import Problem
from ..core.shown import Shown
from . import compat, copies, cues, laying, sounds
from .laying import Place


class Fit(NamedTuple):
    """How a strip is fitted to its picture."""

    strip: Any
    place: Place
    fitted: Shown
    """What of the picture has sound now."""
    missing: Tuple[int, int]
    """Frames of the picture without sound, before it and after it."""


def fit(scene: Any, strips: List[Any]) -> List[Fit]:
    """Fit the strips of a sound; nothing is changed where one of them cannot be."""
    fits = [_fit(scene, strip) for strip in strips]
    laying.lay(scene, [(one.strip, one.place) for one in fits])
    for one in fits:
        sounds.keep(one.strip, history.fitted(sounds.record_of(one.strip), one.fitted))
    return fits


def _fit(scene: Any, strip: Any) -> Fit:
    record, rate, bounds = sounds.record_of(strip), sounds.rate_of(scene), compat.bounds(strip)
    cue = _cue(scene, strip)
    lag = cues.lag_of(scene, strip, cue)
    heard = [time * rate + cue.was.origin for time in history.covers(record)]
    now = [cues.content_of(strip, frame, rate) for frame in bounds[:2]]
    wanted = _wanted(scene, strip, cue, (now[0], now[1]))
    left = max(wanted[0], Fraction(math.ceil(heard[0])))
    right = min(wanted[1], Fraction(math.floor(heard[1])))
    if left >= right:
        message = "{!r} has no sound for what its picture shows now.".format(strip.name)
        raise Problem("out_of_reach", message, "Use Regenerate.")
    moved = round(left - now[0]) - lag, round(right - now[1]) - lag
    at = cues.frame_of(strip, heard[0], rate) - lag
    missing = round(left - wanted[0]), round(wanted[1] - right)
    fitted = cue.now._replace(left=cue.now.left + missing[0], right=cue.now.right - missing[1])
    place = Place(at, bounds.left + moved[0], bounds.right + moved[1], -lag)
    return Fit(strip, place, fitted, missing)


def _cue(scene: Any, strip: Any) -> cues.Cue:
    """The cue of a sound that can be fitted; a `Problem` says why one cannot."""
    if history.shown_of(sounds.record_of(strip)) is None:
        message = "What {!r} was made for was not noted by the version that made it.".format(strip.name)
        raise Problem("not_noted", message, "Use New Take; from then on it is.")
    cue = cues.cue_of(scene, strip)
    if cue is None:
        raise Problem(
            "no_picture", "{!r} lies over no picture of its own.".format(strip.name), "Move it there."
        )
    changes = shown.changes(cue.was, cue.now)
    if shown.OTHER_FILM in changes or shown.RETIMED in changes:
        message = "{!r} does not fit: {}".format(strip.name, shown.said(cue.was, cue.now))
        raise Problem("picture_changed", message, "Use Regenerate.")
    return cue


def _wanted(
    scene: Any, strip: Any, cue: cues.Cue, now: Tuple[Fraction, Fraction]
) -> Tuple[Fraction, Fraction]:
    """The frames of content that are to be heard."""
    record, rate = sounds.record_of(strip), sounds.rate_of(scene)
    made = [round(time * rate + cue.was.origin) for time in history.stretch(record)]
    halves = [
        one for one in copies.of_copy(scene, strip) if one != strip and _is_half(scene, one, strip, cue)
    ]
    before = any(compat.bounds(half).left < compat.bounds(strip).left for half in halves)
    after = any(compat.bounds(half).left > compat.bounds(strip).left for half in halves)
    left = now[0] if before or made[0] != round(cue.was.left) else cue.now.left
    right = now[1] if after or made[1] != round(cue.was.right) else cue.now.right
    return max(left, cue.now.left), min(right, cue.now.right)


def _is_half(scene: Any, half: Any, strip: Any, cue: cues.Cue) -> bool:
    """Whether it is another half of a strip, over the same picture."""
    same_layer = sounds.record_of(half)["layer"] == sounds.record_of(strip)["layer"]
    return same_layer and set(cues.picture_of(scene, half)) == set(cue.picture)
