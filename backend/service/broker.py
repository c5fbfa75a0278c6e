"""The broker: one thread, one loop, all sockets.

Clients reach it over loopback TCP with CURVE; it knows the jobs and has the one worker. It imports no numpy,
no decoder and no engine, so it starts at once and stays small for as long as nobody needs it.

Not here: what a message means (`requests`), what becomes of jobs (`dispatcher`), the worker (`supervisor`).
"""

from __future__ import annotations

import logging
import signal
import sqlite3
import struct
from collections.abc import Callable
from types import FrameType
from typing import Literal

import zmq

from backend import messages
from backend.connection import Connection
from backend.logs import RateLimitedLog
from backend.messages import MAX_MESSAGE, PROTOCOL, Leaving
from backend.service.auth import CurveAuthenticator
from backend.service.dispatcher import Dispatcher
from backend.service.requests import RequestHandler
from backend.worker import link

_logger = logging.getLogger(__name__)

DOMAIN = "client"
TRANSPORT_LIMIT = 16 * MAX_MESSAGE
"""Bytes of a frame; beyond, the transport cuts the connection. A request up to here is answered."""
_TICK_MS = 100
_IDLE_TICK_MS = 500
_MESSAGES_PER_ROUND = 200
_STOP_SECONDS = 2.0
"""For the workers to end by themselves; a client that comes meanwhile waits for 3 s before it blames us."""
_LAST_REPLIES_MS = 500
_REACHABLE_SECONDS = 2.0
_REFUSALS = {
    zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL: "handshake broken off",
    zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL: "handshake without our key",
    zmq.EVENT_HANDSHAKE_FAILED_AUTH: "handshake with a wrong key",
}
_ENDING = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Where the system has them. SIGHUP: its terminal was closed; SIGBREAK: the same on Windows."""
_MONITOR = "inproc://client-monitor"


class ClientSocket:
    """The router that clients reach, and the monitor that tells of those who were not let in."""

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], authenticator: CurveAuthenticator) -> None:
        self.server_key, secret = link.keys()
        self.client_key, self.client_secret = link.keys()
        authenticator.admit(DOMAIN, self.client_key)
        self.router = context.socket(zmq.ROUTER)
        self.router.linger = 0
        self.router.maxmsgsize = TRANSPORT_LIMIT
        self.router.router_mandatory = True
        self.router.sndhwm = 1_000
        self.router.heartbeat_ivl = 2_000
        self.router.heartbeat_timeout = 6_000
        self.router.heartbeat_ttl = 6_000
        self.router.curve_server = True
        self.router.curve_publickey = self.server_key.encode()
        self.router.curve_secretkey = secret.encode()
        self.router.zap_domain = DOMAIN.encode()
        self.router.monitor(_MONITOR, sum(_REFUSALS))
        self.monitor = context.socket(zmq.PAIR)
        self.monitor.linger = 0
        self.monitor.connect(_MONITOR)
        self.router.bind("tcp://127.0.0.1:*")

    def connection(self, pid: int, instance: str, build: str, home: str) -> Connection:
        """What clients need to reach it."""
        return Connection(
            endpoint=self.router.get_string(zmq.LAST_ENDPOINT),
            server_key=self.server_key,
            client_key=self.client_key,
            client_secret=self.client_secret,
            pid=pid,
            instance=instance,
            build=build,
            protocol=PROTOCOL,
            home=home,
        )

    def close(self) -> None:
        """Close both sockets; replies that are on their way may still leave."""
        self.router.disable_monitor()
        self.monitor.close(0)
        self.router.close(_LAST_REPLIES_MS)


class Broker:
    """The loop."""

    def __init__(
        self,
        authenticator: CurveAuthenticator,
        clients: ClientSocket,
        handler: RequestHandler,
        stays_reachable: Callable[[], bool] = lambda: True,
        has_outlived: Callable[[], bool] = lambda: False,
    ) -> None:
        self._authenticator = authenticator
        self._clients = clients
        self._clock = handler.clock
        self._handler = handler
        self._dispatcher: Dispatcher = handler.dispatcher
        self._rarely = RateLimitedLog(_logger)
        self._signalled = False
        self._leaving: Literal["", "drain", "now"] = ""
        """What clients were told of the end."""
        self._stays_reachable = stays_reachable
        """Asked now and then; where it says no, the broker ends."""
        self._has_outlived = has_outlived
        """Asked as often; where it says yes, the broker lets its job end, and ends then."""
        self._asked_at = 0.0

    def serve(self) -> None:
        """Serve until a signal or a client ends it; then stop the worker and put its job back."""
        for number in [getattr(signal, name) for name in _ENDING if hasattr(signal, name)]:
            kept = number == getattr(signal, "SIGHUP", None) and signal.getsignal(number) is signal.SIG_IGN
            if not kept:  # as nohup wants it
                signal.signal(number, self._on_signal)
        while not self._must_end():
            self._round()
        self._tell_leaving()
        self._handler.supervisor.stop(_STOP_SECONDS)
        try:
            self._dispatcher.put_back()
        except sqlite3.Error:
            _logger.exception("the running job is put back by the next backend")

    @property
    def outlived(self) -> bool:
        """It ended because its own files are others now, and nobody had asked it to."""
        told = self._signalled or self._handler.end_now or self._handler.dismissed
        return self._dispatcher.draining and not told

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._signalled = True

    def _must_end(self) -> bool:
        drained = self._dispatcher.draining and self._dispatcher.running is None
        return self._signalled or self._handler.end_now or drained

    def _round(self) -> None:
        poller = zmq.Poller()
        ours = (self._clients.router, self._clients.monitor, self._authenticator.socket)
        for socket in (*ours, *self._handler.supervisor.sockets()):
            poller.register(socket, zmq.POLLIN)
        idle = self._handler.supervisor.state in ("absent", "unavailable")
        ready = dict(poller.poll(_IDLE_TICK_MS if idle else _TICK_MS))
        now = self._clock.tick()
        if self._authenticator.socket in ready:
            self._authenticator.answer()
        if self._clients.monitor in ready:
            self._note_refusal()
        if self._clients.router in ready:
            self._answer_clients()
        self._dispatcher.tick(now)
        if now - self._asked_at > _REACHABLE_SECONDS:
            self._asked_at = now
            self._handler.end_now = self._handler.end_now or not self._stays_reachable()
            self._dispatcher.draining = self._dispatcher.draining or self._has_outlived()
        self._tell_leaving()

    def _answer_clients(self) -> None:
        for _ in range(_MESSAGES_PER_ROUND):
            try:
                client, *frames = self._clients.router.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            reply = self._handler.answer(client, frames)
            if reply is None:
                continue
            if isinstance(reply, messages.Error):
                self._rarely.warn("request refused", code=reply.error.code, why=reply.error.message)
            self._handler.subscriptions.send(client, messages.write(reply))
            if isinstance(reply, messages.Welcome) and self._leaving:
                self._handler.subscriptions.send(client, messages.write(Leaving(mode=self._leaving)))

    def _tell_leaving(self) -> None:
        leaving = "now" if self._signalled else self._handler.leaving
        if leaving and leaving != self._leaving:
            self._leaving = leaving
            self._handler.subscriptions.tell_all(Leaving(mode=leaving))

    def _note_refusal(self) -> None:
        event, _value = struct.unpack("=hi", self._clients.monitor.recv_multipart()[0])
        if event in _REFUSALS:
            self._rarely.warn(_REFUSALS[event])
