"""Gambit's text format: what is read, what is refused and where, and that nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gametrees import ENTRY, SIGNAL, pennies, random_game
from glacis.crisis.efg import MAX_CHARACTERS, read_efg, write_efg
from glacis.crisis.tree import CHANCE
from glacis.errors import GameError, InputError

SHARED = """EFG 2 R "Payoffs on the way, sets named again" { "A" "B" }
c "" 1 "" { "x" 1/4 "y" .75 } 0
p "" 2 7 "later" { "l" "r" } 3 "toll" { -1 0.5 }
t "" 1 "" { 10, -2e1 }
t "" 2 "" { 0 0 }
p "" 2 7 0
t "" 1
t "" 2 ""
"""


def test_a_game_is_read() -> None:
    game = read_efg(ENTRY)
    assert game.title == "Entry deterrence"
    assert game.players == ("Entrant", "Incumbent")
    assert [one.label for one in game.sets] == ["entry", "answer"]
    assert [one.payoffs for one in game.outcomes] == [(0, 2), (1, 1), (-1, -1)]


def test_fractions_repeated_sets_and_payoffs_on_the_way() -> None:
    game = read_efg(SHARED)
    assert game.sets[0].player == CHANCE
    assert game.sets[0].probabilities == (0.25, 0.75)
    (later,) = game.decisions
    assert (game.sets[later].number, len(game.members(later))) == (7, 2)
    assert game.outcomes[0].payoffs == (-1.0, 0.5)
    assert game.outcomes[1].payoffs == (10.0, -20.0)
    assert game.nodes[5].outcome == game.nodes[2].outcome


@pytest.mark.parametrize(
    "text", [ENTRY, SIGNAL, SHARED, *(write_efg(random_game(k)) for k in (1, 2))]
)
def test_written_and_read_again_it_is_the_same(text: str) -> None:
    game = read_efg(text)
    again = read_efg(write_efg(game))
    assert again.nodes == game.nodes
    assert again.outcomes == game.outcomes
    assert [one.actions for one in again.sets] == [one.actions for one in game.sets]
    for one, other in zip(again.sets, game.sets, strict=True):
        assert one.probabilities == pytest.approx(other.probabilities, abs=1e-15)


def test_quotes_in_names_survive() -> None:
    game = read_efg('EFG 2 R "a \\"b\\" \\\\" { "p" } t "" 1 "" { 1 }')
    assert game.title == 'a "b" \\'
    assert read_efg(write_efg(game)).title == game.title


def test_labels_of_a_players_sets_are_unique_in_what_is_written() -> None:
    game = read_efg(SHARED)
    twice = replace(game.sets[1], number=8)
    written = write_efg(
        replace(
            game,
            sets=(*game.sets[:1], twice, game.sets[1]),
            nodes=(
                *(replace(node, set=2) if n == 5 else node for n, node in enumerate(game.nodes)),
            ),
        )
    )
    assert '2 8 "later" {' in written
    assert '2 7 "later 7" {' in written


HEAD = 'EFG 2 R "t" { "A" "B" }\n'


@pytest.mark.parametrize(
    "text, place, what",
    [
        ("", "1:1", "the end of the file stands where the heading"),
        ("NFG 1 R", "1:1", "NFG stands where the heading"),
        ('EFG 1 R "t" { "A" }', "1:5", "this version is not read"),
        ('EFG 2 R t { "A" }', "1:9", "t stands where the title"),
        (HEAD, "2:1", "the end of the file stands where a node"),
        (HEAD + 'x "" 1', "2:1", "x stands where a node"),
        (HEAD + 'p "" 3 1 "" { "l" } 0', "2:6", "there is no player 3"),
        (HEAD + 'p "" 1 1 "" 0', "2:8", "is new and has no actions"),
        (HEAD + 'p "" 1 1 "" { } 0', "2:15", "a set has no actions"),
        (HEAD + 'p "" 1 1 "" { "l" "r" } 0\nt "" 1 "" { 1, 2 }', "3:19", None),
        (HEAD + 't "" 1', "2:6", "is new and has no payoffs"),
        (HEAD + 't "" 1 "" { 1 }', "2:11", "1 payoffs for 2 players"),
        (HEAD + 't "" 1 "" { 1, x }', "2:16", "x stands where a payoff"),
        (HEAD + 't "" 1 "" { 1, 2/0 }', "2:16", "2/0 is no number"),
        (HEAD + 't "" 1 "" { 1, 1e999 }', "2:16", "this number is too large"),
        (HEAD + 't "" 1 "" { 1, 1e16 }', "2:1", "payoffs come to more than 1e+15"),
        (HEAD + 'c "" 1 "" { "x" 1e999 "y" 0 } 0', "2:17", "this number is too large"),
        ('EFG 2 R "t" { }\nt "" 0', "2:1", "the game has no players"),
        (HEAD + 't "" 0 "" { 1, 1 }', "2:6", "outcome 0 has payoffs"),
        (HEAD + 't "" 1 "" { 1, 1 } t "" 1', "2:20", "the game has ended"),
        (HEAD + 't "open', "2:3", "a quotation is not closed"),
        (HEAD + 't "" 1 "" { 1, 1 } ?', "2:20", "cannot read '?'"),
        (
            HEAD + 'c "" 1 "" { "x" 1/2 "y" 1/3 } 0\nt "" 1 "" {1 1}\nt "" 1',
            "2:1",
            "add up to 0.8333",
        ),
        (
            HEAD + 'p "" 1 1 "" { "l" "r" } 0\nt "" 1 "" {1 1}\np "" 1 1 "" { "l" "m" } 0',
            "4:8",
            "had other actions",
        ),
        (
            HEAD + 'p "" 1 1 "" { "l" "r" } 0\nt "" 1 "" {1 1}\nt "" 1 "" {1 2}',
            "4:6",
            "had other payoffs",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    text: str, place: str, what: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "game.efg"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GameError) as raised:
        read_efg(path)
    message = str(raised.value)
    assert message.startswith(f"{path}:{place}: ")
    assert "; " in message
    if what:
        assert what in message


def test_forgetting_is_told_at_the_node() -> None:
    text = (
        'EFG 2 R "t" { "A" }\np "" 1 1 "" { "l" "r" } 0\n'
        'p "" 1 2 "" { "l" "r" } 0\nt "" 1 "" {1}\nt "" 1\n'
        'p "" 1 2 0\nt "" 1\nt "" 1\n'
    )
    with pytest.raises(GameError, match=r"^<text>:6:1: A moves here and at node 2"):
        read_efg(text)


def test_thousands_of_faults_are_not_all_told() -> None:
    inner = "".join(f'p "" 1 {k} "" {{ "a" "b" }} 0\nt "" 1 "" {{ 0 }}\n' for k in range(2, 60))
    text = f'EFG 2 R "t" {{ "A" }}\np "" 1 1 "" {{ "l" "r" }} 0\n{inner}t "" 1\n{inner}t "" 1\n'
    with pytest.raises(GameError) as raised:
        read_efg(text)
    assert len(raised.value.problems) == 20
    assert "(58 problems in all)" in str(raised.value)


def test_files_that_are_not_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_efg("a\0.efg")
    with pytest.raises(InputError, match="cannot be read"):
        read_efg(tmp_path / "none.efg")
    with pytest.raises(InputError, match="cannot be read"):
        read_efg(tmp_path)
    binary = tmp_path / "binary.efg"
    binary.write_bytes(b"EFG 2 R\n\xff")
    with pytest.raises(InputError, match=r"binary.efg:2: is not UTF-8"):
        read_efg(binary)
    long = tmp_path / "long.efg"
    long.write_text(ENTRY + " " * MAX_CHARACTERS, encoding="utf-8")
    with pytest.raises(InputError, match="is longer than"):
        read_efg(long)


def test_a_deep_game_is_read_without_recursion() -> None:
    nodes = "\n".join(f'p "" 1 {k} "" {{ "a" "b" }} 0\nt "" 1 "" {{ 0 }}' for k in range(1, 10_000))
    game = read_efg(f'EFG 2 R "deep" {{ "A" }}\n{nodes}\nt "" 1')
    assert len(game.terminals) == 10_000


def test_pennies_are_written() -> None:
    assert 'p "" 2 1 "" { "heads" "tails" } 0' in write_efg(pennies())
