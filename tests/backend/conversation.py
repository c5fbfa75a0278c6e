"""One long talk with a backend, in the golden requests of one version, and all that was heard in it.

Two clients speak: the editor, which submits, and the guest, which follows. In the end the backend is ended,
and started again. What was heard is kept under the names of the golden messages that it is like.
"""

from __future__ import annotations

import json
import time
import wave
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from tests.backend.golden import Message, golden, names, spoken
from tests.backend.support import RawClient, Service, until
from tests.picture.clocks import bounce
from tests.picture.drawn import film

ENDS = ("done", "failed", "cancelled")
AT_THE_END = ("shutting_down",)
"""Refusals of a backend that is about to end."""


class Talker(RawClient):
    """A client that keeps all that it hears, in its order, and the ids of what it said."""

    def __init__(self, talk: Conversation) -> None:
        super().__init__(talk.service.home)
        self.talk, self.heard, self.said = talk, list[Message](), list[str]()

    def send(self, *frames: bytes) -> None:
        self.said.append(json.loads(frames[1])["id"])
        super().send(*frames)

    def receive(self, seconds: float = 60.0) -> Message | None:
        message = super().receive(seconds)
        self.heard += [message] if message else []
        return message

    def say(self, name: str, padding: bytes = b"") -> Message:
        """Speak the golden request of that name; gives its reply."""
        request = golden(self.talk.version, name)
        self.send(b"FOLEY1", spoken(self.talk.version, name, self.talk.folder) + padding)
        return self.answer_to(request["id"])

    def ask_for(self, name: str, kept_as: str = "") -> Message:
        """The same with one of `requests`, of which the reply is kept."""
        reply = self.talk.replies[kept_as or name] = self.say(f"requests/{name}")
        return reply

    def ask_at_once(self, *requests: str) -> None:
        """Send all of these before any reply is heard, and keep the replies."""
        for name in requests:
            self.send(b"FOLEY1", spoken(self.talk.version, f"requests/{name}", self.talk.folder))
        for name in requests:
            self.talk.replies[name] = self.answer_to(name)

    def follow(self, job: str, wanted: Callable[[Message], bool]) -> Message:
        """The first push of this job that is wanted; those before it are kept in `heard`."""
        while True:
            push = self.push(job, "progress", "waiting", *ENDS)
            if wanted(push):
                return push
            assert push["type"] not in ENDS, push


class Conversation:
    """What was said and heard, by name; `folder` is where the golden files' `/golden/` is."""

    def __init__(self, folder: Path, version: str) -> None:
        self.folder, self.version = folder, version
        self.replies: dict[str, Message] = {}
        self.pushes: dict[str, Message] = {}
        self.published: dict[str, Message] = {}
        self.refused: dict[str, Message] = {}
        self.failed: dict[str, Message] = {}
        """The push or, where it was refused at once, the reply."""
        self.at_once: list[Message] = []
        """What came for several requests that were sent in one go."""
        self.talkers: list[Talker] = []
        self.began = time.time()
        self.ended = 0.0
        self.exit_codes: list[int] = []
        self.service = Service(folder / "home", FOLEY_MODELS=str(folder / "models"))
        _make_files(folder)

    def hold(self) -> Conversation:
        """From the first word to the last."""
        with self.service:
            self._until_the_backend_is_ended()
            self._with_the_next_one()
            self._with_the_last_one()
        self.ended = time.time()
        return self

    def of_job(self, job: str, *, talker: int = 0) -> list[Message]:
        """The pushes about a job that a client heard."""
        return [one for one in self.talkers[talker].heard if one.get("job") == job and "re" not in one]

    def _talker(self) -> Talker:
        self.talkers.append(Talker(self))
        return self.talkers[-1]

    def _has(self, name: str) -> bool:
        return name.partition("/")[2] in names(self.version, name.partition("/")[0])

    def _until_the_backend_is_ended(self) -> None:
        self.service.start()
        for name in ("connection", "launch"):
            file = self.service.home / f"{name}.json"
            self.published[name] = until(
                lambda file=file: json.loads(file.read_text()) if file.exists() else None
            )
        with self._talker() as editor, self._talker() as guest:
            editor.ask_at_once("hello", "submit")  # so that the worker is not there yet
            guest.ask_at_once("hello-least", "subscribe")
            self._make_takes(editor, guest)
            self._look_at_what_is_done(editor, guest)
            self._wait_in_the_queue(editor, guest)
            self._go_wrong(editor)
            self._say_much_at_once(guest)
            self._end_when_the_job_is_through(editor)

    def _make_takes(self, editor: Talker, guest: Talker) -> None:
        self.pushes["waiting-start"] = editor.push("full-takes", "waiting")
        self.pushes["done"] = guest.follow("full-takes", lambda push: push["type"] == "done")
        self.pushes["done-few-impacts"] = editor.push("full-takes", "done")
        for push in self.of_job("full-takes"):
            if push["type"] == "progress" and push["stage"]:
                self.pushes.setdefault(f"progress-{push['stage']}", push)
        editor.ask_for("status-least")
        for name in names(self.version, "requests"):
            if name.startswith("submit-") and name not in _IN_TURN:
                accepted = editor.ask_for(name)
                editor.end_of(accepted["job"])

    def _look_at_what_is_done(self, editor: Talker, guest: Talker) -> None:
        editor.ask_for("submit", "submit-again")
        guest.ask_for("status-done")
        for name in ("status", "find", "subscribe-least"):
            editor.ask_for(name)
        for name in ("capabilities", "impacts", "impacts-least", "unsubscribe", "unsubscribe-least", *_ASKED):
            if self._has(f"requests/{name}"):
                guest.ask_for(name)

    def _wait_in_the_queue(self, editor: Talker, guest: Talker) -> None:
        guest.end_of(guest.ask_for("submit-quick")["job"])
        editor.ask_for("submit-slow")
        editor.ask_for("submit-waiting")
        told = editor.follow(
            "waiting-job", lambda push: push.get("reason") == "jobs" and push["wait_s"] is not None
        )
        self.pushes["waiting-jobs"] = told
        editor.follow("slow-job", lambda push: push["type"] == "progress" and push["stage"] == "sound")
        for name in names(self.version, "requests"):
            if name.startswith("list"):
                editor.ask_for(name)
        editor.ask_for("status-waiting")
        editor.ask_for("status-running")
        editor.ask_for("cancel")
        self.pushes["cancelled"] = editor.end_of("waiting-job")
        editor.ask_for("status-cancelled")
        editor.ask_for("cancel-running")
        editor.end_of("slow-job")

    def _go_wrong(self, editor: Talker) -> None:
        for name in names(self.version, "failed"):
            reply = editor.say(f"failed/{name}")
            accepted = reply["type"] == "accepted"
            self.failed[name] = editor.end_of(reply["job"]) if accepted else reply
        self.pushes["failed"] = self.failed["engine_failed"]
        told = self.of_job("worker_crashed")
        self.pushes["waiting-restart"] = next(push for push in told if push.get("reason") == "restart")
        editor.worker_pid()  # which knows the engines
        editor.ask_for("status-failed")
        for name in names(self.version, "refused"):
            if name not in AT_THE_END:
                padding = b" " * (1 << 20) if name == "request_too_long" else b""
                self.refused[name] = editor.say(f"refused/{name}", padding)

    def _say_much_at_once(self, guest: Talker) -> None:
        before = len(guest.heard)
        guest.ask_at_once("ping", "status-done", "status-unknown", "find-least", "cancel")
        self.at_once = guest.heard[before:]

    def _end_when_the_job_is_through(self, editor: Talker) -> None:
        editor.ask_for("submit-last")
        editor.ask_for("submit-kept")
        editor.follow("last-job", lambda push: push["type"] == "progress" and push["stage"] == "sound")
        editor.ask_for("shutdown-least")
        if self._has("pushes/leaving"):
            self.pushes["leaving"] = editor.told("leaving")
        self.pushes["waiting-ending"] = editor.follow("kept-job", lambda push: push.get("reason") == "ending")
        for name in AT_THE_END:
            self.refused[name] = editor.say(f"refused/{name}")
        editor.end_of("last-job")
        self.exit_codes.append(self.service.process.wait(30))

    def _with_the_next_one(self) -> None:
        self.service.start()
        with self._talker() as editor:
            editor.say("requests/hello")
            editor.say("requests/subscribe")
            until(lambda: editor.say("requests/status-kept")["jobs"][0]["finished"])
            editor.ask_for("status-kept")
            editor.ask_for("submit-put-back")
            editor.follow(
                "put-back-job", lambda push: push["type"] == "progress" and push["stage"] == "sound"
            )
            editor.ask_for("shutdown")
            if self._has("pushes/leaving-now"):
                self.pushes["leaving-now"] = editor.told("leaving")
            self.exit_codes.append(self.service.process.wait(30))

    def _with_the_last_one(self) -> None:
        self.service.start()
        with self._talker() as editor:
            editor.say("requests/hello")
            editor.say("requests/subscribe")
            editor.end_of("put-back-job")


_IN_TURN = ("submit-quick", "submit-slow", "submit-waiting", "submit-last", "submit-kept", "submit-put-back")
"""Jobs that have their own time in the talk."""


_ASKED = ("sounds", "explain-least", "explain", "hear-least", "hear")
"""What the worker answers."""


def _make_files(folder: Path) -> None:
    """A film, and what is none."""
    (folder / "models").mkdir()
    film(folder / "film.mp4", Fraction(25), 1.0, lambda time: bounce(time + 0.4))
    (folder / "empty.mp4").touch()
    (folder / "words.mp4").write_text("no film at all\n" * 100)
    (folder / "playlist.m3u8").write_text("#EXTM3U\n#EXTINF:1,\nfilm.mp4\n")
    with wave.open(str(folder / "sound.wav"), "wb") as sound:
        sound.setparams((1, 2, 48_000, 0, "NONE", ""))
        sound.writeframes(bytes(48_000))
