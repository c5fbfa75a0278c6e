"""Films and sound files: opened safely, decoded by their timestamps, written whole or not at all.

Guarantees that every time is the file's own, to the tick, and that memory does not grow with a film's length.
Knows nothing of impacts and engines. Begin with `probe.py`, then `frames.py`.
"""
