"""The chain of crises in a chunk of worlds, each by as many terms as it needs itself.

Nothing but sums, products and quotients of positive numbers in one order: the same bytes in any
chunk, with a compiler and without.
"""

from __future__ import annotations

import math

import numpy as np

from glacis.kernels import Floats, Ints, kernel, rule
from glacis.ripple.cascade import GOING_ON, MAX_HAZARD, QUIET

MOST_STEPS = 500.0
"""Steps expected at once: weights that begin at 1 add up to e^500 at most, and do not overflow."""
REST = 1e-20
"""Probability of more steps than are counted, at most."""


@kernel
def spread_worlds(
    hazards: Floats,
    years: Floats,
    rise: Floats,
    ending: Floats,
    condition: Ints,
    busy: Ints,
    found: Floats,
) -> None:
    """Fill (W, S) `found` with the probability of each state at the end.

    Parameters
    ----------
    hazards, years, rise, ending
        As in `glacis.ripple.cascade.Chain`.
    condition
        (K, S) of each theatre in every state.
    busy
        (K, S) how many crises go on in the group of each theatre.
    """
    theatres, wide = condition.shape
    rise_by, leaving = np.ones(theatres + 1), np.zeros((theatres, wide))
    stay, buffers = np.empty(wide), np.empty((3, wide))
    for w in range(len(found)):
        for n in range(theatres):
            rise_by[n + 1] = rise_by[n] * rise[w]
        here = found[w]
        for s in range(wide):
            here[s] = 0.0
        here[0] = 1.0
        for piece in range(years.shape[1]):
            moves = (condition, busy, leaving, stay)
            steps = set_moves(hazards[w, piece], rise_by, ending[w], *moves) * years[w, piece]
            # In parts that are alike: the chain forgets how long it has been under way.
            parts = max(1, math.ceil(steps / MOST_STEPS))
            for _ in range(parts):
                go_on(here, steps / parts, leaving, stay, buffers)


@rule
def set_moves(
    hazards: Floats,
    rise_by: Floats,
    ending: float,
    condition: Ints,
    busy: Ints,
    leaving: Floats,
    stay: Floats,
) -> float:
    """Set what a step does in one piece of time; the steps expected in a year.

    There are as many as moves from the state that is left soonest.

    Parameters
    ----------
    rise_by
        (K + 1,) factor on a hazard by the number of crises that go on.
    leaving
        (K, S) to be filled: probability that a step is the move of a theatre, from each state.
    stay
        (S,) to be filled: probability that a step leads nowhere.
    """
    theatres, wide = condition.shape
    pace = 0.0
    for s in range(wide):
        rate = 0.0
        for k in range(theatres):
            if condition[k, s] == QUIET:
                leaving[k, s] = min(hazards[k] * rise_by[busy[k, s]], MAX_HAZARD)
            elif condition[k, s] == GOING_ON:
                leaving[k, s] = ending
            rate += leaving[k, s]
        stay[s] = rate
        pace = max(pace, rate)
    per_step = 1.0 / pace if pace > 0.0 else 1.0
    for s in range(wide):
        stay[s] = 1.0 - stay[s] * per_step
        for k in range(theatres):
            leaving[k, s] *= per_step
    return pace


@rule
def go_on(here: Floats, steps: float, leaving: Floats, stay: Floats, buffers: Floats) -> None:
    """Change the probabilities `here` to those after a Poisson number of steps, of that mean."""
    theatres, wide = leaving.shape
    now, after, gathered = buffers[0], buffers[1], buffers[2]
    for s in range(wide):
        now[s] = gathered[s] = here[s]
    weight, total, n = 1.0, 1.0, 0
    # Beyond the mean, weights fall faster than a geometric series, whose sum is known.
    while weight * steps > REST * total * (n + 1 - steps):
        n += 1
        weight *= steps / n
        total += weight
        for s in range(wide):
            after[s] = now[s] * stay[s]
        ahead = 1
        for k in range(theatres):
            odds, reached = leaving[k], after[ahead:]
            for s in range(wide - ahead):
                reached[s] += now[s] * odds[s]
            ahead *= 3
        for s in range(wide):
            gathered[s] += weight * after[s]
        now, after = after, now
    for s in range(wide):
        here[s] = gathered[s] / total
