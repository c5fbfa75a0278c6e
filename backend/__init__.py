"""The resident service that editors talk to. Knows how jobs are kept and run, not how sound is made."""
