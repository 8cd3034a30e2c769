"""Quantities laid out as the columns of a table, to be drawn for any worlds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from glacis.campaign.lot import Lot
from glacis.campaign.state import Table, plain, table
from glacis.kernels import Ints
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
        All the others, each once.
    where
        By field: which of its columns are uncertain, and the number in `uncertain` of each.
    """

    certain: Table
    uncertain: Lot
    where: dict[str, tuple[Ints, Ints]]

    @classmethod
    def of(cls, dtype: np.dtype[np.void], fields: dict[str, list[Quantity | None]]) -> Columns:
        """Lay out the Quantities of each field, one a column; None stays 0."""
        certain = table(len(next(iter(fields.values()))), dtype)
        # By identity: to tell equal ones would cost more than to draw them again.
        numbers: dict[int, int] = {}
        uncertain: list[Quantity] = []
        where: dict[str, tuple[Ints, Ints]] = {}
        for name, quantities in fields.items():
            values, columns, which = [0.0] * len(quantities), [], []
            for k, quantity in enumerate(quantities):
                if quantity is None:
                    continue
                if quantity.is_certain:
                    values[k] = quantity.value
                    continue
                number = numbers.setdefault(id(quantity), len(uncertain))
                if number == len(uncertain):
                    uncertain.append(quantity)
                columns.append(k)
                which.append(number)
            certain[name] = values
            where[name] = np.array(columns, dtype=np.int64), np.array(which, dtype=np.int64)
        return cls(certain, Lot(tuple(uncertain)), where)

    def drawn(self, worlds: Worlds) -> Table:
        """(W, K) table of values."""
        filled = table((len(worlds), len(self.certain)), self.certain.dtype)
        filled[:] = self.certain
        fields, values = plain(filled), self.uncertain.values(worlds)
        for name, (columns, which) in self.where.items():
            if len(columns):
                fields[name][:, columns] = values[which].T
        return filled
