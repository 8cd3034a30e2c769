"""Figures of the arms: small multiples, the front, arrivals, munitions; right, and readable."""

from __future__ import annotations

import itertools
from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import xarray as xr

import glacis
from glacis.campaign.lift import REASONS
from glacis.campaign.record import Campaign
from glacis.campaign.replay import Replay
from glacis.errors import InputError
from glacis.figures import theme
from glacis.figures.arrivals import FILLS, STROKES, arrived, kept_by
from glacis.figures.campaign import (
    arms_over_time,
    arrivals_chart,
    front_over_time,
    munitions_chart,
)
from glacis.figures.front import Axis, axes_of, foremost, held, held_km
from glacis.figures.timeline import spread
from glacis.figures.words import CAVEAT
from glacis.scenario.model import Scenario
from glacis.scenario.read import bundled_names, read_scenario
from legible import texts

POSTURES = ("tripwire", "forward")
CASES = (
    ("baltic", "tripwire", 30.0),
    ("baltic", "forward", 180.0),
    ("baltic-2016", "tripwire", 30.0),
    ("kuwait-1990", None, 30.0),
    ("georgia-2008", None, 30.0),
    ("template", "tripwire", 30.0),
)


@pytest.fixture(scope="module")
def baltic() -> Scenario:
    return read_scenario("baltic")


@pytest.fixture(scope="module")
def logs() -> dict[tuple[str, float], Replay]:
    return {
        (name, days): glacis.replay(read_scenario(name), posture, days=days, world=4)
        for name, posture, days in CASES
    }


@pytest.fixture(scope="module")
def played(baltic: Scenario) -> dict[str, Campaign]:
    return {
        posture: glacis.run_campaign(baltic, posture, runs=40, seed=2, days=60)
        for posture in POSTURES
    }


@pytest.fixture(scope="module")
def log(logs: dict[tuple[str, float], Replay]) -> Replay:
    return logs["baltic", 180.0]


def words(figure: Any) -> str:
    return "\n".join(text.get_text() for text in texts(figure))


def overflow(figure: Any) -> list[str]:
    """Words that leave the sheet."""
    found = []
    for text in texts(figure):
        box = text.get_window_extent()
        if box.x0 < -1 or box.y0 < -1 or box.x1 > figure.bbox.x1 + 1 or box.y1 > figure.bbox.y1 + 1:
            found.append(text.get_text())
    return found


def collisions(figure: Any) -> list[tuple[str, str]]:
    """Pairs of words that lie on each other."""
    boxes = [(text.get_text(), text.get_window_extent().padded(-2.0)) for text in texts(figure)]
    return [
        (one, other)
        for (one, a), (other, b) in itertools.combinations(boxes, 2)
        if min(a.x1, b.x1) > max(a.x0, b.x0) and min(a.y1, b.y1) > max(a.y0, b.y0)
    ]


def png(figure: Any) -> bytes:
    file = BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()


every_case = pytest.mark.parametrize("name, days", [(name, days) for name, _, days in CASES])


@every_case
def test_figures_of_a_run_can_be_read(
    logs: dict[tuple[str, float], Replay], name: str, days: float
) -> None:
    run = logs[name, days]
    figures = [front_over_time(run)]
    if run.dataset.attrs["arms"]:
        figures.append(arms_over_time(run))
    for figure in figures:
        assert not overflow(figure)
        assert not collisions(figure)
        told = words(figure)
        assert CAVEAT in told
        assert f"day {days:g}" in told
        assert run.scenario.title in told
        assert f"World {run.dataset.attrs['world']}" in told


def lines_of(figure: Any, title: str) -> list[Any]:
    """The courses drawn in the panel of a title."""
    (ax,) = [
        ax for ax in figure.axes if any(text.get_text().startswith(title) for text in ax.texts)
    ]
    return [line for line in ax.lines if len(line.get_xdata()) > 9]


def test_each_panel_draws_what_the_run_holds(log: Replay) -> None:
    figure = arms_over_time(log)
    for title, name in (
        ("Control of the air", "air_control"),
        ("Aircraft", "aircraft"),
        ("Battalions destroyed", "air_kills"),
        ("Air defence", "air_defence"),
    ):
        lines = lines_of(figure, title)
        assert [line.get_color() for line in lines] == [theme.BLUE, theme.RED]
        assert len({line.get_linestyle() for line in lines}) == 2  # colour is never alone
        for line, side in zip(lines, ("blue", "red"), strict=True):
            course = log.dataset[name].sel(belligerent=side).to_numpy()
            assert np.allclose(line.get_ydata(), course)
            assert line.get_drawstyle() == "steps-pre"
    rounds = log.dataset["rounds"].to_numpy()
    shares = np.array([line.get_ydata() for line in lines_of(figure, "Munitions left")]).T
    left = rounds / rounds[0]
    far = (np.abs(left - 1.0) > 0.1).any(axis=0)
    assert 0 < far.sum() < len(far)
    assert np.allclose(shares, left[:, far])
    told = words(figure).replace("\n", " ")
    assert "within 10\u00a0% of their start" in told
    for name, side in zip(
        log.dataset["munitions_class"].to_numpy(),
        log.dataset["munitions_side"].to_numpy(),
        strict=True,
    ):
        own = getattr(log.scenario.arsenals, str(side))[str(name)].name
        assert own.partition(" (")[0] in told


def test_ports_and_bases_have_a_strip_each(log: Replay) -> None:
    told = words(arms_over_time(log))
    places, swept = log.scenario.theatre.places, log.dataset["swept"]
    for place in swept["place"].to_numpy()[~swept[0].to_numpy()]:
        assert places[str(place)].name in told
    assert "open from day" in told or "never open" in told
    worst = float(log.dataset["damage"].max())
    assert f"at worst {100 * worst:.0f}\u00a0% out" in told
    count = int((log.dataset["damage"].max("hour") > 0.1).sum())
    assert (f"the 6 worst of {count}" if count > 6 else f"all {count}") in told
    assert "black: all is out of use" in told


def test_what_a_side_does_not_have_is_left_out(log: Replay) -> None:
    systems = log.scenario.systems
    red = {
        name: one
        for name, one in log.scenario.forces.red.items()
        if one.type not in systems or systems[one.type].arm != "air-defence"
    }
    forces = log.scenario.forces.model_copy(update={"red": red})
    without = replace(log, scenario=log.scenario.model_copy(update={"forces": forces}))
    lines = lines_of(arms_over_time(without), "Air defence")
    assert [line.get_color() for line in lines] == [theme.BLUE]
    none = log.dataset.assign(aircraft=0.0 * log.dataset["aircraft"])
    told = words(arms_over_time(replace(log, dataset=none)))
    assert "Aircraft in the theatre" not in told
    assert "Control of the air" not in told


def test_what_the_run_turned_on_is_named(log: Replay) -> None:
    kinds = {event.kind for event in log.events}
    for figure in (arms_over_time(log), front_over_time(log)):
        told = words(figure)
        assert ("the council decides" in told) == ("decision" in kinds)
        assert ("counter-offensive" in told) == ("launched" in kinds)


def test_a_run_without_arms_is_refused(logs: dict[tuple[str, float], Replay]) -> None:
    with pytest.raises(InputError, match="template: no arms"):
        arms_over_time(logs["template", 30.0])


def test_the_same_run_gives_the_same_picture(log: Replay) -> None:
    assert png(arms_over_time(log)) == png(arms_over_time(log))
    assert png(front_over_time(log)) == png(front_over_time(log))


@pytest.mark.parametrize("name", [*bundled_names(), "template"])
def test_axes_run_from_the_border_along_red_roads(name: str) -> None:
    given = read_scenario(name)
    for option in given.options:
        axes = axes_of(given, option)
        assert axes
        assert len({axis.places for axis in axes}) == len(axes)
        for axis in axes:
            assert list(axis.km) == sorted(axis.km)
            assert axis.km[0] > 0.0
            assert axis.edges[0] == 0.0
            assert axis.edges[-1] == axis.length == axis.km[-1]
            stops = [(leg.start, leg.end) for leg in map(given.theatre.legs.get, axis.legs) if leg]
            assert len(stops) == len(axis.places)
            for (start, end), place in zip(stops, axis.places, strict=True):
                assert place in (start, end)


def test_an_axis_measures_from_the_border(baltic: Scenario) -> None:
    axis = next(one for one in axes_of(baltic, "assault") if one.places[0] == "narva")
    legs = baltic.theatre.legs.values()

    def leg(*ends: str) -> Any:
        return next(leg for leg in legs if {leg.start, leg.end} == set(ends))

    first = leg("ivangorod", "narva")
    assert first.border_km is not None
    beyond = first.km.value - first.border_km.value
    if first.start == "narva":
        beyond = first.border_km.value
    assert axis.km[0] == pytest.approx(beyond)
    assert axis.km[1] == pytest.approx(beyond + leg("narva", "tapa").km.value)


def test_the_foremost_battalion_is_the_one_farthest_from_the_border(log: Replay) -> None:
    for axis in axes_of(log.scenario, "assault"):
        far = foremost(log, axis)
        ends = dict(zip(axis.places, axis.km, strict=True))
        red = log.dataset.sel(formation=log.dataset["side"] == "red")
        at, alive = red["at"].to_numpy(), red["status"].to_numpy() != 4
        alive &= red["status"].to_numpy() != 0
        for t in range(0, len(far), 7):
            standing = [ends[p] for p in at[t, alive[t]] if p in ends]
            if standing:
                assert far[t] >= max(standing) - 1e-9
        assert not (far > axis.length + 1e-9).any()
        assert not (far < 0.0).any()


def test_the_foremost_of_a_few_is_found_on_places_and_roads(log: Replay) -> None:
    """Of three Red battalions, two frames: at b and on the road to c; then behind the border."""
    axis = Axis("", ("b", "c"), (10.0, 50.0), {"first": (-5.0, 10.0), "back": (50.0, 10.0)})
    nan = np.nan
    dataset = xr.Dataset(
        {
            "at": (("hour", "formation"), [["b", "back", "c", "c"], ["first", "a", "c", "c"]]),
            "km": (("hour", "formation"), [[nan, 12.0, nan, nan], [3.0, nan, nan, nan]]),
            "status": (
                ("hour", "formation"),
                [[2, 1, 4, 2], [1, 2, 4, 2]],
                {"meanings": ["waiting", "moving", "in place", "spent", "destroyed"]},
            ),
        },
        coords={"side": ("formation", ["red", "red", "red", "blue"])},
    )
    far = foremost(Replay(log.scenario, dataset, ()), axis)
    assert far[0] == pytest.approx(38.0)  # 12 km from c, which is where the leg begins
    assert np.isnan(far[1])


def test_held_ground_is_that_of_the_places_held(log: Replay) -> None:
    axis = axes_of(log.scenario, "assault")[0]
    is_held, km = held(log, axis), held_km(log, axis)
    assert is_held.any()
    assert np.array_equal(km == 0.0, ~is_held.any(axis=1))
    assert (km <= axis.length + 1e-9).all()
    one = Axis("", ("a", "b", "c"), (10.0, 30.0, 80.0), {})
    assert one.edges.tolist() == [0.0, 20.0, 55.0, 80.0]


def test_arrivals_have_a_line_and_a_bar_for_each_posture(played: dict[str, Campaign]) -> None:
    figure = arrivals_chart(played)
    told = words(figure)
    left, right = figure.axes[:2]
    medians = [line for line in left.lines if line.get_linewidth() == 2.0]
    assert len({(line.get_color(), str(line.get_linestyle())) for line in medians}) == len(played)
    for line, (posture, one) in zip(medians, played.items(), strict=True):
        counts = arrived(one)[1]
        assert np.array_equal(line.get_ydata(), counts[:, 1])
        by_30 = (one.dataset["arrival"] <= 720.0).sum("formation")
        assert counts[30, 1] == np.median(by_30)
        assert f"{posture} {counts[-1, 1]:.0f}" in told
    widths = sum(patch.get_width() for patch in right.patches)
    assert widths == pytest.approx(sum(sum(kept_by(one)) for one in played.values()), abs=0.3)
    for i, reason in enumerate(REASONS):
        if any(kept_by(one)[i] >= 0.05 for one in played.values()):
            assert (reason if i else "at its post") in told
    assert "band" in told
    assert "median of the runs" in told
    assert "they are means" in told
    assert not overflow(figure)
    assert not collisions(figure)


def test_what_keeps_them_adds_up_to_all_of_them(played: dict[str, Campaign]) -> None:
    for one in played.values():
        assert sum(kept_by(one)) == pytest.approx(one.dataset.sizes["formation"])


def test_every_reason_has_a_look_of_its_own() -> None:
    assert len(FILLS) == len(REASONS)
    assert len(set(FILLS)) == len(FILLS)
    assert len(set(STROKES)) == len(STROKES)
    sides = {theme.RED, theme.BLUE}
    assert not sides & {colour for colour, _ in (*FILLS, *STROKES)}
    for colour, _ in STROKES:
        assert theme.contrast(colour, theme.PAPER) >= theme.LEAST_CONTRAST


def test_nobody_to_come_is_refused() -> None:
    kuwait = glacis.run_campaign(read_scenario("kuwait-1990"), runs=3)
    with pytest.raises(InputError, match="no battalion joins"):
        arrivals_chart({"actual": kuwait})
    with pytest.raises(InputError, match="no arsenals"):
        munitions_chart(kuwait)


def test_munitions_show_how_many_runs_still_have_them(played: dict[str, Campaign]) -> None:
    one = played["forward"]
    run_out = np.full_like(one.record.run_out, np.inf)
    run_out[:10, 0] = 24.0 * 20.0  # a quarter of the runs, on day 20
    figure = munitions_chart(replace(one, record=one.record._replace(run_out=run_out)))
    told = words(figure)
    assert "out in 25\u00a0% of runs,\non day 20 at the median" in told
    assert told.count("in no run by day 60") == len(one.munitions) - 1
    (ax,) = figure.axes
    curves = [line.get_ydata() for line in ax.lines if len(line.get_xdata()) > 9]
    fallen = [curve for curve in curves if curve[0] != curve[-1]]
    assert len(curves) == len(one.munitions)
    (curve,) = fallen
    base = curve[0] + 0.52 * 0.72
    shares = (base - curve) / (0.52 * 0.72)
    assert shares[19] == pytest.approx(1.0)
    assert shares[20] == pytest.approx(0.75)
    assert not overflow(figure)
    assert not collisions(figure)


def test_words_for_values_keep_apart_and_stay_near() -> None:
    assert spread([0.5], 0.1, low=0.0, high=1.0) == [0.5]
    assert spread([0.2, 0.8], 0.1, low=0.0, high=1.0) == pytest.approx([0.2, 0.8])
    crowded = spread([1.0, 1.0, 0.99, 0.0], 0.1, low=0.0, high=1.0)
    ordered = np.sort(crowded)
    assert (np.diff(ordered) >= 0.1 - 1e-9).all()
    assert ordered[-1] <= 1.0 + 1e-9
    assert min(crowded) == crowded[3] == pytest.approx(0.0)
