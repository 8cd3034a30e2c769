"""One linear system of a few dozen unknowns, solved where it stands."""

from __future__ import annotations

import numpy as np

from glacis.kernels import Floats, rule

SMALLEST_PIVOT = 1e-300


@rule
def eliminate(system: Floats) -> int:
    """Solve for every right side at once; the sign of the determinant, 0 if it is singular.

    Gauss's elimination with the largest pivot of each column. The matrix is overwritten; solutions
    stand in the columns behind it.

    Parameters
    ----------
    system
        (n, n + r): the matrix, then r right sides.
    """
    n, width = system.shape
    sign = 1
    for j in range(n):
        best = j
        for i in range(j + 1, n):
            if abs(system[i, j]) > abs(system[best, j]):
                best = i
        if not abs(system[best, j]) > SMALLEST_PIVOT:
            return 0
        if best != j:
            sign = -sign
            for k in range(j, width):
                system[j, k], system[best, k] = system[best, k], system[j, k]
        if system[j, j] < 0.0:
            sign = -sign
        for i in range(j + 1, n):
            factor = system[i, j] / system[j, j]
            if factor != 0.0:
                for k in range(j + 1, width):
                    system[i, k] -= factor * system[j, k]
    substitute(system)
    return sign if np.isfinite(system[0, n]) else 0


@rule
def substitute(system: Floats) -> None:
    """Solutions of a triangular system, from the last unknown to the first."""
    n, width = system.shape
    for j in range(n - 1, -1, -1):
        for k in range(n, width):
            found = system[j, k]
            for i in range(j + 1, n):
                found -= system[j, i] * system[i, k]
            system[j, k] = found / system[j, j]
