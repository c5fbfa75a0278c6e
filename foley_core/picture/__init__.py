"""Watching: what in the picture should be heard, and when. Knows nothing of sound."""
