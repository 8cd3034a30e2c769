"""What is known of an equilibrium once it is found: how far it is from being one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from glacis.crisis.layout import Layout
from glacis.crisis.values import Scratch
from glacis.kernels import Floats, Ints, put, rule, workshop


class Loss(NamedTuple):
    """Where a player gives up most by how it plays, believing what it does."""

    size: float
    """In payoffs, once the set is reached."""
    place: int
    """The information set; -1 if there is none."""


@rule
def misfit(layout: Layout, precision: float, scratch: Scratch) -> float:
    """Largest difference between how everybody plays and the logit answer to it."""
    worst = 0.0
    for h in range(len(layout.owner)):
        start, end = layout.first[h], layout.first[h + 1]
        top = scratch.worth[start]
        for a in range(start, end):
            top = max(top, scratch.worth[a])
        total = 0.0
        for a in range(start, end):
            total += np.exp(precision * (scratch.worth[a] - top))
        for a in range(start, end):
            answer = np.exp(precision * (scratch.worth[a] - top)) / total
            worst = max(worst, abs(answer - scratch.share[a]))
    return worst


@rule
def largest_loss(layout: Layout, only_last: bool, units: Floats, scratch: Scratch) -> Loss:
    """Of all sets, or of those after which no player moves, the one whose player gives up most.

    Parameters
    ----------
    units
        (players,) by which each player's losses are multiplied.
    """
    size, place = 0.0, -1
    for h in range(len(layout.owner)):
        if layout.final[h] or not only_last:
            start, end = layout.first[h], layout.first[h + 1]
            best, mean = scratch.worth[start], 0.0
            for a in range(start, end):
                best = max(best, scratch.worth[a])
                mean += scratch.share[a] * scratch.worth[a]
            lost = (best - mean) * units[layout.owner[h]]
            if lost > size or place < 0:
                size, place = lost, h
    return Loss(size, place)


@workshop
def set_regrets(layout: Layout, payoffs: Floats, regrets: Floats, scratch: Scratch) -> None:
    """The most that each player would gain by another strategy, all others playing on.

    `scratch` holds how everybody plays; its reach, value and worth are overwritten.
    """
    chosen = np.empty(len(layout.owner), dtype=np.int64)
    for player in range(payoffs.shape[1]):
        expected = _expected(layout, payoffs, player, scratch)
        best = _best_answer(layout, payoffs, player, chosen, scratch)
        regrets[player] = max(0.0, best - expected)


@rule
def _expected(layout: Layout, payoffs: Floats, player: int, scratch: Scratch) -> float:
    value = scratch.value
    put(payoffs[:, player], value)
    for n in range(len(layout.parent) - 1, 0, -1):
        value[layout.parent[n]] += scratch.share[layout.way[n]] * value[n]
    return value[0]


@rule
def _best_answer(
    layout: Layout, payoffs: Floats, player: int, chosen: Ints, scratch: Scratch
) -> float:
    """What `player` can get at best: its last sets are settled first, each by all its nodes.

    Perfect recall makes that exact: which node of a set is reached hangs on the others alone.
    """
    last = -1
    _weigh_nodes(layout, player, scratch)
    for h in range(len(layout.owner)):
        chosen[h] = -1
        if layout.owner[h] == player:
            last = max(last, layout.rank[h])
    for rank in range(last, -1, -1):
        _settled(layout, payoffs, player, chosen, scratch)
        for h in range(len(layout.owner)):
            if layout.owner[h] == player and layout.rank[h] == rank:
                best = layout.first[h]
                for a in range(best + 1, layout.first[h + 1]):
                    if scratch.worth[a] > scratch.worth[best]:
                        best = a
                chosen[h] = best
    return _settled(layout, payoffs, player, chosen, scratch)


@rule
def _weigh_nodes(layout: Layout, player: int, scratch: Scratch) -> None:
    """How likely the others make each node, within its set: logarithms in `reach`."""
    reach, most = scratch.reach, scratch.most
    most[:] = -np.inf
    for n in range(len(layout.parent)):
        if n == 0:
            reach[n] = 0.0
        else:
            m = layout.parent[n]
            slip = 0.0 if layout.mover[m] == player else scratch.log[layout.way[n]]
            reach[n] = reach[m] + slip
        if layout.place[n] >= 0:
            most[layout.place[n]] = max(most[layout.place[n]], reach[n])


@rule
def _settled(layout: Layout, payoffs: Floats, player: int, chosen: Ints, scratch: Scratch) -> float:
    """What `player` expects if it keeps to what is chosen; `worth` of its actions on the way."""
    value, worth = scratch.value, scratch.worth
    put(payoffs[:, player], value)
    worth[:] = 0.0
    for n in range(len(layout.parent) - 1, 0, -1):
        m, way = layout.parent[n], layout.way[n]
        if layout.mover[m] == player:
            h = layout.place[m]
            worth[way] += np.exp(scratch.reach[m] - scratch.most[h]) * value[n]
            if way == chosen[h]:
                value[m] += value[n]
        else:
            value[m] += scratch.share[way] * value[n]
    return value[0]
