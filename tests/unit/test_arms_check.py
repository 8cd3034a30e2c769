"""What must hold of systems, lanes and ways of coming; each told with its place and a repair."""

from __future__ import annotations

import pytest

from glacis.errors import ScenarioError
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario


@pytest.fixture(scope="module")
def baltic() -> Scenario:
    return read_scenario("baltic")


def by_way(scenario: Scenario, way: str) -> str:
    """A Blue formation that comes so."""
    return next(name for name, one in scenario.forces.blue.items() if one.comes_by == way)


def of_arm(scenario: Scenario, arm: str) -> str:
    """A Red formation of this arm."""
    systems = scenario.systems
    return next(
        name
        for name, one in scenario.forces.red.items()
        if one.type in systems and systems[one.type].arm == arm
    )


def problems(scenario: Scenario, changes: dict[str, object]) -> dict[str, tuple[str, str]]:
    """Code and repair of each problem that changes make, by its path."""
    with pytest.raises(ScenarioError) as caught:
        scenario.replace(changes)
    return {found.path: (found.code, found.repair) for found in caught.value.problems}


def test_a_system_has_the_numbers_of_its_arm(baltic: Scenario) -> None:
    found = problems(baltic, {"systems.multirole-fighter.air_combat": None})
    code, repair = found["systems.multirole-fighter.air_combat"]
    assert (code, repair) == ("missing-key", "add it")


def test_systems_and_battalion_types_have_names_of_their_own(baltic: Scenario) -> None:
    fighter = {"arm": "artillery", "guns": 1, "source": "elicited", "confidence": "low"}
    found = problems(baltic, {f"systems.{next(iter(baltic.types))}": fighter})
    assert ("duplicate-id", "rename one") in found.values()


def test_a_lane_ends_at_a_port(baltic: Scenario) -> None:
    name, lane = next(iter(baltic.theatre.lanes.items()))
    found = problems(baltic, {f"theatre.places.{lane.end}.port": None})
    code, repair = found[f"theatre.lanes.{name}.to"]
    assert code == "no-port"
    assert "let the lane end elsewhere" in repair


def test_who_ships_names_lanes_that_there_are(baltic: Scenario) -> None:
    shipped = f"forces.blue.{by_way(baltic, 'sea')}"
    assert problems(baltic, {f"{shipped}.lanes": None})[f"{shipped}.lanes"][0] == "missing-key"
    unknown = problems(baltic, {f"{shipped}.lanes": ["no-such-lane"]})
    assert {code for code, _ in unknown.values()} == {"unknown-lane"}


def test_who_flies_in_has_an_airfield(baltic: Scenario) -> None:
    name = by_way(baltic, "air")
    start = baltic.forces.blue[name].start
    found = problems(baltic, {f"theatre.places.{start}.airfield": None})
    assert found[f"forces.blue.{name}.start"][0] == "no-airfield"


def test_a_squadron_has_an_airfield(baltic: Scenario) -> None:
    name = of_arm(baltic, "air")
    start = baltic.forces.red[name].start
    found = problems(baltic, {f"theatre.places.{start}.airfield": None})
    assert found[f"forces.red.{name}.start"][0] == "no-airfield"


def test_red_is_not_shipped(baltic: Scenario) -> None:
    path = f"forces.red.{of_arm(baltic, 'artillery')}.comes_by"
    assert problems(baltic, {path: "sea"})[path][0] == "not-allowed"


@pytest.mark.parametrize("section, arm", [("air", "air"), ("fires", "missiles")])
def test_a_formation_of_an_arm_that_cannot_act_is_told(
    baltic: Scenario, section: str, arm: str
) -> None:
    found = problems(baltic, {f"campaign.{section}": None})
    assert found[f"forces.red.{of_arm(baltic, arm)}.type"][0] == "no-effect"


def test_a_way_that_cannot_be_used_is_told(baltic: Scenario) -> None:
    found = problems(baltic, {"campaign.lift": None})
    code, repair = found[f"forces.blue.{by_way(baltic, 'sea')}.comes_by"]
    assert code == "no-effect"
    assert "leave comes_by out" in repair


def test_a_corridor_is_made_of_legs(baltic: Scenario) -> None:
    found = problems(baltic, {"objectives.corridor": ["no-such-leg"]})
    assert {code for code, _ in found.values()} == {"unknown-leg"}


def test_switching_an_arm_off_is_no_problem(baltic: Scenario) -> None:
    off = baltic.replace({"campaign.without": ["air", "lift", "fires", "sea"]})
    assert set(off.campaign.without or ()) == {"air", "lift", "fires", "sea"}
