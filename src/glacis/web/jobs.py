"""Slow studies, one at a time, in a process of their own."""

from __future__ import annotations

import logging
import multiprocessing
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import Any

from glacis.errors import InputError
from glacis.web.errors import record
from glacis.web.store import SERVER_ENDED, NoSuchStudy, Store, Study
from glacis.web.worker import GRACE_SECONDS, main

__all__ = ["Jobs", "QueueFull"]

WAITING_AT_MOST = 16

_STOP_SECONDS = 4.0
"""More than it takes to stop a worker that does not heed anything."""

_log = logging.getLogger("glacis")


class QueueFull(InputError):
    """As many studies wait as may."""


@dataclass
class _Job:
    """A study on its way through the queue."""

    id: str
    target: str
    request: dict[str, Any]
    share: float = 0.0
    is_cancelled: bool = False


#: What the worker said last of a job: "done", "failed" or "cancelled", and what belongs to it.
_Outcome = tuple[str, Any]


class Jobs:
    """A queue of slow studies, worked on in one process that is started when first needed.

    Its methods are for any thread. They return soon, but read and write the store: call them
    through `asyncio.to_thread` where others wait. Call `Store.adopt` before `start`.

    Parameters
    ----------
    store
        Where studies and results are kept.
    target
        From a kind of study to ``"module:function"``, a `glacis.web.worker.Work`.
    waiting_at_most
        Studies that may wait, besides the one that is worked on.
    """

    def __init__(
        self,
        store: Store,
        *,
        target: Callable[[str], str] | Mapping[str, str],
        waiting_at_most: int = WAITING_AT_MOST,
    ) -> None:
        self._store = store
        self._target = target.__getitem__ if isinstance(target, Mapping) else target
        self._waiting_at_most = waiting_at_most
        self._changed = threading.Condition()  # guards what follows
        self._waiting: deque[_Job] = deque()
        self._running: _Job | None = None
        self._is_closing = False
        self._thread = threading.Thread(target=self._dispatch, name="studies", daemon=True)
        self._worker: _Worker | None = None  # the dispatching thread's alone
        self._grace_seconds = GRACE_SECONDS
        self._ear, self._bell = multiprocessing.Pipe(duplex=False)

    def start(self) -> None:
        """Begin to work on what is submitted; no process is started yet."""
        self._thread.start()

    def submit(self, kind: str, title: str, request: Mapping[str, Any]) -> Study:
        """A new study, which waits for its turn.

        Raises
        ------
        QueueFull
            If too many wait.
        InputError
            If there is no such kind of study, the request is no plain JSON, it cannot be stored,
            or the server ends.
        """
        try:
            target = self._target(kind)
        except KeyError:
            raise InputError(f"kind: no study is called {kind!r}; give one that is") from None
        with self._changed:
            if self._is_closing:
                raise InputError("studies: the server is ending; submit it to the next")
            if len(self._waiting) >= self._waiting_at_most:
                raise QueueFull(
                    f"studies: {self._waiting_at_most} wait already; cancel one or wait for its end"
                )
            study = self._store.add(kind, title, request)
            self._waiting.append(_Job(study.id, target, study.request))
            self._changed.notify()
        return study

    def cancel(self, id: str) -> Study:
        """Stop a study: at once if it waits, within the grace period if it is worked on.

        One that has ended stays as it is.

        Raises
        ------
        InputError
            If there is none, or another server works on it.
        """
        with self._changed:
            job = self._find(id)
            if job is None:
                return self._not_ours(id)
            if job is self._running:
                self._ask_to_end(job)
                return self._store.get(id)
            self._waiting.remove(job)
        return self._store.update(id, status="cancelled")

    def progress(self, id: str) -> float:
        """How much of a study is done, from 0 to 1.

        Raises
        ------
        InputError
            If there is none.
        """
        with self._changed:
            job = self._find(id)
        return self._store.get(id).progress if job is None else job.share

    def close(self, wait_seconds: float = GRACE_SECONDS) -> None:
        """End in about `wait_seconds` at most; studies not done are cancelled and say why."""
        with self._changed:
            is_first, self._is_closing = not self._is_closing, True
            self._grace_seconds = min(self._grace_seconds, wait_seconds)
            left = list(self._waiting)
            self._waiting.clear()
            if self._running is not None:
                self._ask_to_end(self._running)
            self._changed.notify()
        for job in left:
            self._record(job, ("cancelled", None))
        if self._thread.is_alive():
            self._thread.join(wait_seconds + _STOP_SECONDS)
        if is_first and not self._thread.is_alive():
            self._ear.close()
            self._bell.close()

    def _find(self, id: str) -> _Job | None:
        every = [*self._waiting, *([] if self._running is None else [self._running])]
        return next((job for job in every if job.id == id), None)

    def _not_ours(self, id: str) -> Study:
        study = self._store.get(id)
        if not study.has_ended:
            raise InputError(f"study {id}: another server works on it; cancel it there")
        return study

    def _ask_to_end(self, job: _Job) -> None:
        job.is_cancelled = True
        self._bell.send_bytes(b"!")

    def _dispatch(self) -> None:
        """The dispatching thread: one job after another, until closing."""
        while (job := self._next()) is not None:
            try:
                outcome = self._outcome(job)
            except NoSuchStudy:  # deleted while it waited
                continue
            except Exception as error:
                _log.exception("study %s: cannot be worked on", job.id)
                self._stop_worker(wait_seconds=0.0)
                outcome = ("failed", record(error))
            self._record(job, outcome)
        self._stop_worker(wait_seconds=1.0)

    def _next(self) -> _Job | None:
        with self._changed:
            self._running = None
            self._changed.wait_for(lambda: self._waiting or self._is_closing)
            if self._is_closing:
                return None
            self._running = self._waiting.popleft()
            return self._running

    def _outcome(self, job: _Job) -> _Outcome:
        """What came of a job; the worker is stopped if it did not heed its cancelling."""
        self._store.update(job.id, status="running")
        worker = self._living_worker()
        worker.say("job", job.id, job.target, job.request)
        asked: float | None = None
        while True:
            if job.is_cancelled and asked is None:
                worker.say("cancel", job.id)
                asked = time.monotonic()
            left = None if asked is None else asked + self._grace_seconds - time.monotonic()
            if left is not None and left <= 0.0:
                self._stop_worker(wait_seconds=0.0)
                return "cancelled", None
            ready = wait([self._ear, worker.connection, worker.sentinel], left)
            if self._ear in ready:
                self._ear.recv_bytes()
            outcome = None
            if worker.connection in ready:
                outcome = self._heard(job, worker)
            elif worker.sentinel in ready:
                outcome = self._death(worker)
            if outcome is not None:
                return outcome

    def _heard(self, job: _Job, worker: _Worker) -> _Outcome | None:
        """What the worker says: how a job ended, or None if it works on."""
        try:
            what, id, *rest = worker.connection.recv()
        except (EOFError, OSError):
            return self._death(worker)
        if id != job.id:
            return None
        if what == "progress":
            job.share = rest[0]
            return None
        if what == "failed" and rest[1]:
            _log.error("study %s went wrong:\n%s", id, rest[1])
        return what, rest[0] if rest else None

    def _death(self, worker: _Worker) -> _Outcome:
        self._stop_worker(wait_seconds=1.0)
        words = f"the process that worked on it ended early ({worker.end()}); start it again"
        return "failed", {"message": words, "problems": []}

    def _record(self, job: _Job, outcome: _Outcome) -> None:
        """Writes down how a job ended; what cannot be written must not end the thread."""
        what, told = outcome
        try:
            if what == "done" and (self._is_closing or not job.is_cancelled):
                self._finish(job, told)
            elif job.is_cancelled or what == "cancelled":
                why = {"message": SERVER_ENDED, "problems": []} if self._is_closing else None
                self._store.update(job.id, status="cancelled", progress=job.share, error=why)
            else:
                self._store.update(job.id, status="failed", progress=job.share, error=told)
        except NoSuchStudy:  # deleted meanwhile
            return
        except Exception:
            _log.exception("study %s: how it ended cannot be written down", job.id)

    def _finish(self, job: _Job, result: str) -> None:
        try:
            self._store.finish(job.id, result)
        except NoSuchStudy:
            raise
        except InputError as error:  # no room for the result, but perhaps for a line
            told = record(error)
            self._store.update(job.id, status="failed", progress=job.share, error=told)

    def _living_worker(self) -> _Worker:
        if self._worker is not None and not self._worker.is_alive():
            self._stop_worker(wait_seconds=0.0)
        if self._worker is None:
            self._worker = _Worker()
        return self._worker

    def _stop_worker(self, *, wait_seconds: float) -> None:
        if self._worker is not None:
            self._worker.stop(wait_seconds)
            self._worker = None


class _Worker:
    """The process and the pipe to it."""

    def __init__(self) -> None:
        # Forked, it would keep the server's port, its locks and its signal handlers.
        context = multiprocessing.get_context("spawn")
        self.connection, end = context.Pipe()
        self._process = context.Process(target=main, args=(end,), name="glacis-study", daemon=True)
        try:
            self._process.start()
        except BaseException:
            self.connection.close()
            raise
        finally:
            end.close()  # else the pipe would not close with the process
        self.sentinel = self._process.sentinel

    def is_alive(self) -> bool:
        return self._process.is_alive()

    def say(self, *message: Any) -> None:
        """Tell it something; if it has died, its end is seen where its answer is awaited."""
        with suppress(OSError):
            self.connection.send(message)

    def stop(self, wait_seconds: float) -> None:
        """End it: asked if there is time, else by the system."""
        if wait_seconds > 0.0:
            self.say("end")
            self._process.join(wait_seconds)
        for end in (self._process.terminate, self._process.kill):
            if self._process.is_alive():
                end()
                self._process.join(1.0)
        self.connection.close()

    def end(self) -> str:
        """How it ended, in words."""
        code = self._process.exitcode
        if code is None or code >= 0:
            return f"exit code {code}"
        with suppress(ValueError):
            return f"killed by {signal.Signals(-code).name}"
        return f"killed by signal {-code}"
