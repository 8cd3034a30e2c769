"""How long until it happens: hours, posture by posture, and how often it never does."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from glacis.figures import theme
from glacis.figures.labels import halo
from glacis.figures.theme import MARGIN, WIDTH
from glacis.figures.words import goal_name, percent, provenance, red_name, told_time

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from glacis.campaign.record import Campaign
    from glacis.scenario.quantity import Quantity

Floats = NDArray[np.float64]

# Lengths are in inches.
NAMES, NEVER = 2.05, 1.35  # columns left and right of the hours
RIDGE = 1.0
TICKS = {
    1: "1 h",
    3: "3 h",
    6: "6 h",
    12: "12 h",
    24: "1 day",
    48: "2 days",
    96: "4 days",
    192: "8 days",
    384: "16 days",
    720: "30 days",
    1440: "60 days",
    2160: "90 days",
    4320: "180 days",
    8760: "365 days",
}
APART = 0.52  # inches between ticks that are named
LONGEST_TITLE = 70  # letters that fit the page
SMOOTH = 0.055  # standard deviation of the smoothing, in powers of ten
DELIVERED = {"reached": "within 10 km", "falls": "held for 12 hours"}
Measure = Literal["reached", "falls"]


@dataclass(frozen=True)
class _Ridge:
    """One posture's hours."""

    posture: str
    name: str
    hours: Floats

    @property
    def kept(self) -> Floats:
        """Hours of the runs in which it happened."""
        return self.hours[np.isfinite(self.hours)]

    @property
    def share(self) -> float:
        return len(self.kept) / len(self.hours)

    def density(self, grid: Floats) -> Floats:
        """Runs' density over the log hour; it covers an area of `share`."""
        logs = np.log10(np.maximum(self.kept, 10.0 ** grid[0]))
        bumps = np.exp(-0.5 * ((grid[:, None] - logs) / SMOOTH) ** 2)
        area = len(self.hours) * SMOOTH * math.sqrt(2.0 * math.pi)
        return np.asarray(bumps.sum(axis=1) / area)


def hours_distribution(
    campaigns: Mapping[str, Campaign], name: str, *, measure: Measure = "reached"
) -> Figure:
    """How the hours to a place are spread, posture by posture, and how often it never comes.

    Parameters
    ----------
    campaigns
        By posture; of one scenario, option and answer.
    name
        A place, or a group of the scenario's objectives (the first counts).
    measure
        ``reached`` (a Red battalion within 10 km) or ``falls`` (held for 12 hours).
    """
    first = next(iter(campaigns.values()))
    ridges = [
        _Ridge(posture, one.scenario.postures[posture].name, one.hours_to(name, measure))
        for posture, one in campaigns.items()
    ]
    days = float(first.dataset.attrs["days"])
    header, footer = 1.72, 0.92
    total = header + RIDGE * len(ridges) + footer
    fig = theme.new_figure(WIDTH, total)
    wide = WIDTH - 2 * MARGIN - NAMES - NEVER
    ax = fig.add_axes(
        (
            (MARGIN + NAMES) / WIDTH,
            footer / total,
            wide / WIDTH,
            RIDGE * len(ridges) / total,
        )
    )
    _hours_axis(ax, ridges, days=days)
    for told, hours in _targets(first, name, measure):
        _draw_target(ax, told, hours, rows=len(ridges))
    _draw_ridges(ax, ridges)
    _draw_never(ax, ridges, days=days)
    what = goal_name(first.scenario, name)
    theme.heading(
        fig, _hours_title(first, ridges, what, measure), subtitle=_hours_words(first, measure)
    )
    theme.footing(fig, provenance(first))
    return fig


def _hours_axis(ax: Axes, ridges: list[_Ridge], *, days: float) -> None:
    """A log axis that begins at a round hour before all but the soonest hundredth of the runs."""
    theme.bare(ax)
    soon = min((float(np.percentile(r.kept, 1)) for r in ridges if len(r.kept)), default=24.0)
    first = max((hours for hours in TICKS if hours < 0.8 * min(soon, 12.0 * days)), default=1)
    ax.set_xlim(math.log10(first), math.log10(24.0 * days))
    rows = len(ridges)
    ax.set_ylim(0, rows)
    per_inch = (math.log10(24.0 * days / first)) / (WIDTH - 2 * MARGIN - NAMES - NEVER)
    for hours in roomy_ticks(first, 24.0 * days, apart=APART * per_inch):
        at = math.log10(hours)
        ax.axvline(at, color=theme.RULE, linewidth=0.7, zorder=0.5)
        theme.note(ax, TICKS[hours], at=(at, 0), off=(0, -4), size=8.0)
    for row in range(rows):
        ax.axhline(row, color=theme.RULE, linewidth=0.9, zorder=0.6)
    theme.note(
        ax,
        "time after H-hour, on a logarithmic axis",
        at=(ax.get_xlim()[0], 0),
        off=(1e-3, -18),
    )


def roomy_ticks(first: float, last: float, *, apart: float) -> list[int]:
    """Ticks between two hours that keep so many powers of ten apart.

    The latest goes first; 90 days give way to 60.
    """
    inside = [hours for hours in reversed(TICKS) if first <= hours <= last]
    chosen: list[int] = []
    for hours in [*inside[:1], *sorted(inside[1:], key=lambda hours: (hours == 2160, -hours))]:
        if all(abs(math.log10(hours / other)) >= apart for other in chosen):
            chosen.append(hours)
    return sorted(chosen)


def _draw_ridges(ax: Axes, ridges: list[_Ridge]) -> None:
    grid = np.linspace(*ax.get_xlim(), 400)
    curves = [ridge.density(grid) for ridge in ridges]
    tall = max(float(curve.max()) for curve in curves) or 1.0
    fill = theme.mixed(theme.ACCENT, theme.PAPER, share=0.62)
    for row, (ridge, curve) in enumerate(zip(ridges, curves, strict=True)):
        base = len(ridges) - 1 - row
        top = base + 0.82 * curve / tall
        ax.fill_between(grid, base, top, color=fill, linewidth=0, zorder=2)
        ax.plot(grid, top, color=theme.ACCENT, linewidth=1.3, zorder=2.1)
        _name_row(ax, base, ridge)
        if len(ridge.kept):
            _draw_span(ax, base, ridge, curve=(grid, top))


def _draw_span(ax: Axes, base: float, ridge: _Ridge, *, curve: tuple[Floats, Floats]) -> None:
    """The median with its hour, and the span of nine runs in ten."""
    cuts = np.maximum(np.percentile(ridge.kept, [5, 50, 95]), 10.0 ** curve[0][0])
    low, middle, high = (float(cut) for cut in np.log10(cuts))
    top = float(np.interp(middle, *curve))
    ax.plot([low, high], [base + 0.05] * 2, color=theme.INK, linewidth=2.2, zorder=3, alpha=0.85)
    ax.plot([middle] * 2, [base, top], color=theme.INK, linewidth=1.4, zorder=3)
    hour = told_time(float(np.median(ridge.kept)))
    words = theme.note(ax, hour, at=(middle, top), off=(0, 3), size=9.5, colour=theme.INK)
    words.set_fontweight("bold")
    words.set_path_effects([*halo()])
    words.set_bbox({"facecolor": theme.PAPER, "edgecolor": "none", "pad": 0.6})
    box, frame = words.get_window_extent(), ax.bbox
    over = max(0.0, box.x1 - frame.x1) - max(0.0, frame.x0 - box.x0)
    words.set_position((-72.0 * over / ax.figure.dpi, 3.0))


def _name_row(ax: Axes, base: float, ridge: _Ridge) -> None:
    left, width = ax.get_xlim()[0], NAMES * 72
    text = theme.note(ax, ridge.posture, at=(left, base + 0.62), off=(-width, 0), size=10.0)
    text.set_color(theme.INK)
    text.set_fontweight("bold")
    text.set_horizontalalignment("left")
    lines = "\n".join(wrap(ridge.name, 27)[:2])
    small = theme.note(ax, lines, at=(left, base + 0.48), off=(-width, -1e-3), size=8.0)
    small.set_horizontalalignment("left")


def _draw_never(ax: Axes, ridges: list[_Ridge], *, days: float) -> None:
    """Right of the hours: the share of runs in which it never happened, as a bar and a number."""
    right = ax.get_xlim()[1]
    per_inch = (right - ax.get_xlim()[0]) / (WIDTH - 2 * MARGIN - NAMES - NEVER)
    start, long = right + 0.2 * per_inch, (NEVER - 0.2) * per_inch
    title = theme.note(
        ax, f"never in {days:g} days", at=(start, len(ridges)), off=(1e-3, 4), size=8.0
    )
    title.set_color(theme.INK)
    for row, ridge in enumerate(ridges):
        base, never = len(ridges) - 1 - row, 1.0 - ridge.share
        for width, colour in ((1.0, theme.RULE), (never, theme.MUTED)):
            ax.barh(
                base + 0.14,
                width * long,
                left=start,
                height=0.16,
                color=colour,
                clip_on=False,
                zorder=2,
            )
        number = theme.note(ax, percent(never), at=(start, base + 0.42), off=(1e-3, 0), size=12.0)
        number.set_color(theme.INK)
        number.set_fontweight("bold")


def _targets(campaign: Campaign, name: str, measure: str) -> Iterator[tuple[str, Quantity]]:
    """What the scenario knows of this measure from history or from a published game."""
    option = campaign.dataset.attrs["option"]
    for target in campaign.scenario.targets:
        is_this = (target.place, target.measure, target.option) == (name, measure, option)
        if is_this and target.observed_hours is not None:
            yield target.name, target.observed_hours


def _draw_target(ax: Axes, name: str, hours: Quantity, *, rows: int) -> None:
    """The observed hours as a band that ends in a line, named above the first row."""
    least = 10.0 ** ax.get_xlim()[0]
    low, high = (math.log10(max(hour, least)) for hour in hours.support)
    ax.axvspan(low, high, color=theme.RULE, alpha=0.45, linewidth=0, zorder=0.4)
    ax.axvline(high, color=theme.INK, linewidth=1.1, linestyle=(0, (4, 2)), zorder=2.6)
    start, end = hours.support
    span = f"{start:g} to {end:g} h" if start < end else f"{end:g} h"
    words = f"{name.partition(',')[0]}: {span}"
    theme.note(ax, words, at=(high, rows), off=(0, 4), size=8.0, colour=theme.INK)


def _hours_title(campaign: Campaign, ridges: list[_Ridge], what: str, measure: str) -> str:
    """The sentence: between which shares of runs the postures lie."""
    by_share = sorted(ridges, key=lambda ridge: ridge.share)
    least, most = by_share[0], by_share[-1]
    red = red_name(campaign.scenario)
    happens = f"{red} reaches {what}" if measure == "reached" else f"{what} falls"
    if least is most:
        return f"Under {least.posture}, {happens} in {percent(least.share)} of runs"
    title = (
        f"{happens} in {percent(least.share)} of runs under {least.posture}, "
        f"{percent(most.share)} under {most.posture}"
    )
    if len(title) <= LONGEST_TITLE:
        return title
    return f"{happens} in {100 * least.share:.0f} to {percent(most.share)} of runs, by posture"


def _hours_words(campaign: Campaign, measure: str) -> str:
    scenario, attrs = campaign.scenario, campaign.dataset.attrs
    return (
        f"{scenario.title}. Red: {scenario.options[attrs['option']].name}; "
        f"the council's answer: {attrs['response']}.\n"
        f"Hours from H-hour until Red is there ({DELIVERED[measure]}), over runs that differ in "
        "assumptions and luck.\n"
        "Areas are shares of runs; the upright line is the median of those in which it happens, "
        "the bar spans nine in ten."
    )
