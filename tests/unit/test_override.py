from __future__ import annotations

import numpy as np
import pytest

from glacis.errors import InputError, ScenarioError
from glacis.scenario.model import Scenario
from glacis.scenario.quantity import Quantity


@pytest.mark.parametrize(
    "value, expected",
    [
        (2, Quantity("certain", "days", mode=2.0)),
        ("2", Quantity("certain", "days", mode=2.0)),
        (np.float64(2), Quantity("certain", "days", mode=2.0)),
        (np.int64(2), Quantity("certain", "days", mode=2.0)),
        ("1..4", Quantity("uniform", "days", low=1.0, high=4.0)),
        ({"value": 48, "unit": "h"}, Quantity("certain", "days", mode=2.0)),
        (Quantity("certain", "h", mode=48.0), Quantity("certain", "days", mode=2.0)),
    ],
)
def test_values(mini: Scenario, value: object, expected: Quantity) -> None:
    days = mini.replace({"campaign.warning.days": value}).campaign.warning.days
    assert days.path == "campaign.warning.days"
    assert (days.source, days.confidence, days.note) == ("elicited", "low", "set by hand")
    assert (days.shape, days.unit, days.support) == (
        expected.shape,
        expected.unit,
        expected.support,
    )


def test_nothing_changes_its_argument(mini: Scenario) -> None:
    before = dict(mini.quantities())
    changed = mini.replace(campaign__warning__days=2)
    assert changed.campaign.warning.days.value == 2
    assert dict(mini.quantities()) == before
    assert changed.document.overrides == (("campaign.warning.days", 2),)
    assert changed.theatre is mini.theatre  # what is left alone is shared


def test_patterns_reach_all(mini: Scenario) -> None:
    changed = mini.replace({"forces.*.*.strength": 0.5})
    strengths = [
        formation.strength.value
        for side in (changed.forces.red, changed.forces.blue)
        for formation in side.values()
    ]
    assert strengths == [0.5] * 4


def test_given_provenance_is_kept(mini: Scenario) -> None:
    value = {"low": 1, "high": 2, "source": "mini-survey", "confidence": "high"}
    days = mini.replace({"campaign.warning.days": value}).campaign.warning.days
    assert (days.source, days.note) == ("mini-survey", "")


def test_null_takes_away(mini: Scenario) -> None:
    changed = mini.replace({"theatre.legs.b-c.terrain": None, "forces.red.tanks-2": None})
    assert changed.theatre.legs["b-c"].terrain == "mixed"
    assert list(changed.forces.red) == ["tanks-1"]


def test_records_can_be_added(mini: Scenario) -> None:
    leg = {
        "from": "alpha",
        "to": "delta",
        "km": 9,
        "border_km": 4,
        "lanes": 2,
        "frontage_km": 1,
        "demolition_hours": 0,
        "fortified_km": 0,
    }
    assert "a-d" in mini.replace({"theatre.legs.a-d": leg}).theatre.legs


@pytest.mark.parametrize(
    "path, value, code, repair",
    [
        ("campaign.warnin.days", 1, "unknown-path", "did you mean warning"),
        ("campaign.warning.dayz", 1, "unknown-key", "did you mean days"),
        ("nothing.*", 1, "unknown-path", ""),
        ("forces.red.*.nope", 1, "unknown-path", ""),
        ("forces.red.zz*", 1, "unknown-path", ""),
        ("theatre.legs.a-b.km.deeper", 1, "unknown-path", ""),
        ("", 1, "unknown-path", ""),
        (".forces", 1, "unknown-path", ""),
        ("forces.", 1, "unknown-path", ""),
        ("campaign.warning.days", "soon", "not-a-number", "write a number in days"),
        ("campaign.warning.days", -1, "out-of-bounds", "give a value in days"),
        ("campaign.warning.days", [1], "not-a-number", ""),
        ("campaign.warning.nothing", None, "unknown-path", ""),
        ("forces.blue.garrison.start", "nowhere", "unknown-place", ""),
        ("forces.red.tanks-1", None, "unknown-formation", ""),
        ("campaign", None, "missing-key", ""),
        ("types.light.name", "\x1b[31m", "control-character", "remove it"),
        ("types.light.source", "me", "not-allowed", "as a mapping"),
    ],
)
def test_what_does_not_fit(
    mini: Scenario, path: str, value: object, code: str, repair: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        mini.replace({path: value})
    codes = {problem.code for problem in caught.value.problems}
    assert code in codes
    assert any(repair in problem.repair for problem in caught.value.problems)


def test_problems_of_several_overrides_come_at_once(mini: Scenario) -> None:
    with pytest.raises(ScenarioError) as caught:
        mini.replace({"a.b": 1, "c.d": 2})
    assert [problem.path for problem in caught.value.problems] == ["a.b", "c.d"]
    assert str(caught.value).startswith("override a.b: ")


def test_variants(mini: Scenario) -> None:
    sudden = mini.variant("sudden")
    assert sudden.campaign.warning.days.value == 0
    assert sudden.campaign.warning.days.note == "the worst case"
    assert sudden.campaign.warning.days.path == "campaign.warning.days"
    assert {one.notice_hours.value for one in sudden.forces.red.values()} == {0}
    assert sudden.document.variants == ("sudden",)
    with pytest.raises(InputError, match="did you mean sudden"):
        mini.variant("suden")


def test_overrides_come_on_top_of_variants(mini: Scenario) -> None:
    both = mini.variant("sudden").replace({"campaign.warning.days": 5})
    assert both.campaign.warning.days.value == 5
    assert both.document.variants == ("sudden",)
