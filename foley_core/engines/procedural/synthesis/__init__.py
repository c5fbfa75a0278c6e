"""What sounds are made of: noise, grains, modes, throats.

Guarantees that all chance comes from the generator that is handed in. Knows nothing of prompts and pictures.
Begin with `noise.py` and `modal.py`.
"""
