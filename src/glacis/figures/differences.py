"""What postures change: paired differences from the first, world by world."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from glacis.errors import InputError
from glacis.figures import theme
from glacis.figures.compared import (
    NAMES,
    TITLED,
    Compared,
    Estimate,
    draw_name,
    estimate,
    finish,
    new_sheet,
    round_ticks,
    told_in_lines,
)
from glacis.figures.theme import MARGIN, WIDTH
from glacis.figures.words import shortened, signed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW, HEAD, GAP = 0.62, 0.52, 0.3  # inches
POINTS = 100.0  # of a share


class Measure(NamedTuple):
    """A figure whose differences are told."""

    variable: str
    name: str
    """In two lines."""
    unit: str
    scale: float = 1.0

    def found(self, study: Compared, posture: str) -> Estimate:
        """Of the difference, in the unit."""
        return estimate(self.scale * study.difference(self.variable, posture))

    def told(self, number: float) -> str:
        """A change in words."""
        return signed(number, 0 if self.unit != "points" and abs(number) >= 9.95 else 1)


def measures(study: Compared) -> Iterator[Measure]:
    """Those that the study can tell of."""
    kind = study.scenario.options[study.option].kind
    every = (
        Measure("p_attack", "Red attacks, at a\nmoment of decision", "points", POINTS),
        Measure("p_attack_5y", "Red attacks\nwithin five years", "points", POINTS),
        Measure("falls_any", f"an objective falls,\nif it comes to {kind}", "points", POINTS),
        Measure("expected_loss", "expected loss, with\nthe posture's cost", "EUR bn"),
    )
    return (one for one in every if study.has(one.variable))


def differences_chart(study: Compared) -> Figure:
    """What each posture changes from the first: mean, its interval, and how far worlds differ.

    Raises
    ------
    InputError
        If there is only one posture.
    """
    others = study.postures[1:]
    if not others:
        raise InputError("only one posture is compared; give two or more for their differences")
    told = list(measures(study))
    text = told_in_lines(_text(study))
    sheet = new_sheet(study, text, rows=len(others), heads=HEAD, row=ROW)
    room = WIDTH - 2 * MARGIN - NAMES
    width = (room - GAP * (len(told) - 1)) / len(told)
    for place, measure in enumerate(told):
        ax = sheet.panel(NAMES + (width + GAP) * place, width)
        ax.set_ylim(len(others), 0.0)
        found = [measure.found(study, posture) for posture in others]
        _draw_scale(ax, measure, found)
        for row, one in enumerate(found):
            _draw_row(ax, row, measure, one)
        if place == 0:
            for row, posture in enumerate(others):
                draw_name(ax, (ax.get_xlim()[0], row + 0.5), study, posture)
    return finish(sheet, study, _title(study), text)


def _draw_scale(ax: Axes, measure: Measure, found: list[Estimate]) -> None:
    """An axis that holds all that is shown, and zero."""
    shown = [0.0, *(end for one in found for end in one.all)]
    low, high = min(shown), max(shown)
    spare = 0.06 * (high - low) or 1.0
    ax.set_xlim(low - spare, high + spare)
    rows = len(found)
    ticks = list(round_ticks(low, high, 4)) if high > low else [0.0]
    for tick in ticks:
        ink = theme.INK if tick == 0.0 else theme.RULE
        ax.plot([tick, tick], [0.0, rows], color=ink, linewidth=0.8, zorder=0.6, clip_on=False)
        theme.note(ax, signed(tick), at=(tick, rows), off=(0, -4), size=8.0)
    left = ax.get_xlim()[0]
    head = f"{measure.name}\n{measure.unit}"
    theme.note(ax, head, at=(left, 0.0), off=(1e-3, 4), size=8.0, colour=theme.INK)


def _draw_row(ax: Axes, row: int, measure: Measure, found: Estimate) -> None:
    """Thin for the worlds, thick for the mean's interval; an open dot where that holds zero."""
    y, middle = row + 0.36, sum(ax.get_xlim()) / 2
    if math.isnan(found.mean):
        theme.note(ax, "undefined", at=(middle, row + 0.5), size=7.5)
        return
    ax.plot([found.p05, found.p95], [y, y], color=theme.MUTED, linewidth=0.9, zorder=2)
    has_interval = math.isfinite(found.half)
    if has_interval:
        ax.plot(found.ends, [y, y], color=theme.INK, linewidth=3.4, zorder=3)
    fill = theme.INK if found.is_sure else theme.PAPER
    ax.plot([found.mean], [y], "o", color=fill, mec=theme.INK, markersize=6.0, zorder=4)
    words = measure.told(found.mean)
    if has_interval:
        low, high = (measure.told(end) for end in found.ends)
        words += f" ({low} to {high})"
    text = theme.note(ax, words, at=(middle, row + 0.74), size=7.5, colour=theme.INK)
    text.set_bbox({"facecolor": theme.PAPER, "edgecolor": "none", "pad": 1.0})


def _title(study: Compared) -> str:
    """What the posture does that lowers the attack most, or that none is sure to."""
    first, *others = study.postures
    found = {name: estimate(POINTS * study.difference("p_attack", name)) for name in others}
    best = min(others, key=lambda name: found[name].mean)
    change = found[best]
    base = shortened(first, TITLED)
    if not any(one.is_sure for one in found.values()):
        return f"None is told apart from {base} by how often Red attacks"
    if change.mean >= 0 or not change.is_sure:
        best = max(others, key=lambda name: found[name].mean)
        verb, change = "more often", found[best]
    else:
        verb = "less often"
    points = f"{abs(change.mean):.{0 if abs(change.mean) >= 0.95 else 1}f}"
    return (
        f"Under {shortened(best, TITLED)} Red attacks {verb} than under {base}:\n"
        f"by {points} points at a moment of decision"
    )


def _text(study: Compared) -> str:
    prices = (
        "" if study.has("expected_loss") else " The scenario prices nothing, so no loss is told."
    )
    return (
        f"{study.scenario.title}. Each posture less {shortened(study.postures[0], TITLED)}, in the "
        "same worlds with the same luck; a comparison, no forecast. Dots: means; thick: their 95 % "
        "interval (an open dot: it holds zero); thin: the middle nine in ten of worlds. Each panel "
        f"has a scale of its own.{prices}"
    )


__all__ = ["Measure", "differences_chart", "measures"]
