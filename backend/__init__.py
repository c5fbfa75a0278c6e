"""The resident service that editors talk to, and everything around it.

Guarantees that a job which was accepted comes to an end, whatever dies on the way. Knows how jobs are kept
and run, not how sound is made. The rooms: `service` (the broker's process), `worker` (the worker's), `cache`,
`models`, `soak`, and `cli`; what they share lies beside them. Begin with `messages`.
"""
