"""People as sprites: faces that speak, figures far off, arms of two parts, hands."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator

from benchmarks.training.motions import Motion, away, blinks, gestures, share, speech, swaying, wandering
from benchmarks.training.scene import FINE, Canvas, Sprite
from benchmarks.training.textures import blob, disc, limb, outlined


@dataclass(frozen=True)
class Arm:
    """Shoulder, elbow, wrist; `length` is that of each part."""

    upper: Sprite
    lower: Sprite
    hand: Sprite
    length: float

    def reach(
        self, canvas: Canvas, start: tuple[float, float], end: tuple[float, float], side: float
    ) -> None:
        """Laid so that the hand is at `end`, or as near as it can get, the elbow out to `side`."""
        across, down = end[0] - start[0], end[1] - start[1]
        far = float(np.hypot(across, down))
        bend = np.arccos(min(far / (2 * self.length), 1.0))
        towards = np.arctan2(down, across)
        first = towards + side * bend
        elbow = start[0] + self.length * np.cos(first), start[1] + self.length * np.sin(first)
        second = np.arctan2(end[1] - elbow[1], end[0] - elbow[0])
        canvas.lay(self.upper, *start, angle=first)
        canvas.lay(self.lower, *elbow, angle=second)
        tip = elbow[0] + self.length * np.cos(second), elbow[1] + self.length * np.sin(second)
        canvas.lay(self.hand, *tip, angle=second)


def arm(rng: Generator, length: float, thick: float, sleeve: float, skin: float) -> Arm:
    """One with a sleeve as bright as that."""
    return Arm(
        limb(rng, length, thick, 0.85 * thick, sleeve),
        limb(rng, length, 0.85 * thick, 0.6 * thick, sleeve if rng.random() < 0.6 else skin),
        hand(rng, 1.3 * thick, skin),
        length,
    )


def hand(rng: Generator, size: float, light: float) -> Sprite:
    """A hand along its own x, from the wrist: a palm with four fingers and a thumb."""
    pixels = max(size * FINE, 4.0)
    mask = np.zeros((int(1.6 * pixels) + 4, int(2 * pixels) + 4), np.float32)
    middle = mask.shape[0] / 2
    cv2.ellipse(
        mask, (int(0.5 * pixels), int(middle)), (int(0.5 * pixels), int(0.42 * pixels)), 0, 0, 360, 1.0, -1
    )
    spread = rng.uniform(0.0, 0.25)
    for finger in range(4):
        place = finger - 1.5
        begin = (int(0.7 * pixels), int(middle + 0.2 * pixels * place))
        long = pixels * (0.95 - 0.1 * abs(place))
        end = (
            int(begin[0] + long * np.cos(spread * place)),
            int(begin[1] + long * np.sin(spread * place)),
        )
        cv2.line(mask, begin, end, 1.0, max(int(0.16 * pixels), 1), cv2.LINE_AA)
    thumb = (int(1.1 * pixels), int(middle - 0.65 * pixels))
    cv2.line(mask, (int(0.4 * pixels), int(middle - 0.3 * pixels)), thumb, 1.0, max(int(0.2 * pixels), 1))
    return outlined(rng, mask, (0.0, middle), light)


@dataclass(frozen=True)
class Talker:
    """A person from the chest upward, in front of the camera; `size` is the width of the head."""

    x: float
    y: float
    size: float
    head: Sprite
    hair: Sprite
    chest: Sprite
    eye: Sprite
    brow: Sprite
    mouth: Sprite
    arms: tuple[Arm, Arm]
    motions: dict[str, Motion]

    def draw(self, canvas: Canvas, time: float) -> None:
        """As they are at a time."""
        go = {name: motion(time) for name, motion in self.motions.items()}
        size = self.size
        x, y = self.x + size * go["lean"], self.y + size * (0.3 * away(go["lean"]) + go["breath"])
        canvas.lay(self.chest, x, y + 0.62 * size, angle=0.15 * go["lean"])
        tilt = 0.3 * go["tilt"] + 0.2 * go["lean"]
        at = x + 0.5 * size * go["lean"], y + 0.06 * size * go["nod"]
        canvas.lay(self.head, *at, angle=tilt)
        cos, sin = np.cos(tilt), np.sin(tilt)

        def place(aside: float, down: float) -> tuple[float, float]:
            aside, down = size * (aside + 0.22 * go["turn"]), size * (down + 0.12 * go["nod"])
            return at[0] + aside * cos - down * sin, at[1] + aside * sin + down * cos

        for side in (-0.2, 0.2):
            canvas.lay(self.eye, *place(side, -0.08), angle=tilt + np.pi / 2, stretch=max(go["eyes"], 0.15))
            canvas.lay(self.brow, *place(side, -0.24 - 0.03 * go["brow"]), angle=tilt)
        opened = 0.15 + go["mouth"]
        canvas.lay(self.mouth, *place(0, 0.32), angle=tilt + np.pi / 2, stretch=opened)
        canvas.lay(self.hair, *place(-0.16 * go["turn"], -0.55 - 0.05 * go["nod"]), angle=tilt)
        for side, each in zip((-1.0, 1.0), self.arms, strict=True):
            name = "left" if side < 0 else "right"
            shoulder = x + side * 0.85 * size, y + 1.15 * size
            end = (
                x + size * (side * (0.75 + 0.4 * go[name + " out"]) + 0.2 * go["both"]),
                y + size * (2.0 - 0.8 * go[name + " up"] + 0.12 * go["beat"]),
            )
            each.reach(canvas, shoulder, end, -side)


def talker(rng: Generator, seconds: float, x: float, y: float, size: float) -> Talker:
    """Somebody who talks much or little, and moves so."""
    skin, cloth, dark = rng.uniform(60, 220), rng.uniform(15, 235), rng.uniform(5, 120)
    lively = float(np.exp(rng.normal(-0.2, 0.7)))
    motions = {name: gestures(rng, seconds, 0.5 * lively, rest=0.7) for name in ("turn", "tilt")}
    motions["lean"] = gestures(rng, seconds, 0.12 * lively, rest=1.5, quick=(0.4, 1.6))
    nods = swaying(rng, seconds, rng.uniform(1.5, 3.5), 0.35, 0.3)
    much = share(wandering(rng, seconds, 0.6))
    slow = gestures(rng, seconds, 0.35 * lively, rest=0.6)
    motions["nod"] = lambda time: slow(time) + lively * much(time) * nods(time)
    motions["breath"] = swaying(rng, seconds, rng.uniform(0.2, 0.4), 0.015)
    motions["eyes"], motions["mouth"] = blinks(rng, seconds), speech(rng, seconds)
    motions["brow"] = gestures(rng, seconds, 1.0, rest=1.0, quick=(0.12, 0.4))
    hands = lively * (1.0 if rng.random() < 0.7 else 0.0)
    for name in ("left out", "right out", "left up", "right up"):
        motions[name] = gestures(rng, seconds, 0.7 * hands, rest=0.4, quick=(0.15, 0.7))
    motions["both"] = gestures(rng, seconds, 0.6 * hands, rest=0.8)
    often, strokes = (
        share(wandering(rng, seconds, 0.7)),
        swaying(rng, seconds, rng.uniform(1.2, 4), hands, 0.3),
    )
    motions["beat"] = lambda time: often(time) * strokes(time)
    chest = blob(rng, 2.2 * size, 2.6 * size, cloth)
    return Talker(
        x,
        y,
        size,
        disc(rng, size, skin, flat=1.3),
        blob(rng, 1.15 * size, 0.55 * size, dark),
        Sprite(chest.light, chest.mask, (chest.anchor[0], 0.1 * size * FINE)),
        disc(rng, 0.15 * size, rng.uniform(5, 60)),
        limb(rng, 0.16 * size, 0.04 * size, None, dark),
        disc(rng, rng.uniform(0.3, 0.4) * size, rng.uniform(5, 60)),
        (arm(rng, 0.8 * size, 0.4 * size, cloth, skin), arm(rng, 0.8 * size, 0.4 * size, cloth, skin)),
        motions,
    )


@dataclass(frozen=True)
class Figure:
    """A whole person of height 1, standing with both feet on the ground at its origin."""

    head: Sprite
    trunk: Sprite
    legs: tuple[Arm, Arm]
    arms: tuple[Arm, Arm]
    height: float

    def draw(
        self,
        canvas: Canvas,
        feet: tuple[tuple[float, float], tuple[float, float]],
        hips: tuple[float, float],
        lean: float,
        hands: tuple[tuple[float, float], tuple[float, float]],
        turn: float = 1.0,
    ) -> None:
        """`hands` are from the shoulders, in heights; `turn` is how broad the body looks."""
        tall = self.height
        neck = hips[0] + 0.3 * tall * np.sin(lean), hips[1] - 0.3 * tall * np.cos(lean)
        wide = 0.1 * tall * turn
        for side, leg, foot in zip((-1, 1), self.legs, feet, strict=True):
            leg.reach(canvas, (hips[0] + side * 0.5 * wide, hips[1]), foot, -1.0)
        far, near = (0, 1) if turn >= 0 else (1, 0)

        def limb_of(which: int) -> None:
            side = 2 * which - 1
            shoulder = neck[0] + side * wide, neck[1] + 0.03 * tall
            end = shoulder[0] + hands[which][0] * tall, shoulder[1] + hands[which][1] * tall
            self.arms[which].reach(canvas, shoulder, end, -side)

        limb_of(far)
        canvas.lay(self.trunk, *hips, angle=lean - np.pi / 2)
        limb_of(near)
        canvas.lay(self.head, neck[0] + 0.15 * tall * np.sin(lean), neck[1] - 0.15 * tall)


def figure(rng: Generator, height: float) -> Figure:
    """Somebody in some clothes."""
    skin, cloth, trousers = rng.uniform(60, 220), rng.uniform(10, 240), rng.uniform(10, 200)
    legs = tuple(
        Arm(
            limb(rng, 0.27 * height, 0.1 * height, 0.08 * height, trousers),
            limb(rng, 0.27 * height, 0.08 * height, 0.05 * height, trousers),
            limb(rng, 0.05 * height, 0.05 * height, 0.04 * height, 30),
            0.26 * height,
        )
        for _ in "lr"
    )
    arms = tuple(arm(rng, 0.19 * height, 0.06 * height, cloth, skin) for _ in "lr")
    trunk = limb(rng, 0.3 * height, 0.16 * height, 0.22 * height, cloth)
    head = disc(rng, 0.11 * height, skin if rng.random() < 0.6 else rng.uniform(10, 80), flat=1.25)
    return Figure(head, trunk, (legs[0], legs[1]), (arms[0], arms[1]), height)
