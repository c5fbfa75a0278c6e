"""The broker's process: takes requests, keeps jobs, and looks after the one worker.

Guarantees that every request is answered and every accepted job ends, through crashes of the worker and of
itself. Knows nothing of how sound is made: no numpy, no decoder, no engine is loaded here. Begin with
`serve.py`, which puts it together, then `broker.py` and `requests.py`.
"""
