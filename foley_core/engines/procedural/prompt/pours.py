"""Pours: water that is poured, and any liquid that is poured into a vessel, runs as a small stream does.

Any other liquid that is poured, over ice or out of a jug, has no sound here, nor has what is no liquid.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from foley_core.engines.procedural.prompt.inflection import forms_of, singulars
from foley_core.engines.procedural.prompt.lexicon import Meaning, Phrase
from foley_core.engines.procedural.prompt.modifiers import Modifier, phrases

_POURING = frozenset(forms_of(("pour",)))
_LIQUIDS = frozenset(
    phrases(
        "water, wine, red wine, white wine, beer, milk, tea, coffee, juice, orange juice, lemonade, soda, "
        "cola, "
        "champagne, whiskey, whisky, vodka, rum, gin, ale, cider, liquid, liquor, drink, beverage, cocktail, "
        "hot chocolate, cocoa, boiling water, soup, broth, petrol, gasoline, oil"
    )
)
_VESSELS = frozenset(
    phrases(
        "glass, cup, mug, bowl, bottle, jar, jug, pitcher, pot, teapot, teacup, coffee cup, coffee mug, "
        "kettle, "
        "bucket, sink, bath, bathtub, basin, pan, saucepan, tin, can, flask, vase, tumbler, goblet, "
        "wineglass, "
        "wine glass, tub, tank, barrel, container, carafe, beaker, pail"
    )
)
_INTO = frozenset({"in", "into", "inside", "to"})
_POURED = Meaning(kind="stream")
_LIQUID = Meaning(modifier=Modifier(size=0.5))
_SMALL = Meaning(role="small")


def with_pours(said: Sequence[Phrase]) -> list[Phrase]:
    """With what is poured as a small stream, from and into vessels that are not heard."""
    items = list(said)
    for number, item in enumerate(items):
        if item.text not in _POURING:
            continue
        near = [*_near(items, range(number - 1, -1, -1)), *_near(items, range(number + 1, len(items)))]
        liquid = next((other for other in near if items[other].text in _LIQUIDS), None)
        if liquid is None or not (items[liquid].text.endswith("water") or _has_vessel(items, number, near)):
            continue
        items[number] = replace(item, meaning=_POURED)
        items[liquid] = replace(items[liquid], meaning=_LIQUID)
        for other in near:
            if _is_vessel(items[other]):
                items[other] = replace(items[other], meaning=_SMALL)
    return items


def _near(said: Sequence[Phrase], numbers: range) -> Iterator[int]:
    """The phrases of the same clause."""
    for number in numbers:
        if said[number].meaning.role in ("ends", "joins", "takes away"):
            return
        yield number


def _has_vessel(said: Sequence[Phrase], pour: int, near: Sequence[int]) -> bool:
    """Whether it is poured into a vessel, or what is poured is a vessel of it: "pours a glass of wine"."""
    after = [said[number] for number in near if number > pour]
    into = any(item.text in _INTO for item in after) or any(item.meaning.role == "of" for item in after)
    return into and any(map(_is_vessel, after))


def _is_vessel(item: Phrase) -> bool:
    return any(word in _VESSELS for word in (item.text, *singulars(item.text)))
