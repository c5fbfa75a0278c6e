# SPDX-License-Identifier: GPL-3.0-or-later
"""What the backend has told of itself since it was reached. No Blender here."""

from typing import Any, Collection, Dict, List, NamedTuple

from .known_sounds import KnownSounds

LEAVING = {"drain": "Ends once the running job has ended", "now": "Ending"}
"""A backend that leaves, in words."""


class Engine(NamedTuple):
    """An engine that can be asked for."""

    name: str
    usable: bool = True
    why: str = ""
    """Why it cannot be used as things are."""
    hint: str = ""
    """What to do about that."""
    device: str = ""
    """Where it works; empty while that is not known."""


class Told:
    """An older backend may tell less; what it did not tell is empty."""

    def __init__(self) -> None:
        self.sounds = KnownSounds()
        """Kept when the connection is lost: the next one lists nearly the same."""
        self.forget()

    def forget(self) -> None:
        """Of another connection nothing is known."""
        self.asked = ""
        """The request that asked for the jobs of all, by its id."""
        self.workers: List[Dict[str, Any]] = []
        """As its status shows them."""
        self.known: List[Engine] = []
        """The engines, those too that cannot be used; empty until they are told."""
        self.others: Dict[str, int] = {}
        """How many jobs other clients have on the way, by the clients' names."""
        self.leaving = ""

    def take_in(self, event: Dict[str, Any], ours: Collection[str]) -> None:
        """Note what one of the client's events says of the backend; `ours` are the ids of our own jobs."""
        self.sounds.take_in(event)
        if event["type"] == "state":
            self.forget()
        elif event["type"] == "leaving":
            self.leaving = event["mode"]
        elif event["type"] == "capabilities":
            self.known = [_engine(one) for one in event["engines"] or ()]
        elif event["type"] == "status":
            self._take_in_status(event, ours)

    @property
    def usable(self) -> List[str]:
        """Names of the engines that can be used; empty until that is told."""
        return [one.name for one in self.known if one.usable]

    def engines(self) -> List[Engine]:
        """The engines that can be offered: those that can be used first."""
        named = [Engine(engine) for worker in self.workers for engine in worker.get("engines", ())]
        devices = {worker.get("engine"): worker.get("device") for worker in self.workers}
        known = [one._replace(device=devices.get(one.name) or one.device) for one in self.known or named]
        return sorted(known, key=lambda one: not one.usable)

    def _take_in_status(self, status: Dict[str, Any], ours: Collection[str]) -> None:
        there = status.get("workers") or self.workers
        if _pids(there) != _pids(self.workers):
            self.known = []  # Another worker may have others.
        self.workers = there
        if status.get("re") == self.asked:
            self.others = {}
            for job in status["jobs"]:
                if job["id"] not in ours:
                    name = job.get("client") or "another program"
                    self.others[name] = self.others.get(name, 0) + 1

    def lines(self) -> List[str]:
        """What is worth knowing of what the backend does beside our own jobs."""
        words = [LEAVING[self.leaving]] if self.leaving in LEAVING else []
        counted = sorted(self.others.items())
        return words + ["{} job{} of {}".format(n, "s" if n > 1 else "", name) for name, n in counted]


def _engine(told: Dict[str, Any]) -> Engine:
    return Engine(
        told["name"], told["usable"], told.get("why", ""), told.get("hint", ""), told.get("device", "")
    )


def _pids(workers: List[Dict[str, Any]]) -> List[Any]:
    return [worker.get("pid") for worker in workers]
