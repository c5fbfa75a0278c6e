"""Engines: what turns pictures and words into sound. Found through the entry point group `foley.engines`."""
