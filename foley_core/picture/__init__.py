"""Watching: what in the picture should be heard, and when.

Guarantees exact times, and that what was watched piece by piece is what the whole would have given. Knows
nothing of sound. Begin with `spotting.py`, what is found, then `watch.py`, how.
"""
