"""Thousands of requests that Schemathesis makes from the interface's own description.

None may fail inside, or be answered as the description does not say.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from driving import served, warm

pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(900)]

HERE = Path(__file__).parent
LEAST_REQUESTS = 2_000


@dataclass(frozen=True)
class Asked:
    """What came of all requests."""

    code: int
    report: str
    tally: dict[str, int]
    """By method, path and status."""


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    folder = warm(tmp_path_factory.mktemp("fuzz"))
    tally = folder / "tally.json"
    with served(folder) as server:
        given = {
            "GLACIS_ASKED": server.address,
            "GLACIS_TALLY": str(tally),
            "PYTHONPATH": str(HERE),
        }
        program = Path(sys.executable).with_name("schemathesis")
        settings = ["--config-file", str(HERE / "schemathesis.toml")]
        described = f"{server.address}/api/v1/openapi.json"
        done = subprocess.run(
            [program, *settings, "run", "--no-color", described],
            cwd=folder,  # it keeps what it found there, and must not be led by it next time
            env={**os.environ, **given},
            capture_output=True,
            text=True,
            check=False,
        )
        assert server.process.poll() is None, "the server ended"
    told = json.loads(tally.read_text(encoding="utf-8"))
    slowest = sorted(told["seconds"].items(), key=lambda one: -one[1])[:8]
    print(done.stdout, done.stderr, *(f"{name}: {took:.1f} s" for name, took in slowest), sep="\n")
    return Asked(done.returncode, done.stdout, told["asked"])


def test_nothing_is_answered_that_is_not_described(asked: Asked) -> None:
    assert asked.code == 0, asked.report[-6_000:]


def test_no_request_fails_inside(asked: Asked) -> None:
    assert [one for one in asked.tally if one.split()[-1].startswith("5")] == []


def test_enough_was_asked_and_answered(asked: Asked) -> None:
    assert sum(asked.tally.values()) >= LEAST_REQUESTS
    answered = {one.rsplit(" ", 1)[0] for one in asked.tally if one.split()[-1].startswith("2")}
    described = {one.rsplit(" ", 1)[0] for one in asked.tally if "405" not in one}
    assert {one for one in described if one.startswith("POST")} <= answered
