"""Drawn films with exact truth, and what is learnt from them; begin with `films.py`.

None of this goes into the wheel: the product ships with the numbers that were learnt alone.
"""
