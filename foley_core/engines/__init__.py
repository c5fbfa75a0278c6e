"""Engines: what turns pictures and words into sound. Found through the entry point group `foley.engines`.

An engine guarantees the same samples for the same brief, block by block. It does not know where a cue came
from, nor any other engine. Begin with `engine.py`, which says what an engine is.
"""
