"""Who stands where before a shot: battalions by side, nation and type, one symbol each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from glacis.figures import theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from glacis.scenario.model import ForceType, Formation, Scenario

Floats = NDArray[np.float64]

WIDTH, MARGIN = 9.6, 0.35  # inches, as all lengths here
NAMES, TOTALS = 1.55, 1.25  # room for a row's name and for its sum
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
        """The nation's name."""
        return self.scenario.nations[self.nation].name

    @cached_property
    def groups(self) -> tuple[tuple[str, bool, int], ...]:
        """Type id, whether it comes only with a full answer, and how many; the heaviest first."""
        types = self.scenario.types
        order = sorted(types, key=lambda ident: -types[ident].power.value)
        counts = (
            (ident, late, sum(f.type == ident and _is_late(f) == late for f in self.formations))
            for late in (False, True)
            for ident in order
        )
        return tuple(group for group in counts if group[2])

    def cells(self) -> Iterator[tuple[float, int, str, bool]]:
        """Across (in cells) and line of each battalion, its type, and whether it comes later."""
        most = (WIDTH - 2 * MARGIN - NAMES - TOTALS) / CELL - 1
        across, line = 0.0, 0
        for ident, late, count in self.groups:
            for _ in range(count):
                if across > most:
                    across, line = 0.0, line + 1
                yield across, line, ident, late
                across += 1.0
            across += 0.4

    @cached_property
    def lines(self) -> int:
        """Lines of cells that it takes."""
        return 1 + max(line for _, line, _, _ in self.cells())


def forces_chart(scenario: Scenario) -> Figure:
    """Both sides' battalions by nation, a symbol for each, the heavier the darker.

    Hollow symbols are those that join only if the alliance answers in full.
    """
    rows = tuple(_rows(scenario))
    shown = {ident for row in rows for ident, _, _ in row.groups}
    key_lines = -(-(len(shown) + 1) // 3)
    body = sum(row.lines * LINE + ROW for row in rows) + 2 * SECTION
    header, footer = 1.27 + 0.22 * key_lines, 0.4
    height = header + body + footer
    fig = theme.new_figure(WIDTH, height)
    ax = fig.add_axes((0.0, 0.0, 1.0, 1.0))
    theme.bare(ax)
    ax.set_xlim(0.0, WIDTH)
    ax.set_ylim(height, 0.0)
    _draw_key(ax, scenario, shown, top=1.2)
    _draw_rows(ax, rows, top=header)
    theme.heading(fig, _sentence(rows), _explanation(scenario, rows))
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
            y = _draw_section(ax, side, y)
        left = MARGIN + NAMES
        _write(ax, left - 0.12, y + TALL / 2, row.name, ha="right")
        for across, line, ident, late in row.cells():
            corner = left + across * CELL, y + line * LINE
            draw_symbol(ax, row.scenario.types[ident], corner, side=row.side, hollow=late)
        right = WIDTH - MARGIN
        _write(ax, right - 0.62, y + TALL / 2, _count(row), ha="right", size=7.5)
        people = sum(f.people.value * f.strength.value for f in row.formations)
        _write(ax, right, y + TALL / 2, f"{people:,.0f}", ha="right", size=7.5)
        y += row.lines * LINE + ROW


def _count(row: Row) -> str:
    """Battalions in place, and those that may join them."""
    late = sum(_is_late(formation) for formation in row.formations)
    return f"{len(row.formations) - late} + {late}" if late else f"{len(row.formations)}"


def _draw_section(ax: Axes, side: str, y: float) -> float:
    """A side's heading with a rule; returns where its first row begins."""
    ax.plot([MARGIN, WIDTH - MARGIN], [y + 0.2, y + 0.2], color=theme.RULE, linewidth=0.8)
    colour = theme.SIDES[side]
    _write(ax, MARGIN, y + 0.1, side.capitalize(), colour=colour, weight="bold", size=9.0)
    for off, words in ((0.62, "battalions"), (0.0, "people")):
        right = WIDTH - MARGIN - off
        _write(ax, right, y + 0.1, words, ha="right", size=7.0, colour=theme.MUTED)
    return y + SECTION


def draw_symbol(
    ax: Axes,
    kind: ForceType,
    corner: tuple[float, float],
    *,
    side: Literal["red", "blue"],
    hollow: bool = False,
) -> None:
    """Draws one battalion: its symbol in a frame of the side's colour, darker the heavier it is."""
    from matplotlib.patches import Rectangle

    colour = theme.SIDES[side]
    lightness = 0.8 * (1.0 - min(kind.power.value, 1.0)) ** 1.2
    fill = theme.PAPER if hollow else theme.mixed(colour, theme.PAPER, lightness)
    ink = colour if hollow else theme.text_on(fill)
    x, y = corner
    width = CELL - GAP
    frame = Rectangle((x, y), width, TALL, facecolor=fill, edgecolor=colour, linewidth=0.7)
    ax.add_patch(frame)
    for line in GLYPHS.get(kind.symbol, ()):
        across, down = x + line[:, 0] * width, y + (1.0 - line[:, 1]) * TALL
        (stroke,) = ax.plot(across, down, color=ink, linewidth=0.7, solid_capstyle="butt")
        stroke.set_clip_path(frame)
    if kind.symbol not in GLYPHS:
        _write(ax, x + width / 2, y + TALL / 2, kind.name[:2], ha="center", size=4.5, colour=ink)


def _draw_key(ax: Axes, scenario: Scenario, shown: set[str], *, top: float) -> None:
    """What each symbol is, in three columns."""
    types = scenario.types
    order = sorted(shown, key=lambda ident: -types[ident].power.value)
    column = (WIDTH - 2 * MARGIN) / 3
    for i, ident in enumerate([*order, ""]):
        x, y = MARGIN + (i % 3) * column, top + (i // 3) * 0.22
        kind = types[ident or order[0]]
        draw_symbol(ax, kind, (x, y), side="blue", hollow=not ident)
        words = (
            f"{kind.name} ({kind.power.value:g})" if ident else "joins only if the answer is full"
        )
        _write(ax, x + CELL + 0.06, y + TALL / 2, words, size=7.2, colour=theme.MUTED)


def _write(
    ax: Axes,
    x: float,
    y: float,
    words: str,
    *,
    ha: Literal["left", "center", "right"] = "left",
    size: float = 8.0,
    colour: str = theme.INK,
    weight: str = "normal",
) -> None:
    ax.text(
        x,
        y,
        words,
        ha=ha,
        va="center",
        size=size,
        color=colour,
        weight=weight,
        family=theme.SANS,
    )


def _sentence(rows: tuple[Row, ...]) -> str:
    """The title: how many face how many."""
    red = sum(len(row.formations) for row in rows if row.side == "red")
    blue = [f for row in rows if row.side == "blue" for f in row.formations]
    late = sum(_is_late(formation) for formation in blue)
    more = f", and {late} more may come" if late else ""
    return f"{red} Red battalions face {len(blue) - late} Blue in place{more}"


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
        f"{scenario.title}{under}. One symbol a battalion, the darker the heavier; in brackets its "
        "combat power.\nIn place, by strength and type: "
        f"Red {power['red']:.1f}, Blue {power['blue']:.1f} armoured battalions' worth."
    )
