"""Loads compiled kernels: the one place that says where numba keeps their machine code.

Numba's cache on disk looks only at the file of the cached function: when a function called from
another file changes, it goes on serving the old machine code. Hence the cache folder is named by a
hash of everything that the code depends on, and a change anywhere starts a new one.
"""

from __future__ import annotations

import hashlib
import importlib
import logging
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import Protocol, cast

import llvmlite.binding
import numba

from glacis.folders import cache_folder

__all__ = ["cache_home", "cache_key", "load_kernels"]

FIRST_COMPILE = "compiling the {} (once per version, about {} s)"
"""What is announced when no machine code is at hand."""

_PACKAGE = Path(__file__).resolve().parent
_KERNEL_SOURCES = (
    "streams.py",
    "sequence.py",
    "kernels.py",
    "luck.py",
    "forecast*.py",
    "campaign/**/*.py",
    "alliance/bandwagon*.py",
    "alliance/council*.py",
    "crisis/**/*.py",
    "ripple/cascade*.py",
)
_TOLD = {
    "campaign": ("campaign engine", 20),
    "alliance": ("council's counts", 10),
    "crisis": ("solver of games", 20),
    "ripple": ("chain of crises", 5),
}
_KEPT_FOLDERS = 3
# Numba's settings that say where or on how many threads, not what machine code is made.
_NEUTRAL_SETTINGS = frozenset({"NUMBA_CACHE_DIR", "NUMBA_NUM_THREADS"})


class _NumbaSettings(Protocol):
    """The part of numba's configuration used here; numba makes it at run time, unseen by mypy."""

    CACHE_DIR: str
    DISABLE_JIT: int


_settings = cast(_NumbaSettings, numba.config)
_log = logging.getLogger("glacis")
_lock = threading.RLock()
_announced: set[tuple[Path, str]] = set()
_folders: dict[Path, Path] = {}
_temporary: list[tempfile.TemporaryDirectory[str]] = []


def load_kernels(module_name: str, *, announce: Callable[[str], None] | None = None) -> ModuleType:
    """The kernel module of that name, its machine code cached where it can never be stale.

    Import kernel modules through this only: numba settles the cache folder when a function is
    decorated.

    Parameters
    ----------
    module_name
        Full name, for example ``glacis.campaign.kernel``.
    announce
        Called once with a sentence for the user if the code must first be compiled; the ``glacis``
        logger gets it too.
    """
    with _lock:
        if module_name in sys.modules:
            return sys.modules[module_name]
        folder = _usable_folder(cache_home() / cache_key())
        package = module_name.rpartition(".")[0].rpartition(".")[2]
        is_compiled = any(folder.glob(f"{package}*/*.nbi"))
        if not _settings.DISABLE_JIT and (folder, package) not in _announced and not is_compiled:
            _announced.add((folder, package))
            sentence = FIRST_COMPILE.format(*_TOLD.get(package, ("kernels", 5)))
            _log.info(sentence)
            if announce is not None:
                announce(sentence)
        with _numba_cache(folder):
            return importlib.import_module(module_name)


def cache_home() -> Path:
    """Where cache folders of kernels stand."""
    return cache_folder() / "numba"


def cache_key(package: Path = _PACKAGE) -> str:
    """A name that changes with anything the kernels' machine code depends on.

    That is: the text of every kernel source under `package`, numba's version and settings, and the
    processor.
    """
    digest = hashlib.blake2b(digest_size=12)
    settings = sorted(
        f"{name}={value}"
        for name, value in os.environ.items()
        if name.startswith("NUMBA_") and name not in _NEUTRAL_SETTINGS
    )
    processor = (
        llvmlite.binding.get_host_cpu_name(),
        llvmlite.binding.get_host_cpu_features().flatten(),
    )
    for text in (numba.__version__, *processor, *settings):
        digest.update(text.encode() + b"\0")
    for path in sorted(path for pattern in _KERNEL_SOURCES for path in package.glob(pattern)):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def _usable_folder(folder: Path) -> Path:
    """`folder`, made and found writable; else one that lasts as long as the process."""
    if folder in _folders:
        return _folders[folder]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
        # Marks it as used: the oldest folders are dropped.
        os.utime(folder)
        _drop_old_folders(folder.parent)
        _folders[folder] = folder
    except OSError as problem:
        _log.debug("no cache of compiled kernels in %s: %s", folder, problem)
        temporary = tempfile.TemporaryDirectory(prefix="glacis-numba-", ignore_cleanup_errors=True)
        _temporary.append(temporary)
        _folders[folder] = Path(temporary.name)
    return _folders[folder]


def _drop_old_folders(home: Path) -> None:
    """Removes all but the newest cache folders in `home`, as far as it can."""
    with suppress(OSError):
        folders = sorted(
            (path for path in home.iterdir() if path.is_dir()),
            key=lambda path: path.stat().st_mtime,
        )
        for folder in folders[:-_KEPT_FOLDERS]:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _numba_cache(folder: Path) -> Iterator[None]:
    """Sets numba's cache folder for functions decorated meanwhile."""
    before = _settings.CACHE_DIR
    _settings.CACHE_DIR = str(folder)
    try:
        yield
    finally:
        _settings.CACHE_DIR = before
