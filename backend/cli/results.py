"""What came of a job, as it is shown: its files, and what is worth knowing about its takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from backend.cli.screen import answer, remark
from foley_core.take import PREVIEW_NOTE

WHERE_KNOWN = "`foley sounds` lists what is known"


def result(done: dict[str, Any], reports: Sequence[str]) -> dict[str, Any]:
    """A job that is done as one object; `reports` are those that were asked for by name."""
    return {
        "job": done["job"],
        **{name: done.get(name) for name in ("takes", "preview", "report")},
        "reports": reports,
    }


def show_files(found: dict[str, Any]) -> None:
    """The paths of a `result`, each on a line of its own."""
    files = [path for take in found["takes"] for path in (take["path"], *take.get("stems", {}).values())]
    answer(found, False, [*files, *(path for path in (found["preview"], *found["reports"]) if path)])


def show_remarks(takes: list[dict[str, Any]]) -> None:
    """What is worth knowing about them; a backend of an older version says less."""
    remarks = dict.fromkeys(line for take in takes for line in (*advice(take), *take.get("remarks", ())))
    for line in (*map(summary, takes), *remarks):
        remark(line)
    for take in takes:
        if note := take.get("notes", {}).get(PREVIEW_NOTE):
            remark(f"Preview: {note}.")


def summary(take: dict[str, Any]) -> str:
    """One line on a take for people."""
    words = [f"{Path(take['path']).name}: seed {take['seed']}", *_hits(take)]
    if take.get("lufs") is not None:
        words.append(f"{take['lufs']:.1f} LUFS")
    if take.get("unknown_words"):
        words.append(f"unknown words: {unknown_words(take)}")
    return ", ".join(words) + "."


def _hits(take: dict[str, Any]) -> Iterator[str]:
    """How many impacts have a hit, as far as that is known, and whether hits were moved onto them."""
    found, seen = take.get("alignment"), len(take["impacts"])
    if found and seen and not found.get("told", True):
        yield f"{_count(seen, 'impact')} seen, not enough to tell whether hits are late: nothing is moved"
        return
    sounded = _sounded(take)
    if sounded:
        yield f"{sounded} of {seen} {'hits' if _by_hand(take) else 'impacts'} sounded"
    elif "hits" in take["cue"]["layers"]:
        what = f"{_count(seen, 'hit')} given" if _by_hand(take) else f"{_count(seen, 'impact')} seen"
        yield f"{what}, none sounded" if seen else what
    if found and found.get("moved"):
        yield "hits moved to where the picture's impacts were seen"


def advice(take: dict[str, Any]) -> Iterator[str]:
    """Why nothing strikes in a take, as far as that is known, and what to do."""
    voices = take.get("notes", {}).get("hits")
    if voices is None or _sounded(take):
        return
    if voices == "none" and _by_hand(take):
        yield "The prompt names nothing that strikes, so the hits given are not heard."
    elif voices != "none" and not take["impacts"]:
        yield f"No impact is seen, so {voices} is not heard: say where with --hits or --add."


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _sounded(take: dict[str, Any]) -> int:
    return sum(1 for impact in take["impacts"] if impact["sound"])


def _by_hand(take: dict[str, Any]) -> bool:
    return take["cue"].get("hits") is not None or take["cue"].get("hit_list") is not None


def unknown_words(told: Mapping[str, Any]) -> str:
    """The words that are not known, with those that may be meant; where there are none, where to look."""
    near = told.get("near_words", {})
    words = [
        f"{word} (nearest: {', '.join(near[word])})" if near.get(word) else word
        for word in told["unknown_words"]
    ]
    all_have = all(near.get(word) for word in told["unknown_words"])
    return "; ".join(words) + ("" if all_have else f" ({WHERE_KNOWN})")
