"""The how-to pages do what they say: their files, put into a folder, are a scenario that runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from glacis.cli import main
from glacis.scenario.read import scenarios_folder

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"


def test_a_crisis_is_written_as_its_page_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (HOW_TO / "write-a-crisis.md").read_text(encoding="utf-8")
    scenario, belief, crisis = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    (members,) = re.findall(r"```text\n(.*?)```", text, re.DOTALL)
    alliance = (scenarios_folder() / "baltic" / "alliance.yaml").read_text(encoding="utf-8")
    alliance = alliance.replace("coalition: 8", "coalition: 2")
    for name, content in (
        ("scenario.yaml", scenario),
        ("belief.yaml", belief),
        ("crisis.yaml", crisis),
        ("alliance.yaml", alliance),
        ("alliance.members.csv", members),
    ):
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert main(["check", str(tmp_path)]) == 0, capsys.readouterr().out
    assert main(["game", str(tmp_path), "--worlds", "24"]) == 0
    told = capsys.readouterr().out
    assert "attacks, limited or full" in told
    assert "grey zone" not in told
