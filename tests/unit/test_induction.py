"""The shortcut from the last moves upward: where it is taken, where refused, and what it finds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gametrees import SIGNAL, pennies, random_game
from glacis.crisis import equilibrium
from glacis.crisis.efg import read_efg
from glacis.crisis.equilibrium import Games, Starts, branches, solve, solve_games
from glacis.crisis.layout import chance_logs, layout_of, payoffs_of
from glacis.crisis.reading import catalogue_names, read_game
from glacis.crisis.tree import CHANCE, Game, InformationSet, Node, Outcome, faults
from glacis.study.games import random_games

if TYPE_CHECKING:
    from glacis.crisis.kernel import Solved

SEEN_THROUGH = {"brinkmanship", "entry-deterrence", "extended-deterrence", "tripwire"}
"""Games of the catalogue in which all is seen; in the others types are hidden."""

Trace = Callable[[Game, Games], "Solved"]


@pytest.fixture
def trace(monkeypatch: pytest.MonkeyPatch) -> Trace:
    """`solve_games` on the principal branch, as for a game whose sets have no order."""

    def traced(game: Game, games: Games) -> Solved:
        layout = layout_of(game)._replace(after=np.zeros(0, dtype=np.int64))
        with monkeypatch.context() as patch:
            patch.setattr(equilibrium, "layout_of", lambda _: layout)
            return solve_games(game, games)

    return traced


def at(game: Game, *precisions: float) -> Games:
    """The game's own numbers at several precisions."""
    worlds = len(precisions)
    return Games(
        np.repeat(payoffs_of(game)[None], worlds, axis=0),
        np.repeat(np.exp(chance_logs(game))[None], worlds, axis=0),
        np.array(precisions),
    )


def two_worlds(game: Game, shift: tuple[float, ...], *, at_leaf: int | None = None) -> Game:
    """Chance draws one of two games that are alike but for a payoff, and nobody sees which.

    Parameters
    ----------
    shift
        What each player gets besides in the second, at all leaves or at one.
    """
    drawn = InformationSet(CHANCE, 1 + len(game.sets), ("one", "other"), "", (0.3, 0.7))
    size, ends = len(game.nodes), len(game.outcomes)

    def copied(which: int) -> list[Node]:
        first = 1 + which * size
        return [
            Node(
                node.parent + first if node.parent >= 0 else 0,
                node.branch if node.parent >= 0 else which,
                node.set,
                node.outcome + which * ends if node.outcome >= 0 else -1,
            )
            for node in game.nodes
        ]

    moved = tuple(
        Outcome(tuple(x + dx for x, dx in zip(one.payoffs, shift, strict=True)))
        if at_leaf in (None, k)
        else one
        for k, one in enumerate(game.outcomes)
    )
    nodes = (Node(-1, 0, len(game.sets)), *copied(0), *copied(1))
    return Game(game.players, (*game.sets, drawn), nodes, (*game.outcomes, *moved), "two worlds")


def crossed() -> Game:
    """Chance says who moves first, and neither knows; what the other does adds its own."""
    sets = (
        InformationSet(CHANCE, 1, ("a", "b"), "", (0.5, 0.5)),
        InformationSet(0, 1, ("l", "r")),
        InformationSet(1, 1, ("l", "r")),
    )
    nodes, outcomes = [Node(-1, 0, 0)], []
    for which, (first, second) in enumerate(((1, 2), (2, 1))):
        top = len(nodes)
        nodes.append(Node(0, which, first))
        for k in range(2):
            middle = len(nodes)
            nodes.append(Node(top, k, second))
            for j in range(2):
                one, two = (k, j) if first == 1 else (j, k)
                nodes.append(Node(middle, j, -1, len(outcomes)))
                outcomes.append(Outcome((float(one - 2 * two), float(two + one))))
    return Game(("I", "U"), sets, tuple(nodes), tuple(outcomes))


@pytest.mark.parametrize("seed", range(12))
def test_with_all_seen_it_finds_what_tracing_finds(seed: int, trace: Trace) -> None:
    game = random_game(seed, leaves=6 + 4 * seed, players=1 + seed % 3, seen=1.0)
    games = random_games(game, 40, seed=seed)
    found, traced = solve_games(game, games), trace(game, games)
    assert (found.status == 0).all()
    assert (traced.status == 0).all()
    assert (found.steps == 0).all()
    assert (traced.steps > 0).all()
    assert found.residual.max() <= 1e-12
    assert np.abs(found.share - traced.share).max() <= 1e-10


@pytest.mark.parametrize("name", catalogue_names())
def test_the_catalogue_is_as_traced(name: str, trace: Trace) -> None:
    game = read_game(name)
    games = at(game, 0.5, 2.0, 5.0, 20.0, 1e4)
    found, traced = solve_games(game, games), trace(game, games)
    assert np.abs(found.share - traced.share).max() <= 1e-10
    assert np.abs(found.worth - traced.worth).max() <= 1e-10
    assert ((found.steps == 0) == (name in SEEN_THROUGH)).all()


@pytest.mark.parametrize("game", [read_efg(SIGNAL), pennies()], ids=lambda game: game.title)
def test_where_beliefs_matter_it_refuses(game: Game, trace: Trace) -> None:
    games = at(game, 0.7, 4.0, 30.0)
    found, traced = solve_games(game, games), trace(game, games)
    assert (found.steps > 0).all()
    assert all((one == other).all() for one, other in zip(found, traced, strict=True))


@pytest.mark.parametrize("seed", range(12))
def test_what_is_hidden_may_not_matter(seed: int, trace: Trace) -> None:
    """Nobody sees which of two games is played, but they differ by what all get anyway."""
    game = random_game(seed, leaves=8 + 5 * seed, seen=1.0)
    double = two_worlds(game, (0.37, -1.9))
    assert faults(double) == ()
    games = at(double, 0.7, 4.0, 30.0)
    found, traced = solve_games(double, games), trace(double, games)
    assert (found.steps == 0).all()
    assert (found.status == 0).all()
    assert found.residual.max() <= 1e-12
    assert np.abs(found.share - traced.share).max() <= 1e-10
    assert found.share == pytest.approx(solve_games(game, at(game, 0.7, 4.0, 30.0)).share)


@pytest.mark.parametrize("difference", [1e-9, 0.5])
def test_what_matters_a_little_is_traced(difference: float) -> None:
    game = two_worlds(random_game(4, leaves=9, seen=1.0), (difference, difference), at_leaf=3)
    found = solve_games(game, at(game, 0.7, 4.0, 30.0))
    assert (found.steps > 0).all()
    assert (found.status == 0).all()


def test_sets_above_one_another_have_no_order() -> None:
    game = crossed()
    assert faults(game) == ()
    assert layout_of(game).after.size == 0
    found = solve(game, precision=2.0)
    assert found.steps > 0
    logit = 1 / (1 + np.exp(-2.0))
    assert [share[1] for share in found.shares] == pytest.approx([logit, logit], abs=1e-12)


def test_the_limit_and_other_branches_are_traced() -> None:
    game = random_game(2, leaves=14, seen=1.0)
    n, games = layout_of(game).unknowns, at(game, 3.0, 3.0)
    leans = np.zeros((2, n))
    leans[1] = 0.2
    plain, leaning = solve_games(
        game, games, starts=Starts(leans, np.ones(2, dtype=np.int64))
    ).steps
    assert plain == 0
    assert leaning > 0
    assert solve(game).steps > 0
    (only,) = branches(game, precision=3.0, starts=6)
    assert only.steps == 0


def test_worlds_where_it_is_taken_and_refused_do_not_meet() -> None:
    """What one player's choice adds is the other's too in some worlds, and not in others."""
    game = pennies()
    worlds = [(2.0, 0.0, 3.0, 1.0), (2.0, 0.0, 3.0, 1.3)] * 3
    payoffs = np.zeros((6, 7, 2))
    payoffs[:, list(game.terminals), 0] = worlds
    payoffs[:, list(game.terminals), 1] = np.array(worlds)[:, [0, 2, 1, 3]]
    precisions = np.linspace(1.0, 6.0, 6)
    together = solve_games(game, Games(payoffs, np.zeros((6, 0)), precisions))
    assert ((together.steps == 0) == [True, False] * 3).all()
    for w in range(6):
        part = slice(w, w + 1)
        alone = solve_games(game, Games(payoffs[part], np.zeros((1, 0)), precisions[part]))
        assert all((a[part] == b).all() for a, b in zip(together, alone, strict=True))


@pytest.mark.parametrize("shift", [1e3, 1e7])
def test_far_from_nothing_rounding_costs_time_alone(shift: float) -> None:
    game = random_game(3, leaves=20, seen=1.0)
    moved = two_worlds(game, (shift, -shift)).with_payoffs(
        {k: tuple(x + shift for x in one.payoffs) for k, one in enumerate(game.outcomes)}
    )
    plain, far = solve(game, precision=4.0), solve(moved, precision=4.0)
    assert far.is_converged
    assert np.concatenate(far.shares) == pytest.approx(np.concatenate(plain.shares), abs=1e-7)


@pytest.mark.parametrize("game", [read_efg(SIGNAL), random_game(6, leaves=25), crossed()])
def test_a_layout_is_of_contiguous_arrays(game: Game) -> None:
    for name, array in layout_of(game)._asdict().items():
        assert array.flags.c_contiguous, name
        assert array.dtype in (np.int64, np.bool_), name


def test_after_a_node_comes_what_is_not_below_it() -> None:
    game = random_game(9, leaves=25)
    layout = layout_of(game)
    for n, end in enumerate(layout.after):
        below = {n}
        for k in range(n + 1, len(game.nodes)):
            if game.nodes[k].parent in below:
                below.add(k)
        assert below == set(range(n, end))
