# SPDX-License-Identifier: GPL-3.0-or-later
"""The sounds and words that the built-in engine knows, as the backend has told them: searched, and offered
while a prompt is typed. Nothing is offered before they are told. No Blender here.
"""

import re
from difflib import get_close_matches
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from .remarks import with_nearest

OFFERED = 5
"""Words offered at once."""
_LONGEST_PHRASE = 3
"""Words of what is typed that one known phrase may begin with."""
_LEAST_MISSPELT = 4
_STOP = re.compile(r"[,.;:!?]")


class Sound(NamedTuple):
    """A kind of sound."""

    name: str
    family: str
    layer: str
    words: List[str]
    example: str


class KnownSounds:
    """All that is known, and what the newest prompt was taken for."""

    def __init__(self) -> None:
        self.sounds: List[Sound] = []
        self.words: Dict[str, str] = {}
        """Each word and phrase with what it means; sounds first."""
        self.explained: Dict[str, Any] = {}
        """The newest explanation of a prompt."""
        self.answers: Dict[str, Dict[str, Any]] = {}
        """Replies to auditions that were asked for, or what went wrong, by the request's id."""
        self._offered: Tuple[str, List[str]] = ("", [])

    def take_in(self, event: Dict[str, Any]) -> None:
        """Note what one of the client's events says of them."""
        if event["type"] == "sounds":
            self._take_in_list(event)
        elif event["type"] == "explain":
            self.explained = event
        elif event["type"] == "hear" or (event["type"] == "error" and event.get("re") in self.answers):
            self.answers[event["re"]] = event

    def families(self) -> List[str]:
        """In the order in which they are to be shown."""
        return list(dict.fromkeys(sound.family for sound in self.sounds))

    def found(self, sought: str, family: str = "") -> List[Sound]:
        """The sounds that have all the sought words in their name, family or own words; those of the name
        first. Where nothing is sought, those of the family."""
        wanted = sought.lower().split()
        if not wanted:
            return [sound for sound in self.sounds if sound.family == family]
        named = [sound for sound in self.sounds if all(word in sound.name for word in wanted)]
        others = [sound for sound in self.sounds if all(word in _all_of(sound) for word in wanted)]
        return list({sound.name: sound for sound in named + others}.values())

    def offered(self, prompt: str) -> List[str]:
        """Known words that begin with what was typed last, each of another meaning; or that it may be a slip
        for."""
        if self._offered[0] != prompt:  # A dialog asks for every one of its buttons.
            self._offered = prompt, self._begun_or_near(_typed_last(prompt))
        return self._offered[1]

    def _begun_or_near(self, typed: List[str]) -> List[str]:
        for fragment in typed:
            begun = sorted((word for word in self.words if word.startswith(fragment)), key=self._rank)
            if fragment not in self.words and begun:
                return self._each_meaning(begun)
        if not typed or typed[-1] in self.words or len(typed[-1]) < _LEAST_MISSPELT:
            return []
        alike = [word for word in self.words if word[0] == typed[-1][0]]
        return self._each_meaning(get_close_matches(typed[-1], alike, 3 * OFFERED, 0.8))

    def said_of(self, prompt: str) -> str:
        """What the backend took the prompt for, in one line; until it has said so, which words are known."""
        told = self.explained
        if not told or told["prompt"] != prompt:
            known = self._known_in(prompt)
            return "Known words: {}".format(", ".join(known)) if known else ""
        heard = [_with_how(sound) for sound in told["sounds"] if sound["named"]]
        parts = [", ".join(heard) or "nothing known: neutral hits"]
        parts += ["in a {}".format(told["space"])] if told["space"] else []
        unknown = with_nearest(told)
        return "Plays " + " ".join(parts) + ("; not known: " + ", ".join(unknown) if unknown else "")

    def _known_in(self, prompt: str) -> List[str]:
        """The known words and phrases of a prompt, the longest at each place."""
        found = []
        for clause in _STOP.split(prompt.lower()):
            words = clause.split()
            while words:
                counts = range(min(_LONGEST_PHRASE, len(words)), 0, -1)
                length = next((count for count in counts if " ".join(words[:count]) in self.words), 0)
                found += [" ".join(words[:length])] if length else []
                words = words[max(length, 1) :]
        return list(dict.fromkeys(found))

    def _each_meaning(self, words: List[str]) -> List[str]:
        """The first word of each meaning, as many as are offered."""
        first: Dict[str, str] = {}
        for word in words:
            first.setdefault(self.words[word], word)
        return list(first.values())[:OFFERED]

    def _rank(self, word: str) -> Any:
        """Names of sounds before other words, short before long."""
        return self.words[word] != word, len(word.split()), len(word), word

    def _take_in_list(self, event: Dict[str, Any]) -> None:
        self.sounds = [Sound(*(one[name] for name in Sound._fields)) for one in event["sounds"]]
        self.words = {sound.name: sound.name for sound in self.sounds}
        self._offered = ("", [])
        for sound in self.sounds:
            self.words.update((word, self.words.get(word, sound.name)) for word in sound.words)
        spaces = [{"words": [one["name"], *one["words"]], "effect": one["name"]} for one in event["spaces"]]
        for one in [*event["shoes"], *event["modifiers"], *spaces]:
            self.words.update((word, self.words.get(word, one["effect"])) for word in one["words"])


def added(prompt: str, word: str) -> str:
    """The prompt with one more sound."""
    before = prompt.rstrip().rstrip(",")
    return "{}, {}".format(before, word) if before else word


def completed(prompt: str, word: str) -> str:
    """The prompt with this word in place of what of it was typed last."""
    typed = _typed_last(prompt)
    begun: Optional[str] = next((one for one in typed if word.startswith(one)), typed[-1] if typed else "")
    return prompt.rstrip()[: len(prompt.rstrip()) - len(begun or "")] + word


def _typed_last(prompt: str) -> List[str]:
    """The last words of a prompt, as few as one, the longest first; none where a blank ends them."""
    if prompt != prompt.rstrip():
        return []
    words = _STOP.split(prompt.lower())[-1].split()
    return [" ".join(words[-count:]) for count in range(min(_LONGEST_PHRASE, len(words)), 0, -1)]


def _with_how(sound: Dict[str, Any]) -> str:
    how = [word for word in sound["how"] if word not in sound["name"]]
    return "{} ({})".format(sound["name"], ", ".join(how)) if how else str(sound["name"])


def _all_of(sound: Sound) -> str:
    return " ".join([sound.name, sound.family, *sound.words])
