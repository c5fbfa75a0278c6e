"""Mastering: one gain for a whole take, soft ends, a limiter, loudness and true peak as broadcasters do.

Guarantees that no take passes the ceiling, and that stems add up to the mix. Knows nothing of films, and not
how the sound was made. Begin with `mastering.py`.
"""
