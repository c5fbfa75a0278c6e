"""The command line, `foley`, one module for each command.

Guarantees one JSON object where it is asked for, and one sentence with a code for every error. A client like
any other: it knows nothing of how the service does its work. Begin with `app.py`, then `generate.py`.
"""

from backend.cli.app import main as main
