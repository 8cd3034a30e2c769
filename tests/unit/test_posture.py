from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from glacis.errors import InputError, ScenarioError
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario

Broken = Callable[..., Path]


def test_formations_are_named_by_measure_place_and_number(mini: Scenario) -> None:
    thick = mini.posture("thick")
    added = [name for name in thick.forces.blue if name not in mini.forces.blue]
    assert added == ["battlegroup/bravo/1", "battlegroup/bravo/2"]
    one = thick.forces.blue["battlegroup/bravo/1"]
    assert (one.start, one.defends, one.parent) == ("bravo", "bravo", "battlegroup/bravo")
    assert thick.document.posture == "thick"


def test_numbers_of_a_measure_keep_its_paths(mini: Scenario) -> None:
    thick = mini.posture("thick")
    paths = {thick.forces.blue[f"battlegroup/bravo/{n}"].strength.path for n in (1, 2)}
    assert paths == {"measures.battlegroup.effects.0.add.strength"}
    assert thick.campaign.warning.acted.path == "measures.orders.effects.0.change.to"
    assert thick.campaign.warning.decision_days.path == "campaign.warning.decision_days"


def test_formations_of_a_measure_share_its_numbers(mini: Scenario) -> None:
    given = mini.measures["battlegroup"].effects[0].add
    assert given is not None
    forces = mini.posture("thick").forces.blue
    for n in (1, 2):
        formation = forces[f"battlegroup/bravo/{n}"]
        for name in ("people", "strength", "notice_hours"):
            number = getattr(formation, name)
            assert number is getattr(given, name)
            written = next(one for key, one in mini.forces.blue.items() if key in forces)
            assert number.unit == getattr(written, name).unit


def test_what_a_posture_leaves_alone_is_the_same_object(mini: Scenario) -> None:
    thick = mini.posture("thick")
    before, after = mini.theatre.legs["a-b"], thick.theatre.legs["a-b"]
    assert after.fortified_km is not before.fortified_km
    assert after.km is before.km


def test_changes(mini: Scenario) -> None:
    thick = mini.posture("thick")
    assert thick.theatre.legs["a-b"].fortified_km.value == 5
    assert thick.theatre.legs["b-c"].fortified_km.value == 0
    before, after = mini.campaign.warning.decision_days, thick.campaign.warning.decision_days
    assert after.support == tuple(value / 2 for value in before.support)
    assert mini.theatre.legs["a-b"].fortified_km.value == 0


def test_a_posture_is_applied_once(mini: Scenario) -> None:
    with pytest.raises(InputError, match="apply one to the base"):
        mini.posture("thin").posture("thick")
    with pytest.raises(InputError, match="did you mean thick"):
        mini.posture("thic")


def test_postures_go_with_variants_and_overrides(mini: Scenario) -> None:
    changed = mini.replace({"theatre.legs.a-b.fortified_km": 3}).posture("thick")
    assert changed.theatre.legs["a-b"].fortified_km.value == 8


WRITTEN = {
    "3..5": (8, 10),
    "3..4..5": (8, 10),
    "{low: 3, high: 5}": (8, 10),
    "{mean: 3, sd: 0.5, low: 1}": (6, 11),
    "{values: [1, 2]}": (6, 7),
    '"3"': (8, 8),
}


@pytest.mark.parametrize("written", WRITTEN)
def test_every_way_of_writing_a_number_can_be_moved(broken: Broken, written: str) -> None:
    folder = broken("scenario.yaml", "fortified_km: 0\n", f"fortified_km: {written}\n")
    leg = read_scenario(folder).posture("thick").theatre.legs["a-b"]
    assert leg.fortified_km.support == WRITTEN[written]


@pytest.mark.parametrize(
    "old, new, code",
    [
        ("at: a-b", "at: nowhere", "unknown-path"),
        ("at: bravo, quantity: 2", "quantity: 2", "missing-key"),
        ("at: bravo, quantity: 2", "at: bravoo, quantity: 2", "unknown-place"),
        ("fortified_km\", by: 1", 'from", by: 1', "not-a-number"),
        ("by: 1}", "by: -1}", "out-of-bounds"),
        ("path: campaign.warning.acted, to: {low: 0.8, high: 1}",
         "path: campaign.warning.acted, to: {low: 0.8, high: 2}", "out-of-bounds"),
    ],
)  # fmt: skip
def test_postures_that_do_not_apply(broken: Broken, old: str, new: str, code: str) -> None:
    scenario = read_scenario(broken("measures.yaml", old, new))
    with pytest.raises(ScenarioError) as caught:
        scenario.posture("thick")
    assert code in {problem.code for problem in caught.value.problems}
    assert scenario.posture("thin")


def test_a_number_in_a_unit_of_its_own_is_not_moved(broken: Broken) -> None:
    folder = broken("scenario.yaml", "fortified_km: 0\n", "fortified_km: {value: 9, unit: m}\n")
    with pytest.raises(ScenarioError, match="leave `unit` out"):
        read_scenario(folder).posture("thick")
