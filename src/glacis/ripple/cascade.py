"""A cascade of crises as a Markov chain in continuous time, solved exactly.

Each theatre is quiet, in crisis, or past it: 3^K states of K theatres. A quiet one falls into
crisis at its hazard, times a factor for every crisis that goes on in its group; a crisis ends at a
constant rate. Hazards are constant within each piece of time.

The chain is solved by uniformisation: a Poisson number of steps of a chain in discrete time. All
terms are positive, so nothing cancels; a world's terms end where more steps have a probability of
1e-20 there, whatever worlds stand beside it, so that chunks give the same bytes. A kernel does it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from glacis.jit import load_kernels
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


def states(theatres: int) -> Ints:
    """(3^K, K) the condition of each theatre in every state; all are quiet in the first."""
    number = np.arange(3**theatres)[:, None]
    return np.asarray(number // 3 ** np.arange(theatres) % 3)


def spread(chain: Chain) -> Floats:
    """(W, 3^K) probability of each of `states` at the end, if all were quiet at the beginning."""
    condition = np.ascontiguousarray(states(len(chain.groups)).T)
    groups = np.array(chain.groups, dtype=np.int64)
    together = np.equal.outer(groups, groups).astype(np.int64)
    busy = together @ (condition == GOING_ON)
    # One layout and none but writeable arrays, so that the kernel is compiled once.
    given = [np.require(part, np.float64, ["C", "W"]) for part in chain[:4]]
    found = np.empty((len(chain.hazards), condition.shape[1]))
    kernel = load_kernels("glacis.ripple.cascade_kernel")
    kernel.spread_worlds(*given, condition, busy, found)
    return found


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
