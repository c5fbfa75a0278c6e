"""Alignment: what is heard, matched to what is seen, and moved onto it.

Guarantees that nothing is moved for which the evidence is no better than chance. Knows nothing of engines and
editors. Begin with `alignment.py`; `recording.py` does it for any sound file.
"""
