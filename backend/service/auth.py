"""Who is let in: the broker's answer to every CURVE handshake, as ZeroMQ's RFC 27 (ZAP) lays down.

Each server socket has a domain, and each domain a set of public keys. Answered in the broker's own loop;
nothing here blocks. Which addresses are let in is no question: every socket is bound to loopback.
"""

from __future__ import annotations

import zmq
from zmq.utils import z85

_ADDRESS = "inproc://zeromq.zap.01"


class CurveAuthenticator:
    """Answers handshakes. Must stand before the first server socket is bound."""

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]]) -> None:
        self.socket = context.socket(zmq.REP)
        self.socket.linger = 0
        self.socket.bind(_ADDRESS)
        self._admitted: dict[bytes, set[bytes]] = {}

    def admit(self, domain: str, public_key: str) -> None:
        """Let the holder of this key (Z85) into this domain."""
        self._admitted.setdefault(domain.encode(), set()).add(z85.decode(public_key))

    def dismiss(self, domain: str, public_key: str) -> None:
        """Let them in no more."""
        self._admitted.get(domain.encode(), set()).discard(z85.decode(public_key))

    def answer(self) -> bool:
        """Answer one handshake; False where it was refused."""
        version, request, domain, _address, _identity, mechanism, *credentials = self.socket.recv_multipart()
        known = mechanism == b"CURVE" and credentials[:1] and credentials[0] in self._admitted.get(domain, ())
        status, text = (b"200", b"OK") if known else (b"400", b"Key not admitted")
        self.socket.send_multipart([version, request, status, text, b"", b""])
        return bool(known)
