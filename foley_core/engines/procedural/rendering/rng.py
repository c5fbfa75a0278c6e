"""Chance that can be repeated: a generator of random numbers for each thing that needs one.

Every generator is made anew from the seed, what it is for, and where in the film it is used. So one hit does
not depend on how many came before it, nor a bed on where a take starts or how it is cut into blocks.
"""

from __future__ import annotations

import hashlib

import numpy as np

_EARLIEST = 2**48
"""Positions may lie before the first frame (a handle); this makes them positive for the seed."""


def rng(seed: int, layer: str, purpose: str, position: int = 0) -> np.random.Generator:
    """The generator for `purpose` in `layer` at `position` (any whole number, samples as a rule).

    Philox (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011) gives the same numbers on
    every machine.
    """
    name = hashlib.blake2b(f"{layer}/{purpose}".encode(), digest_size=8).digest()
    key = [seed, int.from_bytes(name, "big"), position + _EARLIEST]
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(key)))
