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

from glacis.jit import load_kernels
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
    shape = leaning.shape[:-1]
    found = np.empty((3, *shape))
    cases = [part.reshape(-1) for part in found]
    members = leaning.shape[-1]
    load_kernels("glacis.alliance.bandwagon_kernel").meet_all(
        np.exp(leaning).reshape(-1, members),
        np.ascontiguousarray(np.broadcast_to(weights, leaning.shape)).reshape(-1, members),
        np.ascontiguousarray(np.broadcast_to(gain, shape)).reshape(-1),
        *cases,
    )
    return FixedPoints(*found)


def willingness(m: Floats, leaning: Floats, weights: Floats, gain: Floats) -> Floats:
    """What willingness follows from expecting `m`."""
    pull = gain * (2 * m - 1)
    return np.asarray(np.sum(weights * expit(leaning + pull[..., None]), axis=-1))
