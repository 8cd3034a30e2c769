"""Luck: the generator against its published answers, and the addresses against collisions."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit
from numpy.typing import NDArray
from scipy import stats

from glacis.errors import InputError
from glacis.streams import (
    Stream,
    entity_hash,
    entity_hashes,
    normal,
    normal_quantile,
    philox4x32,
    split_seed,
    stream_word,
    uniform,
)

# Random123's tests/kat_vectors, lines "philox4x32 10": counter, key, answer.
KNOWN_ANSWERS = (
    (
        "00000000 00000000 00000000 00000000",
        "00000000 00000000",
        "6627e8d5 e169c58d bc57ac4c 9b00dbd8",
    ),
    (
        "ffffffff ffffffff ffffffff ffffffff",
        "ffffffff ffffffff",
        "408f276d 41c83b0e a20bc7c6 6d5451fd",
    ),
    (
        "243f6a88 85a308d3 13198a2e 03707344",
        "a4093822 299f31d0",
        "d16cfe09 94fdcceb 5001e420 24126ea1",
    ),
)
ENDS = (0, 1, 2**23, 2**24 - 1)
WORDS = st.integers(0, 2**32 - 1)

# Run in both modes; prints exact results of arguments of every kind a kernel or a caller may pass.
BOTH_MODES = """
import numpy as np
from glacis.streams import Stream, normal, normal_quantile, philox4x32, uniform

print(*(int(word) for word in philox4x32(2**32 - 1, 2**32 - 2, 3, 2**31, 2**32 - 1, 2**31)))
for entity in np.array([0, 7, 2**32 - 1], dtype=np.uint32):
    address = (2**32 - 1, 5, np.int64(9), Stream.OBSTACLE, 2**24 - 1, entity, 2**32 - 1)
    print(float(uniform(*address)).hex(), float(normal(*address)).hex())
for p in (2.0**-53, 1e-12, 0.07, 0.3, 0.5, 0.93, 1.0 - 2.0**-53):
    print(float(normal_quantile(p)).hex())
"""


def words(text: str) -> tuple[int, ...]:
    return tuple(int(word, 16) for word in text.split())


@njit
def uniforms(seed_words: tuple[int, int], stream: int, entity: int, n: int) -> NDArray[np.float64]:
    drawn = np.empty(n)
    for world in range(n):
        drawn[world] = uniform(seed_words[0], seed_words[1], world, stream, 0, entity, 0)
    return drawn


@pytest.mark.parametrize("counter,key,answer", KNOWN_ANSWERS)
def test_philox_gives_the_published_answers(counter: str, key: str, answer: str) -> None:
    assert philox4x32(*words(counter), *words(key)) == words(answer)


@pytest.mark.parametrize("counter,key,answer", KNOWN_ANSWERS)
def test_philox_as_plain_python_gives_the_published_answers(
    counter: str, key: str, answer: str
) -> None:
    plain = getattr(philox4x32, "py_func", philox4x32)
    assert plain(*words(counter), *words(key)) == words(answer)


def test_plain_python_and_compiled_code_give_the_same_bits() -> None:
    def printed(disable_jit: str) -> str:
        environment = {**os.environ, "NUMBA_DISABLE_JIT": disable_jit}
        command = [sys.executable, "-W", "error", "-c", BOTH_MODES]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, check=True
        ).stdout

    assert printed("0") == printed("1")


def test_no_two_streams_collide() -> None:
    addresses = list(itertools.product(Stream, ENDS))
    assert len({int(stream_word(stream, step)) for stream, step in addresses}) == len(addresses)
    assert all(0 < stream < 2**8 for stream in Stream)


@given(st.tuples(*[WORDS] * 4), st.tuples(*[WORDS] * 4), st.tuples(WORDS, WORDS))
def test_different_addresses_give_different_blocks(
    one: tuple[int, int, int, int], other: tuple[int, int, int, int], key: tuple[int, int]
) -> None:
    assert (one == other) == (philox4x32(*one, *key) == philox4x32(*other, *key))


def test_a_step_too_large_does_not_reach_into_the_stream() -> None:
    assert stream_word(Stream.ALERT, 2**24 + 5) == stream_word(Stream.ALERT, 5)


def test_every_part_of_the_address_matters() -> None:
    address = [1, 2, 3, 4, 5, 6, 7]
    drawn = {uniform(*address)}
    for part in range(len(address)):
        drawn.add(uniform(*(value + (index == part) for index, value in enumerate(address))))
    assert len(drawn) == 1 + len(address)


def test_uniforms_are_uniform() -> None:
    drawn = uniforms(split_seed(0), Stream.ENGAGEMENT, entity_hash("vdv-104"), 20_000)
    counts = np.histogram(drawn, bins=50, range=(0.0, 1.0))[0]
    assert stats.chisquare(counts).pvalue > 1e-3
    assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 0.03


def test_streams_and_entities_are_independent() -> None:
    first = uniforms(split_seed(7), Stream.ALERT, 1, 20_000)
    for stream, entity in ((Stream.READINESS, 1), (Stream.ALERT, 2)):
        other = uniforms(split_seed(7), stream, entity, 20_000)
        counts = np.histogram2d(first, other, bins=8, range=((0, 1), (0, 1)))[0]
        assert stats.chisquare(counts.ravel()).pvalue > 1e-3


@given(st.tuples(*[WORDS] * 7))
def test_uniform_is_inside_the_open_interval(
    address: tuple[int, int, int, int, int, int, int],
) -> None:
    assert 0.0 < uniform(*address) < 1.0
    assert uniform(*address) * 2.0**53 % 2.0 == 1.0


def test_normal_is_the_quantile_of_the_uniform() -> None:
    address = (1, 2, 3, Stream.QUALITY, 5, 6, 7)
    assert normal(*address) == pytest.approx(stats.norm.ppf(uniform(*address)), rel=1e-12)


def test_normal_quantile_agrees_with_scipy() -> None:
    tails = np.geomspace(2.0**-53, 0.5, 400)
    probabilities = np.concatenate([tails, 1.0 - tails, np.linspace(0.001, 0.999, 401)])
    quantiles = [normal_quantile(p) for p in probabilities]
    np.testing.assert_allclose(quantiles, stats.norm.ppf(probabilities), rtol=1e-12, atol=1e-12)


def test_normal_quantile_agrees_with_the_published_values() -> None:
    # Wichura (1988), table of test values.
    assert normal_quantile(0.25) == pytest.approx(-0.6744897501960817, rel=1e-15)
    assert normal_quantile(0.001) == pytest.approx(-3.090232306167814, rel=1e-15)
    assert normal_quantile(1e-20) == pytest.approx(-9.262340089798408, rel=1e-15)


@pytest.mark.parametrize(
    "seed,key", [(0, (0, 0)), (2**32 + 5, (5, 1)), (2**64 - 1, (2**32 - 1, 2**32 - 1))]
)
def test_a_seed_is_two_words(seed: int, key: tuple[int, int]) -> None:
    assert split_seed(seed) == key
    assert split_seed(np.uint64(seed)) == key


@pytest.mark.parametrize("seed", [-1, 2**64, 1.0, "7", None])
def test_a_seed_out_of_range_is_refused(seed: object) -> None:
    with pytest.raises(
        InputError, match=r"seed: must be .* from 0 to 2\*\*64 - 1|seed: must be from 0"
    ):
        split_seed(seed)  # type: ignore[arg-type]  # what is refused


def test_entity_hashes_never_change() -> None:
    # Results on disk depend on them.
    assert entity_hash("riga") == 0x4758E29B
    assert entity_hashes(["riga", "tallinn"]).tolist() == [
        entity_hash("riga"),
        entity_hash("tallinn"),
    ]
    assert entity_hashes([]).dtype == np.uint32


def test_colliding_entities_are_refused_by_name() -> None:
    assert entity_hash("brigade-61905") == entity_hash("brigade-69245")
    with pytest.raises(InputError, match=r"'brigade-61905' and 'brigade-69245'"):
        entity_hashes(["riga", "brigade-61905", "brigade-69245"])


def test_an_entity_given_twice_is_refused() -> None:
    with pytest.raises(InputError, match=r"'riga' and 'riga'"):
        entity_hashes(["riga", "riga"])
