"""A socket in the backend's place: says what it is told, and decodes what it hears as the backend does."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import zmq

from backend import messages


class Ear:
    """A context manager; publishes itself in `connection.json`."""

    def __init__(self, home: Path, protocol: tuple[int, int] = messages.PROTOCOL) -> None:
        self.events: list[dict[str, Any]] = []
        self._protocol = protocol
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.ROUTER)
        self._socket.linger = 0
        server_key, self._socket.curve_secretkey = zmq.curve_keypair()
        self._socket.curve_server = True
        port = self._socket.bind_to_random_port("tcp://127.0.0.1")
        client_key, client_secret = zmq.curve_keypair()
        home.mkdir(exist_ok=True)
        published = {
            "endpoint": f"tcp://127.0.0.1:{port}",
            "server_key": server_key.decode(),
            "client_key": client_key.decode(),
            "client_secret": client_secret.decode(),
            "pid": os.getpid(),
            "instance": "ear",
            "build": "1+1",
            "protocol": [1, 0],
        }
        (home / "connection.json").write_text(json.dumps(published))
        self._caller = b""

    def __enter__(self) -> Ear:
        return self

    def __exit__(self, *problem: object) -> None:
        self._socket.close(0)
        self._context.term()

    def hear(self, client: Any, count: int) -> list[Any]:
        """The next so many messages, decoded; a hello is answered."""
        heard: list[Any] = []
        deadline = time.monotonic() + 30
        while len(heard) < count:
            assert time.monotonic() < deadline, f"heard only {heard}"
            self.events += client.pump()
            if self._socket.poll(20):
                self._caller, magic, body = self._socket.recv_multipart()
                assert magic == messages.MAGIC
                heard.append(messages.read_request(body))
                if isinstance(heard[-1], messages.Hello):
                    welcome = messages.Welcome(
                        re=heard[-1].id, protocol=self._protocol, build="1+1", instance="ear", pid=1
                    )
                    self.say(welcome)
        return heard

    def refuse(self, fault: messages.Fault) -> None:
        """Answer what comes next, if anything does within a moment, by this error."""
        if self._socket.poll(50):
            self._caller, _magic, body = self._socket.recv_multipart()
            self.say(messages.Error(re=json.loads(body)["id"], error=fault))

    def say(self, message: Any) -> None:
        """Send a message to the client that was heard last."""
        self._socket.send_multipart([self._caller, *messages.write(message)])
