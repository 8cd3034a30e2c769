"""Fixed points of expected willingness, one case at a time (`glacis.alliance.bandwagon`).

Members come as odds, the exponentials of their leanings: what all share is then one factor, and no
exponential is taken for each of them.
"""

from __future__ import annotations

import math

from glacis.alliance.bandwagon import (
    APART,
    HALVINGS,
    MOST_CLIMBS,
    MOST_STEPS,
    TOLERANCE,
    UNIQUE_BELOW,
)
from glacis.kernels import Floats, kernel, rule


@kernel
def meet_all(
    odds: Floats, weights: Floats, gain: Floats, low: Floats, high: Floats, weight_high: Floats
) -> None:
    """Fill the fixed points of C cases.

    Parameters
    ----------
    odds, weights
        (C, n) of each member: the exponential of its leaning, and what it carries.
    gain, low, high, weight_high
        (C,)
    """
    for c in range(len(gain)):
        low[c], high[c], weight_high[c] = meet(odds[c], weights[c], 1.0, gain[c])


@rule
def meet(odds: Floats, weights: Floats, shared: float, gain: float) -> tuple[float, float, float]:
    """Both stable fixed points and the weight of the high one; twice the same if there is one."""
    if gain < UNIQUE_BELOW:
        only = settle(odds, weights, shared, gain)
        return only, only, 1.0
    low = climb(0.0, odds, weights, shared, gain)
    high = climb(1.0, odds, weights, shared, gain)
    if high - low <= APART:
        only = settle(odds, weights, shared, gain)
        return only, only, 1.0
    return low, high, 1.0 - turning(low, high, odds, weights, shared, gain)


@rule
def willing(m: float, odds: Floats, weights: Floats, shared: float, gain: float) -> float:
    """What willingness follows from expecting `m`."""
    lift = shared * math.exp(gain * (2.0 * m - 1.0))
    total = 0.0
    for i in range(len(odds)):
        lifted = odds[i] * lift
        total += weights[i] * lifted / (1.0 + lifted)
    return total


@rule
def settle(odds: Floats, weights: Floats, shared: float, gain: float) -> float:
    """A fixed point, by Newton's steps kept between bounds that close in on it."""
    low, high, m = 0.0, 1.0, 0.5
    for _ in range(MOST_STEPS):
        lift = shared * math.exp(gain * (2.0 * m - 1.0))
        total, slope = 0.0, 0.0
        for i in range(len(odds)):
            lifted = odds[i] * lift
            share = lifted / (1.0 + lifted)
            total += weights[i] * share
            slope += weights[i] * share * (1.0 - share)
        off = total - m
        if abs(off) < TOLERANCE:
            break
        if off > 0.0:
            low = m
        else:
            high = m
        m -= off / (2.0 * gain * slope - 1.0)
        if not low < m < high:
            m = 0.5 * (low + high)
    return m


@rule
def climb(start: float, odds: Floats, weights: Floats, shared: float, gain: float) -> float:
    """The fixed point that expectations reach from a start: the map is monotone, so they do."""
    m = start
    for _ in range(MOST_CLIMBS):
        after = willing(m, odds, weights, shared, gain)
        moved = abs(after - m)
        m = after
        if moved <= TOLERANCE:
            break
    return m


@rule
def turning(
    low: float, high: float, odds: Floats, weights: Floats, shared: float, gain: float
) -> float:
    """The unstable fixed point between two stable ones, by halving."""
    below, above = low + APART, high - APART
    for _ in range(HALVINGS):
        middle = 0.5 * (below + above)
        if willing(middle, odds, weights, shared, gain) < middle:
            below = middle
        else:
            above = middle
    return 0.5 * (below + above)
