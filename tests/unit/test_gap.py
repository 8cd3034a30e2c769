"""The gap: as wide as in print, where the corridor's roads cross it, or none."""

from __future__ import annotations

import pytest

from glacis.figures.gap import gap_of
from glacis.scenario.read import read_scenario


def test_the_gap_is_as_wide_as_it_is_said_to_be() -> None:
    scenario = read_scenario("baltic")
    gap = gap_of(scenario)
    assert gap is not None
    assert gap.km == pytest.approx(65.0, abs=1.5)  # hodges-2018, bearak-2016: 65 km
    (west, north), (east, south) = sorted(gap.ends)
    assert west == pytest.approx(22.79, abs=0.1)  # where Kaliningrad, Poland and Lithuania meet
    assert north == pytest.approx(54.36, abs=0.05)
    assert east == pytest.approx(23.50, abs=0.1)  # where Belarus meets both
    assert south == pytest.approx(53.95, abs=0.05)


def test_one_of_its_roads_is_enough_to_find_it() -> None:
    scenario = read_scenario("baltic")
    one = scenario.replace({"objectives.corridor": ["alytus-suwalki"]})
    assert gap_of(one) == gap_of(scenario)


def test_a_road_that_lies_open_leads_through_no_gap() -> None:
    scenario = read_scenario("baltic")
    assert gap_of(scenario.replace({"objectives.corridor": []})) is None
    inland = next(
        name
        for name, leg in scenario.theatre.legs.items()
        if {leg.start, leg.end} == {"suwalki", "augustow"}
    )
    found = gap_of(scenario.replace({"objectives.corridor": [inland]}))
    assert found is None or found.km > 100


def test_a_scenario_without_a_corridor_has_none() -> None:
    assert gap_of(read_scenario("kuwait-1990")) is None
