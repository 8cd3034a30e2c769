"""Who may ask, and for how much: hosts, origins, the token, the size of bodies, safe headers.

A page of another site can make a browser send requests here. So a request must name this server as
its host (or a site could point its own name at this machine), and one that changes something, or
opens the socket, must come from the server's own page.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

from glacis.web.settings import Settings

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE = "glacis-token"
LOCAL_NAMES = frozenset(("127.0.0.1", "localhost", "[::1]", "::1"))
SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
REFUSED = 1008
"""Close code of a socket that is refused."""


class Guard:
    """The application, behind its checks."""

    def __init__(self, app: App, settings: Settings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it in words."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = _headers(scope)
        status, message = self._objection(scope, headers)
        if message:
            await _refuse(scope, receive, send, status=status, message=message)
        elif scope["type"] == "websocket":
            await self._app(scope, receive, send)
        elif token := self._offered(scope):
            await _remember(send, scope["path"], token)
        else:
            limited = Limited(receive, self._settings.body_bytes)
            await self._app(scope, limited.receive, _with_headers(send))

    def _objection(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str]:
        """Status and reason to refuse; an empty reason if there is none."""
        host = headers.get("host", "")
        if self._settings.is_loopback and _name(host) not in LOCAL_NAMES:
            return 421, f"host {host[:80]!r}: this server answers to localhost only"
        origin = headers.get("origin")
        is_own = origin is None or urlsplit(origin).netloc == host
        is_socket = scope["type"] == "websocket"
        if not is_own and (is_socket or scope["method"] not in SAFE_METHODS):
            return 403, f"origin {str(origin)[:80]!r}: only the server's own page may do that"
        if self._settings.token and not self._is_let_in(scope, headers):
            return 401, "a token is needed: open the address that `glacis serve` printed"
        if int(_digits(headers.get("content-length", "0"))) > self._settings.body_bytes:
            return 413, f"the body is larger than {self._settings.body_bytes:,} bytes; send less"
        return 0, ""

    def _is_let_in(self, scope: Scope, headers: dict[str, str]) -> bool:
        wanted = self._settings.token
        given = [headers.get("authorization", "").removeprefix("Bearer ").strip()]
        given += parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [])
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            cookie = None
        if cookie is not None:
            given.append(cookie.value)
        return any(hmac.compare_digest(one.encode(), wanted.encode()) for one in given)

    def _offered(self, scope: Scope) -> str:
        """The token, where the page is opened with it in its address."""
        query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        is_page = scope["path"] == "/" and scope["method"] == "GET"
        return self._settings.token if self._settings.token and is_page and "token" in query else ""


class TooLarge(Exception):
    """A body has more bytes than it may have."""


class Limited:
    """A request's body, of which no more than so many bytes are read."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self._left = receive, most

    async def receive(self) -> Message:
        """The next part.

        Raises
        ------
        TooLarge
            If it goes beyond the limit.
        """
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise TooLarge
        return message


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            named = {name.lower() for name, _ in message.get("headers", [])}
            message["headers"] = [
                *message.get("headers", []),
                *(pair for pair in HEADERS if pair[0] not in named),
            ]
        await send(message)

    return sent


async def _refuse(scope: Scope, receive: Receive, send: Send, *, status: int, message: str) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": REFUSED, "reason": message[:120]})
        return
    body = json.dumps({"error": {"message": message, "problems": []}}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
        *HEADERS,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _remember(send: Send, path: str, token: str) -> None:
    """Give the browser the token as a cookie, and take it out of the address."""
    cookie = f"{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/"
    headers = [(b"location", path.encode()), (b"set-cookie", cookie.encode()), *HEADERS]
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _headers(scope: Scope) -> dict[str, str]:
    return {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
    }


def _name(host: str) -> str:
    """A host without its port."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.rpartition(":")[0] if ":" in host else host


def _digits(text: str) -> str:
    return text if text.isascii() and text.isdigit() and len(text) < 16 else "0"


__all__ = ["COOKIE", "POLICY", "Guard", "TooLarge"]
