"""The server's application: the REST interface, the socket, and the built page."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware.gzip import GZipMiddleware

from glacis import __version__
from glacis.errors import Cancelled, InputError
from glacis.web.errors import malformed, record, told
from glacis.web.guard import Guard, TooLarge
from glacis.web.hall import Hall
from glacis.web.jobs import QueueFull
from glacis.web.reference import reference
from glacis.web.routes import router
from glacis.web.settings import Settings
from glacis.web.store import NoSuchStudy
from glacis.web.why import router as why_router
from glacis.web.worker import defined

GZIP_FROM = 1_000
API = "/api/v1"
PAGE = ("index.html", "app.js", "app.css")
"""Files without which there is no page."""


def page_folder() -> Path:
    """Where the built page stands.

    Raises
    ------
    InputError
        If it is not there, or not whole.
    """
    folder = Path(str(files("glacis") / "web" / "static"))
    if lacking := [name for name in PAGE if not (folder / name).is_file()]:
        raise InputError(
            f"the page is not in {folder} ({', '.join(lacking)}): this copy of glacis was made "
            "without it; `npm --prefix web ci && npm --prefix web run build` in a clone makes it"
        )
    return folder


def create_app(settings: Settings) -> Guard:
    """The application, behind its guard.

    Raises
    ------
    InputError
        If the page has not been built.
    """
    folder = page_folder()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        hall = Hall(settings)
        app.state.hall = hall
        hall.open()
        try:
            yield
        finally:
            hall.close()

    app = FastAPI(
        title="glacis",
        version=__version__,
        description="A laboratory for deterrence postures. It compares; it does not forecast.",
        lifespan=lifespan,
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
        default_response_class=Plain,
    )
    app.add_middleware(GZipMiddleware, minimum_size=GZIP_FROM)
    app.include_router(router)
    app.include_router(why_router)
    _handle_errors(app)

    @app.get(f"{API}/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(reference(app.openapi()))

    app.mount("/", StaticFiles(directory=folder, html=True), name="page")
    return Guard(app, settings)


class Plain(JSONResponse):
    """JSON in which what is undefined is null."""

    def render(self, content: Any) -> bytes:
        """The bytes of an answer."""
        return json.dumps(defined(content), ensure_ascii=False, allow_nan=False).encode("utf-8")


def _handle_errors(app: FastAPI) -> None:
    """Every error is told in one form."""

    def answer(status: int, error: Exception) -> Response:
        return Plain({"error": told(error)}, status_code=status)

    @app.exception_handler(NoSuchStudy)
    def unknown(_: Request, error: Exception) -> Response:
        return answer(404, error)

    @app.exception_handler(QueueFull)
    def full(_: Request, error: Exception) -> Response:
        return answer(429, error)

    @app.exception_handler(InputError)
    def bad_input(_: Request, error: Exception) -> Response:
        return answer(422, error)

    @app.exception_handler(RequestValidationError)
    def unreadable(_: Request, error: RequestValidationError) -> Response:
        return Plain({"error": malformed(error.errors())}, status_code=422)

    @app.exception_handler(TooLarge)
    def too_large(_: Request, __: Exception) -> Response:
        message = "the body is larger than it may be; send less"
        return Plain({"error": {"message": message, "problems": []}}, status_code=413)

    @app.exception_handler(Cancelled)
    def cancelled(_: Request, error: Exception) -> Response:
        return answer(503, error)

    @app.exception_handler(Exception)
    def unforeseen(_: Request, error: Exception) -> Response:
        return Plain({"error": record(error)}, status_code=500)  # the server logs it by itself

    @app.exception_handler(StarletteHTTPException)
    def other(_: Request, error: HTTPException) -> Response:
        words = {"message": str(error.detail), "problems": []}
        return Plain({"error": words}, status_code=error.status_code)


__all__ = ["API", "create_app", "page_folder"]
