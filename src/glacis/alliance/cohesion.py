"""Cohesion in a long war: on which day the alliance's will gives out, if it does.

The will of those that carry the war starts at a reserve once the answer is full, and falls with
the logarithm of the dead, with the months, and with every class of munitions that has run out. The
day on which it is spent ends the effort.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from glacis.kernels import Floats
from glacis.scenario.alliance import Cohesion
from glacis.scenario.quantity import UNITS
from glacis.worlds import Worlds

DAYS_A_MONTH = UNITS["months"][1] / UNITS["days"][1]
CAUSES = ("losses", "months", "empty stocks")


class Strain(NamedTuple):
    """A long war as its record tells it: W worlds, D days."""

    dead: Floats
    """(W, D) allied dead up to each day."""
    empty: Floats
    """(W, D) classes of munitions that have run out by then."""


class Held(NamedTuple):
    """How long the will lasts in each of W worlds."""

    day: Floats
    """(W,) the day on which it is spent; infinite if it lasts through the record."""
    cause: Floats
    """(W,) index in `CAUSES` of what weighed most on that day, or at the end."""
    left: Floats
    """(W,) log odds left at the end, or at that day."""


def cohesion(numbers: Cohesion, worlds: Worlds, strain: Strain, *, luck: Floats) -> Held:
    """On which day cohesion ends the effort, in each world.

    Parameters
    ----------
    strain
        Day by day from the decision on; the dead and the empty classes never grow fewer.
    luck
        (W,) uniform from 0 to 1: what this war's reserve is beside that of others.

    Notes
    -----
    Source: mueller-1973.
    """
    of = {name: value[:, None] for name, value in worlds.record(numbers).items()}
    days = np.arange(strain.dead.shape[1])
    doublings = np.log2(np.maximum(strain.dead / of["felt_from"], 1.0))
    weights = np.stack(
        [
            of["losses"] * doublings,
            of["months"] * (days / DAYS_A_MONTH),
            of["empty"] * strain.empty,
        ]
    )
    reserve = of["reserve"] + of["spread"] * ndtri(luck)[:, None]
    left = reserve - weights.sum(axis=0)
    spent = left < 0
    ends = np.where(spent.any(axis=1), spent.argmax(axis=1), len(days) - 1)
    row = np.arange(len(ends))
    day = np.where(spent.any(axis=1), ends.astype(float), math.inf)
    return Held(day, weights[:, row, ends].argmax(axis=0), left[row, ends])
