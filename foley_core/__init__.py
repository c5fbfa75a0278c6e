"""Picture and words in, sound out: a library that runs by itself.

Guarantees that `generate` is the only way through; it is loaded on first use, so that a process which only
speaks about cues (the broker) never imports numpy or a decoder.

Knows nothing of sockets, databases or editors. Begin with `cue.py` and `take.py`, what goes in and what comes
out, then `stages.py`, the way between them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foley_core.cue import Cue

if TYPE_CHECKING:
    from foley_core.stages import generate as generate

__version__ = "0.2.0"
__all__ = ["Cue", "__version__", "generate"]


def __getattr__(name: str) -> Any:
    if name == "generate":
        from foley_core.stages import generate

        return generate
    raise AttributeError(f"module 'foley_core' has no attribute {name!r}")
