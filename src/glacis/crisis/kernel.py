"""A chunk of games of one form, each solved in its own world."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from glacis.crisis.certificate import largest_loss, misfit, regret
from glacis.crisis.layout import NOBODY, Layout
from glacis.crisis.standards import (
    LIMIT,
    LIMIT_REGRET,
    RESIDUAL,
    SMALLEST_SPAN,
    STEEP,
    WAYPOINT,
)
from glacis.crisis.tracing import BRISK, CAREFUL, CONVERGED, STUCK, Trail, trace
from glacis.crisis.values import Scratch, set_beliefs, set_shares, set_worths
from glacis.kernels import Floats, Ints, borrowed, rule


class Solved(NamedTuple):
    """What is found for each of W worlds."""

    share: Floats
    """(W, A) probability of every action, sets by player and number."""
    belief: Floats
    """(W, N) how likely its mover takes a node to be, within its set; 0 where nobody moves."""
    worth: Floats
    """(W, A) what every action is worth to its mover, in payoffs."""
    residual: Floats
    """(W,) largest difference between how everybody plays and the logit answer to it."""
    regret: Floats
    """(W,) the most that any player would gain by another strategy, in payoffs."""
    loss: Floats
    """(W,) the most that a player gives up by how it plays at any set, believing what it does."""
    last_loss: Floats
    """(W,) the most that a player gives up by a last move, in payoffs."""
    last_place: Ints
    """(W,) the set where it does; -1 if the game has none."""
    status: Ints
    """(W,) `CONVERGED`, `STUCK` or `TOO_LONG`."""
    steps: Ints
    """(W,) steps along the curve."""
    turns: Ints
    """(W,) how often it turned back."""
    forks: Ints
    """(W,) how often it crossed another."""


@njit(nogil=True, cache=True, error_model="numpy")
def solve_games(
    layout: Layout,
    payoffs: Floats,
    chances: Floats,
    precisions: Floats,
    leans: Floats,
    crossings: Ints,
    scratch: Scratch,
    solved: Solved,
) -> None:
    """Fill `solved` with the equilibrium of every world.

    Parameters
    ----------
    payoffs
        (W, N, players) what each player gets at each node.
    chances
        (W, C) logarithms of the probabilities of chance.
    precisions
        (W,) of choice, by the unit of payoffs; infinite for the limit.
    leans
        (W, n) what draws everybody to each action at first, in ranges of payoffs: it fades out as
        precision nears its goal. Nothing but 0 for the principal branch.
    crossings
        (W,) which crossing of that precision counts; 1 for the first.
    """
    layout, scratch, solved = borrowed(layout), borrowed(scratch), borrowed(solved)
    payoffs, chances = borrowed(payoffs), borrowed(chances)
    actions, n = len(layout.column), leans.shape[1]
    scaled = np.empty(payoffs.shape[1:])
    point, lean = np.empty(n + 1), np.empty(n)
    for w in range(len(precisions)):
        span = span_of(layout, payoffs[w], scaled)
        scaled[:] = payoffs[w] / max(span, SMALLEST_SPAN)
        scratch.log[actions:] = chances[w]
        scratch.share[actions:] = np.exp(chances[w])
        is_limit = np.isinf(precisions[w])
        goal = LIMIT if is_limit else precisions[w] * span
        trail = Trail(CONVERGED, 0, 0, 0)
        is_aside = is_limit and (crossings[w] > 1 or np.any(leans[w]))
        first = WAYPOINT if is_aside else goal
        lean[:] = first * leans[w]
        point[:n], point[n] = lean, 0.0
        crossing = crossings[w]
        while goal > 0.0 and n > 0:
            trail = pursue(layout, scaled, lean, first, crossing, point, scratch)
            if first == goal or trail.status != CONVERGED:
                break
            first, crossing, lean[:] = goal, 1, 0.0  # onward from the waypoint
        note(w, layout, scaled, span, point, scratch, solved)
        status = trail.status
        if goal > STEEP:
            is_rational = max(solved.regret[w], solved.loss[w]) <= LIMIT_REGRET * span
            status = CONVERGED if is_rational else max(status, STUCK)
        elif status == CONVERGED and not solved.residual[w] <= RESIDUAL:
            status = STUCK
        solved.status[w], solved.steps[w] = status, trail.steps
        solved.turns[w], solved.forks[w] = trail.turns, trail.forks


@rule
def pursue(
    layout: Layout,
    payoffs: Floats,
    lean: Floats,
    goal: float,
    crossing: int,
    point: Floats,
    scratch: Scratch,
) -> Trail:
    """Follow a curve to `goal`; once more with care if it gets stuck."""
    start = point.copy()
    trail = Trail(STUCK, 0, 0, 0)
    for pace in (BRISK, CAREFUL):
        point[:] = start
        trail = trace(layout, payoffs, lean, goal, crossing, pace, point, scratch)
        if trail.status == CONVERGED:
            break
    return trail


@rule
def span_of(layout: Layout, payoffs: Floats, total: Floats) -> float:
    """From the least to the most that any player can get; `total` is overwritten."""
    low, high = np.inf, -np.inf
    for n in range(len(layout.parent)):
        for player in range(payoffs.shape[1]):
            total[n, player] = payoffs[n, player]
            if n > 0:
                total[n, player] += total[layout.parent[n], player]
            if layout.mover[n] == NOBODY:
                low, high = min(low, total[n, player]), max(high, total[n, player])
    return high - low


@rule
def note(
    w: int,
    layout: Layout,
    payoffs: Floats,
    span: float,
    point: Floats,
    scratch: Scratch,
    solved: Solved,
) -> None:
    """Write down what was found for a world, and how good it is."""
    actions = len(layout.column)
    set_shares(layout, point, scratch)
    set_beliefs(layout, scratch)
    set_worths(layout, payoffs, scratch)
    solved.share[w] = scratch.share[:actions]
    solved.worth[w] = scratch.worth * span
    for k in range(len(layout.parent)):
        solved.belief[w, k] = scratch.belief[k] if layout.place[k] >= 0 else 0.0
    solved.residual[w] = misfit(layout, point[-1], scratch)
    last = largest_loss(layout, True, scratch)
    solved.last_loss[w], solved.last_place[w] = last.size * span, last.place
    solved.loss[w] = largest_loss(layout, False, scratch).size * span
    solved.regret[w] = regret(layout, payoffs, scratch) * span
