"""Who else is asked how late a sound is: Synchformer, where the neural engine would play by itself.

That is where its libraries, its weights and a graphics card are there (`engine_choice.py`). On a processor
Synchformer takes longer than the film, so it is not asked there. Nothing is loaded before it is asked.
"""

from __future__ import annotations

from foley_core.align.witness import Witness
from foley_core.cue import AUTO
from foley_core.engine_choice import HUNYUAN, choose_engine
from foley_core.engines.hunyuan.weights import find_synchformer


def sync_witness() -> Witness | None:
    """None where there is no such witness."""
    path = find_synchformer()
    if path is None or choose_engine(AUTO).engine != HUNYUAN:
        return None
    from foley_core.engines.hunyuan.lateness_witness import SynchformerWitness

    return SynchformerWitness(path)
