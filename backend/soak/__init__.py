"""The endurance test, `foley soak`: a service of its own, an hour of film, and what became of it.

Guarantees that what it finds was heard in the takes and measured from outside. A client like any other: it
knows nothing of the service's inside. Begin with `run.py`, then `verdict.py`.
"""
