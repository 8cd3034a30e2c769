"""Scenarios that tests read, copy and break."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario

# No test is timed: the first call may compile, and tests share their processors.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

MINI = Path(__file__).parent / "scenarios" / "mini"


@pytest.fixture(scope="session")
def mini_folder() -> Path:
    """A scenario of four towns: to be read, not written to."""
    return MINI


@pytest.fixture(scope="session")
def mini(mini_folder: Path) -> Scenario:
    """The scenario of four towns."""
    return read_scenario(mini_folder)


@pytest.fixture
def broken(tmp_path: Path) -> Callable[..., Path]:
    """Makes a copy of mini in which texts were replaced: ``broken("forces.red.csv", old, new)``."""
    folder = tmp_path / "broken"
    shutil.copytree(MINI, folder)

    def change(name: str, *pairs: str) -> Path:
        path = folder / name
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        for old, new in zip(pairs[::2], pairs[1::2], strict=True):
            assert old in text, old
            text = text.replace(old, new, 1) if old else text + new
        path.write_text(text, encoding="utf-8")
        return folder

    return change
