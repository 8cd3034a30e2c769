"""Exact Shapley values: the axioms, games solved by hand, and what is refused."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glacis.errors import InputError
from glacis.study.shapley import coalitions, shapley

PARTS = ("mines", "armour", "air", "trenches", "roads")

seeds = st.integers(0, 2**32 - 1)
some_parts = st.integers(1, len(PARTS)).map(lambda n: PARTS[:n])


def any_game(
    parts: tuple[str, ...], seed: int, worlds: int = 3
) -> dict[frozenset[str], np.ndarray]:
    rng = np.random.Generator(np.random.Philox(seed))
    return {one: rng.normal(size=worlds) for one in coalitions(parts)}


def test_coalitions_come_in_a_fixed_order() -> None:
    names = ["".join(sorted(one)) for one in coalitions("cab")]
    assert names == ["", "c", "a", "b", "ac", "bc", "ab", "abc"]


@given(some_parts, seeds)
def test_values_sum_to_what_all_are_worth(parts: tuple[str, ...], seed: int) -> None:
    game = any_game(parts, seed)
    worth = game[frozenset(parts)] - game[frozenset()]
    assert sum(shapley(game, parts).values()) == pytest.approx(worth, abs=1e-12)


@given(some_parts, seeds)
def test_a_value_is_the_mean_over_orders(parts: tuple[str, ...], seed: int) -> None:
    game = any_game(parts, seed)
    added = {part: [] for part in parts}
    for order in permutations(parts):
        for k, part in enumerate(order):
            added[part].append(game[frozenset(order[: k + 1])] - game[frozenset(order[:k])])
    for part, value in shapley(game, parts).items():
        assert value == pytest.approx(np.mean(added[part], axis=0), abs=1e-12)


@given(seeds)
def test_parts_that_do_the_same_get_the_same(seed: int) -> None:
    game = any_game(PARTS, seed)
    swap = {"mines": "armour", "armour": "mines"}
    even = {one: v + game[frozenset(swap.get(p, p) for p in one)] for one, v in game.items()}
    value = shapley(even, PARTS)
    assert value["mines"] == pytest.approx(value["armour"], abs=1e-12)


@given(seeds)
def test_a_part_that_changes_nothing_gets_nothing(seed: int) -> None:
    game = any_game(PARTS, seed)
    idle = {one: game[one - {"air"}] for one in game}
    value = shapley(idle, PARTS)
    assert value["air"] == pytest.approx(np.zeros(3), abs=1e-12)
    rest = tuple(part for part in PARTS if part != "air")
    for part, alone in shapley(game, rest).items():
        assert value[part] == pytest.approx(alone, abs=1e-12)


@given(seeds, seeds)
@settings(max_examples=30)
def test_values_of_a_sum_are_sums(one: int, other: int) -> None:
    first, second = any_game(PARTS, one), any_game(PARTS, other)
    both = shapley({c: 2 * first[c] - second[c] for c in first}, PARTS)
    a, b = shapley(first, PARTS), shapley(second, PARTS)
    for part in PARTS:
        assert both[part] == pytest.approx(2 * a[part] - b[part], abs=1e-12)


def test_two_left_gloves_and_a_right_one() -> None:
    worth = {
        one: np.full(2, float("right" in one and len(one) > 1))
        for one in coalitions(("left", "other left", "right"))
    }
    value = shapley(worth, ("left", "other left", "right"))
    assert value["right"] == pytest.approx([2 / 3, 2 / 3])
    assert value["left"] == pytest.approx([1 / 6, 1 / 6])


def test_an_airport_of_ten() -> None:
    """Each stretch of the runway is paid for, in equal parts, by those who need it."""
    costs = {f"aircraft {k}": float(k * k) for k in range(1, 11)}
    parts = tuple(costs)
    runway = {c: np.array(max((costs[p] for p in c), default=0.0)) for c in coalitions(parts)}
    stretches = np.diff([0.0, *costs.values()]) / np.arange(10, 0, -1)
    value = shapley(runway, parts)
    assert [float(value[p]) for p in parts] == pytest.approx(np.cumsum(stretches))


def test_a_world_without_an_answer_has_no_values() -> None:
    game = any_game(PARTS, 1)
    game[frozenset({"air"})] = np.array([np.nan, 1.0, np.inf])
    for value in shapley(game, PARTS).values():
        assert np.isnan(value).tolist() == [True, False, True]


def test_no_part_has_no_value() -> None:
    assert shapley({frozenset(): np.zeros(4)}, ()) == {}


def test_missing_coalitions_are_named() -> None:
    game = any_game(PARTS, 1)
    del game[frozenset({"roads", "air"})], game[frozenset()]
    with pytest.raises(InputError, match=r"32 coalitions \(2 missing: \(no part\), air \+ roads\)"):
        shapley(game, PARTS)


def test_what_is_refused() -> None:
    with pytest.raises(InputError, match="armour: must be named once"):
        coalitions(("armour", "air", "armour"))
    with pytest.raises(InputError, match="at most 10"):
        coalitions([str(k) for k in range(11)])
    game = any_game(("air", "mines"), 1)
    game[frozenset({"mines"})] = np.zeros(2)
    with pytest.raises(InputError, match=r"values of mines: must have the shape \(3,\)"):
        shapley(game, ("air", "mines"))
