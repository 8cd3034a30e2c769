"""What must hold of the section `ripple`: every problem with its code, its place and a repair."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from glacis.errors import ScenarioError
from glacis.scenario.check import check
from glacis.scenario.model import Scenario
from glacis.scenario.quantity import ELICITED
from glacis.scenario.read import read_scenario
from glacis.scenario.ripple_check import CONTESTED, MAX_THEATRES
from placed import Case, assert_only_problem

Broken = Callable[..., Path]

#: For the scenario of four towns, which has no alliance: guarantors are of nations.
SECTION = """source: elicited
confidence: low
note: invented
ripple:
  guarantors:
    near: {name: Near, members: [GUA], resolve: 0.5, capability: 0.5, reliance: 1}
    far: {name: Far, members: ["NO"], resolve: 0.3..0.5..0.8, capability: 0.4, reliance: 0}
  theatres:
    east:
      name: East
      guarantor: near
      hazard: {low: 0.01, high: 0.1, shape: loguniform}
  effects:
    distraction: {low: 1, mode: 1.5, high: 3}
    attention: 0.2
    lingers_months: 12
    munitions: {low: 1, high: 2}
    refill_years: 8
    worn: 0.2
    overstretch: 1
    credibility: 1..1.5..2
    cascade: 1.5
    crisis_months: 6
  reputation:
    reading: {values: [0, 1]}
    abandonment: 0.6
    blocked: 0.5
    limited: 0.7
    stalemate: 0.2
    reassured: 0..0.1..0.3
  protectees:
    number: {values: [4, 5]}
    hazard: 0.001
    abandoned: 1..4..10
    stalemate: 1.6
    won: 0.5..1..2
    deterred: 1
    nuclear_use: 2
    reassured: 0.6..0.9..1.1
"""

#: (old, new), code, path below `ripple`, what stands there, part of what is told.
PROBLEMS: dict[str, tuple[tuple[str, str], str, str, str, str]] = {
    "unknown guarantor": (
        ("guarantor: near", "guarantor: neer"),
        "unknown-guarantor", "theatres.east.guarantor", "neer", "did you mean near",
    ),
    "unknown nation": (
        ("members: [GUA]", "members: [GUB]"),
        "unknown-nation", "guarantors.near.members.0", "GUB", "did you mean GUA",
    ),
    "nation counted twice": (
        ('members: ["NO"]', 'members: ["NO", GUA]'),
        "duplicate-id", "guarantors.far.members.1", "GUA", "GUA is in near already",
    ),
    "nobody": (
        ('members: ["NO"]', "members: []"),
        "not-valid", "guarantors.far.members", "[]", "",
    ),
    "distraction for certain": (
        ("{low: 1, mode: 1.5, high: 3}", "{low: 1.2, mode: 1.5, high: 3}"),
        "excludes-no-effect", "effects.distraction", "{low: 1.2", "widen it to include 1",
    ),
    "a reading for certain": (
        ("{values: [0, 1]}", "{values: [0.5, 1]}"),
        "excludes-no-effect", "reputation.reading", "{values", "widen it to include 0",
    ),
    "reassured for certain": (
        ("reassured: 0..0.1..0.3", "reassured: 0.05..0.1..0.3"),
        "excludes-no-effect", "reputation.reassured", "0.05", "widen it to include 0",
    ),
    "abandoned for certain": (
        ("abandoned: 1..4..10", "abandoned: 2..4..10"),
        "excludes-no-effect", "protectees.abandoned", "2..4", "leaves out 1",
    ),
    "a distraction that soothes": (
        ("credibility: 1..1.5..2", "credibility: 0.5..1.5..2"),
        "out-of-bounds", "effects.credibility", "0.5", "must be >= 1",
    ),
    "a crisis of no time": (
        ("crisis_months: 6", "crisis_months: 0"),
        "out-of-bounds", "effects.crisis_months", "0", "must be >= 1 months",
    ),
    "never made again": (
        ("refill_years: 8", "refill_years: 0"),
        "out-of-bounds", "effects.refill_years", "0", "must be > 0 years",
    ),
    "a share above 1": (
        ("blocked: 0.5", "blocked: 1.5"),
        "out-of-bounds", "reputation.blocked", "1.5", "must be <= 1",
    ),
    "several crises a year": (
        ("high: 0.1,", "high: 4,"),
        "out-of-bounds", "theatres.east.hazard", "{low: 0.01, high: 4", "must be <= 2 1/year",
    ),
    "a hazard in other units": (
        ("hazard: 0.001", "hazard: {value: 0.1, unit: km}"),
        "wrong-unit", "protectees.hazard", "{value: 0.1", "1/year",
    ),
    "no years": (
        ("  effects:", "  years: 0\n  effects:"),
        "not-valid", "years", "0", "",
    ),
    "unknown key": (
        ("    attention: 0.2\n", "    attention: 0.2\n    calm: 1\n"),
        "unknown-key", "effects.calm", "1", "",
    ),
    "left out": (
        ("    worn: 0.2\n", ""),
        "missing-key", "effects.worn", "distraction", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", PROBLEMS)
def test_every_problem_has_its_place(broken: Broken, case: str) -> None:
    wanted = Case(*PROBLEMS[case])
    assert wanted.change[0] in SECTION
    folder = broken("ripple.yaml", "", SECTION.replace(*wanted.change, 1))
    assert_only_problem(folder, "ripple", wanted)


def test_a_sound_section_is_no_problem(broken: Broken) -> None:
    folder = broken("ripple.yaml", "", SECTION)
    assert check(folder).problems == ()
    one = read_scenario(folder)
    assert one.ripple is not None
    assert one.ripple.theatres["east"].guarantor == "near"
    assert "ripple.theatres.east.hazard" in dict(one.quantities())


def test_a_section_that_is_not_there_is_no_problem(mini: Scenario) -> None:
    assert mini.ripple is None


def test_no_theatre_is_no_problem_and_no_guarantor_is_one(broken: Broken) -> None:
    start, end = SECTION.index("  theatres:"), SECTION.index("  effects:")
    without = SECTION[:start] + SECTION[end:]
    first, last = without.index("    near:"), without.index("  effects:")
    nobody = f"{without[: first - 1]} {{}}\n{without[last:]}"
    (problem,) = check(broken("ripple.yaml", "", nobody)).problems
    assert (problem.code, problem.path) == ("empty-section", "ripple.guarantors")
    assert "declare one" in problem.repair
    folder = broken("ripple.yaml", nobody, without)
    assert check(folder).problems == ()


def test_too_many_theatres_are_refused(broken: Broken) -> None:
    one = "    east{}: {{name: E, guarantor: near, hazard: 0.1}}\n"
    start, end = SECTION.index("    east:"), SECTION.index("  effects:")

    def of(count: int) -> str:
        return SECTION[:start] + "".join(one.format(n) for n in range(count)) + SECTION[end:]

    folder = broken("ripple.yaml", "", of(MAX_THEATRES))
    assert check(folder).problems == ()
    broken("ripple.yaml", of(MAX_THEATRES), of(MAX_THEATRES + 1))
    (problem,) = check(folder).problems
    assert (problem.code, problem.path) == ("too-large", "ripple.theatres")
    assert f"keep the {MAX_THEATRES}" in problem.repair


def test_broken_in_two_ways_is_told_twice(broken: Broken) -> None:
    text = SECTION.replace("guarantor: near", "guarantor: north").replace("1..4..10", "2..x..10")
    codes = {problem.code for problem in check(broken("ripple.yaml", "", text)).problems}
    assert codes == {"unknown-guarantor", "not-a-number"}


def test_hazards_a_day_become_hazards_a_year(broken: Broken) -> None:
    text = SECTION.replace("hazard: 0.001", "hazard: {value: 0.00001, unit: 1/day}")
    one = read_scenario(broken("ripple.yaml", "", text))
    assert one.ripple is not None
    assert one.ripple.protectees.hazard.value == pytest.approx(0.0036525)


@pytest.fixture(scope="module")
def baltic() -> Scenario:
    return read_scenario("baltic")


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"ripple.guarantors.american.members": ["RU"]}, "there is no member 'RU'"),
        ({"ripple.guarantors.american.members": ["US", "GB"]}, "GB is in american already"),
        ({"ripple.theatres.gulf.guarantor": "chinese"}, "there is no guarantor 'chinese'"),
        ({"ripple.effects.cascade": "1.1..2"}, "leaves out 1, at which it has no effect"),
    ],
)
def test_a_changed_section_is_checked_too(
    baltic: Scenario, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(ScenarioError, match=message):
        baltic.replace(changes)


def test_what_is_contested_in_the_baltic_may_be_nothing(baltic: Scenario) -> None:
    numbers = dict(baltic.quantities())
    for name, (_, none) in CONTESTED.items():
        low, high = numbers[f"ripple.{name}"].support
        assert low <= none <= high
        assert low < high


def test_every_judgement_of_the_baltic_has_its_own_ground(baltic: Scenario) -> None:
    own = [(path, one) for path, one in baltic.quantities() if path.startswith("ripple.")]
    assert len(own) == 35
    assert all(one.note for path, one in own)
    assert len({one.note for path, one in own}) == len(own)
    assert sum(ELICITED in one.sources for path, one in own) >= 30
