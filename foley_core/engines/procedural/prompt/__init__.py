"""From a prompt to the soundscape: the voices that are to be played, how, and in which space.

Guarantees that any text gives something, and names the words that nobody knows. Knows sounds and spaces by
their names, words and layers, and nothing of how they are made. Begin with `parser.py`.
"""
