# SPDX-License-Identifier: GPL-3.0-or-later
"""What a take's strip carries, as one JSON text: it survives where the add-on is not installed.

    {"strip", "layer", "number", "job", "prompt", ..., "seed", "take", "report", "hits", "shown",
     "others": [...]}

`strip` is the uid of the picture, and `strips`, where it is made of several, the uids of all. `layer` is what
of the take the strip plays (empty: all of it). `others` are the takes that can be chosen instead: those that
were there before, and the others of the same job. Each is an entry with all of its own but what is the
strip's or the sound's; `number` counts the takes from 1, in the order in which they came. `shown` says what
the picture showed that the take was made for; older records have none. There may be, of the sound:
`left_out`, layers that no strip was laid for, since nothing of them was heard; `copied`, the uid that it had
before it became one of its own. And of the strip: `silenced`, where the take has nothing of its layer, so
that it is muted; `fitted`, what the picture showed when the strip was fitted to it. Records are never
changed: every function gives a new one.
"""

import json
from fractions import Fraction
from functools import lru_cache
from typing import Any, Dict, List, Optional, Sequence, Tuple

from .custom_properties import META
from .problem import Problem
from .shown import Shown
from .wishes import Wishes

Record = Dict[str, Any]

_OF_SOUND = ("strip", "strips", "layer", "left_out", "copied")
_OF_STRIP = (*_OF_SOUND, "silenced", "fitted", "others")

_MISSING: Record = {
    "strip": "",
    "layer": "",
    "number": 1,
    "job": "",
    "prompt": "",
    "hits": None,
    "others": [],
}


def written(
    job: str,
    picture: str,
    wishes: Wishes,
    takes: Sequence[Dict[str, Any]],
    report: str = "",
    hits: Optional[Sequence[Fraction]] = None,
    shown: Optional[Dict[str, Any]] = None,
    pictures: Sequence[str] = (),
) -> Record:
    """The record of the new takes of a job, of which the first is in use; `pictures` are uids, if several."""
    texts = None if hits is None else ["{0.numerator}/{0.denominator}".format(hit) for hit in hits]
    entries = [
        dict(
            wishes.plain(),
            number=number,
            job=job,
            seed=str(take["seed"]),
            take=take,
            report=report,
            hits=texts,
            **({} if shown is None else {"shown": shown}),
        )
        for number, take in enumerate(takes, 1)
    ]
    several = {"strips": list(pictures)} if len(pictures) > 1 else {}
    return _in_use({"strip": picture, "layer": "", **several}, entries[0], entries[1:])


def pictures(record: Record) -> List[str]:
    """Uids of the pictures that a sound was made for, that by which it was placed first."""
    kept = record.get("strips")
    return [str(uid) for uid in kept] if isinstance(kept, list) and kept else [record["strip"]]


def renewed(record: Record, new: Record) -> Record:
    """The record of new takes, on the strip of earlier ones: these can be chosen again."""
    later = _numbered_on(record, new)
    return _in_use(record, later[0], entries(record) + later[1:])


def added(record: Record, new: Record) -> Record:
    """The record with new takes among those that can be chosen; the one in use stays so."""
    return dict(record, others=sorted([*record["others"], *_numbered_on(record, new)], key=_number))


def fitted(record: Record, shown: Shown) -> Record:
    """The record of a strip that was fitted to what its picture shows."""
    return dict(record, fitted=shown.plain())


def instead(record: Record, new: Record) -> Record:
    """The record of new takes on a strip of its own, in place of an earlier one; its takes can be chosen."""
    merged = renewed(record, new)
    kept = {name: value for name, value in merged.items() if name not in _OF_SOUND}
    return dict(kept, **{name: new[name] for name in _OF_SOUND if name in new})


def chosen(record: Record, path: str) -> Record:
    """The record with that one of its other takes in use; the one that was is among the others then."""
    wanted = [entry for entry in record["others"] if entry["take"]["path"] == path]
    if not wanted:
        raise Problem("no_such_take", "There is no such take.", "Choose one from the list.")
    kept = _in_use(record, wanted[0], [entry for entry in entries(record) if entry != wanted[0]])
    if "fitted" not in record or (covers(record), shown_of(record)) != (covers(kept), shown_of(kept)):
        return kept
    return dict(kept, fitted=record["fitted"])


def without(record: Record, path: str) -> Record:
    """The record without that one of its other takes."""
    return dict(record, others=[entry for entry in record["others"] if entry["take"]["path"] != path])


def entries(record: Record) -> List[Record]:
    """All takes of a record, the one in use too, in the order in which they came."""
    used = {name: value for name, value in record.items() if name not in _OF_STRIP}
    return sorted([used, *record["others"]], key=_number)


def other(record: Record, index: int) -> Record:
    """One of the takes that can be chosen instead."""
    if not 0 <= index < len(record["others"]):
        raise Problem("no_such_take", "There is no such take.", "Choose one from the list.")
    return dict(record["others"][index])


def against(record: Record, path: str, lately: Sequence[str]) -> Record:
    """The take to be compared with the one at `path`: the one heard last before it, else the one in use, else
    the newest. The record must have other takes."""
    there = {entry["take"]["path"]: entry for entry in entries(record)}
    order = [*reversed(lately), record["take"]["path"], *reversed(list(there))]
    return next(there[one] for one in order if one in there and one != path)


def part(record: Record) -> str:
    """The file that the strip plays; empty where the take has nothing of the strip's layer."""
    return str(
        record["take"]["stems"].get(record["layer"], "") if record["layer"] else record["take"]["path"]
    )


def files(entry: Record) -> List[str]:
    """All sound files of a take."""
    return [entry["take"]["path"], *entry["take"]["stems"].values()]


def paths(record: Record) -> List[str]:
    """All files that a record names, of all its takes: sounds, reports, films."""
    named = []  # type: List[str]
    for entry in entries(record):
        named += [*files(entry), entry.get("report") or "", entry["take"]["cue"]["media"]]
    return [path for path in named if path]


def wishes_of(entry: Record) -> Wishes:
    """What a take was asked for with. Whether it was to be heard first is asked each time."""
    return Wishes.of(entry)._replace(hear_first=False)


def stretch(entry: Record) -> Tuple[Fraction, Fraction]:
    """In and out of the picture that a take was made for, in seconds of media time."""
    return Fraction(entry["take"]["cue"]["in"]), Fraction(entry["take"]["cue"]["out"])


def begins(entry: Record) -> Fraction:
    """The media time of a take's first sample."""
    return Fraction(entry["take"]["start_exact"])


def covers(entry: Record) -> Tuple[Fraction, Fraction]:
    """From which media time to which there is sound, handles and all."""
    return begins(entry), begins(entry) + Fraction(entry["take"]["samples"], entry["take"]["sample_rate"])


def shown_of(entry: Record) -> Optional[Shown]:
    """What the picture showed when the take was made; none where that was not noted."""
    return Shown.of(entry.get("shown"))


def fitted_to(record: Record) -> Optional[Shown]:
    """What the picture showed to which the strip's ends were set last."""
    return Shown.of(record.get("fitted")) or shown_of(record)


def hits_of(entry: Record) -> Optional[List[Fraction]]:
    """The hits that overruled what was detected."""
    return None if entry["hits"] is None else [Fraction(hit) for hit in entry["hits"]]


def text(record: Record) -> str:
    """The record as it is kept on the strip."""
    return json.dumps(record, sort_keys=True)


def of(strip: Any) -> Optional[Record]:
    """The record that a strip carries; none where it is no sound of ours."""
    kept = strip.get(META, "")
    return _read(kept) if isinstance(kept, str) else None


@lru_cache(maxsize=1024)
def _read(kept: str) -> Optional[Record]:
    """Panels ask for it with every redraw."""
    try:
        record = json.loads(kept)
        record = dict(_MISSING, **dict(record, take=dict({"stems": {}}, **record["take"])))
        return record if all(map(_is_whole, entries(record))) else None
    except (AttributeError, KeyError, TypeError, ValueError, ZeroDivisionError):
        return None


def _is_whole(entry: Record) -> bool:
    """Whether a take can be placed and made again; raises what `_read` knows where it cannot."""
    stretch(entry), begins(entry), hits_of(entry)
    texts = [*files(entry), entry["take"]["cue"]["media"], entry["prompt"]]
    return all(isinstance(text, str) for text in texts)


def _numbered_on(record: Record, new: Record) -> List[Record]:
    """The takes of a new record, counted on from those of an earlier one."""
    count = max(map(_number, entries(record)))
    return [dict(entry, number=_number(entry) + count) for entry in entries(new)]


def _number(entry: Record) -> int:
    return int(entry["number"])


def _in_use(record: Record, entry: Record, others: Sequence[Record]) -> Record:
    kept = dict(entry, **{name: record[name] for name in _OF_SOUND if name in record})
    return dict(kept, others=sorted(others, key=_number))
