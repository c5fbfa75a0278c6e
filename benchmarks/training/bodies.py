"""People drawn from bones in three dimensions, looked at from any side; and the ways their feet go.

Lengths are in metres: (x, y, z) is rightward, upward from the ground, and toward the camera. A body's pose
says where its pelvis, neck, hands and feet are; elbows and knees follow from that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.training.beside import shadow
from benchmarks.training.hands import Bone, Point, bone, hand_sprite
from benchmarks.training.scene import Canvas, Sprite
from benchmarks.training.textures import blob, box, disc

Place: TypeAlias = NDArray[np.float64]
"""(x, y, z)."""

THIGH, SHIN, UPPER, FORE, TRUNK, FOOT = 0.44, 0.45, 0.3, 0.27, 0.5, 0.25


@dataclass(frozen=True)
class Sight:
    """How the world is seen: where its origin lies in the picture, and how large a metre is there."""

    x: float
    y: float
    metre: float
    """In widths, of what is at z = 0."""
    away: float = 40.0
    """Metres from the camera to z = 0."""
    eye: float = 1.2
    """The camera's height in metres."""

    def scale(self, place: Place) -> float:
        """How much larger than at z = 0."""
        return self.away / max(self.away - float(place[2]), 0.3)

    def point(self, place: Place) -> Point:
        """Where in the picture; the ground at z = 0 lies at `y`."""
        size = self.scale(place) * self.metre
        up = float(place[1]) - self.eye
        return (self.x + float(place[0]) * size, self.y - self.eye * self.metre - up * size)


@dataclass(frozen=True)
class Pose:
    """How a body stands; pairs are of the left and the right."""

    pelvis: Place
    neck: Place
    hands: tuple[Place, Place]
    feet: tuple[Place, Place]
    """The ankles."""
    toes: tuple[float, float]
    """How far each foot points upward, in radians."""
    heading: float
    """0 looks to the right, pi/2 into the camera."""
    nod: float = 0.0
    wrists: tuple[float, float] = (0.0, 0.0)
    """How far each hand is turned out of its forearm's line, in the picture."""


def forward(heading: float) -> Place:
    """A step of one metre that way."""
    return np.array([np.cos(heading), 0.0, np.sin(heading)])


def joint(start: Place, end: Place, first: float, second: float, toward: Place) -> Place:
    """The knee or elbow between: `toward` is the way in which it bends."""
    whole = end - start
    far = max(float(np.sqrt(whole @ whole)), 1e-6)
    axis = whole / far
    along = (far * far + first * first - second * second) / (2 * far)
    along = min(max(along, 0.0), first) if far < first + second else far * first / (first + second)
    out = toward - axis * float(toward @ axis)
    out = out / max(float(np.sqrt(out @ out)), 1e-6)
    return np.asarray(start + axis * along + out * np.sqrt(max(first * first - along * along, 0.0)))


@dataclass(frozen=True)
class Body:
    """The sprites of one person, made for one size."""

    thighs: tuple[Bone, Bone]
    shins: tuple[Bone, Bone]
    shoes: tuple[Bone, Bone]
    uppers: tuple[Bone, Bone]
    fores: tuple[Bone, Bone]
    hands: tuple[Sprite, Sprite]
    trunk: Bone
    broad: Sprite
    head: Sprite
    shade: Sprite
    dark: float
    broadness: float
    metre: float
    """In widths, as it was made."""

    def draw_at(self, canvas: Canvas, sight: Sight, pose: Pose, between: Callable[[], None]) -> None:
        """With something `between` the body and its hands, that they work upon."""
        for n in (0, 1):
            self._leg(canvas, sight, pose, n)
        self._trunk(canvas, sight, pose)
        between()
        for n in (0, 1):
            self._arm(canvas, sight, pose, n)

    def draw(self, canvas: Canvas, sight: Sight, pose: Pose) -> None:
        """Far limbs first, then the trunk and head, then the near ones."""
        left = -1.0 if np.cos(pose.heading) > 0 else 1.0
        facing = np.sin(pose.heading)
        near = 1 if left < 0 else 0
        self._shadow(canvas, sight, pose)
        order = (1 - near, near)
        if facing < -0.5:
            for n in order:
                self._arm(canvas, sight, pose, n)
        elif abs(facing) <= 0.5:
            self._arm(canvas, sight, pose, order[0])
        for n in order:
            self._leg(canvas, sight, pose, n)
        self._trunk(canvas, sight, pose)
        if facing > 0.5:
            for n in order:
                self._arm(canvas, sight, pose, n)
        elif facing >= -0.5:
            self._arm(canvas, sight, pose, near)

    def _scale(self, sight: Sight, place: Place) -> float:
        return sight.scale(place) * sight.metre / self.metre

    def _shadow(self, canvas: Canvas, sight: Sight, pose: Pose) -> None:
        if self.dark:
            ground = np.array([pose.pelvis[0], 0.0, pose.pelvis[2]])
            canvas.lay(self.shade, *sight.point(ground), scale=self._scale(sight, ground), opaque=self.dark)

    def _leg(self, canvas: Canvas, sight: Sight, pose: Pose, n: int) -> None:
        way = forward(pose.heading)
        hip = pose.pelvis + _aside(pose.heading, n) * 0.09
        foot = pose.feet[n]
        knee = joint(hip, foot, THIGH, SHIN, way + _aside(pose.heading, n) * 0.15)
        toe = foot + FOOT * 0.75 * (way * np.cos(pose.toes[n]) + np.array([0, np.sin(pose.toes[n]), 0]))
        toe = toe - np.array([0, 0.06, 0])
        for part, a, b in (
            (self.shoes[n], foot, toe),
            (self.shins[n], knee, foot),
            (self.thighs[n], hip, knee),
        ):
            part.lay(canvas, sight.point(a), sight.point(b), scale=self._scale(sight, a))

    def _arm(self, canvas: Canvas, sight: Sight, pose: Pose, n: int) -> None:
        way, aside = forward(pose.heading), _aside(pose.heading, n)
        shoulder = pose.neck + aside * self.broadness / 2 - np.array([0, 0.05, 0])
        elbow = joint(shoulder, pose.hands[n], UPPER, FORE, aside * 0.5 - way * 0.7 - np.array([0, 0.6, 0]))
        a, b, c = (sight.point(p) for p in (shoulder, elbow, pose.hands[n]))
        self.uppers[n].lay(canvas, a, b, scale=self._scale(sight, shoulder))
        self.fores[n].lay(canvas, b, c, scale=self._scale(sight, elbow))
        angle = float(np.arctan2(c[1] - b[1], c[0] - b[0])) + pose.wrists[n]
        canvas.lay(self.hands[n], *c, angle=angle, scale=self._scale(sight, pose.hands[n]))

    def _trunk(self, canvas: Canvas, sight: Sight, pose: Pose) -> None:
        scale = self._scale(sight, pose.pelvis)
        base, top = sight.point(pose.pelvis), sight.point(pose.neck)
        self.trunk.lay(canvas, base, top, scale=scale)
        lean = float(np.arctan2(top[0] - base[0], base[1] - top[1]))
        wide = 0.45 + 0.55 * abs(np.sin(pose.heading))
        canvas.lay(self.broad, *top, angle=lean, scale=scale, stretch=wide)
        way = forward(pose.heading)
        head = pose.neck + np.array([0, 0.17 - 0.05 * pose.nod, 0]) + way * (0.03 + 0.08 * pose.nod)
        canvas.lay(self.head, *sight.point(head), angle=lean, scale=scale)


def _aside(heading: float, n: int) -> Place:
    """To the body's left (0) or right (1)."""
    side = 1.0 if n == 0 else -1.0
    return side * np.array([np.sin(heading), 0.0, -np.cos(heading)])


def body(rng: Generator, metre: float) -> Body:
    """Someone, dressed somehow; `metre` is the largest that a metre is seen, in widths."""
    skin, shirt, trousers, shoe = (rng.uniform(12, 235) for _ in range(4))
    sleeve = shirt if rng.random() < 0.6 else skin
    lower = sleeve if rng.random() < 0.5 else skin
    bare = trousers if rng.random() < 0.75 else skin
    stout = metre * rng.uniform(0.8, 1.3)
    broad = rng.uniform(0.34, 0.46)

    def two(length: float, thick: float, thin: float, light: float) -> tuple[Bone, Bone]:
        far = float(np.clip(light * rng.uniform(0.85, 1.15), 5, 250))
        wide = thick * stout, thin * stout
        return bone(rng, length * metre, *wide, far), bone(rng, length * metre, *wide, light)

    hands = [hand_sprite(rng, 0.17 * metre, skin, fist=rng.random() < 0.5) for _ in range(2)]
    return Body(
        two(THIGH, 0.17, 0.12, trousers),
        two(SHIN, 0.12, 0.08, bare),
        two(FOOT * 0.8, 0.09, 0.07, shoe),
        two(UPPER, 0.11, 0.09, sleeve),
        two(FORE, 0.09, 0.06, lower),
        (hands[0], hands[1]),
        bone(rng, TRUNK * metre, 0.24 * stout, 0.22 * stout, shirt),
        _chest(rng, broad * metre, shirt),
        disc(rng, 0.19 * metre, skin, flat=1.3),
        shadow(blob(rng, 0.8 * metre, 0.2 * metre)),
        rng.uniform(0.1, 0.5) if rng.random() < 0.5 else 0.0,
        broad,
        metre,
    )


def _chest(rng: Generator, broad: float, light: float) -> Sprite:
    """Shoulders and ribs: it hangs from the neck."""
    chest = box(rng, broad, TRUNK / 0.4 * broad, light)
    width = chest.mask.shape[1]
    taper = np.abs(np.linspace(-1, 1, width))[None, :] < np.linspace(0.98, 0.72, chest.mask.shape[0])[:, None]
    return Sprite(chest.light, np.asarray(chest.mask * taper, np.float32), (chest.anchor[0], 2.0))


def standing(
    place: Place,
    heading: float,
    hands: tuple[Place, Place],
    *,
    crouch: float = 0.0,
    lean: float = 0.0,
    nod: float = 0.0,
) -> Pose:
    """Both feet on the ground at a place; `crouch` in metres; `lean` forward, in radians."""
    way = forward(heading)
    pelvis = place + np.array([0, THIGH + SHIN + 0.05 - crouch, 0]) - way * 0.4 * crouch
    neck = pelvis + TRUNK * (np.array([0, np.cos(lean), 0]) + way * np.sin(lean))
    left, right = (place + _aside(heading, n) * 0.13 + np.array([0, 0.08, 0]) for n in (0, 1))
    return Pose(pelvis, neck, hands, (left, right), (0.0, 0.0), heading, nod)


def hanging(neck: Place, heading: float, swing: tuple[float, float], bent: float) -> tuple[Place, Place]:
    """Hands that hang and swing: forward by so many radians; `bent` elbows in radians."""
    way, found = forward(heading), []
    for n in (0, 1):
        shoulder = neck + _aside(heading, n) * 0.2 - np.array([0, 0.05, 0])
        upper = swing[n] - 0.15 * bent
        fore = swing[n] + bent
        found.append(
            shoulder
            + UPPER * (way * np.sin(upper) - np.array([0, np.cos(upper), 0]))
            + FORE * (way * np.sin(fore) - np.array([0, np.cos(fore), 0]))
            + _aside(heading, n) * 0.04
        )
    return found[0], found[1]
