"""Many Quantities drawn for a chunk of worlds at once.

`Worlds.values` draws any Quantity, one at a time and under the interpreter's lock. Most of a
scenario's numbers are PERT ranges that nothing correlates; a kernel draws those together, to the
same last digit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from glacis.jit import load_kernels
from glacis.kernels import Floats, Ints
from glacis.scenario.quantity import Quantity, pert_table
from glacis.worlds import Worlds

_CELLS = 512  # of the guide to a table of cumulative probabilities


@dataclass(frozen=True)
class Lot:
    """Quantities to be drawn together for any worlds."""

    quantities: tuple[Quantity, ...]

    def values(self, worlds: Worlds) -> Floats:
        """(Q, W) the value of each Quantity in each world."""
        drawn = np.empty((len(self.quantities), len(worlds)))
        together = [q for q in self._pert if not worlds.is_correlated(self.quantities[q].path)]
        apart = sorted(set(range(len(self.quantities))).difference(together))
        if together:
            kernel = load_kernels("glacis.campaign.lot_kernel")
            kernel.draw_pert(
                worlds.start,
                worlds.keys([self.quantities[q].path for q in together]),
                np.array(together),
                self._low,
                self._high,
                self._shape,
                *self._tables,
                drawn,
            )
        for q in apart:
            drawn[q] = worlds.values(self.quantities[q])
        return drawn

    @cached_property
    def _pert(self) -> list[int]:
        return [q for q, quantity in enumerate(self.quantities) if quantity.shape == "pert"]

    @cached_property
    def _low(self) -> Floats:
        return np.array([quantity.support[0] for quantity in self.quantities])

    @cached_property
    def _high(self) -> Floats:
        return np.array([quantity.support[1] for quantity in self.quantities])

    @cached_property
    def _modes(self) -> dict[float, int]:
        """Each relative mode, and which table is its own."""
        modes = (self.quantities[q].relative_mode for q in self._pert)
        return {mode: k for k, mode in enumerate(dict.fromkeys(modes))}

    @cached_property
    def _shape(self) -> Ints:
        """(Q,) the table of a Quantity, -1 if it has none."""
        pert = set(self._pert)
        return np.array(
            [
                self._modes[quantity.relative_mode] if q in pert else -1
                for q, quantity in enumerate(self.quantities)
            ]
        )

    @cached_property
    def _tables(self) -> tuple[Floats, Floats, Ints]:
        """(N,) nodes, (M, N) the probability up to each, (M, cells) the last node up to a cell."""
        nodes, _ = pert_table(0.5)
        cumulative = np.array([pert_table(mode)[1] for mode in self._modes])
        cells = np.arange(_CELLS) / _CELLS
        guide = np.array([np.searchsorted(row, cells, side="right") - 1 for row in cumulative])
        return nodes, cumulative, guide
