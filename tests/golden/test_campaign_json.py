"""The stable JSON of a small campaign, number by number. A change is made by scripts/golden."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from glacis.cli import main

HERE = Path(__file__).parent
GOLDEN = HERE / "campaign-mini.json"
COMMAND = ("-q", "campaign", "tests/scenarios/mini", "--posture", "thick", "--seed", "7")


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Path and value of everything that is neither mapping nor list."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield from leaves(child, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from leaves(child, f"{path}.{index}")
    else:
        yield path, value


def test_the_record_of_a_small_campaign(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(HERE.parents[1])
    assert main([*COMMAND, "--runs", "64", "--json", "-"]) == 0
    out, err = capsys.readouterr()
    assert not err
    if os.environ.get("GLACIS_GOLDEN") == "write":
        GOLDEN.write_text(out, encoding="utf-8")
    found = dict(leaves(json.loads(out)))
    kept = dict(leaves(json.loads(GOLDEN.read_text(encoding="utf-8"))))
    for record in (found, kept):
        del record["glacis"]  # a release changes no result by its number
    assert list(found) == list(kept)
    for path, value in kept.items():
        # Other machines round otherwise, and results are kept in single precision.
        expected = pytest.approx(value, rel=1e-6) if isinstance(value, float) else value
        assert found[path] == expected, path
