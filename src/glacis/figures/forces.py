"""Who stands where before a shot: battalions by side, nation and type, one symbol each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from textwrap import wrap
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from glacis.figures import theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

    from glacis.scenario.model import Formation, Scenario

Floats = NDArray[np.float64]

WIDTH, MARGIN = 9.6, 0.35  # inches, as all lengths here
NAMES, TOTALS = 1.5, 1.9  # room for a row's name and for its sums
COLUMNS = (1.22, 0.62, 0.0)  # right edges of the sums, from the right margin
CELL, TALL, GAP = 0.225, 0.15, 0.03  # one battalion: pitch, height, space between cells
LINE, ROW, SECTION = 0.2, 0.13, 0.34  # down the page: a line of cells, between nations and sides


def _arc(
    start: float, stop: float, *, middle: tuple[float, float], size: tuple[float, float]
) -> Floats:
    turn = np.radians(np.linspace(start, stop, 25))
    return np.column_stack([middle[0] + size[0] * np.cos(turn), middle[1] + size[1] * np.sin(turn)])


_CROSS = (np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[0.0, 1.0], [1.0, 0.0]]))
_TRACKS = (_arc(0, 360, middle=(0.5, 0.5), size=(0.34, 0.3)),)
_WINGS = (
    _arc(0, 180, middle=(0.42, 0.06), size=(0.08, 0.16)),
    _arc(0, 180, middle=(0.58, 0.06), size=(0.08, 0.16)),
)
_POST = (np.array([[0.5, 0.0], [0.5, 1.0]]),)
_DOT = (_arc(0, 360, middle=(0.5, 0.5), size=(0.06, 0.11)),)
_ROCKET = (np.array([[0.36, 0.62], [0.5, 0.86], [0.64, 0.62]]),)
_MISSILE = (np.array([[0.4, 0.0], [0.4, 0.7], [0.5, 0.9], [0.6, 0.7], [0.6, 0.0]]),)
_DOME = (_arc(0, 180, middle=(0.5, 0.0), size=(0.5, 0.5)),)
_ROTOR = (np.array([[0.2, 0.25], [0.2, 0.75], [0.8, 0.25], [0.8, 0.75], [0.2, 0.25]]),)
_BAR = (np.array([[0.0, 0.18], [1.0, 0.18]]),)

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
    "air-defence": _DOME,
    "helicopter": _ROTOR,
}


@dataclass(frozen=True)
class Row:
    """One nation's battalions on one side."""

    scenario: Scenario
    side: Literal["red", "blue"]
    nation: str
    formations: tuple[Formation, ...]

    @property
    def name(self) -> str:
        """The nation's name, without what stands in brackets, in lines that fit."""
        plain = self.scenario.nations[self.nation].name.partition(" (")[0]
        return "\n".join(wrap(plain, 20))

    @cached_property
    def groups(self) -> tuple[tuple[Formation, ...], ...]:
        """Those in place, then those that may join, by type; the heaviest and fullest first."""

        def order(formation: Formation) -> tuple[bool, float, str, float]:
            power = self.scenario.types[formation.type].power.value
            return _is_late(formation), -power, formation.type, -formation.strength.value

        def group(formation: Formation) -> tuple[bool, str]:
            return _is_late(formation), formation.type

        return tuple(
            tuple(found) for _, found in groupby(sorted(self.formations, key=order), key=group)
        )

    def cells(self) -> Iterator[tuple[float, int, Formation]]:
        """Across (in cells) and line of each battalion."""
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

    @property
    def totals(self) -> tuple[str, str, str]:
        """Battalions (in place, and those that may join), mean strength, people at it."""
        late, every = sum(map(_is_late, self.formations)), self.formations
        strengths = [formation.strength.value for formation in every]
        people = sum(f.people.value * f.strength.value for f in every)
        count = f"{len(every) - late} + {late}" if late else f"{len(every)}"
        return count, f"{100 * sum(strengths) / len(every):.0f} %", f"{people:,.0f}"


def forces_chart(scenario: Scenario) -> Figure:
    """Both sides' battalions by nation, a symbol for each, the darker the more combat power.

    Hollow symbols are those that join only if the alliance answers in full.
    """
    rows = tuple(_rows(scenario))
    key = _key(scenario, rows)
    key_lines = -(-len(key) // 3)
    body = sum(row.lines * LINE + ROW for row in rows) + 2 * SECTION
    header, footer = 1.44 + 0.22 * key_lines, 0.4
    height = header + body + footer
    fig = theme.new_figure(WIDTH, height)
    ax = fig.add_axes((0.0, 0.0, 1.0, 1.0))
    theme.bare(ax)
    ax.set_xlim(0.0, WIDTH)
    ax.set_ylim(height, 0.0)
    _draw_key(ax, key, top=1.37)
    _draw_rows(ax, rows, top=header)
    theme.heading(fig, _sentence(rows), subtitle=_explanation(scenario, rows))
    theme.footing(fig, f"Forces: {scenario.name} scenario, where each has its source.")
    return fig


def _rows(scenario: Scenario) -> Iterator[Row]:
    """Rows in order: Red, defended states, guarantors, the others; larger before smaller."""
    roles = ("challenger", "protege", "guarantor", "bystander")
    sides: tuple[tuple[Literal["red", "blue"], dict[str, Formation]], ...] = (
        ("red", scenario.forces.red),
        ("blue", scenario.forces.blue),
    )
    for side, formations in sides:
        by_nation: dict[str, list[Formation]] = {}
        for formation in formations.values():
            by_nation.setdefault(formation.nation, []).append(formation)
        found = [Row(scenario, side, nation, tuple(own)) for nation, own in by_nation.items()]
        yield from sorted(
            found,
            key=lambda row: (
                roles.index(scenario.nations[row.nation].role),
                -len(row.formations),
                row.name,
            ),
        )


def _is_late(formation: Formation) -> bool:
    return formation.joins == "reinforced"


def _draw_rows(ax: Axes, rows: tuple[Row, ...], *, top: float) -> None:
    y, side = top, ""
    for row in rows:
        if row.side != side:
            side = row.side
            y = _draw_section(ax, side, top=y)
        left, middle = MARGIN + NAMES, y + TALL / 2
        _write(ax, row.name, at=(left - 0.12, middle), ha="right")
        for across, line, formation in row.cells():
            kind = row.scenario.types[formation.type]
            power = kind.power.value * formation.strength.value
            corner = left + across * CELL, y + line * LINE
            shade = 0.0 if _is_late(formation) else power
            draw_symbol(ax, kind.symbol, corner=corner, colour=theme.SIDES[side], power=shade)
        for off, words in zip(COLUMNS, row.totals, strict=True):
            _write(ax, words, at=(WIDTH - MARGIN - off, middle), ha="right", size=7.5)
        y += row.lines * LINE + ROW


def _draw_section(ax: Axes, side: str, *, top: float) -> float:
    """A side's heading with a rule; returns where its first row begins."""
    right = WIDTH - MARGIN
    ax.plot([MARGIN, right], [top + 0.2, top + 0.2], color=theme.RULE, linewidth=0.8)
    name = _write(ax, side.capitalize(), at=(MARGIN, top + 0.1), size=9, colour=theme.SIDES[side])
    name.set_fontweight("bold")
    for off, words in zip(COLUMNS, ("battalions", "strength", "people"), strict=True):
        at = right - off, top + 0.1
        _write(ax, words, at=at, ha="right", size=7.0, colour=theme.MUTED)
    return top + SECTION


def draw_symbol(
    ax: Axes, symbol: str, *, corner: tuple[float, float], colour: str, power: float
) -> None:
    """Draws one battalion in its side's colour, the darker the more power; hollow at none."""
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


def _key(scenario: Scenario, rows: tuple[Row, ...]) -> list[tuple[str, float, str]]:
    """What is shown: symbol, power (0 is hollow) and words; the heaviest first."""
    shown = {group[0].type for row in rows for group in row.groups}
    kinds = sorted((scenario.types[i] for i in shown), key=lambda kind: -kind.power.value)
    key = [(k.symbol, k.power.value, f"{k.name} ({k.power.value:g})") for k in kinds]
    if any(_is_late(group[0]) for row in rows for group in row.groups):
        key.append((kinds[0].symbol, 0.0, "Joins only if the answer is full"))
    return key


def _draw_key(ax: Axes, key: list[tuple[str, float, str]], *, top: float) -> None:
    """What each symbol is, in three columns."""
    column = (WIDTH - 2 * MARGIN) / 3
    for i, (symbol, power, words) in enumerate(key):
        x, y = MARGIN + (i % 3) * column, top + (i // 3) * 0.22
        draw_symbol(ax, symbol, corner=(x, y), colour=theme.MUTED, power=power)
        _write(ax, words, at=(x + CELL + 0.06, y + TALL / 2), size=7.2, colour=theme.MUTED)


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


def _sentence(rows: tuple[Row, ...]) -> str:
    """The title: how many face how many."""
    red = sum(len(row.formations) for row in rows if row.side == "red")
    blue = [f for row in rows if row.side == "blue" for f in row.formations]
    late = sum(_is_late(formation) for formation in blue)
    more = f" in place, and {late} more may come" if late else ""
    return f"{red} Red battalions face {len(blue) - late} Blue{more}"


def _explanation(scenario: Scenario, rows: tuple[Row, ...]) -> str:
    power = {
        side: sum(
            f.strength.value * scenario.types[f.type].power.value
            for row in rows
            if row.side == side
            for f in row.formations
            if not _is_late(f)
        )
        for side in ("red", "blue")
    }
    document = scenario.document
    under = "".join(f", {name}" for name in (*document.variants, document.posture) if name)
    return (
        f"{scenario.title}{under}.\n"
        "One symbol a battalion, the darker the more power; in brackets the power of a full one.\n"
        "In place, by strength and type: "
        f"Red {power['red']:.1f}, Blue {power['blue']:.1f} armoured battalions' worth."
    )
