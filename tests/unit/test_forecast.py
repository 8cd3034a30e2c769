"""Forecasts: calibrated, out of fold, and never surer than they may be."""

from __future__ import annotations

import numpy as np
import pytest

from glacis import forecast
from glacis.forecast import FOLDS, SUREST, Candidates, Columns, chance, mean

WORLDS = 3_000


@pytest.fixture
def drawn() -> tuple[np.ndarray, Columns]:
    """Log odds, and columns of which three matter."""
    luck = np.random.Generator(np.random.Philox(1))
    known, candidates = luck.normal(size=(WORLDS, 2)), luck.random((WORLDS, 200))
    log_odds = 1.2 * known[:, 0] + 4 * (candidates[:, 7] - 0.5) - 3 * (candidates[:, 90] - 0.5)
    return log_odds, Columns(known, Candidates.of(candidates))


def happened(log_odds: np.ndarray, seed: int = 2) -> np.ndarray:
    luck = np.random.Generator(np.random.Philox(seed))
    return (luck.random(len(log_odds)) < 1 / (1 + np.exp(-log_odds))).astype(float)


def test_a_chance_is_near_the_true_one(drawn: tuple[np.ndarray, Columns]) -> None:
    log_odds, columns = drawn
    told = chance(happened(log_odds), columns)
    true = 1 / (1 + np.exp(-log_odds))
    assert np.abs(told - true).mean() < 0.08
    assert np.abs(told.mean() - true.mean()) < 0.02
    z = np.log(told / (1 - told))
    slope = np.polyfit(z, log_odds, 1)[0]
    assert 0.8 < slope < 1.25


def test_it_is_out_of_fold(drawn: tuple[np.ndarray, Columns]) -> None:
    """What happens in one fold does not move that fold's own forecasts."""
    log_odds, columns = drawn
    outcome = happened(log_odds)
    told = chance(outcome, columns)
    own = np.arange(WORLDS) % FOLDS == 2
    turned = np.where(own, 1 - outcome, outcome)
    again = chance(turned, columns)
    assert again[own] == pytest.approx(told[own])
    assert np.abs(again[~own] - told[~own]).max() > 0.01


def test_luck_cannot_be_foretold() -> None:
    luck = np.random.Generator(np.random.Philox(3))
    columns = Columns(luck.normal(size=(WORLDS, 2)), Candidates.of(luck.random((WORLDS, 300))))
    told = chance(happened(np.zeros(WORLDS)), columns)
    assert told.mean() == pytest.approx(0.5, abs=0.03)
    assert told.std() < 0.12


def test_what_always_happens_is_not_certain() -> None:
    columns = Columns(
        np.zeros((50, 1)), Candidates.of(np.random.Generator(np.random.Philox(4)).random((50, 3)))
    )
    assert chance(np.ones(50), columns) == pytest.approx(np.full(50, SUREST))
    assert chance(np.zeros(50), columns) == pytest.approx(np.full(50, 1 - SUREST))


def test_what_one_column_decides_stays_within_bounds() -> None:
    known = np.linspace(-1, 1, 400)[:, None]
    told = chance(
        (known[:, 0] > 0).astype(float), Columns(known, Candidates.of(np.zeros((400, 1))))
    )
    assert ((told > 0.5) == (known[:, 0] > 0)).mean() > 0.97
    assert told.max() <= SUREST


def test_a_mean_is_a_line(drawn: tuple[np.ndarray, Columns]) -> None:
    _, columns = drawn
    result = 3 + 2 * columns.known[:, 1] + 5 * columns.candidates.table[:, 11]
    assert mean(result, columns) == pytest.approx(result, abs=0.15)


@pytest.mark.parametrize("worlds", [1, 2, 4])
def test_few_worlds(worlds: int) -> None:
    columns = Columns(np.zeros((worlds, 2)), Candidates.of(np.full((worlds, 3), 0.5)))
    told = chance(np.ones(worlds), columns)
    assert ((told >= 0.5) & (told <= SUREST)).all()
    assert np.isfinite(mean(np.arange(worlds, dtype=float), columns)).all()


def test_a_single_world_is_not_told_its_own_result() -> None:
    columns = Columns(np.zeros((1, 2)), Candidates.of(np.full((1, 3), 0.5)))
    assert chance(np.ones(1), columns) == pytest.approx([0.5])


def test_few_worlds_are_not_overconfident(drawn: tuple[np.ndarray, Columns]) -> None:
    log_odds, columns = drawn
    part = Columns(columns.known[:200], Candidates.of(columns.candidates.table[:200]))
    told = chance(happened(log_odds)[:200], part)
    z = np.log(told / (1 - told))
    assert np.polyfit(z, log_odds[:200], 1)[0] > 0.75


def test_steps_are_shortened_until_they_gain() -> None:
    luck = np.random.Generator(np.random.Philox(5))
    table = np.column_stack([np.ones(40), 30 * luck.normal(size=(40, 6))])
    result = (table[:, 1] > 0).astype(float)
    weights = forecast._logit(table, result)
    assert np.isfinite(weights).all()
