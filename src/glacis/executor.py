"""Work on worlds chunk by chunk: on threads, in world order, with progress and cancel."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import FrameType
from typing import TypeVar

from glacis.errors import Cancelled, InputError

__all__ = ["CHUNK", "Runner", "available_cpus", "run_chunks"]

CHUNK = 256
"""Worlds in a chunk: enough to make its overhead small, few enough to cancel within a moment."""

SMALLEST = 16
"""Worlds below which a chunk of wars costs more than another worker saves."""

T = TypeVar("T")

# Chunks submitted or finished but not yet taken, per worker: keeps all busy while one is slow, and
# bounds memory.
_IN_FLIGHT_PER_WORKER = 2
_CANCEL_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Runner:
    """How to run: threads, chunk size, and whom to tell."""

    workers: int | None = None
    chunk: int = CHUNK
    progress: Callable[[int, int], None] | None = None
    announce: Callable[[str], None] | None = None
    cancel: threading.Event | None = None

    def part(self, number: int, parts: int) -> Runner:
        """The same for one of several parts of equal length: progress is told of the whole."""
        tell = self.progress
        if tell is None:
            return self
        return replace(self, progress=lambda done, n: tell(number * n + done, parts * n))

    def spread(self, n: int, *, least: int = SMALLEST) -> Runner:
        """The same for `n` worlds, in chunks so small that all workers have some.

        Parameters
        ----------
        least
            Worlds below which a chunk costs more than another worker saves.
        """
        return replace(self, chunk=min(self.chunk, max(-(-n // self.threads), least)))

    @property
    def threads(self) -> int:
        """How many threads it works on, one or more."""
        return available_cpus() if self.workers is None else max(self.workers, 1)

    def check(self) -> None:
        """Stop here if that was asked for.

        Raises
        ------
        Cancelled
            If `cancel` is set.
        """
        if self.cancel is not None and self.cancel.is_set():
            raise Cancelled("the run was cancelled before its end; start it again for results")

    def quiet(self) -> Runner:
        """The same, that tells no progress."""
        return replace(self, progress=None)


def available_cpus() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_chunks(
    task: Callable[[int, int], T],
    n: int,
    runner: Runner | None = None,
    *,
    meanwhile: Callable[[], None] | None = None,
) -> Iterator[T]:
    """Results of `task` for worlds 0 to n - 1, chunk by chunk, always in world order.

    Parameters
    ----------
    task
        Called as ``task(start, stop)`` on a worker thread; if there is one chunk only, on the
        caller's. Kernels release the interpreter's lock, so threads suffice.
    n
        Number of worlds; 0 gives nothing.
    runner
        Says how many worlds a chunk has (the last may have fewer) and how many threads there are.
        Its progress is told on the caller's thread after each chunk; when its cancel event is set,
        running chunks end, and waiting ones are dropped.
    meanwhile
        Called once on the caller's thread, when the first chunks are under way; before a chunk
        that is the only one.

    Yields
    ------
    T
        One result for each chunk. At most two chunks for each worker are running or wait to be
        taken.

    Raises
    ------
    InputError
        At once, if `n` is negative, or the runner's chunk or workers are below 1.
    Cancelled
        If the cancel event is set before the last result is taken.
    Exception
        Whatever `task` raised first in world order; waiting chunks are dropped.
    """
    runner = runner or Runner()
    workers = 1 if runner.workers is None else runner.workers
    for name, number, least in (
        ("worlds", n, 0),
        ("chunk", runner.chunk, 1),
        ("workers", workers, 1),
    ):
        if number < least:
            raise InputError(f"{name}: must be >= {least} (got {number}); give a larger number")
    if 0 < n <= runner.chunk:
        return _alone(task, n, runner=runner, meanwhile=meanwhile)
    bounds = ((start, min(start + runner.chunk, n)) for start in range(0, n, runner.chunk))
    return _stream(task, bounds, n=n, runner=runner, meanwhile=meanwhile)


def _alone(
    task: Callable[[int, int], T],
    n: int,
    *,
    runner: Runner,
    meanwhile: Callable[[], None] | None,
) -> Iterator[T]:
    """The same of one chunk only, on the caller's thread: another would do nothing sooner."""
    if meanwhile is not None:
        meanwhile()
    runner.check()
    result = task(0, n)
    runner.check()
    if runner.progress is not None:
        runner.progress(n, n)
    yield result


def _stream(
    task: Callable[[int, int], T],
    bounds: Iterator[tuple[int, int]],
    *,
    n: int,
    runner: Runner,
    meanwhile: Callable[[], None] | None,
) -> Iterator[T]:
    """The generator behind `run_chunks`, whose arguments are checked."""
    pending: deque[tuple[int, Future[T]]] = deque()
    threads = runner.threads
    pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="glacis")
    # A chunk that runs cannot be stopped. Its end is awaited, so that nothing works on behind the
    # caller's back, but not by someone who pressed Ctrl-C.
    is_awaited = True

    def submit() -> None:
        while len(pending) < _IN_FLIGHT_PER_WORKER * threads and (span := next(bounds, None)):
            with _interrupts_held():
                pending.append((span[1], pool.submit(task, *span)))

    try:
        submit()
        if pending and meanwhile is not None:
            meanwhile()
        while pending:
            done, future = pending.popleft()
            result = _result(future, runner.cancel)
            if runner.progress is not None:
                runner.progress(done, n)
            submit()  # nobody waits while the caller looks at this one
            yield result
    except KeyboardInterrupt:
        is_awaited = False
        raise
    finally:
        with _interrupts_held():
            pool.shutdown(wait=False, cancel_futures=True)
        pool.shutdown(wait=is_awaited)


def _result(future: Future[T], cancel: threading.Event | None) -> T:
    """What `future` gives; awaited in short spells, so that Ctrl-C and `cancel` are noticed."""
    while True:
        if cancel is not None and cancel.is_set():
            raise Cancelled("the run was cancelled before its end; start it again for results")
        with _interrupts_held():
            ended = wait((future,), timeout=_CANCEL_POLL_SECONDS).done
        if ended:
            return future.result()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """A block that Ctrl-C waits for.

    Raised inside `threading`, it can leave a condition locked for good, and then the pool's threads
    and with them the process never end (https://bugs.python.org/issue29988).
    """
    handler = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(handler):
        yield
        return
    held: list[FrameType | None] = []
    signal.signal(signal.SIGINT, lambda _, frame: held.append(frame))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if held:
            handler(signal.SIGINT, held[0])
