"""The crisis game's solver held to Gambit's, and to its own certificate on random games (T11).

Gambit's answers are in ``gambit.json``; `scripts/gambit` asks for them again.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from glacis.crisis.efg import read_efg
from glacis.crisis.equilibrium import Games, solve_games
from glacis.crisis.layout import layout_of
from glacis.crisis.standards import LIMIT_REGRET, RESIDUAL
from glacis.crisis.tree import CHANCE, Game
from glacis.executor import Runner
from glacis.kernels import Floats

AGREEMENT = 1e-6
CONVERGING = 0.999
LEAST_PRECISION, MOST_PRECISION = 0.5, 50.0

_GOLDEN = Path(__file__).with_name("gambit.json")


@dataclass(frozen=True)
class Golden:
    """One tree, its draws of numbers, and how Gambit says that it is played."""

    name: str
    game: Game
    games: Games
    """A world for each draw and precision."""
    shares: Floats
    """(W, A) Gambit's probabilities."""


@cache
def golden() -> tuple[Golden, ...]:
    """Gambit's answers, tree by tree."""
    record = json.loads(_GOLDEN.read_text(encoding="utf-8"))
    return tuple(_of_tree(record, at) for at in range(len(record["trees"])))


def _of_tree(record: Mapping[str, Any], at: int) -> Golden:
    game = read_efg(record["trees"][at]["efg"])
    draws = [draw for draw in record["draws"] if draw["tree"] == at]
    asked = [
        (draw, precision, shares)
        for draw in draws
        for precision, shares in zip(draw["precisions"], draw["shares"], strict=True)
    ]
    games = Games(
        payoffs=leaf_payoffs(game, np.array([draw["payoffs"] for draw, _, _ in asked])),
        chances=np.array([np.concatenate(draw["chances"]) for draw, _, _ in asked]),
        precisions=np.array([precision for _, precision, _ in asked]),
    )
    shares = np.array([told for _, _, told in asked])
    return Golden(record["trees"][at]["name"], game, games, shares)


def leaf_payoffs(game: Game, given: Floats) -> Floats:
    """(W, N, players) from what is paid at the leaves, (W, leaves, players); nothing elsewhere."""
    payoffs = np.zeros((len(given), len(game.nodes), len(game.players)))
    payoffs[:, list(game.terminals)] = given
    return payoffs


def random_games(game: Game, worlds: int, *, seed: int) -> Games:
    """Standard normal payoffs at the leaves, even chances, precision log-uniform from 0.5 to 50."""
    luck = np.random.Generator(np.random.Philox(seed))
    given = luck.normal(size=(worlds, len(game.terminals), len(game.players)))
    draws = [one for one in game.sets if one.player == CHANCE]
    chances = [
        luck.dirichlet(np.ones(len(one.actions)), size=worlds) if worlds else np.zeros((0, 0))
        for one in draws
    ]
    reach = math.log(LEAST_PRECISION), math.log(MOST_PRECISION)
    precisions = np.exp(luck.uniform(*reach, size=worlds))
    joined = np.concatenate(chances, axis=1) if chances else np.zeros((worlds, 0))
    return Games(leaf_payoffs(game, given), joined, precisions)


def solver_figures(worlds: int, *, seed: int, runner: Runner | None = None) -> dict[str, Any]:
    """T11: agreement with Gambit, and what the certificate says of `worlds` random games a tree."""
    rows = [_row(one, worlds, seed=seed, runner=runner) for one in golden()]
    games, compared, stuck, limits_stuck = (
        sum(row[name] for row in rows)
        for name in ("random_games", "compared", "not_converged", "limits_not_converged")
    )
    return {
        "compared": compared,
        "largest_difference": max(row["largest_difference"] for row in rows),
        "random_games": games,
        "converged_share": 1.0 - stuck / games,
        "largest_residual": max(row["largest_residual"] for row in rows),
        "limit_converged_share": 1.0 - limits_stuck / games,
        "largest_limit_regret": max(row["largest_limit_regret"] for row in rows),
        "rows": rows,
    }


def _row(one: Golden, worlds: int, *, seed: int, runner: Runner | None) -> dict[str, Any]:
    compared = solve_games(one.game, one.games, runner=runner)
    difference = np.abs(compared.share - one.shares).max()
    games = random_games(one.game, worlds, seed=seed)
    found = solve_games(one.game, games, runner=runner)
    endless = games._replace(precisions=np.full(worlds, np.inf))
    limits = solve_games(one.game, endless, runner=runner)
    span = np.ptp(games.payoffs[:, list(one.game.terminals)], axis=(1, 2))
    return {
        "tree": one.name,
        "leaves": len(one.game.terminals),
        "free_actions": layout_of(one.game).unknowns,
        "compared": len(one.games.precisions),
        "largest_difference": float(difference),
        "random_games": worlds,
        "not_converged": int(np.sum(found.status != 0)),
        "largest_residual": float(found.residual[found.status == 0].max(initial=0.0)),
        "limits_not_converged": int(np.sum(limits.status != 0)),
        "largest_limit_regret": float((limits.regret / span)[limits.status == 0].max(initial=0.0)),
    }


__all__ = ["AGREEMENT", "CONVERGING", "LIMIT_REGRET", "RESIDUAL", "golden", "solver_figures"]
