"""Red's belief over time: where it starts, and what each dated act did to it."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from glacis.errors import InputError
from glacis.figures import theme
from glacis.figures.theme import MARGIN, WIDTH
from glacis.figures.timeline import spread
from glacis.figures.words import CAVEAT, percent

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

# Lengths are in inches.
HEADER, NUMBERS, CHART, MONTHS, COLUMNS, ROW, SCALE, FOOTER = (
    1.3,
    0.5,
    2.5,
    0.45,
    0.3,
    0.23,
    0.3,
    0.42,
)
AXIS, END = 0.5, 0.6  # left and right of the chart
DAY_AT, NAME_AT, WAY_AT, RANGE_AT, BARS_AT = 0.3, 1.25, 5.05, 6.2, 7.2
APART = 0.2  # between the numbers above the chart
LEAD = 14.0  # days shown before the first act, at least
LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)
NEITHER = 0.02  # log of a median likelihood that speaks for neither
NAME_LETTERS, FOOT_LETTERS = 58, 160

FOR, AGAINST = theme.ACCENT, "#8a5a12"
BAND = theme.mixed(theme.RED, theme.PAPER, share=0.82)
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def belief_chart(timeline: xr.Dataset) -> Figure:
    """Red's belief in a full answer, stepping at each dated act; below it, the acts by name.

    Parameters
    ----------
    timeline
        Of `glacis.crisis.belief.belief_timeline`.

    Raises
    ------
    InputError
        If no act is in it.
    """
    count = timeline.sizes["signal"]
    if count == 0:
        raise InputError(
            f"{timeline.attrs['scenario']}: no signal moves the belief, so nothing can be drawn; "
            "give a register with signals about the will"
        )
    table = COLUMNS + ROW * count + SCALE
    total = HEADER + NUMBERS + CHART + MONTHS + table + FOOTER
    fig = theme.new_figure(WIDTH, total)
    wide = WIDTH - 2 * MARGIN
    foot = (FOOTER + table + MONTHS) / total
    chart = fig.add_axes(
        ((MARGIN + AXIS) / WIDTH, foot, (wide - AXIS - END) / WIDTH, CHART / total)
    )
    _draw_course(chart, timeline)
    _draw_numbers(chart, timeline)
    low = FOOTER / total
    words = fig.add_axes((MARGIN / WIDTH, low, wide / WIDTH, table / total))
    _draw_table(words, timeline)
    bars = fig.add_axes(((MARGIN + BARS_AT) / WIDTH, low, (wide - BARS_AT) / WIDTH, table / total))
    _draw_ranges(bars, timeline)
    theme.heading(fig, _sentence(timeline), subtitle=_explanation(timeline))
    theme.footing(fig, _provenance(timeline))
    return fig


def _course(timeline: xr.Dataset) -> Floats:
    """(1 + dates, 3): the low end, the median and the high end of base and beliefs."""
    every = np.vstack([timeline["base"].to_numpy(), timeline["belief"].to_numpy()])
    return np.asarray(np.percentile(every, [5, 50, 95], axis=1).T, dtype=np.float64)


def _days(dates: xr.DataArray) -> Floats:
    """Dates as days since 1970."""
    return dates.to_numpy().astype("datetime64[D]").astype(np.float64)


def _draw_course(ax: Axes, timeline: xr.Dataset) -> None:
    theme.bare(ax)
    at, course = _days(timeline["date"]), _course(timeline)
    lead = max(LEAD, 0.11 * (at[-1] - at[0]))
    start, end = at[0] - lead, at[-1] + lead / 2
    ax.set_xlim(start, end)
    ax.set_ylim(0.0, 1.0)
    for level in LEVELS:
        ax.axhline(level, color=theme.RULE, linewidth=0.7, zorder=0.5)
        theme.note(ax, percent(level), at=(start, level), off=(-5, 0), size=8.0)
    x = np.array([start, *at, end])
    low, middle, high = np.vstack([course, course[-1:]]).T
    ax.fill_between(x, low, high, step="post", color=BAND, linewidth=0, zorder=1)
    ax.step(x, middle, where="post", color=theme.RED, linewidth=2.0, zorder=3)
    base, last = course[0], course[-1]
    theme.note(
        ax, f"base {percent(base[1])}", at=(start, base[1]), off=(3, 4), size=8.5, colour=theme.RED
    )
    apart = 0.18 * ax.figure.dpi / ax.bbox.height
    places = spread(list(last), apart, low=0.0, high=1.0)
    for value, y, size, colour in zip(
        last, places, (7.5, 9.0, 7.5), (theme.MUTED, theme.RED, theme.MUTED), strict=True
    ):
        theme.note(ax, percent(value), at=(end, y), off=(6, 0), size=size, colour=colour)
    _draw_months(ax)


def _draw_months(ax: Axes) -> None:
    """A tick and a name at the first of months, as many as there is room for."""
    start, end = ax.get_xlim()
    first, last = (np.datetime64(int(day), "D").astype("datetime64[M]") for day in (start, end))
    months = np.arange(first, last + 1)
    step = next(step for step in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if len(months) <= 10 * step)
    for month in months:
        day = float(month.astype("datetime64[D]").astype(np.int64))
        since = int(month.astype(np.int64)) + 12 * 1970
        year, number = divmod(since, 12)
        if since % step == 0 and start <= day <= end:
            ax.plot([day, day], [0.0, -0.03], color=theme.MUTED, linewidth=0.8, clip_on=False)
            name = f"{MONTH_NAMES[number]} {year}"
            theme.note(ax, name, at=(day, 0.0), off=(0, -8), size=8.0)


def _draw_numbers(ax: Axes, timeline: xr.Dataset) -> None:
    """The acts' numbers above the chart, kept apart, each with a leader to its day."""
    start, end = ax.get_xlim()
    inch = (end - start) * ax.figure.dpi / ax.bbox.width
    tall = ax.figure.dpi / ax.bbox.height
    days = _days(timeline["day"])
    places = spread(list(days), APART * inch, low=start, high=end)
    for i, (day, place, colour) in enumerate(zip(days, places, _colours(timeline), strict=True)):
        ax.plot(
            [place, day, day],
            [1.0 + 0.2 * tall, 1.0 + 0.05 * tall, 0.0],
            color=theme.MUTED,
            linewidth=0.6,
            linestyle=(0, (1, 2)),
            clip_on=False,
            zorder=2,
        )
        number = theme.note(
            ax, str(i + 1), at=(place, 1.0 + 0.2 * tall), off=(0, 2), size=7.5, colour=colour
        )
        number.set_fontweight("bold")


def ways(timeline: xr.Dataset) -> list[int]:
    """1 for an act that speaks for a full answer at the median, -1 against, 0 for neither."""
    logs = np.log(np.median(timeline["likelihood"].to_numpy(), axis=1))
    return [int(np.sign(log)) if abs(log) > NEITHER else 0 for log in logs]


def _colours(timeline: xr.Dataset) -> list[str]:
    return [{1: FOR, -1: AGAINST, 0: theme.MUTED}[way] for way in ways(timeline)]


def _draw_table(ax: Axes, timeline: xr.Dataset) -> None:
    """A row for each act: number, day, name, direction, range."""
    theme.bare(ax)
    tall = _fit_rows(ax)
    ax.set_xlim(0.0, WIDTH - 2 * MARGIN)
    heads = ((NAME_AT, "what Red saw"), (WAY_AT, "speaks"), (RANGE_AT, "times likelier if it will"))
    for x, head in heads:
        theme.note(ax, head, at=(x, tall - COLUMNS + 0.1), off=(1e-3, 0), size=7.5)
    told = {1: "\u25b2 for", -1: "\u25bc against", 0: "\u25c6 either way"}
    rows = zip(
        _told_days(timeline["day"]), timeline["name"].to_numpy(), ways(timeline), strict=True
    )
    for i, (day, name, way) in enumerate(rows):
        y, colour = _row(tall, i), _colours(timeline)[i]
        number = theme.note(ax, str(i + 1), at=(0.2, y), off=(-1e-3, 0), size=7.5, colour=colour)
        number.set_fontweight("bold")
        low, high = (float(timeline[end][i]) for end in ("low", "high"))
        span = f"{low:g}" if low == high else f"{low:g} to {high:g}"
        for x, words, shade in (
            (DAY_AT, day, theme.MUTED),
            (NAME_AT, _short(str(name)), theme.INK),
            (WAY_AT, told[way], colour),
            (RANGE_AT, span, theme.INK),
        ):
            theme.note(ax, words, at=(x, y), off=(1e-3, 0), size=8.0, colour=shade)


def _fit_rows(ax: Axes) -> float:
    """Measures the axes upwards in inches; returns their height."""
    tall = float(ax.bbox.height / ax.figure.dpi)
    ax.set_ylim(0.0, tall)
    return tall


def _row(tall: float, i: int) -> float:
    return tall - COLUMNS - ROW * (i + 0.5)


def _short(name: str) -> str:
    return name if len(name) <= NAME_LETTERS else f"{name[: NAME_LETTERS - 1].rstrip()}\u2026"


def _told_days(dates: xr.DataArray) -> list[str]:
    days = [str(day).split("-") for day in dates.to_numpy().astype("datetime64[D]")]
    return [f"{int(day)} {MONTH_NAMES[int(month) - 1]} {year}" for year, month, day in days]


def _draw_ranges(ax: Axes, timeline: xr.Dataset) -> None:
    """A bar for each range, by logarithm, about the line at which an act tells nothing."""
    theme.bare(ax)
    tall = _fit_rows(ax)
    low, high = (np.log(timeline[end].to_numpy()) for end in ("low", "high"))
    middle = np.log(np.median(timeline["likelihood"].to_numpy(), axis=1))
    reach = 1.08 * max(np.log(2.0), np.abs(low).max(), np.abs(high).max())
    ax.set_xlim(-reach, reach)
    top, foot = tall - COLUMNS, SCALE - 0.04
    for factor in _factors(float(reach)):
        colour = theme.MUTED if factor == 1.0 else theme.RULE
        ax.plot([np.log(factor)] * 2, [foot, top], color=colour, linewidth=0.7, zorder=0.5)
        theme.note(ax, f"{factor:g}", at=(float(np.log(factor)), foot), off=(0, -2), size=7.5)
    for i, colour in enumerate(_colours(timeline)):
        y = _row(tall, i)
        ax.plot([low[i], high[i]], [y, y], color=colour, linewidth=3.2, solid_capstyle="butt")
        ax.plot([middle[i]], [y], "o", color=theme.PAPER, markeredgecolor=colour, markersize=4.0)


def _factors(reach: float) -> list[float]:
    """Round factors to number the scale with, 1 in the middle."""
    step = next((f for f in (2.0, 4.0, 10.0, 100.0, 1000.0) if reach < 2.9 * np.log(f)), 1e6)
    count = int(reach / np.log(step))
    return [step**power for power in range(-count, count + 1)]


def _sentence(timeline: xr.Dataset) -> str:
    course = _course(timeline)
    return (
        f"By {_told_days(timeline['date'])[-1]}, Red's belief in a full answer stands at "
        f"{percent(course[-1, 1])}, from a base of {percent(course[0, 1])}"
    )


def _explanation(timeline: xr.Dataset) -> str:
    return (
        f"{timeline.attrs['title']}. Red's probability that the alliance answers an attack on a "
        "member in full, after each act.\n"
        "Line: median of the worlds; band: the middle nine in ten. Ranges: how many times likelier "
        "the act if the alliance will\nanswer in full than if it will not; at 1 it tells nothing. "
        "What acts tell together is discounted."
    )


def _provenance(timeline: xr.Dataset) -> str:
    attrs = timeline.attrs
    changes = [
        *attrs["variants"],
        *(f"{path} = {value}" for path, value in attrs["overrides"].items()),
        *(f"without {name}" for name in attrs["without"]),
    ]
    under = f" under {', '.join(changes)}" if changes else ""
    made = f"Scenario {attrs['scenario']}{under}, glacis {attrs['glacis']}, seed {attrs['seed']}"
    told = f"{CAVEAT} {made}, {attrs['worlds']:,} worlds."
    return "\n".join(wrap(told, FOOT_LETTERS, max_lines=2, placeholder=" \u2026"))
