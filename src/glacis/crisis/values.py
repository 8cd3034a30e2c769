"""What each action is worth to its mover, given how everybody plays, and how that changes.

An action's worth is what its mover expects after it, believing of the nodes of its information set
what Bayes' rule gives. Ways are kept as logarithms, so beliefs hold where nobody ever comes.
Source: mckelvey-palfrey-1998.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from glacis.crisis.layout import Layout
from glacis.kernels import Floats, put, rule


class Scratch(NamedTuple):
    """Room to work in, for one game at a time."""

    log: Floats
    """(A + C,) logarithm of the probability of every action and draw."""
    share: Floats
    """(A + C,) the probability itself."""
    reach: Floats
    """(N,) logarithm of the probability of coming to a node."""
    belief: Floats
    """(N,) how likely its mover takes a node to be, within its information set."""
    most: Floats
    """(H,) the largest `reach` within a set, to keep exponentials within bounds."""
    total: Floats
    """(H,) what beliefs are divided by."""
    value: Floats
    """(N,) what one player expects from a node on."""
    worth: Floats
    """(A,) what each action is worth to its mover."""
    slope_reach: Floats
    """(N, n) derivatives of `reach` by the unknowns."""
    slope_mean: Floats
    """(H, n) the same, averaged over a set by belief."""
    slope_value: Floats
    """(N, n) of `value`."""
    slope_worth: Floats
    """(A, n) of `worth`."""
    system: Floats
    """(n + 1, n + 3) linear system of a step, two right sides at its end."""


def new_scratch(layout: Layout, draws: int) -> Scratch:
    """Room for games of this form, with `draws` entries of chance."""
    nodes, sets, actions = len(layout.parent), len(layout.owner), len(layout.column)
    n = layout.unknowns
    return Scratch(
        log=np.zeros(actions + draws),
        share=np.zeros(actions + draws),
        reach=np.zeros(nodes),
        belief=np.zeros(nodes),
        most=np.zeros(sets),
        total=np.zeros(sets),
        value=np.zeros(nodes),
        worth=np.zeros(actions),
        slope_reach=np.zeros((nodes, n)),
        slope_mean=np.zeros((sets, n)),
        slope_value=np.zeros((nodes, n)),
        slope_worth=np.zeros((actions, n)),
        system=np.zeros((n + 1, n + 3)),
    )


@rule
def set_shares(layout: Layout, odds: Floats, scratch: Scratch) -> None:
    """The probability of every action from its log odds against the first of its set."""
    for h in range(len(layout.owner)):
        start, end = layout.first[h], layout.first[h + 1]
        top = 0.0
        for a in range(start + 1, end):
            top = max(top, odds[layout.column[a]])
        total = np.exp(-top)
        for a in range(start + 1, end):
            total += np.exp(odds[layout.column[a]] - top)
        base = top + np.log(total)
        scratch.log[start] = -base
        scratch.share[start] = np.exp(-base)
        for a in range(start + 1, end):
            scratch.log[a] = odds[layout.column[a]] - base
            scratch.share[a] = np.exp(scratch.log[a])


@rule
def set_beliefs(layout: Layout, scratch: Scratch) -> None:
    """How likely each node is, and how likely its mover takes it to be once the set is reached."""
    reach, most, total = scratch.reach, scratch.most, scratch.total
    reach[0] = 0.0
    most[:] = -np.inf
    total[:] = 0.0
    for n in range(len(layout.parent)):
        if n > 0:
            reach[n] = reach[layout.parent[n]] + scratch.log[layout.way[n]]
        h = layout.place[n]
        if h >= 0:
            most[h] = max(most[h], reach[n])
    for n in range(len(layout.parent)):
        h = layout.place[n]
        if h >= 0:
            scratch.belief[n] = np.exp(reach[n] - most[h]) if layout.hidden[h] else 1.0
            total[h] += scratch.belief[n]
    for n in range(len(layout.parent)):
        h = layout.place[n]
        if h >= 0 and layout.hidden[h]:
            scratch.belief[n] /= total[h]


@rule
def set_worths(layout: Layout, payoffs: Floats, scratch: Scratch) -> None:
    """What every action is worth to its mover; `payoffs` is (N, players)."""
    value, worth = scratch.value, scratch.worth
    worth[:] = 0.0
    for player in range(payoffs.shape[1]):
        put(payoffs[:, player], value)
        for n in range(len(layout.parent) - 1, 0, -1):
            if layout.watched[player, n]:
                m, way = layout.parent[n], layout.way[n]
                if layout.mover[m] == player:
                    worth[way] += scratch.belief[m] * value[n]
                value[m] += scratch.share[way] * value[n]


@rule
def set_slopes(layout: Layout, payoffs: Floats, scratch: Scratch) -> None:
    """`set_worths`, and how the worths change with every unknown."""
    scratch.worth[:] = 0.0
    scratch.slope_worth[:] = 0.0
    _slope_beliefs(layout, scratch)
    for player in range(payoffs.shape[1]):
        _slope_player(player, layout, payoffs, scratch)


@rule
def _slope_player(player: int, layout: Layout, payoffs: Floats, scratch: Scratch) -> None:
    """The worths of one player's actions, and their slopes.

    Node after node from the last: its part in what the node above and the action that leads here
    are worth. (In one rule, because handing all these arrays on for each node costs more than the
    arithmetic.)
    """
    value, slopes = scratch.value, scratch.slope_value
    put(payoffs[:, player], value)
    slopes[:] = 0.0
    for n in range(len(layout.parent) - 1, 0, -1):
        if not layout.watched[player, n]:
            continue
        low, high = layout.below[n, 0], layout.below[n, 1]
        h = layout.place[n]
        if h >= 0:  # all its branches are in `value` by now
            expected = value[n] - payoffs[n, player]
            for a in range(layout.first[h] + 1, layout.first[h + 1]):
                slopes[n, layout.column[a]] -= scratch.share[a] * expected
        m, way = layout.parent[n], layout.way[n]
        share, h = scratch.share[way], layout.place[m]
        if layout.watched[player, m]:
            for k in range(low, high):
                slopes[m, k] += share * slopes[n, k]
            if h >= 0 and layout.column[way] >= 0:
                slopes[m, layout.column[way]] += share * value[n]
        value[m] += share * value[n]
        if layout.mover[m] != player:
            continue
        belief = scratch.belief[m]
        felt = belief * value[n]
        scratch.worth[way] += felt
        for k in range(low, high):
            scratch.slope_worth[way, k] += belief * slopes[n, k]
        if layout.hidden[h]:
            for k in range(scratch.slope_worth.shape[1]):
                stray = scratch.slope_reach[m, k] - scratch.slope_mean[h, k]
                scratch.slope_worth[way, k] += felt * stray


@rule
def _slope_beliefs(layout: Layout, scratch: Scratch) -> None:
    """How ways to nodes, and their mean over each set with several nodes, change."""
    slopes, mean = scratch.slope_reach, scratch.slope_mean
    mean[:] = 0.0
    for n in range(len(layout.parent)):
        if not layout.leads_to_hidden[n]:
            continue
        if n > 0:
            m, way = layout.parent[n], layout.way[n]
            put(slopes[m], slopes[n])
            h = layout.place[m]
            if h >= 0:
                for a in range(layout.first[h] + 1, layout.first[h + 1]):
                    slopes[n, layout.column[a]] -= scratch.share[a]
                if layout.column[way] >= 0:
                    slopes[n, layout.column[way]] += 1.0
        h = layout.place[n]
        if h >= 0 and layout.hidden[h]:
            belief = scratch.belief[n]
            for k in range(mean.shape[1]):
                mean[h, k] += belief * slopes[n, k]
