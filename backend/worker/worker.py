"""The worker's loop: one order after the other, and news of what becomes of it.

It does one job at a time and looks for news from the broker between two blocks of sound, so it needs no
second thread.
"""

from __future__ import annotations

import logging
import os
import time

import zmq

from backend.build import sources
from backend.cache.cache import Cache
from backend.messages import Cost, Fault
from backend.worker import link
from backend.worker.memory import PeakMemory, release_free_memory
from backend.worker.take_job import TakeJobRunner
from foley_core.engines.installed import engine_names
from foley_core.errors import Cancelled, FoleyError, too_little_memory

_logger = logging.getLogger(__name__)

_PROGRESS_SECONDS = 0.05


class Worker:
    """The loop: one order after the other, until it is told to stop."""

    def __init__(self, socket: zmq.Socket[bytes]) -> None:
        self._socket = socket
        self._job = ""
        self._cancelled = False
        self._stopping = False
        self._told = 0.0
        self._newest: link.JobProgress | None = None
        self._peak_memory = PeakMemory()
        self._runner = TakeJobRunner(Cache(tick=self._breathe), self._tell, self._use, self._is_cancelled)

    def work(self) -> None:
        """Work until told to stop."""
        self._say(link.Ready(pid=os.getpid(), engines=engine_names(), build=sources()))
        while not self._stopping:
            order = link.read_order(self._socket.recv())
            if isinstance(order, link.Run):
                self._do(order)
            elif isinstance(order, link.Prepare):
                self._prepare(order)
            else:
                self._obey(order)

    def _do(self, run: link.Run) -> None:
        """One job, and what it took."""
        self._job, self._cancelled, self._newest = run.job, False, None
        self._peak_memory.begin()
        begun = time.monotonic()
        ending = self._make(run)
        release_free_memory()
        seconds = round(time.monotonic() - begun, 3)
        memory = self._peak_memory.read()
        cost = Cost(worker=os.getpid(), seconds=seconds, memory=memory.peak, device_memory=memory.device_peak)
        self._say(link.JobCost(job=run.job, cost=cost, memory=memory))
        self._say(ending)
        self._job = ""

    def _prepare(self, order: link.Prepare) -> None:
        try:
            self._runner.engine(order.engine)
        except Exception:
            _logger.exception("the engine cannot be loaded beforehand")
        self._newest = None
        self._say(link.Prepared())

    def _make(self, run: link.Run) -> link.News:
        try:
            return self._runner.make(run)
        except Cancelled:
            return link.JobCancelled(job=run.job)
        except FoleyError as error:
            _logger.warning("job failed: %s", error, exc_info=error.__cause__)
            fault = Fault(code=error.code, message=error.message, hint=error.hint)
            return link.JobFailed(job=run.job, error=fault)
        except MemoryError:
            _logger.exception("too little memory")
            short = too_little_memory()
            fault = Fault(code=short.code, message=short.message, hint=short.hint)
            return link.JobFailed(job=run.job, error=fault)
        except Exception as error:
            _logger.exception("job broke")
            message = f"The worker failed over this job: {type(error).__name__}: {error}."
            return link.JobFailed(
                job=run.job,
                error=Fault(code="internal", message=message, hint="worker.log in the log folder says more."),
            )

    def _tell(self, stage: str, take: int, progress: float) -> None:
        if self._newest is None or stage != self._newest.stage:
            self._told = 0.0  # a new stage is told at once: the broker's patience depends on it
        self._newest = link.JobProgress(job=self._job, stage=stage, take=take, progress=progress)
        self._breathe()

    def _use(self, engine: str, device: str, version: str) -> None:
        self._say(link.EngineInUse(job=self._job, engine=engine, device=device, version=version))

    def _is_cancelled(self) -> bool:
        self._breathe()
        return self._cancelled

    def _breathe(self) -> None:
        """Send the newest progress, and hear whether this job is still wanted; a few times a second."""
        now = time.monotonic()
        if now - self._told < _PROGRESS_SECONDS:
            return
        self._told = now
        self._peak_memory.look()
        while self._socket.poll(0):
            self._obey(link.read_order(self._socket.recv()))
        if self._newest is not None:
            self._say(self._newest)

    def _obey(self, order: link.AnyOrder) -> None:
        if isinstance(order, link.Stop):
            self._stopping = self._cancelled = True
        elif isinstance(order, link.CancelJob) and order.job == self._job:
            self._cancelled = True
        elif isinstance(order, link.Ask):
            from backend.worker.answers import reply_to  # The built-in engine takes 0.5 s to load.

            self._say(link.Answered(number=order.number, reply=reply_to(order.request)))

    def _say(self, news: link.News) -> None:
        self._socket.send(link.write(news))
