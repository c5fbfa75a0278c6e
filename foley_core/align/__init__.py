"""Alignment: what is heard, matched to what is seen, and moved onto it.

Guarantees that nothing is told or moved that impacts which were held out do not bear out. Knows nothing of
engines and editors. Begin with `alignment.py`; `recording.py` does it for any sound file.
"""
