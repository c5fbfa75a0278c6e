"""The tables of docs/procedural.md: what the built-in engine knows, as `foley sounds` lists it.

Each stands between two marks, `<!-- NAME -->` and `<!-- end -->`; everything else in the document is written
by hand. There is one for each family of sounds, one for words that say how a sound should be, one for
footsteps, one for spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from foley_core.engines.procedural.listing import ListedSound, listing

_TABLE = re.compile(
    r"(?<=<!-- )(?P<name>[a-z ]+)(?P<open> -->\n)(?P<table>.*?)(?P<end><!-- end -->)", re.DOTALL
)


def families() -> dict[str, list[ListedSound]]:
    """The sounds of each family, in the order in which they are listed."""
    found: dict[str, list[ListedSound]] = {}
    for sound in listing()["sounds"]:
        found.setdefault(sound["family"], []).append(sound)
    return found


def image_name(family: str) -> str:
    """The file that shows a family."""
    return f"sounds-{family.replace(' ', '-')}.png"


def rewritten(document: str) -> str:
    """The document with its tables as they should be; a `KeyError` for a mark that means nothing."""
    made = tables()
    return _TABLE.sub(
        lambda found: found["name"] + found["open"] + made[found["name"]] + found["end"], document
    )


def tables() -> dict[str, str]:
    """Each table by its mark."""
    known = listing()
    made = {family: _family(family, sounds) for family, sounds in families().items()}
    how = ((", ".join(modifier["words"]), modifier["effect"]) for modifier in known["modifiers"])
    made["how it should be"] = _table(("words", "mean"), how)
    walked = ((", ".join(shoe["words"]), shoe["effect"]) for shoe in known["shoes"])
    made["footstep words"] = _table(("words", "mean"), walked)
    places = ((s["name"], ", ".join(s["words"]), f"{s['reverberation']:g} s") for s in known["spaces"])
    made["spaces"] = _table(("space", "words", "RT60"), places)
    return made


def _family(family: str, sounds: list[ListedSound]) -> str:
    picture = f"![Spectrograms: {', '.join(sound['name'] for sound in sounds)}](images/{image_name(family)})"
    rows = ((s["name"], _layer(s), f"`{s['example']}`", ", ".join(s["words"])) for s in sounds)
    return f"\n{picture}\n{_table(('sound', 'layer', 'try', 'words'), rows)}"


def _layer(sound: ListedSound) -> str:
    """The layer, and what the sound is played at."""
    return sound["layer"] if sound["lufs"] is None else f"{sound['layer']}, {sound['lufs']:g} LUFS"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines) + "\n"
