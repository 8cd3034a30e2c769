"""Many Quantities drawn for a chunk of worlds at once.

`Worlds.values` draws any Quantity, one at a time and under the interpreter's lock. Most of a
scenario's numbers are PERT or uniform ranges that nothing correlates; a kernel draws those
together, to the same last digit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from glacis.jit import load_kernels
from glacis.kernels import Floats, Ints
from glacis.scenario.quantity import Quantity, pert_table
from glacis.worlds import Worlds

RANGES = ("pert", "uniform")
"""Shapes that a kernel draws."""
_EVEN = 0.5  # a mode in the middle
_CELLS = 512  # of the guide to a table of cumulative probabilities


class _Ranges(NamedTuple):
    """The ranges among Q Quantities, as the kernel takes them."""

    low: Floats
    """(Q,) bounds; those of others are not read."""
    high: Floats
    form: Ints
    """(Q,) the row of `cumulative` that a PERT has; -1 for a uniform one."""
    nodes: Floats
    """(N,) from the lowest value, 0, to the highest, 1."""
    cumulative: Floats
    """(M, N) probability up to each."""
    guide: Ints
    """(M, cells) the last node up to a cell."""


@dataclass(frozen=True)
class Lot:
    """Quantities to be drawn together for any worlds."""

    quantities: tuple[Quantity, ...]

    def values(self, worlds: Worlds) -> Floats:
        """(Q, W) the value of each Quantity in each world."""
        drawn = np.empty((len(self.quantities), len(worlds)))
        paths = {
            q: quantity.path
            for q, quantity in enumerate(self.quantities)
            if quantity.shape in RANGES and not worlds.is_correlated(quantity.path)
        }
        if paths:
            kernel, keys = load_kernels("glacis.campaign.lot_kernel"), worlds.keys(paths.values())
            kernel.draw_ranges(worlds.start, keys, np.array(list(paths)), *self._ranges, drawn)
        for q, quantity in enumerate(self.quantities):
            if q not in paths:
                drawn[q] = worlds.values(quantity)
        return drawn

    @cached_property
    def _ranges(self) -> _Ranges:
        low, high = np.zeros((2, len(self.quantities)))
        form, modes = np.full(len(self.quantities), -1, dtype=np.int64), {_EVEN: 0}
        for q, quantity in enumerate(self.quantities):
            if quantity.shape in RANGES:
                low[q], high[q] = quantity.low, quantity.high
            if quantity.shape == "pert":
                form[q] = modes.setdefault(quantity.relative_mode, len(modes))
        return _Ranges(low, high, form, *_tables(tuple(modes)))


@lru_cache(maxsize=256)
def _tables(modes: tuple[float, ...]) -> tuple[Floats, Floats, Ints]:
    """Nodes, cumulative probabilities and guide of some modes; the lots of all postures share them.

    They are as large as what is drawn by them, and many lots have the same modes.
    """
    nodes, _ = pert_table(_EVEN)
    cumulative = np.array([pert_table(mode)[1] for mode in modes])
    return nodes, cumulative, np.array([*map(_guide, modes)])


@lru_cache(maxsize=512)
def _guide(mode: float) -> Ints:
    """(cells,) the last node of a table up to each cell."""
    _, cumulative = pert_table(mode)
    return np.searchsorted(cumulative, np.arange(_CELLS) / _CELLS, side="right") - 1
