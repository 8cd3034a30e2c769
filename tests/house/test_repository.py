"""What the repository holds, and what must never get into it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUILT = "src/glacis/web/static/"

MACHINE_PATH = re.compile(r"(?<![\w.~*-])/(?:work|root|Users|home/[a-z]\w*)/")
REGISTRY = re.compile(
    r"registry[.]npmjs|files[.]pythonhosted|pypi[.]org/simple|"
    r"^\s*(?:extra-)?index-url\s*[=:]|\"resolved\":\s*\"https?:",
    re.MULTILINE,
)
NEVER = re.compile(
    r"(^|/)(uv[.]lock|cdb90[^/]*[.]csv|[^/]+[.](pyc|nbi|nbc|pkl|pickle))$", re.IGNORECASE
)


@cache
def kept_files() -> tuple[str, ...]:
    """Files under version control, and new ones that git does not ignore."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: nothing to look through")
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(name for name in done.stdout.split("\0") if name and (ROOT / name).is_file())


def texts() -> dict[str, str]:
    """Name to content of every text that people write; the built page is not."""
    found = {}
    for name in kept_files():
        content = (ROOT / name).read_bytes()
        if not name.startswith(BUILT) and b"\0" not in content:
            found[name] = content.decode("utf-8")  # and a text that is not UTF-8 fails here
    return found


def offenders(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{text[: match.start()].count(chr(10)) + 1}: {match.group().strip()}"
        for name, text in texts().items()
        for match in pattern.finditer(text)
    ]


def test_no_paths_of_one_machine() -> None:
    assert not offenders(MACHINE_PATH)


def test_no_registry_hosts() -> None:
    assert not offenders(REGISTRY)


def test_nothing_that_must_stay_out() -> None:
    assert not [name for name in kept_files() if NEVER.search(name)]


def test_scripts_can_be_run() -> None:
    kept = kept_files()
    assert ".ci/run" in kept
    shebangs = [name for name in kept if (ROOT / name).read_bytes()[:2] == b"#!"]
    assert not [name for name in shebangs if not os.access(ROOT / name, os.X_OK)]


def test_every_package_file_is_kept() -> None:
    """A file of the package that git ignores would be in our wheel and in nobody else's."""
    kept = set(kept_files())
    present = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "src" / "glacis").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert not sorted(present - kept)


@pytest.mark.parametrize(
    "text, found",
    [("see /" + "work/main/x", True), ("a/" + "work/x", False), ("~/" + "work/x", False)],
)
def test_machine_paths_are_seen(text: str, found: bool) -> None:
    assert bool(MACHINE_PATH.search(text)) is found
