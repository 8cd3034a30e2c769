"""Threads for answers: so many at once as there are processors, which share them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from glacis.errors import Cancelled
from glacis.executor import Runner, available_cpus

T = TypeVar("T")

CHUNK = 64
"""Worlds in a chunk: a chunk cannot be stopped, and nobody should wait for one."""


class Pool:
    """Runs what answers need off the event loop.

    An answer by itself has all processors; several share them. No answer hangs on how many.
    """

    def __init__(self, workers: int | None = None) -> None:
        self._cores = available_cpus() if workers is None else workers
        self._threads = ThreadPoolExecutor(self._cores, thread_name_prefix="answer")
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

        return await asyncio.get_running_loop().run_in_executor(self._threads, begun)

    def close(self) -> None:
        """Take no more; what runs is awaited."""
        self._threads.shutdown(wait=True, cancel_futures=True)


__all__ = ["Pool"]
