"""The worker's process: one job at a time, from its cue to files in their place.

Guarantees that a job which breaks or is cancelled leaves nothing behind. Knows no client, and only the broker
that started it. Begin with `worker.py`, the loop, then `take_job.py`; `link.py` is what the two processes
say.
"""
