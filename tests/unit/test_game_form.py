"""Declared games: what players know follows from what they see, and what is wrong is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from glacis.crisis import form as unrolling
from glacis.crisis.equilibrium import solve
from glacis.crisis.reading import read_game
from glacis.crisis.tree import CHANCE, faults
from glacis.errors import GameError, InputError

SOUND = """format: 1
title: A test
description: Two move; the second sees the draw, and not what the first does.
players: a, b
stages:
  weather:
    player: chance
    seen_by: b
    actions:
      rain: {then: first, probability: 0.25}
      sun: {then: first}
  first:
    player: a
    seen_by: []
    actions:
      left: {then: second, pays: {a: 1}}
      right: {then: second}
  second:
    name: The second move
    player: b
    actions:
      up:
        pays: {b: 2}
        cases:
          - when: {first: left}
            pays: {a: 10}
          - when: {first: [left, right], weather: rain}
            pays: {b: 100}
      down: {}
"""


def written(folder: Path, text: str = SOUND, *pairs: str) -> Path:
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / "game.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_sets_follow_from_what_is_seen(tmp_path: Path) -> None:
    game = read_game(written(tmp_path))
    assert faults(game) == ()
    assert len(game.terminals) == 8
    first, rain, sun = (game.sets[k] for k in game.decisions)
    assert [len(game.members(k)) for k in game.decisions] == [2, 2, 2]
    assert first.label == "first"
    assert {rain.label, sun.label} == {"The second move (rain)", "The second move (sun)"}
    assert game.sets[0].player == CHANCE
    assert game.sets[0].probabilities == (0.25, 0.75)


def test_payments_add_up_by_the_way_that_was_come(tmp_path: Path) -> None:
    game = read_game(written(tmp_path))
    found = {}
    for leaf in game.terminals:
        ways = tuple(game.sets[k].actions[a] for k, a in game.way_to(leaf))
        total = [0.0, 0.0]
        node = leaf
        while node >= 0:
            if game.nodes[node].outcome >= 0:
                pays = game.outcomes[game.nodes[node].outcome].payoffs
                total = [x + y for x, y in zip(total, pays, strict=True)]
            node = game.nodes[node].parent
        found[ways] = tuple(total)
    assert found["rain", "left", "up"] == (11.0, 102.0)
    assert found["rain", "right", "up"] == (0.0, 102.0)
    assert found["sun", "left", "up"] == (11.0, 2.0)
    assert found["sun", "right", "up"] == (0.0, 2.0)
    assert found["sun", "left", "down"] == (1.0, 0.0)


def test_what_is_not_seen_cannot_be_used(tmp_path: Path) -> None:
    blind = solve(read_game(written(tmp_path)), precision=1.0)
    assert len(blind.game.decisions) == 3
    seeing = read_game(written(tmp_path, SOUND, "    seen_by: []\n", ""))
    assert len(seeing.decisions) == 5


def test_another_start(tmp_path: Path) -> None:
    text = (
        SOUND.replace("stages:", "start: first\nstages:")
        .replace(
            "  weather:\n    player: chance\n    seen_by: b\n    actions:\n"
            "      rain: {then: first, probability: 0.25}\n      sun: {then: first}\n",
            "",
        )
        .replace(
            "          - when: {first: [left, right], weather: rain}\n            pays: {b: 100}\n",
            "",
        )
    )
    game = read_game(written(tmp_path, text))
    assert len(game.terminals) == 4


@pytest.mark.parametrize(
    "old, new, place, code, what",
    [
        ("then: second}", "then: secnd}", "17:21", "unknown-stage", "did you mean second?"),
        ("player: a\n", "player: c\n", "13:13", "unknown-player", "no player 'c'"),
        ("seen_by: b", "seen_by: z", "8:14", "unknown-player", "no player 'z'"),
        ("pays: {b: 2}", "pays: {c: 2}", "23:19", "unknown-player", "no player 'c'"),
        ("{first: left}", "{frst: left}", "25:26", "unknown-stage", "did you mean first?"),
        ("{first: left}", "{first: lft}", "25:27", "unknown-action", "did you mean left?"),
        ("down: {}", "down: {then: first}", "29:20", "circle", "leads back to first"),
        ("probability: 0.25}", "probability: 1.25}", "10:40", "out-of-bounds", "must be <= 1"),
        (", probability: 0.25}", "}", "7:5", "probability-sum", "2 draws have none"),
        ("sun: {then: first}", "sun: {then: first, probability: 0.5}", "7:5", "probability-sum",
         "every draw has a probability"),
        ("right: {then: second}", "right: {then: second, probability: 0.5}", "17:42", "not-allowed",
         "only chance draws"),
        ("players: a, b", "players: a, b, chance", "4:10", "not-allowed", "chance is no player"),
        ("title: A test\n", "", "1:1", "missing-key", "the bundled games, such as tripwire"),
        ("players: a, b", "players: a, b, b", "4:10", "duplicate-id", "'b' is named twice"),
        ("probability: 0.25}", "probability: }", "7:5", "probability-sum", "2 draws have none"),
        ("{first: left}", "{second: up}", "25:28", "no-effect", "so it never fits"),
        ("format: 1", "format: 2", "1:9", "newer-format", "this glacis reads 1"),
        ("pays: {b: 2}", "pay: {b: 2}", "23:14", "unknown-key", "unknown key"),
        ("down: {}", "down: {pays: {a: much}}", "29:24", "not-a-number", "much"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(
    old: str, new: str, place: str, code: str, what: str, tmp_path: Path
) -> None:
    with pytest.raises(GameError) as raised:
        read_game(written(tmp_path, SOUND, old, new))
    (problem,) = raised.value.problems
    assert problem.code == code
    assert str(problem).startswith(f"game.yaml:{place} ")
    assert what in str(problem)


def test_a_stage_that_nothing_leads_to(tmp_path: Path) -> None:
    text = SOUND + "  lost:\n    player: a\n    actions:\n      only: {}\n"
    with pytest.raises(GameError, match=r"game.yaml:\d+:\d+ stages.lost: nothing leads to it"):
        read_game(written(tmp_path, text))


def test_probabilities_that_may_add_up_to_more(tmp_path: Path) -> None:
    text = SOUND.replace(
        "      sun: {then: first}\n",
        "      snow: {then: first, probability: {low: 0.5, high: 0.8}}\n      sun: {then: first}\n",
    )
    with pytest.raises(GameError, match=r"can add up to 1\.05"):
        read_game(written(tmp_path, text))


def test_files_that_are_no_games(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no such game; give a file \(.efg or .yaml\), or one of"):
        read_game("nowhere")
    with pytest.raises(InputError, match="no such game"):
        read_game(tmp_path)
    binary = tmp_path / "game.yaml"
    binary.write_bytes(b"format: 1\n\xff")
    with pytest.raises(InputError, match=r"game.yaml:2: is not UTF-8"):
        read_game(binary)
    with pytest.raises(GameError, match=r"game.yaml:1:\d+: not valid YAML"):
        read_game(written(tmp_path, "format: ["))
    with pytest.raises(GameError):
        read_game(written(tmp_path, "- a list\n"))
    with pytest.raises(GameError):
        read_game(written(tmp_path, "\n"))


def test_a_tree_that_grows_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unrolling, "MAX_NODES", 10)
    with pytest.raises(InputError, match="more than 10 nodes"):
        read_game(written(tmp_path))
