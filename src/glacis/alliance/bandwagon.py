"""The bandwagon: members lean to what they expect the others to do.

Expected willingness m, a mean of the members weighted by what each carries, is a fixed point of

    m = sum over members of weight x logistic(leaning + shock + gain (2 m - 1)).

A gain of the bandwagon below 2 leaves one fixed point, as the right side then rises more slowly
than the left. Above, there may be a low and a high one with an unstable one between; where a crisis
ends up hangs on where expectations start. If they start anywhere from 0 to 1 alike, the high one
has the weight 1 - (the unstable one).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import expit

from glacis.kernels import Floats

UNIQUE_BELOW = 2.0
TOLERANCE = 1e-10
MOST_STEPS = 200
MOST_CLIMBS = 20_000
HALVINGS = 50
APART = 1e-3
"""Fixed points nearer than this are one."""


class FixedPoints(NamedTuple):
    """Expected willingness in every case; the two are the same where there is only one."""

    low: Floats
    high: Floats
    weight_high: Floats
    """How likely the high one is; 1 where there is only one."""

    @property
    def is_several(self) -> Floats:
        """Whether there are two."""
        return np.asarray(self.high - self.low > APART)


def fixed_points(leaning: Floats, weights: Floats, gain: Floats) -> FixedPoints:
    """The stable fixed points of expected willingness.

    Parameters
    ----------
    leaning
        (..., n) log odds of each member, shock included.
    weights
        (n,) or (..., n), adding up to 1.
    gain
        (...) of the bandwagon, not below 0.
    """
    only = _only(leaning, weights, gain)
    several = np.broadcast_to(gain >= UNIQUE_BELOW, only.shape)
    if not np.any(several):
        return FixedPoints(only, only, np.ones_like(only))
    found = [only.copy(), only.copy(), np.ones_like(only)]
    cases = (
        leaning[several],
        np.broadcast_to(weights, leaning.shape)[several],
        np.broadcast_to(gain, only.shape)[several],
    )
    low, high = (_climbed(np.full(len(cases[0]), start), *cases) for start in (0.0, 1.0))
    turning = _turning(low, high, *cases)
    is_two = high - low > APART
    found[0][several] = np.where(is_two, low, only[several])
    found[1][several] = np.where(is_two, high, only[several])
    found[2][several] = np.where(is_two, 1 - turning, 1.0)
    return FixedPoints(*found)


def willingness(m: Floats, leaning: Floats, weights: Floats, gain: Floats) -> Floats:
    """What willingness follows from expecting `m`."""
    pull = gain * (2 * m - 1)
    return np.asarray(np.sum(weights * expit(leaning + pull[..., None]), axis=-1))


def _only(leaning: Floats, weights: Floats, gain: Floats) -> Floats:
    """A fixed point, by Newton's steps kept between bounds that close in on it.

    Below the gain that allows several it is the only one. Each case stops by itself.
    """
    low, high = np.zeros(leaning.shape[:-1]), np.ones(leaning.shape[:-1])
    m = np.full_like(low, 0.5)
    for _ in range(MOST_STEPS):
        share = expit(leaning + (gain * (2 * m - 1))[..., None])
        off = np.sum(weights * share, axis=-1) - m
        moving = np.abs(off) >= TOLERANCE
        if not moving.any():
            break
        low, high = np.where(off > 0, m, low), np.where(off > 0, high, m)
        slope = 2 * gain * np.sum(weights * share * (1 - share), axis=-1) - 1
        with np.errstate(divide="ignore", invalid="ignore"):
            step = m - off / slope
        inside = np.where((step > low) & (step < high), step, 0.5 * (low + high))
        m = np.where(moving, inside, m)
    return m


def _climbed(start: Floats, leaning: Floats, weights: Floats, gain: Floats) -> Floats:
    """The fixed point that expectations reach from a start: the map is monotone, so they do.

    Each case goes on until it stands still, whatever the others do.
    """
    m, moving = start.copy(), np.ones(len(start), dtype=bool)
    for _ in range(MOST_CLIMBS):
        after = willingness(m[moving], leaning[moving], weights[moving], gain[moving])
        moved = np.abs(after - m[moving])
        m[moving] = after
        moving[moving] = moved > TOLERANCE
        if not moving.any():
            break
    return m


def _turning(low: Floats, high: Floats, leaning: Floats, weights: Floats, gain: Floats) -> Floats:
    """The unstable fixed point between two stable ones, by halving."""
    below, above = low + APART, high - APART
    for _ in range(HALVINGS):
        middle = 0.5 * (below + above)
        falls = willingness(middle, leaning, weights, gain) < middle
        below, above = np.where(falls, middle, below), np.where(falls, above, middle)
    return np.asarray(0.5 * (below + above))
