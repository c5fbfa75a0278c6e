"""Spelling: the known words most like one that is not known, for a hint about a typing error.

Words are alike as far as they share pairs of letters (Dice's coefficient over bigrams, with marks for the
word's beginning and end); the few best are put in order by their longest common parts (Ratcliff and
Obershelp, as in the standard library's difflib).
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import lru_cache

NEAREST = 3
_LEAST_MISSPELT = 5
"""Letters of a word that can be told from a mistyped one."""
_LOOKED_AT = 24
"""So many of the best by pairs are compared in full."""


def nearest(word: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """The words most like `word`, best first, each of another meaning (`known`: word to meaning)."""
    pairs = _pairs(word)
    ranked = sorted(known, key=lambda other: (-_shared(pairs, other), other))
    best: dict[str, str] = {}
    close = sorted(ranked[:_LOOKED_AT], key=lambda other: (-_alike(word, other), other))
    for other in [*close, *ranked[_LOOKED_AT:]]:
        best.setdefault(known[other], other)
        if len(best) == NEAREST:
            break
    return tuple(best.values())


@lru_cache(maxsize=8_192)
def _pairs(word: str) -> frozenset[str]:
    marked = f"^{word}$"
    return frozenset(marked[at : at + 2] for at in range(len(marked) - 1))


def _shared(pairs: frozenset[str], other: str) -> float:
    others = _pairs(other)
    return 2 * len(pairs & others) / (len(pairs) + len(others))


def _alike(word: str, other: str) -> float:
    return SequenceMatcher(None, word, other, autojunk=False).ratio()


def is_misspelt(word: str, known: Mapping[str, str]) -> bool:
    """Whether `word` is a known one with a letter too many, one too few, or two the other way round.

    A letter in place of another more often makes another word ("collar" is no cellar), and -er one who does
    something: a "driver" is no diver.
    """
    if len(word) < _LEAST_MISSPELT or word.endswith(("er", "or")):
        return False
    pairs = _pairs(word)
    likest = sorted(known, key=lambda other: (-_shared(pairs, other), other))[:3]
    return any(word[0] == other[0] and _is_slip(word, other) for other in likest)


def _is_slip(word: str, other: str) -> bool:
    if len(word) == len(other):
        wrong = [at for at in range(len(word)) if word[at] != other[at]]
        return len(wrong) == 2 and sorted(word) == sorted(other)
    longer, shorter = sorted((word, other), key=len, reverse=True)
    missing = (longer[:at] + longer[at + 1 :] for at in range(len(longer) - 1))
    return len(longer) == len(shorter) + 1 and shorter in missing
