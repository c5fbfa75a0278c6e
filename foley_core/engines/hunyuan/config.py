"""The model's numbers: its sizes, rates and the window it was trained on.

From the paper (Shan et al., "HunyuanVideo-Foley", arXiv 2508.16930) and its published configuration. Nothing
here can be chosen by a user.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

SAMPLE_RATE = 48_000
LATENT_RATE = 50
"""Latents a second."""
LATENT_CHANNELS = 128
SAMPLES_PER_LATENT = SAMPLE_RATE // LATENT_RATE

VISUAL_RATE, SYNC_RATE = 8, 25
"""Frames a second that SigLIP2 and Synchformer look at."""
FEATURE_WIDTH = 768
"""Of each token of picture, sync and text."""
SEGMENT_FRAMES, SEGMENT_HOP, SEGMENT_TOKENS = 16, 8, 8
"""Synchformer looks at so many frames at once, begins anew every so many, and tells so many tokens."""
MOST_TEXT = 77
"""Tokens of a prompt; what is longer is cut."""

WINDOW_SECONDS = 8
"""Of this length, or up to 15 whole seconds, the model keeps the time it was trained on; shorter, it is early
by 165 ms."""
HOP_SECONDS = Fraction(7_04, 100)
"""From one window to the next of a longer cue: a multiple of Synchformer's hop, so that windows can share
segments."""

STEPS, GUIDANCE = 50, 4.5
NEGATIVE = "noisy, harsh"
"""The published defaults."""


@dataclass(frozen=True)
class Size:
    """One of the published transformers."""

    hidden: int
    heads: int
    triples: int
    singles: int


SIZES = {
    "xl": Size(hidden=1408, heads=11, triples=12, singles=24),
    "xxl": Size(hidden=1536, heads=12, triples=18, singles=36),
}


def sync_tokens(frames: int) -> int:
    """How many tokens Synchformer tells of so many frames at 25 a second."""
    return SEGMENT_TOKENS * max((frames - SEGMENT_FRAMES) // SEGMENT_HOP + 1, 0)
