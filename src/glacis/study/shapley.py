"""Shapley values: what each part of a whole adds, taken over all orders in which to add them.

Parts help or replace one another, so what one adds depends on which are there already. The Shapley
value of a part is the mean of what it adds over every order of the parts. The values of all parts
sum to what the whole is worth above nothing, parts that do the same get the same, and one that
changes nothing gets nothing; no other additive rule does all three. Three limits. The values speak
of these parts only: split one, and the others' values change. All sets of parts count, those too
that nobody would build. And a value is no forecast of what taking that part away would cost: that
is the difference between two coalitions, and can be far smaller where another part steps in.

Source: shapley-1953.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import factorial

import numpy as np

from glacis.errors import InputError
from glacis.kernels import Floats

__all__ = ["coalitions", "shapley"]

MOST_PARTS = 10
"""Each part doubles the number of coalitions; these have 1,024."""
TOLD = 3
"""How many missing coalitions an error names."""


def coalitions(parts: Sequence[str]) -> list[frozenset[str]]:
    """All sets of parts: none first, all last, smaller before larger, else in the parts' order.

    Raises
    ------
    InputError
        If a part is named twice, or there are too many.
    """
    twice = sorted({part for part in parts if list(parts).count(part) > 1})
    if twice:
        raise InputError(f"parts {', '.join(twice)}: must be named once; remove the others")
    if len(parts) > MOST_PARTS:
        raise InputError(
            f"{len(parts)} parts: must be at most {MOST_PARTS}; join some that go together"
        )
    sizes = range(len(parts) + 1)
    return [frozenset(chosen) for size in sizes for chosen in combinations(parts, size)]


def shapley(values: Mapping[frozenset[str], Floats], parts: Sequence[str]) -> dict[str, Floats]:
    """The Shapley value of each part in each world, exactly: (W,) each, in the values' unit.

    Parameters
    ----------
    values
        (W,) what each coalition is worth, for all that `coalitions` gives. A world in which one of
        them is not finite has no values (NaN).
    parts
        Names, 10 at most.

    Raises
    ------
    InputError
        If a coalition is missing, shapes differ, or the parts are none that `coalitions` takes.

    Notes
    -----
    Source: shapley-1953.
    """
    table = _table(values, coalitions(parts))
    is_told = np.isfinite(table).all(axis=0)
    shares = _weights(parts) @ np.where(is_told, table, 0.0)
    return dict(zip(parts, np.where(is_told, shares, np.nan), strict=True))


def _table(values: Mapping[frozenset[str], Floats], every: Sequence[frozenset[str]]) -> Floats:
    """(coalitions, W) values in the coalitions' order."""
    missing = [_name(one) for one in every if one not in values]
    if missing:
        named = ", ".join(missing[:TOLD]) + (", ..." if len(missing) > TOLD else "")
        raise InputError(
            f"values: must hold all {len(every)} coalitions ({len(missing)} missing: {named}); "
            "run those too"
        )
    rows = [np.asarray(values[one], dtype=np.float64) for one in every]
    for one, row in zip(every, rows, strict=True):
        if row.shape != rows[0].shape:
            raise InputError(
                f"values of {_name(one)}: must have the shape {rows[0].shape} of the others "
                f"(got {row.shape}); run all in the same worlds"
            )
    return np.stack(rows)


def _name(coalition: frozenset[str]) -> str:
    return " + ".join(sorted(coalition)) or "(no part)"


def _weights(parts: Sequence[str]) -> Floats:
    """(parts, coalitions) by which each coalition's worth enters each part's value.

    Of the n! orders, |S|! (n - |S| - 1)! add the part just after the coalition S.
    """
    n = len(parts)
    orders = [factorial(k) * factorial(n - 1 - k) / factorial(n) for k in range(n)]
    rows = [
        [orders[len(one) - 1] if part in one else -orders[len(one)] for one in coalitions(parts)]
        for part in parts
    ]
    return np.array(rows).reshape(n, 2**n)
