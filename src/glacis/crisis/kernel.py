"""A chunk of games of one form, each solved in its own world."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from glacis.crisis.certificate import largest_loss, misfit, set_regrets
from glacis.crisis.induction import settle
from glacis.crisis.layout import NOBODY, Layout
from glacis.crisis.standards import (
    LIMIT,
    LIMIT_REGRET,
    MOST_UNEVEN,
    RESIDUAL,
    SMALLEST_SPAN,
    STEEP,
    WAYPOINT,
)
from glacis.crisis.tracing import BRISK, CAREFUL, CONVERGED, STUCK, Trail, largest, trace
from glacis.crisis.values import Scratch, set_beliefs, set_shares, set_worths
from glacis.kernels import Floats, Ints, kernel, rule, workshop


class Solved(NamedTuple):
    """What is found for each of W worlds."""

    share: Floats
    """(W, A) probability of every action, sets by player and number."""
    belief: Floats
    """(W, N) how likely its mover takes a node to be, within its set; 0 where nobody moves."""
    worth: Floats
    """(W, A) what every action is worth to its mover: payoffs expected in all."""
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


@kernel
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
    actions, n = len(layout.column), leans.shape[1]
    scaled, outlook = np.empty(payoffs.shape[1:]), np.empty(payoffs.shape[1:])
    point, lean = np.empty(n + 1), np.empty(n)
    middles, ranges = np.empty(payoffs.shape[2]), np.empty(payoffs.shape[2])
    for w in range(len(precisions)):
        span = set_scaled(layout, payoffs[w], scaled, middles, ranges)
        scratch.log[actions:] = chances[w]
        scratch.share[actions:] = np.exp(chances[w])
        is_limit = np.isinf(precisions[w])
        goal = LIMIT * unevenness(ranges) if is_limit else precisions[w] * span
        trail = Trail(CONVERGED, 0, 0, 0)
        is_principal = crossings[w] == 1 and not np.any(leans[w])
        first, crossing = WAYPOINT if is_limit and not is_principal else goal, crossings[w]
        lean[:] = first * leans[w]
        is_settled = False
        if is_principal and not is_limit:
            is_settled = settle(layout, scaled, goal, point, outlook, scratch)
        if not is_settled:
            point[:n], point[n] = lean, 0.0
        while goal > 0.0 and n > 0 and not is_settled:
            trail = pursue(layout, scaled, lean, first, crossing, point, scratch)
            if first == goal or trail.status != CONVERGED:
                break
            first, crossing, lean[:] = goal, 1, 0.0  # onward from the waypoint
        if not is_limit:
            point[n] = goal  # it is held to that precision, wherever its way ended
        off = note(w, layout, scaled, middles, ranges, span, point, scratch, solved)
        solved.status[w] = judged(trail.status, goal, off, solved.residual[w], is_limit)
        solved.steps[w], solved.turns[w], solved.forks[w] = trail.steps, trail.turns, trail.forks


@rule
def judged(status: int, goal: float, off: float, residual: float, is_limit: bool) -> int:
    """The status of what was found, by its certificate.

    Parameters
    ----------
    off
        Largest regret or loss, in ranges of its own player's payoffs.
    """
    if is_limit:
        return CONVERGED if off <= LIMIT_REGRET else max(status, STUCK)
    if residual <= RESIDUAL * max(1.0, goal / STEEP):
        return CONVERGED
    is_rounding = goal > STEEP and off <= LIMIT_REGRET
    return status if is_rounding else max(status, STUCK)


@workshop
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
def set_scaled(
    layout: Layout, payoffs: Floats, scaled: Floats, middles: Floats, ranges: Floats
) -> float:
    """What each player gets in all, at the leaves: from its middle, in the widest player's range.

    Nothing is left at other nodes. Middles and ranges of the players are filled in; the widest
    range is returned.
    """
    for player in range(payoffs.shape[1]):
        low, high = np.inf, -np.inf
        for n in range(len(layout.parent)):
            total = payoffs[n, player]
            if n > 0:
                total += scaled[layout.parent[n], player]
            scaled[n, player] = total
            if layout.mover[n] == NOBODY:
                low, high = min(low, total), max(high, total)
        middles[player], ranges[player] = 0.5 * (low + high), high - low
    span = largest(ranges)
    for n in range(len(layout.parent)):
        for player in range(payoffs.shape[1]):
            if layout.mover[n] == NOBODY:
                own = scaled[n, player] - middles[player]
                scaled[n, player] = own / max(span, SMALLEST_SPAN)
            else:
                scaled[n, player] = 0.0
    return span


@rule
def unevenness(ranges: Floats) -> float:
    """How many times wider the widest range of payoffs is than the narrowest that is any."""
    widest, narrowest = largest(ranges), np.inf
    for own in ranges:
        if own > 0.0:
            narrowest = min(narrowest, own)
    return min(widest / narrowest, MOST_UNEVEN) if widest > 0.0 else 0.0


@workshop
def note(
    w: int,
    layout: Layout,
    payoffs: Floats,
    middles: Floats,
    ranges: Floats,
    span: float,
    point: Floats,
    scratch: Scratch,
    solved: Solved,
) -> float:
    """Write down what was found for a world; the largest regret or loss in its player's range."""
    actions = len(layout.column)
    set_shares(layout, point, scratch)
    set_beliefs(layout, scratch)
    set_worths(layout, payoffs, scratch)
    solved.share[w] = scratch.share[:actions]
    for a in range(actions):
        owner = layout.owner[layout.holder[a]]
        solved.worth[w, a] = scratch.worth[a] * span + middles[owner]
    for k in range(len(layout.parent)):
        solved.belief[w, k] = scratch.belief[k] if layout.place[k] >= 0 else 0.0
    solved.residual[w] = misfit(layout, point[-1], scratch)
    plain = np.full(len(ranges), span)
    own = span / np.where(ranges > 0.0, ranges, np.inf)
    last = largest_loss(layout, True, plain, scratch)
    solved.last_loss[w], solved.last_place[w] = last.size, last.place
    solved.loss[w] = largest_loss(layout, False, plain, scratch).size
    off = largest_loss(layout, False, own, scratch).size
    regrets = np.empty(len(ranges))
    set_regrets(layout, payoffs, regrets, scratch)
    solved.regret[w] = np.max(regrets) * span
    return max(off, np.max(regrets * own))
