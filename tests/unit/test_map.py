"""The map: a projection that keeps shapes, lines drawn once, labels that give way."""

from __future__ import annotations

import itertools
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glacis.figures import theme
from glacis.figures.labels import Label, Placer, scale_bar
from glacis.figures.map import EARTH_KM, Conic, base_map, edges, in_sight, land_credit, shape_of
from glacis.scenario.land import Land, Shape, land_for, read_land

BALTIC = (20.0, 53.0, 30.0, 60.0)
CONIC = Conic.over(BALTIC)
lons, lats = st.floats(15.0, 35.0), st.floats(50.0, 62.0)


def baltic() -> Land:
    return read_land(Path(str(files("glacis"))) / "scenarios" / "baltic")


def steps(conic: Conic, lon: float, lat: float) -> tuple[np.ndarray, np.ndarray]:
    """Kilometres on the map for one kilometre east and one north."""
    by = 1e-4
    x, y = conic.project(np.array([lon, lon + by, lon]), np.array([lat, lat, lat + by]))
    km = np.radians(by) * EARTH_KM
    east = np.array([x[1] - x[0], y[1] - y[0]]) / (km * np.cos(np.radians(lat)))
    return east, np.array([x[2] - x[0], y[2] - y[0]]) / km


def test_the_origin_is_the_middle() -> None:
    assert CONIC.project(25.0, 56.5) == pytest.approx((0.0, 0.0))


@given(lons, lats)
def test_shapes_are_kept(lon: float, lat: float) -> None:
    east, north = steps(CONIC, lon, lat)
    assert np.hypot(*east) == pytest.approx(np.hypot(*north), rel=1e-4)
    assert east @ north == pytest.approx(0.0, abs=1e-4)


@pytest.mark.parametrize("lat", [CONIC.south, CONIC.north])
def test_the_parallels_are_true_to_scale(lat: float) -> None:
    east, _ = steps(CONIC, 22.0, lat)
    assert np.hypot(*east) == pytest.approx(1.0, rel=1e-5)


def test_snyders_worked_example_on_the_sphere() -> None:
    # Snyder 1987, numerical examples: parallels 33 and 45, origin 23 N 96 W, point 35 N 75 W,
    # unit sphere: x = 0.2966785, y = 0.2462112.
    x, y = Conic(-96.0, 23.0, 33.0, 45.0).project(-75.0, 35.0)
    assert x / EARTH_KM == pytest.approx(0.2966785, abs=1e-7)
    assert y / EARTH_KM == pytest.approx(0.2462112, abs=1e-7)


@given(st.floats(-60.0, 50.0), st.floats(1.0, 20.0))
def test_any_box_can_be_projected(south: float, height: float) -> None:
    x, y = Conic.over((10.0, south, 20.0, south + height)).project(15.0, south + height / 2)
    assert (x, y) == pytest.approx((0.0, 0.0), abs=1e-6 * EARTH_KM)


def test_a_shared_edge_is_border_and_drawn_once() -> None:
    west = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, 0.0], [0.0, 0.0]])
    shapes = (Shape("A", "A", (west,)), Shape("B", "B", (west + np.array([1.0, 0.0]),)))
    coast, borders = edges(Land("test", (0.0, -1.0, 9.0, 9.0), shapes))
    (border,) = borders
    assert sorted(border.tolist()) == [[1.0, 0.0], [1.0, 1.0]]
    length = sum(float(np.abs(np.diff(line, axis=0)).sum()) for line in coast)
    assert length == pytest.approx(5.0), "six outer sides, less the one on the map's edge"


def test_the_baltic_has_both() -> None:
    coast, borders = edges(baltic())
    assert len(borders) > 8
    assert sum(map(len, coast)) > sum(map(len, borders))


def test_the_map_fills_its_axes_and_shows_all_of_the_extent() -> None:
    land = baltic()
    fig = theme.new_figure(4.0, 4.0)
    ax = fig.add_axes((0.0, 0.0, 1.0, 1.0))
    conic = base_map(land, BALTIC, ax=ax, fills={"RU": theme.LAND_RED})
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    for lon, lat in itertools.product(BALTIC[::2], BALTIC[1::2]):
        x, y = conic.project(lon, lat)
        assert left <= x <= right
        assert bottom <= y <= top
    assert (right - left) / (top - bottom) == pytest.approx(shape_of(conic, BALTIC, edge=land.box))


def test_ground_beyond_the_data_stays_out_of_sight() -> None:
    land = baltic()
    fig = theme.new_figure(4.0, 4.0)
    ax = fig.add_axes((0.0, 0.0, 1.0, 1.0))
    conic = base_map(land, (10.0, 45.0, 40.0, 65.0), ax=ax)
    west, south, east, north = land.box
    x, y = conic.project(np.array([west, east, 25.0, 25.0]), np.array([56.0, 56.0, south, north]))
    assert ax.get_xlim()[0] >= x[0]
    assert ax.get_xlim()[1] <= x[1]
    assert ax.get_ylim()[0] >= y[2]
    assert ax.get_ylim()[1] <= y[3] + 1e-6


def test_the_world_can_be_drawn(tmp_path: Path) -> None:
    fig = theme.new_figure(4.0, 3.0)
    ax = fig.add_axes((0.0, 0.0, 1.0, 1.0))
    base_map(land_for(tmp_path), (-10.0, 35.0, 40.0, 60.0), ax=ax)
    fig.savefig(tmp_path / "world.png")


def test_only_land_in_the_frame_is_in_sight(tmp_path: Path) -> None:
    world = land_for(tmp_path)
    seen = {shape.id for shape in in_sight(world, (21.0, 54.0, 28.0, 60.0)).countries}
    assert {"EE", "LV", "LT", "RU"} <= seen
    assert not seen & {"AQ", "GB", "US"}
    inland = in_sight(world, (100.0, 60.0, 101.0, 61.0))  # all of the frame in one country
    assert [shape.id for shape in inland.countries] == ["RU"]
    assert land_credit(inland).startswith("Land: Natural Earth")
    sea = in_sight(world, (-31.0, 44.0, -27.0, 46.0))
    assert not sea.countries
    assert land_credit(sea) == ""
    fig = theme.new_figure(4.0, 3.0)
    base_map(sea, (-31.0, 44.0, -27.0, 46.0), ax=fig.add_axes((0.0, 0.0, 1.0, 1.0)))
    fig.savefig(tmp_path / "sea.png")


def placer() -> Placer:
    ax = theme.new_figure(4.0, 4.0).add_axes((0.0, 0.0, 1.0, 1.0))
    ax.set_xlim(0.0, 100.0)
    ax.set_ylim(0.0, 100.0)
    return Placer(ax)


def test_labels_do_not_cover_each_other() -> None:
    placing = placer()
    texts = placing.write(Label("a town", x, y) for x in range(5, 100, 9) for y in range(5, 100, 9))
    boxes = [text.get_window_extent() for text in texts]
    assert 20 < len(texts) < 121, "some have to give way"
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))


def test_what_must_be_written_is_written_first() -> None:
    placing = placer()
    labels = [Label(f"town {i}", 50.0, 50.0, rank=i, must=i == 0) for i in range(30)]
    texts = [text.get_text() for text in placing.write(reversed(labels))]
    assert texts[0] == "town 0"
    assert 1 < len(texts) < 30


def test_markers_are_kept_free() -> None:
    placing = placer()
    placing.keep_free(60.0, 50.0, radius=12.0)
    (text,) = placing.write([Label("a town", 50.0, 50.0)])
    assert not any(box.overlaps(text.get_window_extent()) for box in placing.taken[:1])


def test_a_country_is_named_inside_or_not_at_all() -> None:
    placing = placer()
    room = np.array([[10.0, 10.0], [10.0, 90.0], [60.0, 90.0], [60.0, 10.0], [10.0, 10.0]])
    text = placing.write_across("Utopia", [room])
    assert text is not None
    box = text.get_window_extent().transformed(placing.ax.transData.inverted())
    assert 10.0 < box.x0 < box.x1 < 60.0
    assert placing.write_across("Utopia", [room / 20.0]) is None


def test_the_scale_bar_is_round() -> None:
    placing = placer()
    bar = scale_bar(placing.ax)
    assert bar[1, 0] - bar[0, 0] == pytest.approx(20.0)
