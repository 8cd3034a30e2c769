"""Worlds: the same assumptions whatever the number, the chunks, the copies and the company."""

from __future__ import annotations

import tracemalloc
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from glacis.copula import Correlation
from glacis.errors import InputError
from glacis.sequence import path_keys, places, reversed_bits
from glacis.worlds import Worlds, sample


@dataclass(frozen=True)
class Uniform:
    """A stand-in for a Quantity: uniform from `low` to `high`."""

    path: str
    low: float = 0.0
    high: float = 1.0

    @property
    def is_certain(self) -> bool:
        return self.low == self.high

    @property
    def value(self) -> float:
        return (self.low + self.high) / 2.0

    def quantile(self, u: NDArray[np.float64], /) -> NDArray[np.float64]:
        return self.low + (self.high - self.low) * u


SPEED = Uniform("movement.speed", 20.0, 40.0)
DELAY = Uniform("obstacles.delay")
OPTIMISM = Uniform("red.optimism", 0.8, 1.6)
CERTAIN = Uniform("units.people", 700.0, 700.0)
QUANTITIES = (OPTIMISM, CERTAIN, DELAY, SPEED)


def drawn(n: int, *, seed: int = 7, correlations: Sequence[Correlation] = ()) -> Worlds:
    return sample([(q.path, q) for q in QUANTITIES], n, seed, correlations=correlations)


def table(worlds: Worlds) -> NDArray[np.float64]:
    return np.column_stack([worlds.values(q) for q in QUANTITIES])


CORRELATED: tuple[Correlation, ...] = (("red.optimism", "movement.speed", 0.6),)
BOTH = pytest.mark.parametrize("correlations", [(), CORRELATED], ids=["independent", "correlated"])


def test_a_place_hangs_on_seed_path_and_number() -> None:
    worlds = drawn(1024)
    assert worlds.paths == ("movement.speed", "obstacles.delay", "red.optimism")
    turned = reversed_bits(np.arange(1024, dtype=np.uint32))
    for path, key in zip(worlds.paths, path_keys(7, worlds.paths), strict=True):
        np.testing.assert_array_equal(worlds.keys([path]), [key])
        np.testing.assert_array_equal(worlds.probabilities(path), places(turned, key))
    assert worlds.keys([]).size == 0


@BOTH
@pytest.mark.parametrize("n", [1, 2, 3, 255, 256, 257, 1000])
def test_a_world_does_not_depend_on_how_many_there_are(
    n: int, correlations: Sequence[Correlation]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        few = table(drawn(n, correlations=correlations))
    np.testing.assert_array_equal(few, table(drawn(5000, correlations=correlations))[:n])


@BOTH
def test_chunks_are_slices(correlations: Sequence[Correlation]) -> None:
    worlds = drawn(1000, correlations=correlations)
    whole = table(worlds)
    for start, stop in ((0, 1), (3, 260), (512, 1000), (999, 1000)):
        np.testing.assert_array_equal(table(worlds.chunk(start, stop)), whole[start:stop])
    np.testing.assert_array_equal(table(worlds.chunk(100, 900).chunk(300, 301)), whole[300:301])


def test_a_chunk_knows_its_numbers() -> None:
    chunk = drawn(1000, seed=0).chunk(256, 512)
    assert (chunk.start, chunk.stop, chunk.n, len(chunk), chunk.seed) == (256, 512, 256, 256, 0)
    np.testing.assert_array_equal(chunk.indices, np.arange(256, 512))


def test_many_worlds_cost_only_their_chunk() -> None:
    worlds = drawn(2**20)
    tracemalloc.start()
    try:
        assert worlds.chunk(2**20 - 256, 2**20).values(SPEED).shape == (256,)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_threads_draw_the_same_worlds() -> None:
    worlds = drawn(4096, correlations=CORRELATED)
    starts = range(0, 4096, 256)
    with ThreadPoolExecutor(4) as pool:
        tables = list(pool.map(lambda start: table(worlds.chunk(start, start + 256)), starts))
    np.testing.assert_array_equal(np.concatenate(tables), table(worlds))


def test_probabilities_are_evenly_spread_inside_the_open_interval() -> None:
    worlds = drawn(4096, correlations=[("red.optimism", "movement.speed", 0.95)])
    for path in worlds.paths:
        u = worlds.probabilities(path)
        assert 0.0 < u.min() < u.max() < 1.0
        assert stats.kstest(u, "uniform").statistic < 0.02


def test_a_certain_quantity_has_its_value_in_every_world() -> None:
    np.testing.assert_array_equal(drawn(5).values(CERTAIN), np.full(5, 700.0))


def test_a_copy_shares_the_draw_of_the_original() -> None:
    copy = [("measures.forward.speed", SPEED)]
    worlds = sample([(q.path, q) for q in QUANTITIES] + copy, 100, 7)
    np.testing.assert_array_equal(table(worlds), table(drawn(100)))


def test_neither_order_nor_certain_quantities_matter() -> None:
    worlds = sample([(q.path, q) for q in (SPEED, DELAY, OPTIMISM)], 100, 7)
    np.testing.assert_array_equal(table(worlds), table(drawn(100)))


def test_neither_do_other_quantities() -> None:
    more = [Uniform("a.first"), *QUANTITIES, Uniform("z.last")]
    worlds = sample([(q.path, q) for q in more], 100, 7)
    np.testing.assert_array_equal(table(worlds), table(drawn(100)))
    assert worlds.paths == ("a.first", *drawn(1).paths, "z.last")


def test_what_became_certain_has_no_place() -> None:
    certain = replace(DELAY, low=0.5, high=0.5)
    worlds = sample([(q.path, q) for q in (certain, OPTIMISM, SPEED)], 100, 7)
    assert worlds.paths == (SPEED.path, OPTIMISM.path)
    for ask in (worlds.probabilities, lambda path: worlds.keys([path])):
        with pytest.raises(InputError, match=r"obstacles.delay: was not among"):
            ask(DELAY.path)


def test_a_partner_that_became_certain_leaves_the_draws_of_the_correlated() -> None:
    as_read = drawn(100, correlations=CORRELATED)
    certain = replace(SPEED, low=30.0, high=30.0)
    pairs = [(q.path, q) for q in (certain, DELAY, OPTIMISM)]
    worlds = sample(pairs, 100, 7, correlations=CORRELATED)
    np.testing.assert_array_equal(worlds.values(OPTIMISM), as_read.values(OPTIMISM))
    assert not np.array_equal(worlds.values(OPTIMISM), drawn(100).values(OPTIMISM))


@BOTH
def test_kept_worlds_are_the_same_and_drawn_once(correlations: Sequence[Correlation]) -> None:
    worlds = drawn(1000, correlations=correlations)
    for kept, fresh in (
        (worlds.kept(), worlds),
        (worlds.kept().apart(), worlds),
        (worlds.kept().chunk(3, 260), worlds.chunk(3, 260)),
        (worlds.kept().chunk(2, 500).chunk(3, 260), worlds.chunk(3, 260)),
        (worlds.kept().chunk(3, 260).apart(), worlds.chunk(3, 260)),
    ):
        np.testing.assert_array_equal(table(kept), table(fresh))
        assert (kept.start, kept.stop, kept.seed) == (fresh.start, fresh.stop, fresh.seed)
        assert kept.kept() is kept
        for one in QUANTITIES:
            assert np.shares_memory(kept.values(one), kept.values(one))
            assert not kept.values(one).flags.writeable
        assert np.shares_memory(kept.probabilities(SPEED.path), kept.probabilities(SPEED.path))
        assert not kept.probabilities(SPEED.path).flags.writeable
        np.testing.assert_array_equal(kept.table(QUANTITIES), fresh.table(QUANTITIES))
        assert np.shares_memory(kept.table(QUANTITIES), kept.table(QUANTITIES))


def test_what_is_asked_apart_is_forgotten_with_it() -> None:
    kept = drawn(100).kept()
    known = kept.values(SPEED)
    apart = kept.apart()
    assert apart.values(SPEED) is known
    apart.values(DELAY), apart.table([SPEED, DELAY]), apart.probabilities(DELAY.path)
    assert not np.shares_memory(kept.values(DELAY), apart.values(DELAY))
    assert not np.shares_memory(kept.table([SPEED, DELAY]), apart.table([SPEED, DELAY]))


def test_certain_numbers_that_are_alike_are_kept_once() -> None:
    kept = drawn(100).kept()
    alike, other = Uniform("units.guns", 700.0, 700.0), Uniform("units.tanks", 31.0, 31.0)
    assert kept.values(alike) is kept.values(CERTAIN)
    assert (kept.values(other) == 31.0).all()
    apart = kept.apart().apart()
    assert apart.values(alike) is kept.values(CERTAIN)
    one = Uniform("units.ships", 4.0, 4.0)
    assert apart.values(one) is apart.values(replace(one, path="units.boats"))
    assert kept.values(one) is not apart.values(one)


@BOTH
def test_worlds_so_many_times_over(correlations: Sequence[Correlation]) -> None:
    once = drawn(40, correlations=correlations)
    thrice = once.times(3)
    assert len(thrice) == thrice.n == 120
    assert thrice.indices.tolist() == 3 * once.indices.tolist()
    for one in QUANTITIES:
        np.testing.assert_array_equal(thrice.values(one), np.tile(once.values(one), 3))
        assert np.shares_memory(thrice.values(one), thrice.values(one))
        assert not thrice.values(one).flags.writeable
    places = once.probabilities(SPEED.path)
    np.testing.assert_array_equal(thrice.probabilities(SPEED.path), np.tile(places, 3))
    np.testing.assert_array_equal(thrice.table(QUANTITIES), np.tile(once.table(QUANTITIES), (3, 1)))
    assert thrice.kept() is thrice
    for part in (thrice.chunk(5, 20), thrice.apart().chunk(5, 20)):
        own = np.tile(once.chunk(5, 20).values(SPEED), 3)
        np.testing.assert_array_equal(part.values(SPEED), own)
    kept = once.kept()
    known = kept.values(SPEED)
    np.testing.assert_array_equal(kept.times(2).values(SPEED), np.concatenate([known, known]))


def test_kept_worlds_do_not_mix_quantities_of_one_path() -> None:
    kept = drawn(100).kept()
    for factor in range(1, 50):  # each is gone before the next is made
        scaled = replace(SPEED, high=20.0 + 20.0 * factor)
        expected = 20.0 + (kept.values(SPEED) - 20.0) * factor
        np.testing.assert_allclose(kept.values(scaled), expected)


def test_seeds_differ() -> None:
    assert not np.array_equal(table(drawn(10, seed=0)), table(drawn(10, seed=1)))


def test_a_scenario_without_uncertainty_can_be_sampled() -> None:
    worlds = sample([("units.people", CERTAIN)], 10, 0)
    assert worlds.paths == ()
    np.testing.assert_array_equal(worlds.values(CERTAIN), np.full(10, 700.0))


@pytest.mark.parametrize("rank", [-0.9, -0.3, 0.5, 0.8])
def test_rank_correlation_is_as_asked(rank: float) -> None:
    worlds = drawn(2**16, correlations=[("red.optimism", "movement.speed", rank)])
    got = stats.spearmanr(worlds.values(OPTIMISM), worlds.values(SPEED)).statistic
    assert got == pytest.approx(rank, abs=0.02)
    assert stats.spearmanr(
        worlds.values(OPTIMISM), worlds.values(DELAY)
    ).statistic == pytest.approx(0.0, abs=0.02)


def test_correlation_leaves_the_other_quantities_alone() -> None:
    np.testing.assert_array_equal(
        drawn(100, correlations=CORRELATED).values(DELAY), drawn(100).values(DELAY)
    )


def test_correlation_with_a_certain_quantity_changes_no_distribution() -> None:
    worlds = drawn(4096, correlations=[("units.people", "movement.speed", 0.6)])
    for one in (CERTAIN, DELAY, OPTIMISM):
        np.testing.assert_array_equal(worlds.values(one), drawn(4096).values(one))
    assert stats.kstest(worlds.probabilities(SPEED.path), "uniform").statistic < 0.02


def test_contradictory_correlations_are_refused_by_name() -> None:
    a, b, c = SPEED.path, DELAY.path, OPTIMISM.path
    with pytest.raises(InputError, match=r"\(movement.speed, obstacles.delay, 0.9\).*contradict"):
        drawn(10, correlations=[(a, b, 0.9), (b, c, 0.9), (a, c, -0.9)])


@pytest.mark.parametrize(
    "correlation,message",
    [
        (("red.optimism", "blue.optimism", 0.5), "blue.optimism is no quantity"),
        (("red.optimism", "red.optimism", 0.5), "two different quantities"),
        (("red.optimism", "movement.speed", 1.0), "between -1 and 1"),
        (("red.optimism", "movement.speed", float("nan")), "between -1 and 1"),
    ],
)
def test_a_malformed_correlation_is_refused(correlation: Correlation, message: str) -> None:
    with pytest.raises(InputError, match=message):
        drawn(10, correlations=[correlation])


def test_a_correlation_given_twice_is_refused() -> None:
    with pytest.raises(InputError, match="given once"):
        drawn(
            10,
            correlations=[
                ("red.optimism", "movement.speed", 0.5),
                ("movement.speed", "red.optimism", 0.4),
            ],
        )


def test_an_unsampled_quantity_is_refused_by_path() -> None:
    with pytest.raises(InputError, match=r"blue.optimism: was not among"):
        drawn(10).values(Uniform("blue.optimism"))


@pytest.mark.parametrize(
    "n,seed", [(0, 0), (-1, 0), (2**32 + 1, 0), (1.5, 0), (1, -1), (1, 2**64), (1, None)]
)
def test_numbers_out_of_range_are_refused(n: int, seed: int) -> None:
    with pytest.raises(InputError, match="must be"):
        drawn(n, seed=seed)


def test_the_last_world_can_be_drawn() -> None:
    worlds = drawn(2**32).chunk(2**32 - 256, 2**32)
    assert np.unique((worlds.probabilities(SPEED.path) * 256).astype(int)).size == 256


@pytest.mark.parametrize("start,stop", [(-1, 5), (5, 5), (5, 4), (0, 11)])
def test_a_chunk_out_of_range_is_refused(start: int, stop: int) -> None:
    with pytest.raises(InputError, match="range within 0:10"):
        drawn(10).chunk(start, stop)
