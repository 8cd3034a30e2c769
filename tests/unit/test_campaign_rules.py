"""The engine's rules one by one, against closed forms and the regimes they were given."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glacis.campaign.combat import (
    intensity,
    loss_rates,
    luck_spread,
    posture_factor,
    surprise_factor,
    tempo,
)
from glacis.campaign.engagement import ATTACKER_WINS, DEFENDER_WINS, UNDECIDED, fight
from glacis.campaign.movement import advance_rate
from glacis.campaign.obstacles import readiness
from glacis.campaign.state import WORLD, table

RATES = (95.0, 30.0, 3.0, 0.2)
KNOTS = (0.12, 0.6)


def combat(**numbers: float) -> np.recarray:
    """One world's combat numbers, those named set and the rest made harmless."""
    world = table(1, WORLD)
    usual = {
        "attacker_loss": 0.03,
        "defender_loss": 0.03,
        "exponent": 0.5,
        "surge_days": 4.0,
        "sustained_tempo": 0.25,
        "press_at": 0.01,
    }
    for name, value in (usual | numbers).items():
        world["combat"][name] = value
    return world[0].combat


@pytest.mark.parametrize(
    "resistance, fort, expected",
    [(0.0, 0.0, 95.0), (0.12, 0.0, 30.0), (0.6, 0.0, 3.0), (0.6, 1.0, 0.2), (1.2, 0.0, 1.5)],
)
def test_advance_passes_through_the_observed_regimes(
    resistance: float, fort: float, expected: float
) -> None:
    assert advance_rate(resistance, fort, RATES, KNOTS) == pytest.approx(expected)


@given(st.floats(0, 50), st.floats(0, 50), st.floats(0, 1), st.floats(0, 1), st.floats(0.05, 0.3))
def test_more_resistance_or_fortification_is_never_faster(
    less: float, more: float, fort: float, higher: float, light_at: float
) -> None:
    less, more = sorted((less, more))
    fort, higher = sorted((fort, higher))
    knots = (light_at, 0.6)
    easy = advance_rate(less, fort, RATES, knots)
    assert 0 < advance_rate(more, higher, RATES, knots) <= easy * (1 + 1e-12)


def test_regimes_in_the_wrong_order_are_still_a_falling_curve() -> None:
    rates = (60.0, 80.0, 90.0, 0.5)  # a draw in which the ranges overlap
    speeds = [advance_rate(q, 0.0, rates, (0.3, 0.2)) for q in (0.0, 0.1, 0.3, 0.5, 1.0)]
    assert speeds == sorted(speeds, reverse=True)


@given(st.floats(0.01, 100), st.floats(0, 1))
def test_losses_follow_helmbold(odds: float, exponent: float) -> None:
    attacker, defender = loss_rates(odds, 0.03, 0.045, exponent)
    assert attacker * defender == pytest.approx(0.03 * 0.045)
    assert defender / 0.045 == pytest.approx(odds**exponent)


def test_the_logarithmic_law_knows_no_odds() -> None:
    assert loss_rates(9.0, 0.03, 0.045, 0.0) == (0.03, 0.045)


def test_tempo_falls_from_full_to_sustained() -> None:
    assert tempo(0.0, 4.0, 0.25) == 1.0
    assert tempo(4.0, 4.0, 0.25) == pytest.approx(0.25 + 0.75 / math.e)
    assert tempo(400.0, 4.0, 0.25) == pytest.approx(0.25)
    assert tempo(1.0, 0.0, 0.25) == 0.25


def test_hopeless_attacks_are_not_pressed() -> None:
    assert intensity(2.0, 0.7, 0.5) == 0.5
    assert intensity(0.35, 0.7, 0.5) == pytest.approx(0.25)


def test_preparation_grows_to_its_factor_and_no_further() -> None:
    factors = [posture_factor(hours, 1.3, 1.5, 24.0) for hours in (-5.0, 0.0, 12.0, 24.0, 99.0)]
    assert factors == pytest.approx([1.3, 1.3, 1.4, 1.5, 1.5])


def test_surprise_decays() -> None:
    assert surprise_factor(0.0, 1.5, 3.0) == 1.5
    assert surprise_factor(3.0, 1.5, 3.0) == pytest.approx(1 + 0.5 / math.e)
    assert surprise_factor(9.0, 1.5, 0.0) == 1.0


@given(st.floats(0, 3), st.floats(0, 0.5))
def test_quality_and_luck_add_up_to_the_dispersion(dispersion: float, share: float) -> None:
    quality, luck = luck_spread(dispersion, share)
    assert 2 * quality**2 + luck**2 == pytest.approx(dispersion**2)
    assert luck**2 <= dispersion**2 / 2 + 1e-12


def test_demolitions_are_prepared_in_proportion() -> None:
    prepared = [readiness(hours, 24.0) for hours in (-3.0, 0.0, 6.0, 24.0, 48.0)]
    assert prepared == pytest.approx([0.0, 0.0, 0.25, 1.0, 1.0])
    assert readiness(0.0, 0.0) == 1.0


def test_an_even_fight_with_even_breakpoints_is_undecided_or_a_tie() -> None:
    won, attacker, defender = fight(1.0, 5.0, combat(), 0.4, 0.4)
    assert won == UNDECIDED
    assert attacker == pytest.approx(defender)


def test_linear_law_against_its_closed_form() -> None:
    # With exponent 1/2 both sides' losses keep the ratio of the log strengths' slopes, so
    # log a * lambda_d = log d * lambda_a along the path only at odds 1: check the start.
    _, attacker, defender = fight(4.0, 0.25, combat(), 9.0, 9.0)
    pressed = 0.25 * tempo(0.0, 4.0, 0.25)
    assert -math.log(attacker) == pytest.approx(0.03 / 2 * pressed)
    assert -math.log(defender) == pytest.approx(0.03 * 2 * pressed)


def test_strong_attackers_win_and_weak_ones_lose() -> None:
    assert fight(30.0, 30.0, combat(), 0.3, 0.3)[0] == ATTACKER_WINS
    assert fight(1 / 30, 60.0, combat(), 0.3, 0.3)[0] == DEFENDER_WINS


def test_a_vanished_side_ends_the_fight() -> None:
    _, attacker, defender = fight(1e9, 500.0, combat(exponent=1.0), 2.0, 2.0)
    assert defender < 1e-6 < attacker


def test_no_field_hides_behind_an_attribute_of_numpys_records() -> None:
    from glacis.campaign import assets, results, state

    tables = (state.WORLD, state.FORCE, state.PLACE, state.ROAD, state.SCENE)
    for dtype in (*tables, results.SUMMARY, results.DAY, assets.ASSET, assets.STOCK):
        nested = [dtype[name].names or () for name in dtype.names or ()]
        names = {*(dtype.names or ()), *(name for inner in nested for name in inner)}
        assert not names & set(dir(np.void)), names & set(dir(np.void))
