"""Points at which what is left to normal luck is taken, to add it up exactly enough."""

from __future__ import annotations

from functools import cache

import numpy as np

from glacis.kernels import Floats


@cache
def normal_points(number: int) -> tuple[Floats, Floats]:
    """(number,) points of a standard normal variable, and their weights, which add up to 1.

    Notes
    -----
    Gauss-Hermite: exact for polynomials of degree below twice the number. Read-only, as all callers
    share them.
    """
    points, weights = np.polynomial.hermite_e.hermegauss(number)
    weights = weights / weights.sum()
    for one in (points, weights):
        one.flags.writeable = False
    return points, weights
