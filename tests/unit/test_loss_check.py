"""What must hold of the section `loss`: every problem with its code, its place and a repair."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from glacis.errors import ScenarioError
from glacis.scenario.check import check
from glacis.scenario.model import Scenario
from glacis.scenario.quantity import ELICITED
from glacis.scenario.read import read_scenario
from placed import Case, assert_only_problem

Broken = Callable[..., Path]

#: For the scenario of four towns.
SECTION = """source: elicited
confidence: low
note: invented
loss:
  above: thin
  discount: 0.03
  life: 3..4..5
  wounded: 0.1
  civilians_dead: 0.4
  gdp: {"NO": 40}
  idle: 0.8
  occupied_years: 1..3..10
  war: {none: 50, limited: 100, full: 800}
  munitions: 20
  world:
    output: 95000
    lost: 0.003..0.01..0.03
    unanswered: 0.5..1..2
    fought: 0.8..1.2..2
  nuclear: {low: 500, high: 20000, shape: loguniform}
  second_theatre: 100
  programme: 20
"""

#: (old, new), code, path below `loss`, what stands there, part of what is told.
PROBLEMS: dict[str, tuple[tuple[str, str], str, str, str, str]] = {
    "unknown posture": (
        ("above: thin", "above: thim"),
        "unknown-posture", "above", "thim", "did you mean thin",
    ),
    "unknown nation": (
        ('{"NO": 40}', '{"NO": 40, NOR: 1}'),
        "unknown-nation", "gdp.NOR", "1", "there is no nation 'NOR'",
    ),
    "a nation that nobody attacks": (
        ('{"NO": 40}', '{"NO": 40, GUA: 300}'),
        "not-allowed", "gdp.GUA", "300", "leave it out",
    ),
    "no nation": (
        ('{"NO": 40}', "{}"),
        "not-valid", "gdp", "{}", "",
    ),
    "output in other units": (
        ('{"NO": 40}', '{"NO": {value: 40, unit: people}}'),
        "wrong-unit", "gdp.NO", "{value: 40", "beur/year",
    ),
    "a price in other units": (
        ("programme: 20", "programme: {value: 20, unit: meur/year}"),
        "wrong-unit", "programme", "{value: 20", "beur",
    ),
    "a life of less than nothing": (
        ("life: 3..4..5", "life: -3..4..5"),
        "out-of-bounds", "life", "-3", "must be >= 0 meur",
    ),
    "more than all is lost": (
        ("idle: 0.8", "idle: 1.2"),
        "out-of-bounds", "idle", "1.2", "must be <= 1",
    ),
    "later counts for more": (
        ("discount: 0.03", "discount: -0.01"),
        "out-of-bounds", "discount", "-0.01", "must be >= 0",
    ),
    "a war that costs nobody": (
        ("full: 800", "full: -1"),
        "out-of-bounds", "war.full", "-1", "must be >= 0 meur/day",
    ),
    "no years": (
        ("  idle: 0.8", "  years: 0\n  idle: 0.8"),
        "not-valid", "years", "0", "",
    ),
    "unknown key": (
        ("  idle: 0.8", "  idle: 0.8\n  credibility: 100"),
        "unknown-key", "credibility", "100", "",
    ),
    "left out": (
        ("    fought: 0.8..1.2..2\n", ""),
        "missing-key", "world.fought", "output", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", PROBLEMS)
def test_every_problem_has_its_place(broken: Broken, case: str) -> None:
    wanted = Case(*PROBLEMS[case])
    assert wanted.change[0] in SECTION
    folder = broken("loss.yaml", "", SECTION.replace(*wanted.change, 1))
    assert_only_problem(folder, "loss", wanted)


def test_every_defended_nation_has_its_output(broken: Broken) -> None:
    folder = broken("loss.yaml", "", SECTION)
    broken("scenario.yaml", "role: guarantor", "role: protege")
    (problem,) = check(folder).problems
    assert (problem.code, problem.path) == ("missing-key", "loss.gdp")
    assert "lacks GUA" in problem.what


def test_a_sound_section_is_no_problem(broken: Broken) -> None:
    folder = broken("loss.yaml", "", SECTION)
    assert check(folder).problems == ()
    one = read_scenario(folder)
    assert one.loss is not None
    assert one.loss.years == 5.0
    assert list(one.loss.gdp) == ["NO"]
    assert "loss.gdp.NO" in dict(one.quantities())


def test_a_section_that_is_not_there_is_no_problem(mini: Scenario) -> None:
    assert mini.loss is None


def test_units_of_money_are_converted(broken: Broken) -> None:
    text = (
        SECTION.replace("life: 3..4..5", "life: {value: 0.004, unit: beur}")
        .replace("munitions: 20", "munitions: {value: 20000, unit: meur}")
        .replace('"NO": 40', '"NO": {value: 40000, unit: meur/year}')
        .replace("none: 50", "none: {value: 18.2625, unit: beur/year}")
    )
    one = read_scenario(broken("loss.yaml", "", text)).loss
    assert one is not None
    assert one.life.value == pytest.approx(4)
    assert one.munitions.value == pytest.approx(20)
    assert one.gdp["NO"].value == pytest.approx(40)
    assert one.war.none.value == pytest.approx(50)


@pytest.fixture(scope="module")
def baltic() -> Scenario:
    return read_scenario("baltic")


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"loss.above": "trip-wire"}, "there is no posture 'trip-wire'"),
        ({"nations.LV.role": "guarantor"}, "LV: is no defended nation"),
        ({"loss.nuclear": -1}, "must be >= 0 beur"),
    ],
)
def test_a_changed_section_is_checked_too(
    baltic: Scenario, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(ScenarioError, match=message):
        baltic.replace(changes)


def test_every_judgement_of_the_baltic_has_its_own_ground(baltic: Scenario) -> None:
    own = [(path, one) for path, one in baltic.quantities() if path.startswith("loss.")]
    assert len(own) == 20
    assert all(one.note and one.confidence for path, one in own)
    judged = [one.note for path, one in own if ELICITED in one.sources]
    assert len(set(judged)) == len(judged) == 16


def test_the_baltic_prices_are_those_that_were_given(baltic: Scenario) -> None:
    loss = baltic.loss
    assert loss is not None
    assert loss.life.support == (3, 5)
    assert {name: one.value for name, one in loss.gdp.items()} == {"EE": 36, "LV": 39, "LT": 67}
    assert (loss.nuclear.shape, loss.nuclear.support) == ("loguniform", (500, 20_000))
    assert (loss.discount.value, loss.years, loss.above) == (0.03, 5.0, "tripwire")
    assert loss.world.lost.value > 0.01


def test_whether_an_answer_frightens_markets_more_is_left_open(baltic: Scenario) -> None:
    assert baltic.loss is not None
    for factor in (baltic.loss.world.unanswered, baltic.loss.world.fought):
        low, high = factor.support
        assert low < 1 < high
