# SPDX-License-Identifier: Apache-2.0
"""Sound for a film, by a whole client in pyzmq alone: python make_take.py FILM PROMPT TAKE.wav [ENGINE]"""

import json, os, subprocess, sys, tempfile, time  # noqa: E401, I001

import zmq

KEYS = ("server_key", "client_key", "client_secret")
PLACES = {"win32": ("LOCALAPPDATA", "~/AppData/Local", "Foley")}
PLACES["darwin"] = ("", "~/Library/Application Support", "Foley")
variable, default, ours = PLACES.get(sys.platform, ("XDG_STATE_HOME", "~/.local/state", "foley"))
os.path.isabs(os.environ.get("HOME", "")) or os.environ.pop("HOME", None)  # It counts as not set.
stated = os.environ.get(variable, "")
chosen = os.environ.get("FOLEY_HOME") or os.path.join(stated if os.path.isabs(stated) else default, ours)
HOME = os.path.abspath(os.path.expanduser(chosen))
ENV = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "__PYVENV", "LD_", "DYLD_"))}
APART = {"creationflags": 0x08000000} if os.name == "nt" else {"start_new_session": True}


def read(name: str) -> dict:
    """A file of the state folder; empty where there is none, or where it is of a folder that ours copies."""
    try:
        with open(os.path.join(HOME, name), encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError):
        return {}
    return found if os.path.realpath(found.get("home") or HOME) == os.path.realpath(HOME) else {}


def say(to: zmq.Socket, **message: object) -> None:  # Where nobody is there, it is not sent but lost.
    to.poll(0, zmq.POLLOUT) and to.send_multipart([b"FOLEY1", json.dumps(message).encode()])


def hear(of: zmq.Socket, lost: zmq.Socket, seconds: "float | None" = None) -> "dict | None":
    """The next message; None once the backend is lost, or where none comes for so long."""
    ready, _, _ = zmq.select([of, lost], [], [], seconds)
    return json.loads(of.recv_multipart()[-1]) if of in ready else None


def reach() -> tuple:
    """A socket to the backend that runs, or to one that is started; and one that tells when that is lost."""
    until = time.monotonic() + 30  # On a busy machine it may take that long to start.
    while True:
        if found := read("connection.json"):  # It may be what a crash has left.
            to = zmq.Context.instance().socket(zmq.DEALER)
            to.linger, to.reconnect_ivl, to.heartbeat_ivl = 0, -1, 5000
            to.curve_serverkey, to.curve_publickey, to.curve_secretkey = (found[k].encode() for k in KEYS)
            lost = to.get_monitor_socket(zmq.EVENT_CLOSED | zmq.EVENT_DISCONNECTED)
            to.connect(found["endpoint"])
            say(to, type="hello", id="hello", protocol=[1, 1], client="make_take.py", most_impacts=0)
            if hear(to, lost, 3):
                return to, lost
        command = read("launch.json").get("command") or sys.exit(f"backend_unreachable: nothing in {HOME}")
        said = tempfile.TemporaryFile("w+", errors="replace")  # It ends with 0 where another one runs.
        streams = {"stdin": subprocess.DEVNULL, "stdout": said, "stderr": said}
        child = subprocess.Popen(command, cwd=HOME, env=dict(ENV, FOLEY_HOME=HOME), **streams, **APART)
        while child.poll() is None and read("connection.json") in ({}, found) and time.monotonic() < until:
            time.sleep(0.02)
        if child.poll() or time.monotonic() > until:
            said.seek(0)
            sys.exit(f"backend_unreachable: No answer of {found.get('pid', child.pid)}. {said.read()}")


film, prompt, take, *engine = sys.argv[1:]
cue = {"media": os.path.abspath(film), "prompt": prompt, "engine": "".join(engine) or "auto"}
job = os.urandom(16).hex()  # Ours to choose: however often it is sent, it is one job.
while True:
    backend, lost = reach()
    say(backend, type="submit", id="1", job=job, cue=cue, deliver={"takes": [os.path.abspath(take)]})
    say(backend, type="status", id="2", job=job)  # What ended while we were away is not told by itself.
    while heard := hear(backend, lost):
        told = heard["jobs"][0] if heard["type"] == "status" else heard
        if told.get("takes"):
            sys.exit(print("{path} begins at {start_exact} s of the film.".format(**told["takes"][0])))
        if "cancelled" in (heard["type"], told.get("state")):
            sys.exit("cancelled: somebody has cancelled it.")
        if (error := told.get("error")) and error["code"] not in ("shutting_down", "job_unknown"):
            sys.exit("{code}: {message} {hint}".format(**error))
        if heard["type"] == "progress":
            print(f"{heard['stage']} {heard['progress']:.0%}", file=sys.stderr)
