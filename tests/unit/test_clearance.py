from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from glacis.errors import InputError
from glacis.study.arena import Arena
from glacis.study.beds import Clearance, Operation, read_beds
from glacis.study.clearance import Foretold, clearance

WORLDS = 512


@pytest.fixture(scope="module")
def arena() -> Arena:
    return Arena.open(WORLDS, 5)


def operation(ships: float, days: float, mines: float) -> Operation:
    return Operation.model_validate(
        {"name": "An operation", "ships": ships, "days": days, "mines": mines}
    )


def with_operations(
    arena: Arena,
    operations: Mapping[str, Operation],
    beside: Mapping[str, Operation] | None = None,
) -> Arena:
    """The arena, with other operations in its test bed."""
    changes = {"operations": dict(operations), "beside": dict(beside or {})}
    bed: Clearance = arena.beds.clearance.model_copy(update=changes)
    return replace(arena, beds=arena.beds.model_copy(update={"clearance": bed}))


def row(found: Mapping[str, object], name: str) -> dict[str, float]:
    (only,) = [one for one in found["rows"] if one["operation"] == name]  # type: ignore[attr-defined]
    return dict(only)


# The next value of a small sample.


def test_next_value_is_students() -> None:
    sample = np.array([[1.0, 2.0, 4.0, 4.5, 7.0]])
    told = Foretold.after(np.repeat(sample, 3, axis=0))
    expected = stats.t(4, sample.mean(), sample.std(ddof=1) * np.sqrt(1.2))
    for probability in (0.1, 0.5, 0.9, 0.99):
        assert told.quantile(probability) == pytest.approx(expected.ppf(probability))


def test_worlds_are_mixed_by_their_probabilities() -> None:
    sample = np.array([[1.0, 2.0, 4.0], [11.0, 15.0, 19.0], [5.0, 5.5, 6.0]])
    told = Foretold.after(sample)
    value = told.quantile(0.3)
    below = [stats.t(2, row.mean(), row.std(ddof=1) * np.sqrt(4 / 3)).cdf(value) for row in sample]
    assert np.mean(below) == pytest.approx(0.3)


def test_next_value_of_equals_is_the_same() -> None:
    told = Foretold.after(np.full((3, 4), 2.5))
    assert [told.quantile(p) for p in (0.01, 0.5, 0.99)] == pytest.approx([2.5] * 3)


def test_what_is_taken_away_is_mirrored() -> None:
    told = Foretold.after(np.array([[1.0, 2.0, 4.0, 4.5, 7.0]]))
    left = told.taken_from(np.array([10.0]))
    assert left.quantile(0.1) == pytest.approx(10.0 - told.quantile(0.9))


def test_next_value_covers_what_it_says() -> None:
    """80 % of sixth values lie within 10-90 %; with the normal's quantiles 73 % would."""
    drawn = np.random.default_rng(11).normal(3.0, 2.0, (4_000, 6))
    told = [Foretold.after(row[np.newaxis, :5]) for row in drawn]
    inside = [
        one.quantile(0.1) <= row[5] <= one.quantile(0.9)
        for one, row in zip(told, drawn, strict=True)
    ]
    assert np.mean(inside) == pytest.approx(0.80, abs=0.02)


def test_one_value_foretells_nothing() -> None:
    with pytest.raises(InputError, match="1 operations to foretell another from"):
        Foretold.after(np.ones((2, 1)))


# Operations.


def test_one_rate_everywhere_foretells_exactly(arena: Arena) -> None:
    same = {"a": operation(4, 10, 8), "b": operation(10, 20, 40), "c": operation(5, 2, 2)}
    found = clearance(with_operations(arena, same, {"d": operation(2, 100, 60)}))
    for name, days in (("a", 10), ("b", 20), ("c", 2)):
        one = row(found, name)
        assert [one[f"{p}_days"] for p in ("p10", "median", "p90")] == pytest.approx([days] * 3)
        assert one["median_over_observed"] == pytest.approx(1.0)
    (beside,) = found["beside"]
    assert beside["median_days"] == pytest.approx(60 / (2 * 0.2))
    assert found["mines_a_ship_and_day"] == pytest.approx({"p10": 0.2, "median": 0.2, "p90": 0.2})


def test_an_operation_is_left_out_of_its_own_prediction(arena: Arena) -> None:
    others = {"a": operation(4, 10, 8), "b": operation(10, 20, 30), "c": operation(5, 2, 3)}
    once, twice = (
        clearance(with_operations(arena, {**others, "d": operation(5, 10, mines)}))
        for mines in (10, 20)
    )
    assert row(twice, "d")["median_days"] == pytest.approx(2 * row(once, "d")["median_days"])
    assert row(twice, "a")["median_days"] < row(once, "a")["median_days"]


def test_what_lies_far_off_is_neither_inside_nor_near(arena: Arena) -> None:
    alike = {"a": operation(5, 10, 10), "b": operation(5, 10, 11), "c": operation(5, 10, 9)}
    found = clearance(with_operations(arena, {**alike, "slow": operation(5, 100, 10)}))
    assert not row(found, "slow")["inside"]
    assert not row(found, "slow")["near"]
    assert row(found, "a")["inside"]
    assert (found["operations"], found["inside"], found["near"]) == (4, 3, 3)


def test_the_six_are_counted_by_their_rows(arena: Arena) -> None:
    found = clearance(arena)
    assert found["operations"] == 6
    assert [one["operation"] for one in found["beside"]] == ["wonsan-1950", "kuwait-1991"]
    for one in found["rows"]:
        assert one["inside"] == (one["p10_days"] <= one["observed_days"] <= one["p90_days"])
        assert one["near"] == (1 / 3 <= one["median_over_observed"] <= 3)
    for count in ("inside", "near"):
        assert found[count] == sum(one[count] for one in found["rows"])
    assert all("inside" not in one for one in found["beside"])


def test_the_verdict_hangs_on_no_seed(arena: Arena) -> None:
    one, other = clearance(arena), clearance(Arena.open(WORLDS, 6))
    for mine, yours in zip(one["rows"], other["rows"], strict=True):
        assert mine["p10_days"] == pytest.approx(yours["p10_days"], rel=0.01)
        assert (mine["inside"], mine["near"]) == (yours["inside"], yours["near"])


def test_numbers_nobody_published_are_ranges() -> None:
    bed = read_beds().clearance
    assert not bed.operations["open-spirit-2024"].ships.is_certain
    assert not any(one.ships.is_certain for one in bed.beside.values())
    rates = [
        one.mines.value / (one.ships.value * one.days.value) for one in bed.operations.values()
    ]
    assert min(rates) > 0.03
    assert max(rates) < 0.45
