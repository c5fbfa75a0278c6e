# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of a picture: those with which its next sound begins.

What the user has wished for it holds until a take with these words is its sound; then the words of that sound
do, whatever becomes of them. A picture without a sound has those that were given to it last.
"""

from typing import Any, Optional, Sequence

from ..core.custom_properties import PROMPT, WISHED
from . import cues, sounds


def of(scene: Any, picture: Any) -> Optional[str]:
    """The words of a picture's strip; none where it has no sound and was never given any."""
    there = [] if wished(picture) else cues.sounds_of(scene, picture)
    return str(sounds.record_of(there[0])["prompt"]) if there else own(picture)


def own(picture: Any) -> Optional[str]:
    """What a picture's strip was given last; none where it was never given any."""
    given = picture.get(PROMPT)
    return given if isinstance(given, str) else None


def wished(picture: Any) -> str:
    """What was wished for a picture's strip, and none of its sounds was made with since; else empty."""
    return own(picture) or "" if picture.get(WISHED) else ""


def wished_for(scene: Any, sound: Any) -> str:
    """What was wished for the picture of a sound since that was made; else empty."""
    return next(filter(None, map(wished, cues.picture_of(scene, sound))), "")


def keep(pictures: Sequence[Any], prompt: str) -> None:
    """Note for strips with which words a sound was asked for; they take the place of what was wished."""
    for picture in pictures:
        picture[PROMPT] = prompt


def wish(pictures: Sequence[Any], prompt: str) -> None:
    """Let the next sound of these strips begin with these words; with none, nothing is wished any more."""
    keep(pictures, prompt)
    for picture in pictures:
        picture[WISHED] = bool(prompt)


def heard(scene: Any, made: Sequence[Any]) -> None:
    """These sounds play a new take: what it was made with need not be wished any longer."""
    for sound in made:
        for picture in cues.picture_of(scene, sound):
            if picture.get(WISHED) and own(picture) == sounds.record_of(sound)["prompt"]:
                picture[WISHED] = False
