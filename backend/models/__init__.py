"""The neural engine's weights on this machine: fetched, told apart, checked, converted and removed.

Guarantees that a file which it fetches is whole and the one that was published, or is not put there; what
others have put there is used, and never changed. Knows nothing of jobs, and how a model plays is the engine's
affair. Begin with `pull.py`, the way from a hub to the folder; `record.py` says what lies there.
"""
