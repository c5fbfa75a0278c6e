"""Everyday phrases: does the built-in engine take them for what an editor means?

    python benchmarks/everyday_phrases.py [TABLE.csv]

The table (tests/data/everyday_phrases.csv unless another is given) was written by hand before anybody looked
at what the engine says. Its columns are `phrase` and `meant`: the kinds of sound, with ` + ` between those
that are heard together and ` | ` between what is as right; `-` where there is no such sound, which must then
be told as not understood (or as a space) and nothing else played; `none` where no sound is asked for.
Prints the figure as one JSON line, with every phrase that is taken for something else; ends with 1 below
95 %.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.figure import Figure, judged
from foley_core.engines.procedural.prompt.parser import NEUTRAL_HIT, parse_prompt

TABLE = Path(__file__).parent.parent / "tests" / "data" / "everyday_phrases.csv"
ASKED = 0.95


def table(path: Path = TABLE) -> dict[str, str]:
    """Each phrase, and what is meant."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["phrase"]: row["meant"] for row in csv.DictReader(lines)}


def taken_for(phrase: str) -> tuple[frozenset[str], bool]:
    """The kinds that a phrase names, and whether any of it is told as not understood, or is a space."""
    soundscape = parse_prompt(f"{phrase}, silence")
    told = bool(soundscape.unknown or soundscape.space)
    return frozenset(voice.kind.name for voice in soundscape.voices), told


def is_right(phrase: str, meant: str) -> bool:
    """Whether a phrase is taken for what is meant. A neutral hit is what nothing named sounds like."""
    kinds, told = taken_for(phrase)
    for wanted in meant.split(" | "):
        if wanted == "none" and not kinds:
            return True
        if wanted == "-" and told and kinds <= {NEUTRAL_HIT}:
            return True
        if kinds == set(wanted.split(" + ")):
            return True
    return False


def figure(path: Path = TABLE) -> Figure:
    """The share of phrases that are right."""
    phrases = table(path)
    wrong = {
        phrase: f"{' + '.join(sorted(taken_for(phrase)[0])) or 'nothing'}, not {meant}"
        for phrase, meant in phrases.items()
        if not is_right(phrase, meant)
    }
    share = 1 - len(wrong) / len(phrases)
    return Figure(
        "everyday phrases", f"{ASKED:.0%}", share, share >= ASKED, {"of": len(phrases), "wrong": wrong}
    )


if __name__ == "__main__":
    sys.exit(judged([figure(Path(sys.argv[1]) if len(sys.argv) > 1 else TABLE)]))
