"""What must hold of every game in which all is seen, whatever its numbers."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gametrees import random_game
from glacis.crisis.equilibrium import Games, Starts, solve_games
from glacis.crisis.layout import chance_logs, layout_of, payoffs_of


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    leaves=st.integers(2, 40),
    players=st.integers(1, 3),
    precision=st.floats(0.5, 50.0),
    lean=st.floats(-0.5, 0.5),
)
def test_every_way_leads_to_what_follows_from_the_last_moves(
    seed: int, leaves: int, players: int, precision: float, lean: float
) -> None:
    """There is but one equilibrium at a precision, so curves from anywhere end at it."""
    game = random_game(seed, leaves=leaves, players=players, seen=1.0)
    games = Games(
        np.repeat(payoffs_of(game)[None], 2, axis=0),
        np.repeat(np.exp(chance_logs(game))[None], 2, axis=0),
        np.full(2, precision),
    )
    leans = np.zeros((2, layout_of(game).unknowns))
    leans[1] = lean
    found = solve_games(game, games, starts=Starts(leans, np.ones(2, dtype=np.int64)))
    assert (found.status == 0).all()
    assert found.steps[0] == 0
    assert found.residual[0] <= 1e-12
    assert np.abs(found.share[0] - found.share[1]).max(initial=0.0) <= 1e-10
