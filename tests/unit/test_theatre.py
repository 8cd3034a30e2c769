"""The theatre before a shot: driving times by hand, and figures of every bundled scenario."""

from __future__ import annotations

import math
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from glacis.figures.roster import GLYPHS
from glacis.figures.systems import WORDS, glyph_of
from glacis.figures.theatre import (
    Drive,
    band_bounds,
    crossing_km,
    drive,
    forces_chart,
    systems_chart,
    theatre_map,
)
from glacis.scenario.model import Leg, Scenario
from glacis.scenario.read import bundled_names, read_scenario

every_scenario = pytest.mark.parametrize("name", [*bundled_names(), "template"])


def leg(start: str, end: str, km: float, border_km: float | None = None) -> Leg:
    return Leg.model_validate(
        {
            "start": start,
            "end": end,
            "km": km,
            "border_km": border_km,
            "lanes": 2,
            "frontage_km": 3,
            "demolition_hours": 0,
            "fortified_km": 0,
        }
    )


def scenario(*legs: Leg, objectives: tuple[str, ...] = ("c",)) -> Any:
    """Red holds r and s, Blue a, b and c; n is a closed neutral's. 120 km a day is 5 an hour."""
    sides = {"r": "RR", "s": "RR", "a": "BB", "b": "BB", "c": "BB", "n": "NN"}
    return SimpleNamespace(
        nations={
            "RR": SimpleNamespace(side="red", access="open"),
            "BB": SimpleNamespace(side="blue", access="open"),
            "NN": SimpleNamespace(side="neutral", access="closed"),
        },
        theatre=SimpleNamespace(
            places={place: SimpleNamespace(nation=nation) for place, nation in sides.items()},
            legs={f"{i}": each for i, each in enumerate(legs)},
        ),
        campaign=SimpleNamespace(
            movement=SimpleNamespace(unopposed=SimpleNamespace(value=120.0)),
        ),
        objectives=SimpleNamespace(places=objectives),
    )


def test_hours_run_from_the_border_by_the_shortest_road() -> None:
    reach = drive(
        scenario(
            leg("r", "a", 60.0, 10.0),
            leg("a", "c", 100.0),
            leg("b", "s", 40.0, 25.0),  # written towards Red
            leg("b", "c", 45.0),
        )
    )
    assert reach.km == {"a": 50.0, "b": 25.0, "c": 70.0}
    assert reach.hours("c") == pytest.approx(14.0)


def test_closed_ground_is_no_way() -> None:
    reach = drive(scenario(leg("r", "n", 10.0), leg("n", "c", 10.0), leg("r", "s", 5.0)))
    assert reach.km == {}
    assert math.isinf(reach.hours("c"))


def test_a_leg_without_a_crossing_counts_from_reds_end() -> None:
    assert crossing_km(leg("r", "a", 30.0), ("red", "blue")) == 0.0
    assert crossing_km(leg("a", "r", 30.0), ("blue", "red")) == 30.0


def test_hours_along_a_leg_come_from_the_nearer_end() -> None:
    inner = leg("a", "b", 100.0)
    reach = drive(scenario(leg("r", "a", 10.0, 10.0), leg("s", "b", 50.0, 0.0), inner))
    assert reach.along(inner, np.array([0.0, 50.0, 75.0, 100.0])) == pytest.approx(
        [0.0, 10.0, 15.0, 10.0]
    )


@pytest.mark.parametrize(
    "way, at, hours",
    [
        (leg("r", "a", 30.0, 10.0), [5.0, 10.0, 30.0], [math.nan, 0.0, 4.0]),
        (leg("a", "r", 30.0, 20.0), [0.0, 20.0, 25.0], [4.0, 0.0, math.nan]),
    ],
    ids=["from Red", "towards Red"],
)
def test_reds_own_part_of_a_leg_has_no_hours(way: Leg, at: list[float], hours: list[float]) -> None:
    found = drive(scenario(way)).along(way, np.array(at))
    assert found == pytest.approx(hours, nan_ok=True)


def test_bands_are_round_and_take_in_every_objective() -> None:
    def bounds(hours: float) -> list[float]:
        reach = Drive(scenario(), {"c": "blue"}, {"c": 5.0 * hours})
        return band_bounds(reach).tolist()

    assert bounds(5.9) == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    assert bounds(56.0)[-1] == 72.0
    assert band_bounds(Drive(scenario(), {}, {})).tolist()[0] == 1.0


def png(figure: Any) -> bytes:
    file = BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()


def words(figure: Any) -> str:
    import matplotlib.text

    return "\n".join(text.get_text() for text in figure.findobj(matplotlib.text.Text))


@every_scenario
def test_the_theatre_map_names_every_objective(name: str) -> None:
    given = read_scenario(name)
    figure = theatre_map(given)
    told = words(figure)
    for place in given.objectives.places:
        assert given.theatre.places[place].name in told
    assert "not a forecast" in told
    assert ("Natural Earth" in told) == (name != "template")  # an invented country at sea
    assert "A\u2009N\u2009T\u2009A" not in told


@every_scenario
def test_the_forces_chart_counts_every_battalion(name: str) -> None:
    given = read_scenario(name)
    told = words(forces_chart(given))
    red, blue = (
        [one for one in forces.values() if one.type in given.types]
        for forces in (given.forces.red, given.forces.blue)
    )
    assert f"{len(red)} Red battalions" in told
    for nation in {formation.nation for formation in blue}:
        assert given.nations[nation].name.partition(" (")[0] in told.replace("\n", " ")


@every_scenario
def test_the_systems_chart_counts_what_is_no_battalion(name: str) -> None:
    given = read_scenario(name)
    figure = systems_chart(given)
    told = words(figure)
    red, blue = (
        [one for one in forces.values() if one.type in given.systems]
        for forces in (given.forces.red, given.forces.blue)
    )
    if not red and not blue:
        assert "No squadrons, batteries or ships" in told
        return
    late = sum(one.joins == "reinforced" for one in blue)
    assert f"Red has {len(red)} squadrons, batteries and ships; Blue {len(blue) - late}" in told
    frames = sum(
        patch.get_width() < 1 for patch in figure.axes[0].patches if hasattr(patch, "get_width")
    )
    shown = {glyph_of(given.systems[one.type]) for one in (*red, *blue)}
    assert frames == len(red) + len(blue) + len(shown) + (late > 0)
    assert all(WORDS[glyph] in told for glyph in shown)


@every_scenario
def test_every_symbol_of_a_scenario_has_its_glyph(name: str) -> None:
    given = read_scenario(name)
    symbols = {kind.symbol for kind in given.types.values()}
    symbols |= {glyph_of(system) for system in given.systems.values()}
    assert symbols <= set(GLYPHS)


def test_aircraft_are_counted_at_their_strength() -> None:
    given = read_scenario("kuwait-1990")
    aircraft = sum(
        number.value * one.strength.value
        for one in given.forces.red.values()
        if one.type in given.systems and (number := given.systems[one.type].aircraft) is not None
    )
    assert f"\n{aircraft:,.0f}\n" in f"\n{words(systems_chart(given))}\n"


def test_the_same_scenario_gives_the_same_picture() -> None:
    given: Scenario = read_scenario("template")
    assert png(theatre_map(given)) == png(theatre_map(given))
    assert png(forces_chart(given)) == png(forces_chart(given))
    fought: Scenario = read_scenario("kuwait-1990")
    assert png(systems_chart(fought)) == png(systems_chart(fought))
