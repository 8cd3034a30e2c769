"""What it costs in people: both sides' losses by posture, and day by day in chosen runs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from glacis.figures import theme
from glacis.figures.theme import MARGIN, WIDTH
from glacis.figures.timeline import draw_days, how_chosen, name_events
from glacis.figures.turning import merged, turning_points
from glacis.figures.words import CAVEAT, provenance, told_people

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from glacis.campaign.record import Campaign
    from glacis.campaign.replay import Replay

Floats = NDArray[np.float64]

NAMES = 2.25  # inches, as all lengths here
AXIS, ENDS = 0.55, 1.25  # columns for numbers left and right of a run
LEVELS = 7  # on which events may be named
JUMPS = 4  # so many of the largest steps are explained


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
        words.set_horizontalalignment("left")
        words.set_color(colour)
        words.set_fontweight("bold")
        for posture, values in rows.items():
            y += row
            _draw_losses(ax, y - row / 2, values, posture=posture, colour=colour)
    theme.heading(fig, _losses_title(campaigns), subtitle=_losses_words(first))
    theme.footing(fig, provenance(first))
    return fig


def _loss_blocks(campaigns: Mapping[str, Campaign]) -> Iterator[tuple[str, str, dict[str, Floats]]]:
    """Title, colour and values by posture of each kind of loss; captivity where it occurs."""
    sides = (("blue", "Blue", theme.BLUE), ("red", "Red", theme.RED))
    for side, name, colour in sides:
        for kind, words in (("casualties", "killed and wounded"), ("captured", "captured")):
            rows = {posture: one.losses(side, kind) for posture, one in campaigns.items()}
            if kind == "casualties" or _happens(rows):
                yield f"{name} {words}", colour, rows
    rows = {posture: one.values("civilians") for posture, one in campaigns.items()}
    if _happens(rows):
        yield "Civilians killed and wounded", theme.MUTED, rows


def _happens(rows: Mapping[str, Floats]) -> bool:
    """Whether a loss is more than the rarest accident under any posture."""
    return any(float(np.percentile(values, 95)) >= 1.0 for values in rows.values())


def _draw_losses(ax: Axes, y: float, values: Floats, *, posture: str, colour: str) -> None:
    low, lower, middle, upper, high = np.percentile(values, [5, 25, 50, 75, 95])
    pale = theme.mixed(colour, theme.PAPER, share=0.55)
    ax.plot([low, high], [y, y], color=pale, linewidth=2.0, zorder=2, solid_capstyle="butt")
    ax.plot([lower, upper], [y, y], color=pale, linewidth=6.0, zorder=2.1, solid_capstyle="butt")
    ax.plot([middle], [y], marker="o", markersize=7, color=colour, zorder=3)
    name = theme.note(ax, posture, at=(0.0, y), off=(-8, 0), size=8.5, colour=theme.INK)
    name.set_horizontalalignment("right")
    told = f"{told_people(middle)} ({told_people(low)} to {told_people(high)})"
    theme.note(ax, told, at=(ax.get_xlim()[1], y), off=(6, 0), size=8.0, colour=theme.INK)


def _people_axis(ax: Axes, *, bottom: float) -> None:
    for people in _steps(ax.get_xlim()[1]):
        ax.axvline(people, color=theme.RULE, linewidth=0.7, zorder=0.5)
        theme.note(ax, f"{people:,.0f}", at=(people, bottom), off=(0, -4), size=8.0)
    theme.note(ax, "people", at=(0.0, bottom), off=(1e-3, -18), size=8.0)


def _round_up(number: float) -> float:
    """A round number that is not below another, and not far above it."""
    power = 10.0 ** math.floor(math.log10(max(number, 1.0)))
    steps = (1.0, 1.2, 1.6, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
    return next(step * power for step in steps if step * power >= number)


def _steps(most: float) -> list[float]:
    """Round numbers from 0 to the end of an axis, four to seven of them."""
    power = 10.0 ** math.floor(math.log10(most))
    step = next(part * power for part in (0.2, 0.5, 1.0, 2.0) if most <= 6.001 * part * power)
    return [float(people) for people in np.arange(0.0, most * 1.001, step)]


def _losses_title(campaigns: Mapping[str, Campaign]) -> str:
    blue = {posture: float(np.median(one.losses("blue"))) for posture, one in campaigns.items()}
    red = {posture: float(np.median(one.losses("red"))) for posture, one in campaigns.items()}
    if len(campaigns) == 1:
        (one,) = blue
        return (
            f"Killed and wounded at the median: {told_people(blue[one])} of Blue's, "
            f"{told_people(red[one])} of Red's"
        )
    low, high = min(blue, key=blue.__getitem__), max(blue, key=blue.__getitem__)
    least, most = told_people(blue[low]), told_people(blue[high])
    return f"Blue's killed and wounded, median: {least} under {low}, {most} under {high}"


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
    panel, header, footer = 3.65, 1.35, 0.5
    total = header + panel * len(named) + footer
    fig = theme.new_figure(WIDTH, total)
    most = max(float(run.losses(side).max()) for run in named.values() for side in ("blue", "red"))
    for row, (name, run) in enumerate(named.items()):
        bottom = footer + panel * (len(named) - 1 - row)
        ax = fig.add_axes(
            (
                (MARGIN + AXIS) / WIDTH,
                (bottom + 0.35) / total,
                (WIDTH - 2 * MARGIN - AXIS - ENDS) / WIDTH,
                (panel - 1.8) / total,
            )
        )
        _draw_run(ax, run, name=name, most=_round_up(most))
    first = next(iter(named.values()))
    theme.heading(fig, _run_title(named), subtitle=_run_words(first))
    attrs = first.dataset.attrs
    made = f"Scenario {attrs['scenario']}, glacis {attrs['glacis']}, seed {attrs['seed']}."
    theme.footing(fig, f"{CAVEAT} {made}")
    return fig


def _draw_run(ax: Axes, run: Replay, *, name: str, most: float) -> None:
    theme.bare(ax)
    days = run.hours / 24.0
    ax.set_ylim(0.0, most)
    for people in _steps(most):
        ax.axhline(people, color=theme.RULE, linewidth=0.7, zorder=0.5)
        theme.note(ax, f"{people:,.0f}", at=(0.0, people), off=(-5, 0), size=8.0)
    draw_days(ax, float(days[-1]))
    _draw_sides(ax, run, days=days)
    _draw_events(ax, run)
    words = ", ".join(part for part in (name, f"world {run.dataset.attrs['world']}") if part)
    title = theme.note(ax, words, at=(0.0, most), off=(-AXIS * 72, 85), size=10.0)
    title.set_horizontalalignment("left")
    title.set_color(theme.INK)
    title.set_fontweight("bold")


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
        more = f"\nand {told_people(captured)} captured" if captured >= 0.5 else ""
        theme.note(
            ax,
            f"{side.capitalize()} {told_people(ends[side])}{more}",
            at=(float(days[-1]), ends[side] + shift),
            off=(5, 0),
            size=8.5,
            colour=theme.SIDES[side],
        )


def _draw_events(ax: Axes, run: Replay) -> None:
    """What mattered, as lines with words above the frame, each on the lowest level with room."""
    wide = WIDTH - 2 * MARGIN - AXIS - ENDS
    name_events(ax, merged(turning_points(run, jumps=JUMPS)), inches=wide, levels=LEVELS)


def _run_title(named: Mapping[str, Replay]) -> str:
    if len(named) > 1:
        return "Who lost how many by when, in one run of each posture"
    (run,) = named.values()
    blue, red = (float(run.losses(side)[-1]) for side in ("blue", "red"))
    days = run.dataset.attrs["days"]
    lost = f"Blue loses {told_people(blue)} people killed and wounded, Red {told_people(red)}"
    return f"In {days:g} days {lost}"


def _run_words(run: Replay) -> str:
    attrs, scenario = run.dataset.attrs, run.scenario
    chosen = how_chosen(attrs)
    return (
        f"{scenario.title}. Red: {scenario.options[attrs['option']].name}; "
        f"the council's answer: {attrs['response']}.\n"
        f"{chosen[0].upper()}{chosen[1:]}. Killed and wounded; the captured are told apart.\n"
        "Dotted lines name the largest steps; events within a day of one another share a line."
    )
