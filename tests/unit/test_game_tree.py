"""Games as trees: what is seen in them, and what keeps one from being solved."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gametrees import ENTRY, SIGNAL, pennies, random_game
from glacis.crisis.efg import read_efg
from glacis.crisis.tree import CHANCE, Game, InformationSet, Node, Outcome, faults


def test_leaves_members_and_ways() -> None:
    game = read_efg(SIGNAL)
    assert len(game.nodes) == 15
    assert len(game.terminals) == 8
    assert [game.sets[k].player for k in game.decisions] == [0, 0, 1, 1]
    answer = game.decisions[2]
    assert len(game.members(answer)) == 2
    first, second = game.members(answer)
    assert [game.sets[k].actions[a] for k, a in game.way_to(first)] == ["Strong", "Up"]
    assert [game.sets[k].actions[a] for k, a in game.way_to(second)] == ["Weak", "Up"]


def test_payoffs_are_changed_in_a_copy() -> None:
    game = read_efg(ENTRY)
    other = game.with_payoffs({1: (3.0, 4.0)})
    assert other.outcomes[1].payoffs == (3.0, 4.0)
    assert game.outcomes[1].payoffs == (1.0, 1.0)


@pytest.mark.parametrize("seed", range(6))
def test_random_games_are_sound(seed: int) -> None:
    assert faults(random_game(seed, leaves=20)) == ()


def forgetful() -> Game:
    """Matching pennies played by one, who does not remember what it did first."""
    game = pennies()
    first, second = game.sets
    return replace(game, sets=(first, replace(second, player=first.player, number=2)))


def test_forgetting_is_found() -> None:
    (fault,) = faults(forgetful())
    assert (fault.code, fault.node) == ("recall", 4)
    assert "node 2" in fault.what


def test_a_set_that_meets_itself_is_found() -> None:
    sets = (InformationSet(0, 1, ("on", "off")),)
    nodes = (
        Node(-1, 0, 0),
        Node(0, 0, 0),
        Node(1, 0, -1, 0),
        Node(1, 1, -1, 0),
        Node(0, 1, -1, 0),
    )
    found = faults(Game(("driver",), sets, nodes, (Outcome((1.0,)),)))
    assert [fault.code for fault in found] == ["recall"]


@pytest.mark.parametrize(
    "chances, code",
    [((0.5, 0.6), "probability-sum"), ((1.5, -0.5), "probability"), ((0.5, 0.5), None)],
)
def test_odd_chances_are_found(chances: tuple[float, ...], code: str | None) -> None:
    sets = (InformationSet(CHANCE, 1, ("a", "b"), "", chances),)
    nodes = (Node(-1, 0, 0), Node(0, 0, -1, 0), Node(0, 1, -1, 0))
    found = faults(Game(("one",), sets, nodes, (Outcome((1.0,)),)))
    assert [fault.code for fault in found] == ([code] if code else [])


def test_payoffs_must_be_finite() -> None:
    game = pennies()
    broken = replace(game, outcomes=(Outcome((float("nan"), 0.0)), *game.outcomes[1:]))
    assert [fault.code for fault in faults(broken)] == ["payoff"]
