"""A player with a racket: the ball that is bounced and hit, the steps to and fro."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from benchmarks.training.beside import beside
from benchmarks.training.bodies import Place, Pose, Sight, body, forward
from benchmarks.training.gait import Gait, gait_over
from benchmarks.training.hands import bone
from benchmarks.training.scene import HEIGHT, Canvas, Event, Scene
from benchmarks.training.strokes import ease
from benchmarks.training.textures import backdrop, disc
from benchmarks.training.timing import Times


def racket(rng: Generator, seconds: float) -> Scene:
    """A player, small and far, who bounces a ball and serves, or runs and hits."""
    tall = float(np.exp(rng.uniform(np.log(0.1), np.log(0.8))))
    metre = tall * HEIGHT / 1.75
    sight = Sight(
        rng.uniform(0.3, 0.7), rng.uniform(0.4 + 0.4 * tall, 0.95) * HEIGHT, metre, rng.uniform(12, 40), 3.0
    )
    place, others, person = backdrop(rng), beside(rng, seconds), body(rng, metre)
    ball = disc(rng, max(rng.uniform(0.06, 0.2) * metre, 0.006), rng.choice([20.0, 230.0, 250.0]))
    long = rng.uniform(0.45, 0.65)
    handle, face = bone(rng, long * metre, 0.03 * metre), disc(rng, 0.26 * metre, flat=rng.uniform(0.5, 1))
    play = _serving(rng, seconds) if rng.random() < 0.5 else _rally(rng, seconds)
    heading = float(rng.choice([np.pi / 2, -np.pi / 2, 0.0, np.pi]) + rng.normal(0, 0.35))
    walk = _footwork(rng, seconds, play)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        others(canvas, time)
        pose = there(time)
        hand, tip = _arm(play, pose, time)
        free = play.free(pose, time)
        pose = replace(pose, hands=(free, hand))
        person.draw(canvas, sight, pose)
        a, b = sight.point(hand), sight.point(hand + (tip - hand) * long)
        handle.lay(canvas, a, b, scale=sight.scale(hand))
        canvas.lay(face, *b, angle=float(np.arctan2(b[1] - a[1], b[0] - a[0])), scale=sight.scale(hand))
        where = play.ball(pose, time)
        if where is not None:
            canvas.lay(ball, *sight.point(where), scale=max(sight.scale(where), 0.5))

    def there(time: float) -> Pose:
        return walk.pose(time, heading, np.zeros(3), 0.0)

    found = []
    for n, step in enumerate(walk.steps.tolist()):
        if 0.02 < step < seconds - 0.02:
            found.append(Event(step, "step", *sight.point(there(step).feet[n % 2])))
    for strike in play.strikes[play.strikes < seconds - 0.02].tolist():
        ball_at = play.ball(there(strike), strike)
        place_at = there(strike).pelvis if ball_at is None else ball_at
        found.append(Event(strike, "strike", *sight.point(place_at)))
    return Scene(draw, tuple(sorted(found, key=lambda e: e.time)))


class _Play:
    """What the ball and the arms do; `hits` are those of the racket, `bounces` those on the ground."""

    def __init__(self, rng: Generator, hits: Times, bounces: Times, every: float, low: float) -> None:
        self.hits, self.bounces = hits, bounces
        self.strikes = np.sort(np.concatenate([hits, bounces]))
        self.every, self.overhead = every, low < 0
        """`every`: seconds from bounce to bounce where a hand bounces it."""
        self._side = rng.uniform(0.2, 0.6)
        self._reach = np.array([rng.uniform(0.3, 0.7), rng.uniform(-0.45, 0.1), rng.uniform(-0.2, 0.3)])
        self._from = np.array([rng.uniform(-3, 3), 1.5, rng.choice([-1.0, 1.0]) * rng.uniform(5, 11)])
        self._lasts = rng.uniform(0.7, 1.1)
        self.wind, self.after = rng.uniform(0.25, 0.7), rng.uniform(0.2, 0.5)

    def swing(self, time: float) -> float:
        """-1 drawn back, 0 at the hit, 1 followed through; 9 at rest."""
        if not len(self.hits):
            return 9.0
        near = float(time - self.hits[int(np.argmin(np.abs(self.hits - time)))])
        if near < -self.wind - 0.4 or near > self.after + 0.5:
            return 9.0
        return near

    def contact(self, pose: Pose) -> Place:
        """Where the racket meets the ball."""
        if self.overhead:
            return pose.neck + np.array([0.15, 0.95, 0.0]) + 0.25 * forward(pose.heading)
        return pose.neck + self._reach + 0.3 * forward(pose.heading)

    def ball(self, pose: Pose, time: float) -> Place | None:
        """Nowhere where it is out of play."""
        start = pose.pelvis * (1, 0, 1) + np.array([-self._side, 0.04, 0]) + 0.3 * forward(pose.heading)
        for hit in self.hits:
            since = time - float(hit)
            if 0 <= since < 0.8:
                way = self._from if not self.overhead else self._from * (1, -0.3, 1)
                return (
                    self.contact(pose)
                    + (way - np.array([0, 1.2, 0])) * since / 0.6
                    + np.array([0, 2.0 * since, 0])
                )
            if self.overhead and -0.85 <= since < 0:
                return self._tossed(pose, start, since)
            if not self.overhead and -self._lasts <= since < 0:
                return self._coming(pose, since)
        near = self.bounces[np.argmin(np.abs(self.bounces - time))] if len(self.bounces) else np.inf
        if self.overhead and abs(time - near) < self.every:
            return start + np.array([0, self._up(abs(time - float(near))), 0])
        return self.free(pose, time) if self.overhead else None

    def _up(self, since: float) -> float:
        """A ball that a hand throws down: fast from the ground, and slower, up to the hand."""
        return float(0.85 * min(since / (self.every * 0.42), 1.0) ** 0.8)

    def _tossed(self, pose: Pose, start: Place, since: float) -> Place:
        share = (since + 0.85) / 0.85
        top = self.contact(pose)
        low = start + np.array([0, 0.9, 0])
        path = low + (top - low) * share
        return np.asarray(path + np.array([0, 1.6 * share * (1 - share), 0]))

    def _coming(self, pose: Pose, since: float) -> Place:
        """From afar, off the ground, to the racket."""
        end, touch = self.contact(pose), -0.35
        ground = end * (1, 0, 1) + (self._from - end) * (1, 0, 1) * 0.3
        if since > touch:
            share = 1 - since / touch
            return np.asarray(ground + (end - ground) * share + np.array([0, 0.8 * share * (1 - share), 0]))
        share = (since + self._lasts) / (self._lasts + touch)
        path = self._from + (ground - self._from) * share
        return np.asarray(path + np.array([0, 1.2 * share * (1 - share), 0]))

    def free(self, pose: Pose, time: float) -> Place:
        """The hand without the racket: with the ball, or near the body."""
        rest = pose.hands[0]
        if not self.overhead:
            return rest
        near = float(np.min(np.abs(self.bounces - time))) if len(self.bounces) else np.inf
        start = pose.pelvis * (1, 0, 1) + np.array([-self._side, 0, 0]) + 0.3 * forward(pose.heading)
        held = start + np.array([0, 0.92, 0])
        if near < self.every:
            return np.asarray(
                start + np.array([0, 0.8 + 0.14 * float(ease(np.array(self._up(near) / 0.85))), 0])
            )
        since = float(np.min(np.abs(self.hits - time + 0.6))) if len(self.hits) else np.inf
        raised = float(ease(np.array(1 - since / 0.5)))
        return np.asarray(held + (pose.neck + np.array([-0.1, 0.4, 0]) - held) * raised)


def _arm(play: _Play, pose: Pose, time: float) -> tuple[Place, Place]:
    """The hand with the racket, and a point a metre on in the racket's direction."""
    rest, meet, way = pose.hands[1] + np.array([0.05, 0.15, 0.05]), play.contact(pose), forward(pose.heading)
    hand_at = pose.neck + (meet - pose.neck) * 0.5
    back = pose.neck + np.array([0.45, 0.1 if play.overhead else -0.25, 0.0]) - 0.3 * way
    through = pose.neck + np.array([-0.3, -0.5 if play.overhead else 0.05, 0.0]) + 0.35 * way
    near, wind, after = play.swing(time), play.wind, play.after
    knots = (-wind - 0.4, -0.22, 0.0, 0.12, 0.12 + after, after + 0.5)
    hands = np.array([rest, back, hand_at, through, through, rest])
    up = np.array([0, 1.0, 0])
    ahead = (meet - hand_at) / max(float(np.linalg.norm(meet - hand_at)), 1e-6)
    tips = np.array(
        [
            up * 0.7 + way * 0.5,
            up * 0.6 - way * 0.6,
            ahead,
            way - up * 0.5,
            way - up * 0.6,
            up * 0.7 + way * 0.5,
        ]
    )
    at = min(max(near, knots[0]), knots[-1]) if near < 5 else knots[0]
    k = min(int(np.searchsorted(knots, at, side="right")) - 1, len(knots) - 2)
    share = (at - knots[k]) / (knots[k + 1] - knots[k])
    share = share**2 if k == 1 else 1 - (1 - share) ** 2 if k == 2 else float(ease(np.array(share)))
    hand = hands[k] + (hands[k + 1] - hands[k]) * share
    tip = tips[k] + (tips[k + 1] - tips[k]) * share
    return hand, hand + tip / max(float(np.linalg.norm(tip)), 1e-6)


def _serving(rng: Generator, seconds: float) -> _Play:
    """Bounces a ball some times, waits, throws it up, and serves."""
    bounces, hits, time = [], [], float(rng.uniform(0.2, 1.0))
    every = rng.uniform(0.5, 0.9)
    while time < seconds:
        for _ in range(rng.integers(1, 8)):
            bounces.append(time)
            time += every * np.exp(rng.normal(0, 0.04))
        time += rng.uniform(0.6, 1.6)
        if rng.random() < 0.75:
            hits.append(time + 0.4)
            time += 0.4 + rng.uniform(1.5, 3.0)
    kept = np.array(
        [b for b in bounces if all(abs(b - h) > 0.95 + every / 2 for h in hits) and b < seconds - 0.02]
    )
    return _Play(rng, np.array(hits), kept, every, -1.0)


def _rally(rng: Generator, seconds: float) -> _Play:
    """Hits some balls that each come off the ground."""
    hits = np.arange(rng.uniform(0.5, 1.5), seconds, rng.uniform(1.6, 3.2))
    hits = hits + rng.normal(0, 0.15, len(hits))
    return _Play(rng, hits, hits[hits > 0.4] - 0.35, 0.5, 1.0)


def _footwork(rng: Generator, seconds: float, play: _Play) -> Gait:
    """Steps to and fro, to where the ball is to be hit; few of them where someone serves."""
    steps, places, time, x, way = [-1.2, -0.9], [0.0, 0.1], 0.0, 0.0, 1.0
    while time < seconds + 1:
        near = float(np.min(np.abs(play.strikes - time))) if len(play.strikes) else 9.0
        if near < (0.4 if play.overhead else 0.18):
            time += 0.15
            continue
        if play.overhead and rng.random() < 0.6:
            time += rng.uniform(0.2, 0.8)
            continue
        steps.append(time)
        way = -way if rng.random() < 0.2 or (abs(x) > 1.5 and way * x > 0) else way
        x += way * rng.uniform(0.1, 0.45)
        places.append(x)
        time += rng.uniform(0.24, 0.4)
    steps += [seconds + 1.5, seconds + 2.0]
    places += [x, x]
    return gait_over(rng, seconds, np.array(steps), np.array(places), running=not play.overhead)
