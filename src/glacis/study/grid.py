"""One posture over two inputs, each taken through its range: where an answer turns.

An input is any number of the scenario: a Quantity, held at one value in all worlds, or how much of
a measure a posture has. All else is as in every other study, in the same worlds.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np

from glacis.assess.origin import head_of
from glacis.campaign.statistics import half_width
from glacis.errors import InputError
from glacis.executor import Runner
from glacis.scenario.model import Scenario
from glacis.study.cells import over_cells
from glacis.study.compare import Comparison, missing
from glacis.study.export import frame

if TYPE_CHECKING:
    import xarray as xr

POINTS = 7
"""Values of an axis whose number is not given."""
MOST_POINTS = 50
_LINE = re.compile(r"postures\.(?P<posture>[^.]+)\.measures\.(?P<line>\d+)\.quantity")
_RANGE = re.compile(r"(?P<low>[^.,]+(?:\.\d+)?)\.\.(?P<high>[^,/]+)(?:/(?P<points>\d+))?")

__all__ = ["MOST_POINTS", "POINTS", "Axis", "Grid", "axis_of", "grid"]


@dataclass(frozen=True)
class Axis:
    """An input and the values that it is given."""

    path: str
    name: str
    """In words."""
    unit: str
    values: tuple[float, ...]
    written: float
    """Its central value as the scenario has it."""

    @property
    def text(self) -> str:
        """What `axis_of` makes it of."""
        return f"{self.path}={','.join(f'{value:.17g}' for value in self.values)}"


@dataclass(frozen=True, repr=False)
class Grid:
    """What becomes of a posture at each pair of values.

    Attributes
    ----------
    dataset
        Dimensions ``x``, ``y`` and ``figure``: ``mean`` over worlds, and ``half_width`` of its 95 %
        interval; NaN where a figure is not finite in all worlds. Figures are the columns of an
        exported comparison, such as ``p_attack`` and ``outcomes.deterred``.
    """

    scenario: Scenario
    posture: str
    x: Axis
    y: Axis
    dataset: xr.Dataset

    @property
    def worlds(self) -> int:
        """How many, in every cell the same."""
        return int(self.dataset.attrs["worlds"])

    @property
    def seed(self) -> int:
        """Of the worlds."""
        return int(self.dataset.attrs["seed"])

    @property
    def figures(self) -> list[str]:
        """What is known of every cell."""
        return [str(name) for name in self.dataset["figure"].to_numpy()]

    def __repr__(self) -> str:
        return f"<Grid {self.x.path} x {self.y.path}, posture {self.posture}>"

    def mean(self, figure: str = "p_attack") -> np.ndarray[Any, np.dtype[np.float64]]:
        """(X, Y) a figure's mean over worlds.

        Raises
        ------
        InputError
            If there is no such figure.
        """
        if figure not in self.figures:
            raise InputError(f"no figure {figure!r}; choose among: {', '.join(self.figures)}")
        return np.asarray(self.dataset["mean"].sel(figure=figure), dtype=np.float64)

    def to_dataset(self) -> xr.Dataset:
        """The dataset itself."""
        return self.dataset

    def to_record(self) -> dict[str, Any]:
        """The result as plain data: each figure's means as rows of ``y`` for each ``x``."""
        head = head_of(self.scenario, worlds=self.worlds, seed=self.seed, posture=self.posture)
        axes = {
            key: {
                "path": one.path,
                "name": one.name,
                "unit": one.unit,
                "values": list(one.values),
                "written": one.written,
            }
            for key, one in (("x", self.x), ("y", self.y))
        }
        means = {name: self.mean(name).tolist() for name in self.figures}
        over = [self.x.text, self.y.text]
        method = {"command": "assess", "postures": [self.posture], "over": over}
        return head | axes | {"mean": means, "method": method}


def axis_of(scenario: Scenario, text: str) -> Axis:
    """An axis from its description.

    Parameters
    ----------
    text
        A path; or ``PATH=LOW..HIGH``, ``PATH=LOW..HIGH/POINTS`` or ``PATH=VALUE,VALUE,...``. With
        the path alone, a Quantity is taken through all that it may be, and a number of a posture's
        from none to twice what it is.

    Raises
    ------
    InputError
        If there is no such number, or its values are malformed, too many or not in order.
    """
    path, _, given = text.partition("=")
    name, unit, (low, high), written = _input(scenario, path)
    is_whole = _LINE.fullmatch(path) is not None
    if not given:
        values = _spaced(low, high, POINTS)
    elif found := _RANGE.fullmatch(given):
        points = int(found["points"] or POINTS)
        values = _spaced(_number(found["low"], text), _number(found["high"], text), points)
    else:
        values = tuple(_number(part, text) for part in given.split(","))
    if is_whole and not given:
        values = tuple(float(value) for value in dict.fromkeys(round(one) for one in values))
    if not 2 <= len(values) <= MOST_POINTS or any(np.diff(values) <= 0):
        usual = f"{path}={low:g}..{high:g}/{POINTS}"
        raise InputError(
            f"{text[:200]}: give 2 to {MOST_POINTS} values in rising order, such as {usual}"
        )
    return Axis(path, name, unit, values, written)


def _input(scenario: Scenario, path: str) -> tuple[str, str, tuple[float, float], float]:
    """Name in words, unit, range and central value of an input."""
    if found := _LINE.fullmatch(path):
        posture, number = scenario.postures.get(found["posture"]), int(found["line"])
        if posture is not None and number < len(posture.measures):
            line = posture.measures[number]
            measure = scenario.measures[line.measure]
            where = f" at {_place(scenario, line.at)}" if line.at else ""
            most = 2.0 * max(line.quantity, 1)
            return f"{measure.name}{where}", measure.unit, (0.0, most), float(line.quantity)
    for own, quantity in scenario.quantities():
        if own == path:
            return path, quantity.unit, quantity.support, quantity.value
    near = get_close_matches(path[:200], [own for own, _ in scenario.quantities()], n=1)
    repair = f"did you mean {near[0]}?" if near else "give a Quantity's path."
    raise InputError(
        f"{path[:200]}: is no number of {scenario.name}'s; {repair} A measure's number is "
        "postures.POSTURE.measures.NUMBER.quantity"
    )


def _place(scenario: Scenario, at: str) -> str:
    """The name of a place, or of the places at both ends of a leg."""
    places, leg = scenario.theatre.places, scenario.theatre.legs.get(at)
    ends = [at] if leg is None else [leg.start, leg.end]
    return "\u2013".join(places[end].name if end in places else end for end in ends)


def _spaced(low: float, high: float, points: int) -> tuple[float, ...]:
    if points > MOST_POINTS:
        return ()
    return tuple(float(f"{value:.12g}") for value in np.linspace(low, high, max(points, 1)))


def _number(text: str, whole: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InputError(
            f"{whole[:200]}: {text.strip()[:40]!r} is no number; write PATH=LOW..HIGH/POINTS"
        )
    return number


def grid(
    scenario: Scenario,
    posture: str,
    axes: tuple[Axis, Axis],
    *,
    worlds: int = 1_024,
    seed: int = 1,
    runner: Runner | None = None,
) -> Grid:
    """A posture's results over two inputs; what a change cannot touch is not fought again.

    Parameters
    ----------
    scenario
        Without a posture applied.
    axes
        Made by `axis_of`, of two paths.

    Raises
    ------
    InputError
        If the axes are of one path, a value does not suit its field, or there is no such posture.
    Cancelled
        If the runner's cancel event is set.
    """
    x, y = axes
    if x.path == y.path:
        raise InputError(f"{x.path}: is given for both axes; give two inputs")
    if lacking := missing(scenario):
        raise InputError(f"{scenario.name} has no {lacking[0]}, so that there is no attack to tell")
    cells = [
        scenario.replace({x.path: _set(x, a), y.path: _set(y, b)})
        for a in x.values
        for b in y.values
    ]
    found = over_cells(
        [(cell, posture) for cell in cells],
        _means,
        row=len(y.values),
        worlds=worlds,
        seed=seed,
        runner=runner or Runner(),
    )
    return Grid(scenario, posture, x, y, _dataset(x, y, list(found), worlds=worlds, seed=seed))


def _set(axis: Axis, value: float) -> float | int:
    """A value as the field wants it: whole numbers of a measure's."""
    return int(value) if _LINE.fullmatch(axis.path) and value == int(value) else value


def _means(study: Comparison) -> dict[str, tuple[float, float]]:
    """Mean and half width of every figure of a study of one posture."""
    found = {}
    for name, column in frame(study).items():
        if name not in ("posture", "world"):
            values = column.to_numpy(dtype=np.float64)
            is_whole = bool(np.isfinite(values).all())
            found[str(name)] = (
                (float(values.mean()), half_width(values)) if is_whole else (math.nan, math.nan)
            )
    return found


def _dataset(
    x: Axis, y: Axis, found: list[dict[str, tuple[float, float]]], *, worlds: int, seed: int
) -> xr.Dataset:
    import xarray as xr

    names = [name for name in found[0] if all(name in cell for cell in found)]
    table = np.array([[cell[name] for name in names] for cell in found])
    table = table.reshape(len(x.values), len(y.values), len(names), 2)
    dims = ("x", "y", "figure")
    return xr.Dataset(
        {"mean": (dims, table[..., 0]), "half_width": (dims, table[..., 1])},
        coords={"x": list(x.values), "y": list(y.values), "figure": names},
        attrs={"x_path": x.path, "y_path": y.path, "worlds": worlds, "seed": seed},
    )
