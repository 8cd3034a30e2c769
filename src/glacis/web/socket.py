"""The socket of the live posture: one task for each channel, and the latest request wins.

What a channel is told while it works replaces what waits, so that a lever that moves never makes a
queue. Work in progress is answered, unless it is the full one of a hand that has moved on.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from fastapi import WebSocket, WebSocketDisconnect
from pydantic import Field, ValidationError

from glacis.errors import Cancelled, InputError
from glacis.executor import Runner
from glacis.web.errors import told
from glacis.web.live import DRAG, REST
from glacis.web.pool import Pool
from glacis.web.state import Asked, State

MOST_CHANNELS = 4
MOST_BYTES = 64_000
TIERS = {"drag": DRAG, "rest": REST}
Answer = Callable[[State, int, Runner], dict[str, Any]]


class Request(Asked):
    """What the page asks over the socket."""

    id: Annotated[int, Field(ge=0, lt=2**53)]
    channel: Literal["live", "pin"] = "live"
    tier: Literal["drag", "rest"] = "rest"
    state: State = State()

    @property
    def head(self) -> dict[str, Any]:
        """What an answer names it by."""
        return {"id": self.id, "channel": self.channel, "tier": self.tier}


@dataclass
class _Channel:
    """What one channel does and what waits."""

    waiting: Request | None = None
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    cancel: threading.Event | None = None
    """Of the work in progress."""


class Live:
    """One connection."""

    def __init__(self, socket: WebSocket, answer: Answer, pool: Pool) -> None:
        self._socket, self._answer, self._pool = socket, answer, pool
        self._channels: dict[str, _Channel] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._sending = asyncio.Lock()

    async def serve(self) -> None:
        """Take requests until the page leaves."""
        await self._socket.accept()
        try:
            while True:
                await self._take(await self._socket.receive_text())
        except WebSocketDisconnect:
            pass
        finally:
            for channel in self._channels.values():
                if channel.cancel is not None:
                    channel.cancel.set()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _take(self, text: str) -> None:
        try:
            if len(text) > MOST_BYTES:
                raise InputError(f"a request of {len(text):,} letters; send at most {MOST_BYTES:,}")
            request = Request.model_validate_json(text)
        except (ValidationError, InputError) as error:
            await self._send({**_named(text), "error": told(error)})
            return
        channel = self._channels.get(request.channel)
        if channel is None:
            channel = self._channels[request.channel] = _Channel()
            self._tasks.append(asyncio.create_task(self._work(channel)))
        channel.waiting = request
        channel.wake.set()

    async def _work(self, channel: _Channel) -> None:
        """Answer the latest request of a channel, again and again."""
        while True:
            await channel.wake.wait()
            channel.wake.clear()
            request, channel.waiting = channel.waiting, None
            if request is not None:
                await self._do(channel, request)

    async def _do(self, channel: _Channel, request: Request) -> None:
        loop = asyncio.get_running_loop()
        cancel = channel.cancel = threading.Event()

        def announce(words: str) -> None:
            message = {**request.head, "progress": {"words": words}}
            asyncio.run_coroutine_threadsafe(self._send(message), loop)

        worlds = TIERS[request.tier]
        work = asyncio.ensure_future(
            self._pool.run(
                lambda runner: self._answer(request.state, worlds, runner),
                cancel=cancel,
                announce=announce,
            )
        )
        try:
            if request.tier == "rest" and await _overtaken(work, channel.wake):
                cancel.set()  # it ends soon, and nobody waits for it
                return
            result = await work
        except Cancelled:
            return
        except InputError as error:
            await self._send({**request.head, "error": told(error)})
            return
        except asyncio.CancelledError:
            cancel.set()
            raise
        except Exception as error:  # the connection goes on, and says so
            await self._send({**request.head, "error": told(error)})
            return
        finally:
            channel.cancel = None
        answered = {**request.head, "worlds": worlds, "ms": result.get("ms"), "result": result}
        await self._send(answered)

    async def _send(self, message: dict[str, Any]) -> None:
        async with self._sending:
            try:
                await self._socket.send_text(json.dumps(message, allow_nan=False))
            except (WebSocketDisconnect, RuntimeError):
                return  # the page has left


async def _overtaken(work: asyncio.Future[Any], wake: asyncio.Event) -> bool:
    """Wait for work or for a newer request; whether the request came first."""
    newer = asyncio.ensure_future(wake.wait())
    await asyncio.wait({work, newer}, return_when=asyncio.FIRST_COMPLETED)
    newer.cancel()
    if work.done():
        return False
    work.add_done_callback(lambda done: done.cancelled() or done.exception())
    return True


def _named(text: str) -> dict[str, Any]:
    """Id and channel of a request that is wrong otherwise, as far as it has any."""
    try:
        given = json.loads(text[:MOST_BYTES])
    except ValueError:
        return {"id": None, "channel": None}
    if not isinstance(given, dict):
        return {"id": None, "channel": None}
    number, channel = given.get("id"), given.get("channel")
    return {
        "id": number if isinstance(number, int) else None,
        "channel": channel if channel in ("live", "pin") else None,
    }


__all__ = ["Live", "Request"]
