"""The gap that the corridor's roads go through: how wide it is, and where it is narrowest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from glacis.figures.map import EARTH_KM
from glacis.scenario.land import land_of

if TYPE_CHECKING:
    from glacis.scenario.model import Scenario

__all__ = ["Gap", "gap_of"]

Floats = NDArray[np.float64]
Point = tuple[float, float]

POINTS = 65  # of a leg, from which grounds are measured
SLACK_KM = 3.0  # for the corners between them


@dataclass(frozen=True)
class Gap:
    """The narrowest passage between two grounds that are not Blue's.

    Attributes
    ----------
    km
        Its width as the crow flies.
    ends
        Degrees east and north of the two borders that face each other there.
    """

    km: float
    ends: tuple[Point, Point]


def gap_of(scenario: Scenario) -> Gap | None:
    """The gap of a scenario's corridor; None where it has none, or its roads lie open.

    It is the shortest straight line between the grounds of two states that are not Blue's, or
    between two separate grounds of one, that a leg of the corridor crosses. It is measured on the
    scenario's land, and so as well as that is drawn.
    """
    legs = list(_legs(scenario))
    if not legs:
        return None
    # A line that crosses a leg is at least as long as both its ends' ways to the legs, so that
    # grounds far away are left out unmeasured.
    along = np.concatenate([np.linspace(*leg, POINTS) for leg in legs])
    near = sorted(
        ((_shortest(ring, along).km, ring) for ring in _grounds(scenario)), key=lambda pair: pair[0]
    )
    best: Gap | None = None
    for (first, one), (second, other) in combinations(near, 2):
        if best is not None and first + second > best.km + SLACK_KM:
            continue
        gap = _shortest(one, other)
        if (best is None or gap.km < best.km) and any(_cross(leg, gap.ends) for leg in legs):
            best = gap
    return best


def _legs(scenario: Scenario) -> Iterator[tuple[Point, Point]]:
    """The corridor's legs, straight from place to place."""
    places = scenario.theatre.places
    for name in scenario.objectives.corridor:
        leg = scenario.theatre.legs[name]
        start, end = (
            (places[one].lon.value, places[one].lat.value) for one in (leg.start, leg.end)
        )
        yield start, end


def _grounds(scenario: Scenario) -> list[Floats]:
    """(points, 2) outlines of the grounds of Red and of neutrals, each apart."""
    others = {name for name, nation in scenario.nations.items() if nation.side != "blue"}
    return [
        ring
        for shape in land_of(scenario).countries
        if shape.id.partition("-")[0] in others
        for ring in shape.rings
    ]


def _shortest(one: Floats, other: Floats) -> Gap:
    """The shortest line between corners of two outlines, by the haversine formula."""
    here, there = np.radians(one)[:, None], np.radians(other)[None]
    lon, lat = (here[..., axis] - there[..., axis] for axis in (0, 1))
    between = np.cos(here[..., 1]) * np.cos(there[..., 1])
    chord = np.sin(lat / 2) ** 2 + between * np.sin(lon / 2) ** 2
    first, second = np.unravel_index(int(chord.argmin()), chord.shape)
    km = 2.0 * EARTH_KM * float(np.arcsin(np.sqrt(chord.min())))
    return Gap(km, (_point(one[first]), _point(other[second])))


def _point(corner: Floats) -> Point:
    return float(corner[0]), float(corner[1])


def _cross(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Whether two lines cross, both taken as straight in degrees."""

    def turns(line: tuple[Point, Point], point: Point) -> float:
        (x1, y1), (x2, y2) = line
        return (x2 - x1) * (point[1] - y1) - (y2 - y1) * (point[0] - x1)

    def parts(line: tuple[Point, Point], ends: tuple[Point, Point]) -> bool:
        return turns(line, ends[0]) * turns(line, ends[1]) < 0

    return parts(one, other) and parts(other, one)
