"""A cascade of crises as a Markov chain in continuous time, solved exactly.

Each theatre is quiet, in crisis, or past it: 3^K states of K theatres. A quiet one falls into
crisis at its hazard, times a factor for every crisis that goes on in its group; a crisis ends at a
constant rate. Hazards are constant within each piece of time.

The chain is solved by uniformisation: a Poisson number of steps of a chain in discrete time. All
terms are positive, so nothing cancels; a world's terms end where its own Poisson masses do,
whatever worlds stand beside it, so that chunks give the same bytes.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy.special import gammaln, xlogy

from glacis.kernels import Floats, Ints

QUIET, GOING_ON, OVER = range(3)
MAX_HAZARD = 100.0
"""Crises a year beyond which more make no difference: one is certain within days."""


class Chain(NamedTuple):
    """Crises to come: W worlds, P pieces of time, K theatres."""

    hazards: Floats
    """(W, P, K) yearly hazards as long as no crisis goes on; above `MAX_HAZARD` they are cut."""
    years: Floats
    """(W, P) length of each piece."""
    rise: Floats
    """(W,) factor on a hazard for each crisis that goes on in its group."""
    ending: Floats
    """(W,) yearly rate at which a crisis ends."""
    groups: tuple[int, ...]
    """(K,) the group of each theatre."""


class _Moves(NamedTuple):
    """All moves of one theatre from one condition to the next, of S states."""

    start: Ints
    """(M,) states that they leave."""
    end: Ints
    """(M,) states that they reach."""
    rate: Floats
    """(W, M) yearly rates."""


def states(theatres: int) -> Ints:
    """(3^K, K) the condition of each theatre in every state; all are quiet in the first."""
    number = np.arange(3**theatres)[:, None]
    return np.asarray(number // 3 ** np.arange(theatres) % 3)


def spread(chain: Chain) -> Floats:
    """(W, 3^K) probability of each of `states` at the end, if all were quiet at the beginning."""
    worlds, pieces, theatres = chain.hazards.shape
    condition = states(theatres)
    found = np.zeros((worlds, len(condition)))
    found[:, 0] = 1.0
    for piece in range(pieces):
        moves = _moves(chain, condition, chain.hazards[:, piece, :])
        found = _later(found, moves, chain.years[:, piece])
    return found


def _moves(chain: Chain, condition: Ints, hazards: Floats) -> list[_Moves]:
    groups = np.array(chain.groups, dtype=np.int64)
    found = []
    for k in range(condition.shape[1]):
        step = 3**k
        quiet = np.flatnonzero(condition[:, k] == QUIET)
        busy = (condition[quiet][:, groups == groups[k]] == GOING_ON).sum(axis=1)
        rate = hazards[:, k, None] * chain.rise[:, None] ** busy
        found.append(_Moves(quiet, quiet + step, np.minimum(rate, MAX_HAZARD)))
        crisis = np.flatnonzero(condition[:, k] == GOING_ON)
        ends = np.broadcast_to(chain.ending[:, None], (len(rate), len(crisis)))
        found.append(_Moves(crisis, crisis + step, ends))
    return found


def _later(now: Floats, moves: list[_Moves], years: Floats) -> Floats:
    """(W, S) probabilities after so many years of constant rates. Exact to rounding."""
    leaving = np.zeros_like(now)
    for move in moves:
        leaving[:, move.start] += move.rate
    pace = leaving.max(axis=1, initial=0.0)
    per_step = 1.0 / np.where(pace > 0, pace, 1.0)[:, None]
    stay = 1.0 - leaving * per_step
    scaled = [move._replace(rate=move.rate * per_step) for move in moves]
    masses = _poisson(pace * years)
    found = masses[:, :1] * now
    for n in range(1, masses.shape[1]):
        before, now = now, now * stay
        for move in scaled:
            now[:, move.end] += before[:, move.start] * move.rate
        found += masses[:, n, None] * now
    return found


def _poisson(mean: Floats) -> Floats:
    """(W, N) Poisson masses of 0 to N - 1, adding up to 1; 0 past each world's own last term."""
    last = np.ceil(mean + 9.0 * np.sqrt(mean) + 20.0)
    count = np.arange(math.floor(last.max(initial=0.0)) + 1)
    masses = np.exp(xlogy(count, mean[:, None]) - mean[:, None] - gammaln(count + 1.0))
    masses = np.where(count <= last[:, None], masses, 0.0)
    return masses / total(masses)[:, None]


def numbers(found: Floats, theatres: int) -> Floats:
    """(W, K + 1) probability that so many theatres have had a crisis, from `spread`."""
    happened = (states(theatres) != QUIET).sum(axis=1)
    return np.stack([total(found[:, happened == n]) for n in range(theatres + 1)], axis=1)


def each(found: Floats, theatres: int) -> Floats:
    """(W, K) probability that each theatre has had a crisis, from `spread`."""
    happened = states(theatres) != QUIET
    columns = [total(found[:, happened[:, k]]) for k in range(theatres)]
    return np.stack(columns, axis=1) if columns else np.zeros((len(found), 0))


def total(columns: Floats) -> Floats:
    """(W,) the sum of (W, n) columns, one after the other.

    numpy's own sums round by the shape in memory, so that a world's would hang on its neighbours.
    """
    found = np.zeros(len(columns))
    for column in columns.T:
        found = found + column
    return found
