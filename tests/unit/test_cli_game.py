"""`glacis game`: what it prints, writes and refuses."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from gametrees import ENTRY, SIGNAL
from glacis.cli import main
from glacis.crisis.efg import read_efg


@pytest.fixture
def signal(tmp_path: Path) -> Path:
    path = tmp_path / "signal.efg"
    path.write_text(SIGNAL, encoding="utf-8")
    return path


def test_the_table(signal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["game", str(signal), "--precision", "5"]) == 0
    out = capsys.readouterr().out
    assert "15 nodes, 8 leaves, 4 information sets; at precision 5" in out
    assert "68.05 %, 31.95 %" in out
    assert "Converged; residual" in out
    assert "largest regret" in out


def test_json_alone_on_standard_output(signal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["game", str(signal), "--json", "-"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert list(record)[:4] == ["title", "players", "precision", "infosets"]
    assert record["infosets"][2]["nodes"] == ["Strong, Up", "Weak, Up"]
    assert record["precision"] == 5.0
    assert [(one["player"], one["number"]) for one in record["infosets"]] == [
        ("Wesley", 1),
        ("Wesley", 2),
        ("Prince", 1),
        ("Prince", 2),
    ]
    for one in record["infosets"]:
        assert sum(one["actions"].values()) == pytest.approx(1.0)
        assert sum(one["beliefs"]) == pytest.approx(1.0)


def test_the_limit_and_other_equilibria(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["game", "sunk-costs", "--limit", "--starts", "20", "--json", "-"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["precision"] is None
    assert len(record["others"]) == 1
    assert main(["game", "sunk-costs", "--limit", "--starts", "20"]) == 0
    out = capsys.readouterr().out
    assert "in the limit" in out
    assert "Equilibrium 2" in out
    assert "2 equilibria found; there may be more." in out


def test_game_and_tree_are_written(tmp_path: Path) -> None:
    efg, svg = tmp_path / "out.efg", tmp_path / "out.svg"
    assert main(["game", "tripwire", "--efg", str(efg), "--svg", str(svg), "-q"]) == 0
    assert len(read_efg(efg).terminals) == 4
    tree = ET.parse(svg).getroot()
    text = "".join(tree.itertext())
    assert "bring war" in text
    before = svg.read_bytes()
    assert main(["game", "tripwire", "--svg", str(svg), "-q"]) == 0
    assert svg.read_bytes() == before


def test_what_is_known_of_a_bundled_game_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["game", "tripwire"]) == 0
    told = capsys.readouterr()
    assert "Known of it: The attack wins 1" in told.out
    assert "central values" not in told.err


def test_ranges_count_by_their_central_values(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "game.yaml"
    path.write_text(
        "format: 1\ntitle: t\ndescription: d\nplayers: a\nstages:\n  s:\n    player: a\n"
        "    actions:\n      x: {pays: {a: {low: 0, high: 10}}}\n      y: {}\n",
        encoding="utf-8",
    )
    assert main(["game", str(path)]) == 0
    assert "ranges of this game count by their central values" in capsys.readouterr().err


def test_a_tree_too_large_to_draw_is_solved_all_the_same(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from glacis.figures import tree

    monkeypatch.setattr(tree, "MOST_LEAVES", 3)
    assert main(["game", "tripwire", "--svg", str(tmp_path / "x.svg")]) == 2
    told = capsys.readouterr()
    assert "Converged" in told.out
    assert "at most 3 can be drawn" in told.err


def test_a_broken_game_is_told_with_line_and_column(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "broken.efg"
    path.write_text(ENTRY.replace("{ 1, 1 }", "{ 1 }"), encoding="utf-8")
    assert main(["game", str(path)]) == 2
    assert f"{path}:7:16: 1 payoffs for 2 players; give one for each" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["nowhere"], "nowhere: no such game or scenario; give a file"),
        (["nowhere.efg"], "nowhere.efg: no such game or scenario"),
        (["tripwire", "--precision", "-1"], "--precision -1: must be a number >= 0"),
        (["tripwire", "--precision", "inf"], "use --limit"),
        (["tripwire", "--precision", "nan"], "--precision nan: must be a number >= 0"),
        (["tripwire", "--limit", "--precision", "2"], "leave --precision out"),
        (["tripwire", "--starts", "3", "--seed", "-1"], "seed -1: must be >= 0"),
        (["tripwire", "--starts", "-3"], "--starts -3: must be from 0 to 10,000"),
        (["tripwire", "--svg", "/no/such/folder/x.svg"], "cannot be written"),
    ],
)
def test_wrong_input(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["game", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_what_did_not_converge_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from dataclasses import replace

    from glacis.crisis import equilibrium

    real = equilibrium.solve
    monkeypatch.setattr(
        equilibrium, "solve", lambda *given, **named: replace(real(*given, **named), status="stuck")
    )
    assert main(["game", "tripwire"]) == 0
    told = capsys.readouterr()
    assert "not an equilibrium: the path is stuck" in told.err
    assert "Stuck; " in told.out
