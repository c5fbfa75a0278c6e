"""The built-in engine: sound by synthesis, on any processor, with no download.

Guarantees the same samples wherever a take starts and however it is cut into blocks. Does not know what is in
the picture, only where and how strongly something moves. Begin with `engine.py`; a sound of your own goes
into `sounds/`.
"""
