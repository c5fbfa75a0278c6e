"""What came of a job, as it is shown: its files, and what is worth knowing about its takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from backend.cli.screen import answer, remark
from foley_core.take import PREVIEW_NOTE


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
    remarks = dict.fromkeys(line for take in takes for line in take.get("remarks", ()))
    for line in (*map(summary, takes), *remarks):
        remark(line)
    for take in takes:
        if note := take.get("notes", {}).get(PREVIEW_NOTE):
            remark(f"Preview: {note}.")


def summary(take: dict[str, Any]) -> str:
    """One line on a take for people."""
    words = [f"Seed {take['seed']}", *_hits(take)]
    if take.get("lufs") is not None:
        words.append(f"{take['lufs']:.1f} LUFS")
    if take.get("unknown_words"):
        words.append(f"unknown words: {'; '.join(_with_near(take))}")
    return ", ".join(words) + "."


def _hits(take: dict[str, Any]) -> Iterator[str]:
    """How many impacts have a hit, as far as that is known, and whether hits were moved onto them."""
    found, seen = take.get("alignment"), len(take["impacts"])
    if found and seen and not found.get("told", True):
        yield f"{seen} impacts seen, which do not tell whether the hits are late: nothing is moved"
        return
    yield f"{sum(1 for impact in take['impacts'] if impact['sound'])} of {seen} impacts sounded"
    if found and found.get("moved"):
        yield "hits moved to where the picture's impacts were seen"


def _with_near(take: dict[str, Any]) -> list[str]:
    """Each unknown word, with the known ones most like it."""
    near = take.get("near_words", {})
    return [
        f"{word} (nearest: {', '.join(near[word])})" if near.get(word) else word
        for word in take["unknown_words"]
    ]
