"""What the arms did in one run, day by day: air, air defence, munitions, ports, bases, arrivals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from glacis.errors import InputError
from glacis.figures import theme
from glacis.figures.panels import (
    DASHES,
    closed,
    damage_words,
    damaged,
    draw_munitions,
    draw_strips,
    has_far,
    name_ends,
    rule,
    steady,
    step,
)
from glacis.figures.theme import MARGIN, WIDTH
from glacis.figures.timeline import (
    draw_days,
    mark_day,
    name_events,
    run_provenance,
    turns,
    which_run,
)
from glacis.figures.words import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from glacis.campaign.replay import Replay

Floats = NDArray[np.float64]

# Lengths are in inches.
AXIS, ENDS = 1.2, 2.1  # columns for numbers and names left and right of the days
WIDE = WIDTH - 2 * MARGIN - AXIS - ENDS
PANEL, TITLE, GAP, STRIP, LINE = 0.76, 0.3, 0.17, 0.17, 0.16
MUNITIONS = 1.75
HEADER, FOOTER, NAMED_DAYS, EVENTS = 1.32, 0.42, 0.22, 0.56


@dataclass(frozen=True)
class _Panel:
    """One of the small multiples: its title, height, what draws it, and words below the title."""

    title: str
    height: float
    draw: Callable[[Axes, Replay], None]
    words: tuple[str, ...] = ()

    @property
    def head(self) -> float:
        """Inches that the title takes, with the words below it."""
        return TITLE + LINE * len(self.words)


def arms_over_time(run: Replay) -> Figure:
    """What the arms did in one run, as small multiples over its days.

    Raises
    ------
    InputError
        If no arm fought that has a course to show.
    """
    panels = list(_panels(run))
    if not panels:
        name = run.dataset.attrs["scenario"]
        raise InputError(
            f"{name}: no arms are fought with, so there is nothing to draw over time; "
            "give a scenario with air, fires, sea or arsenals"
        )
    body = sum(panel.head + panel.height + GAP for panel in panels)
    total = HEADER + EVENTS + body + NAMED_DAYS + FOOTER
    fig = theme.new_figure(WIDTH, total)
    top, days = total - HEADER - EVENTS, float(run.hours[-1]) / 24.0
    named: list[float] = []
    for i, panel in enumerate(panels):
        bottom = top - panel.head - panel.height
        ax = fig.add_axes(
            (
                (MARGIN + AXIS) / WIDTH,
                bottom / total,
                WIDE / WIDTH,
                panel.height / total,
            )
        )
        theme.bare(ax)
        ax.set_xlim(0.0, days)
        panel.draw(ax, run)
        draw_days(ax, days, named=i == len(panels) - 1)
        _title(ax, panel)
        if i == 0:
            named = _name_turns(fig, ax, run, top=top / total, days=days)
        for day in named:
            mark_day(ax, day)
        top = bottom - GAP
    theme.heading(fig, _sentence(run), subtitle=_explanation(run))
    theme.footing(fig, run_provenance(run))
    return fig


def _title(ax: Axes, panel: _Panel) -> None:
    """A panel's title, and below it its words, at the left margin."""
    lines = [*reversed(panel.words), panel.title]
    for i, line in enumerate(lines):
        at = 0.0, ax.get_ylim()[1]
        words = theme.note(ax, line, at=at, off=(-72 * AXIS, 7 + 72 * LINE * i), size=7.5)
        words.set_horizontalalignment("left")
        if i == len(lines) - 1:
            words.set_fontsize(8.5)
            words.set_color(theme.INK)
            words.set_fontweight("bold")


def _name_turns(fig: Figure, ax: Axes, run: Replay, *, top: float, days: float) -> list[float]:
    """Names what the run turned on above the first panel's title; returns the days."""
    box, clear = ax.get_position(), TITLE / fig.get_size_inches()[1]
    above = fig.add_axes((box.x0, box.y1 + clear, box.width, top - box.y1 - clear + 1e-3))
    theme.bare(above)
    above.set_xlim(0.0, days)
    return name_events(above, turns(run), inches=WIDE, levels=3)


def _panels(run: Replay) -> Iterator[_Panel]:
    """What there is to show, in the order of a day; what neither side has is left out."""
    has = run.dataset
    if _with(run, "aircraft"):
        yield _Panel(
            "Control of the air: share of a side's sorties that get through", PANEL, _draw_control
        )
        yield _Panel(
            "Aircraft in the theatre",
            PANEL,
            lambda ax, log: _draw_sides(ax, log, "aircraft", "{:,.0f}"),
        )
    if _with(run, "air_kills"):
        yield _Panel(
            "Battalions destroyed from the air by each side, a day",
            PANEL,
            lambda ax, log: _draw_sides(ax, log, "air_kills", "{:.1f} a day"),
        )
    if _with(run, "air_defence"):
        yield _Panel("Air defence that is not suppressed", PANEL, _draw_air_defence)
    if has.sizes.get("munitions", 0):
        title = "Munitions left, share of those at the start"
        yield _Panel(title, MUNITIONS if has_far(run) else 0.05, draw_munitions, steady(run))
    if rows := closed(run):
        title, words = "Ports closed by mines", ("Dark until the port is open.",)
        yield _Panel(title, STRIP * len(rows), draw_strips(rows), words)
    if rows := damaged(run):
        yield _Panel("Bases damaged", STRIP * len(rows), draw_strips(rows), damage_words(run))
    if "corridor_passed" in has and float(has["corridor_passed"].max()) > 0.0:
        yield _Panel("Reinforcing battalions through the corridor", PANEL, _draw_corridor)


def _with(run: Replay, name: str) -> list[str]:
    """The sides that have something of an arm in this run."""
    if name not in run.dataset:
        return []
    if name == "air_defence":  # what a side does not have is not suppressed either
        return [side for side in ("blue", "red") if _has_air_defence(run, side)]
    owned = run.dataset["aircraft" if name == "air_control" else name]
    return [side for side in ("blue", "red") if float(owned.sel(belligerent=side).max()) > 0.0]


def _has_air_defence(run: Replay, side: str) -> bool:
    systems = run.scenario.systems
    kinds = {one.type for one in getattr(run.scenario.forces, side).values()}
    return any(systems[kind].arm == "air-defence" for kind in kinds & set(systems))


def _draw_control(ax: Axes, run: Replay) -> None:
    _shares(ax)
    ax.axhline(0.5, color=theme.MUTED, linewidth=0.8, zorder=0.6)
    _lines(ax, run, "air_control", percent)


def _draw_air_defence(ax: Axes, run: Replay) -> None:
    _shares(ax)
    _lines(ax, run, "air_defence", percent)


def _shares(ax: Axes) -> None:
    ax.set_ylim(0.0, 1.0)
    for share in (0.0, 0.5, 1.0):
        rule(ax, share, percent(share))


def _draw_sides(ax: Axes, run: Replay, name: str, told: str) -> None:
    """Both sides' course of a number, from 0 to a round one."""
    most = _round_up(float(run.dataset[name].max()))
    ax.set_ylim(0.0, most)
    for number in (0.0, most / 2, most):
        rule(ax, number, f"{number:,.3g}")
    _lines(ax, run, name, told.format)


def _lines(ax: Axes, run: Replay, name: str, told: Callable[[float], str]) -> None:
    """Both sides' lines, told apart by dashes too, and named at their ends without overlap."""
    ends = {}
    for side in _with(run, name):
        course = run.dataset[name].sel(belligerent=side).to_numpy().astype(np.float64)
        step(ax, run, course, colour=theme.SIDES[side], dashes=DASHES[side])
        ends[side] = float(course[-1])
    name_ends(
        ax,
        list(ends.values()),
        [f"{side.capitalize()} {told(end)}" for side, end in ends.items()],
        [theme.SIDES[side] for side in ends],
    )


def _draw_corridor(ax: Axes, run: Replay) -> None:
    passed = run.dataset["corridor_passed"].to_numpy().astype(np.float64)
    most = _round_up(float(passed.max()))
    ax.set_ylim(0.0, most)
    for number in (0.0, most / 2, most):
        rule(ax, number, f"{number:,.3g}")
    step(ax, run, passed, colour=theme.BLUE)
    name_ends(ax, [float(passed[-1])], [f"{passed[-1]:.0f} battalions"], [theme.BLUE])


def _round_up(number: float) -> float:
    """A round number that is not below another, and not far above it."""
    power = 10.0 ** np.floor(np.log10(max(number, 0.1)))
    steps = (1.0, 1.2, 1.6, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0)
    return float(next(step * power for step in steps if step * power >= number))


def _sentence(run: Replay) -> str:
    """The title: whether Blue wins the air, and what runs out."""
    days = run.dataset.attrs["days"]
    ran_out = sum(event.kind == "ran-out" for event in run.events)
    classes = {0: "", 1: "; a class of munitions runs out"}.get(
        ran_out, f"; {ran_out} classes of munitions run out"
    )
    if "air_control" not in run.dataset:
        return f"What the arms did in {days:g} days{classes}"
    won = next((event for event in run.events if event.kind == "air-won"), None)
    if won is None:
        return f"Blue never wins the air in {days:g} days{classes}"
    when = f"on day {won.hour / 24.0:.0f}" if won.hour else "from the first day"
    return f"{'Blue wins the air' if won.hour else 'Blue holds the air'} {when}{classes}"


def _explanation(run: Replay) -> str:
    return (
        f"{which_run(run)}\n"
        "Blue's lines are whole, Red's dashed; where they end is written beside them."
    )
