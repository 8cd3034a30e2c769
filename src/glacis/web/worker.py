"""The process that works on slow studies: one after another, as told through a pipe.

To it come ``("job", id, target, request)``, ``("cancel", id)`` and ``("end",)``. From it come
``("progress", id, share)`` and one of ``("done", id, result as JSON)``, ``("cancelled", id)`` and
``("failed", id, {"message", "problems"}, traceback or "")`` for each job.
"""

from __future__ import annotations

import json
import math
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from glacis.errors import Cancelled, GlacisError
from glacis.web.errors import record

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["GRACE_SECONDS", "Report", "Work", "json_text", "main"]

GRACE_SECONDS = 5.0
"""What a study that was cancelled has to end by itself."""

TELL_SECONDS = 0.1
"""Least time between two tellings of progress."""

NICENESS = 5
"""Gives way to the server's own quick work where both want the same processor."""

Report = Callable[[int, int], None]
"""Called as ``report(done, of)``, from any thread."""

Work = Callable[[dict[str, Any], Report, threading.Event], Mapping[str, Any]]
"""A study: its request, whom to tell of progress, what is set to cancel it; its result."""


@dataclass(frozen=True)
class _Job:
    id: str
    target: str
    request: dict[str, Any]
    cancel: threading.Event = field(default_factory=threading.Event)


class _Line:
    """The way back to the server: what several threads say stays whole."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()

    def say(self, *message: Any) -> None:
        with self._lock:
            self._connection.send(message)


class _Progress:
    """Tells how far a job is: not too often, and never backwards."""

    def __init__(self, line: _Line, id: str) -> None:
        self._line = line
        self._id = id
        self._lock = threading.Lock()
        self._told = 0.0
        self._due = 0.0

    def __call__(self, done: int, of: int) -> None:
        share = min(done / of, 1.0) if of > 0 else 0.0
        now = time.monotonic()
        with self._lock:
            if share <= self._told or (share < 1.0 and now < self._due):
                return
            self._told, self._due = share, now + TELL_SECONDS
            with suppress(OSError):  # nobody listens any more: the thread that does ends all
                self._line.say("progress", self._id, share)


def main(connection: Connection) -> None:
    """Work on what comes through `connection` until it says so, or closes: the server is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to answer
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    jobs: SimpleQueue[_Job | None] = SimpleQueue()
    threading.Thread(target=_listen, args=(connection, jobs), daemon=True).start()
    line = _Line(connection)
    while (job := jobs.get()) is not None:
        try:
            line.say(*_answer(job, line))
        except OSError:  # the server is gone
            return


def _listen(connection: Connection, jobs: SimpleQueue[_Job | None]) -> None:
    """Hands on jobs and cancels them; ends the process if they do not heed the end."""
    job = None
    with suppress(EOFError, OSError):
        while (message := connection.recv())[0] != "end":
            if message[0] == "job":
                job = _Job(*message[1:])
                jobs.put(job)
            elif job is not None and job.id == message[1]:
                job.cancel.set()
    if job is not None:
        job.cancel.set()
    jobs.put(None)
    time.sleep(GRACE_SECONDS)
    os._exit(1)


def _answer(job: _Job, line: _Line) -> tuple[Any, ...]:
    """What came of a job."""
    try:
        result = _work(job.target)(job.request, _Progress(line, job.id), job.cancel)
        return "done", job.id, json_text(result)
    except Cancelled:
        return "cancelled", job.id
    except GlacisError as error:
        return "failed", job.id, record(error), ""
    except Exception as error:
        return "failed", job.id, record(error), traceback.format_exc()


def _work(target: str) -> Work:
    module, _, name = target.partition(":")
    work: Work = getattr(import_module(module), name)
    return work


def json_text(result: Mapping[str, Any]) -> str:
    """A result as JSON; what is undefined in it is null.

    Raises
    ------
    TypeError
        If something in it is no plain data, or it is no object.
    """
    if not isinstance(result, Mapping):
        raise TypeError(f"a result is an object with names, not a {type(result).__name__}")
    return json.dumps(defined(result), allow_nan=False)


def defined(value: Any) -> Any:
    """Plain data in which what is undefined is null."""
    if isinstance(value, Mapping):
        return {str(key): defined(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [defined(child) for child in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
