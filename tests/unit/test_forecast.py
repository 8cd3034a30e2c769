"""Forecasts: calibrated, out of fold, and never surer than they may be."""

from __future__ import annotations

import numpy as np
import pytest

from glacis.forecast import (
    FOLDS,
    RIDGE,
    Candidates,
    Columns,
    Task,
    chance,
    learn,
    learnt_on,
    mean,
    told_together,
)
from glacis.jit import load_kernels

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


@pytest.mark.parametrize("worlds", [50, 500])
def test_what_always_happens_is_as_sure_as_so_many_can_make_it(worlds: int) -> None:
    luck = np.random.Generator(np.random.Philox(4))
    columns = Columns(np.zeros((worlds, 1)), Candidates.of(luck.random((worlds, 3))))
    others = 0.8 * worlds
    surest = (others + 1) / (others + 2)
    assert chance(np.ones(worlds), columns) == pytest.approx(np.full(worlds, surest))
    assert chance(np.zeros(worlds), columns) == pytest.approx(np.full(worlds, 1 - surest))


@pytest.mark.parametrize("worlds", [1, 4, 5, 12, 1_024])
def test_a_fold_is_learnt_on_all_worlds_but_its_own(worlds: int) -> None:
    folds = np.arange(worlds) % FOLDS
    assert learnt_on(worlds).tolist() == [*(int((folds != k).sum()) for k in range(FOLDS)), worlds]


def test_what_has_seen_all_is_surer_than_what_has_not() -> None:
    task = Task(np.zeros(100), np.zeros((100, 1)), is_share=True)
    (learnt,) = learn([task], Candidates.of(np.zeros((100, 1))))
    told = learnt.told(
        Columns(np.zeros((2, 1)), Candidates.of(np.zeros((2, 1)))), np.array([0, 100])
    )
    assert told == pytest.approx([1 / 82, 1 / 102])


def test_results_told_together_are_as_told_one_by_one(drawn: tuple[np.ndarray, Columns]) -> None:
    log_odds, columns = drawn
    results = ((happened(log_odds), True), (np.exp(log_odds), False), (np.ones(WORLDS), True))
    learnt = learn([Task(one, columns.known, share) for one, share in results], columns.candidates)
    assert {len(one.chosen) for one in learnt} == {0, 2}
    worlds, at = np.arange(WORLDS), np.stack([columns.known, columns.known + 0.5])
    for states in (None, at):
        together = told_together(learnt, columns, worlds, at=states)
        apart = [one.told(columns, worlds, at=states) for one in learnt]
        assert np.array_equal(together, np.stack(apart))
    assert together[1].max() > 1 > together[0].max()


def test_a_rare_event_is_foretold_below_one_in_two_hundred() -> None:
    # What happens in one world of a hundred is all but ruled out in most of them.
    luck = np.random.Generator(np.random.Philox(6))
    known = luck.normal(size=(1_000, 1))
    told = chance(
        (known[:, 0] > 2.3).astype(float), Columns(known, Candidates.of(np.zeros((1_000, 1))))
    )
    assert np.median(told) < 0.005


def test_what_one_column_decides_stays_within_bounds() -> None:
    known = np.linspace(-1, 1, 400)[:, None]
    told = chance(
        (known[:, 0] > 0).astype(float), Columns(known, Candidates.of(np.zeros((400, 1))))
    )
    assert ((told > 0.5) == (known[:, 0] > 0)).mean() > 0.97
    assert told.max() <= 321 / 322


def test_a_mean_is_a_line(drawn: tuple[np.ndarray, Columns]) -> None:
    _, columns = drawn
    result = 3 + 2 * columns.known[:, 1] + 5 * columns.candidates.table[:, 11]
    assert mean(result, columns) == pytest.approx(result, abs=0.15)


@pytest.mark.parametrize("worlds", [1, 2, 4])
def test_few_worlds(worlds: int) -> None:
    columns = Columns(np.zeros((worlds, 2)), Candidates.of(np.full((worlds, 3), 0.5)))
    told = chance(np.ones(worlds), columns)
    assert ((told >= 0.5) & (told < worlds / (worlds + 1) + 1e-12)).all()
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


# ---- one line, against closed forms -------------------------------------------------------------


def fitted(table: np.ndarray, result: np.ndarray, *, is_share: bool) -> np.ndarray:
    """Centres, spreads and weights of the line that all worlds tell of, as the kernel has them."""
    looks = np.ones((FOLDS + 1, table.shape[1]), dtype=np.bool_)
    lines = np.empty((FOLDS + 1, 3, table.shape[1] + 1))
    load_kernels("glacis.forecast_kernel").fit(table, result, is_share, looks, lines)
    return lines[FOLDS]


@pytest.fixture
def rows() -> np.ndarray:
    table = np.random.Generator(np.random.Philox(9)).normal(2.0, 3.0, size=(60, 4))
    table[:, 3] = 5.0  # tells nothing
    return table


def scaled(rows: np.ndarray) -> np.ndarray:
    spread = np.where(rows.std(axis=0) > 0, rows.std(axis=0), 1.0)
    return np.column_stack([np.ones(len(rows)), (rows - rows.mean(axis=0)) / spread])


def test_a_line_is_that_of_ridge_regression(rows: np.ndarray) -> None:
    result = rows @ [1.0, -2.0, 0.5, 0.0] + np.sin(rows[:, 0])
    line = fitted(rows, result, is_share=False)
    assert line[0, 1:] == pytest.approx(rows.mean(axis=0))
    assert line[1, 1:4] == pytest.approx(rows.std(axis=0)[:3])
    assert line[1, 4] == 1.0
    table = scaled(rows)
    penalty = np.diag([0.0, *[RIDGE] * 4])
    closed = np.linalg.solve(table.T @ table + penalty, table.T @ result)
    assert line[2] == pytest.approx(closed, abs=1e-9)


@pytest.mark.parametrize("rare", [False, True])
def test_a_logit_is_at_the_least_of_its_cost(rows: np.ndarray, rare: bool) -> None:
    result = (rows[:, 0] > 2.0).astype(float) if not rare else np.eye(1, 60, 7)[0]
    weights = fitted(rows, result, is_share=True)[2]
    table, share = scaled(rows), np.clip(result.mean(), 1 / 62, 61 / 62)
    penalty = np.array([1e-6, *[RIDGE * 4 * share * (1 - share)] * 4])
    told = 1 / (1 + np.exp(-table @ weights))
    assert table.T @ (result - told) - penalty * weights == pytest.approx(np.zeros(5), abs=1e-6)


def test_a_result_that_never_changes_gives_its_share_alone(rows: np.ndarray) -> None:
    weights = fitted(rows, np.ones(60), is_share=True)[2]
    assert np.abs(weights[1:]).max() < 1e-6
    assert weights[0] >= np.log(61) - 1e-6


def test_steps_are_shortened_until_they_gain() -> None:
    # Nothing separates better, and nothing is scaled: the first step goes far too far.
    luck = np.random.Generator(np.random.Philox(5))
    table = np.column_stack([np.ones(40), 30 * luck.normal(size=(40, 6))])
    weights = np.empty(7)
    fit = load_kernels("glacis.forecast_kernel").fit_logit
    fit(table, (table[:, 1] > 0).astype(float), weights)
    assert np.isfinite(weights).all()
    told = 1 / (1 + np.exp(-table @ weights))
    assert ((told > 0.5) == (table[:, 1] > 0)).all()
