"""Quantities laid out as the columns of a table, to be drawn for any worlds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from glacis.campaign.lot import Lot
from glacis.campaign.state import Table, table
from glacis.scenario.quantity import Quantity
from glacis.worlds import Worlds


@dataclass(frozen=True)
class Columns:
    """Quantities laid out as the fields of a table, ready to be drawn for any worlds.

    Attributes
    ----------
    certain
        (K,) row of the table with the certain numbers, 0 where there is none.
    uncertain
        Field, columns and Quantity of the others; a Quantity of several columns is drawn once.
    """

    certain: Table
    uncertain: tuple[tuple[str, tuple[int, ...], Quantity], ...]

    @classmethod
    def of(cls, dtype: np.dtype[np.void], fields: dict[str, list[Quantity | None]]) -> Columns:
        """Lay out the Quantities of each field, one a column; None stays 0."""
        certain = table(len(next(iter(fields.values()))), dtype)
        # By identity: to tell equal ones would cost more than to draw them again.
        columns: dict[tuple[str, int], tuple[list[int], Quantity]] = {}
        for name, quantities in fields.items():
            values = [0.0] * len(quantities)
            for k, quantity in enumerate(quantities):
                if quantity is None:
                    continue
                if quantity.is_certain:
                    values[k] = quantity.value
                else:
                    columns.setdefault((name, id(quantity)), ([], quantity))[0].append(k)
            certain[name] = values
        uncertain = tuple(
            (name, tuple(places), quantity) for (name, _), (places, quantity) in columns.items()
        )
        return cls(certain, uncertain)

    def drawn(self, worlds: Worlds) -> Table:
        """(W, K) table of values."""
        filled = table((len(worlds), len(self.certain)), self.certain.dtype)
        filled[:] = self.certain
        plain = np.asarray(filled)  # no record array: its fields take longer to find
        fields = {name: plain[name] for name in self.certain.dtype.names}
        values = self._lot.values(worlds)
        for (name, columns, _), drawn in zip(self.uncertain, values, strict=True):
            for column in columns:  # mostly one, and then quicker than an index array
                fields[name][:, column] = drawn
        return filled

    @cached_property
    def _lot(self) -> Lot:
        return Lot(tuple(quantity for _, _, quantity in self.uncertain))
