"""A posture in many scenarios that differ by a little, told one after another: cells of a field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from glacis.assess.chain import Fights, Sparing
from glacis.executor import Runner
from glacis.scenario.model import Scenario
from glacis.study.compare import Comparison, compared

__all__ = ["over_cells"]

BESIDE = 2
"""Postures that each cell's is told beside, whose wars are kept too."""

Told = TypeVar("Told")


def over_cells(
    cells: Sequence[tuple[Scenario, str]],
    tell: Callable[[Comparison], Told],
    *,
    row: int,
    worlds: int,
    seed: int,
    runner: Runner,
) -> Iterable[Told]:
    """What is told of each cell's study; what a change cannot touch is not fought again.

    Parameters
    ----------
    cells
        Scenarios without a posture applied, and the posture in each.
    row
        Cells of one row: for so long wars are kept, since those beside and above may need them.
    worlds
        In every cell the same, by the same seed.

    Raises
    ------
    InputError
        As for `glacis.compare`.
    Cancelled
        If the runner's cancel event is set.
    """
    sparing = Sparing(Fights(row + 1 + BESIDE), channels=())
    for number, (scenario, posture) in enumerate(cells):
        own = runner.part(number, len(cells))
        study = compared(scenario, [posture], worlds=worlds, seed=seed, runner=own, sparing=sparing)
        yield tell(study)
