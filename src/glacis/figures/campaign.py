"""What a campaign came to: arrivals on the map, hours by posture, losses by side and over time."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from glacis.figures import theme
from glacis.figures.arrival import arrival_map
from glacis.figures.words import CAVEAT, goal_name, percent, provenance, red_name, told_hours

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from glacis.campaign.record import Campaign
    from glacis.campaign.replay import Replay
    from glacis.campaign.story import Event
    from glacis.scenario.model import Target

__all__ = ["arrival_map", "hours_distribution", "losses_chart", "losses_over_time"]

Floats = NDArray[np.float64]

WIDTH, MARGIN = 9.6, 0.35  # inches, as all lengths here
NAMES, NEVER = 2.05, 1.35  # columns left and right of the hours
RIDGE, LEAST_HOURS = 1.0, 6.0
TICKS = {
    6: "6 h",
    12: "12 h",
    24: "1 day",
    48: "2",
    96: "4",
    192: "8",
    384: "16",
    720: "30 days",
}
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
        logs = np.log10(np.clip(self.kept, LEAST_HOURS, None))
        bumps = np.exp(-0.5 * ((grid[:, None] - logs) / SMOOTH) ** 2)
        return bumps.sum(axis=1) / (len(self.hours) * SMOOTH * math.sqrt(2.0 * math.pi))


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
    _hours_axis(ax, days, rows=len(ridges))
    for target in _targets(first, name, measure):
        _draw_target(ax, target, rows=len(ridges))
    _draw_ridges(ax, ridges, days=days)
    _draw_never(ax, ridges, days=days)
    what = goal_name(first.scenario, name)
    theme.heading(
        fig, _hours_title(first, ridges, what, measure), subtitle=_hours_words(first, measure)
    )
    theme.footing(fig, provenance(first))
    return fig


def _hours_axis(ax: Axes, days: float, *, rows: int) -> None:
    theme.bare(ax)
    ax.set_xlim(math.log10(LEAST_HOURS), math.log10(24.0 * days))
    ax.set_ylim(0, rows)
    for hours, words in TICKS.items():
        if hours <= 24.0 * days:
            at = math.log10(hours)
            ax.axvline(at, color=theme.RULE, linewidth=0.7, zorder=0.5)
            theme.note(ax, words, at=(at, 0), off=(0, -4), size=8.0)
    for row in range(rows):
        ax.axhline(row, color=theme.RULE, linewidth=0.9, zorder=0.6)
    theme.note(
        ax,
        "hours and days after H-hour, each step twice the last",
        at=(ax.get_xlim()[0], 0),
        off=(1e-3, -18),
    )


def _draw_ridges(ax: Axes, ridges: list[_Ridge], *, days: float) -> None:
    grid = np.linspace(math.log10(LEAST_HOURS), math.log10(24.0 * days), 400)
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
            _draw_span(ax, base, ridge, heights=np.interp(_cuts(ridge), grid, top))


def _cuts(ridge: _Ridge) -> Floats:
    """Logs of the 5th, 50th and 95th percentile."""
    return np.asarray(np.log10(np.maximum(np.percentile(ridge.kept, [5, 50, 95]), LEAST_HOURS)))


def _draw_span(ax: Axes, base: float, ridge: _Ridge, *, heights: Floats) -> None:
    """The median with its hour, and the span of nine runs in ten."""
    low, middle, high = _cuts(ridge)
    ax.plot([low, high], [base + 0.05] * 2, color=theme.INK, linewidth=2.2, zorder=3, alpha=0.85)
    ax.plot([middle] * 2, [base, heights[1]], color=theme.INK, linewidth=1.4, zorder=3)
    words = theme.note(
        ax,
        told_hours(float(np.median(ridge.kept))),
        at=(middle, base + 0.5 * (heights[1] - base) + 0.08),
        off=(4, 0),
        size=9.5,
        colour=theme.INK,
    )
    words.set_fontweight("bold")


def _name_row(ax: Axes, base: float, ridge: _Ridge) -> None:
    left, width = ax.get_xlim()[0], NAMES * 72
    text = theme.note(ax, ridge.posture, at=(left, base + 0.62), off=(-width, 0), size=10.0)
    text.set_color(theme.INK)
    text.set_fontweight("bold")
    text.set_ha("left")
    lines = "\n".join(wrap(ridge.name, 27)[:2])
    small = theme.note(ax, lines, at=(left, base + 0.48), off=(-width, -1e-3), size=8.0)
    small.set_ha("left")


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


def _targets(campaign: Campaign, name: str, measure: str) -> Iterator[Target]:
    """What the scenario knows of this measure from history or from a published game."""
    option = campaign.dataset.attrs["option"]
    for target in campaign.scenario.targets:
        if (target.place, target.measure, target.option) == (name, measure, option):
            yield target


def _draw_target(ax: Axes, target: Target, *, rows: int) -> None:
    """The observed hours as a band that ends in a line, named above the first row."""
    low, high = (math.log10(max(hours, LEAST_HOURS)) for hours in target.observed_hours.support)
    ax.axvspan(low, high, color=theme.RULE, alpha=0.45, linewidth=0, zorder=0.4)
    ax.axvline(high, color=theme.INK, linewidth=1.1, linestyle=(0, (4, 2)), zorder=2.6)
    start, end = target.observed_hours.support
    span = f"{start:g} to {end:g} h" if start < end else f"{end:g} h"
    words = f"{target.name.partition(',')[0]}: {span}"
    theme.note(ax, words, at=(high, rows), off=(0, 4), size=8.0, colour=theme.INK)


def _hours_title(campaign: Campaign, ridges: list[_Ridge], what: str, measure: str) -> str:
    """The sentence: between which shares of runs the postures lie."""
    by_share = sorted(ridges, key=lambda ridge: ridge.share)
    least, most = by_share[0], by_share[-1]
    red = red_name(campaign.scenario)
    happens = f"{red} reaches {what}" if measure == "reached" else f"{what} falls"
    if least is most:
        return f"Under {least.posture}, {happens} in {percent(least.share)} of runs"
    return (
        f"{happens} in {percent(least.share)} of runs under {least.posture}, "
        f"{percent(most.share)} under {most.posture}"
    )


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


def losses_chart(campaigns: Mapping[str, Campaign]) -> Figure:
    """What each posture costs both sides in people: median, half of the runs, nine in ten."""
    first = next(iter(campaigns.values()))
    blocks = list(_loss_blocks(campaigns))
    row, gap, header, footer = 0.27, 0.44, 1.4, 0.86
    body = sum(gap + row * len(campaigns) for _ in blocks)
    total = header + body + footer
    fig = theme.new_figure(WIDTH, total)
    left = MARGIN + NAMES
    ax = fig.add_axes(
        (left / WIDTH, footer / total, (WIDTH - left - MARGIN - 1.5) / WIDTH, body / total)
    )
    theme.bare(ax)
    ax.set_ylim(body, 0.0)
    most = max(
        float(np.percentile(values, 95)) for _, _, rows in blocks for values in rows.values()
    )
    ax.set_xlim(0.0, _round_up(most))
    _people_axis(ax, bottom=body)
    y = 0.0
    for title, colour, rows in blocks:
        y += gap
        words = theme.note(ax, title, at=(0.0, y - 0.12), off=(-NAMES * 72, 1e-3), size=9.0)
        words.set_ha("left")
        words.set_color(colour)
        words.set_fontweight("bold")
        for posture, values in rows.items():
            y += row
            _draw_losses(ax, y - row / 2, values, posture=posture, colour=colour)
    theme.heading(fig, _losses_title(campaigns), subtitle=_losses_words(first))
    theme.footing(fig, provenance(first))
    return fig


def _loss_blocks(campaigns: Mapping[str, Campaign]) -> Iterator[tuple[str, str, dict[str, Floats]]]:
    """Title, colour and values by posture of each kind of loss that occurs at all."""
    sides = (("blue", "Blue", theme.BLUE), ("red", "Red", theme.RED))
    for side, name, colour in sides:
        for kind, words in (("casualties", "killed and wounded"), ("captured", "captured")):
            rows = {posture: one.losses(side, kind) for posture, one in campaigns.items()}
            if any(float(np.percentile(values, 95)) >= 1.0 for values in rows.values()):
                yield f"{name} {words}", colour, rows
    rows = {posture: one.values("civilians") for posture, one in campaigns.items()}
    yield "Civilians killed and wounded", theme.MUTED, rows


def _draw_losses(ax: Axes, y: float, values: Floats, *, posture: str, colour: str) -> None:
    low, lower, middle, upper, high = np.percentile(values, [5, 25, 50, 75, 95])
    pale = theme.mixed(colour, theme.PAPER, share=0.55)
    ax.plot([low, high], [y, y], color=pale, linewidth=2.0, zorder=2, solid_capstyle="butt")
    ax.plot([lower, upper], [y, y], color=pale, linewidth=6.0, zorder=2.1, solid_capstyle="butt")
    ax.plot([middle], [y], marker="o", markersize=7, color=colour, zorder=3)
    name = theme.note(ax, posture, at=(0.0, y), off=(-8, 0), size=8.5, colour=theme.INK)
    name.set_ha("right")
    told = f"{middle:,.0f} ({low:,.0f} to {high:,.0f})"
    theme.note(ax, told, at=(ax.get_xlim()[1], y), off=(6, 0), size=8.0, colour=theme.INK)


def _people_axis(ax: Axes, *, bottom: float) -> None:
    most = ax.get_xlim()[1]
    step = _round_up(most) / 5
    for people in np.arange(0.0, most + step / 2, step):
        ax.axvline(people, color=theme.RULE, linewidth=0.7, zorder=0.5)
        theme.note(ax, f"{people:,.0f}", at=(float(people), bottom), off=(0, -4), size=8.0)
    theme.note(ax, "people", at=(0.0, bottom), off=(1e-3, -18), size=8.0)


def _round_up(number: float) -> float:
    """The smallest of 1, 2, 2.5, 5 times a power of ten that is not below a number."""
    power = 10.0 ** math.floor(math.log10(max(number, 1.0)))
    return next(step * power for step in (1.0, 2.0, 2.5, 5.0, 10.0) if step * power >= number)


def _losses_title(campaigns: Mapping[str, Campaign]) -> str:
    blue = {posture: float(np.median(one.losses("blue"))) for posture, one in campaigns.items()}
    red = {posture: float(np.median(one.losses("red"))) for posture, one in campaigns.items()}
    if len(campaigns) == 1:
        (one,) = blue
        return (
            f"Half of the runs cost Blue more than {blue[one]:,.0f} casualties, Red {red[one]:,.0f}"
        )
    low, high = min(blue, key=blue.__getitem__), max(blue, key=blue.__getitem__)
    return f"Blue's median casualties: {blue[low]:,.0f} under {low}, {blue[high]:,.0f} under {high}"


def _losses_words(campaign: Campaign) -> str:
    scenario, attrs = campaign.scenario, campaign.dataset.attrs
    return (
        f"{scenario.title}. Red: {scenario.options[attrs['option']].name}; "
        f"the council's answer: {attrs['response']}; {attrs['days']:g} days.\n"
        "Dots are medians over runs, thick bars hold half of them, thin bars nine in ten; "
        "the numbers give both."
    )


def losses_over_time(replays: Replay | Mapping[str, Replay]) -> Figure:
    """People killed and wounded on both sides, day by day, in chosen runs.

    Parameters
    ----------
    replays
        One run, or several by the names they are to bear.
    """
    named = replays if isinstance(replays, Mapping) else {"": replays}
    panel, header, footer = 2.9, 1.2, 0.86
    total = header + panel * len(named) + footer
    fig = theme.new_figure(WIDTH, total)
    most = max(float(run.losses(side).max()) for run in named.values() for side in ("blue", "red"))
    for row, (name, run) in enumerate(named.items()):
        bottom = footer + panel * (len(named) - 1 - row)
        ax = fig.add_axes(
            (
                (MARGIN + 0.55) / WIDTH,
                (bottom + 0.12) / total,
                (WIDTH - 2 * MARGIN - 0.55 - 1.25) / WIDTH,
                (panel - 0.95) / total,
            )
        )
        _draw_run(ax, run, name=name, most=_round_up(most), is_last=row == len(named) - 1)
    first = next(iter(named.values()))
    theme.heading(fig, _run_title(named), subtitle=_run_words(first))
    attrs = first.dataset.attrs
    made = f"Scenario {attrs['scenario']}, glacis {attrs['glacis']}, seed {attrs['seed']}."
    theme.footing(fig, f"{CAVEAT} {made}")
    return fig


def _draw_run(ax: Axes, run: Replay, *, name: str, most: float, is_last: bool) -> None:
    theme.bare(ax)
    days = run.hours / 24.0
    ax.set_xlim(0.0, float(days[-1]))
    ax.set_ylim(0.0, most)
    for people in np.linspace(0.0, most, 5):
        ax.axhline(people, color=theme.RULE, linewidth=0.7, zorder=0.5)
        theme.note(ax, f"{people:,.0f}", at=(0.0, float(people)), off=(-5, 0), size=8.0)
    for day in range(0, int(days[-1]) + 1, 5):
        theme.note(ax, f"day {day}", at=(float(day), 0.0), off=(0, -4), size=8.0)
    _draw_sides(ax, run, days=days)
    _draw_events(ax, run)
    words = " ".join(part for part in (name, f"(world {run.dataset.attrs['world']})") if part)
    title = theme.note(ax, words, at=(0.0, most), off=(1e-3, 42), size=9.5, colour=theme.INK)
    title.set_fontweight("bold")
    if is_last:
        theme.note(ax, "people killed and wounded so far", at=(0.0, 0.0), off=(1e-3, -18), size=8.0)


def _draw_sides(ax: Axes, run: Replay, *, days: Floats) -> None:
    """Both sides' lines, told apart by dashes too, and named at their ends without overlap."""
    ends = {}
    for side, dashes in (("blue", "-"), ("red", (0, (5, 1.5)))):
        lost = run.losses(side)
        ax.plot(days, lost, color=theme.SIDES[side], linewidth=2.2, linestyle=dashes, zorder=3)
        ends[side] = float(lost[-1])
    apart = 0.13 * ax.get_ylim()[1]
    low, high = sorted(ends, key=ends.__getitem__)
    spread = max(0.0, apart - (ends[high] - ends[low])) / 2
    for side, shift in ((low, -spread), (high, spread)):
        captured = float(run.losses(side, "captured")[-1])
        more = f"\nand {captured:,.0f} captured" if captured >= 0.5 else ""
        theme.note(
            ax,
            f"{side.capitalize()} {ends[side]:,.0f}{more}",
            at=(float(days[-1]), ends[side] + shift),
            off=(5, 0),
            size=8.5,
            colour=theme.SIDES[side],
        )


def _draw_events(ax: Axes, run: Replay) -> None:
    """Major events as lines with words above the frame, on three levels by turns."""
    from glacis.figures.labels import halo

    told = [event for event in run.events if event.hour > 0 and _short(run, event)][:9]
    for turn, event in enumerate(told):
        day = event.hour / 24.0
        ax.axvline(day, color=theme.MUTED, linewidth=0.8, linestyle=(0, (1, 2)), zorder=1)
        words = theme.note(
            ax,
            _short(run, event),
            at=(day, ax.get_ylim()[1]),
            off=(2, 3 + 11 * (turn % 3)),
            size=7.5,
        )
        words.set_path_effects(halo())


def _short(run: Replay, event: Event) -> str:
    """A few words for the events that a chart of losses names; none for the rest."""
    if event.kind == "decision":
        return "the council decides"
    verbs = {"reached": "is near", "fell": "falls", "retaken": "is retaken"}
    if not event.is_major or event.place is None or event.kind not in verbs:
        return ""
    name = run.scenario.theatre.places[event.place].name
    return (
        f"Red {verbs['reached']} {name}"
        if event.kind == "reached"
        else f"{name} {verbs[event.kind]}"
    )


def _run_title(named: Mapping[str, Replay]) -> str:
    if len(named) > 1:
        return "Who lost how many by when, in one run of each posture"
    (run,) = named.values()
    blue, red = (float(run.losses(side)[-1]) for side in ("blue", "red"))
    days = run.dataset.attrs["days"]
    return f"In {days:g} days Blue loses {blue:,.0f} people killed and wounded, Red {red:,.0f}"


def _run_words(run: Replay) -> str:
    attrs, scenario = run.dataset.attrs, run.scenario
    chosen = (
        f"the {attrs['chosen']} of {attrs['of_worlds']:,} runs" if "chosen" in attrs else "one run"
    )
    return (
        f"{scenario.title}. Red: {scenario.options[attrs['option']].name}; "
        f"the council's answer: {attrs['response']}.\n"
        f"Killed and wounded in {chosen}, by when Red reaches the first objectives; captured apart."
    )
