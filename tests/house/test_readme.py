"""What the README shows is what its code prints."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"


def test_the_example_prints_what_it_says() -> None:
    block = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    code = block.group(1)
    said = [line.removeprefix("# ") for line in code.splitlines() if line.startswith("# ")]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "README.md", "exec"), {})
    assert said
    assert printed.getvalue().splitlines() == said


def test_code_comes_early_and_the_commands_are_there() -> None:
    lines = README.read_text(encoding="utf-8").splitlines()
    assert any(line.startswith("```") for line in lines[:25])
    assert any(line.startswith("make demo") for line in lines[:25])
    assert any(line.startswith("make test") for line in lines[:25])
