"""Equilibrium from the last moves upward, where beliefs do not bear on what is chosen.

What an action is worth hangs on what is played below it. If, with that known, every node of a set
tells the same of what its actions gain over one another, so does any belief, and the set is
settled. Where all are, there is no other equilibrium at that precision: the principal branch leads
there and need not be followed. Source: mckelvey-palfrey-1998.
"""

from __future__ import annotations

import numpy as np

from glacis.crisis.layout import Layout
from glacis.crisis.standards import ALIKE
from glacis.crisis.values import Scratch
from glacis.kernels import Floats, Ints, put, rule


@rule
def settle(
    layout: Layout,
    payoffs: Floats,
    precision: float,
    point: Floats,
    outlook: Floats,
    scratch: Scratch,
) -> bool:
    """Whether all sets can be settled from the last moves upward; if so, their odds in `point`.

    A set is settled at the last of its nodes, with which the others must agree. (All nodes are gone
    through in one rule, because handing all these arrays on for each costs more than the
    arithmetic.)

    Parameters
    ----------
    payoffs
        (N, players), in shares of their range, at leaves only.
    precision
        As much larger.
    outlook
        (N, players) to be filled with what every player expects from a node on.
    """
    after, way, place = layout.after, layout.way, layout.place
    gain, share, total = scratch.worth, scratch.share, scratch.total
    total[:] = 0.0
    for n in range(len(after) - 1, -1, -1):
        put(payoffs[n], outlook[n])
        h = place[n]
        if h >= 0:
            owner, is_last = layout.owner[h], total[h] == 0.0
            child = n + 1
            while child < after[n]:
                gained = outlook[child, owner] - outlook[n + 1, owner]
                if is_last:
                    gain[way[child]] = gained
                elif not abs(gained - gain[way[child]]) <= ALIKE:
                    return False
                child = after[child]
            if is_last:
                total[h] = share_out(layout.first[h], layout.first[h + 1], precision, gain, share)
        child = n + 1
        while child < after[n]:
            for player in range(outlook.shape[1]):
                outlook[n, player] += share[way[child]] * outlook[child, player]
            child = after[child]
    set_odds(layout.column, precision, gain, point)
    return len(after) > 0


@rule
def share_out(start: int, end: int, precision: float, gain: Floats, share: Floats) -> float:
    """The logit answer of one set, in `share`; what its weights add up to."""
    top, total = 0.0, 0.0
    for a in range(start, end):
        top = max(top, gain[a])
    for a in range(start, end):
        share[a] = np.exp(precision * (gain[a] - top))
        total += share[a]
    for a in range(start, end):
        share[a] /= total
    return total


@rule
def set_odds(column: Ints, precision: float, gain: Floats, point: Floats) -> None:
    """The point of the curve at which actions gain so much over the first of their set."""
    for a in range(len(column)):
        if column[a] >= 0:
            point[column[a]] = precision * gain[a]
    point[-1] = precision
