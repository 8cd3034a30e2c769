"""Levers: presets come back exactly, units are dealt to sites in turn, ranges are kept."""

from __future__ import annotations

import pytest

from glacis.errors import InputError, ScenarioError
from glacis.scenario.model import Scenario
from glacis.scenario.read import bundled_names, read_scenario
from glacis.web.levers import GROUPS, levers_of, lines_of, units_in
from glacis.web.state import MINE, Levers, State, Where, with_mine


@pytest.fixture(scope="module")
def baltic() -> Scenario:
    return read_scenario("baltic")


@pytest.mark.parametrize("name", [*bundled_names(), "template"])
def test_every_preset_is_given_again_by_its_levers(name: str) -> None:
    scenario = read_scenario(name)
    levers = levers_of(scenario)
    for posture, own in scenario.postures.items():
        moved = {measure: units_in(scenario, posture, measure) for measure in levers}
        lines = lines_of(scenario, posture, moved)
        told = sorted((line.measure, str(line.at), line.quantity) for line in lines)
        written: dict[tuple[str, str], int] = {}
        for line in own.measures:
            key = (line.measure, str(line.at))
            written[key] = written.get(key, 0) + line.quantity
        assert told == sorted((*key, number) for key, number in written.items())


@pytest.mark.parametrize("name", bundled_names())
def test_a_lever_says_what_it_is(name: str) -> None:
    scenario = read_scenario(name)
    for lever in levers_of(scenario).values():
        assert lever.group in GROUPS
        assert 1 <= lever.tested <= lever.most
        assert all(1 <= value <= lever.tested for _, value in lever.ticks)


@pytest.mark.parametrize("measure", ["heavy-brigade-forward", "minehunter", "fortified-km"])
def test_one_unit_more_changes_one_site(baltic: Scenario, measure: str) -> None:
    before: dict[str | None, int] = {}
    for units in range(13):
        if units > levers_of(baltic)[measure].most:
            break
        lines = lines_of(baltic, "forward", {measure: units})
        now = {line.at: line.quantity for line in lines if line.measure == measure}
        assert sum(now.values()) == units
        changed = {at for at in {*now, *before} if now.get(at, 0) != before.get(at, 0)}
        assert len(changed) == (1 if units else 0)
        before = now


def test_units_go_first_where_the_preset_has_them(baltic: Scenario) -> None:
    def sites(units: int) -> list[str | None]:
        lines = lines_of(baltic, "forward", {"heavy-brigade-forward": units})
        return [line.at for line in lines if line.measure == "heavy-brigade-forward"]

    assert sites(3) == ["tallinn", "riga", "marijampole"]
    assert sites(2) == ["tallinn", "riga"]
    assert sites(4)[:3] == sites(3)
    assert sites(0) == []


def test_what_does_not_add_up_is_there_or_not(baltic: Scenario) -> None:
    assert levers_of(baltic)["pre-delegated-authority"].most == 1


@pytest.mark.parametrize(
    "moved, said",
    [
        ({"minehunter": 21}, "must be from 0 to 20"),
        ({"minehunters": 1}, "no such lever; choose among"),
    ],
)
def test_a_wrong_lever_is_refused(baltic: Scenario, moved: dict[str, int], said: str) -> None:
    with pytest.raises(InputError, match=said):
        lines_of(baltic, "forward", moved)


def test_a_preset_left_alone_keeps_its_name(baltic: Scenario) -> None:
    assert with_mine(baltic, Levers(posture="forward")) == (baltic, "forward")
    same = Levers(posture="forward", levers={"minehunter": 10})
    assert with_mine(baltic, same)[1] == "forward"
    changed, name = with_mine(baltic, Levers(posture="forward", levers={"minehunter": 3}))
    assert name == MINE
    assert units_in(changed, MINE, "minehunter") == 3
    assert changed.postures["forward"] == baltic.postures["forward"]
    assert changed.posture(MINE).forces != baltic.posture("forward").forces


def test_a_state_holds_what_it_may(baltic: Scenario) -> None:
    state = State.model_validate_json('{"posture": "forward", "overrides": {"crisis.insight": 1}}')
    assert state.where() == Where(overrides={"crisis.insight": 1})
    assert state.changed(baltic).document.overrides == (("crisis.insight", 1),)
    with pytest.raises(InputError, match="set by levers"):
        State(overrides={"postures.x.name": "y"}).changed(baltic)
    with pytest.raises(ScenarioError, match="unknown key; did you mean insight"):
        State(overrides={"crisis.insigt": 1}).changed(baltic)
    with pytest.raises(InputError, match="no posture 'nobody'"):
        with_mine(baltic, Levers(posture="nobody"))
    for wrong in (
        '{"seed": -1}',
        '{"levers": {"a": 1.5}}',
        '{"more": 1}',
        '{"overrides": {"a": NaN}}',
    ):
        with pytest.raises(ValueError, match="validation error"):
            State.model_validate_json(wrong)
