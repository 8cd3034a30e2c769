"""PERT Quantities at the points of a Sobol sequence."""

from __future__ import annotations

from typing import Any

from numba import njit

from glacis.directions import GRAIN
from glacis.kernels import Floats, Ints


@njit(nogil=True, cache=True, error_model="numpy")
def draw_pert(
    start: int,
    directions: Any,
    quantities: Ints,
    low: Floats,
    high: Floats,
    shape: Ints,
    nodes: Floats,
    cumulative: Floats,
    guide: Ints,
    drawn: Floats,
) -> None:
    """Fill the rows of `drawn` that `quantities` names, for as many worlds as it has columns.

    Parameters
    ----------
    start
        Number of the first world.
    directions
        (1 + bits, Q) of `Worlds.directions`.
    low, high, shape
        Bounds of every row of `drawn`, and the row of `cumulative` that has its form.
    nodes, cumulative
        Where on 0..1 each form reaches which probability.
    guide
        For even steps of probability, the last node at or below it.
    """
    cells = guide.shape[1]
    for k in range(len(quantities)):
        q = quantities[k]
        form = cumulative[shape[q]]
        hint = guide[shape[q]]
        for w in range(drawn.shape[1]):
            number = start + w
            point = directions[0, k]
            bit = 1
            while number > 0:
                if number & 1:
                    point ^= directions[bit, k]
                number >>= 1
                bit += 1
            u = (point + 0.5) * GRAIN
            node = hint[int(u * cells)]
            while form[node + 1] <= u:
                node += 1
            slope = (nodes[node + 1] - nodes[node]) / (form[node + 1] - form[node])
            share = slope * (u - form[node]) + nodes[node]
            value = low[q] + (high[q] - low[q]) * share
            drawn[q, w] = min(max(value, low[q]), high[q])
