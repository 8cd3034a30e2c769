"""How long munitions last: the share of runs that still have each class, day by day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from glacis.errors import InputError
from glacis.figures import theme
from glacis.figures.theme import MARGIN, WIDTH
from glacis.figures.timeline import draw_days
from glacis.figures.words import percent, provenance

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from glacis.campaign.record import Campaign

Floats = NDArray[np.float64]

NAMES, ENDS = 2.35, 1.75  # inches, as all lengths here
ROW, TALL, SECTION = 0.52, 0.72, 0.34  # a class, how much of that it fills, a side's heading
HEADER, FOOTER, DAYS = 1.42, 0.42, 0.3


@dataclass(frozen=True)
class _Class:
    """A class of munitions: its side, its name, and the day it ran out in each run."""

    side: str
    name: str
    days: Floats

    @property
    def ran_out(self) -> float:
        """Share of the runs in which it runs out."""
        return float(np.isfinite(self.days).mean())

    def supplied(self, day: Floats) -> Floats:
        """Share of the runs that still have it on each day."""
        return np.asarray((self.days[None, :] > day[:, None]).mean(axis=1))


def munitions_chart(campaign: Campaign) -> Figure:
    """The share of runs in which each class of munitions has not run out, day by day.

    Raises
    ------
    InputError
        If the scenario has no arsenals.
    """
    classes = list(_classes(campaign))
    if not classes:
        raise InputError(
            f"{campaign.dataset.attrs['scenario']}: no arsenals are kept, so nothing runs out; "
            "give a scenario with arsenals"
        )
    sides = list(dict.fromkeys(one.side for one in classes))
    body = ROW * len(classes) + SECTION * len(sides)
    total = HEADER + body + DAYS + FOOTER
    fig = theme.new_figure(WIDTH, total)
    ax = fig.add_axes(
        (
            (MARGIN + NAMES) / WIDTH,
            (FOOTER + DAYS) / total,
            (WIDTH - 2 * MARGIN - NAMES - ENDS) / WIDTH,
            body / total,
        )
    )
    theme.bare(ax)
    ax.set_ylim(body, 0.0)
    draw_days(ax, float(campaign.dataset.attrs["days"]))
    y, side = 0.0, ""
    for one in classes:
        if one.side != side:
            side, y = one.side, y + SECTION
            _draw_side(ax, side, y - 0.1)
        y += ROW
        _draw_class(ax, one, y)
    theme.heading(fig, _sentence(classes), subtitle=_explanation(campaign))
    theme.footing(fig, provenance(campaign))
    return fig


def _classes(campaign: Campaign) -> Iterator[_Class]:
    """Blue's first, then Red's; of each side those that run out most often first."""
    if "arsenals" not in campaign.dataset.attrs["arms"]:
        return
    run_out = campaign.dataset["run_out"]
    found = []
    for name in run_out["munitions"].to_numpy():
        side, _, ident = str(name).partition(" ")
        stock = getattr(campaign.scenario.arsenals, side)[ident]
        days = np.asarray(run_out.sel(munitions=name), dtype=np.float64) / 24.0
        found.append(_Class(side, stock.name, days))
    yield from sorted(found, key=lambda one: (one.side, -one.ran_out, one.name))


def _draw_side(ax: Axes, side: str, y: float) -> None:
    words = theme.note(ax, side.capitalize(), at=(0.0, y), off=(-72 * NAMES, 1e-3), size=9.5)
    words.set_horizontalalignment("left")
    words.set_color(theme.SIDES[side])
    words.set_fontweight("bold")


def _draw_class(ax: Axes, one: _Class, y: float) -> None:
    """The share of runs still supplied, as the height of an area on the row's line."""
    last = ax.get_xlim()[1]
    days = np.append(np.arange(0.0, last), last)
    share = one.supplied(days)
    colour = theme.SIDES[one.side]
    tall = ROW * TALL
    fill = theme.mixed(colour, theme.PAPER, share=0.6)
    ax.axhline(y, color=theme.RULE, linewidth=0.9, zorder=0.6)
    ax.fill_between(days, y, y - tall * share, color=fill, linewidth=0, step="post", zorder=2)
    ax.plot(days, y - tall * share, color=colour, linewidth=1.3, drawstyle="steps-post", zorder=2.1)
    name = "\n".join(wrap(one.name, 30)[:2])
    theme.note(ax, name, at=(0.0, y - tall / 2), off=(-8, 0), size=8.0, colour=theme.INK)
    theme.note(
        ax, _told(one, last), at=(last, y - tall / 2), off=(6, 0), size=8.0, colour=theme.INK
    )


def _told(one: _Class, last: float) -> str:
    """In how many runs it runs out by the last day, and when in the middle one of these."""
    if not one.ran_out:
        return f"in no run by day {last:g}"
    middle = float(np.median(one.days[np.isfinite(one.days)]))
    return f"out in {percent(one.ran_out)} of runs,\non day {middle:.0f} at the median"


def _sentence(classes: list[_Class]) -> str:
    """The title: what runs out in most runs, and how often."""
    worst = max((one for one in classes if one.side == "blue"), key=lambda one: one.ran_out)
    if not worst.ran_out:
        return "None of Blue's munitions run out in any run"
    name = worst.name.partition(" (")[0]
    return f"Blue runs out of {name[0].lower() + name[1:]} in {percent(worst.ran_out)} of runs"


def _explanation(campaign: Campaign) -> str:
    scenario, attrs = campaign.scenario, campaign.dataset.attrs
    return (
        f"{scenario.title}. Posture: {attrs['posture']}. "
        f"Red: {scenario.options[attrs['option']].name}; the council's answer: "
        f"{attrs['response']}.\nHeight: share of runs in which a class has not yet run out, "
        "the full height being all.\nA class that has run out is used as fast as it is made."
    )
