"""Engines for tests: one that shows where the picture is, and one that misbehaves on purpose.

They are found only where `FOLEY_TEST_ENGINES=1`.
"""
