"""What every bundled scenario must keep, the template too."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from glacis.scenario.check import Report, check
from glacis.scenario.model import Scenario
from glacis.scenario.quantity import CONFIDENCES, ELICITED
from glacis.scenario.read import bundled_names, read_scenario, scenarios_folder
from glacis.scenario.summary import html, posture_costs
from glacis.scenario.write import write_scenario

NAMES = [*bundled_names(), "template"]
every_scenario = pytest.mark.parametrize("name", NAMES)


@cache
def scenario(name: str) -> Scenario:
    return read_scenario(name)


@cache
def report(name: str) -> Report:
    return check(name)


@every_scenario
def test_check_has_nothing_to_say(name: str) -> None:
    assert [str(problem) for problem in report(name).problems] == []


@every_scenario
def test_every_number_says_where_it_comes_from(name: str) -> None:
    numbers = list(scenario(name).quantities())
    assert numbers
    for path, number in numbers:
        assert number.sources, path
        assert number.confidence in CONFIDENCES, path
        assert number.note or ELICITED not in number.sources, path


@every_scenario
def test_every_number_is_found_by_its_path(name: str) -> None:
    tree = scenario(name).document.tree
    for path, number in scenario(name).quantities():
        assert number.path == path
        assert tree.get(path) is not None


@every_scenario
def test_every_posture_and_variant_applies(name: str) -> None:
    base = scenario(name)
    for posture in base.postures:
        assert base.posture(posture).document.posture == posture
    for variant in base.variants:
        varied = base.variant(variant)
        for posture in base.postures:
            varied.posture(posture)


@every_scenario
def test_a_posture_draws_no_number_that_the_base_lacks(name: str) -> None:
    base = scenario(name)
    declared = {number.path for _, number in base.quantities()}
    for posture in base.postures:
        drawn = {number.path for _, number in base.posture(posture).quantities()}
        assert drawn <= declared


@every_scenario
def test_postures_have_costs_and_words(name: str) -> None:
    costs = posture_costs(scenario(name))
    assert len(costs) == len(scenario(name).postures)
    for cost in costs:
        assert cost.name
        assert cost.description
        for figure in (cost.one_off_meur, cost.annual_meur):
            assert 0 <= figure.low <= figure.mode <= figure.high


@every_scenario
def test_it_reads_back(name: str, tmp_path: Path) -> None:
    base = scenario(name)
    written = read_scenario(write_scenario(base, tmp_path / name))
    assert dict(written.quantities()) == dict(base.quantities())
    assert written.document.sha256 == base.document.sha256


@every_scenario
def test_it_shows_itself(name: str) -> None:
    page = html(scenario(name))
    assert page.count("<table>") == page.count("</table>") == 1
    assert len(page) < 10_000


def test_land_is_json_where_a_scenario_has_its_own() -> None:
    own = sorted(scenarios_folder().glob("*/land.json"))
    assert [land.parent.name for land in own] == ["baltic", "georgia-2008", "kuwait-1990"]
    for land in own:
        assert json.loads(land.read_text(encoding="utf-8"))


@every_scenario
def test_a_target_names_what_there_is(name: str) -> None:
    base = scenario(name)
    for target in base.targets:
        assert target.place in base.theatre.places or target.place in base.objectives.groups
