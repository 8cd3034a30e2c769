"""A posture over two inputs: a field of cells, each with its number."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from glacis.figures import theme
from glacis.figures.theme import MARGIN, WIDTH
from glacis.figures.words import CAVEAT, percent, shortened
from glacis.kernels import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from glacis.scenario.model import Scenario

# Lengths are in inches.
HEADER, BELOW, FOOTER, LEFT, RIGHT = 1.42, 0.75, 0.4, 0.95, 0.3
ROW, TALLEST = 0.42, 5.2
NUMBERED = 12  # columns whose cells have room for a number
NAME_LETTERS, FOOT_LETTERS = 60, 160
#: Grounds of cells, by twentieths of the probability; Red's colour, since Red attacks.
TONES = [theme.mixed(theme.PAPER, theme.RED, share=0.8 * k / 20) for k in range(21)]


class Input(Protocol):
    """An input and its values, as `glacis.study.grid` gives them."""

    @property
    def name(self) -> str:
        """In words."""

    @property
    def unit(self) -> str:
        """Of the values."""

    @property
    def values(self) -> tuple[float, ...]:
        """Rising."""

    @property
    def written(self) -> float:
        """Its central value as the scenario has it."""


class Field(Protocol):
    """What is drawn: a posture at each pair of values, as `glacis.study.grid` gives it."""

    @property
    def scenario(self) -> Scenario:
        """Without a posture applied."""

    @property
    def posture(self) -> str:
        """Its id."""

    @property
    def x(self) -> Input:
        """Across."""

    @property
    def y(self) -> Input:
        """Upwards."""

    @property
    def worlds(self) -> int:
        """In every cell the same."""

    @property
    def seed(self) -> int:
        """Of the worlds."""

    def mean(self, figure: str) -> Floats:
        """(X, Y) a figure's mean over worlds."""


def grid_chart(found: Field) -> Figure:
    """How likely an attack is at each pair of values; a ring where the scenario stands."""
    columns, rows = len(found.x.values), len(found.y.values)
    field = min(TALLEST, max(ROW * rows, 1.4))
    total = HEADER + field + BELOW + FOOTER
    fig = theme.new_figure(WIDTH, total)
    wide = WIDTH - 2 * MARGIN - LEFT - RIGHT
    low = (FOOTER + BELOW) / total
    ax = fig.add_axes(((MARGIN + LEFT) / WIDTH, low, wide / WIDTH, field / total))
    theme.bare(ax)
    ax.set_xlim(0, columns)
    ax.set_ylim(0, rows)
    _draw_cells(ax, found)
    _draw_scales(ax, found)
    _mark_written(ax, found)
    theme.heading(fig, _title(found), subtitle=_subtitle(found))
    theme.footing(fig, _foot(found))
    return fig


def _draw_cells(ax: Axes, found: Field) -> None:
    shares = found.mean("p_attack")
    is_numbered = shares.shape[0] <= NUMBERED and shares.shape[1] * ROW <= TALLEST + 1e-9
    for (column, row), share in np.ndenumerate(shares):
        fill = TONES[round(20 * float(np.clip(share, 0.0, 1.0)))]
        ax.bar(column + 0.5, 0.97, width=0.98, bottom=row + 0.015, color=fill, linewidth=0)
        if is_numbered:
            at = (column + 0.5, row + 0.5)
            theme.note(ax, percent(float(share)), at=at, size=8.5, colour=theme.text_on(fill))


def _draw_scales(ax: Axes, found: Field) -> None:
    """Values along both axes, and what they are of."""
    columns, rows = len(found.x.values), len(found.y.values)
    for column in range(0, columns, -(-columns // NUMBERED)):
        told = f"{found.x.values[column]:.4g}"
        theme.note(ax, told, at=(column + 0.5, 0), off=(0, -5), size=8.5, colour=theme.INK)
    for row in range(0, rows, -(-rows // NUMBERED)):
        told = f"{found.y.values[row]:.4g}"
        theme.note(ax, told, at=(0, row + 0.5), off=(-6, 0), size=8.5, colour=theme.INK)
    across, up = f"{_named(found.x)} \u2192", f"\u2191 {_named(found.y)}"
    theme.note(ax, across, at=(columns, 0), off=(-1e-3, -22), size=8.5, colour=theme.INK)
    theme.note(ax, up, at=(0, rows), off=(1e-3, 6), size=8.5, colour=theme.INK)


def _named(axis: Input) -> str:
    unit = "" if axis.unit == "1" else f", {axis.unit}"
    return f"{shortened(axis.name, NAME_LETTERS)}{unit}"


def _mark_written(ax: Axes, found: Field) -> None:
    """A ring where the scenario stands, if that is on the field."""
    at = []
    for axis in (found.x, found.y):
        values = np.array(axis.values)
        if not values[0] <= axis.written <= values[-1]:
            return
        at.append(float(np.interp(axis.written, values, np.arange(len(values)) + 0.5)))
    for width, colour in ((3.6, theme.PAPER), (1.6, theme.ACCENT)):
        ring: dict[str, Any] = {"markeredgecolor": colour, "markeredgewidth": width}
        ax.plot([at[0]], [at[1]], "o", markersize=26.0, markerfacecolor="none", **ring)


def _title(found: Field) -> str:
    shares = found.mean("p_attack")
    low, high = percent(float(shares.min())), percent(float(shares.max()))
    posture = shortened(found.posture, 22)
    if low == high:
        return f"Under {posture} Red attacks in {low} of moments of decision, whatever the two are"
    return f"Under {posture} Red attacks in {low} to {high} of moments of decision"


def _subtitle(found: Field) -> str:
    return (
        f"{found.scenario.title}. How likely Red is to attack when it weighs it, mean over worlds; "
        "no yearly rate.\nAll else is as the scenario has it, in the same worlds. "
        "Ring: where the scenario stands, a number in doubt at its central value."
    )


def _foot(found: Field) -> str:
    from glacis import __version__
    from glacis.assess.origin import made_of

    made = made_of(found.scenario, worlds=found.worlds, seed=found.seed)
    told = f"{CAVEAT} {made}, glacis {__version__}."
    return "\n".join(wrap(told, FOOT_LETTERS, max_lines=2, placeholder=" \u2026"))


__all__ = ["grid_chart"]
