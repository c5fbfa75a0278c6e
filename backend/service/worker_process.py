"""The worker as the broker holds it: the process, its end of the link, and its log.

Only mechanics: it starts, says, hears, and can be made to end. When that is done is the supervisor's part.
Secrets go through the worker's standard input, which then stays open: at its end the worker knows that the
broker is gone, and ends at once, on every system and whatever it is doing.
"""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import zmq

from backend.paths import log_folder
from backend.service.auth import CurveAuthenticator
from backend.service.policy import StopStep, cause
from backend.worker import link

_logger = logging.getLogger(__name__)

DOMAIN = "worker"
LOGS = ("worker.log", "worker-2.log")
"""Names of the logs: a worker and its successor each have one of their own."""

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "VECLIB_MAXIMUM_THREADS": "1"}
"""For numpy's linear algebra: its threads wait by spinning, on cores that decoding and flow need, and the
matrices are small. It also makes its results the same whatever the number of cores."""

FEW_ARENAS = {"MALLOC_ARENA_MAX": "2"}
"""For glibc: else each thread that comes and goes with a cue has an arena of its own, and what is free in one
serves no other; the worker would grow by a few megabytes from cue to cue for its first hour."""

_LOG_BYTES = 1 << 20
_LAST_WORDS = 600


class WorkerProcess:
    """One worker, from its start to its end. `OSError` where it cannot even be started."""

    def __init__(
        self, context: zmq.Context[zmq.Socket[bytes]], authenticator: CurveAuthenticator, log: str = LOGS[0]
    ) -> None:
        self._authenticator = authenticator
        self._public, secret = link.keys()
        server_key, server_secret = link.keys()
        authenticator.admit(DOMAIN, self._public)
        self.socket = _listen(context, server_key, server_secret)
        self.log = _fresh_log(log)
        self._log_from = 0
        try:
            self._process = _start(self.log)
        except OSError:
            self._let_go()
            raise
        self.pid = self._process.pid
        secrets = link.Secrets(
            endpoint=self.socket.get_string(zmq.LAST_ENDPOINT),
            server_key=server_key,
            worker_key=self._public,
            worker_secret=secret,
        )
        self._whisper(msgspec.json.encode(secrets) + b"\n")

    def say(self, order: link.Order) -> None:
        """Send, if the worker can take it; a worker that cannot is noticed by its silence."""
        try:
            self.socket.send(link.write(order), zmq.NOBLOCK)
        except zmq.Again:
            return

    def begin_job(self, run: link.Run) -> None:
        """Give it a job; its last words will be what it says from here on."""
        self._log_from = _size(self.log)
        self.say(run)

    def hear(self) -> list[link.AnyNews]:
        """What it said since the last time."""
        heard: list[link.AnyNews] = []
        while self.socket.poll(0):
            try:
                heard.append(link.read_news(self.socket.recv()))
            except msgspec.DecodeError:
                _logger.exception("the worker cannot be understood")
        return heard

    def exit_code(self) -> int | None:
        """None while it lives."""
        return self._process.poll()

    def take_step(self, step: StopStep) -> None:
        """One step towards its end."""
        if step is StopStep.TERMINATE:
            self._process.terminate()
        elif step is StopStep.KILL:
            self._process.kill()
        elif sys.platform != "win32":  # there the worker's faulthandler has no signal to listen to
            self._process.send_signal(signal.SIGUSR1)

    def end_within(self, seconds: float) -> None:
        """Wait for it to end by itself; then kill it."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def close(self) -> None:
        """Let go of everything that belonged to it; the process must have ended."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._let_go()

    def exit_summary(self) -> str:
        """How it ended, and its last words."""
        code = self._process.returncode
        words = _tail(self.log, self._log_from)
        ending = f"exit code {code}: {cause(code)}"
        return f"{ending}; its last words: {words}" if words else ending

    def trim_log(self) -> None:
        """Keep the log below its limit; what is cut off goes to the older log."""
        try:
            if self.log.stat().st_size > _LOG_BYTES:
                shutil.copyfile(self.log, _older(self.log))
                os.truncate(self.log, 0)
                self._log_from = 0
        except OSError:
            return

    def _let_go(self) -> None:
        self._authenticator.dismiss(DOMAIN, self._public)
        self.socket.close(0)

    def _whisper(self, line: bytes) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        try:
            stdin.write(line)
            stdin.flush()
        except OSError:
            return  # dead already, which its exit code will tell


def _listen(context: zmq.Context[zmq.Socket[bytes]], public: str, secret: str) -> zmq.Socket[bytes]:
    socket = context.socket(zmq.DEALER)
    socket.linger = 0
    socket.curve_server = True
    socket.curve_publickey = public.encode()
    socket.curve_secretkey = secret.encode()
    socket.zap_domain = DOMAIN.encode()
    socket.bind("tcp://127.0.0.1:*")
    return socket


def _start(log: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", "backend.worker"]
    environment = {**os.environ, **ONE_THREAD, **FEW_ARENAS}
    with log.open("ab") as output:
        if sys.platform == "win32":
            return subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                creationflags=subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW,
                env=environment,
            )
        else:
            return subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
                env=environment,
            )


def _fresh_log(name: str) -> Path:
    log = log_folder() / name
    log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if log.exists():
        log.replace(_older(log))
    return log


def _older(log: Path) -> Path:
    return log.with_suffix(".older.log")


def _size(log: Path) -> int:
    try:
        return log.stat().st_size
    except OSError:
        return 0


def _tail(log: Path, start: int) -> str:
    try:
        with log.open("rb") as file:
            file.seek(max(start, log.stat().st_size - _LAST_WORDS))
            text = file.read(_LAST_WORDS).decode(errors="replace")
    except OSError:
        return ""
    return " / ".join(line.strip() for line in text.splitlines()[-5:] if line.strip())
