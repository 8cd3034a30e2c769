"""What one server holds: settings, scenarios, the desk, its threads, its studies."""

from __future__ import annotations

import asyncio
import logging
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from fastapi import Request

from glacis.errors import Cancelled, GlacisError
from glacis.executor import Runner
from glacis.web.jobs import Jobs
from glacis.web.library import Library
from glacis.web.live import DRAG, Desk
from glacis.web.pool import Pool
from glacis.web.settings import Settings
from glacis.web.state import State
from glacis.web.store import Store
from glacis.web.studies import TARGETS

_log = logging.getLogger("glacis")

T = TypeVar("T")
ENDS_WITHIN = 2.0
"""Seconds that a stop waits for the first answer; what compiles cannot be given up at once."""
LISTENS_EVERY = 0.05
"""Seconds between two looks at whether who asked still waits."""


class Hall:
    """Made when a server starts, closed when it ends."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._uploads = tempfile.TemporaryDirectory(
            prefix="glacis-uploads-", ignore_cleanup_errors=True
        )
        self.library = Library(Path(self._uploads.name))
        self.desk = Desk(self.library, workers=settings.workers)
        self.live = Pool(settings.workers)
        self.pool = Pool(settings.workers, is_patient=True)
        self.store = Store(settings.studies)
        self.jobs = Jobs(self.store, target=TARGETS)
        self.is_ready = False
        self._ending = threading.Event()
        self._warming = threading.Thread(target=self._warm, name="warming", daemon=True)

    def open(self) -> None:
        """Begin: studies that another server left are told as failed, kernels are loaded."""
        self.store.adopt()
        self.jobs.start()
        self._warming.start()

    def close(self) -> None:
        """End: running studies are cancelled and kept as such, uploads are deleted."""
        self._ending.set()
        self.jobs.close()
        self.live.close()
        self.pool.close()
        self._warming.join(ENDS_WITHIN)
        self.store.close()
        self._uploads.cleanup()

    async def patiently(self, request: Request, work: Callable[[Runner], T]) -> T:
        """What `work` gives, done behind what is live; given up if who asked is gone.

        Raises
        ------
        Cancelled
            If they are.
        """
        cancel = threading.Event()
        working = asyncio.ensure_future(self.pool.run(work, cancel=cancel))
        while not (await asyncio.wait({working}, timeout=LISTENS_EVERY))[0]:
            if await request.is_disconnected():
                cancel.set()
        return await working

    def _warm(self) -> None:
        """Answer once, so that the first who asks need not wait for kernels."""
        try:
            self.desk.answer(State(), DRAG, Runner(cancel=self._ending, announce=_log.info))
        except Cancelled:
            return
        except GlacisError:
            _log.exception("the first answer failed")
        self.is_ready = True


__all__ = ["Hall"]
