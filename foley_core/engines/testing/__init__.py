"""Engines for tests: one that shows where the picture is, and others that misbehave on purpose.

They are found only where `FOLEY_TEST_ENGINES=1`, and know nothing that other engines do not know. Begin with
`impulse.py`.
"""
