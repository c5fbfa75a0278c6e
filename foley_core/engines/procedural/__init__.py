"""The built-in engine: sound by synthesis, on any processor, with no download.

Guarantees the same samples however a take is cut into blocks, and the same dry sound wherever it starts, but
for an event in a take too short to have one. Does not know what is in the picture, only where and how
strongly something moves. Begin with `engine.py`; a sound of your own goes into `sounds/`.
"""
