# SPDX-License-Identifier: Apache-2.0
"""The one client of Foley's backend: for editors, scripts and the command line.

`Client` never blocks: call `pump` often; it does the next small step and gives what has happened, as dicts:
replies (`re`: the id that `ask` gave), pushes (`progress`, `done`, `failed`, `cancelled`, with `job`), and
changes of its state. It finds the backend or starts it, replaces one of an older build, and after a crash
connects again, asks for its unfinished jobs and sends again what was not answered: no job is lost.

One file for Python 3.6 and later with pyzmq 25 or later, and for one thread. It knows nothing of editors.
"""

import json
import os
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Set

import zmq
from zmq.utils.monitor import recv_monitor_message

PROTOCOL = (1, 0)
MAGIC = b"FOLEY1"
MAX_MESSAGE = 1 << 20
START_SECONDS, SILENCE_SECONDS, AGAIN_SECONDS = 30.0, 3.0, 5.0

Event = Dict[str, Any]

AWAY, STARTING, GREETING, READY = "away", "starting", "greeting", "ready"
REPLACING, BROKEN, CLOSED = "replacing", "broken", "closed"

MOVES: Dict[str, Set[str]] = {
    AWAY: {STARTING, GREETING, BROKEN, CLOSED},
    STARTING: {STARTING, GREETING, BROKEN, CLOSED},
    GREETING: {READY, REPLACING, AWAY, BROKEN, CLOSED},
    READY: {REPLACING, AWAY, CLOSED},
    REPLACING: {AWAY, CLOSED},
    BROKEN: {AWAY, CLOSED},
    CLOSED: set(),
}
"""Which state may follow which. What broke it is in `error`."""

_SHUT_OUT = zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
_SHUT_OUT |= zmq.EVENT_HANDSHAKE_FAILED_AUTH
_OPTIONS = {zmq.LINGER: 0, zmq.SNDHWM: 0, zmq.RECONNECT_IVL: -1}
_OPTIONS.update({zmq.HEARTBEAT_IVL: 2000, zmq.HEARTBEAT_TIMEOUT: 6000, zmq.HEARTBEAT_TTL: 6000})
_KEYS = {zmq.CURVE_SERVERKEY: "server_key", zmq.CURVE_PUBLICKEY: "client_key"}
_KEYS[zmq.CURVE_SECRETKEY] = "client_secret"
_FOR_THE_HOST = ("PYTHON", "__PYVENV")
_children: List[Any] = []
"""The backends that this process started, which outlive it."""


class ClientError(Exception):
    """What went wrong: a stable code, what happened, and what to do about it."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__("{} {}".format(message, hint).strip())
        self.code, self.message, self.hint = code, message, hint


def home() -> Path:
    """The backend's state folder; the same rule as `backend.paths.home`."""
    if os.environ.get("FOLEY_HOME"):
        return Path(os.environ["FOLEY_HOME"]).absolute()
    if sys.platform == "win32":
        place = Path(os.environ.get("LOCALAPPDATA", str(Path.home() / "AppData" / "Local"))) / "Foley"
    elif sys.platform == "darwin":
        place = Path.home() / "Library" / "Application Support" / "Foley"
    else:
        place = Path(os.environ.get("XDG_STATE_HOME", str(Path.home() / ".local" / "state"))) / "foley"
    return place


def order(build: str) -> List[int]:
    """What builds (`0.1.0+20261122104500`) are sorted by: their numbers, newer ones last."""
    return [int(number) for number in build.replace("+", ".").split(".") if number.isdigit()]


class Client:
    """A connection to the backend that mends itself. `name` says who is calling.

    With `start=False` it never starts a backend. Nothing happens before `connect` or the first request.
    """

    def __init__(self, name: str, start: bool = True) -> None:
        self.state, self._start, self._wanted = AWAY, start, False
        self._hello = {"type": "hello", "id": "hello", "protocol": PROTOCOL, "client": name}
        self.error: Optional[Dict[str, str]] = None
        self._context, self._socket, self._monitor = zmq.Context(), None, None  # type: Any, Any, Any
        self._peer = self._stale = self._doubted = self._launch = {}  # type: Event
        self._child, self._until = None, 0.0  # type: Any, float
        self._requests: Dict[str, Event] = {}
        self._jobs: Dict[str, Optional[int]] = {}
        self._events: List[Event] = []

    def connect(self) -> None:
        """Look for the backend from now on; again, if that failed before."""
        self._wanted = True
        if self.state == BROKEN:
            self._move(AWAY)

    def ask(self, kind: str, **fields: Any) -> str:
        """Send a request (`status`, `list`, `ping`, ...); gives the id that its reply has as `re`."""
        message = dict(fields, type=kind, id=uuid.uuid4().hex)
        if len(MAGIC) + len(_encode(message)) > MAX_MESSAGE:
            raise ClientError("bad_request", "The request is longer than 1 MiB.", "Ask for less at once.")
        self.connect()
        self._requests[message["id"]] = message
        if self.state == READY:
            self._put(message)
        return str(message["id"])

    def submit(self, cue: Dict[str, Any], deliver: Dict[str, Any]) -> str:
        """Ask for takes; gives the job's id. Exact times are `Fraction`s or text."""
        job = uuid.uuid4().hex
        self.ask("submit", job=job, cue=cue, deliver=deliver)
        self._jobs[job] = 0
        return job

    def subscribe(self, jobs: Sequence[str]) -> None:
        """Follow jobs that another client submitted, or this one before the backend was lost."""
        for job in jobs:
            self._jobs[job] = None
            self.ask("subscribe", jobs=[job])
            self.ask("status", job=job)

    def cancel(self, job: str) -> str:
        """End a job; its `cancelled` comes when it has ended."""
        return self.ask("cancel", job=job)

    def pump(self) -> List[Event]:
        """Take the next step without waiting, and give what has happened since the last call."""
        if self.state != CLOSED:
            self._hear()
            getattr(self, "_when_" + self.state, lambda: None)()
        events, self._events = self._events, []
        return events

    def wait(self, seconds: float) -> List[Event]:
        """Pump until something happens; an empty list if nothing does in so many seconds."""
        until = time.monotonic() + seconds
        events = self.pump()
        while not events and time.monotonic() < until:
            pause = min(1.0 if self.state == READY else 0.05, max(0.0, until - time.monotonic()))
            sockets = [socket for socket in (self._socket, self._monitor) if socket]
            zmq.select(sockets, [], [], pause) if sockets else time.sleep(pause)
            events = self.pump()
        return events

    def close(self) -> None:
        """Let go of everything at once. Jobs go on in the backend."""
        if self.state != CLOSED:
            self._hang_up()
            self._context.term()
            self._move(CLOSED)

    def _when_away(self) -> None:
        if not self._wanted or self._call():
            return
        if self._start:
            self._launch, self._until = _read("launch.json"), time.monotonic() + START_SECONDS
            self._spawn()
        else:
            self._fail("backend_unreachable", "No backend is running.", "Start it: foley serve")

    def _when_starting(self) -> None:
        ended = self._child.poll()
        if self._call():
            return
        if time.monotonic() > self._until or ended:
            how = "ended with exit code {}".format(ended) if ended else "does not come up"
            hint = "See the logs in {}.".format(home() / "logs")
            self._fail("backend_unreachable", "The backend {}.".format(how), hint)
        elif ended == 0:  # Another one, just about to end, still held the lock.
            self._spawn()

    def _when_greeting(self) -> None:
        if time.monotonic() > self._until:
            message = "The backend, process {pid} at {endpoint}, does not answer.".format(**self._peer)
            self._fail("backend_unreachable", message, "End that process and try again.")

    def _when_broken(self) -> None:
        if self._jobs and time.monotonic() > self._until:
            self.connect()

    def _spawn(self) -> None:
        try:
            self._child = _detached(self._launch["command"])
            self._move(STARTING)
        except (KeyError, OSError, ValueError) as error:
            why = str(error) if self._launch else "{} is missing".format(home() / "launch.json")
            message = "The backend cannot be started: {}.".format(why)
            self._fail("backend_unreachable", message, "Run Foley's installer again.")

    def _call(self) -> bool:
        found = _read("connection.json")
        if not found or found == self._stale:
            return False
        self._peer, self._until = found, time.monotonic() + SILENCE_SECONDS
        self._socket = self._context.socket(zmq.DEALER)
        self._monitor = self._socket.get_monitor_socket()
        self._move(GREETING)
        try:
            for option, value in _OPTIONS.items():
                self._socket.setsockopt(option, value)
            for option, name in _KEYS.items():
                self._socket.setsockopt(option, found[name].encode())
            self._socket.connect(found["endpoint"])
            self._put(dict(self._hello, build=_read("launch.json").get("build", "")))
        except (AttributeError, KeyError, TypeError, zmq.ZMQError) as error:
            message = "connection.json is broken: {!r}.".format(error)
            self._fail("backend_refused", message, "Delete it and try again.")
        return True

    def _hang_up(self) -> None:
        if self._socket is not None:
            self._socket.disable_monitor()
            self._monitor.close(0)
            self._socket.close(0)
        self._socket = self._monitor = None

    def _lose(self) -> None:
        self._hang_up()
        self._wanted = self.state != READY or bool(self._requests or self._jobs)
        self._move(AWAY)

    def _fail(self, code: str, message: str, hint: str) -> None:
        self._hang_up()
        self._until = time.monotonic() + AGAIN_SECONDS
        self.error = {"code": code, "message": message, "hint": hint}
        self._move(BROKEN)
        requests, self._requests = self._requests, {}
        for asked in requests.values():
            self._answer_error(asked, self.error)

    def _move(self, state: str) -> None:
        if state not in MOVES[self.state]:
            raise RuntimeError("no way from {} to {}".format(self.state, state))
        self.state = state
        self.error = None if state == READY else self.error
        self._events.append({"type": "state", "state": state, "error": self.error})

    def _put(self, message: Dict[str, Any]) -> None:
        self._socket.send_multipart([MAGIC, _encode(message)], zmq.NOBLOCK)

    def _hear(self) -> None:
        while self._socket and self._socket.poll(0):
            self._take(self._socket.recv_multipart())
        while self._monitor and self._monitor.poll(0):
            self._watch_line(recv_monitor_message(self._monitor)["event"])

    def _watch_line(self, event: int) -> None:
        if event & _SHUT_OUT and self._doubted != self._peer:
            self._doubted = self._peer  # It may be on its last legs: once more, after the line's end.
        elif event & _SHUT_OUT:
            message = "The backend, process {pid} at {endpoint}, does not let us in.".format(**self._peer)
            self._fail("backend_refused", message, "End that process and try again.")
        elif event in (zmq.EVENT_CLOSED, zmq.EVENT_DISCONNECTED):
            if event == zmq.EVENT_CLOSED:  # Nobody listens there: it crashed, and left the file behind.
                self._stale = self._peer
            self._lose()

    def _take(self, frames: List[bytes]) -> None:
        message = json.loads(frames[-1].decode("utf-8")) if frames[0] == MAGIC else {}
        if self.state == GREETING and "job" not in message:
            self._welcome(message)
        elif message.get("re") in self._requests:
            self._reply(message, self._requests.pop(message["re"]))
        elif "seq" in message:
            self._push(message)

    def _welcome(self, welcome: Event) -> None:
        mine = _read("launch.json").get("build", "")
        if welcome.get("type") != "welcome" or welcome["protocol"][0] != PROTOCOL[0]:
            other = "The backend speaks another version of the protocol than {}.{}.".format(*PROTOCOL)
            fault = welcome.get("error", {"code": "protocol_mismatch", "message": other})
            self._fail(fault["code"], fault["message"], "Update Foley, and its part in the editor.")
        elif self._start and order(welcome["build"]) < order(mine) and mine != self._launch.get("build"):
            self._put({"type": "shutdown", "id": "replace", "mode": "drain"})
            self._move(REPLACING)
        else:
            self._move(READY)
            unanswered = list(self._requests.values())
            for message in unanswered:
                self._put(message)
            submitted = [message["job"] for message in unanswered if message["type"] == "submit"]
            self.subscribe([job for job in self._jobs if job not in submitted])

    def _reply(self, reply: Event, asked: Dict[str, Any]) -> None:
        if reply["type"] == "error":
            self._answer_error(asked, reply["error"])
            return
        self._events.append(reply)
        if reply["type"] == "accepted" and reply["state"] in ("done", "failed", "cancelled"):
            self.ask("status", job=reply["job"])
        elif asked["type"] == "status" and asked.get("job") in self._jobs:
            info = reply["jobs"][0]
            self._jobs[info["id"]] = None
            kind = "progress" if info["finished"] is None else info["state"]
            self._push(dict(info, type=kind, job=info["id"], take=0))

    def _answer_error(self, asked: Dict[str, Any], error: Dict[str, str]) -> None:
        job = asked.get("job")
        answer = {"re": asked["id"], "error": error}
        if error["code"] == "shutting_down" and asked["type"] == "submit" and self._start:
            self._requests[asked["id"]] = asked
            if self.state == READY:
                self._move(REPLACING)
        elif asked["type"] == "submit" or (error["code"] == "job_unknown" and job in self._jobs):
            self._jobs.pop(str(job), None)
            self._events.append(dict(answer, type="failed", job=job, seq=0))
        else:
            self._events.append(dict(answer, type="error"))

    def _push(self, push: Event) -> None:
        job, last = push["job"], self._jobs.get(push["job"])
        if last is not None and push["seq"] <= last:
            return
        if job in self._jobs:
            self._jobs[job] = push["seq"]
        if push["type"] != "progress":
            self._jobs.pop(job, None)
        elif last is not None and push["seq"] > last + 1:
            self.ask("status", job=job)
        self._events.append(push)


def _encode(message: Dict[str, Any]) -> bytes:
    return json.dumps(message, default=lambda time: "{}/{}".format(time.numerator, time.denominator)).encode()


def _read(name: str) -> Dict[str, Any]:
    try:
        return dict(json.loads((home() / name).read_text(encoding="utf-8")))
    except (OSError, TypeError, ValueError):
        return {}


def _detached(command: Sequence[str]) -> Any:
    """A process that outlives this one, without a console and without what the host's Python was told."""
    how: Dict[str, Any] = {"start_new_session": True}
    if os.name == "nt":
        how = {"creationflags": 0x08000000 | 0x00000200}  # CREATE_NO_WINDOW, CREATE_NEW_PROCESS_GROUP
    how["env"] = {name: value for name, value in os.environ.items() if not name.startswith(_FOR_THE_HOST)}
    how["stdin"] = how["stdout"] = how["stderr"] = subprocess.DEVNULL
    _children.append(subprocess.Popen(command, cwd=str(home()), **how))
    return _children[-1]
