"""The theatre before a shot: how far Red's roads reach by the hour."""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from glacis.figures import theme
from glacis.figures.forces import forces_chart
from glacis.figures.labels import Label, Placer, scale_bar
from glacis.figures.map import Conic, base_map, in_sight, land_credit, shape_of
from glacis.figures.systems import systems_chart
from glacis.figures.theme import MARGIN, WIDTH
from glacis.scenario.land import Box, Land, land_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from glacis.scenario.model import Leg, Place, Scenario

__all__ = [
    "Drive",
    "band_bounds",
    "crossing_km",
    "drive",
    "forces_chart",
    "systems_chart",
    "theatre_map",
]

Floats = NDArray[np.float64]

STEPS = (1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 24.0, 48.0)  # hours that a band may span
NARROWEST, WIDEST = 0.75, 2.0  # a map's width over its height
PIECE_KM = 2.0  # roads change colour no finer than this
HEADER, FOOTER = 1.4, 0.62  # inches


@dataclass(frozen=True)
class Drive:
    """Red's way by road from the border into defended ground, where nobody stands in it.

    Attributes
    ----------
    scenario
        The scenario.
    holder
        Place id to ``red`` (Red's, or a neutral's that lets Red through), ``blue`` or ``closed``.
    km
        Place id to kilometres from the nearest crossing, for defended places that can be reached.
    """

    scenario: Scenario
    holder: Mapping[str, str]
    km: Mapping[str, float]

    @cached_property
    def km_per_hour(self) -> float:
        """The central unopposed rate of advance, halts included."""
        return self.scenario.campaign.movement.unopposed.value / 24.0

    def hours(self, place: str) -> float:
        """Hours from the border to a place; infinite where no road leads there."""
        return self.km.get(place, math.inf) / self.km_per_hour

    def ends(self, leg: Leg) -> tuple[str, str]:
        """Who holds a leg's start and end."""
        return self.holder[leg.start], self.holder[leg.end]

    def along(self, leg: Leg, at: Floats) -> Floats:
        """Hours from the border to points of a leg, km from its start; NaN in Red's part."""
        length, crossing = leg.km.value, crossing_km(leg, self.ends(leg))
        match self.ends(leg):
            case ("blue", "blue"):
                first, last = self.km.get(leg.start, math.inf), self.km.get(leg.end, math.inf)
                km = np.minimum(first + at, last + length - at)
            case ("red", "blue"):
                km = np.minimum(at - crossing, self.km.get(leg.end, math.inf) + length - at)
                km = np.where(at < crossing, np.nan, km)
            case ("blue", "red"):
                km = np.minimum(crossing - at, self.km.get(leg.start, math.inf) + at)
                km = np.where(at > crossing, np.nan, km)
            case _:
                km = np.full_like(at, np.nan)
        return km / self.km_per_hour


def drive(scenario: Scenario) -> Drive:
    """Red's distances from the border by the shortest roads open to it. Source: dijkstra-1959."""
    holder = _holders(scenario)
    roads: dict[str, list[tuple[str, float]]] = {}
    queue: list[tuple[float, str]] = []
    for leg in scenario.theatre.legs.values():
        ends, length = (holder[leg.start], holder[leg.end]), leg.km.value
        if ends == ("blue", "blue"):
            roads.setdefault(leg.start, []).append((leg.end, length))
            roads.setdefault(leg.end, []).append((leg.start, length))
        elif ends == ("red", "blue"):
            queue.append((length - crossing_km(leg, ends), leg.end))
        elif ends == ("blue", "red"):
            queue.append((crossing_km(leg, ends), leg.start))
    heapq.heapify(queue)
    km: dict[str, float] = {}
    while queue:
        here, place = heapq.heappop(queue)
        if place in km:
            continue
        km[place] = here
        for neighbour, way in roads.get(place, ()):
            heapq.heappush(queue, (here + way, neighbour))
    return Drive(scenario, holder, km)


def crossing_km(leg: Leg, ends: tuple[str, str]) -> float:
    """Kilometre of the border on a leg; Red's end of it where none is given."""
    if leg.border_km is not None:
        return leg.border_km.value
    return leg.km.value if ends[1] == "red" else 0.0


def _holders(scenario: Scenario) -> dict[str, str]:
    from glacis.campaign.network import Network
    from glacis.campaign.state import BLUE, RED

    network, words = Network(scenario), {RED: "red", BLUE: "blue"}
    sides = (words.get(int(side), "closed") for side in network.holder)
    return dict(zip(network.places, sides, strict=True))


def theatre_map(scenario: Scenario) -> Figure:
    """The theatre, its roads coloured by the hours that Red's columns would need unopposed.

    Distances run from the border by the shortest road open to Red, at the central unopposed
    rate of advance. It is a driving time: nobody defends, nothing is blown up.
    """
    reach, extent = drive(scenario), _extent(scenario)
    land = in_sight(land_of(scenario), extent)
    width = WIDTH - 2 * MARGIN
    height = width / shape_of(Conic.over(extent), extent, edge=land.box)
    total = height + HEADER + FOOTER
    fig = theme.new_figure(WIDTH, total)
    ax = fig.add_axes((MARGIN / WIDTH, FOOTER / total, width / WIDTH, height / total))
    conic = base_map(land, extent, ax=ax, fills=_fills(scenario))
    bounds = band_bounds(reach)
    lines = _draw_legs(ax, reach, conic=conic, bounds=bounds)
    placer = Placer(ax, lines=[*lines, scale_bar(ax)])
    _draw_places(placer, reach, conic=conic, bounds=bounds)
    _name_ground(placer, scenario, land=land, conic=conic)
    _draw_bands(fig, bounds)
    theme.heading(fig, _sentence(reach), subtitle=_explanation(reach))
    theme.footing(fig, _provenance(scenario, land))
    return fig


def band_bounds(reach: Drive) -> Floats:
    """Upper ends of the bands in hours: round steps that take in every objective."""
    places = reach.scenario.objectives.places
    times = [hours for place in places if math.isfinite(hours := reach.hours(place))]
    bands = len(theme.REACH) - 1
    step = next((step for step in STEPS if step * bands >= max(times, default=0.0)), STEPS[-1])
    return step * np.arange(1.0, bands + 1.0)


def _band_colour(hours: float, bounds: Floats) -> str:
    return theme.REACH[int(np.searchsorted(bounds, hours))]


def _extent(scenario: Scenario) -> Box:
    """All places with a margin around them, no taller and no wider than reads well."""
    places = scenario.theatre.places.values()
    lons, lats = [p.lon.value for p in places], [p.lat.value for p in places]
    lon, lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    shrink = math.cos(math.radians(lat))
    up = 0.56 * (max(lats) - min(lats)) + 0.1
    across = 0.5 * (max(lons) - min(lons)) * shrink + 0.12 * up
    up, across = max(up, across / WIDEST), max(across, up * NARROWEST)
    return lon - across / shrink, lat - up, lon + across / shrink, lat + up


def _fills(scenario: Scenario) -> dict[str, str]:
    """Country id to the tint of its side; a neutral that lets Red through is between."""
    fills = {}
    for ident, nation in scenario.nations.items():
        fills[ident] = theme.SIDE_LAND[nation.side]
        if nation.side == "neutral" and nation.access in ("transit", "co-belligerent"):
            fills[ident] = theme.mixed(theme.LAND, theme.LAND_RED, share=0.6)
    return fills


def _draw_legs(ax: Axes, reach: Drive, *, conic: Conic, bounds: Floats) -> list[Floats]:
    """Draws every road in pieces coloured by hour; returns the roads as lines in kilometres."""
    from matplotlib.collections import LineCollection

    lines, pieces, colours, quiet = [], [], [], []
    for leg in reach.scenario.theatre.legs.values():
        line = _points(reach, leg, conic=conic)
        lines.append(line)
        at = np.linspace(0.0, leg.km.value, len(line))
        hours = reach.along(leg, (at[:-1] + at[1:]) / 2)
        for piece, when in zip(np.stack([line[:-1], line[1:]], axis=1), hours, strict=True):
            if math.isfinite(when):
                pieces.append(piece)
                colours.append(_band_colour(float(when), bounds))
            else:
                quiet.append(piece)
    for drawn, colour, width, order in (
        (quiet, theme.mixed(theme.MUTED, theme.LAND, share=0.35), 0.9, 2.0),
        (pieces, theme.PAPER, 4.0, 2.1),
        (pieces, colours, 2.4, 2.2),
    ):
        ax.add_collection(
            LineCollection(drawn, colors=colour, linewidths=width, capstyle="round", zorder=order),
            autolim=False,
        )
    return lines


def _points(reach: Drive, leg: Leg, *, conic: Conic) -> Floats:
    """A leg as a straight line on the map, in short pieces."""
    ends = [reach.scenario.theatre.places[end] for end in (leg.start, leg.end)]
    (x1, y1), (x2, y2) = (_at(place, conic) for place in ends)
    share = np.linspace(0.0, 1.0, max(2, math.ceil(leg.km.value / PIECE_KM) + 1))
    return np.column_stack([x1 + (x2 - x1) * share, y1 + (y2 - y1) * share])


def _at(place: Place, conic: Conic) -> tuple[float, float]:
    x, y = conic.project(place.lon.value, place.lat.value)
    return float(x), float(y)


def _draw_places(placer: Placer, reach: Drive, *, conic: Conic, bounds: Floats) -> None:
    """Draws markers first, then the labels of what matters most."""
    labels = []
    objectives = set(reach.scenario.objectives.places)
    for ident, place in reach.scenario.theatre.places.items():
        x, y = _at(place, conic)
        colour, radius = _marker(reach, ident, bounds=bounds), 4.6 if ident in objectives else 2.6
        placer.ax.plot(
            [x],
            [y],
            marker="o" if reach.holder[ident] != "red" else "s",
            markersize=2 * radius,
            markerfacecolor=colour,
            markeredgecolor=theme.PAPER if radius < 4 else theme.INK,
            markeredgewidth=0.8 if radius < 4 else 1.4,
            zorder=5 + (ident in objectives),
        )
        placer.keep_free(x, y, radius=radius)
        labels.append(_label(reach, ident, x=x, y=y, gap=radius + 2.5))
    placer.write(labels)


def _marker(reach: Drive, ident: str, *, bounds: Floats) -> str:
    hours = reach.hours(ident)
    if reach.holder[ident] == "red":
        return theme.RED if _side(reach, ident) == "red" else theme.MUTED
    return _band_colour(hours, bounds) if math.isfinite(hours) else theme.MUTED


def _side(reach: Drive, ident: str) -> str:
    scenario = reach.scenario
    return scenario.nations[scenario.theatre.places[ident].nation].side


def _label(reach: Drive, ident: str, *, x: float, y: float, gap: float) -> Label:
    """A place's name and hours: objectives first and bold, then by people."""
    place, hours = reach.scenario.theatre.places[ident], reach.hours(ident)
    wanted = ident in reach.scenario.objectives.places
    time = f" {_told(hours)}" if math.isfinite(hours) else ""
    colour = {"red": theme.RED, "neutral": theme.MUTED}.get(_side(reach, ident), theme.INK)
    return Label(
        place.name + time,
        x,
        y,
        rank=0.0 if wanted else 1.0 / (1.0 + place.population.value),
        size=9.5 if wanted else 7.2,
        weight="bold" if wanted else "normal",
        colour=colour,
        gap=gap,
        must=wanted,
    )


def _told(hours: float) -> str:
    """Hours as they are read out: whole ones, and under one as that."""
    return f"{hours:.0f}\u00a0h" if hours >= 1.0 else "<1\u00a0h"


def _name_ground(placer: Placer, scenario: Scenario, *, land: Land, conic: Conic) -> None:
    """Writes the countries' names where there is room."""
    for shape in land.countries:
        nation = scenario.nations.get(shape.id)
        if "-" not in shape.id:
            rings = [np.column_stack(conic.project(*ring.T)) for ring in shape.rings]
            placer.write_across(nation.name if nation else shape.name, rings)


def _draw_bands(fig: Figure, bounds: Floats) -> None:
    """The key: bands of hours, side by side, their ends written below."""
    width, height = fig.get_size_inches()
    long = 3.4
    ax = fig.add_axes((1 - (MARGIN + long) / width, 1 - 1.1 / height, long / width, 0.12 / height))
    theme.bare(ax)
    for i, colour in enumerate(theme.REACH):
        ax.axvspan(i, i + 1, color=colour, linewidth=0)
    ax.set_xlim(0, len(theme.REACH))
    for i, hours in enumerate([0.0, *bounds]):
        theme.note(ax, f"{hours:g}", at=(i, 0), off=(0, -2))
    theme.note(ax, "later", at=(len(theme.REACH), 0), off=(-1e-3, -2))
    theme.note(ax, "hours from the border", at=(len(theme.REACH), 1), off=(-1e-3, 3))


def _sentence(reach: Drive) -> str:
    """The title: the first and the last objective that Red's columns would reach."""
    scenario = reach.scenario
    times = sorted(
        (hours, scenario.theatre.places[place].name)
        for place in scenario.objectives.places
        if math.isfinite(hours := reach.hours(place))
    )
    red = _red_name(scenario)
    if not times:
        return f"No road open to {red} leads to an objective"
    told = [f"to {name} in {_spelt(hours)}" for hours, name in times]
    return f"Unopposed, {red} could drive " + " and ".join(dict.fromkeys([told[0], told[-1]]))


def _spelt(hours: float) -> str:
    whole = max(round(hours), 1)
    return f"{whole} hours" if whole > 1 else "an hour"


def _red_name(scenario: Scenario) -> str:
    nations = scenario.nations.values()
    return next((nation.name for nation in nations if nation.role == "challenger"), "Red")


def _explanation(reach: Drive) -> str:
    scenario, red = reach.scenario, _red_name(reach.scenario)
    under = "".join(f", {name}" for name in scenario.document.variants)
    return (
        f"{scenario.title}{under}. Driving time from the border by the shortest open road,\n"
        f"at {24 * reach.km_per_hour:.0f} km a day, the central unopposed rate of advance.\n"
        f"Rings are objectives; squares lie on {red}'s ground, or on ground open to it."
    )


def _provenance(scenario: Scenario, land: Land) -> str:
    sources = ", ".join(scenario.campaign.movement.unopposed.sources)
    return (
        "A driving time, not a forecast: nobody defends and nothing is blown up. "
        f"Rate of advance: {sources}.\nRoads and places: {scenario.name} scenario. "
        f"{land_credit(land)}"
    ).rstrip()
