"""How kinds of sound are played to the picture: hits, movement and beds, in a space, block by block."""
