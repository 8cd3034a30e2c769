"""A run over its days: the axis of days, events named above it, and words that keep apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from glacis.figures import theme
from glacis.figures.words import CAVEAT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from glacis.campaign.replay import Replay

_LETTER = 0.58  # mean width of a letter over its size
_LEVEL = 11.0  # points between levels of named events

#: What the charts of the arms name: the council's answer, and the counter-offensive's stages.
TURNS = {
    "decision": "the council decides",
    "launched": "counter-offensive",
    "halted": "halted",
    "called-off": "no counter-offensive",
    "all-retaken": "all retaken",
}


def draw_days(ax: Axes, days: float, *, named: bool = True) -> None:
    """Fits an axis to the run's days, with a line at round ones, named below if asked for."""
    ax.set_xlim(0.0, days)
    step = next(step for step in (1, 2, 5, 10, 30, 60, 1000) if days <= 9.5 * step)
    for day in range(0, int(days) + 1, step):
        ax.axvline(day, color=theme.RULE, linewidth=0.6, zorder=0.4)
        if named:
            theme.note(ax, f"day {day}", at=(float(day), ax.get_ylim()[0]), off=(0, -4), size=8.0)


def name_events(
    ax: Axes, marks: Iterable[tuple[float, str]], *, inches: float, levels: int
) -> list[float]:
    """Names events above the frame, each on the lowest level with room, or leaves it out.

    Words stand right of their line, and left of it where they would leave the frame.

    Parameters
    ----------
    marks
        Day and words, in order.
    inches
        Width of the axes.

    Returns
    -------
    list
        Days of those that are named; each has a dotted line.
    """
    points, named = 72.0 * inches / ax.get_xlim()[1], []
    free = [-1.0] * levels
    for day, words in marks:
        at, wide = day * points, _LETTER * 7.5 * len(words)
        is_left = at + wide > 72.0 * inches
        start = at - wide if is_left else at
        level = next((i for i, end in enumerate(free) if end < start), None)
        if level is None:
            continue
        free[level] = start + wide + 6.0
        mark_day(ax, day)
        off = -1.0 if is_left else 1.0, 3.0 + _LEVEL * level
        theme.note(ax, words, at=(day, ax.get_ylim()[1]), off=off, size=7.5)
        named.append(day)
    return named


def mark_day(ax: Axes, day: float) -> None:
    """A dotted line at a day."""
    ax.axvline(day, color=theme.MUTED, linewidth=0.8, linestyle=(0, (1, 2)), zorder=1)


def turns(run: Replay) -> list[tuple[float, str]]:
    """Day and words of what a run turned on."""
    return [
        (event.hour / 24.0, TURNS[event.kind])
        for event in run.events
        if event.kind in TURNS and event.hour > 0.0
    ]


def spread(ends: Sequence[float], apart: float, *, low: float, high: float) -> list[float]:
    """Where to write words for values so that they keep apart, each as near as that allows.

    All stay between `low` and `high` if there is room for them.
    """
    order = np.argsort(ends, kind="stable")
    wanted = np.asarray(ends, dtype=np.float64)[order]
    # Each in turn above the last; then down from the top where that pushes them out.
    at = wanted.copy()
    for _ in range(60):  # relax: neighbours that are too near push each other away
        for i in range(len(at) - 1):
            lack = apart - (at[i + 1] - at[i])
            if lack > 0.0:
                at[i] -= lack / 2
                at[i + 1] += lack / 2
        at = np.clip(at, low, high)
    for i in range(1, len(at)):
        at[i] = max(at[i], at[i - 1] + apart)
    if len(at) and at[-1] > high:
        at[-1] = high
        for i in range(len(at) - 2, -1, -1):
            at[i] = min(at[i], at[i + 1] - apart)
    found = np.empty_like(at)
    found[order] = at
    return [float(value) for value in found]


def which_run(run: Replay) -> str:
    """The scenario, what Red does, the answer, and which run of the study this is."""
    attrs, scenario = run.dataset.attrs, run.scenario
    return (
        f"{scenario.title}. Posture: {attrs['posture']}. "
        f"Red: {scenario.options[attrs['option']].name}; "
        f"the council's answer: {attrs['response']}.\n"
        f"World {attrs['world']}: {how_chosen(attrs)}."
    )


def how_chosen(attrs: Mapping[str, Any]) -> str:
    """That it is one run, and where it stands among all, from the attributes of its log."""
    if "chosen" not in attrs:
        return "one run"
    stands = {"median": "the median", "worst-tenth": "at the worst tenth"}[attrs["chosen"]]
    among = f"{stands} of {attrs['of_worlds']:,} by when Red reaches the first objectives"
    return f"one run, {among}"


def run_provenance(run: Replay) -> str:
    """The line at the foot of a figure of one run."""
    attrs = run.dataset.attrs
    changes = [
        *attrs["variants"],
        *(f"{path} = {value}" for path, value in attrs["overrides"].items()),
    ]
    under = f" under {', '.join(changes)}" if changes else ""
    made = f"Scenario {attrs['scenario']}{under}, glacis {attrs['glacis']}, seed {attrs['seed']}"
    return f"{CAVEAT} {made}, world {attrs['world']}."
