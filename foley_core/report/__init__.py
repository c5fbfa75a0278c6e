"""The report: what a person reads about a take, as one page that holds everything in itself.

Guarantees that a page runs no script, asks for nothing from anywhere, and is whole or not there. Knows
nothing of how the take came about but what its record says. Begin with `report.py`.
"""
