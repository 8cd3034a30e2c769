"""Shares of variance from worlds already run, against closed forms, scipy and pure luck."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import sobol_indices, uniform

from glacis.errors import InputError
from glacis.study.importance import PAIRED, Importance, conditional_means, importance, in_turn, most

ISHIGAMI = (0.3139, 0.4424, 0.0)


def luck(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(seed))


def ishigami(places: np.ndarray) -> np.ndarray:
    x = np.pi * (2 * places - 1)
    wave = np.sin(x[:, 0])
    return wave + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * wave


def test_ishigami() -> None:
    places = luck(1).random((4_000, 3))
    found = importance(places, ishigami(places))
    assert found.share == pytest.approx(ISHIGAMI, abs=0.03)
    assert (found.error < 0.015).all()
    assert most(found) == 1


def test_as_scipy_finds_from_runs_of_its_own() -> None:
    places = luck(2).random((4_000, 3))
    theirs = sobol_indices(
        func=lambda x: ishigami(x.T), n=2_048, dists=[uniform()] * 3, rng=luck(3)
    ).first_order
    assert importance(places, ishigami(places)).share == pytest.approx(theirs, abs=0.04)


@pytest.mark.parametrize("worlds", [250, 1_000, 4_000])
def test_a_sum_is_shared_by_squared_weights(worlds: int) -> None:
    places = luck(4).random((worlds, 4))
    found = importance(places, places @ [3.0, 2.0, 1.0, 0.0])
    off = np.abs(found.share - np.array([9, 4, 1, 0]) / 14)
    assert (off < 3 * found.error + 0.01).all(), found


def test_errors_are_what_shares_scatter_by() -> None:
    rng = luck(5)
    tables = [rng.random((500, 3)) for _ in range(200)]
    found = [importance(one, one @ [3.0, 2.0, 1.0]) for one in tables]
    scatter = np.std([one.share for one in found], axis=0)
    assert np.mean([one.error for one in found], axis=0) == pytest.approx(scatter, rel=0.25)


RESULTS: dict[str, Callable[[np.random.Generator, int], np.ndarray]] = {
    "normal": lambda rng, n: rng.normal(size=n),
    "yes or no": lambda rng, n: rng.random(n) < 0.5,
    "one in twenty": lambda rng, n: rng.random(n) < 0.05,
    "one in two hundred": lambda rng, n: rng.random(n) < 0.005,
    "long tail": lambda rng, n: np.exp(1.5 * rng.normal(size=n)),
}


@pytest.mark.parametrize("kind", RESULTS)
def test_luck_is_seldom_taken_for_a_cause(kind: str) -> None:
    rng, draws = luck(6), 100
    found = [
        importance(rng.random((300, 200)), RESULTS[kind](rng, 300).astype(float))
        for _ in range(draws)
    ]
    assert sum(most(one) is not None for one in found) <= 0.15 * draws
    assert np.mean([one.share for one in found]) < 0.01
    assert min(one.share.min() for one in found) == 0.0


def test_noise_is_above_what_luck_reaches_but_not_by_much() -> None:
    rng = luck(7)
    found = [importance(rng.random((1_000, 100)), rng.normal(size=1_000)) for _ in range(60)]
    highest = np.array([one.share.max() for one in found])
    # Worlds are stratified in pairs and reach more by chance than these independent draws.
    assert 0.6 * found[0].noise / PAIRED < np.median(highest) < found[0].noise / PAIRED


def test_only_the_order_of_places_matters() -> None:
    places = luck(8).random((1_000, 3))
    output = ishigami(places)
    stretched = np.column_stack([np.exp(9 * places[:, 0]), places[:, 1] ** 5, 7 + places[:, 2]])
    for one, other in zip(importance(places, output), importance(stretched, output), strict=True):
        assert np.array_equal(one, other)


def test_halves_of_the_range() -> None:
    rng = luck(9)
    places = rng.random((1_000, 2))
    output = 2.0 * (places[:, 0] > 0.5) + rng.normal(size=1_000)
    assert importance(places, output).share == pytest.approx([0.5, 0.0], abs=0.06)


@pytest.mark.parametrize("rare", [0.5, 0.3, 0.03])
def test_few_values(rare: float) -> None:
    rng = luck(10)
    switch = (rng.random(2_000) < rare).astype(float)
    table = np.column_stack([switch, 1 - switch, rng.integers(0, 3, 2_000), np.ones(2_000)])
    output = switch / switch.std() + rng.normal(size=2_000)
    found = importance(table, output)
    assert found.share == pytest.approx([0.5, 0.5, 0.0, 0.0], abs=0.06)
    assert found.share[3] == pytest.approx(0.0, abs=1e-12)


def test_yes_or_no() -> None:
    rng = luck(11)
    places = rng.random((4_000, 2))
    happened = (rng.random(4_000) < places[:, 0]).astype(float)
    assert importance(places, happened).share == pytest.approx([1 / 3, 0.0], abs=0.04)


def test_worlds_without_a_result_are_left_out() -> None:
    places = luck(12).random((1_000, 3))
    output = ishigami(places)
    told = np.flatnonzero(places[:, 0] > 0.2)
    some = np.full(1_000, np.nan)
    some[told] = output[told]
    for one, other in zip(
        importance(places, some), importance(places[told], output[told]), strict=True
    ):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("worlds", [0, 1, 3, 4, 7, 50])
def test_few_worlds(worlds: int) -> None:
    rng = luck(13)
    found = importance(rng.random((worlds, 5)), rng.normal(size=worlds))
    assert np.isfinite(found.share).all()
    assert np.isfinite(found.error).all()
    assert 0 < found.noise <= 1


@pytest.mark.parametrize("value", [0.0, 0.1, 1e9])
def test_what_does_not_vary_is_explained_by_nothing(value: float) -> None:
    places = luck(14).random((300, 5))
    found = importance(places, np.full(300, value))
    assert most(found) is None
    assert not found.share.any()
    assert in_turn(places, np.full(300, value)) == []


def test_no_quantity_explains_nothing() -> None:
    assert most(importance(np.zeros((50, 0)), np.arange(50.0))) is None
    assert most(Importance(np.array([0.2, 0.3]), np.zeros(2), 0.25)) == 1


def test_a_double_is_not_named_twice() -> None:
    rng = luck(15)
    places = rng.random((1_000, 6))
    places[:, 3] = places[:, 0] + 0.05 * rng.normal(size=1_000)
    output = 3 * places[:, 0] + 2 * places[:, 4]
    assert importance(places, output).share[3] > 0.5
    assert [q for q, _ in in_turn(places, output)] == [0, 4]
    assert [share for _, share in in_turn(places, output)] == pytest.approx(
        [9 / 13, 4 / 13], abs=0.04
    )
    assert len(in_turn(places, output, at_most=1)) == 1


def test_means_by_class() -> None:
    rng = luck(16)
    place = rng.random(1_200)
    output = 10 * place - 5 + rng.normal(size=1_200)
    output[:30] = np.nan
    found = conditional_means(place, output, classes=10)
    assert found.place == pytest.approx(np.arange(0.05, 1.0, 0.1), abs=0.03)
    assert (np.abs(found.mean - (10 * found.place - 5)) < 4 * found.error).all()
    assert (found.mean < 0).tolist() == [True] * 5 + [False] * 5


def test_means_of_few_values_and_few_worlds() -> None:
    found = conditional_means(np.array([0.0, 1, 0, 1, 0]), np.array([1.0, 5, 3, 7, 2]))
    assert found.place.tolist() == [0.0, 1.0]
    assert found.mean.tolist() == [2.0, 6.0]
    assert found.error == pytest.approx([1 / np.sqrt(3), 1.0])
    assert conditional_means(np.zeros(1), np.ones(1)).error.tolist() == [np.inf]
    assert len(conditional_means(np.zeros(2), np.full(2, np.nan)).mean) == 0


def test_what_is_refused() -> None:
    with pytest.raises(InputError, match="must be"):
        importance(np.zeros((5, 2)), np.zeros(4))
    with pytest.raises(InputError, match="finite"):
        importance(np.full((5, 2), np.nan), np.zeros(5))
    with pytest.raises(InputError, match="at least 1"):
        conditional_means(np.zeros(5), np.zeros(5), classes=0)


def test_a_thousand_quantities_in_no_time() -> None:
    rng = luck(17)
    places, output = rng.random((1_000, 1_000)), rng.normal(size=1_000)
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        importance(places, output)
        taken.append(time.perf_counter() - start)
    assert min(taken) < 0.2
