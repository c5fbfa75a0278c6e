# SPDX-License-Identifier: GPL-3.0-or-later
"""Swaps what Foley strips play, in place: trims, volume, fades, pan and the user's names stay as they are."""

from fractions import Fraction
from typing import Any, List, Optional, Sequence, Tuple

from ..core import history, placing
from ..core.custom_properties import UID
from ..core.job import Job
from ..core.problem import Problem
from ..core.waveform import is_silent
from . import compat, sounds

Swap = Tuple[Any, history.Record]
"""A strip, and the record that it shall have."""


def renew(scene: Any, job: Job) -> List[Any]:
    """Let every strip with the uid that was asked for play the new take; earlier ones can be chosen again."""
    takes = job.takes or []
    new = history.written(job.id, job.picture.uid, job.wishes, takes, job.report, job.hits)
    strips = sounds.carrying(scene, job.goal.sound)
    if not takes[0]["stems"] and any(sounds.record_of(strip)["layer"] for strip in strips):
        message = "The take has no layers, and {!r} plays one.".format(strips[0].name)
        raise Problem("no_stems", message, "Insert it from the list.")
    added, layers = [], _added_layers(strips[0], new)  # type: List[Any], List[str]
    try:
        added.extend(_add(scene, strips[0], new, layer) for layer in layers)
        swap(scene, [(strip, _renewed(sounds.record_of(strip), new, layers)) for strip in strips])
    except Problem:
        for sound in added:
            compat.strips(sound.parent_meta() or scene.sequence_editor).remove(sound)
        raise
    return strips + added


def swap(scene: Any, swaps: Sequence[Swap]) -> None:
    """Let each strip play what its record names; nothing is changed where a file fails."""
    rate = sounds.rate_of(scene)
    ready = [(strip, record, sounds.loaded(record)) for strip, record in swaps]
    fits = [_fits(sounds.record_of(strip), record) for strip, record in swaps]
    for (strip, record, sound), fit in zip(ready, fits, strict=True):
        at = sounds.frame_of(strip, history.begins(record), rate)
        _swap(strip, record, sound)
        if not fit and sound is not None:
            _fit(scene, strip, at, rate)


def _added_layers(strip: Any, new: history.Record) -> List[str]:
    """Layers not wished or not heard before, but now. A strip that was deleted does not come back."""
    was, stems = sounds.record_of(strip), new["take"]["stems"]
    known = set(was["take"]["stems"]) - set(was.get("left_out", ()))
    added = sorted(set(stems) - known) if was["layer"] else []
    return [layer for layer in added if not is_silent(sounds.found(stems[layer]))]


def _renewed(was: history.Record, new: history.Record, laid: List[str]) -> history.Record:
    record = history.renewed(was, new)
    if "left_out" in record:
        record["left_out"] = [layer for layer in record["left_out"] if layer not in laid]
    return record


def _add(scene: Any, beside: Any, new: history.Record, layer: str) -> Any:
    """A strip for a layer of the new take, where one of the old take's is."""
    owner, rate = beside.parent_meta() or scene.sequence_editor, sounds.rate_of(scene)
    bounds, name = compat.bounds(beside), placing.layer_channel(layer)
    span, at = range(bounds.left, bounds.right), sounds.frame_of(beside, history.begins(new), rate)
    above = max(beside.channel, sounds.highest_picture(owner, span))
    channel = placing.pick_channel(sounds.channels_of(owner), above, span, name)
    record = dict(_renewed(sounds.record_of(beside), new, [layer]), layer=layer)
    added = sounds.lay(owner, record, channel.number, at, span, rate)
    sounds.call_channel(owner, channel.number, name)
    added[UID] = beside[UID]
    added.volume, added.pan, added.color_tag = beside.volume, beside.pan, beside.color_tag
    return added


def _fits(was: history.Record, now: history.Record) -> bool:
    """Whether the new file covers the same stretch, sample by sample."""
    same_length: bool = was["take"]["samples"] == now["take"]["samples"]
    return same_length and history.begins(was) == history.begins(now)


def _swap(strip: Any, record: history.Record, sound: Optional[Any]) -> None:
    was = sounds.record_of(strip)
    names = [placing.strip_name(one["prompt"], one["layer"]) for one in (was, record)]
    strip.name = placing.renamed(strip.name, *names)
    silenced = bool(was.get("silenced"))
    if sound is not None:
        strip.sound, strip.mute = sound, strip.mute and not silenced
        sounds.keep(strip, record)
        return
    # The take has nothing of this layer. What the user has muted stays so when one has.
    sounds.keep(strip, dict(record, silenced=True) if silenced or not strip.mute else record)
    strip.mute = True


def _fit(scene: Any, strip: Any, at: Fraction, rate: Fraction) -> None:
    """A strip keeps the length of the file that it had first; only Reload tells it another one."""
    bounds, first = compat.bounds(strip), at.numerator // at.denominator
    compat.reload(scene, strip)
    compat.move_content(strip, first)
    compat.trim(strip, bounds.left - first, bounds.right)
    compat.set_sound_offset(strip, float((at - first) / rate))
