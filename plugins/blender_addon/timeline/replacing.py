# SPDX-License-Identifier: GPL-3.0-or-later
"""Swaps what Foley strips play, in place: trims, volume, fades, pan and the user's names stay as they are."""

from typing import Any, List, Optional, Sequence, Tuple

from ..core import history, placing, shown
from ..core.custom_properties import UID
from ..core.job import Job
from ..core.problem import Problem
from ..core.waveform import is_silent
from . import compat, copies, cues, laying, packing, sounds
from .laying import Place

Swap = Tuple[Any, history.Record]
"""A strip, and the record that it shall have."""


def renew(scene: Any, job: Job) -> List[Any]:
    """Let the strips that were asked for play the new take; earlier ones can be chosen again.

    They become a sound of their own where copies of them are left. The other half of a cut goes on as it was,
    and has the new takes in its list if they reach over what it plays. A take that is to be heard first is
    only put into the lists.
    """
    takes = job.takes or []
    known = job.id, job.picture.uid, job.wishes, takes, job.report, job.hits
    new = history.written(*known, shown=shown.noted(job.picture))
    strips = copies.meant(scene, job.goal)
    if not takes[0]["stems"] and any(sounds.record_of(strip)["layer"] for strip in strips):
        message = "The take has no layers, and {!r} plays one.".format(strips[0].name)
        raise Problem("no_stems", message, "Insert it from the list.")
    if job.wishes.hear_first:
        for strip in strips:
            sounds.keep(strip, history.added(sounds.record_of(strip), new))
        return strips
    rest = [one for one in copies.with_halves(scene, strips) if one not in strips]
    is_copy, layers = bool(copies.others(scene, strips)), _added_layers(strips[0], new)
    swaps = [(strip, _renewed(sounds.record_of(strip), new, layers)) for strip in strips]
    places = [_followed(scene, strip, record) for strip, record in swaps]
    added = []  # type: List[Any]
    try:
        added.extend(_add(scene, strips[0], new, layer) for layer in layers)
        _swap_all(scene, swaps, places)
    except Problem:
        for sound in added:
            compat.strips(sound.parent_meta() or scene.sequence_editor).remove(sound)
        raise
    for strip in rest:
        _offer(scene, strip, new)
    if is_copy:
        _make_own([*strips, *added, *rest], job.id)
    return strips + added


def swap(scene: Any, swaps: Sequence[Swap]) -> None:
    """Let each strip play what its record names; nothing is changed where a file fails."""
    _swap_all(scene, swaps, [_kept(scene, strip, record) for strip, record in swaps])


def _swap_all(scene: Any, swaps: Sequence[Swap], places: Sequence[Place]) -> None:
    ready = [sounds.loaded(record) for _strip, record in swaps]
    moved = []
    for (strip, record), sound, place in zip(swaps, ready, places, strict=True):
        if sound is not None and not _fits(scene, strip, record, place):
            moved.append((strip, place))
        _swap(strip, record, sound)
    laying.lay(scene, moved)


def _kept(scene: Any, strip: Any, record: history.Record) -> Place:
    """Where a strip lies that plays another take of the same picture: its ends stay."""
    bounds, rate = compat.bounds(strip), sounds.rate_of(scene)
    at = cues.frame_for(strip, record, history.begins(record), rate)
    return Place(at, bounds.left, bounds.right)


def _followed(scene: Any, strip: Any, record: history.Record) -> Place:
    """Where a strip lies that plays a take of its picture as that is now.

    Ends that lay on the old ends of the picture go with them. A picture that was slipped under its ends takes
    what is heard with it.
    """
    kept, rate = _kept(scene, strip, record), sounds.rate_of(scene)
    was, now = history.fitted_to(sounds.record_of(strip)), history.shown_of(record)
    if was is None or now is None or was.rate != now.rate:
        return kept
    cue, slipped = cues.cue_of(scene, strip), 0
    if cue is not None:
        lag = cues.lag_of(scene, strip, cue)
        slipped = lag if lag in (now.left - was.left, now.right - was.right) else 0
    ends = cues.content_of(strip, kept.left, rate), cues.content_of(strip, kept.right, rate)
    left, right = shown.followed(ends, was, now)
    moved = round(left - ends[0]) - slipped, round(right - ends[1]) - slipped
    return Place(kept.at - slipped, kept.left + moved[0], kept.right + moved[1], -slipped)


def _offer(scene: Any, strip: Any, new: history.Record) -> None:
    """Put new takes into the list of the other half of a cut, if they reach over what it plays."""
    record, rate, bounds = sounds.record_of(strip), sounds.rate_of(scene), compat.bounds(strip)
    begins, ends = (cues.frame_for(strip, new, time, rate) for time in history.covers(new))
    if begins < bounds.left + 1 and bounds.right - 1 < ends:
        sounds.keep(strip, history.added(record, new))


def _make_own(strips: Sequence[Any], uid: str) -> None:
    """Give strips a uid of their own, and note which one they had: what is on its way knows them by that."""
    for strip in strips:
        sounds.keep(strip, dict(sounds.record_of(strip), copied=strip[UID]))
        strip[UID] = uid


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
    name = placing.layer_channel(layer)
    place = _followed(scene, beside, new)
    span, at = range(place.left, place.right), place.at
    above = max(beside.channel, sounds.highest_picture(owner, span))
    channel = placing.pick_channel(sounds.channels_of(owner), above, span, name)
    record = dict(_renewed(sounds.record_of(beside), new, [layer]), layer=layer)
    added = sounds.lay(owner, record, channel.number, at, span, rate)
    sounds.call_channel(owner, channel.number, name)
    added[UID] = beside[UID]
    added.volume, added.pan, added.color_tag = beside.volume, beside.pan, beside.color_tag
    return added


def _fits(scene: Any, strip: Any, record: history.Record, place: Place) -> bool:
    """Whether the new file is heard right where the strip lies, sample by sample."""
    was, bounds = sounds.record_of(strip), compat.bounds(strip)
    same_length: bool = was["take"]["samples"] == record["take"]["samples"]
    stays = place.at == sounds.start_of(strip, sounds.rate_of(scene))
    return same_length and stays and (place.left, place.right) == (bounds.left, bounds.right)


def _swap(strip: Any, record: history.Record, sound: Optional[Any]) -> None:
    was = sounds.record_of(strip)
    names = [placing.strip_name(one["prompt"], one["layer"]) for one in (was, record)]
    strip.name = placing.renamed(strip.name, *names)
    silenced = bool(was.get("silenced"))
    if sound is not None:
        packing.hold(strip.sound)
        strip.sound, strip.mute = sound, strip.mute and not silenced
        sounds.keep(strip, record)
        return
    # The take has nothing of this layer. What the user has muted stays so when one has.
    sounds.keep(strip, dict(record, silenced=True) if silenced or not strip.mute else record)
    strip.mute = True
