"""Spelling: the known words that one that is not known is likely a slip of the keys for.

A slip is a letter too many or too few, that of a key beside it in its place, or two letters the other way
round: one in short words, two in longer ones (Damerau and Levenshtein's distance). First letters are rarely
mistyped, so both words begin alike, but where two are the other way round. What is no word of letters is no
slip. Which words are words `hints.py` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

NEAREST = 3
_LEAST_MISSPELT = 5
"""Letters of a word that can be told from a mistyped one."""
_SHORT = 5
"""Letters of a word with one slip at most."""
_SHORTEST = 3
_VOWELS = frozenset("aeiou")
_ROWS = "qwertyuiop asdfghjkl zxcvbnm"


def nearest(word: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """The words that `word` is with the fewest slips, each of another meaning (`known`: word to meaning)."""
    if len(word) < _SHORTEST or not word.isalpha():
        return ()
    most = 1 if len(word) <= _SHORT else 2
    alike = (other for other in known if _begins_alike(word, other) and abs(len(word) - len(other)) <= most)
    found = sorted((slips, other) for other in alike if (slips := _slips(word, other)) <= most)
    best: dict[str, str] = {}
    for _, other in (each for each in found if each[0] == found[0][0]):
        best.setdefault(known[other], other)
    return tuple(best.values())[:NEAREST]


def _begins_alike(word: str, other: str) -> bool:
    return word[:1] == other[:1] or word[:2] == other[1::-1]


def _is_near_key(letter: str, meant: str) -> bool:
    """Whether two keys lie side by side in one row, or both letters are vowels, which are mistaken by ear."""
    return {letter, meant} <= _VOWELS or f"{letter}{meant}" in _ROWS or f"{meant}{letter}" in _ROWS


@lru_cache(maxsize=8_192)
def _slips(word: str, other: str) -> int:
    """How many slips make `word` of `other`; a letter in place of one far away on the keys counts twice."""
    earlier: list[int] = []
    before = list(range(len(other) + 1))
    for at, letter in enumerate(word):
        row = [at + 1]
        for there, meant in enumerate(other):
            wrong = 0 if letter == meant else 1 if _is_near_key(letter, meant) else 2
            slips = min(before[there + 1] + 1, row[there] + 1, before[there] + wrong)
            swapped = at and there and letter == other[there - 1] and word[at - 1] == meant
            row.append(min(slips, earlier[there - 1] + 1) if swapped else slips)
        earlier, before = before, row
    return before[-1]


def is_misspelt(word: str, known: Mapping[str, str]) -> bool:
    """Whether `word` is a known one with a letter too many, one too few, or two the other way round.

    A letter in place of another more often makes another word ("collar" is no cellar), and -er one who does
    something: a "driver" is no diver.
    """
    if len(word) < _LEAST_MISSPELT or word.endswith(("er", "or")):
        return False
    alike = (other for other in known if other[0] == word[0] and abs(len(other) - len(word)) <= 1)
    return any(_is_slip(word, other) and _slips(word, other) == 1 for other in alike)


def _is_slip(word: str, other: str) -> bool:
    """Whether they differ by the order of letters, or by one more that is not the last."""
    if len(word) == len(other):
        return sorted(word) == sorted(other)
    return not (word.startswith(other) or other.startswith(word))
