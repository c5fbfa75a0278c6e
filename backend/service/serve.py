"""`foley serve`: the resident service as a process, from its lock to its last word."""

from __future__ import annotations

import logging
import os
import secrets
import sqlite3
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

import zmq

from backend import paths
from backend.build import build
from backend.connection import Connection, publish, published, withdraw
from backend.errors import StateUnusable
from backend.launch import record_launch
from backend.logs import log_to
from backend.service.auth import CurveAuthenticator
from backend.service.broker import Broker, ClientSocket
from backend.service.dispatcher import Dispatcher
from backend.service.jobs import JobStore
from backend.service.lock import hold, is_at
from backend.service.own_build import OwnBuild
from backend.service.recycling import limits
from backend.service.requests import RequestHandler
from backend.service.subscriptions import Subscriptions
from backend.service.successor import start_successor
from backend.service.supervisor import Supervisor
from backend.worker.delivery import sweep
from foley_core.errors import FoleyError

_logger = logging.getLogger(__name__)

STEP_TIMEOUT = "FOLEY_STEP_TIMEOUT"
"""Environment variable: seconds without a sign of life after which a job counts as hung; else the default."""
DEFAULT_STEP_TIMEOUT = 60.0
PROBED_SECONDS = 0.5
"""A client that looks whether the lock is held takes it for a moment itself."""


def serve() -> int:
    """Serve until told to end; gives the exit code. Where a backend runs already, say so and end."""
    try:
        home = paths.make_home()
        lock = hold(paths.lock_file(), PROBED_SECONDS)
    except (FoleyError, OSError) as error:
        _say(f"{error} [{getattr(error, 'code', StateUnusable.code)}]")
        return 1
    if lock is None:
        other = published()
        _say(f"A backend is running already{f' (process {other.pid})' if other else ''}.")
        return 0
    with lock:
        with suppress(OSError):  # One that crashed left it; clients would take it for ours while we live.
            paths.connection_file().unlink(missing_ok=True)
        try:
            log_to(paths.log_folder() / "broker.log")
            go_on = _serve(home, lock)
        except (FoleyError, OSError, sqlite3.Error) as error:
            _logger.exception("the backend cannot serve")
            _say(f"{error} [{getattr(error, 'code', StateUnusable.code)}]")
            return 1
        except Exception:
            _logger.exception("the backend broke")
            raise
    if go_on is not None:
        go_on()
    return 0


def _serve(home: Path, lock: BinaryIO) -> Callable[[], None] | None:
    """Serve until told to end; what is to be done once the lock is let go of."""
    own = OwnBuild()
    instance = secrets.token_hex(8)
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    jobs = JobStore(paths.jobs_file())
    for job in jobs.recover():
        sweep(job.deliver, job.id)
    jobs.prune()
    authenticator = CurveAuthenticator(context)
    clients = ClientSocket(context, authenticator)
    subscriptions = Subscriptions(clients.router)
    supervisor = Supervisor(context, authenticator, _step_timeout(), limits(os.environ), own.sources)
    name = build()
    handler = RequestHandler(
        jobs=jobs,
        dispatcher=Dispatcher(jobs, supervisor, subscriptions, own.is_gone_now),
        supervisor=supervisor,
        subscriptions=subscriptions,
        build=name,
        instance=instance,
        pid=os.getpid(),
        home=str(home),
    )
    connection = clients.connection(os.getpid(), instance, name, str(home))
    publish(connection)
    try:
        with suppress(FoleyError):
            record_launch(_logger.warning)
        _logger.info("ready", extra={"about": {"build": name, "instance": instance, "pid": os.getpid()}})
        if sys.stdout is not None and sys.stdout.isatty():
            _say(f"Ready; files are in {home}.")
        _say_no_more()
        if jobs.queued():  # Those that the one before has left are made though nobody asks.
            supervisor.want(handler.clock.now)
        stays = partial(_stays_reachable, lock, connection)
        broker = Broker(authenticator, clients, handler, stays, own.is_gone)
        broker.serve()
        leaves_jobs = broker.outlived and bool(jobs.queued())
        return partial(start_successor, handler.dispatcher.made) if leaves_jobs else None
    finally:
        withdraw(instance)
        supervisor.stop(0.0)  # Where the broker broke, the worker is still there, and would be waited for.
        clients.close()
        authenticator.socket.close(0)
        context.term()
        jobs.close()
        _logger.info("ended")


def _stays_reachable(lock: BinaryIO, connection: Connection) -> bool:
    """Publish the connection again where it was taken away or damaged, or is of one that ended.

    Who holds the lock is the only one to publish. False where the whole state folder was taken away.
    """
    if not is_at(lock, paths.lock_file()):
        _logger.error("the state folder is gone, or another's")
        return False
    found = published()
    if found is None or (found.pid, found.endpoint) != (connection.pid, connection.endpoint):
        _logger.warning("published again")
        with suppress(FoleyError):
            publish(connection)
    return True


def _step_timeout() -> float:
    try:
        seconds = float(os.environ.get(STEP_TIMEOUT, ""))
    except ValueError:
        return DEFAULT_STEP_TIMEOUT
    return seconds if seconds > 0 else DEFAULT_STEP_TIMEOUT


def _say_no_more() -> None:
    """What a client hears of our start, it keeps in a file without a name; from here on there is the log."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):
            if os.fstat(stream.fileno()).st_nlink == 0:
                stream.flush()
                with Path(os.devnull).open("wb") as nowhere:
                    os.dup2(nowhere.fileno(), stream.fileno())


def _say(line: str) -> None:
    if sys.stdout is not None:
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(f"{line.encode(encoding, 'replace').decode(encoding)}\n")
        sys.stdout.flush()
