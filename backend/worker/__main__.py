"""`python -m backend.worker`: the process that makes the sound, started by the supervisor.

Its secrets come over standard input. A thread waits for the end of that, which is the death of the broker,
and then ends the process at once. What is printed goes to its log, what matters over the link.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import signal
import sys
import threading

import msgspec
import zmq

from backend.worker import link
from backend.worker.worker import Worker


def main() -> None:
    """Take the secrets from standard input, connect, and work."""
    faulthandler.enable()
    if sys.platform != "win32":
        faulthandler.register(signal.SIGUSR1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the broker's to deal with
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    secrets = msgspec.json.decode(_first_line(), type=link.Secrets)
    threading.Thread(target=_end_with_the_broker, daemon=True).start()
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    with context, link.worker_end(context, secrets) as socket:
        Worker(socket).work()


def _first_line() -> bytes:
    """Read without a buffer, so that the thread may wait on the same descriptor."""
    line = b""
    while (byte := os.read(0, 1)) not in (b"\n", b""):
        line += byte
    return line


def _end_with_the_broker() -> None:
    while os.read(0, 1):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
