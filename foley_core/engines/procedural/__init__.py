"""The built-in engine: sound by synthesis, on any processor, with no download."""
