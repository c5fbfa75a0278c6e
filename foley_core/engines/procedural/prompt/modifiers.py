"""Modifiers, shoes and counts: what words mean that name no sound by themselves.

The words of the sounds stand with the kinds (`sounds/`), those of the spaces in `rendering/space.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from foley_core.cue import Layer


@dataclass(frozen=True)
class Modifier:
    """What a word says about how the sound nearest to it should be."""

    size: float = 1.0
    """Times as large or heavy."""
    pace: float = 1.0
    """Times as fast or as often."""
    level: float = 0.0
    """dB louder."""
    distance: float | None = None
    """0 near to 1 far."""
    pan: float | None = None
    """0 left to 1 right."""
    count: int | None = None
    """How many make it."""


@dataclass(frozen=True)
class Step:
    """A word that means footsteps."""

    shoe: str = ""
    """What is worn; empty where the word does not say."""
    modifier: Modifier = Modifier()


MODIFIERS: dict[str, Modifier] = {
    "distant, distance, in the distance, far, faraway, far away, far off, remote, further, farther, "
    "further away, farther away, further off, farther off, more distant": Modifier(distance=0.7),
    "very distant, very far, very far away, on the horizon": Modifier(distance=1.0),
    "near, nearby, close, close by, close up, closeup, in front, nearer, closer": Modifier(distance=0.0),
    "soft, softly, quiet, quietly, gentle, gently, subtle, muted, softer, quieter, gentler": Modifier(
        level=-6.0
    ),
    "faint, faintly, barely audible, very quiet, very soft, much quieter, much softer, fainter": Modifier(
        level=-12.0
    ),
    "loud, loudly, strong, strongly, hard, powerful, violent, intense, louder, stronger, harder": Modifier(
        level=4.0
    ),
    "heavy, heavily, big, large, heavier, bigger, larger": Modifier(size=1.6, level=2.0),
    "huge, enormous, giant, massive, gigantic": Modifier(size=2.5, level=4.0),
    "light, lightly, small, little, smaller": Modifier(size=0.65, level=-3.0),
    "tiny, miniature": Modifier(size=0.4, level=-5.0),
    "deep, low, low pitched, deeper": Modifier(size=1.6),
    "high, high pitched, thin, higher, thinner": Modifier(size=0.6),
    "fast, quick, quickly, rapid, rapidly, hurried, hectic, frantic, busy, faster, quicker": Modifier(
        pace=1.6
    ),
    "slow, slowly, leisurely, lazy, slower": Modifier(pace=0.6),
    "occasional, occasionally, sporadic, sometimes, rare, sparse": Modifier(pace=0.4),
    "constant, constantly, continuous, frequent, dense": Modifier(pace=1.8),
    "muffled": Modifier(distance=0.4),
    "left, left side": Modifier(pan=0.1),
    "right, right side": Modifier(pan=0.9),
    "centre, center, middle": Modifier(pan=0.5),
    "one, single, lone, lonely, once": Modifier(count=1),
    "two, couple of, 2, twice": Modifier(count=2),
    "three, a few, few, 3, thrice": Modifier(count=3),
    "four, several, group of, 4": Modifier(count=4),
    "five, 5": Modifier(count=5),
    "six, 6, many, lots of, pack of, flock of, herd of, swarm of": Modifier(count=6),
    "seven, eight, nine, ten, dozen, dozens of, countless, 7, 8, 9, 10, 12": Modifier(count=8),
}
"""Words and phrases, and what they say."""

STEPS: dict[str, Step] = {
    "footstep, footsteps, step, steps, stepping, walk, walks, walking, footfall, footfalls": Step(),
    "feet, shoe, shoes": Step(),
    "walking the dog, walking my dog, walk the dog, walk my dog": Step(),
    "stroll, strolls, strolled, strolling, trudge, trudges, trudging, limp, limps, limping, pacing": Step(
        modifier=Modifier(pace=0.8)
    ),
    "run, runs, running, jog, jogs, jogging, sprint, sprints, sprinting": Step(
        modifier=Modifier(pace=1.6, level=2.0)
    ),
    "march, marches, marched, marching, stomp, stomps, stomped, stomping, stamping": Step(
        modifier=Modifier(size=1.4, level=3.0)
    ),
    "sneak, sneaks, sneaking, tiptoe, tiptoes, tiptoeing, creeping": Step(
        modifier=Modifier(pace=0.7, level=-8.0)
    ),
    "boot, boots, combat boots, hiking boots, work boots": Step("boots"),
    "sneaker, sneakers, trainers, running shoes, tennis shoes, sports shoes": Step("sneakers"),
    "heels, high heels, high heeled shoes, stilettos, heeled shoes": Step("heels"),
    "bare, barefoot, barefooted, bare feet, bare foot": Step("bare"),
}
"""Words that mean footsteps; the ground is what is named beside them."""

WALKERS: dict[str, int] = {
    "person, man, woman, child, kid, boy, girl, someone, somebody, soldier, figure, guy": 1,
    "couple": 2,
    "people, persons, men, women, children, kids, boys, girls, soldiers, figures, guys": 3,
    "couples": 4,
    "crowd, crowds": 6,
}
"""Beside a word for footsteps: how many walk."""

GROUNDS: dict[str, str] = {
    "marble, cobble, cobbles, cobbled, brick, bricks": "footsteps on concrete",
    "leaves, dry leaves, fallen leaf, autumn leaves, hay, straw, tall grass, dead leaves, "
    "undergrowth": "footsteps on grass",
    "rubble, rocky, rocks, stony": "footsteps on gravel",
    "beach, beaches, shore, seashore": "footsteps on earth",
}
"""Words of other sounds, and what they mean beside a word for steps."""

GROUPS: dict[str, tuple[Layer, ...]] = {
    "hits, hit sounds, impacts, impact sounds": ("hits",),
    "movement, movements, motion, movement sounds": ("movement",),
    "ambience, ambiance, ambient, atmosphere, atmos, background, background noise, background sound, "
    "background sounds, bed, beds": ("ambience",),
    "noise, noises": ("ambience",),
    "sound, sounds, sound effects, anything, everything": ("hits", "movement", "ambience"),
}
"""Where they are taken away: which layers. Elsewhere they say nothing."""

ROLES = {
    "silence, silent, nothing, nothing else": "silence",
    "no, not, without, minus, except, except for, never, no more, no longer, isn't, aren't, wasn't, weren't, "
    "don't, doesn't, didn't, nobody, neither, instead of, rather than, excluding, lacking, free of, free "
    "from, devoid of, remove, omit, avoid, mute": "takes away",
    "., but, with, plus, then, while, as, only, just, followed by": "ends",
    "and, or, nor": "joins",
    "in, inside, within, at, through, into, across, on, onto, over, upon, against, along, around, "
    "under": "inside",
    "of": "of",
    "a, an, the, by, to, from, is, are, was, be, being, its, it, his, her, their, they, he, she, "
    "this, that, these, those, there, up, down, out, off, very, really, quite, rather, slightly, "
    "somewhat, too, so, more, less, bit, most, any, all, every, each, other, another, some, who, which, "
    "for, please, add, make, makes, made, me, my, us, we, our, you, your, side, sfx, foley, effect, "
    "effects, audio, like, goes, comes, fall, falls, falling, shut, lit, full, round, old, new, next, "
    "night, day, noon, morning, evening, dawn, dusk, dark, floor, ground, air, wall, window, roof, "
    "board, boards, overhead, sound of, sounds of, sound effect of, sound effects of, noise of, "
    "noises of, not only, without a doubt, times": "small",
    "loop, loops, loopable, looping, looped, seamless, asmr, variation, variations, version, versions, "
    "reverb, transition, transitions, meme, memes, sample, samples, clip, clips, recording, recordings, "
    "recorded, layer, layers, texture, textures, stinger, sweetener, footage, video, videos, stereo, mono, "
    "binaural, perspective, pov, mic, cinematic, dramatic, realistic, bg, amb, ext, int, solo, stress, wav, "
    "mp3, scene, montage, sequence, trailer, movie, film, solid, generic, various, clean, raw, lofi, edit, "
    "cut to, cuts to, out the door, out of the door, next door, in a horror film, in a horror movie, for a "
    "horror film, for a horror movie, for a horror game": "small",
}
"""Words that do something to the words beside them.

- silence: nothing sounds but what is named, neither neutral hits nor room tone;
- takes away: what the clause names after it is not to be heard;
- ends: the clause ends; `.` stands for every stop and comma;
- joins: ends the clause once it has named a sound, but not where the clause takes away;
- inside: a word for a space within the next few words means the space, even if it names a sound as well, and
  a material only says what another sound is made on;
- of: what comes before it is done by what comes after it, or is so much of it;
- small: says nothing here, and is nothing to tell the user about; so what names a recording rather than a
  sound.
"""


def phrases(text: str) -> tuple[str, ...]:
    """The words and phrases of an entry."""
    return tuple(phrase.strip() for phrase in text.split(","))
