"""The sounds themselves, a module for each family; every module ends with its `KINDS`.

Guarantees that each kind has a recipe, words, a level and an example. Knows nothing of films and cues. Begin
with `hard.py`, and with `docs/procedural.md`.
"""
