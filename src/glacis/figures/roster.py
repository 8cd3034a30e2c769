"""Formations in rows by side and nation, one symbol each: the layout of the charts of forces."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from glacis.figures import theme
from glacis.figures.theme import MARGIN, WIDTH

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

    from glacis.scenario.model import Formation, Scenario

Floats = NDArray[np.float64]
Side = Literal["red", "blue"]

# Lengths are in inches.
NAMES, TOTALS = 1.5, 1.9  # room for a row's name and for its sums
COLUMNS = (1.22, 0.62, 0.0)  # right edges of the sums, from the right margin
CELL, TALL, GAP = 0.225, 0.15, 0.03  # one formation: pitch, height, space between cells
LINE, ROW, SECTION = 0.2, 0.13, 0.34  # down the page: a line of cells, between nations and sides
ROLES = ("challenger", "protege", "guarantor", "bystander")


def _arc(
    start: float, stop: float, *, middle: tuple[float, float], size: tuple[float, float]
) -> Floats:
    turn = np.radians(np.linspace(start, stop, 25))
    return np.column_stack([middle[0] + size[0] * np.cos(turn), middle[1] + size[1] * np.sin(turn)])


def _line(*points: tuple[float, float]) -> Floats:
    return np.array(points)


_CROSS = (_line((0.0, 0.0), (1.0, 1.0)), _line((0.0, 1.0), (1.0, 0.0)))
_TRACKS = (_arc(0, 360, middle=(0.5, 0.5), size=(0.34, 0.3)),)
_WINGS = (
    _arc(0, 180, middle=(0.42, 0.06), size=(0.08, 0.16)),
    _arc(0, 180, middle=(0.58, 0.06), size=(0.08, 0.16)),
)
_POST = (_line((0.5, 0.0), (0.5, 1.0)),)
_DOT = (_arc(0, 360, middle=(0.5, 0.5), size=(0.06, 0.11)),)
_ROCKET = (_line((0.36, 0.62), (0.5, 0.86), (0.64, 0.62)),)
_MISSILE = (_line((0.4, 0.0), (0.4, 0.7), (0.5, 0.9), (0.6, 0.7), (0.6, 0.0)),)
_DOME = (_arc(0, 180, middle=(0.5, 0.0), size=(0.5, 0.5)),)
_ROTOR = (_line((0.2, 0.25), (0.2, 0.75), (0.8, 0.25), (0.8, 0.75), (0.2, 0.25)),)
_BAR = (_line((0.0, 0.18), (1.0, 0.18)),)
_SWEPT = (
    _line((0.5, 0.92), (0.5, 0.1)),
    _line((0.24, 0.3), (0.5, 0.7), (0.76, 0.3)),
)
_STRAIGHT = (
    _line((0.5, 0.92), (0.5, 0.1)),
    _line((0.14, 0.6), (0.86, 0.6)),
    _line((0.36, 0.18), (0.64, 0.18)),
)
_HULL = (
    _line((0.12, 0.5), (0.88, 0.5), (0.72, 0.16), (0.28, 0.16), (0.12, 0.5)),
    _line((0.5, 0.5), (0.5, 0.86)),
)
_HORNED = (
    _arc(0, 360, middle=(0.5, 0.42), size=(0.17, 0.24)),
    _line((0.5, 0.66), (0.5, 0.9)),
    _line((0.38, 0.6), (0.27, 0.82)),
    _line((0.62, 0.6), (0.73, 0.82)),
)
_WAVE = (
    _arc(180, 360, middle=(0.2, 0.2), size=(0.1, 0.14)),
    _arc(180, 360, middle=(0.8, 0.2), size=(0.1, 0.14)),
)

#: Lines inside the unit's frame, on the unit square, after the joint symbols of APP-6.
GLYPHS: dict[str, tuple[Floats, ...]] = {
    "infantry": _CROSS,
    "armour": _TRACKS,
    "mechanised": _CROSS + _TRACKS,
    "motorised": _CROSS + _POST,
    "airborne": _CROSS + _WINGS,
    "territorial": _CROSS + _BAR,
    "artillery": _DOT,
    "rocket-artillery": _DOT + _ROCKET,
    "missile": _MISSILE,
    "coastal-missile": _MISSILE + _WAVE,
    "air-defence": _DOME,
    "helicopter": _ROTOR,
    "fighter": _SWEPT,
    "bomber": _STRAIGHT,
    "naval": _HULL,
    "mine": _HORNED,
}


@dataclass(frozen=True)
class Row:
    """One nation's formations on one side.

    Attributes
    ----------
    groups
        The formations in the order in which they are drawn, with a gap after each group.
    totals
        Words in the columns at the right.
    """

    scenario: Scenario
    side: Side
    nation: str
    groups: tuple[tuple[Formation, ...], ...]
    totals: tuple[str, str, str]

    @property
    def formations(self) -> tuple[Formation, ...]:
        """All of them."""
        return tuple(formation for group in self.groups for formation in group)

    @property
    def name(self) -> str:
        """The nation's name, without what stands in brackets, in lines that fit."""
        plain = self.scenario.nations[self.nation].name.partition(" (")[0]
        return "\n".join(wrap(plain, 20))

    def cells(self) -> Iterator[tuple[float, int, Formation]]:
        """Across (in cells) and line of each formation."""
        most = (WIDTH - 2 * MARGIN - NAMES - TOTALS) / CELL - 1
        across, line = 0.0, 0
        for group in self.groups:
            for formation in group:
                if across > most:
                    across, line = 0.0, line + 1
                yield across, line, formation
                across += 1.0
            across += 0.4

    @cached_property
    def lines(self) -> int:
        """Lines of cells that it takes."""
        return 1 + max(line for _, line, _ in self.cells())


@dataclass(frozen=True)
class Key:
    """What a symbol means.

    Attributes
    ----------
    power
        How dark it is drawn, 0 is hollow.
    """

    glyph: str
    power: float
    words: str


Symbol = Callable[["Formation"], tuple[str, float]]
"""Glyph and darkness (0 to 1, 0 is hollow) of a formation."""


def by_nation(
    scenario: Scenario, wanted: Callable[[Formation], bool]
) -> Iterator[tuple[Side, str, list[Formation]]]:
    """Wanted formations by side and nation: Red, defended states, guarantors, the others.

    The larger come before the smaller.
    """
    sides: tuple[tuple[Side, dict[str, Formation]], ...] = (
        ("red", scenario.forces.red),
        ("blue", scenario.forces.blue),
    )
    for side, formations in sides:
        found: dict[str, list[Formation]] = {}
        for formation in formations.values():
            if wanted(formation):
                found.setdefault(formation.nation, []).append(formation)

        def order(nation: str, found: dict[str, list[Formation]] = found) -> tuple[Any, ...]:
            one = scenario.nations[nation]
            return ROLES.index(one.role), -len(found[nation]), one.name

        for nation in sorted(found, key=order):
            yield side, nation, found[nation]


def is_late(formation: Formation) -> bool:
    """Whether it joins only if the alliance answers in full."""
    return formation.joins == "reinforced"


def under(scenario: Scenario) -> str:
    """The scenario's title, with the variants and posture applied to it."""
    document = scenario.document
    more = (*document.variants, document.posture)
    return scenario.title + "".join(f", {name}" for name in more if name)


def roster(
    rows: tuple[Row, ...], key: list[Key], *, symbol: Symbol, sums: tuple[str, str, str]
) -> Figure:
    """An unheaded sheet with a key and all rows.

    Parameters
    ----------
    sums
        Headings of the columns at the right.
    """
    key_lines = -(-len(key) // 3)
    sides = len({row.side for row in rows})
    body = sum(row.lines * LINE + ROW for row in rows) + sides * SECTION
    header, footer = 1.44 + 0.22 * key_lines, 0.4
    height = header + body + footer
    fig = theme.new_figure(WIDTH, height)
    ax = fig.add_axes((0.0, 0.0, 1.0, 1.0))
    theme.bare(ax)
    ax.set_xlim(0.0, WIDTH)
    ax.set_ylim(height, 0.0)
    _draw_key(ax, key, top=1.37)
    _draw_rows(ax, rows, symbol=symbol, sums=sums, top=header)
    return fig


def _draw_rows(
    ax: Axes, rows: tuple[Row, ...], *, symbol: Symbol, sums: tuple[str, str, str], top: float
) -> None:
    y, side = top, ""
    for row in rows:
        if row.side != side:
            side = row.side
            y = _draw_section(ax, side, sums=sums, top=y)
        left, middle = MARGIN + NAMES, y + TALL / 2
        _write(ax, row.name, at=(left - 0.12, middle), ha="right")
        for across, line, formation in row.cells():
            glyph, power = symbol(formation)
            corner = left + across * CELL, y + line * LINE
            draw_symbol(ax, glyph, corner=corner, colour=theme.SIDES[side], power=power)
        for off, words in zip(COLUMNS, row.totals, strict=True):
            _write(ax, words, at=(WIDTH - MARGIN - off, middle), ha="right", size=7.5)
        y += row.lines * LINE + ROW


def _draw_section(ax: Axes, side: str, *, sums: tuple[str, str, str], top: float) -> float:
    """A side's heading with a rule; returns where its first row begins."""
    right = WIDTH - MARGIN
    ax.plot([MARGIN, right], [top + 0.2, top + 0.2], color=theme.RULE, linewidth=0.8)
    name = _write(ax, side.capitalize(), at=(MARGIN, top + 0.1), size=9, colour=theme.SIDES[side])
    name.set_fontweight("bold")
    for off, words in zip(COLUMNS, sums, strict=True):
        at = right - off, top + 0.1
        _write(ax, words, at=at, ha="right", size=7.0, colour=theme.MUTED)
    return top + SECTION


def draw_symbol(
    ax: Axes, symbol: str, *, corner: tuple[float, float], colour: str, power: float
) -> None:
    """Draws one formation in its side's colour, the darker the more power; hollow at none."""
    from matplotlib.patches import Rectangle

    lightness = 0.8 * (1.0 - min(power, 1.0)) ** 1.2
    fill = theme.mixed(colour, theme.PAPER, share=lightness) if power > 0.0 else theme.PAPER
    ink = theme.text_on(fill) if power > 0.0 else colour
    x, y = corner
    width = CELL - GAP
    frame = Rectangle((x, y), width, TALL, facecolor=fill, edgecolor=colour, linewidth=0.7)
    ax.add_patch(frame)
    for line in GLYPHS.get(symbol, ()):
        across, down = x + line[:, 0] * width, y + (1.0 - line[:, 1]) * TALL
        (stroke,) = ax.plot(across, down, color=ink, linewidth=0.7, solid_capstyle="butt")
        stroke.set_clip_path(frame)
    if symbol not in GLYPHS:
        middle = x + width / 2, y + TALL / 2
        _write(ax, symbol[:2], at=middle, ha="center", size=4.5, colour=ink)


def _draw_key(ax: Axes, key: list[Key], *, top: float) -> None:
    """What each symbol is, in three columns."""
    column = (WIDTH - 2 * MARGIN) / 3
    for i, one in enumerate(key):
        x, y = MARGIN + (i % 3) * column, top + (i // 3) * 0.22
        draw_symbol(ax, one.glyph, corner=(x, y), colour=theme.MUTED, power=one.power)
        _write(ax, one.words, at=(x + CELL + 0.06, y + TALL / 2), size=7.2, colour=theme.MUTED)


def _write(
    ax: Axes,
    words: str,
    *,
    at: tuple[float, float],
    ha: Literal["left", "center", "right"] = "left",
    size: float = 8.0,
    colour: str = theme.INK,
) -> Text:
    return ax.text(*at, words, ha=ha, va="center", size=size, color=colour, family=theme.SANS)
