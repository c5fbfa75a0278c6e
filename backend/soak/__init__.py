"""The endurance test, `foley soak`: a service of its own, an hour of film, and what became of it.

Guarantees that what it finds was heard in the takes and measured from outside. A client like any other: of
the service's inside it knows only which processes there are, and that the cache can be cleared. Begin with
`run.py`, then `verdict.py`.
"""
