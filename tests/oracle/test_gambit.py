"""Our equilibria are Gambit's, in every action's probability."""

from __future__ import annotations

import numpy as np
import pytest

from glacis.crisis.equilibrium import solve_games
from glacis.study.games import AGREEMENT, Golden, golden, random_games, solver_figures


def test_there_are_enough_of_them() -> None:
    trees = golden()
    draws = sum(len({row.tobytes() for row in one.games.payoffs}) for one in trees)
    assert draws >= 200
    assert [len(one.game.terminals) for one in trees] == [14, 28, 44]


@pytest.mark.parametrize("tree", golden(), ids=lambda one: one.name)
def test_every_probability_agrees(tree: Golden) -> None:
    found = solve_games(tree.game, tree.games)
    assert (found.status == 0).all()
    assert np.abs(found.share - tree.shares).max() <= AGREEMENT


@pytest.mark.parametrize("tree", golden(), ids=lambda one: one.name)
def test_random_games_converge(tree: Golden) -> None:
    games = random_games(tree.game, 1_000, seed=11)
    found = solve_games(tree.game, games)
    assert (found.status == 0).mean() >= 0.999
    assert found.residual[found.status == 0].max() <= 1e-8


def test_the_figures_are_plain() -> None:
    found = solver_figures(40, seed=2)
    assert found["largest_difference"] <= AGREEMENT
    assert [row["leaves"] for row in found["rows"]] == [14, 28, 44]
    assert found["converged_share"] == 1.0
