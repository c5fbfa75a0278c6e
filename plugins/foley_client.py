# SPDX-License-Identifier: Apache-2.0
"""The one client of Foley's backend: for editors, scripts and the command line.

`Client` never blocks: call `pump` often; it does the next small step and gives what has happened, as dicts:
replies (`re`: the id that `ask` gave), pushes (`waiting`, `progress`, `done`, `failed`, `cancelled`, with
`job`; `leaving`), and changes of its state. It finds the backend or starts it, replaces one of an older
build, and after a crash connects again, asks for its unfinished jobs and sends again what was not answered:
none is lost. While a backend leaves, new jobs wait for the next. For Python 3.6 and later with pyzmq 25 or
later, with `foley_launch.py` beside it, and for one thread. It knows nothing of editors.
"""

import importlib
import json
import os
import struct
import time
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Sequence, Set

import zmq

if TYPE_CHECKING:
    import foley_launch
else:  # In an editor's extension both lie in its package.
    foley_launch = importlib.import_module(".foley_launch" if __package__ else "foley_launch", __package__)

PROTOCOL, MAGIC, MAX_MESSAGE = (1, 2), b"FOLEY1", 1 << 20
START_SECONDS, SILENCE_SECONDS, AGAIN_SECONDS, ROUND_SECONDS = 30.0, 3.0, 5.0, 1.5
fcntl = importlib.import_module("fcntl") if os.name == "posix" else None  # type: Any
ClientError, home = foley_launch.ClientError, foley_launch.home
order, _recorded = foley_launch.order, foley_launch.recorded
Event = Dict[str, Any]
AWAY, STARTING, GREETING, READY = "away", "starting", "greeting", "ready"
REPLACING, BROKEN, CLOSED = "replacing", "broken", "closed"
MOVES: Dict[str, Set[str]] = {  # Which state may follow which; what broke it is in `error`.
    AWAY: {STARTING, GREETING, BROKEN, CLOSED},
    STARTING: {STARTING, GREETING, BROKEN, CLOSED},
    GREETING: {READY, REPLACING, AWAY, BROKEN, CLOSED},
    READY: {AWAY, CLOSED},
    REPLACING: {AWAY, CLOSED},
    BROKEN: {AWAY, CLOSED},
    CLOSED: set(),
}
_SHUT_OUT = zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
_SHUT_OUT |= zmq.EVENT_HANDSHAKE_FAILED_AUTH
_OPTIONS: Dict[int, Any] = {zmq.LINGER: 0, zmq.SNDHWM: 0, zmq.RECONNECT_IVL: -1, zmq.HEARTBEAT_IVL: 2000}
_OPTIONS.update({zmq.HEARTBEAT_TIMEOUT: 6000, zmq.HEARTBEAT_TTL: 6000, zmq.CURVE_SERVERKEY: "server_key"})
_OPTIONS.update({zmq.CURVE_PUBLICKEY: "client_key", zmq.CURVE_SECRETKEY: "client_secret"})


class Client:
    """A connection to the backend that mends itself. `name` says who is calling.

    `start` lets it start a backend, as `launch` or else launch.json says, on `connect` or the first request.
    Where that one ends at once, `own` is started, if it is set, and a `note` among the events says so.
    """

    def __init__(self, name: str, start: bool = True) -> None:
        self.state, self.start, self._wanted = AWAY, start, False
        self._hello = {"type": "hello", "id": "hello", "protocol": PROTOCOL, "client": name}
        self.error, self.launch, self.own = None, {}, {}  # type: Optional[Dict[str, str]], Event, Event
        self._context, self._socket, self._monitor = zmq.Context(), None, None  # type: Any, Any, Any
        self._peer = self._stale = self._shut = self._launch = {}  # type: Event
        self._child, self._until, self._pumped = None, 0.0, time.monotonic()  # type: Any, float, float
        self._jobs: Dict[str, Optional[int]] = {}
        self.older = self._leaving = False  # `older`, by its protocol: what it refuses may be too new for it.
        self._requests, self._events, self._held = {}, [], set()  # type: Dict[str, Event], List[Event], Set[str]

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
        if message.get("job") in self._held or (self._leaving and self.start and kind == "submit"):
            return self._hold(message)
        self._requests[message["id"]] = message
        if self.state == READY:
            self._put(message)
        return str(message["id"])

    def submit(self, cue: Dict[str, Any], deliver: Dict[str, Any], job: str = "", **more: Any) -> str:
        """Ask for takes; gives the job's id, a new one unless given. Exact times are `Fraction`s or text."""
        job = job or uuid.uuid4().hex
        self.ask("submit", job=job, cue=cue, deliver=deliver, **more)
        self._jobs[job] = 0
        return job

    def subscribe(self, jobs: Sequence[str]) -> None:
        """Follow jobs that another client submitted, or this one before the backend was lost."""
        for job in jobs:
            self._jobs[job] = None
            self.ask("subscribe", jobs=[job])
            self.ask("status", job=job)

    def unsubscribe(self, jobs: Sequence[str]) -> None:
        """Follow these jobs no more; they go on."""
        for job in jobs:
            self._jobs.pop(job, None)
        if self.state == READY and not self.older:
            self.ask("unsubscribe", jobs=list(jobs))

    def cancel(self, job: str) -> str:
        """End a job; its `cancelled` comes when it has ended."""
        return self.ask("cancel", job=job)

    def pump(self) -> List[Event]:
        """Take the next step without waiting, and give what has happened since the last call."""
        self._until += max(0.0, time.monotonic() - self._pumped - ROUND_SECONDS)  # It slept, or was busy.
        self._pumped = time.monotonic()
        try:
            self._hear()
            self._step()
        except ClientError as error:
            self._fail(error.code, error.message, error.hint)
        events, self._events = self._events, []
        return events

    def wait(self, seconds: float) -> List[Event]:
        """Pump until something happens; an empty list if nothing does in so many seconds."""
        until, events = time.monotonic() + seconds, self.pump()
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

    def _step(self) -> None:
        late, ended = time.monotonic() > self._until, self._child and self._child.ended()
        if self.state in (AWAY, STARTING) and (not self._wanted or self._call()):
            return
        if self.state == AWAY and self.start:
            self._launch, self._until = self.launch or _recorded(), time.monotonic() + START_SECONDS
            self._spawn()
        elif self.state == AWAY:
            self._fail("backend_absent", "No backend is running.", "Start it: foley serve")
        elif self.state == STARTING and (late or ended):
            self._not_started("The backend ended with exit code {}".format(ended) if ended else "", "")
        elif self.state == STARTING and ended == 0:  # Another one, just about to end, still held the lock.
            self._spawn()
        elif self.state == GREETING and late:
            self._accuse()
        elif self.state == BROKEN and late and self._jobs:
            self.connect()

    def _spawn(self) -> None:
        try:
            self._child = foley_launch.Child(foley_launch.command_of(self._launch))
            self._move(STARTING)
        except (LookupError, OSError, TypeError, ValueError) as error:
            self._child = None
            self._not_started("The backend cannot be started: {}".format(error), "Run Foley's installer.")

    def _not_started(self, what: str, hint: str) -> None:
        """Tell why, in the backend's own last words if it said any; or try our own, which may be sound."""
        words = self._child.words() if self._child else ""
        what = what or "The backend does not come up"
        hint = hint or "Run `foley doctor`, and see {}.".format(home() / "logs")
        message = "{}: {}".format(what, words) if words else what + "."
        ended = self._child is None or self._child.ended()
        if ended and self.own and self._launch.get("command") != self.own["command"]:
            self._launch = dict(self._launch, **self.own)
            self._until = time.monotonic() + START_SECONDS
            message += " Started instead: {}.".format(self.own["command"][0])
            self._events.append({"type": "note", "message": message})
            self._spawn()
        else:
            self._fail("backend_unreachable", message, hint)

    def _call(self) -> bool:
        found = foley_launch.connection()
        if "pid" not in found or found == self._stale:
            return False
        if found != self._peer:
            self._peer, self._until = found, time.monotonic() + SILENCE_SECONDS
        self._socket = self._context.socket(zmq.DEALER)
        self._monitor = self._socket.get_monitor_socket()
        self._move(GREETING)
        try:
            for option, value in _OPTIONS.items():
                self._socket.setsockopt(option, found[value].encode() if isinstance(value, str) else value)
            self._socket.connect(found["endpoint"])
            self._put(dict(self._hello, build=(self.launch or _recorded()).get("build", "")))
        except (AttributeError, KeyError, TypeError, zmq.ZMQError):
            self._shut = found
            self._accuse()
        return True

    def _hang_up(self) -> None:
        if self._socket is not None:
            self._socket.disable_monitor()
            self._monitor.close(0)
            self._socket.close(0)
        self._socket = self._monitor = None
        self._leaving, self._held = False, set()

    def _lose(self, stale: bool = False) -> None:
        self._hang_up()
        self._stale = self._peer if stale else self._stale
        self._peer = self._peer if self.state == GREETING else {}  # A new try has its own time.
        self._wanted = self.state != READY or bool(self._requests or self._jobs)
        self._move(AWAY)

    def _accuse(self) -> None:
        """Blame the peer, if it holds the lock; if nobody does, it crashed, and a stranger has its port."""
        try:
            with open(str(home() / "backend.lock"), "r+b", 0) as lock:
                lock.read(1)  # On Windows nobody else can read what is locked.
                free = not fcntl or fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB) is None
        except OSError as error:
            free = isinstance(error, FileNotFoundError)
        if free or foley_launch.connection() != self._peer:  # Whoever takes the lock takes the file away.
            self._lose(stale=True)
            return
        refused = self._shut == self._peer
        who, code = self._peer["pid"], "backend_refused" if refused else "backend_unreachable"
        what = "does not let us in" if refused else "does not answer"
        self._fail(code, "The backend, process {}, {}.".format(who, what), "End that process and try again.")

    def _fail(self, code: str, message: str, hint: str) -> None:
        self._hang_up()
        self._peer, self._until = {}, time.monotonic() + AGAIN_SECONDS
        self.error = {"code": code, "message": message, "hint": hint}
        self._move(BROKEN)
        requests, self._requests = self._requests, {}
        for asked in requests.values():
            self._answer_error(asked, self.error)

    def _move(self, state: str) -> None:
        if state not in MOVES[self.state]:
            raise RuntimeError("no way from {} to {}".format(self.state, state))
        self.state, self.error = state, None if state == READY else self.error
        self._events.append({"type": "state", "state": state, "error": self.error})

    def _hold(self, message: Event) -> str:
        """Keep it for the next backend: a new job, or what is asked about one that is kept so."""
        self._requests[message["id"]] = message
        told = {"type": "waiting", "job": message["job"], "place": None, "wait_s": None, "reason": "ending"}
        self._events += [] if message["job"] in self._held else [told]
        self._held.add(message["job"])
        return str(message["id"])

    def _put(self, message: Dict[str, Any]) -> None:
        with suppress(zmq.Again):  # The line has just ended: what is not answered is sent again on the next.
            self._socket.send_multipart([MAGIC, _encode(message)], zmq.NOBLOCK)

    def _hear(self) -> None:
        while self._socket and self._socket.poll(0):
            self._take(self._socket.recv_multipart())
        while self._monitor and self._monitor.poll(0):
            event = struct.unpack("=hi", self._monitor.recv_multipart()[0])[0]
            if event & _SHUT_OUT:  # It may be on its last legs: tried again for a while.
                self._shut = self._peer
            elif event in (zmq.EVENT_CLOSED, zmq.EVENT_DISCONNECTED):
                self._lose(event == zmq.EVENT_CLOSED or (self.state == GREETING and self._shut != self._peer))

    def _take(self, frames: List[bytes]) -> None:
        message = json.loads(frames[-1].decode("utf-8")) if frames[0] == MAGIC else {}
        if self.state == GREETING and "job" not in message:
            self._welcome(message)
        elif self.state == REPLACING and (message.get("re"), message["type"]) == ("replace", "error"):
            self._launch = self.launch or _recorded()  # It is not to be replaced by that, and serves us too.
            self._lose()
        elif message.get("re") in self._requests:
            self._reply(message, self._requests.pop(message["re"]))
        elif "seq" in message or message.get("job") in self._jobs:
            self._push(message) if "seq" in message else self._events.append(message)
        elif message.get("type") == "leaving":
            self._leaving = True
            self._events.append(message)

    def _welcome(self, welcome: Event) -> None:
        mine = (self.launch or _recorded()).get("build", "")
        if welcome.get("type") != "welcome" or welcome["protocol"][0] != PROTOCOL[0]:
            other = "The backend speaks another version of the protocol than {}.{}.".format(*PROTOCOL)
            fault = welcome.get("error", {"code": "protocol_mismatch", "message": other})
            self._fail(fault["code"], fault["message"], "Update Foley, and its part in the editor.")
        elif self.start and order(welcome["build"]) < order(mine) and mine != self._launch.get("build"):
            named = {"replaced_by": mine} if tuple(welcome["protocol"]) >= (1, 1) else {}
            self._put(dict(named, type="shutdown", id="replace", mode="drain"))
            self._move(REPLACING)
        else:
            self.older = tuple(welcome["protocol"]) < PROTOCOL
            self._move(READY)
            for message in self._requests.values():
                self._put(message)
            submitted = [each["job"] for each in self._requests.values() if each["type"] == "submit"]
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
            kind = "progress" if info.get("finished") is None else info["state"]
            self._push(dict(info, type=kind, job=info["id"], take=0))

    def _answer_error(self, asked: Dict[str, Any], error: Dict[str, str]) -> None:
        if self.older and error["code"] in ("bad_request", "engine_unknown"):
            error = dict(error, hint=foley_launch.UPDATE)
        job, answer = asked.get("job"), {"re": asked["id"], "error": error}
        refused = (error["code"], asked["type"]) == ("shutting_down", "submit")
        if job in self._held or (self.start and refused):
            self._hold(asked)
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
    exact = "{0.numerator}/{0.denominator}".format
    try:
        return json.dumps(message, default=exact, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ClientError("bad_request", "A name or prompt is not Unicode.", "Rename the file.") from error
