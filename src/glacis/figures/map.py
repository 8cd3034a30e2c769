"""The map under every figure: a conformal projection, land and water, coast and borders."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from glacis.figures import theme
from glacis.scenario.land import Box, Land, Shape

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]

EARTH_KM = 6371.0088
SPARE = 10.0  # degrees around an extent that its map may show in its corners


@dataclass(frozen=True)
class Conic:
    """Lambert's conformal conic on the sphere: degrees to kilometres, shapes kept.

    Source: snyder-1987.

    Attributes
    ----------
    lon, lat
        Degrees of the origin, where x and y are 0.
    south, north
        Degrees of the two parallels that are true to scale.
    """

    lon: float
    lat: float
    south: float
    north: float

    @classmethod
    def over(cls, extent: Box) -> Conic:
        """The projection that suits a box: its parallels a sixth in from either edge."""
        west, south, east, north = extent
        inset = (north - south) / 6
        parallels = south + inset, north - inset
        if abs(sum(parallels)) < 0.1:  # as good as symmetrical about the equator: no cone
            parallels = parallels[0] + 0.1, parallels[1] + 0.1
        return cls((west + east) / 2, (south + north) / 2, *parallels)

    def project(self, lon: Floats | float, lat: Floats | float) -> tuple[Floats, Floats]:
        """Kilometres east and north of the origin."""
        n = self._cone
        scale = EARTH_KM * math.cos(math.radians(self.south)) * _stretch(self.south) ** n / n
        rho = scale / _stretch(np.clip(lat, -89.5, 89.5)) ** n
        theta = n * np.radians(np.asarray(lon) - self.lon)
        origin = scale / _stretch(self.lat) ** n
        return rho * np.sin(theta), origin - rho * np.cos(theta)

    @property
    def _cone(self) -> float:
        """Snyder's n, the sine of the parallel of contact where the two are one."""
        low, high = math.radians(self.south), math.radians(self.north)
        if math.isclose(low, high):
            return math.sin(low)
        ratio = math.log(float(_stretch(self.north) / _stretch(self.south)))
        return math.log(math.cos(low) / math.cos(high)) / ratio


def _stretch(lat: Floats | float) -> Floats:
    """tan(45 degrees + half the latitude)."""
    return np.tan(np.pi / 4 + np.radians(lat) / 2)


def base_map(land: Land, extent: Box, *, ax: Axes, fills: Mapping[str, str] | None = None) -> Conic:
    """Draws water, land, rivers, lakes, coast and borders, and fits the axes to the extent.

    Parameters
    ----------
    land
        What to draw.
    extent
        West, south, east, north in degrees, all of which will be seen.
    ax
        Where to draw; its limits are set, in kilometres.
    fills
        Country id to colour; the rest is plain land. ``RU-KGD`` takes the colour of ``RU``
        unless it has its own.

    Returns
    -------
    Conic
        The projection, to place things on the map.
    """
    conic = Conic.over(extent)
    frame(ax, conic, extent=extent, edge=land.box)
    ax.set_facecolor(theme.WATER if land.countries else theme.LAND)  # an invented country
    for shape in land.countries:
        colour = _fill(shape, fills or {})
        _areas(ax, _projected(conic, shape.rings), fill=colour, edge=colour, order=1.0)
    coast, borders = edges(land)
    rivers = [line for shape in land.rivers for line in shape.rings]
    lakes = [ring for shape in land.lakes for ring in shape.rings]
    _strokes(ax, _projected(conic, rivers), colour=theme.COAST, width=0.7, order=1.1)
    _areas(ax, _projected(conic, lakes), fill=theme.WATER, edge=theme.COAST, order=1.2)
    _strokes(ax, _projected(conic, coast), colour=theme.COAST, width=0.6, order=1.3)
    _strokes(ax, _projected(conic, borders), colour=theme.BORDER, width=0.8, order=1.4)
    return conic


def in_sight(land: Land, extent: Box) -> Land:
    """The land with only what of its countries reaches into the map of an extent."""
    from matplotlib.path import Path
    from matplotlib.transforms import Bbox

    conic, (west, south, east, north) = Conic.over(extent), extent
    view = Bbox.from_extents(*_bounds(conic, extent))
    # In degrees first, with room to spare: a conic map turns far land inside out.
    around = Bbox.from_extents(west - SPARE, south - SPARE, east + SPARE, north + SPARE)

    def is_seen(ring: Floats) -> bool:
        return bool(
            Path(ring).intersects_bbox(around)
            and Path(np.column_stack(conic.project(*ring.T))).intersects_bbox(view)
        )

    shapes = []
    for shape in land.shapes:
        rings = tuple(ring for ring in shape.rings if is_seen(ring))
        if shape.kind != "land":
            shapes.append(shape)
        elif rings:
            shapes.append(replace(shape, rings=rings))
    return replace(land, shapes=tuple(shapes))


def land_credit(land: Land) -> str:
    """Where the land comes from, for the foot of a map; nothing where none is in sight."""
    return f"Land: {land.source.partition(';')[0]}." if land.countries else ""


def edges(land: Land) -> tuple[list[Floats], list[Floats]]:
    """Coast and borders as lines: what two countries share is border, the map's edge is neither."""
    rings = [ring for shape in land.countries for ring in shape.rings]
    if not rings:
        return [], []
    ends = np.concatenate([np.hstack([ring[:-1], ring[1:]]) for ring in rings])
    grid = np.rint(ends * 1e4).astype(np.int64)
    turned = grid[:, [2, 3, 0, 1]]
    backwards = (grid[:, 0] > grid[:, 2]) | ((grid[:, 0] == grid[:, 2]) & (grid[:, 1] > grid[:, 3]))
    keys = np.where(backwards[:, None], turned, grid)
    _, first, same, counts = np.unique(
        keys, axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    shared = counts[same.ravel()] > 1
    once = np.zeros(len(ends), dtype=bool)
    once[first] = True
    outer = _on_edge(ends, land.box)
    lengths = np.cumsum([len(ring) - 1 for ring in rings])[:-1]
    coast, borders = ~shared & ~outer, shared & once & ~outer
    return _runs(rings, np.split(coast, lengths)), _runs(rings, np.split(borders, lengths))


def _on_edge(ends: Floats, box: Box) -> NDArray[np.bool_]:
    """Whether each segment (lon, lat, lon, lat) runs along the edge of a box."""
    near = 1e-6
    sides = [(ends[:, i] - box[i % 2], ends[:, i] - box[2 + i % 2]) for i in range(4)]
    at = [(np.abs(low) < near, np.abs(high) < near) for low, high in sides]
    return (
        (at[0][0] & at[2][0])
        | (at[0][1] & at[2][1])
        | (at[1][0] & at[3][0])
        | (at[1][1] & at[3][1])
    )


def _runs(rings: Sequence[Floats], chosen: Sequence[NDArray[np.bool_]]) -> list[Floats]:
    """The lines that chosen segments of rings make, joined where they follow each other."""
    lines = []
    for ring, mask in zip(rings, chosen, strict=True):
        steps = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
        lines += [ring[start : stop + 1] for start, stop in steps.reshape(-1, 2)]
    return lines


def _areas(ax: Axes, rings: list[Floats], *, fill: str, edge: str, order: float) -> None:
    from matplotlib.collections import PolyCollection

    patches = PolyCollection(rings, facecolors=fill, edgecolors=edge, linewidths=0.5, zorder=order)
    ax.add_collection(patches, autolim=False)


def _strokes(ax: Axes, lines: list[Floats], *, colour: str, width: float, order: float) -> None:
    from matplotlib.collections import LineCollection

    strokes = LineCollection(
        lines, colors=colour, linewidths=width, zorder=order, capstyle="round", joinstyle="round"
    )
    ax.add_collection(strokes, autolim=False)


def frame(ax: Axes, conic: Conic, *, extent: Box, edge: Box) -> None:
    """Fits axes to an extent, without showing ground beyond the edge of the data."""
    theme.bare(ax)
    ax.set_aspect("equal", adjustable="box")
    left, bottom, right, top = _bounds(conic, extent)
    inner = _inside(conic, edge)
    ax.set_xlim(max(left, inner[0]), min(right, inner[2]))
    ax.set_ylim(max(bottom, inner[1]), min(top, inner[3]))


def shape_of(conic: Conic, extent: Box, *, edge: Box) -> float:
    """Width over height of the map that `frame` will show."""
    outer, inner = _bounds(conic, extent), _inside(conic, edge)
    width = min(outer[2], inner[2]) - max(outer[0], inner[0])
    return width / (min(outer[3], inner[3]) - max(outer[1], inner[1]))


def _sides(conic: Conic, box: Box) -> tuple[Floats, Floats, Floats, Floats]:
    """The projected west, south, east and north sides of a box, each (2, points)."""
    west, south, east, north = box
    lon, lat = np.linspace(west, east, 61), np.linspace(south, north, 61)  # odd: middle included
    return (
        np.array(conic.project(np.full(61, west), lat)),
        np.array(conic.project(lon, np.full(61, south))),
        np.array(conic.project(np.full(61, east), lat)),
        np.array(conic.project(lon, np.full(61, north))),
    )


def _bounds(conic: Conic, box: Box) -> Box:
    every = np.concatenate(_sides(conic, box), axis=1)
    (left, bottom), (right, top) = every.min(axis=1), every.max(axis=1)
    return float(left), float(bottom), float(right), float(top)


def _inside(conic: Conic, box: Box) -> Box:
    """A rectangle that stays inside the projected box; none for the whole world."""
    if box[2] - box[0] >= 360.0:
        return (-math.inf, -math.inf, math.inf, math.inf)
    west, south, east, north = _sides(conic, box)
    return (
        float(west[0].max()),
        float(south[1].max()),
        float(east[0].min()),
        float(north[1].min()),
    )


def _fill(shape: Shape, fills: Mapping[str, str]) -> str:
    return fills.get(shape.id) or fills.get(shape.id.partition("-")[0]) or theme.LAND


def _projected(conic: Conic, lines: Iterable[Floats]) -> list[Floats]:
    return [np.column_stack(conic.project(line[:, 0], line[:, 1])) for line in lines]
