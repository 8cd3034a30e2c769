"""Kernels: cached in a folder that changes with their sources, and usable without one."""

from __future__ import annotations

import importlib
import itertools
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numba
import pytest

from glacis import jit

numbers = itertools.count()

KERNEL = """
from numba import njit

@njit(cache=True)
def double(x):
    return 2 * x
"""


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLACIS_HOME", str(tmp_path / "home"))


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a kernel module that was never imported."""
    name = f"kernel_for_test_{next(numbers)}"
    (tmp_path / f"{name}.py").write_text(KERNEL, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    yield name
    sys.modules.pop(name, None)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A folder with kernel sources where glacis has them."""
    folder = tmp_path / "package"
    (folder / "campaign").mkdir(parents=True)
    (folder / "ripple").mkdir()
    for name in ("streams.py", "campaign/combat.py", "worlds.py"):
        (folder / name).write_text("x = 1\n", encoding="utf-8")
    return folder


def test_kernels_are_cached_under_glacis_home(kernel: str, tmp_path: Path) -> None:
    before = numba.config.CACHE_DIR
    module = jit.load_kernels(kernel)
    assert module.double(21) == 42
    assert before == numba.config.CACHE_DIR
    if not numba.config.DISABLE_JIT:
        assert list((tmp_path / "home" / "cache" / "numba" / jit.cache_key()).rglob("*.nbi"))


def test_a_loaded_module_is_given_again(kernel: str) -> None:
    assert jit.load_kernels(kernel) is jit.load_kernels(kernel)


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")
def test_only_the_first_compile_is_announced(kernel: str, caplog: pytest.LogCaptureFixture) -> None:
    told: list[str] = []
    with caplog.at_level(logging.INFO, logger="glacis"):
        jit.load_kernels(kernel, announce=told.append).double(1)
        del sys.modules[kernel]
        jit.load_kernels(kernel, announce=told.append).double(1)
    assert told == caplog.messages == ["compiling the kernels (once per version, about 5 s)"]


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")
def test_nothing_is_announced_when_machine_code_is_at_hand(
    kernel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    jit.load_kernels(kernel).double(1)
    # As a new process would find it.
    monkeypatch.setattr(jit, "_announced", set())
    del sys.modules[kernel]
    told: list[str] = []
    module = jit.load_kernels(kernel, announce=told.append)
    assert module.double(1) == 2
    assert not told
    assert sum(module.double.stats.cache_hits.values()) == 1


def test_without_a_writable_home_kernels_still_work(
    kernel: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A file where a folder is needed: refused to root too.
    (tmp_path / "home").write_text("", encoding="utf-8")
    assert jit.load_kernels(kernel).double(21) == 42
    assert (tmp_path / "home").is_file()


def test_a_failed_import_leaves_numba_as_it_was() -> None:
    before = numba.config.CACHE_DIR
    with pytest.raises(ModuleNotFoundError):
        jit.load_kernels("glacis.no_such_kernel")
    assert before == numba.config.CACHE_DIR


@pytest.mark.parametrize(
    "source", ["streams.py", "campaign/combat.py", "campaign/new.py", "ripple/cascade.py"]
)
def test_the_key_changes_with_every_kernel_source(package: Path, source: str) -> None:
    before = jit.cache_key(package)
    assert jit.cache_key(package) == before
    (package / source).write_text("x = 2\n", encoding="utf-8")
    assert jit.cache_key(package) != before


def test_the_key_ignores_other_sources(package: Path) -> None:
    before = jit.cache_key(package)
    (package / "worlds.py").write_text("x = 2\n", encoding="utf-8")
    assert jit.cache_key(package) == before


def test_the_key_changes_with_settings_that_change_the_code(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = jit.cache_key(package)
    monkeypatch.setenv("NUMBA_NUM_THREADS", "2")
    assert jit.cache_key(package) == before
    monkeypatch.setenv("NUMBA_BOUNDSCHECK", "1")
    assert jit.cache_key(package) != before


def test_only_the_newest_folders_are_kept(kernel: str) -> None:
    home = jit.cache_home()
    for age in range(1, 6):
        (home / f"old-{age}").mkdir(parents=True)
        os.utime(home / f"old-{age}", (1_000_000 - age, 1_000_000 - age))
    jit.load_kernels(kernel)
    assert {path.name for path in home.iterdir()} == {jit.cache_key(), "old-1", "old-2"}


def test_the_cache_is_the_users_without_glacis_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GLACIS_HOME")
    assert jit.cache_home().name == "numba"
    assert "glacis" in str(jit.cache_home())
