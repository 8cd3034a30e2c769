"""Forecasts: what anyone in the model can know of a result to come.

Nobody knows the dice. A forecast is what follows from a world's Quantities and from what has been
seen, learnt on other worlds: each world is foretold by a model that was not fitted on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from glacis.kernels import Floats

FOLDS = 5
SCREENED = 32
"""How many of the candidates a model looks at, at most: those most correlated with the result."""
SIGNIFICANT = 3.5
"""Standard errors that a correlation must have: among a thousand candidates two have by chance."""
WORLDS_EACH = 50
"""Worlds that a model needs for each candidate that it looks at."""
ENOUGH = 1_000
"""Worlds below which forecasts are coarse: they know little of what matters."""
RIDGE = 12.0
"""Penalty on squared weights of standardised columns: the prior's precision."""
STEPS = 50
TOLERANCE = 1e-8
SUREST = 0.995
"""No forecast is surer than that, either way."""


@dataclass(frozen=True)
class Candidates:
    """What forecasts look at if it matters: the places of Quantities in their distributions."""

    table: Floats
    """(W, q), one row a world."""

    @cached_property
    def spreads(self) -> Floats:
        """(folds, q) standard deviations over all worlds but those of each fold."""
        fold = np.arange(len(self.table)) % FOLDS
        rest = (self.table[fold != k] for k in range(FOLDS))
        return np.stack([np.zeros(self.table.shape[1]) if not len(t) else t.std(0) for t in rest])


class Columns(NamedTuple):
    """What a forecast may look at, one row a world."""

    known: Floats
    """(W, k) always looked at."""
    candidates: Candidates


def chance(happened: Floats, columns: Columns, *, at: Sequence[Floats] = ()) -> Floats:
    """(W,) probability of what happened (1) or did not (0), each world foretold by the others.

    A ridge logit; a probability may stand for what happened. Where all worlds of a fold's rest
    agree, their share is the forecast.

    Parameters
    ----------
    at
        Other states of what is known, each (W, k): the forecasts are then those of them,
        (states, W).

    Notes
    -----
    Source: hoerl-kennard-1970.
    """
    told = _out_of_fold(happened, columns, at or (columns.known,), is_share=True)
    told = np.clip(told, 1 - SUREST, SUREST)
    return told if len(at) else told[0]


def mean(result: Floats, columns: Columns, *, at: Sequence[Floats] = ()) -> Floats:
    """(W,) what a result is expected to be, each world foretold by the others: ridge regression.

    Parameters
    ----------
    at
        As for `chance`.
    """
    told = _out_of_fold(result, columns, at or (columns.known,), is_share=False)
    return told if len(at) else told[0]


def _out_of_fold(
    result: Floats, columns: Columns, at: Sequence[Floats], *, is_share: bool
) -> Floats:
    """(states, W) forecasts fold by fold; worlds go to folds by their number."""
    fold = np.arange(len(result)) % FOLDS
    told = np.empty((len(at), len(result)))
    for k in range(FOLDS):
        own, others = fold == k, fold != k
        if not others.any():
            told[:, own] = 0.5 if is_share else 0.0  # nobody else has told anything
            continue
        matters = _screened(np.where(own, result[others].mean(), result), columns.candidates, k)
        chosen = columns.candidates.table[:, matters]
        table = np.column_stack([columns.known, chosen])[others]
        centre, spread = table.mean(axis=0), table.std(axis=0)
        spread = np.where(spread > 0, spread, 1.0)
        fit = _logit if is_share else _line
        weights = fit(_scaled(table, centre, spread), result[others])
        k_known = columns.known.shape[1]
        rest = _scaled(chosen[own], centre[k_known:], spread[k_known:])
        base = rest @ np.concatenate([weights[:1], weights[1 + k_known :]])
        for s, known in enumerate(at):
            state = (known[own] - centre[:k_known]) / spread[:k_known]
            found = base + state @ weights[1 : 1 + k_known]
            told[s, own] = expit(found) if is_share else found
    return told


def _scaled(table: Floats, centre: Floats, spread: Floats) -> Floats:
    """Columns from their centres, in their spreads, after one of ones."""
    return np.column_stack([np.ones(len(table)), (table - centre) / spread])


def _screened(result: Floats, candidates: Candidates, fold: int) -> NDArray[np.int64]:
    """The candidates most correlated with the result, in their order.

    Parameters
    ----------
    result
        (W,) with its mean in the worlds that are not looked at.
    """
    spread, learnt_on = candidates.spreads[fold], len(result) - len(result[fold::FOLDS])
    deviation = result - result.mean()
    scale = np.linalg.norm(deviation) * spread
    shared = deviation @ candidates.table
    score = np.abs(shared) / np.where(scale > 0, scale, np.inf)  # correlation, in its errors
    most = min(SCREENED, learnt_on // WORLDS_EACH)
    chosen = np.argsort(-score, kind="stable")[:most]
    return np.sort(chosen[score[chosen] >= SIGNIFICANT])


def _line(table: Floats, result: Floats) -> Floats:
    penalty = RIDGE * np.eye(table.shape[1])
    penalty[0, 0] = 0.0
    return np.asarray(np.linalg.solve(table.T @ table + penalty, table.T @ result))


def _logit(table: Floats, result: Floats) -> Floats:
    """Weights of a penalised logit, by Newton's steps that are shortened until they gain."""
    share = np.clip(result.mean(), 1 - SUREST, SUREST)
    weights = np.zeros(table.shape[1])
    weights[0] = np.log(share / (1 - share))
    # A rare event tells little, and so must outweigh less.
    penalty = np.full(table.shape[1], RIDGE * 4.0 * share * (1.0 - share))
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
