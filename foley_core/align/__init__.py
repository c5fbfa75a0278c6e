"""Alignment: what is heard, matched to what is seen, and moved onto it."""
