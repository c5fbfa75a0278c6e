"""How kinds of sound are rendered to the picture: hits, movement and beds, in a space, block by block.

Guarantees that a dry sound does not depend on the sounds before it. Knows nothing of prompts, but for the
words that mean each space, which stand beside its echoes. Begin with `hits.py`, `movement.py` and `bed.py`,
one for each layer.
"""
