"""The endurance test, `foley soak`: a service of its own, an hour of film, and what became of it."""
