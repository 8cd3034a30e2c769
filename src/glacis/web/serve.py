"""Run a server until it is told to stop."""

from __future__ import annotations

import contextlib
import errno
import socket
from collections.abc import Callable

import uvicorn

from glacis.errors import InputError
from glacis.web.app import create_app
from glacis.web.pool import share_memory
from glacis.web.settings import Settings
from glacis.web.socket import MOST_BYTES

GRACE_SECONDS = 5
BACKLOG = 128


def serve(settings: Settings, *, started: Callable[[str], None] | None = None) -> None:
    """Serve the page and the interface until Ctrl-C or a signal.

    Parameters
    ----------
    started
        Called with the page's address once it can be opened.

    Raises
    ------
    InputError
        If the port cannot be had, or the page has not been built.
    """
    share_memory()
    app = create_app(settings)
    with contextlib.closing(_listening(settings)) as ear:
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            ws="websockets-sansio",
            ws_max_size=MOST_BYTES,
            timeout_graceful_shutdown=GRACE_SECONDS,
            lifespan="on",
        )
        server = _Told(config, lambda: started(_address(settings, ear)) if started else None)
        server.run(sockets=[ear])


class _Told(uvicorn.Server):
    """A server that says when it can be reached."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_start = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets=sockets)
        if self.started:
            self._on_start()


def _listening(settings: Settings) -> socket.socket:
    """A socket on the port asked for; 0 is any that is free."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    ear = socket.socket(family, socket.SOCK_STREAM)
    ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        ear.bind((settings.host, settings.port))
        ear.listen(BACKLOG)
    except OSError as error:
        ear.close()
        if error.errno == errno.EADDRINUSE:
            raise InputError(
                f"--port {settings.port}: something listens there already, perhaps another "
                "glacis; stop it, or give another port (0 takes any that is free)"
            ) from None
        raise InputError(
            f"--host {settings.host} --port {settings.port}: cannot be had "
            f"({error.strerror or error}); give others"
        ) from None
    return ear


def _address(settings: Settings, ear: socket.socket) -> str:
    port = ear.getsockname()[1]
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    token = f"/?token={settings.token}" if settings.token else ""
    return f"http://{host}:{port}{token}"


__all__ = ["serve"]
