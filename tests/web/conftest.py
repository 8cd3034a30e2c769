"""A server of its own for the tests of the page's interface."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from glacis.web.app import create_app
from glacis.web.settings import Settings

ADDRESS = "http://127.0.0.1:8000"


@pytest.fixture(scope="session")
def studies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served") / "studies"


@pytest.fixture(scope="session")
def client(studies: Path) -> Iterator[TestClient]:
    app = create_app(Settings(studies=studies, body_bytes=200_000))
    with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False) as served:
        yield served
