"""Actions: which words say what is done, rather than what sounds, and which of the two is then heard.

"Waves crashing" are waves, a "creaking gate" creaks, and "knocking on a door" is a knock: beside a thing, an
action is sometimes no more than how the thing sounds, and sometimes the very sound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from foley_core.engines.procedural.catalogue import catalogue
from foley_core.engines.procedural.kind import Bed
from foley_core.engines.procedural.prompt.inflection import verb_forms
from foley_core.engines.procedural.prompt.modifiers import phrases

_SOUNDING = (
    "chop, clang, clank, clink, toast, toll, knock, hit, strike, bump, tap, bang, blow, clatter, drop, "
    "pound, punch, kick, box, fight, slap, spank, smack, splash, plop, dive, plunge, bounce, dribble, thud, "
    "thump, collapse, tackle, slam, lock, unlock, reload, cock, click, toggle, type, ignite, shatter, smash, "
    "break, crash, collide, snap, crack, crunch, shoot, explode, blast, roll, scrape, scratch, grind, sand, "
    "scuff, saw, file, slide, drag, push, shove, skid, rub, wipe, scrub, creak, squeak, groan, rustle, flap, "
    "crumple, crinkle, whoosh, swish, swoosh, swing, whip, jingle, jangle, tick, beep, bleep, drill, drive, "
    "idle, honk, hoot, toot, trickle, babble, drip, boil, simmer, bubble, burn, blaze, crackle, chirp, "
    "tweet, twitter, bark, howl, meow, moo, bleat, neigh, whinny, crow, croak, caw, murmur, chatter, talk, "
    "applaud, clap, cheer, hum, buzz, whir, whirr, shovel, rake, skate, spin, wade, hammer, nail"
)
"""Verbs among the words of the sounds. Some of their forms are things as well: see `_THINGS`."""
_THINGS = frozenset(
    phrases(
        "nail, nails, hammer, hammers, box, boxes, crow, crows, cock, drill, drills, saw, shovel, shovels, "
        "rake, whip, whips, sand, bubble, bubbles, toast, lock, locks, tap, taps, type, types, drop, drops, "
        "swing, burns, skates, file, files"
    )
)
"""Forms that are things, or are more often."""
_PASSING = ("fly by", "flyby", "fly past", "knocking over", "knocks over", "knocked over")
ACTIONS = frozenset(
    form for stem in _SOUNDING.split(", ") for form in verb_forms(stem) if form not in _THINGS
) | {"creaky", "squeaky", "firing", "fired", "lands", "set down", "putting down", *_PASSING}
"""Words that are an action where they name a sound at all."""


def action_forms(words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The forms of the verbs above that are not among `words` yet (word to kind), with their kinds."""
    for stem in _SOUNDING.split(", "):
        forms = verb_forms(stem)
        kind = next((words[form] for form in forms if form in words), None)
        if kind:
            yield from ((form, kind) for form in forms if form not in words and form not in _THINGS)


def into_water() -> Iterator[str]:
    """What splashes: "jumping in the pool", "dives into a lake"."""
    for form in (form for verb in ("jump", "leap", "dive", "plunge", "fall") for form in verb_forms(verb)):
        waters = ("the water", "the pool", "the lake", "the river", "the sea", "the ocean", "the pond")
        yield from (f"{form} {into} {water}" for into in ("in", "into") for water in waters)


STEMS = frozenset(phrases(_SOUNDING)) - frozenset(
    phrases("rub, wipe, scrub, scrape, shove, push, drag, crumple, crinkle, lock, unlock, shovel, rake")
)
"""Stems that are nouns as well: "a scratch card"; of the others what follows is what it is done to."""
_TOUCHES = frozenset(phrases("knock, metal, glass, thud, cup, ball, door, dishes"))
"""Actions of these kinds say that a thing is struck; it sounds as itself."""
_OF_STEPS = frozenset(phrases("knock, metal, glass, thud, switch, snap, splash, slap, hammer"))
"""Actions of these kinds say how steps sound."""
_SELF_SOUNDING = frozenset({"weather", "water", "fire"})
"""Families that sound as themselves whatever they do."""
_WRECKS = frozenset({"crash", "explosion", "breaking glass"})
_VEHICLE_ACTIONS = _WRECKS | {"sliding", "horn", "engine", "alarm", "creak", "scraping", "lock"}
_MACHINE_ACTIONS = frozenset({"typing", "explosion", "bell", "alarm", "creak", "scraping", "breaking glass"})
_EXCEPTIONS = frozenset(
    {("wind", "door"), ("fan", "cheering"), ("fan", "applause"), ("fan", "crowd")}
    | {("alarm", "electric hum"), ("telephone", "electric hum")}
)
"""Things, and actions that are heard beside them in spite of what follows."""
_LIGHT_THINGS = frozenset({"leaves", "paper", "cloth"})
_KEPT = {
    "rustl": _LIGHT_THINGS,
    "crackl": _LIGHT_THINGS,
    "crunch": _LIGHT_THINGS,
    "jingl": frozenset({"coins", "bell"}),
    "push": frozenset({"rolling"}),
    "pull": frozenset({"rolling"}),
    "kick": frozenset({"ball"}),
    "beep": frozenset({"horn"}),
    "fight": frozenset({"sword"}),
    "grind": frozenset({"motor", "machine"}),
    "swing": frozenset({"door", "metal door", "car door", "creak", "bell"}),
    "fir": frozenset({"explosion"}),
    "boom": frozenset({"drum", "gunshot"}),
    "blast": frozenset({"gunshot", "horn", "siren"}),
    "click": frozenset({"camera", "typing", "lock", "match"}),
}
"""How some actions begin, and the kinds of things that sound as themselves in spite of them."""


def outdoes(action: str, thing: str, word: str) -> bool:
    """Whether of an action and of the thing that does or suffers it (their kinds) the action is heard.

    `word` is the action's own.
    """
    family = catalogue()[thing].family
    if (thing, action) in _EXCEPTIONS or (thing == "gunshot" and action in _TOUCHES):
        return True
    if action in _TOUCHES or family in _SELF_SOUNDING or thing == "heartbeat":
        return False
    if any(thing in kept for begun, kept in _KEPT.items() if word.startswith(begun)):
        return False
    if family in ("animals", "tones"):
        return action != "crash" and not isinstance(catalogue()[action].sound, Bed)
    actions = {"vehicles": _VEHICLE_ACTIONS, "machines": _MACHINE_ACTIONS}.get(family)
    return action in actions if actions else action != "crash"


def is_of_steps(action: str) -> bool:
    """Whether beside a word for steps an action (its kind) only says how they sound."""
    return action in _OF_STEPS
