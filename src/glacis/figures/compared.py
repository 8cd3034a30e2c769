"""Parts that the figures of a comparison share: what they read, the sheet, and a row's name."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from glacis.campaign.statistics import half_width, statistics
from glacis.figures import theme
from glacis.figures.theme import MARGIN, WIDTH
from glacis.figures.words import CAVEAT, shortened
from glacis.kernels import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from glacis.scenario.model import Scenario

# Lengths are in inches.
ROW, SCALE, FOOTER = 0.6, 0.32, 0.42
NAMES = 1.65  # column left of the bars
TEXT_LINE, KEY_LINE = 0.172, 0.23
SWATCH = 0.15
NAME_LETTERS, LINE_LETTERS, TITLED, LETTERS, FOOT_LETTERS = 18, 28, 22, 116, 160
MOST_LINES = 5


class Compared(Protocol):
    """What is drawn: every world under each posture, as `glacis.study.compare` gives it."""

    @property
    def scenario(self) -> Scenario:
        """Without a posture applied."""

    @property
    def postures(self) -> list[str]:
        """The first is the one that differences are told from."""

    @property
    def option(self) -> str:
        """The option whose war is told."""

    def has(self, name: str) -> bool:
        """Whether there is such a variable."""

    def values(self, name: str, posture: str, **at: str | float) -> Floats:
        """(W, ...) one variable under a posture."""

    def difference(self, name: str, posture: str, **at: str | float) -> Floats:
        """(W, ...) the same less that under the first."""

    def made_of(self) -> str:
        """Changes, worlds and seed, in words."""


class Estimate(NamedTuple):
    """A mean over worlds with its 95 % interval, and how far worlds differ."""

    mean: float
    half: float
    """Of the interval; infinite for one world."""
    p05: float
    p95: float

    @property
    def ends(self) -> tuple[float, float]:
        """Of the interval of the mean."""
        return self.mean - self.half, self.mean + self.half

    @property
    def is_sure(self) -> bool:
        """Whether the interval leaves out zero."""
        return abs(self.mean) > self.half

    @property
    def all(self) -> tuple[float, ...]:
        """All that a figure shows of it."""
        return tuple(one for one in (self.mean, *self.ends, self.p05, self.p95) if _is_finite(one))


def _is_finite(number: float) -> bool:
    return math.isfinite(number)


def estimate(values: Floats) -> Estimate:
    """Of one value a world, those that are undefined left out; NaN if all are."""
    found = statistics(values)
    mean, low, high = (math.nan if (v := found[k]) is None else v for k in ("mean", "p05", "p95"))
    return Estimate(mean, half_width(values), low, high)


class Sheet(NamedTuple):
    """A page with room for rows below its words and keys."""

    fig: Figure
    total: float
    header: float
    rows: float
    bottom: float
    """From the foot of the page to the last row."""

    def panel(self, left: float, width: float) -> Axes:
        """Bare axes over all rows, so many inches from the left margin."""
        box = ((MARGIN + left) / WIDTH, self.bottom / self.total)
        ax = self.fig.add_axes((*box, width / WIDTH, self.rows / self.total))
        theme.bare(ax)
        return ax

    def above(self, left: float, width: float, *, lines: int) -> Axes:
        """Bare axes for a key, just below the words; a unit is an inch, from the top left."""
        tall = KEY_LINE * lines
        top = self.total - self.header
        box = ((MARGIN + left) / WIDTH, (top - tall) / self.total)
        ax = self.fig.add_axes((*box, width / WIDTH, tall / self.total))
        theme.bare(ax)
        ax.set_xlim(0.0, width)
        ax.set_ylim(tall, 0.0)
        return ax


def new_sheet(study: Compared, text: str, *, rows: int, heads: float, row: float = ROW) -> Sheet:
    """A page for a text below the title, heads of so many inches, rows, a scale and the foot."""
    lines = 1 + text.count("\n")
    header = 0.78 + TEXT_LINE * lines
    bottom = FOOTER + SCALE
    total = header + heads + row * rows + bottom
    return Sheet(theme.new_figure(WIDTH, total), total, header, row * rows, bottom)


def finish(sheet: Sheet, study: Compared, title: str, text: str) -> Figure:
    """Writes the words around a figure: its sentence, what is shown, and what it was made of."""
    theme.heading(sheet.fig, title, subtitle=text)
    theme.footing(sheet.fig, _foot(study))
    return sheet.fig


def _foot(study: Compared) -> str:
    from glacis import __version__

    told = f"{CAVEAT} {study.made_of()}, glacis {__version__}."
    return "\n".join(wrap(told, FOOT_LETTERS, max_lines=2, placeholder=" \u2026"))


def told_in_lines(text: str) -> str:
    """Words below a title, in lines that fit between the margins."""
    return "\n".join(wrap(text, LETTERS, max_lines=MOST_LINES, placeholder=" \u2026"))


def draw_name(ax: Axes, at: tuple[float, float], study: Compared, posture: str) -> None:
    """A posture's short name at a point of the rows' left end, and its title below."""
    title = study.scenario.postures[posture].name
    lines = wrap(title, LINE_LETTERS, max_lines=2, placeholder="\u2026")
    name = shortened(posture, NAME_LETTERS)
    theme.note(ax, name, at=at, off=(-8, 1), size=9.5, colour=theme.INK)
    theme.note(ax, "\n".join(lines), at=at, off=(-8, -1.5), size=6.8)


def draw_key(ax: Axes, names: Sequence[tuple[str, str]], *, columns: int, column: float) -> None:
    """Colours and what they are called, row by row; axes of `Sheet.above`."""
    for place, (name, fill) in enumerate(names):
        x, y = column * (place % columns), KEY_LINE * (place // columns + 0.45)
        ax.barh(y, SWATCH, left=x, height=SWATCH, color=fill, linewidth=0)
        theme.note(ax, name, at=(x + SWATCH, y), off=(5, 0), size=8.0, colour=theme.INK)


def fitting(
    ax: Axes, words: Iterable[str], at: tuple[float, float], room: float, **look: Any
) -> None:
    """The first of some words that fits into so many inches; none if none does."""
    for told in words:
        text = theme.note(ax, told, at=at, **look)
        if text.get_window_extent().width <= room * ax.figure.dpi:
            return
        text.remove()


def round_ticks(low: float, high: float, most: int = 5) -> Iterator[float]:
    """A few round numbers from one to another."""
    from matplotlib.ticker import MaxNLocator

    for tick in MaxNLocator(nbins=most, steps=[1, 2, 5, 10]).tick_values(low, high):
        if low <= tick <= high:
            yield float(tick)
