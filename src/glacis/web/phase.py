"""The field of two inputs: what every figure of the page comes to at each pair of their values.

A cell is a state of the page, so that a lever deals its units to sites as it does there, and a cell
says what the page says when it is set so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from glacis.assess.origin import head_of
from glacis.errors import InputError
from glacis.executor import Runner
from glacis.scenario.model import Scenario
from glacis.scenario.wording import words_of
from glacis.study.cells import over_cells
from glacis.study.compare import Comparison
from glacis.web.figures import Figure, figures_of, told_spread, values_in
from glacis.web.levers import Lever, levers_of
from glacis.web.state import State, preset_of, with_mine

__all__ = ["Input", "input_of", "inputs_of", "phase", "usual_pair"]

LEVER, NUMBER = "lever:", "set:"
USUAL = ("belief.base", "campaign.warning.days", "campaign.movement.organised")
"""Numbers that an answer is likely to turn on, the first that a scenario has in doubt is shown."""
SHARES = (0.01, 0.02, 0.05, *(tenth / 10 for tenth in range(1, 10)), 0.95, 0.98, 0.99)
"""Shares at which a line may be drawn."""
LINES = 6
"""Lines through the field of a figure that is no share, at most."""


@dataclass(frozen=True)
class Input:
    """A lever, or a number in doubt, and the values that it is given."""

    id: str
    """``lever:MEASURE`` or ``set:PATH``."""
    name: str
    unit: str
    values: tuple[float, ...]
    tested: float | None
    """Of a lever, the most that any preset has: beyond it nobody has looked at the numbers."""
    central: float | None
    """Of a number, its central value: in its stead it is drawn anew in each world."""
    is_log: bool = False
    """Whether equal ratios stand equally far apart."""

    def set_in(self, state: State, value: float) -> State:
        """The state of the page with it at a value."""
        kind, _, name = self.id.partition(":")
        if kind == "lever":
            return state.model_copy(update={"levers": {**state.levers, name: int(value)}})
        return state.model_copy(update={"overrides": {**state.overrides, name: value}})


def inputs_of(
    scenario: Scenario, state: State, asked: tuple[str | None, str | None], points: int
) -> tuple[Input, Input]:
    """Both inputs of a field; those that show most if none are named.

    Parameters
    ----------
    scenario
        As it is written, without the state's changes.
    points
        Values of each, at most.

    Raises
    ------
    InputError
        If there is no such input, it cannot be moved, or the state does not fit.
    """
    # A number that is set is in doubt no more; the choice must not jump away from it for that.
    usual = usual_pair(state.model_copy(update={"overrides": {}}).changed(scenario))
    x, y = (one or other for one, other in zip(asked, usual, strict=True))
    if x == y:
        raise InputError(f"{x[:80]}: is given for both axes; give two inputs")
    return input_of(scenario, state, x, points), input_of(scenario, state, y, points)


def usual_pair(scenario: Scenario) -> tuple[str, str]:
    """The lever that adds forces at most places, and a number in doubt that much turns on."""
    levers = sorted(
        levers_of(scenario).values(),
        key=lambda one: (one.most > 1, _adds_forces(scenario, one), len(one.sites)),
    )
    in_doubt = [path for path, one in scenario.quantities() if not one.is_certain]
    numbers = [*(path for path in USUAL if path in set(in_doubt)), *in_doubt]
    found = [f"{LEVER}{one.measure}" for one in levers[-1:]]
    found += [f"{NUMBER}{path}" for path in numbers[:2]]
    if len(found) < 2:
        raise InputError(f"{scenario.name} has no two inputs that can be moved")
    return found[0], found[1]


def _adds_forces(scenario: Scenario, lever: Lever) -> bool:
    return any(effect.add is not None for effect in scenario.measures[lever.measure].effects)


def input_of(scenario: Scenario, state: State, asked: str, points: int) -> Input:
    """An input by its name, under the state's changes but its own.

    Raises
    ------
    InputError
        As for `inputs_of`.
    """
    if asked.startswith(LEVER):
        return _lever_input(state.changed(scenario), asked, points)
    if asked.startswith(NUMBER):
        path = asked.removeprefix(NUMBER)
        others = {key: value for key, value in state.overrides.items() if key != path}
        own = state.model_copy(update={"overrides": others})
        return _number_input(own.changed(scenario), asked, points)
    raise InputError(f"{asked[:80]}: write lever:MEASURE or set:PATH")


def _lever_input(scenario: Scenario, asked: str, points: int) -> Input:
    name = asked.removeprefix(LEVER)
    lever = levers_of(scenario).get(name)
    if lever is None:
        raise InputError(f"lever:{name[:64]}: there is no such lever")
    measure = scenario.measures[name]
    spaced = np.linspace(0, lever.most, min(points, lever.most + 1))
    values = tuple(dict.fromkeys(float(round(one)) for one in spaced))
    tested = float(lever.tested)
    return Input(asked, measure.name, measure.unit, values, tested=tested, central=None)


def _number_input(scenario: Scenario, asked: str, points: int) -> Input:
    path = asked.removeprefix(NUMBER)
    one = dict(scenario.quantities()).get(path)
    if one is None:
        raise InputError(f"set:{path[:200]}: is no number of {scenario.name}'s")
    if one.is_certain:
        raise InputError(f"set:{path}: is not in doubt, so it has no range to be taken through")
    (low, high), is_log = one.support, one.shape == "loguniform"
    spaced = np.geomspace(low, high, points) if is_log else np.linspace(low, high, points)
    values = tuple(float(f"{value:.12g}") for value in spaced)
    if one.shape == "discrete" and len(set(one.values)) <= points:
        values = tuple(sorted(set(one.values)))
    name = words_of(scenario, path)
    return Input(asked, name, one.unit, values, tested=None, central=one.value, is_log=is_log)


def phase(
    scenario: Scenario, state: State, inputs: tuple[Input, Input], *, worlds: int, runner: Runner
) -> dict[str, Any]:
    """Every figure's mean over worlds at each pair of values, as rows of ``y`` for each ``x``.

    Parameters
    ----------
    scenario
        As it is written, without the state's changes.

    Raises
    ------
    InputError
        If the state does not fit, or there are too many worlds.
    Cancelled
        If the runner's cancel event is set.
    """
    x, y = inputs
    states = [y.set_in(x.set_in(state, a), b) for a in x.values for b in y.values]
    cells = [with_mine(one.changed(scenario), one) for one in states]
    figures = figures_of(cells[0][0])

    def tell(study: Comparison) -> list[dict[str, float | None]]:
        return _figures(study, figures)

    row = len(y.values)
    told = over_cells(cells, tell, row=row, worlds=worlds, seed=state.seed, runner=runner)
    columns = list(zip(*told, strict=True))
    base = state.changed(scenario)
    head = head_of(base, worlds=worlds, seed=state.seed, posture=preset_of(base, state))
    return {
        **head,
        "levers": dict(state.levers),
        "x": asdict(x),
        "y": asdict(y),
        "figures": {
            figure.id: _field(figure, column, row)
            for figure, column in zip(figures, columns, strict=True)
        },
    }


def _figures(study: Comparison, figures: Sequence[Figure]) -> list[dict[str, float | None]]:
    """Every figure of a study of one posture; null where there is nothing of it."""
    (posture,) = study.postures
    found = study.dataset.sel(posture=posture)
    all_values = (values_in(study.scenario, figure, found) for figure in figures)
    return [{} if values is None else told_spread(values) for values in all_values]


def _field(figure: Figure, cells: Sequence[Mapping[str, float | None]], row: int) -> dict[str, Any]:
    """One figure over the field: means, how well they are known, and where to draw lines."""
    rows = [cells[start : start + row] for start in range(0, len(cells), row)]
    found = {
        key: [[cell.get(key) for cell in one] for one in rows] for key in ("mean", "half_width")
    }
    means = [mean for one in found["mean"] for mean in one if mean is not None]
    if not means:
        return {**found, "low": None, "high": None, "levels": []}
    low, high = min(means), max(means)
    if figure.unit == "share":
        ends = math.floor(20 * low + 1e-9) / 20, math.ceil(20 * high - 1e-9) / 20
        levels = [share for share in SHARES if low < share < high]
    else:
        ends, levels = (low, high), _round_levels(low, high)
    return {**found, "low": ends[0], "high": ends[1], "levels": levels}


def _round_levels(low: float, high: float) -> list[float]:
    """Round numbers between two, at most `LINES` of them."""
    if not high > low:
        return []
    size = 10.0 ** math.floor(math.log10((high - low) / LINES))
    step = next(k * size for k in (1, 2, 5, 10, 20) if (high - low) / (k * size) <= LINES)
    first = math.floor(low / step) + 1
    levels = [float(f"{k * step:.12g}") for k in range(first, first + LINES + 1)]
    return [level for level in levels if low < level < high]
