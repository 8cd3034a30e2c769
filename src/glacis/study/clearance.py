"""Clearing mines (T9): each operation's days foretold from the rates of the other operations.

A rate is mines cleared by one ship in a day. Rates are taken as log-normal, and as there are only a
handful, the next one follows Student's t: mean and spread are as unknown as the rate itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from glacis.errors import InputError
from glacis.kernels import Floats
from glacis.study.arena import Arena
from glacis.study.beds import Operation

FEWEST = 2  # below it a spread is not to be had
PERCENTILES = {"p10": 0.1, "median": 0.5, "p90": 0.9}
_HALVINGS = 80
_LEAST_SCALE = 1e-12  # of values that are all the same

Measured = dict[str, Any]


class Foretold(NamedTuple):
    """One more value of a normal sample: Student's t in each world.

    Source: gelman-2013.
    """

    centre: Floats
    scale: Floats
    freedom: int

    @classmethod
    def after(cls, sample: Floats) -> Foretold:
        """The value that follows those of each row of `sample` (worlds, values).

        Centre is the mean, scale s sqrt(1 + 1/n), with n - 1 degrees of freedom.

        Raises
        ------
        InputError
            If there are fewer than two values.
        """
        n = sample.shape[1]
        if n < FEWEST:
            raise InputError(f"{n} operations to foretell another from: must be at least {FEWEST}")
        scale = sample.std(axis=1, ddof=1) * math.sqrt(1.0 + 1.0 / n)
        return cls(sample.mean(axis=1), np.maximum(scale, _LEAST_SCALE), n - 1)

    def taken_from(self, values: Floats) -> Foretold:
        """What is left of `values`, one a world, when this is taken away."""
        return self._replace(centre=values - self.centre)

    def quantile(self, probability: float) -> float:
        """The value that it stays below with so much probability, over all worlds.

        By halving, and not by draws: whether a bar is met must not hang on luck.
        """
        from scipy.special import stdtr, stdtrit

        each = self.centre + self.scale * stdtrit(self.freedom, probability)
        low, high = float(each.min()), float(each.max())
        for _ in range(_HALVINGS):
            middle = (low + high) / 2.0
            below = stdtr(self.freedom, (middle - self.centre) / self.scale)
            low, high = (middle, high) if below.mean() < probability else (low, middle)
        return high


def clearance(arena: Arena) -> Measured:
    """T9: each operation foretold from the others, and mines of wars from all of them."""
    bed = arena.beds.clearance
    rates = {name: _log_rate(arena, one) for name, one in bed.operations.items()}
    within = bed.bar.within.value
    rows = [
        _row(arena, name, one, next_rate=Foretold.after(_without(rates, name)))
        for name, one in bed.operations.items()
    ]
    for row in rows:
        row["inside"] = row["p10_days"] <= row["observed_days"] <= row["p90_days"]
        row["near"] = 1.0 / within <= row["median_over_observed"] <= within
    pooled = Foretold.after(np.column_stack(list(rates.values())))
    return {
        "operations": len(rows),
        "inside": sum(row["inside"] for row in rows),
        "near": sum(row["near"] for row in rows),
        "mines_a_ship_and_day": _spread(pooled),
        "rows": rows,
        "beside": [_row(arena, name, one, next_rate=pooled) for name, one in bed.beside.items()],
    }


def _log_rate(arena: Arena, operation: Operation) -> Floats:
    """Log of mines cleared by one ship in a day, in each world."""
    return _log_ship_share(arena, operation) - np.log(arena.values(operation.days))


def _log_ship_share(arena: Arena, operation: Operation) -> Floats:
    """Log of the mines that fall to one ship."""
    return np.asarray(np.log(arena.values(operation.mines) / arena.values(operation.ships)))


def _without(rates: Mapping[str, Floats], name: str) -> Floats:
    """(worlds, operations): the rates of all but one."""
    return np.column_stack([rate for other, rate in rates.items() if other != name])


def _row(arena: Arena, name: str, operation: Operation, *, next_rate: Foretold) -> Measured:
    """Days for an operation's mines at the next rate, beside those observed."""
    days = _spread(next_rate.taken_from(_log_ship_share(arena, operation)))
    observed = operation.days.value
    return {
        "operation": name,
        "name": operation.name,
        "observed_days": observed,
        **{f"{which}_days": value for which, value in days.items()},
        "median_over_observed": days["median"] / observed,
    }


def _spread(logs: Foretold) -> dict[str, float]:
    return {name: math.exp(logs.quantile(p)) for name, p in PERCENTILES.items()}
