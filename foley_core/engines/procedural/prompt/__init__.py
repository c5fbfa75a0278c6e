"""From a prompt to the soundscape: the voices that are to be played, how, and in which space.

Guarantees that any text gives something, and names the words that nobody knows. Knows the kinds of sound by
their words alone, and nothing of how they are made. Begin with `parser.py`.
"""
