"""The kinds of scene there are, by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from numpy.random import Generator

from benchmarks.training.billiards import pool
from benchmarks.training.bursts import explosion, fireworks
from benchmarks.training.collisions import bump, dig, split, tumble
from benchmarks.training.doors import door, drawer, lid
from benchmarks.training.machines import lever, press, stamp
from benchmarks.training.moving_animals import animals
from benchmarks.training.moving_camera import camera_work
from benchmarks.training.moving_hands import hands_at_rest
from benchmarks.training.moving_machines import machines
from benchmarks.training.moving_nature import flags, leaves, water
from benchmarks.training.moving_people import crowd, dancers, talking
from benchmarks.training.moving_roads import driving, traffic
from benchmarks.training.moving_screens import screens
from benchmarks.training.moving_sports import cycling, players
from benchmarks.training.moving_weather import smoke_fire, stillness, weather
from benchmarks.training.scene import Scene
from benchmarks.training.shots import pistol, rifle
from benchmarks.training.single_things import single_thing, smooth_thing
from benchmarks.training.striking_balls import ball, catch, dribble, net
from benchmarks.training.striking_bodies import clap, hand_drums, punch
from benchmarks.training.striking_dance import clap_dance
from benchmarks.training.striking_feet import feet_close, walker_behind, walker_front, walker_side
from benchmarks.training.striking_fingers import keys, knock, typing
from benchmarks.training.striking_games import racket
from benchmarks.training.striking_hands import knife, sticks
from benchmarks.training.striking_things import breaking, dropped, jerky_camera, set_down, splash
from benchmarks.training.striking_tools import hammer

Draw: TypeAlias = Callable[[Generator, float], Scene]
"""A scene of so many seconds."""

STRIKING: Mapping[str, Draw] = {
    "hammer": hammer,
    "single_thing": single_thing,
    "pistol": pistol,
    "rifle": rifle,
    "fireworks": fireworks,
    "explosion": explosion,
    "ball": ball,
    "dribble": dribble,
    "catch": catch,
    "net": net,
    "pool": pool,
    "door": door,
    "drawer": drawer,
    "lid": lid,
    "press": press,
    "stamp": stamp,
    "lever": lever,
    "set_down": set_down,
    "dropped": dropped,
    "breaking": breaking,
    "splash": splash,
    "jerky_camera": jerky_camera,
    "bump": bump,
    "tumble": tumble,
    "split": split,
    "dig": dig,
    "knife": knife,
    "sticks": sticks,
    "hand_drums": hand_drums,
    "clap": clap,
    "punch": punch,
    "knock": knock,
    "typing": typing,
    "keys": keys,
    "racket": racket,
    "clap_dance": clap_dance,
    "walker_side": walker_side,
    "walker_front": walker_front,
    "walker_behind": walker_behind,
    "feet_close": feet_close,
}
"""In which something can be heard the moment it is seen."""
MOVING: Mapping[str, Draw] = {
    "animals": animals,
    "camera_work": camera_work,
    "crowd": crowd,
    "cycling": cycling,
    "dancers": dancers,
    "driving": driving,
    "flags": flags,
    "hands_at_rest": hands_at_rest,
    "leaves": leaves,
    "machines": machines,
    "players": players,
    "screens": screens,
    "smoke_fire": smoke_fire,
    "smooth_thing": smooth_thing,
    "stillness": stillness,
    "talking": talking,
    "traffic": traffic,
    "water": water,
    "weather": weather,
}
"""In which nothing strikes, though all moves."""
KINDS: Mapping[str, Draw] = {**STRIKING, **MOVING}
