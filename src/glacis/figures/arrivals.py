"""Reinforcements: how many battalions are at their posts by which day, and what kept the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from glacis.campaign.joint_record import arrived_by
from glacis.campaign.lift import REASONS
from glacis.errors import InputError
from glacis.figures import theme
from glacis.figures.theme import MARGIN, WIDTH
from glacis.figures.timeline import draw_days, spread
from glacis.figures.words import provenance

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from glacis.campaign.record import Campaign

Floats = NDArray[np.float64]

# Lengths are in inches.
AXIS, NAMES, LINES, BARS = 0.45, 1.35, 3.75, 3.35
HEADER, FOOTER, DAYS = 1.62, 0.42, 0.42
BAR, LEAST, MORE = 0.62, 1.05, 0.5  # body: at least so much, and more for each posture
KEY_LINE, KEY_COLUMNS = 0.2, 3
SHOWN = 0.05  # battalions: a reason that keeps fewer under every posture is not shown
NUMBERED = 0.055  # share of the bars' width that holds a number

#: Colour and dashes of each posture's line in turn; red and blue are the sides'.
STROKES: tuple[tuple[str, Any], ...] = (
    (theme.ACCENT, "-"),
    (theme.INK, (0, (5, 1.5))),
    ("#69406f", (0, (1.2, 1.2))),
    ("#8a5a12", (0, (6, 1.5, 1.2, 1.5))),
    (theme.MUTED, (0, (3, 1))),
    ("#3c6a86", (0, (8, 2))),
)

#: Fill and hatching of each of `REASONS`.
FILLS: tuple[tuple[str, str], ...] = (
    (theme.ACCENT, ""),  # in place
    ("#d8cfbf", ""),  # not ready
    ("#8a5a12", ""),  # airfield in Red hands
    ("#c98f3c", ""),  # airfield full or damaged
    ("#d9c06c", "///"),  # air not safe enough
    ("#4b3052", ""),  # port in Red hands
    ("#69406f", "///"),  # port mined
    ("#b99bbd", ""),  # port full or damaged
    ("#b99bbd", "..."),  # sea not safe enough
    ("#a9a294", ""),  # road and railway full
    ("#575045", ""),  # way in Red hands
    ("#7fb59a", ""),  # on the way
    ("#7fb59a", "///"),  # in the counter-offensive
    (theme.INK, ""),  # destroyed
    (theme.ACCENT, "..."),  # holds another place
)


def arrivals_chart(campaigns: Mapping[str, Campaign]) -> Figure:
    """Reinforcing battalions at their posts by day, and what keeps the others to the end.

    Parameters
    ----------
    campaigns
        By posture; of one scenario, option and answer.

    Raises
    ------
    InputError
        If no battalion is to join.
    """
    first = next(iter(campaigns.values()))
    if not any(one.dataset.sizes["formation"] for one in campaigns.values()):
        raise InputError(
            f"{first.dataset.attrs['scenario']}: no battalion joins with a full answer, so none "
            "arrives; give a scenario with formations that join: reinforced"
        )
    kept = {posture: kept_by(one) for posture, one in campaigns.items()}
    shown = [i for i in range(len(REASONS)) if max(row[i] for row in kept.values()) >= SHOWN]
    key_lines = -(-len(shown) // KEY_COLUMNS)
    body = max(LEAST + MORE * len(campaigns), BAR * len(campaigns))
    foot = FOOTER + 0.1 + KEY_LINE * key_lines + DAYS
    total = HEADER + body + foot
    fig = theme.new_figure(WIDTH, total)
    place = foot / total, body / total
    left = fig.add_axes(((MARGIN + AXIS) / WIDTH, place[0], LINES / WIDTH, place[1]))
    _draw_lines(left, campaigns)
    right = fig.add_axes((1 - (MARGIN + BARS) / WIDTH, place[0], BARS / WIDTH, place[1]))
    _draw_bars(right, kept, shown)
    _draw_key(fig, shown, top=(FOOTER + 0.1 + KEY_LINE * key_lines) / total)
    theme.heading(fig, _sentence(campaigns), subtitle=_explanation(first))
    theme.footing(fig, provenance(first))
    return fig


def kept_by(campaign: Campaign) -> list[float]:
    """Mean number of reinforcing battalions at the end by what keeps them, as `REASONS`."""
    stuck = campaign.dataset["stuck"].to_numpy()
    return [float((stuck == i).sum(axis=1).mean()) for i in range(len(REASONS))]


def arrived(campaign: Campaign) -> tuple[Floats, Floats]:
    """Days, and (days, 3) battalions at their posts: the tenth, the median, the ninetieth."""
    days = np.arange(0.0, float(campaign.dataset.attrs["days"]) + 0.5)
    counts = [np.percentile(arrived_by(campaign, day), [10, 50, 90]) for day in days]
    return days, np.array(counts)


def _draw_lines(ax: Axes, campaigns: Mapping[str, Campaign]) -> None:
    theme.bare(ax)
    most = max(one.dataset.sizes["formation"] for one in campaigns.values())
    last = max(float(one.dataset.attrs["days"]) for one in campaigns.values())
    ax.set_ylim(0.0, most)
    draw_days(ax, last)
    for count in _ticks(most):
        ax.axhline(count, color=theme.RULE, linewidth=0.7, zorder=0.5)
        theme.note(ax, f"{count:g}", at=(0.0, count), off=(-5, 0), size=8.0)
    ends = []
    for (colour, dashes), one in zip(_strokes(len(campaigns)), campaigns.values(), strict=True):
        days, counts = arrived(one)
        ax.fill_between(
            days, counts[:, 0], counts[:, 2], color=colour, alpha=0.1, linewidth=0, step="post"
        )
        for bound in (0, 2):
            ax.step(days, counts[:, bound], where="post", color=colour, linewidth=0.6, alpha=0.6)
        ax.plot(
            days,
            counts[:, 1],
            color=colour,
            linewidth=2.0,
            linestyle=dashes,
            drawstyle="steps-post",
            zorder=3,
            clip_on=False,
        )
        ends.append(float(counts[-1, 1]))
    apart = 0.17 * ax.figure.dpi / ax.bbox.height * most
    at = spread(ends, apart, low=0.0, high=float(most))
    for y, end, posture, (colour, _) in zip(
        at, ends, campaigns, _strokes(len(campaigns)), strict=True
    ):
        theme.note(ax, f"{posture} {end:.0f}", at=(last, y), off=(6, 0), size=8.5, colour=colour)
    _title(ax, f"Battalions at their posts, of {most}: median of the runs", left=AXIS)


def _strokes(count: int) -> list[tuple[str, Any]]:
    return [STROKES[i % len(STROKES)] for i in range(count)]


def _ticks(most: int) -> list[float]:
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if most <= 6.5 * step)
    return [float(count) for count in range(0, most + 1, step)]


def _title(ax: Axes, words: str, *, left: float = 0.0) -> None:
    at = ax.get_xlim()[0], max(ax.get_ylim())
    title = theme.note(ax, words, at=at, off=(-72 * left, 9), size=9.0, colour=theme.INK)
    title.set_horizontalalignment("left")
    title.set_fontweight("bold")


def _draw_bars(ax: Axes, kept: Mapping[str, list[float]], shown: list[int]) -> None:
    """A bar for each posture: those at their posts, then the others by what keeps them."""
    theme.bare(ax)
    most = max(sum(row) for row in kept.values())
    ax.set_xlim(0.0, most)
    ax.set_ylim(0.0, ax.bbox.height / ax.figure.dpi)  # inches
    tall = 0.26
    for i, (posture, row) in enumerate(kept.items()):
        y, left = ax.get_ylim()[1] - BAR * i - 0.38, 0.0
        for reason in shown:
            colour, hatch = FILLS[reason]
            ax.barh(
                y,
                row[reason],
                left=left,
                height=tall,
                color=colour,
                hatch=hatch,
                edgecolor=theme.PAPER,
                linewidth=0.6,
            )
            if row[reason] > NUMBERED * most:
                number = theme.note(
                    ax,
                    f"{row[reason]:.0f}",
                    at=(left + row[reason] / 2, y),
                    size=8.0,
                    colour=theme.text_on(colour),
                )
                if hatch:
                    number.set_bbox({"facecolor": colour, "edgecolor": "none", "pad": 1.2})
            left += row[reason]
        name = theme.note(ax, posture, at=(0.0, y + tall / 2), off=(1e-3, 3), size=8.5)
        name.set_color(theme.INK)
    _title(ax, "At the end, mean: at their posts, or kept by")


def _draw_key(fig: Figure, shown: list[int], *, top: float) -> None:
    """What each fill is, in columns below both parts."""
    from matplotlib.patches import Rectangle

    ax = fig.add_axes((0.0, 0.0, 1.0, 1.0), zorder=-1)
    theme.bare(ax)
    height = fig.get_size_inches()[1]
    ax.set_xlim(0.0, WIDTH)
    ax.set_ylim(0.0, height)
    column = (WIDTH - 2 * MARGIN) / KEY_COLUMNS
    for i, reason in enumerate(shown):
        colour, hatch = FILLS[reason]
        x = MARGIN + (i % KEY_COLUMNS) * column
        y = top * height - KEY_LINE * (i // KEY_COLUMNS + 1)
        ax.add_patch(
            Rectangle((x, y), 0.28, 0.13, facecolor=colour, hatch=hatch, edgecolor=theme.PAPER)
        )
        words = "at its post" if reason == 0 else REASONS[reason]
        theme.note(ax, words, at=(x + 0.28, y + 0.065), off=(5, 0), size=8.0)


def _sentence(campaigns: Mapping[str, Campaign]) -> str:
    """The title: how many of how many are at their posts at the end, by posture."""
    first = next(iter(campaigns.values()))
    days = f"day {first.dataset.attrs['days']:g}"
    ends = {posture: arrived(one)[1][-1, 1] for posture, one in campaigns.items()}
    low, high = min(ends, key=ends.__getitem__), max(ends, key=ends.__getitem__)
    of = max(one.dataset.sizes["formation"] for one in campaigns.values())
    if len(campaigns) == 1 or ends[low] == ends[high]:
        return (
            f"Half of the runs bring {ends[high]:.0f} of {of} battalions to their posts by {days}"
        )
    return (
        f"By {days}, {ends[low]:.0f} of {of} battalions are there under {low}, "
        f"{ends[high]:.0f} under {high}"
    )


def _explanation(campaign: Campaign) -> str:
    scenario, attrs = campaign.scenario, campaign.dataset.attrs
    return (
        f"{scenario.title}. Red: {scenario.options[attrs['option']].name}; "
        f"the council's answer: {attrs['response']}.\n"
        "Lines are medians over runs, bands hold the middle eight in ten. Bars say what kept each "
        "battalion from its post\nwhen the run ended; they are means, which add up, "
        "and so may differ from the medians."
    )
