"""What the command line prints, word for word. A change is made by scripts/golden, and read."""

from __future__ import annotations

import os
import shlex
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


@pytest.mark.parametrize("name", COMMANDS)
def test_transcript(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    for variable, value in (("COLUMNS", "100"), ("NO_COLOR", "1"), ("TERM", "dumb")):
        monkeypatch.setenv(variable, value)
    code = main(shlex.split(COMMANDS[name]))
    told = capsys.readouterr()
    parts = [f"$ glacis {COMMANDS[name]}", told.out.rstrip("\n")]
    parts += [f"[standard error]\n{told.err.rstrip()}"] if told.err else []
    lines = "\n".join([*parts, f"[exit {code}]", ""]).split("\n")
    transcript = "\n".join(line.rstrip() for line in lines)
    golden = HERE / f"{name}.txt"
    if os.environ.get("GLACIS_GOLDEN") == "write":
        golden.write_text(transcript, encoding="utf-8")
    assert transcript == golden.read_text(encoding="utf-8")


def test_no_transcript_is_left_over() -> None:
    kept = {path.stem for path in HERE.glob("*.txt")} - {"commands"}
    assert kept == set(COMMANDS)
