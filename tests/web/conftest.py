"""A server for the tests of the interface, and one with a browser for those of the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from driving import Served, at_rest, chromium, served, warm
from glacis.web.app import create_app
from glacis.web.settings import Settings

ADDRESS = "http://127.0.0.1:8000"


@pytest.fixture(scope="session")
def studies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served") / "studies"


@pytest.fixture(scope="session")
def client(studies: Path) -> Iterator[TestClient]:
    app = create_app(Settings(studies=studies, body_bytes=200_000))
    with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False) as given:
        yield given


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return warm(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Served]:
    with served(home) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    with chromium() as launched:
        yield launched


@pytest.fixture
def page(browser: Any, server: Served) -> Iterator[Any]:
    """The page at rest, watched: it may say nothing on the console and ask no other host."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.address)
    opened, said, asked = context.new_page(), [], []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda request: asked.append(request.url))
    opened.said = said
    opened.goto(server.address)
    at_rest(opened)
    yield opened
    hosts = {urlsplit(url).netloc for url in asked if not url.startswith(("data:", "blob:"))}
    assert hosts == {urlsplit(server.address).netloc}
    assert opened.said == []
    context.close()
