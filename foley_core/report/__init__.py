"""The report: what a person reads about the takes of a job, as one page that holds everything in itself.

Guarantees that a page runs no script but its own player, asks for nothing from anywhere, and is whole or not
there. Knows nothing of how the takes came about but what their records say. Begin with `report.py`.
"""
