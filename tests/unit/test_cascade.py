"""The chain of crises: closed forms, a simulation, and what must hold whatever the numbers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from glacis.ripple.cascade import (
    GOING_ON,
    MAX_HAZARD,
    OVER,
    QUIET,
    Chain,
    each,
    numbers,
    spread,
    states,
)

NEVER = 1e-12
"""A rate of ending at which no crisis ends within the years that are looked at."""


def chain(
    hazards: list[list[float]],
    years: list[float],
    *,
    rise: float = 1.0,
    ending: float = NEVER,
    groups: tuple[int, ...] | None = None,
) -> Chain:
    """One world: hazards by piece and theatre."""
    return Chain(
        hazards=np.array([hazards], dtype=float).reshape(1, len(years), -1),
        years=np.array([years], dtype=float),
        rise=np.array([rise]),
        ending=np.array([ending]),
        groups=groups if groups is not None else (0,) * len(hazards[0]),
    )


def test_states_count_in_threes() -> None:
    assert states(0).shape == (1, 0)
    assert states(1).tolist() == [[QUIET], [GOING_ON], [OVER]]
    assert states(2)[5].tolist() == [OVER, GOING_ON]
    assert len(np.unique(states(3), axis=0)) == 27


def test_independent_theatres_are_independent() -> None:
    rates = np.array([0.02, 0.3, 1.1])
    found = spread(chain([rates.tolist()] * 2, [1.5, 3.5], ending=0.7))
    alone = 1 - np.exp(-5 * rates)
    assert each(found, 3)[0] == pytest.approx(alone, rel=1e-12)
    assert numbers(found, 3)[0, 0] == pytest.approx(np.exp(-5 * rates.sum()), rel=1e-12)
    assert numbers(found, 3)[0, 3] == pytest.approx(alone.prod(), rel=1e-12)


@pytest.mark.parametrize("ending", [1e-6, 0.4, 0.5, 3.0, 200.0])
def test_a_crisis_lasts_as_long_as_it_should(ending: float) -> None:
    """One theatre: going on at the end with h (e^-ht - e^-dt) / (d - h)."""
    h, t = 0.5 + 1e-9, 4.0
    found = spread(chain([[h]], [t], ending=ending))[0]
    going = h * (np.exp(-h * t) - np.exp(-ending * t)) / (ending - h)
    assert found[GOING_ON] == pytest.approx(going, rel=1e-6)
    assert found[QUIET] == pytest.approx(np.exp(-h * t), rel=1e-12)
    assert found.sum() == pytest.approx(1.0, abs=1e-13)


def test_one_crisis_raises_the_other_by_the_closed_form() -> None:
    """Two theatres, crises that never end: the second comes at r times its hazard."""
    a, b, r, t = 0.08, 0.05, 2.5, 5.0
    found = spread(chain([[a, b]], [t], rise=r))
    none = np.exp(-(a + b) * t)
    only_a = a * (none - np.exp(-r * b * t)) / (r * b - a - b)
    only_b = b * (none - np.exp(-r * a * t)) / (r * a - a - b)
    assert numbers(found, 2)[0] == pytest.approx(
        [none, only_a + only_b, 1 - none - only_a - only_b], rel=1e-9
    )
    assert each(found, 2)[0] == pytest.approx([1 - none - only_b, 1 - none - only_a], rel=1e-9)


def test_pieces_of_one_hazard_are_one_piece() -> None:
    rates = [0.1, 0.2, 0.05]
    whole = spread(chain([rates], [5.0], rise=1.8, ending=0.8))
    parts = spread(chain([rates] * 4, [0.0, 1.3, 0.7, 3.0], rise=1.8, ending=0.8))
    assert parts == pytest.approx(whole, abs=1e-14)


def test_groups_do_not_pull_at_each_other() -> None:
    rates = [0.1, 0.2, 0.3]
    apart = spread(chain([rates], [5.0], rise=5.0, ending=0.5, groups=(0, 1, 2)))
    alone = 1 - np.exp(-5 * np.array(rates))
    assert each(apart, 3)[0] == pytest.approx(alone, rel=1e-12)
    paired = spread(chain([rates], [5.0], rise=5.0, ending=0.5, groups=(0, 1, 0)))
    assert each(paired, 3)[0, 1] == pytest.approx(alone[1], rel=1e-12)
    assert (each(paired, 3)[0, [0, 2]] > alone[[0, 2]]).all()


def by_exponentials(one: Chain) -> np.ndarray:
    """The first world's probabilities by exponentials of its matrices of rates."""
    theatres = len(one.groups)
    condition = states(theatres)
    found = np.eye(len(condition))[0]
    for piece, length in enumerate(one.years[0]):
        rates = np.zeros((len(condition), len(condition)))
        for s, k in np.ndindex(condition.shape):
            busy = (condition[s, np.array(one.groups) == one.groups[k]] == GOING_ON).sum()
            begin = min(one.hazards[0, piece, k] * one.rise[0] ** busy, MAX_HAZARD)
            rate = (begin, one.ending[0], 0.0)[condition[s, k]]
            if rate > 0:
                rates[s, s + 3**k] += rate
                rates[s, s] -= rate
        found = found @ expm(rates * length)
    return np.asarray(found)


@pytest.mark.parametrize("most", [1e-4, 0.1, 1.0, 30.0, 300.0])
@pytest.mark.parametrize("theatres", [1, 2, 3, 4])
def test_it_is_what_exponentials_of_matrices_give(theatres: int, most: float) -> None:
    """From few steps in a piece to more than are taken at once."""
    rng = np.random.Generator(np.random.Philox(theatres))
    one = Chain(
        hazards=rng.random((1, 3, theatres)) * most,
        years=rng.random((1, 3)) * 4,
        rise=1 + rng.random(1) * 3,
        ending=0.2 + rng.random(1) * 12,
        groups=tuple(rng.integers(0, 2, theatres).tolist()),
    )
    assert spread(one)[0] == pytest.approx(by_exponentials(one), rel=0, abs=1e-13)


def test_rare_crises_keep_their_digits() -> None:
    """What ends the terms is small beside three crises of a millionth each."""
    rate, t = 1e-6, 5.0
    found = numbers(spread(chain([[rate] * 3], [t], ending=1.0)), 3)[0]
    alone = -np.expm1(-rate * t)
    assert found[1:] == pytest.approx(
        [3 * alone * (1 - alone) ** 2, 3 * alone**2 * (1 - alone), alone**3], rel=1e-9, abs=0
    )


def simulated(one: Chain, rounds: int, seed: int) -> np.ndarray:
    """Share of rounds with so many crises, played event by event."""
    rng = np.random.Generator(np.random.Philox(seed))
    theatres = one.hazards.shape[2]
    groups, counts = np.array(one.groups), np.zeros(theatres + 1)
    for _ in range(rounds):
        state = np.zeros(theatres, dtype=int)
        for piece, length in enumerate(one.years[0]):
            left = length
            while True:
                busy = np.array([((state == GOING_ON) & (groups == g)).sum() for g in groups])
                begin = one.hazards[0, piece] * one.rise[0] ** busy * (state == QUIET)
                rates = np.concatenate([begin, one.ending[0] * (state == GOING_ON)])
                total = rates.sum()
                wait = rng.exponential(1 / total) if total > 0 else np.inf
                if wait > left:
                    break
                left -= wait
                state[rng.choice(2 * theatres, p=rates / total) % theatres] += 1
        counts[(state != QUIET).sum()] += 1
    return counts / rounds


def test_it_is_what_a_simulation_finds() -> None:
    one = chain(
        [[0.25, 0.15, 0.3], [0.1, 0.05, 0.2], [0.4, 0.1, 0.1]],
        [1.2, 2.0, 1.8],
        rise=2.5,
        ending=0.6,
        groups=(0, 0, 1),
    )
    rounds = 6_000
    found = numbers(spread(one), 3)[0]
    error = np.sqrt(found * (1 - found) / rounds)
    assert (np.abs(simulated(one, rounds, 11) - found) < 4 * error).all()


rates = st.floats(0, 3)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(rates, min_size=1, max_size=4),
    st.lists(st.floats(0, 4), min_size=1, max_size=3),
    st.floats(1, 10),
    st.floats(0.01, 12),
    st.floats(1, 3),
)
def test_probabilities_and_order(
    hazards: list[float], years: list[float], rise: float, ending: float, more: float
) -> None:
    pieces = [hazards] * len(years)
    found = spread(chain(pieces, years, rise=rise, ending=ending))
    assert (found >= 0).all()
    assert found.sum() == pytest.approx(1.0, abs=1e-12)
    k = len(hazards)
    plain = each(found, k).sum()
    for worse in (
        chain([[h * more for h in hazards]] * len(years), years, rise=rise, ending=ending),
        chain(pieces, years, rise=rise * more, ending=ending),
        chain(pieces, years, rise=rise, ending=ending / more),
        chain(pieces, [t * more for t in years], rise=rise, ending=ending),
    ):
        assert each(spread(worse), k).sum() >= plain - 1e-12


def test_edges() -> None:
    nothing = spread(chain([[]], [5.0], groups=()))
    assert nothing.tolist() == [[1.0]]
    assert numbers(nothing, 0).tolist() == [[1.0]]
    assert each(nothing, 0).shape == (1, 0)
    quiet = spread(chain([[0.0, 0.0]], [5.0], rise=3.0, ending=1.0))
    assert quiet[0, 0] == pytest.approx(1.0, abs=1e-15)
    assert quiet[0, 1:].max() == 0.0
    at_once = spread(chain([[0.5, 0.5]], [0.0], rise=3.0, ending=1.0))
    assert at_once[0, 0] == pytest.approx(1.0, abs=1e-15)


def test_hazards_without_measure_are_cut() -> None:
    found = spread(chain([[10 * MAX_HAZARD, 0.3]], [1.0], rise=20.0))
    assert np.isfinite(found).all()
    assert each(found, 2)[0] == pytest.approx([1.0, 1 - np.exp(-6.0)], abs=2e-3)


def unlike(n: int) -> Chain:
    """Worlds that need few terms and many."""
    rng = np.random.Generator(np.random.Philox(2))
    return Chain(
        hazards=rng.random((n, 3, 3)) * rng.choice([0.01, 1.0, 30.0], (n, 1, 1)),
        years=rng.random((n, 3)) * 3,
        rise=1 + rng.random(n),
        ending=0.2 + rng.random(n),
        groups=(0, 0, 1),
    )


def test_a_world_does_not_hang_on_its_neighbours() -> None:
    many = unlike(37)
    whole = spread(many)
    for i in (0, 5, 36):
        alone = spread(Chain(*[part[i : i + 1] for part in many[:4]], many.groups))
        assert alone.tobytes() == whole[i : i + 1].tobytes()
        assert numbers(alone, 3).tobytes() == numbers(whole, 3)[i : i + 1].tobytes()


@pytest.mark.parametrize("disable_jit", ["0", "1"])
def test_plain_python_and_compiled_code_give_the_same_bytes(disable_jit: str) -> None:
    code = "import test_cascade as t; print(t.spread(t.unlike(5)).tobytes().hex())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"NUMBA_DISABLE_JIT": disable_jit},
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == spread(unlike(5)).tobytes().hex()
