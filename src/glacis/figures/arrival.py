"""Where the war got to: median hours of arrival on the map, and the ground that was lost."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from glacis.campaign.network import Network
from glacis.campaign.state import BLUE, RED
from glacis.figures import theme
from glacis.figures.cells import nearest_cells, within
from glacis.figures.labels import Label, Placer, halo, scale_bar
from glacis.figures.map import Conic, base_map, in_sight, land_credit, shape_of
from glacis.figures.theme import MARGIN, WIDTH
from glacis.figures.words import goal_name, percent, provenance, red_name, told_hours
from glacis.scenario.land import Box, Land, land_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.path import Path

    from glacis.campaign.record import Campaign
    from glacis.scenario.model import Formation, Place, Scenario

Floats = NDArray[np.float64]

FOOTER, LINE = 0.62, 0.169  # inches
LETTERS = 84  # of a line of the explanation, which stands left of the keys
NARROWEST, WIDEST = 0.8, 1.8  # the map's width over its height
BANDS = (12.0, 24.0, 48.0, 96.0, 192.0, 384.0)  # hours, each twice the last, as spreads are wide
SHADES = (0.05, 0.25, 0.5, 0.75)  # shares of runs from which the ground is shaded darker
LEAST_DEGREES = 0.6  # north and south of the middle
LOST = "#cf8a7c"
NEARLY_ALL = 0.95  # a smaller share of runs is written beside a place
SELDOM = 0.05  # a smaller share of runs is too few for a median
GRASP_KM = 110.0  # ground farther than this from every place is nobody's
GRASP = 0.3  # share of the map's shorter side, if that is less and no land bounds the ground
SEAM = theme.mixed(theme.LAND_BLUE, theme.PAPER, share=0.6)


@dataclass(frozen=True)
class Advance:
    """How far Red came, over all runs of a campaign."""

    campaign: Campaign

    @property
    def scenario(self) -> Scenario:
        """The scenario, its posture applied."""
        return self.campaign.scenario

    @cached_property
    def network(self) -> Network:
        """Its roads, as the engine knows them."""
        return Network(self.scenario)

    def share(self, place: str) -> float:
        """Share of the runs in which Red comes within 10 km of a place."""
        return float(np.isfinite(self.campaign.hours_to(place)).mean())

    def hours(self, place: str) -> float:
        """Median hours after H-hour in those runs; infinite where they are too few."""
        hours = self.campaign.hours_to(place)
        return float(np.median(hours[np.isfinite(hours)])) if self.share(place) > SELDOM else np.inf

    @cached_property
    def lost(self) -> dict[str, float]:
        """Place to the share of runs at whose end Red holds it, for places of Blue's."""
        holder = self.campaign.dataset["holder"].to_numpy() == RED
        shares = dict(zip(self.network.places, holder.mean(axis=0), strict=True))
        owner = dict(zip(self.network.places, self.network.holder, strict=True))
        return {place: float(share) for place, share in shares.items() if owner[place] == BLUE}

    @cached_property
    def goals(self) -> set[str]:
        """What the campaign is about: the scenario's objectives and the option's."""
        option = self.scenario.options[self.campaign.dataset.attrs["option"]]
        return {*self.scenario.objectives.places, *option.objectives}

    @cached_property
    def columns(self) -> Counter[tuple[str, str]]:
        """Pairs of places to the number of Red battalions whose way leads from one to the next."""
        found: Counter[tuple[str, str]] = Counter()
        option = self.scenario.options[self.campaign.dataset.attrs["option"]]
        for thrust in option.thrusts.values():
            for formation in self._of(thrust.forces):
                stops = [formation.start, *thrust.route]
                for start, end in pairwise(stops):
                    found.update(self._way(start, end))
        return found

    def _of(self, names: Sequence[str]) -> Iterator[Formation]:
        for ident, formation in self.scenario.forces.red.items():
            if ident in names or formation.parent in names:
                yield formation

    @cached_property
    def _hops(self) -> NDArray[np.int64]:
        return self.network.hops(RED)

    def _way(self, start: str, end: str) -> Iterator[tuple[str, str]]:
        """The steps of Red's way between two places."""
        here, goal = self.network.index[start], self.network.index[end]
        while here != goal and (road := int(self._hops[here, goal])) >= 0:
            there = int(self.network.ends[road // 2, 1 - road % 2])
            yield self.network.places[here], self.network.places[there]
            here = there


def arrival_map(campaign: Campaign) -> Figure:
    """When Red comes near each place, in the median run, and how often it keeps the ground.

    Dots are coloured by the median hour, ground by the share of runs at whose end Red holds
    the nearest place; broad lines are Red's axes, the broader the more battalions.
    """
    advance = Advance(campaign)
    extent, told = _extent(advance), _explanation(advance)
    land = in_sight(land_of(advance.scenario), extent)
    width = WIDTH - 2 * MARGIN
    height = width / shape_of(Conic.over(extent), extent, edge=land.box)
    total = height + FOOTER + max(1.76, 0.8 + LINE * (1 + told.count("\n")))
    fig = theme.new_figure(WIDTH, total)
    ax = fig.add_axes((MARGIN / WIDTH, FOOTER / total, width / WIDTH, height / total))
    conic = base_map(land, extent, ax=ax, fills=_fills(advance.scenario))
    _shade(ax, advance, land=land, conic=conic)
    lines = _draw_roads(ax, advance, conic=conic)
    _draw_axes_of_advance(ax, advance, conic=conic)
    bar = scale_bar(ax)
    placer = Placer(ax, lines=[*lines, bar])
    placer.keep_free(*bar.mean(axis=0), radius=16.0)
    _draw_places(placer, advance, conic=conic)
    _name_ground(placer, advance.scenario, land=land, conic=conic)
    _draw_keys(fig)
    theme.heading(fig, _sentence(advance), subtitle=told)
    theme.footing(fig, provenance(campaign, *filter(None, [land_credit(land)])))
    return fig


def _extent(advance: Advance) -> Box:
    """All places that matter to this campaign, with a margin around them."""
    attrs = advance.campaign.dataset.attrs
    wanted = {place for place, share in advance.lost.items() if share > 0.01}
    wanted |= {place for step in advance.columns for place in step}
    option = advance.scenario.options[attrs["option"]]
    wanted |= set(option.objectives) if option.kind == "limited" else advance.goals
    wanted |= {place for place in advance.lost if advance.share(place) > 0.01}
    wanted |= set(_used(advance.scenario))
    places = [advance.scenario.theatre.places[name] for name in sorted(wanted)]
    lons, lats = [p.lon.value for p in places], [p.lat.value for p in places]
    lon, lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    shrink = math.cos(math.radians(lat))
    up = max(0.57 * (max(lats) - min(lats)) + 0.15, LEAST_DEGREES)
    across = 0.5 * (max(lons) - min(lons)) * shrink + 0.14 * up
    up, across = max(up, across / WIDEST), max(across, up * NARROWEST)
    return lon - across / shrink, lat - up, lon + across / shrink, lat + up


def _used(scenario: Scenario) -> Iterator[str]:
    """Where formations stand when the story begins, and what they are to defend."""
    for formation in (*scenario.forces.red.values(), *scenario.forces.blue.values()):
        yield formation.start
        if formation.defends is not None:
            yield formation.defends


def _fills(scenario: Scenario) -> dict[str, str]:
    return {ident: theme.SIDE_LAND[nation.side] for ident, nation in scenario.nations.items()}


def _at(place: Place, conic: Conic) -> tuple[float, float]:
    x, y = conic.project(place.lon.value, place.lat.value)
    return float(x), float(y)


def shade_of(share: float) -> str | None:
    """The tint of ground lost in this share of runs; None where it is hardly ever lost."""
    band = int(np.searchsorted(SHADES, share, side="right"))
    return theme.mixed(theme.LAND_BLUE, LOST, share=band / len(SHADES)) if band else None


def _shade(ax: Axes, advance: Advance, *, land: Land, conic: Conic) -> None:
    """Tints the ground nearest to each place, country by country, up to its borders and coast.

    Where no land is in sight, places far at sea or in an invented country, the frame bounds it.
    """
    from matplotlib.path import Path

    places = advance.scenario.theatre.places
    spots = {name: np.array(_at(place, conic)) for name, place in places.items()}
    if not land.countries:
        (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
        corners = [(left, bottom), (left, top), (right, top), (right, bottom), (left, bottom)]
        radius = min(GRASP_KM, GRASP * min(right - left, top - bottom))
        _tint(ax, advance, spots, outline=Path(corners), radius=radius)
    for shape in land.countries:
        rings = [np.column_stack(conic.project(*ring.T)) for ring in shape.rings]
        outline = Path.make_compound_path(*(Path(ring, closed=True) for ring in rings))
        inside = outline.contains_points(np.array(list(spots.values())))
        own = {
            name: spot
            for (name, spot), is_inside in zip(spots.items(), inside, strict=True)
            if is_inside or places[name].nation == shape.id
        }
        _tint(ax, advance, own, outline=outline, radius=GRASP_KM)


def _tint(
    ax: Axes, advance: Advance, own: dict[str, Floats], *, outline: Path, radius: float
) -> None:
    """Tints the cells of some places inside an outline, if ground of any is lost."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    if not any(shade_of(advance.lost.get(name, 0.0)) for name in own):
        return
    cells = nearest_cells(np.array(list(own.values())))
    for (name, spot), cell in zip(own.items(), cells, strict=True):
        ring = Path(within(cell, spot, radius=radius))
        patch = PathPatch(
            ring, facecolor=_ground(advance, name), edgecolor=SEAM, lw=0.7, zorder=1.05
        )
        ax.add_patch(patch)
        patch.set_clip_path(outline, ax.transData)


def _ground(advance: Advance, name: str) -> str:
    """The colour of the ground around a place."""
    if name in advance.lost:
        return shade_of(advance.lost[name]) or theme.LAND_BLUE
    return theme.SIDE_LAND[_side(advance, name)]


def _draw_roads(ax: Axes, advance: Advance, *, conic: Conic) -> list[Floats]:
    from matplotlib.collections import LineCollection

    theatre = advance.scenario.theatre
    lines = [
        np.array([_at(theatre.places[end], conic) for end in (leg.start, leg.end)])
        for leg in theatre.legs.values()
    ]
    colour = theme.mixed(theme.MUTED, theme.LAND, share=0.35)
    ax.add_collection(
        LineCollection(lines, colors=colour, linewidths=0.9, zorder=2.0), autolim=False
    )
    return lines


def _draw_axes_of_advance(ax: Axes, advance: Advance, *, conic: Conic) -> None:
    """Red's ways as broad translucent lines, an arrow head in the middle of each step."""
    places = advance.scenario.theatre.places
    for (start, end), battalions in advance.columns.items():
        ends = np.array([_at(places[name], conic) for name in (start, end)])
        width = 1.6 + 1.3 * math.sqrt(battalions)
        ax.plot(
            *ends.T,
            color=theme.RED,
            alpha=0.34,
            linewidth=width,
            zorder=2.1,
            solid_capstyle="round",
        )
        along = ends[1] - ends[0]
        if np.hypot(*along) > 25.0:
            tail, head = ends[0] + 0.46 * along, ends[0] + 0.56 * along
            ax.annotate(
                "",
                head,
                tail,
                arrowprops={
                    "arrowstyle": f"-|>,head_width={0.1 + 0.045 * width},head_length=0.5",
                    "color": theme.RED,
                    "linewidth": 0.0,
                },
                zorder=2.2,
            )


def _draw_places(placer: Placer, advance: Advance, *, conic: Conic) -> None:
    labels = []
    for ident, place in advance.scenario.theatre.places.items():
        x, y = _at(place, conic)
        is_goal = ident in advance.goals
        is_reds = ident not in advance.lost
        radius = 5.2 if is_goal else 2.2 if is_reds else 3.0
        placer.ax.plot(
            [x],
            [y],
            marker="s" if is_reds else "o",
            markersize=2 * radius,
            markerfacecolor=_marker(advance, ident),
            markeredgecolor=_rim(advance, ident),
            markeredgewidth=1.5 if is_goal else 0.8,
            zorder=5 + is_goal,
        )
        placer.keep_free(x, y, radius=radius)
        labels.append(_label(advance, ident, x=x, y=y, gap=radius + 2.5))
    placer.write(labels)


def _rim(advance: Advance, ident: str) -> str:
    if ident in advance.goals:
        return theme.INK
    is_bare = ident in advance.lost and math.isinf(advance.hours(ident))
    return theme.MUTED if is_bare else theme.PAPER


def _side(advance: Advance, ident: str) -> str:
    scenario = advance.scenario
    return scenario.nations[scenario.theatre.places[ident].nation].side


def _marker(advance: Advance, ident: str) -> str:
    if ident not in advance.lost:
        return theme.RED if _side(advance, ident) == "red" else theme.MUTED
    hours = advance.hours(ident)
    return band_colour(hours) if math.isfinite(hours) else theme.PAPER


def band_colour(hours: float) -> str:
    """The colour of a median hour of arrival: the sooner the darker."""
    return theme.REACH[int(np.searchsorted(BANDS, hours))]


def _label(advance: Advance, ident: str, *, x: float, y: float, gap: float) -> Label:
    """A place's name, hours, and share of runs where that is not nearly all."""
    place, hours, share = (
        advance.scenario.theatre.places[ident],
        advance.hours(ident),
        advance.share(ident),
    )
    is_goal = ident in advance.goals
    words = place.name
    if ident in advance.lost and math.isfinite(hours):
        words += f" {told_hours(hours)}"
        if is_goal:
            words += f"\nin {percent(share)} of runs"
        elif share < NEARLY_ALL:
            words += f", {percent(share)}"
    elif is_goal:
        words += f"\nreached in {percent(share)} of runs" if share else "\nnever reached"
    colour = {"red": theme.RED, "neutral": theme.MUTED}.get(_side(advance, ident), theme.INK)
    return Label(
        words,
        x,
        y,
        rank=0.0 if is_goal else 1.0 / (1.0 + place.population.value) + (share <= SELDOM),
        size=9.5 if is_goal else 7.2,
        weight="bold" if is_goal else "normal",
        colour=colour,
        gap=gap,
        must=is_goal,
    )


def _name_ground(placer: Placer, scenario: Scenario, *, land: Land, conic: Conic) -> None:
    for shape in land.countries:
        nation = scenario.nations.get(shape.id)
        if "-" not in shape.id:
            rings = [np.column_stack(conic.project(*ring.T)) for ring in shape.rings]
            text = placer.write_across(nation.name if nation else shape.name, rings)
            if text is not None:  # it may stand on a tint
                text.set_color(theme.INK)
                text.set_path_effects([*halo(1.6)])


def _draw_keys(fig: Figure) -> None:
    """The keys, right of the explanation: hours of arrival, and ground lost."""
    width, height = fig.get_size_inches()
    long = 3.1
    for top, colours, ends, title in (
        (
            1.06,
            theme.REACH,
            [*(f"{hours:g}" for hours in (0.0, *BANDS)), "later"],
            "dots: median hours after H-hour",
        ),
        (
            1.52,
            [theme.LAND_BLUE, *(str(shade_of(share)) for share in SHADES)],
            [percent(share) for share in (0.0, *SHADES, 1.0)],
            "ground: share of runs at whose end Red holds it",
        ),
    ):
        ax = fig.add_axes(
            (1 - (MARGIN + long) / width, 1 - top / height, long / width, 0.12 / height)
        )
        theme.bare(ax)
        for i, colour in enumerate(colours):
            ax.axvspan(i, i + 1, color=colour, linewidth=0)
        ax.set_xlim(0, len(colours))
        for i, words in enumerate(ends):
            theme.note(ax, words, at=(i, 0), off=(-1e-3 if i == len(colours) else 0, -2))
        theme.note(ax, title, at=(len(colours), 1), off=(-1e-3, 3))


def _sentence(advance: Advance) -> str:
    """The title: the chance and the hour of the objective that is reached most often."""
    scenario = advance.scenario
    named = [*scenario.objectives.groups, *sorted(advance.goals)]
    first = max(named, key=advance.share)
    who, what = red_name(scenario), goal_name(scenario, first)
    if advance.share(first) <= SELDOM:
        return f"{who} hardly ever comes near {what}"
    often = (
        "every run" if advance.share(first) == 1.0 else f"{percent(advance.share(first))} of runs"
    )
    hours = advance.hours(first)
    when = f"after {hours:,.0f} hours" if hours >= 1.5 else "within an hour"
    return f"{who} reaches {what} in {often}, {when} at the median"


def _explanation(advance: Advance) -> str:
    """What is shown, in lines that leave room for the keys at their right."""
    scenario, attrs = advance.scenario, advance.campaign.dataset.attrs
    posture = scenario.postures[attrs["posture"]]
    told = (
        f"{scenario.title}. Posture: {posture.name} ({attrs['posture']}). "
        f"Red: {scenario.options[attrs['option']].name}. "
        f"The council's answer: {attrs['response']}.",
        "Hours are medians of the runs in which Red comes within 10 km. The share of such runs "
        f"stands at objectives (rings), and elsewhere where it is below {percent(NEARLY_ALL)}. "
        f"White dots have neither: Red comes there in at most {percent(SELDOM)} of runs.",
        "Red bands are the ways of Red's columns, the broader the more battalions; arrows point "
        "the way they go. Squares lie on ground that is not Blue's.",
    )
    return "\n".join(line for words in told for line in wrap(words, LETTERS))
