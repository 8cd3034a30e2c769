"""Directions: dimensions made from a path are even, and hang on nothing but path and seed."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from glacis.directions import BITS, GRAIN, direction_table
from glacis.errors import InputError

PATHS = [f"forces.red.new-{number}.strength" for number in range(40)]


def points(table: NDArray[np.uint32], worlds: int) -> NDArray[np.float64]:
    """(worlds, dimensions) the coordinates of the first worlds, by the definition."""
    rows = []
    for world in range(worlds):
        bits = [1 + bit for bit in range(BITS) if world >> bit & 1]
        rows.append(np.bitwise_xor.reduce(table[[0, *bits]], axis=0))
    return np.asarray(np.array(rows) * GRAIN)


@pytest.mark.parametrize("seed", [0, 2**64 - 1])
def test_each_part_of_the_range_gets_one_world_of_as_many(seed: int) -> None:
    drawn = points(direction_table(0, PATHS, 256, seed), 256)
    for size in (1, 2, 16, 128, 256):
        for start in range(0, 256, size):
            parts = np.sort((drawn[start : start + size] * size).astype(int), axis=0)
            assert (parts == np.arange(size)[:, np.newaxis]).all()


def test_most_paths_are_unrelated() -> None:
    drawn = points(direction_table(40, PATHS, 1024, 5), 1024)
    ranks = np.corrcoef(drawn.argsort(axis=0).argsort(axis=0), rowvar=False)
    found = [abs(ranks[pair]) for pair in combinations(range(80), 2)]
    # Independent draws have a standard error of 1/32. Few pairs share the first bit of all worlds,
    # as few of the many dimensions of a Sobol sequence do.
    assert np.mean(found) < 1 / 32
    assert np.mean(np.array(found) > 0.3) < 0.01


def test_a_path_hangs_on_no_other_and_not_on_the_number_of_worlds() -> None:
    whole = direction_table(7, PATHS, 2**BITS, 3)
    assert whole.shape == (1 + BITS, 7 + len(PATHS))
    np.testing.assert_array_equal(whole[:11, :7], direction_table(7, [], 1024, 3))
    for number in (0, 17, 39):
        alone = direction_table(0, [PATHS[number]], 1024, 3)
        np.testing.assert_array_equal(whole[:11, 7 + number], alone[:, 0])


def test_seeds_and_paths_differ() -> None:
    tables = [direction_table(0, PATHS, 2, seed)[0] for seed in (0, 1, 2**32)]
    assert len(set(np.concatenate(tables).tolist())) == 3 * len(PATHS)


def test_the_directions_of_a_path_never_change() -> None:
    assert direction_table(0, ["campaign.warning.days"], 4, 1)[:, 0].tolist() == [
        3922051364,
        2219691622,
        3427686294,
    ]


def test_dimensions_of_both_kinds_are_counted_together() -> None:
    with pytest.raises(InputError, match="21202 uncertain quantities: must be at most 21201"):
        direction_table(21_200, ["a", "b"], 10, 0)
