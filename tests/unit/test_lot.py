"""Quantities drawn together: that changes nothing but the time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from glacis.campaign.lot import Lot
from glacis.errors import InputError
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario
from glacis.worlds import sample


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return read_scenario("baltic")


@pytest.mark.parametrize("start, stop", [(0, 256), (255, 258), (1023, 1025), (1999, 2000)])
def test_a_lot_draws_what_worlds_draw(scenario: Scenario, start: int, stop: int) -> None:
    quantities = tuple({one.path: one for _, one in scenario.quantities()}.values())
    assert {one.shape for one in quantities} >= {"certain", "pert", "uniform"}
    worlds = sample(scenario.quantities(), 2000, 3).chunk(start, stop)
    drawn = Lot(quantities).values(worlds)
    expected = np.array([worlds.values(one) for one in quantities])
    assert drawn.tobytes() == expected.tobytes()


def test_correlated_quantities_stay_correlated(scenario: Scenario) -> None:
    names = [(path, one) for path, one in scenario.quantities() if one.shape == "pert"][:3]
    pair = (names[0][1].path, names[2][1].path, 0.8)
    worlds = sample(names, 512, 1, correlations=[pair])
    drawn = Lot(tuple(one for _, one in names)).values(worlds)
    assert np.corrcoef(drawn)[0, 2] > 0.7
    assert drawn.tobytes() == np.array([worlds.values(one) for _, one in names]).tobytes()


@pytest.mark.parametrize("mode", [0.0, 0.01, 0.5, 0.97, 1.0])
def test_modes_at_the_ends(scenario: Scenario, mode: float) -> None:
    given = next(one for _, one in scenario.quantities() if one.shape == "pert")
    one = replace(given, low=-3.0, mode=-3.0 + 7.0 * mode, high=4.0, path="a.b")
    worlds = sample([("a.b", one)], 4096, 2)
    (drawn,) = Lot((one,)).values(worlds)
    assert drawn.tobytes() == worlds.values(one).tobytes()
    assert -3.0 <= drawn.min() < drawn.max() <= 4.0


def test_what_was_not_sampled_is_told(scenario: Scenario) -> None:
    first, second = [(p, one) for p, one in scenario.quantities() if one.shape == "pert"][:2]
    with pytest.raises(InputError, match=r"was not among the quantities sampled"):
        Lot((second[1],)).values(sample([first], 4, 1))


def test_an_empty_lot(scenario: Scenario) -> None:
    assert Lot(()).values(sample(scenario.quantities(), 4, 1)).shape == (0, 4)
