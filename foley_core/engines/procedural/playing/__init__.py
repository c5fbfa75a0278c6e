"""How kinds of sound are played to the picture: hits, movement and beds, in a space, block by block.

Guarantees that a sound does not depend on the sounds before it. Knows nothing of words. Begin with
`striking.py`, `moving.py` and `bed.py`, one for each layer.
"""
