"""Inflection: the forms that an English noun or verb takes, so that a table needs only one of them.

Regular forms by the rules of spelling, the others by table.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

IRREGULAR_PLURALS = {
    "men": "man", "women": "woman", "children": "child", "people": "person", "feet": "foot",
    "teeth": "tooth", "geese": "goose", "mice": "mouse", "lice": "louse", "oxen": "ox", "knives": "knife",
    "wives": "wife", "lives": "life", "wolves": "wolf", "calves": "calf", "halves": "half",
    "hooves": "hoof", "leaves": "leaf", "loaves": "loaf", "scarves": "scarf", "shelves": "shelf",
    "bookshelves": "bookshelf", "thieves": "thief", "sheaves": "sheaf", "elves": "elf", "dwarves": "dwarf",
    "dice": "die", "policemen": "policeman", "firemen": "fireman", "snowmen": "snowman",
    "werewolves": "werewolf", "handkerchieves": "handkerchief", "cacti": "cactus", "tvs": "tv", "yos": "yo",
}  # fmt: skip
"""Plurals that no rule gives, and their singulars."""
_NO_PLURALS = ("ss", "us")
"""A word that ends so is a singular; one in -is nearly always, but for "taxis"."""
_IRREGULAR_VERBS = {
    "bear": "bore borne", "become": "became", "begin": "began begun", "bend": "bent", "bind": "bound",
    "bring": "brought", "build": "built", "creep": "crept", "feed": "fed", "feel": "felt", "find": "found",
    "freeze": "froze frozen", "get": "got", "give": "gave given", "grow": "grew grown", "hear": "heard",
    "keep": "kept", "leap": "leapt leaped", "lose": "lost", "meet": "met", "rise": "rose risen",
    "say": "said", "see": "seen", "send": "sent", "sink": "sank sunk", "tell": "told",
    "wake": "woke woken", "wear": "wore worn", "win": "won", "wind": "wound",
    "beat": "beaten", "bite": "bit bitten", "blow": "blew blown", "break": "broke broken",
    "burn": "burnt burned", "buy": "bought", "catch": "caught", "come": "came", "cut": "cut", "dig": "dug",
    "draw": "drew drawn", "drink": "drank drunk", "drive": "drove driven", "eat": "ate eaten",
    "fall": "fell fallen", "fight": "fought", "fly": "flew flown", "go": "went gone", "grind": "ground",
    "hang": "hung", "hit": "hit", "hold": "held", "leave": "left", "put": "put", "ring": "rang rung",
    "run": "ran", "saw": "sawn sawed", "sew": "sewn", "set": "set", "shake": "shook shaken", "shoot": "shot",
    "shut": "shut", "sing": "sang sung", "slide": "slid", "slit": "slit", "spin": "spun", "spit": "spat",
    "stand": "stood", "sit": "sat", "strike": "struck", "sweep": "swept", "swim": "swam swum",
    "swing": "swung", "take": "took taken", "tear": "tore torn", "throw": "threw thrown",
    "weep": "wept", "write": "wrote written",
}  # fmt: skip
"""Past forms that no rule gives; "shot", "ground" and "left" are nouns or other words first."""
_NOT_VERBS = frozenset({"ground", "left", "saw", "shot"})
_NOUNS_IN_ING = {"building", "ceiling", "morning", "evening", "wedding", "pudding", "painting", "lighting"}
_NOUNS = frozenset(_NOUNS_IN_ING | {"family", "belly"})
_IN_OES = frozenset(
    {"echo", "torpedo", "hero", "potato", "tomato", "volcano", "tornado", "mosquito", "domino", "buffalo"}
)
_VOWELS = frozenset("aeiou")
_DOUBLED_IN_LONG_WORDS = frozenset({"level", "shovel", "signal", "travel", "whirr"})


def singulars(word: str) -> Iterator[str]:
    """What `word` may be the plural of, the likeliest first; nothing where it can be none."""
    if word in IRREGULAR_PLURALS:
        yield IRREGULAR_PLURALS[word]
    elif len(word) > 3 and word.endswith("s") and not word.endswith(_NO_PLURALS):
        if word.endswith("ies"):
            yield word[:-3] + "y"
        yield word[:-1]
        if word.endswith("es"):
            yield word[:-2]


def is_among(text: str, phrases: Container[str]) -> bool:
    """Whether these hold a word or phrase, or what it is the plural of."""
    before, space, last = text.rpartition(" ")
    return text in phrases or any(before + space + one in phrases for one in singulars(last))


def is_plural(word: str) -> bool:
    """Whether the word has the form of a plural; "glass" and "bus" have not."""
    return not word.endswith("is") and any(True for _ in singulars(word))


def plural(word: str) -> str:
    """The plural of a noun."""
    for other, one in IRREGULAR_PLURALS.items():
        if one == word:
            return other
    return _with_s(word)


def verb_forms(stem: str) -> tuple[str, ...]:
    """A verb's stem, and its forms in -s, -ing and -ed or the past by table."""
    past = [form for form in _IRREGULAR_VERBS.get(stem, "").split() if form not in _NOT_VERBS]
    if stem not in _IRREGULAR_VERBS:
        past = [_with_ending(stem, "ed")]
    return tuple(dict.fromkeys((stem, _with_s(stem), _with_ending(stem, "ing"), *past)))


def forms_of(verbs: Iterable[str]) -> tuple[str, ...]:
    """The forms of each of many verbs, with the words after it: "slow down", "slows down"."""
    parts = (verb.partition(" ") for verb in verbs)
    return tuple(f"{form} {rest}".strip() for stem, _, rest in parts for form in verb_forms(stem))


def _with_s(word: str) -> str:
    if word.endswith(("s", "x", "z", "ch", "sh")) or word in _IN_OES:
        return word + "es"
    return word[:-1] + "ies" if _ends_in_y(word) else word + "s"


def _with_ending(stem: str, ending: str) -> str:
    if ending == "ed" and _ends_in_y(stem):
        return stem[:-1] + "ied"
    if stem.endswith("e") and not stem.endswith(("ee", "oe", "ye")):
        return stem[:-1] + ending
    return stem + (stem[-1] if _doubles(stem) else "") + ending


def _ends_in_y(word: str) -> bool:
    return word.endswith("y") and word[-2:-1] not in _VOWELS


def _doubles(stem: str) -> bool:
    """One short vowel and one consonant at the end of a word of one syllable: "tap", "tapping"."""
    if stem in _DOUBLED_IN_LONG_WORDS:
        return stem[-1] != stem[-2]
    vowels = [at for at, letter in enumerate(stem) if letter in _VOWELS and stem[at - 1 : at + 1] != "qu"]
    return vowels == [len(stem) - 2] and stem[-1] not in "wxy" and len(stem) > 2


def has_ending(word: str) -> bool:
    """Whether a word ends as a verb or an adverb does: "flapping", "softly", but not "string" or "bed"."""
    for ending in ("ing", "ed", "ly"):
        stem = word.removesuffix(ending)
        if stem != word and not word.endswith("eed") and any(letter in "aeiouy" for letter in stem):
            return word not in _NOUNS
    return False
