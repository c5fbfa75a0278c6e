"""People whose hands strike, seen from before or from the side: on drums, against each other, on a bag."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from benchmarks.training.beside import beside
from benchmarks.training.bodies import Place, Sight, body, forward, standing
from benchmarks.training.hands import bone
from benchmarks.training.scene import HEIGHT, Canvas, Scene, events_of
from benchmarks.training.strokes import (
    gesture,
    groups,
    hard,
    merged,
    roam,
    rung,
    soft,
    strokes,
    travel,
    value,
    with_pauses,
)
from benchmarks.training.textures import backdrop, box, disc
from benchmarks.training.timing import Times, times


def hand_drums(rng: Generator, seconds: float) -> Scene:
    """A drummer who is seen by the audience: bare hands, or sticks, on one to three drums."""
    hits = [with_pauses(rng, seconds, h) for h in _hands(rng, seconds)]
    beats = merged(np.concatenate(hits))
    place, others = backdrop(rng), beside(rng, seconds)
    heading = float(
        np.pi / 2
        + (rng.normal(0, 0.3) if rng.random() < 0.75 else rng.choice([-1, 1]) * rng.uniform(0.6, 1.5))
    )
    metre = float(np.exp(rng.uniform(np.log(0.22), np.log(1.0))))
    sits = rng.random() < 0.7
    crouch = rng.uniform(0.25, 0.42) if sits else 0.05
    top, way = (rng.uniform(0.45, 0.68) if sits else rng.uniform(0.75, 0.98)), forward(heading)
    stick = bone(rng, 0.4 * metre, 0.02 * metre, 0.014 * metre) if rng.random() < 0.25 else None
    count = int(rng.integers(1, 4))
    aside = np.array([np.sin(heading), 0.0, -np.cos(heading)])
    middle = way * (rng.uniform(0.3, 0.42) + (0.28 if stick else 0.0)) + np.array([0, top, 0])
    spots = [middle + aside * a for a in (np.arange(count) - (count - 1) / 2) * -rng.uniform(0.25, 0.36)]
    x, y = rng.uniform(0.35, 0.65), rng.uniform(0.45, 0.85) * HEIGHT
    sight = Sight(x, y + top * metre, metre, 30.0, top)
    person, kit = body(rng, metre), _Drums(rng, seconds, spots, beats, metre)
    hands = [
        _Striker(rng, seconds, h, spots, n, heading, reach=0.35 if stick else 0.14)
        for n, h in enumerate(hits)
    ]
    nod = rung(seconds, beats[:: int(rng.integers(1, 4))], 0.2, rng.uniform(1, 2.5)) * rng.uniform(0, 0.5)
    sways = [roam(rng, seconds, rng.uniform(0.3, 1.2)) * rng.uniform(0.0, 0.04) for _ in range(3)]
    lean = rng.uniform(0.0, 0.3)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        others(canvas, time)
        down = value(nod, time)
        wrists = tuple(hand.wrist(time) for hand in hands)
        where = np.array([value(sways[0], time), 0, 0])
        pose = standing(
            where,
            heading,
            (wrists[0], wrists[1]),
            crouch=crouch + 0.02 * down + value(sways[1], time),
            lean=lean + 0.06 * down + value(sways[2], time),
            nod=down,
        )
        person.draw_at(canvas, sight, pose, lambda: kit.draw(canvas, sight, time))
        if stick is not None:
            for hand, wrist in zip(hands, wrists, strict=True):
                stick.lay(canvas, sight.point(wrist), sight.point(hand.tip(time)))

    return Scene(draw, events_of(beats, "strike", *sight.point(middle)))


def _hands(rng: Generator, seconds: float) -> tuple[Times, Times]:
    """From 2 to 8 a second, for the most part alternately."""
    beats = times(rng, seconds, 0.55, 0.12)
    way = rng.choice(["alternate", "any", "both", "one"], p=[0.5, 0.3, 0.1, 0.1])
    first = np.arange(len(beats)) % 2 == 0
    if way == "any":
        first = rng.random(len(beats)) < 0.5
    if way == "both":
        return beats, beats
    if way == "one":
        first[:] = True
    return _playable(beats[first]), _playable(beats[~first])


def _playable(beats: Times) -> Times:
    """No hand strikes more than about eight times a second."""
    return merged(beats, 0.12)


class _Striker:
    """One hand that goes from drum to drum and strikes."""

    def __init__(
        self,
        rng: Generator,
        seconds: float,
        beats: Times,
        spots: list[Place],
        n: int,
        heading: float,
        *,
        reach: float,
    ) -> None:
        aside = np.array([np.sin(heading), 0.0, -np.cos(heading)]) * (1 if n == 0 else -1)
        usual = spots[min(n, len(spots) - 1)] if n == 0 else spots[-1] if len(spots) == 1 else spots[1]
        chosen = [spots[int(rng.integers(len(spots)))] if rng.random() < 0.25 else usual for _ in beats]
        aims = np.array([c + aside * 0.06 + rng.normal(0, 0.02, 3) * (1, 0, 1) for c in chosen]).reshape(
            -1, 3
        )
        self._aim = [travel(seconds, beats, aims[:, k] if len(beats) else [usual[k]]) for k in range(3)]
        self._up = strokes(rng, seconds, beats, soft(rng) if reach < 0.2 else hard(rng))
        self._high = np.array([0, rng.uniform(0.06, 0.3), 0]) + aside * rng.uniform(-0.02, 0.1)
        self._idle = gesture(rng, seconds, beats, rng.uniform(0.02, 0.12))
        self._back = (
            -forward(heading) * reach + aside * reach * rng.uniform(0.1, 0.6) + np.array([0, 0.06, 0])
        )
        self._share = rng.uniform(0.4, 1.0)

    def tip(self, time: float) -> Place:
        """What touches the drum."""
        return np.asarray(self._rest(time) + value(self._up, time) * self._high)

    def wrist(self, time: float) -> Place:
        """It goes along a part of the way."""
        up = self._share * value(self._up, time)
        return np.asarray(self._rest(time) + self._back + up * self._high)

    def _rest(self, time: float) -> Place:
        moved = np.array([value(walk, time) for walk in self._idle])
        moved[1] = abs(moved[1])
        return np.array([value(walk, time) for walk in self._aim]) + moved


class _Drums:
    """Tubs with heads, that shake a little."""

    def __init__(
        self, rng: Generator, seconds: float, spots: list[Place], beats: Times, metre: float
    ) -> None:
        self._spots, self._flat = spots, rng.uniform(0.12, 0.45)
        self._tubs = []
        for _ in spots:
            wide, tall = rng.uniform(0.2, 0.34) * metre, rng.uniform(0.15, 0.7) * metre
            head, light = disc(rng, wide, flat=self._flat), rng.uniform(15, 230)
            self._tubs.append((box(rng, wide * rng.uniform(0.8, 1.0), tall, light), head, tall / 2))
        self._shake = rung(seconds, beats, 0.06, rng.uniform(6, 14)) * rng.uniform(0, 0.012) * metre

    def draw(self, canvas: Canvas, sight: Sight, time: float) -> None:
        for spot, (tub, head, half) in zip(self._spots, self._tubs, strict=True):
            x, y = sight.point(spot)
            canvas.lay(tub, x, y + half + value(self._shake, time))
            canvas.lay(head, x, y + value(self._shake, time))


def clap(rng: Generator, seconds: float) -> Scene:
    """Someone who claps, near or far, and rests."""
    beats = with_pauses(
        rng,
        seconds,
        times(rng, seconds, 1.2, 0.2) if rng.random() < 0.6 else groups(rng, seconds, 5, 1.5, 12),
    )
    place, others = backdrop(rng), beside(rng, seconds)
    heading = float(np.pi / 2 + rng.normal(0, 0.6))
    metre = float(np.exp(rng.uniform(np.log(0.12), np.log(1.4))))
    level, way = rng.uniform(1.0, 1.5), forward(heading)
    aside = np.array([np.sin(heading), 0.0, -np.cos(heading)])
    middle = way * rng.uniform(0.2, 0.4) + np.array([0, level, 0])
    sight = Sight(rng.uniform(0.3, 0.7), rng.uniform(0.35, 0.75) * HEIGHT + level * metre, metre, 30.0, level)
    person, apart = body(rng, metre), rng.uniform(0.06, 0.3)
    open_, one = strokes(rng, seconds, beats, soft(rng)), rng.uniform(0, 1) if rng.random() < 0.4 else 0.5
    up = rng.normal(0, 0.25)
    moves = [gesture(rng, seconds, beats, rng.uniform(0.01, 0.12)) for _ in range(2)]
    walk = [roam(rng, seconds, rng.uniform(0.4, 1.5)) * rng.uniform(0, 0.05) for _ in range(3)]
    nod = rung(seconds, beats, 0.15, rng.uniform(1.5, 4)) * rng.uniform(0, 0.3)
    twisted = rng.uniform(0, 1.0)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        others(canvas, time)
        h, sway = value(open_, time), np.array([value(w, time) for w in walk])
        away = apart * h
        hands = []
        for sign, share, move in ((1, one, moves[0]), (-1, 1 - one, moves[1])):
            drift = np.array([value(m, time) for m in move]) * (1, 1, 1)
            drift = drift + aside * sign * abs(drift[0])
            hands.append(
                middle
                + sway
                + drift
                + aside * sign * (0.025 + 2 * share * away)
                + np.array([0, sign * up * away, 0])
            )
        turn = twisted * (1 if np.sin(heading) > 0 else -1)
        pose = standing(
            sway * (1, 0, 1), heading, (hands[0], hands[1]), lean=0.05 + 0.3 * sway[1], nod=value(nod, time)
        )
        pose = replace(pose, wrists=(-turn, turn))
        person.draw_at(canvas, sight, pose, lambda: None)

    return Scene(draw, events_of(beats, "strike", *sight.point(middle)))


def punch(rng: Generator, seconds: float) -> Scene:
    """A bag that hangs and swings, and someone who punches it."""
    beats = with_pauses(rng, seconds, groups(rng, seconds, 5, 1.5, 6))
    place, others = backdrop(rng), beside(rng, seconds)
    heading = float(
        rng.choice([rng.normal(0, 0.35), np.pi + rng.normal(0, 0.35), -np.pi / 2 + rng.normal(0, 0.5)])
    )
    metre = float(np.exp(rng.uniform(np.log(0.1), np.log(0.6))))
    level, way = rng.uniform(1.1, 1.5), forward(heading)
    sight = Sight(rng.uniform(0.35, 0.6), rng.uniform(0.35, 0.6) * HEIGHT + level * metre, metre, 30.0, level)
    person = body(rng, metre)
    long, hung = rng.uniform(0.7, 1.2), rng.uniform(0.4, 1.2)
    wide = rng.uniform(0.25, 0.4)
    bag = bone(rng, long * metre, wide * metre)
    rope = bone(rng, hung * metre, 0.02 * metre)
    kicked = rung(seconds, beats, rng.uniform(0.5, 2), rng.uniform(0.35, 0.8)) * rng.uniform(0.03, 0.2)
    kicked += rung(seconds, beats, 0.06, rng.uniform(8, 13)) * rng.uniform(0, 0.02)
    pivot = way * (0.62 + wide / 2) + np.array([0, level + long * 0.5 + hung, 0])
    first = np.arange(len(beats)) % 2 == 0 if rng.random() < 0.6 else rng.random(len(beats)) < 0.5
    ways = [strokes(rng, seconds, b, hard(rng)) for b in (beats[first], beats[~first])]
    moves = [gesture(rng, seconds, beats, rng.uniform(0.02, 0.08)) for _ in range(2)]
    dance = [roam(rng, seconds, rng.uniform(0.8, 2)) * rng.uniform(0.01, 0.05) for _ in range(2)]
    guard = np.array([0, rng.uniform(0.0, 0.12), 0]) - way * rng.uniform(0.25, 0.42)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        others(canvas, time)
        lean = value(kicked, time)
        down = np.array([0, -np.cos(lean), 0]) + way * np.sin(lean)
        neck, end = pivot + down * hung, pivot + down * (hung + long)
        hands, most = [], 1.0
        for n in (0, 1):
            h = value(ways[n], time)
            most = min(most, h)
            target = way * (0.58 + (hung + long / 2) * np.sin(lean)) + np.array([0, level, 0])
            drift = np.array([value(m, time) for m in moves[n]])
            hands.append(target + guard * h + drift - way * abs(drift[0]))
        away = np.array([value(dance[0], time), 0.0, 0.0])
        pose = standing(
            away,
            heading,
            (hands[0], hands[1]),
            crouch=0.08 + abs(value(dance[1], time)),
            lean=0.25 - 0.15 * most,
        )
        rope.lay(canvas, sight.point(pivot), sight.point(neck))
        if np.sin(heading) < -0.5:
            bag.lay(canvas, sight.point(neck), sight.point(end))
            person.draw(canvas, sight, pose)
        else:
            person.draw_at(canvas, sight, pose, lambda: bag.lay(canvas, sight.point(neck), sight.point(end)))

    return Scene(draw, events_of(beats, "strike", *sight.point(way * 0.6 + np.array([0, level, 0]))))
