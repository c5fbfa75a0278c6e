"""Offsets: how far hits lie from their impacts, where that was measured, and against what.

An engine that puts each hit at its impact, to the sample, has nothing measured: then there is no offset.
"""

from __future__ import annotations

from foley_core.take import HEARD, AlignmentSummary, Take

PLACED = "Each hit is placed at its impact, to the sample; there is no offset to be measured"


def measured_against(take: Take) -> str:
    """What the take's offsets were measured on and against, as a sentence; empty where none were measured."""
    given, seen = "the times of the hits that were given", "the impacts seen in the picture"
    impacts = given if take.hits_given else seen
    if any(impact.sound == HEARD for impact in take.impacts):
        return f"Offsets are of the onsets heard in the sound, against {impacts}."
    if any(impact.before_ms or impact.offset_ms for impact in take.impacts):
        return f"Offsets are of the hits as the engine tells them, against {impacts}."
    return ""


def is_placed(take: Take) -> bool:
    """Whether the engine put its hits at their impacts."""
    return any(impact.sound for impact in take.impacts) and not measured_against(take)


def alignment_in_words(found: AlignmentSummary) -> str:
    """How hits lie to the impacts that were seen, in a line, and what is to be said of it."""
    told = _distances(found) if found.told else []
    line = "; ".join([*told, *(note.rstrip(".") for note in found.notes)])
    return f"{line[:1].upper()}{line[1:]}."


def _distances(found: AlignmentSummary) -> list[str]:
    """What was measured against the impacts that were seen, which may be wrong themselves."""
    if found.p50_ms is None or found.p95_ms is None or found.worst_ms is None:
        told = ["no hit surely belongs to an impact"]
    else:
        told = [
            f"measured against the picture's impacts half of the hits lie within {found.p50_ms:.1f} ms",
            f"95 % within {found.p95_ms:.1f} ms, all within {found.worst_ms:.1f} ms",
        ]
    if found.shift_ms:
        side = "late" if found.shift_ms > 0 else "early"
        told.append(f"all of it came {abs(found.shift_ms):.0f} ms {side}")
    return [*told, *left_over(found)]


def left_over(found: AlignmentSummary) -> list[str]:
    """What belongs to nothing."""
    return [
        f"{count} {what} without {other}"
        for count, what, other in (
            (found.unmatched_impacts, "impacts", "a hit"),
            (found.unmatched_onsets, "onsets", "an impact"),
        )
        if count
    ]
