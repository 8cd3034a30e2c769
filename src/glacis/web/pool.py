"""Threads for answers: so many at once as there are processors, which share them."""

from __future__ import annotations

import asyncio
import ctypes
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from glacis.errors import Cancelled
from glacis.executor import Runner, available_cpus

T = TypeVar("T")

PATIENCE = 5
"""By how much patient work is nicer to the rest of the machine."""
CHUNK = 64
"""Worlds in a chunk: a chunk cannot be stopped, and nobody should wait for one."""
_ARENA_MAX, _ARENAS = -8, 2
"""glibc's name for how many arenas threads have their memory from, and how many are enough."""


class Pool:
    """Runs what answers need off the event loop.

    An answer by itself has all processors; several share them. No answer hangs on how many.

    Parameters
    ----------
    is_patient
        Whether its work is done one after the other, on one thread, behind that of other pools.
    """

    def __init__(self, workers: int | None = None, *, is_patient: bool = False) -> None:
        self._cores = 1 if is_patient else workers or available_cpus()
        self._threads = ThreadPoolExecutor(
            self._cores,
            thread_name_prefix="answer",
            initializer=_stand_back if is_patient else None,
        )
        self._lock, self._running = threading.Lock(), 0

    async def run(
        self,
        work: Callable[[Runner], T],
        *,
        cancel: threading.Event | None = None,
        announce: Callable[[str], None] | None = None,
    ) -> T:
        """What `work` gives.

        Raises
        ------
        Cancelled
            If `cancel` is set before it is done.
        """

        def begun() -> T:
            if cancel is not None and cancel.is_set():
                raise Cancelled("another request came before this one was begun")
            with self._lock:
                self._running += 1
                share = max(1, self._cores // self._running)
            try:
                runner = Runner(workers=share, chunk=CHUNK, cancel=cancel, announce=announce)
                return work(runner)
            finally:
                with self._lock:
                    self._running -= 1
                    is_last = self._running == 0
                if is_last:
                    _give_back()

        return await asyncio.get_running_loop().run_in_executor(self._threads, begun)

    def close(self) -> None:
        """Take no more; what runs is awaited."""
        self._threads.shutdown(wait=True, cancel_futures=True)


def _give_back() -> None:
    """Return memory that nobody holds to the system, where it has to be asked for."""
    if _trim is not None:
        _trim(0)


def share_memory() -> None:
    """Let all threads have their memory from few arenas; call it before they are started.

    Each thread's own would keep what others could use: after twenty clients, an eighth more.
    """
    if (limit := _libc("mallopt")) is not None:
        limit(_ARENA_MAX, _ARENAS)


def _libc(name: str) -> Callable[..., int] | None:
    """A function of the C library; only glibc has, and needs, those for memory."""
    try:
        found: Callable[..., int] = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):
        return None
    return found


_trim = _libc("malloc_trim")


def _stand_back() -> None:
    """Let other threads have the processors first; those that this one starts too."""
    with suppress(AttributeError, OSError):  # where the system has no priorities of threads
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), PATIENCE)


__all__ = ["Pool", "share_memory"]
