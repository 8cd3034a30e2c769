"""Where the front ran in one run: along each of Red's axes, who held how far, day by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from glacis.campaign.network import Network
from glacis.campaign.state import BLUE, RED
from glacis.errors import InputError
from glacis.figures import theme
from glacis.figures.arrival import LOST
from glacis.figures.theme import MARGIN, WIDTH
from glacis.figures.timeline import (
    draw_days,
    mark_day,
    name_events,
    run_provenance,
    spread,
    turns,
    which_run,
)
from glacis.scenario.model import named

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from glacis.campaign.replay import Replay
    from glacis.scenario.model import Scenario, Thrust

Floats = NDArray[np.float64]

# Lengths are in inches.
NAMES, ENDS = 1.6, 1.3  # columns for places left of the days, and what is held right of them
WIDE = WIDTH - 2 * MARGIN - NAMES - ENDS
A_KM, LEAST = 0.0042, 0.5  # height of an axis of advance
TITLE, GAP = 0.31, 0.14
HEADER, EVENTS, FOOTER, NAMED_DAYS = 1.5, 0.6, 0.42, 0.24
APART = 0.13  # between names of places
BATTALIONS = ("moving", "in place", "spent")  # statuses of those that still stand somewhere


@dataclass(frozen=True)
class Axis:
    """One road of Red's plan from the border on.

    Attributes
    ----------
    name
        Of the thrusts that take it.
    places
        Ids, from the border on.
    km
        Of each, by road from the border.
    legs
        Leg id to the kilometres from the border of its own start and end; the first leg's
        start lies before the border.
    """

    name: str
    places: tuple[str, ...]
    km: tuple[float, ...]
    legs: dict[str, tuple[float, float]]

    @property
    def length(self) -> float:
        """Kilometres from the border to its last place."""
        return self.km[-1]

    @cached_property
    def edges(self) -> Floats:
        """Where the ground nearer to each place begins, and the end."""
        middle = [(a + b) / 2 for a, b in pairwise(self.km)]
        return np.array([0.0, *middle, self.length])


def axes_of(scenario: Scenario, option: str) -> tuple[Axis, ...]:
    """The axes of an option's thrusts into Blue's ground, in the order of the plan.

    Thrusts that take the same road share one; those that cross no border have none.
    """
    network = Network(scenario)
    hops, found = network.hops(RED), dict[tuple[str, ...], list[tuple[str, Axis]]]()
    for ident, thrust in scenario.options[option].thrusts.items():
        axis = _axis(scenario, network, hops, thrust, ident)
        if axis is not None:
            found.setdefault(axis.places, []).append((axis.name, axis))
    return tuple(
        Axis("; ".join(name for name, _ in same), *_rest(same[0][1])) for same in found.values()
    )


def _rest(axis: Axis) -> tuple[tuple[str, ...], tuple[float, ...], dict[str, tuple[float, float]]]:
    return axis.places, axis.km, axis.legs


def _axis(
    scenario: Scenario, network: Network, hops: NDArray[np.int64], thrust: Thrust, ident: str
) -> Axis | None:
    """The way of most of a thrust's battalions, from where it enters Blue's ground."""
    starts = Counter(
        formation.start
        for _, formation in named(scenario.forces.red, thrust.forces)
        if formation.type in scenario.types
    )
    first = max(starts, key=lambda place: (starts[place], place)) if starts else thrust.route[0]
    places: list[str] = []
    km: list[float] = []
    legs: dict[str, tuple[float, float]] = {}
    for road in _roads(network, hops, [first, *thrust.route]):
        start, end = network.ends[road // 2][:: 1 - 2 * (road % 2)]
        leg = scenario.theatre.legs[network.legs[road // 2]]
        if not places and not (network.holder[start] == RED and network.holder[end] == BLUE):
            continue
        begins = km[-1] if km else -_before_border(leg.border_km, leg.km.value, road)
        ends = begins + leg.km.value
        legs[network.legs[road // 2]] = (begins, ends) if road % 2 == 0 else (ends, begins)
        places.append(network.places[end])
        km.append(ends)
    return Axis(thrust.name or ident, tuple(places), tuple(km), legs) if places else None


def _before_border(border: object, length: float, road: int) -> float:
    """Kilometres of a road before the border; none where it is not given."""
    if border is None:
        return 0.0
    at = float(border.value)  # type: ignore[attr-defined]  # a Quantity
    return at if road % 2 == 0 else length - at


def _roads(network: Network, hops: NDArray[np.int64], stops: list[str]) -> Iterator[int]:
    """The roads that Red takes from each stop to the next."""
    for start, end in pairwise(stops):
        here, goal = network.index[start], network.index[end]
        while here != goal and (road := int(hops[here, goal])) >= 0:
            yield road
            here = int(network.ends[road // 2, 1 - road % 2])


def foremost(run: Replay, axis: Axis) -> Floats:
    """Kilometres from the border of the foremost Red battalion on an axis, frame by frame.

    NaN where none is on it beyond the border.
    """
    log = run.dataset.sel(formation=run.dataset["side"] == "red")
    at, km = log["at"].to_numpy(), log["km"].to_numpy()
    words = np.array(log["status"].attrs["meanings"])[log["status"].to_numpy()]
    stands = np.isin(words, BATTALIONS)
    far = np.full(at.shape, -np.inf)
    for place, here in zip(axis.places, axis.km, strict=True):
        far[(at == place) & stands] = here
    for leg, (start, end) in axis.legs.items():
        length = abs(end - start)
        on = (at == leg) & stands
        way = np.clip(km[on], 0.0, length)
        far[on] = start + way if end > start else start - way
    most = far.max(axis=1, initial=-np.inf)
    return np.where(most >= 0.0, most, np.nan)


def held(run: Replay, axis: Axis) -> NDArray[np.bool_]:
    """(frames, places) whether Red holds each place of an axis."""
    return np.asarray(run.dataset["holder"].sel(place=list(axis.places)).to_numpy() == RED)


def held_km(run: Replay, axis: Axis) -> Floats:
    """Kilometres of an axis that Red holds, frame by frame: the ground nearest to its places."""
    return np.asarray(held(run, axis) @ np.diff(axis.edges))


def front_over_time(run: Replay) -> Figure:
    """Along each axis of Red's plan, which ground either side holds from day to day.

    Raises
    ------
    InputError
        If no thrust of the plan leads into Blue's ground.
    """
    attrs = run.dataset.attrs
    axes = axes_of(run.scenario, attrs["option"])
    if not axes:
        raise InputError(
            f"{attrs['scenario']} options.{attrs['option']}: no thrust crosses a border; "
            "give an option whose thrusts lead into Blue's ground"
        )
    tall = [max(LEAST, A_KM * axis.length, APART * (len(axis.places) + 1)) for axis in axes]
    total = HEADER + EVENTS + sum(tall) + (TITLE + GAP) * len(axes) + NAMED_DAYS + FOOTER
    fig = theme.new_figure(WIDTH, total)
    top, days = total - HEADER - EVENTS, float(run.hours[-1]) / 24.0
    marked = _name_turns(fig, run, top=top / total, days=days)
    for i, (axis, height) in enumerate(zip(axes, tall, strict=True)):
        bottom = top - TITLE - height
        ax = fig.add_axes(((MARGIN + NAMES) / WIDTH, bottom / total, WIDE / WIDTH, height / total))
        _draw_axis(ax, run, axis)
        draw_days(ax, days, named=i == len(axes) - 1)
        for day in marked:
            mark_day(ax, day)
        top = bottom - GAP
    _draw_key(fig, total)
    theme.heading(fig, _sentence(run, axes), subtitle=_explanation(run))
    theme.footing(fig, run_provenance(run))
    return fig


def _name_turns(fig: Figure, run: Replay, *, top: float, days: float) -> list[float]:
    """Names what the run turned on above the first axis; returns the days."""
    ax = fig.add_axes(((MARGIN + NAMES) / WIDTH, top, WIDE / WIDTH, 1e-4))
    theme.bare(ax)
    ax.set_xlim(0.0, days)
    return name_events(ax, turns(run), inches=WIDE, levels=3)


def _draw_axis(ax: Axes, run: Replay, axis: Axis) -> None:
    """The ground of one axis by who holds it, the foremost Red battalion, and the fighting."""
    from matplotlib.colors import ListedColormap

    theme.bare(ax)
    days = run.hours / 24.0
    ax.set_xlim(0.0, float(days[-1]))
    ax.set_ylim(0.0, axis.length)
    ax.pcolormesh(
        days,
        axis.edges,
        held(run, axis)[1:].T.astype(np.float64),
        cmap=ListedColormap([theme.LAND_BLUE, LOST]),
        vmin=0.0,
        vmax=1.0,
        zorder=0.2,
    )
    ax.plot(days, foremost(run, axis), color=theme.RED, linewidth=1.6, zorder=3, clip_on=False)
    _draw_fighting(ax, run, axis)
    _name_places(ax, run, axis)
    title = theme.note(
        ax, axis.name, at=(0.0, axis.length), off=(-72 * NAMES, 9), size=8.5, colour=theme.INK
    )
    title.set_horizontalalignment("left")
    title.set_fontweight("bold")
    km = float(held_km(run, axis)[-1])
    told = f"{km:,.0f} of {axis.length:,.0f} km" if km else "nothing"
    words = f"Red holds\n{told}"
    theme.note(ax, words, at=(float(days[-1]), axis.length / 2), off=(6, 0), size=8.0)


def _draw_fighting(ax: Axes, run: Replay, axis: Axis) -> None:
    """Bars on a place's line while it is fought for."""
    days = run.hours / 24.0
    for place, km in zip(axis.places, axis.km, strict=True):
        ax.axhline(km, color=theme.PAPER, linewidth=0.8, zorder=0.6)
        fought = run.dataset["contact"].sel(place=place).to_numpy()[1:]
        edges = np.flatnonzero(np.diff(np.concatenate([[False], fought, [False]]).astype(np.int8)))
        for start, end in edges.reshape(-1, 2):
            ax.plot(
                [days[start], days[end]],
                [km, km],
                color=theme.INK,
                linewidth=3.0,
                solid_capstyle="butt",
                zorder=2,
                clip_on=False,
            )


def _name_places(ax: Axes, run: Replay, axis: Axis) -> None:
    apart = APART * ax.figure.dpi / ax.bbox.height * axis.length
    at = spread(axis.km, apart, low=0.0, high=axis.length)
    goals = set(run.scenario.options[run.dataset.attrs["option"]].objectives)
    for place, km, y in zip(axis.places, axis.km, at, strict=True):
        name = run.scenario.theatre.places[place].name
        words = theme.note(
            ax, f"{name} {km:,.0f} km", at=(0.0, y), off=(-6, 0), size=7.5, colour=theme.INK
        )
        if place in goals:
            words.set_fontweight("bold")


def _draw_key(fig: Figure, total: float) -> None:
    """What colours and lines mean, below the explanation."""
    ax = fig.add_axes((MARGIN / WIDTH, 1 - 1.5 / total, 1 - 2 * MARGIN / WIDTH, 0.14 / total))
    theme.bare(ax)
    ax.set_xlim(0.0, WIDTH - 2 * MARGIN)
    ax.set_ylim(0.0, 1.0)
    at = 0.0
    for words, colour, line in (
        ("held by Blue", theme.LAND_BLUE, 0.0),
        ("held by Red", LOST, 0.0),
        ("foremost Red battalion", theme.RED, 1.6),
        ("the place is fought for", theme.INK, 3.0),
    ):
        if line:
            ax.plot([at, at + 0.28], [0.5, 0.5], color=colour, linewidth=line)
        else:
            ax.axvspan(at, at + 0.28, facecolor=colour, edgecolor=theme.RULE, linewidth=0.6)
        theme.note(ax, words, at=(at + 0.28, 0.5), off=(5, 0), size=8.0)
        at += 0.55 + 0.072 * len(words)


def _sentence(run: Replay, axes: tuple[Axis, ...]) -> str:
    """The title: how many axes Red gets to the end of, and keeps."""
    days = f"day {run.dataset.attrs['days']:g}"
    ends = np.array([held(run, axis)[:, -1] for axis in axes])
    taken, kept = int(ends.any(axis=1).sum()), int(ends[:, -1].sum())
    if not taken:
        return f"Red gets to the end of none of its axes by {days}"
    if len(axes) == 1:
        still = "holds" if kept else "no longer holds"
        return f"Red gets to the end of its axis, and {still} it on {days}"
    what = f"all {taken}" if taken == len(axes) else f"{taken} of {len(axes)}"
    told = {0: "none", taken: "all"}.get(kept, str(kept))
    return f"Red takes the end of {what} axes, and holds {told} of them on {days}"


def _explanation(run: Replay) -> str:
    return (
        f"{which_run(run)}\n"
        "Upwards: kilometres by road from the border; ground goes with the nearest place."
    )
