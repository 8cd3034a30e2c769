"""Forecasts: what anyone in the model can know of a result to come.

Nobody knows the dice. A forecast is what follows from a world's Quantities and from what has been
seen, learnt on other worlds: each world is foretold by a model that was not fitted on it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from glacis.kernels import Floats

FOLDS = 5
SCREENED = 32
"""How many of the candidates a model looks at, at most: those most correlated with the result."""
WORLDS_EACH = 50
"""Worlds that a model needs for each candidate that it looks at."""
ENOUGH = 1_000
"""Worlds below which forecasts are coarse: they know little of what matters."""
RIDGE = 20.0
"""Penalty on squared weights of standardised columns: the prior's precision."""
STEPS = 50
TOLERANCE = 1e-8
SUREST = 0.995
"""No forecast is surer than that, either way."""


class Columns(NamedTuple):
    """What a forecast may look at, one row a world."""

    known: Floats
    """(W, k) always looked at."""
    candidates: Floats
    """(W, q) looked at if they matter: the places of Quantities in their distributions."""


def chance(happened: Floats, columns: Columns) -> Floats:
    """(W,) probability of what happened (1) or did not (0), each world foretold by the others.

    A ridge logit. Where all worlds of a fold's rest agree, their share is the forecast.

    Notes
    -----
    Source: hoerl-kennard-1970.
    """
    return np.clip(_out_of_fold(happened, columns, is_share=True), 1 - SUREST, SUREST)


def mean(result: Floats, columns: Columns) -> Floats:
    """(W,) what a result is expected to be, each world foretold by the others: ridge regression."""
    return _out_of_fold(result, columns, is_share=False)


def _out_of_fold(result: Floats, columns: Columns, *, is_share: bool) -> Floats:
    """Forecasts fold by fold; worlds go to folds by their number."""
    fold = np.arange(len(result)) % FOLDS
    told = np.empty(len(result))
    for k in range(FOLDS):
        own, others = fold == k, fold != k
        if not others.any():
            told[own] = 0.5 if is_share else 0.0  # nobody else has told anything
            continue
        chosen = _screened(result[others], columns, others)
        table = np.column_stack([columns.known, columns.candidates[:, chosen]])
        centre, spread = table[others].mean(axis=0), table[others].std(axis=0)
        scaled = (table - centre) / np.where(spread > 0, spread, 1.0)
        full = np.column_stack([np.ones(len(scaled)), scaled])
        fit = _logit if is_share else _line
        weights = fit(full[others], result[others])
        told[own] = expit(full[own] @ weights) if is_share else full[own] @ weights
    return told


def _screened(result: Floats, columns: Columns, rows: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The candidates most correlated with the result, in their order."""
    candidates = columns.candidates[rows]
    centred = candidates - candidates.mean(axis=0)
    size = np.sqrt((centred**2).sum(axis=0))
    score = np.abs((result - result.mean()) @ centred) / np.where(size > 0, size, np.inf)
    most = min(SCREENED, len(result) // WORLDS_EACH)
    return np.sort(np.argsort(-score, kind="stable")[:most])


def _line(table: Floats, result: Floats) -> Floats:
    penalty = RIDGE * np.eye(table.shape[1])
    penalty[0, 0] = 0.0
    return np.asarray(np.linalg.solve(table.T @ table + penalty, table.T @ result))


def _logit(table: Floats, result: Floats) -> Floats:
    """Weights of a penalised logit, by Newton's steps that are shortened until they gain."""
    share = np.clip(result.mean(), 1 - SUREST, SUREST)
    weights = np.zeros(table.shape[1])
    weights[0] = np.log(share / (1 - share))
    penalty = np.full(table.shape[1], RIDGE)
    penalty[0] = 1e-6
    best = _cost(weights, table, result, penalty)
    for _ in range(STEPS):
        told = expit(table @ weights)
        slope = table.T @ (result - told) - penalty * weights
        curve = (table * (told * (1 - told))[:, None]).T @ table + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        while (cost := _cost(weights + step, table, result, penalty)) > best + TOLERANCE:
            step = 0.5 * step
        weights, best = weights + step, cost
        if np.abs(step).max() < TOLERANCE:
            break
    return weights


def _cost(weights: Floats, table: Floats, result: Floats, penalty: Floats) -> float:
    """What the weights are to make small: surprise, and the penalty."""
    log_odds = table @ weights
    surprise = np.logaddexp(0.0, log_odds) - result * log_odds
    return float(surprise.sum() + 0.5 * (penalty * weights**2).sum())
