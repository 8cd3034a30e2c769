"""Figures that were measured, beside the bars they are held to."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measured:
    """One figure beside its budget."""

    name: str
    value: float
    unit: str
    budget: float | None
    """None where it is only told."""
    is_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the budget is kept, if there is one."""
        if self.budget is None:
            return True
        return self.value >= self.budget if self.is_least else self.value <= self.budget


def report(figures: Iterable[Measured], path: Path | None) -> None:
    """Print each figure as it comes; write all to `path`, if there is one."""
    found = []
    for one in figures:
        words = f"{one.name:32}{one.value:10,.1f} {one.unit:4}"
        if one.budget is not None:
            bound = "at least" if one.is_least else "at most"
            words += f" {bound} {one.budget:g}  {'met' if one.met else 'MISSED'}"
        print(words, flush=True)
        found.append(vars(one) | {"met": one.met})
    if path is not None:
        path.write_text(json.dumps({"figures": found}, indent=2) + "\n", encoding="utf-8")
