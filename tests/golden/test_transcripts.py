"""What the command line prints, word for word. A change is made by scripts/golden, and read."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from glacis.cli import main

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
COMMANDS = dict(
    line.split(": ", 1)
    for line in (HERE / "commands.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
)


def run(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Exit code, output and errors."""
    if "--help" in arguments:
        # cyclopts keeps the console that it first prints help on, whatever its width was then.
        done = subprocess.run(
            [sys.executable, "-m", "glacis", *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr
    code = main(arguments)
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.mark.parametrize("name", COMMANDS)
def test_transcript(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    for variable, value in (("COLUMNS", "100"), ("NO_COLOR", "1"), ("TERM", "dumb")):
        monkeypatch.setenv(variable, value)
    code, out, err = run(shlex.split(COMMANDS[name]), capsys)
    parts = [f"$ glacis {COMMANDS[name]}"]
    parts += [out.rstrip("\n")] if out else []
    parts += [f"[standard error]\n{err.rstrip()}"] if err else []
    lines = "\n".join([*parts, f"[exit {code}]", ""]).split("\n")
    transcript = "\n".join(line.rstrip() for line in lines)
    golden = HERE / f"{name}.txt"
    if os.environ.get("GLACIS_GOLDEN") == "write":
        golden.write_text(transcript, encoding="utf-8")
    assert transcript == golden.read_text(encoding="utf-8")


def test_no_transcript_is_left_over() -> None:
    kept = {path.stem for path in HERE.glob("*.txt")} - {"commands"}
    assert kept == set(COMMANDS)
