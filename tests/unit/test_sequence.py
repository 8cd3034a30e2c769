"""The sequence of worlds: even in each path, unrelated between paths, and never another one."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from glacis.sequence import GRAIN, KEY_WORDS, path_keys, places, reversed_bits

PATHS = [f"forces.red.new-{number}.strength" for number in range(300)]


def drawn(start: int, stop: int, paths: list[str], seed: int) -> NDArray[np.float64]:
    """(worlds, paths) the places of some worlds."""
    turned = reversed_bits(np.arange(start, stop).astype(np.uint32))
    return np.column_stack([places(turned, key) for key in path_keys(seed, paths)])


def correlations(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """The correlation of each pair of columns, in standard errors of independent draws."""
    pairs = np.triu_indices(table.shape[1], 1)
    return np.asarray(np.corrcoef(table, rowvar=False)[pairs] * np.sqrt(len(table)))


def test_bits_are_reversed() -> None:
    words = np.array([0, 1, 2, 0x8000_0001, 0xFFFF_FFFF, 0x1234_5678], dtype=np.uint32)
    expected = [int(f"{word:032b}"[::-1], 2) for word in words.tolist()]
    assert reversed_bits(words).tolist() == expected


@pytest.mark.parametrize("seed", [0, 2**64 - 1])
@pytest.mark.parametrize("first", [0, 3 * 2**12, 2**32 - 2**12])
def test_each_part_of_the_range_gets_one_world_of_as_many(seed: int, first: int) -> None:
    table = drawn(first, first + 2**12, PATHS[:5], seed)
    for size in 2 ** np.arange(13):
        blocks = (table.reshape(-1, size, 5) * size).astype(int)
        expected = np.broadcast_to(np.arange(size)[:, np.newaxis], blocks.shape)
        np.testing.assert_array_equal(np.sort(blocks, axis=1), expected)


@pytest.mark.parametrize("worlds", [64, 256, 1000, 2048])
def test_paths_are_unrelated(worlds: int) -> None:
    # Two worlds in a row share out the halves of every range, so a pair's correlation has up to
    # twice the variance that independent draws have: 1.58 times if permuted at random. Of 44,850
    # such pairs the largest is within 6 standard errors; a Sobol sequence has 0.9, which is 28.
    found = correlations(drawn(0, worlds, PATHS, 5))
    assert 1.1 < found.std() < 1.35
    assert abs(found).max() < 6.5
    # Nor is there more of it in what a correlation does not see.
    assert 1.0 < correlations((drawn(0, worlds, PATHS, 6) - 0.5) ** 2).std() < 1.35


def test_products_of_pairs_are_unrelated() -> None:
    table = drawn(0, 1024, PATHS[:80], 2) - 0.5
    found = correlations(table[:, ::2] * table[:, 1::2])
    assert 0.9 < found.std() < 1.35
    assert abs(found).max() < 6.0


@pytest.mark.parametrize("together,parts", [(2, 8), (3, 4)])
def test_cells_of_several_paths_are_filled_alike(together: int, parts: int) -> None:
    cells = (drawn(0, 2048, PATHS[:24], 1) * parts).astype(int)
    expected = 2048 / parts**together
    found = []
    for paths in list(combinations(range(24), together))[:300]:
        number = cells[:, paths] @ parts ** np.arange(together)
        counts = np.bincount(number, minlength=parts**together)
        found.append(((counts - expected) ** 2 / expected).sum())
    # As many as the cells, less those that even margins leave no choice.
    assert 0.8 < np.mean(found) / parts**together < 1.05
    assert max(found) < 4 * parts**together


@pytest.mark.parametrize("worlds", [256, 1000])
def test_means_are_better_than_those_of_independent_draws(worlds: int) -> None:
    """Far better where effects add up, and no worse where they act together as in a war."""
    sums, products = [], []
    for seed in range(100):
        table = drawn(0, worlds, PATHS[:10], seed)
        sums.append((table**2).sum(axis=1).mean())
        products.append(np.prod(0.6 + 0.8 * table, axis=1).mean())
    independent = np.sqrt(10 * (1 / 5 - 1 / 9) / worlds)
    assert np.std(sums) < 0.05 * independent
    assert np.mean(sums) == pytest.approx(10 / 3, abs=0.02 * independent)
    spread = np.sqrt(((1 + 0.64 / 12) ** 10 - 1) / worlds)
    assert np.std(products) < spread


def test_seeds_are_unrelated() -> None:
    seeds = [0, 1, 2, 3, 2**32, 2**63]
    for path in PATHS[:20]:
        columns = [drawn(0, 1024, [path], seed) for seed in seeds]
        assert abs(correlations(np.hstack(columns))).max() < 6.0
    assert len(set(path_keys(0, PATHS).ravel().tolist())) == KEY_WORDS * len(PATHS)


def test_a_world_is_drawn_alike_alone() -> None:
    whole = drawn(0, 1000, PATHS[:3], 3)
    np.testing.assert_array_equal(drawn(700, 900, PATHS[:3], 3), whole[700:900])
    np.testing.assert_array_equal(drawn(0, 1000, PATHS[2:3], 3), whole[:, 2:])


KEYS = [[2145340904, 4091175736, 4176524772, 1434694710]]
FIRST = [1659526558, 2218866601, 3919380775, 911298658]
LAST = [1901896134, 3154023490]


def test_the_sequence_never_changes() -> None:
    assert path_keys(1, ["campaign.warning.days"]).tolist() == KEYS
    first = drawn(0, 4, ["campaign.warning.days"], 1).ravel()
    assert (first / GRAIN - 0.5).tolist() == FIRST
    last = drawn(2**32 - 2, 2**32, ["campaign.warning.days"], 2**64 - 1).ravel()
    assert (last / GRAIN - 0.5).tolist() == LAST


KERNEL = """
import numpy as np
from glacis.jit import load_kernels
from glacis.sequence import path_keys
kernel = load_kernels("glacis.campaign.lot_kernel")
for start in (0, 1023, 2**32 - 64):
    row = np.empty(64)
    kernel.fill_places(start, path_keys(9, ["a.b"])[0], row)
    print(row.tobytes().hex())
"""


@pytest.mark.parametrize("disable_jit", ["0", "1"])
def test_kernels_have_the_same_places_compiled_or_not(disable_jit: str) -> None:
    told = subprocess.run(
        [sys.executable, "-W", "error", "-c", KERNEL],
        env=os.environ | {"NUMBA_DISABLE_JIT": disable_jit},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    starts = (0, 1023, 2**32 - 64)
    assert told == [drawn(start, start + 64, ["a.b"], 9).tobytes().hex() for start in starts]
