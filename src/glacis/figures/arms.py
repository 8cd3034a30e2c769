"""What the arms did in one run, day by day: air, air defence, munitions, ports, bases, arrivals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from glacis.errors import InputError
from glacis.figures import theme
from glacis.figures.timeline import (
    draw_days,
    mark_day,
    name_events,
    run_provenance,
    spread,
    turns,
    which_run,
)
from glacis.figures.words import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from glacis.campaign.replay import Replay

Floats = NDArray[np.float64]

WIDTH, MARGIN = 9.6, 0.35  # inches, as all lengths here
AXIS, ENDS = 1.2, 2.1  # columns for numbers and names left and right of the days
WIDE = WIDTH - 2 * MARGIN - AXIS - ENDS
PANEL, TITLE, GAP, STRIP = 0.76, 0.3, 0.17, 0.17
MUNITIONS = 1.75
HEADER, FOOTER, NAMED_DAYS, EVENTS = 1.32, 0.42, 0.22, 0.56
DASHES: dict[str, Any] = {"blue": "-", "red": (0, (5, 1.5))}
SHOWN_DAMAGE = 0.1  # places never damaged more than this have no strip
MOST_STRIPS = 6
LETTERS = 30  # of a name beside a line


@dataclass(frozen=True)
class _Panel:
    """One of the small multiples: its title, its height, and what draws it."""

    title: str
    height: float
    draw: Callable[[Axes, Replay], None]


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
    body = sum(panel.height + TITLE + GAP for panel in panels)
    total = HEADER + EVENTS + body + NAMED_DAYS + FOOTER
    fig = theme.new_figure(WIDTH, total)
    top, days = total - HEADER - EVENTS, float(run.hours[-1]) / 24.0
    named: list[float] = []
    for i, panel in enumerate(panels):
        bottom = top - TITLE - panel.height
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
        _title(ax, panel.title)
        if i == 0:
            named = _name_turns(fig, ax, run, top=top / total, days=days)
        for day in named:
            mark_day(ax, day)
        top = bottom - GAP
    theme.heading(fig, _sentence(run), subtitle=_explanation(run))
    theme.footing(fig, run_provenance(run))
    return fig


def _title(ax: Axes, words: str) -> None:
    title = theme.note(ax, words, at=(0.0, ax.get_ylim()[1]), off=(-72 * AXIS, 7), size=8.5)
    title.set_horizontalalignment("left")
    title.set_color(theme.INK)
    title.set_fontweight("bold")


def _name_turns(fig: Figure, ax: Axes, run: Replay, *, top: float, days: float) -> list[float]:
    """Names what the run turned on above the first panel's title; returns the days."""
    box, clear = ax.get_position(), TITLE / fig.get_size_inches()[1]
    above = fig.add_axes((box.x0, box.y1 + clear, box.width, top - box.y1 - clear + 1e-3))
    theme.bare(above)
    above.set_xlim(0.0, days)
    return name_events(above, turns(run), inches=WIDE, levels=3)


def _panels(run: Replay) -> Iterator[_Panel]:
    """What there is to show, in the order of a day."""
    has = run.dataset
    if "air_control" in has:
        yield _Panel(
            "Control of the air: share of a side's sorties that get through", PANEL, _draw_control
        )
        yield _Panel(
            "Aircraft in the theatre",
            PANEL,
            lambda ax, log: _draw_sides(ax, log, "aircraft", "{:,.0f}"),
        )
        yield _Panel(
            "Battalions destroyed from the air by each side, a day",
            PANEL,
            lambda ax, log: _draw_sides(ax, log, "air_kills", "{:.1f} a day"),
        )
        yield _Panel("Air defence that is not suppressed", PANEL, _draw_air_defence)
    if "rounds" in has:
        yield _Panel("Munitions left, share of those at the start", MUNITIONS, _draw_munitions)
    for title, strips in (("Ports closed by mines", _closed), ("Bases damaged", _damaged)):
        rows = strips(run)
        if rows:
            yield _Panel(title, STRIP * len(rows), _strips(rows))
    if "corridor_passed" in has and float(has["corridor_passed"].max()) > 0.0:
        yield _Panel("Reinforcing battalions through the corridor", PANEL, _draw_corridor)


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
        _rule(ax, share, percent(share))


def _draw_sides(ax: Axes, run: Replay, name: str, told: str) -> None:
    """Both sides' course of a number, from 0 to a round one."""
    most = _round_up(float(run.dataset[name].max()))
    ax.set_ylim(0.0, most)
    for number in (0.0, most / 2, most):
        _rule(ax, number, f"{number:,.3g}")
    _lines(ax, run, name, told.format)


def _lines(ax: Axes, run: Replay, name: str, told: Callable[[float], str]) -> None:
    """Both sides' lines, told apart by dashes too, and named at their ends without overlap."""
    ends = {}
    for side in ("blue", "red"):
        course = run.dataset[name].sel(belligerent=side).to_numpy().astype(np.float64)
        _step(ax, run, course, colour=theme.SIDES[side], dashes=DASHES[side])
        ends[side] = float(course[-1])
    _name_ends(
        ax,
        list(ends.values()),
        [f"{side.capitalize()} {told(end)}" for side, end in ends.items()],
        [theme.SIDES[side] for side in ends],
    )


def _step(ax: Axes, run: Replay, course: Floats, *, colour: str, dashes: Any = "-") -> None:
    ax.plot(
        run.hours / 24.0,
        course,
        color=colour,
        linewidth=1.7,
        linestyle=dashes,
        drawstyle="steps-pre",
        zorder=3,
        clip_on=False,
    )


def _name_ends(ax: Axes, ends: list[float], words: list[str], colours: list[str]) -> None:
    low, high = ax.get_ylim()
    apart = 0.135 * ax.figure.dpi / ax.bbox.height * (high - low)
    places = spread(ends, apart, low=low, high=high)
    for at, told, colour in zip(places, words, colours, strict=True):
        theme.note(ax, told, at=(ax.get_xlim()[1], at), off=(6, 0), size=8.0, colour=colour)


def _rule(ax: Axes, at: float, words: str) -> None:
    ax.axhline(at, color=theme.RULE, linewidth=0.7, zorder=0.5)
    theme.note(ax, words, at=(0.0, at), off=(-5, 0), size=7.5)


def _draw_munitions(ax: Axes, run: Replay) -> None:
    """A line for each class; those of which little is gone lie at the top."""
    rounds = run.dataset["rounds"]
    start = np.maximum(rounds.isel(hour=0).to_numpy(), 1e-9)
    share = rounds.to_numpy() / start
    most = max(1.0, float(np.ceil(10.0 * share.max()) / 10.0))
    ax.set_ylim(0.0, most)
    for level in (0.0, 0.5, 1.0):
        _rule(ax, level, percent(level))
    words, colours = [], []
    for k, side in enumerate(rounds["munitions_side"].to_numpy()):
        colour = theme.SIDES[str(side)]
        _step(ax, run, share[:, k], colour=colour, dashes=DASHES[str(side)])
        own = getattr(run.scenario.arsenals, str(side))
        name = own[str(rounds["munitions_class"].to_numpy()[k])].name.partition(" (")[0]
        words.append(f"{_short(name)} {percent(float(share[-1, k]))}")
        colours.append(colour)
    _name_ends(ax, [float(end) for end in share[-1]], words, colours)


def _short(name: str) -> str:
    return name if len(name) <= LETTERS else f"{name[: LETTERS - 1].rstrip()}\u2026"


Strip = tuple[str, Floats, list[str]]
"""Name of a row, how dark it is frame by frame (0 to 1), and words at its end."""


def _closed(run: Replay) -> list[Strip]:
    """A row for each port that mines closed."""
    if "swept" not in run.dataset:
        return []
    swept = run.dataset["swept"]
    rows: list[Strip] = []
    for place in swept["place"].to_numpy():
        is_open = swept.sel(place=place).to_numpy()
        if not is_open[0]:
            day = float(run.hours[max(int(np.argmax(is_open)) - 1, 0)]) / 24.0
            words = f"open from day {day:.0f}" if is_open.any() else "never open"
            rows.append((_place(run, place), np.where(is_open, 0.0, 1.0), [words]))
    return rows


def _damaged(run: Replay) -> list[Strip]:
    """A row for each base that was damaged, the worst first."""
    if "damage" not in run.dataset:
        return []
    damage = run.dataset["damage"]
    worst = damage.max("hour").to_numpy()
    order = np.argsort(-worst, kind="stable")[:MOST_STRIPS]
    places = damage["place"].to_numpy()
    return [
        (
            _place(run, places[v]),
            damage.isel(place=int(v)).to_numpy().astype(np.float64),
            [f"at worst {percent(float(worst[v]))} out"],
        )
        for v in order
        if worst[v] > SHOWN_DAMAGE
    ]


def _place(run: Replay, place: str) -> str:
    return run.scenario.theatre.places[str(place)].name


def _strips(rows: list[Strip]) -> Callable[[Axes, Replay], None]:
    """Draws rows of shade, darkest where all is out of use or closed."""

    def draw(ax: Axes, run: Replay) -> None:
        ax.set_ylim(len(rows), 0.0)
        days = run.hours / 24.0
        shades = np.array([strip for _, strip, _ in rows])[:, 1:]
        edges = np.arange(len(rows) + 1.0)
        for row, (name, _, (words,)) in enumerate(rows):
            theme.note(ax, name, at=(0.0, row + 0.5), off=(-5, 0), size=7.5, colour=theme.INK)
            theme.note(ax, words, at=(days[-1], row + 0.5), off=(6, 0), size=7.5, colour=theme.INK)
            ax.axhline(row, color=theme.PAPER, linewidth=2.0, zorder=2.5)
        ax.pcolormesh(days, edges, shades, cmap=_shade(), vmin=0.0, vmax=1.0, zorder=2)

    return draw


def _shade() -> Any:
    from matplotlib.colors import LinearSegmentedColormap

    pale = theme.mixed(theme.RULE, theme.PAPER, share=0.45)
    return LinearSegmentedColormap.from_list("shut", [pale, theme.INK])


def _draw_corridor(ax: Axes, run: Replay) -> None:
    passed = run.dataset["corridor_passed"].to_numpy().astype(np.float64)
    most = _round_up(float(passed.max()))
    ax.set_ylim(0.0, most)
    for number in (0.0, most / 2, most):
        _rule(ax, number, f"{number:,.3g}")
    _step(ax, run, passed, colour=theme.BLUE)
    _name_ends(ax, [float(passed[-1])], [f"{passed[-1]:.0f} battalions"], [theme.BLUE])


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
