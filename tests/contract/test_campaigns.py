"""Every bundled war keeps the books: nothing lost, nothing invented, nothing undefined."""

from __future__ import annotations

import numpy as np
import pytest

from glacis.campaign.compile import compile_option
from glacis.campaign.record import Campaign
from glacis.campaign.run import Response, draw_worlds, run_campaign
from glacis.campaign.state import FALLS_AFTER_HOURS
from glacis.scenario.read import bundled_names, read_scenario

RUNS = 60
CASES = [
    (name, option)
    for name in [*bundled_names(), "template"]
    for option in read_scenario(name).options
]


@pytest.fixture(scope="module", params=CASES, ids="-".join)
def case(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A bundled scenario and one of its options."""
    found: tuple[str, str] = request.param
    return found


def played(case: tuple[str, str], response: Response) -> Campaign:
    name, option = case
    return run_campaign(read_scenario(name), option=option, response=response, runs=RUNS)


def test_everything_is_defined(case: tuple[str, str]) -> None:
    campaign = played(case, "full")
    for name, values in campaign.dataset.data_vars.items():
        assert not np.isnan(values.to_numpy()).any(), name
        if values.attrs.get("units") != "h":  # an hour is infinite where a thing did not happen
            assert np.isfinite(values.to_numpy()).all(), name
    assert np.isfinite(campaign.values("first_crossing")).all()


def test_hours_are_in_order(case: tuple[str, str]) -> None:
    figures = played(case, "none").dataset
    reached, falls = figures["reached"].to_numpy(), figures["falls"].to_numpy()
    fell = np.isfinite(falls)
    assert (falls[fell] >= reached[fell] + FALLS_AFTER_HOURS - 1e-9).all()


def test_nobody_reinforces_who_was_not_called(case: tuple[str, str]) -> None:
    campaign = played(case, "none")
    assert campaign.values("called").sum() == 0
    assert (played(case, "full").values("in_place") <= played(case, "full").values("called")).all()


def test_people_are_neither_made_nor_lost(case: tuple[str, str]) -> None:
    name, option = case
    scenario = read_scenario(name)
    campaign = played(case, "full")
    posture = campaign.dataset.attrs["posture"]
    compiled = compile_option(scenario.posture(posture), option)
    draws = compiled.draws(draw_worlds(scenario, RUNS, 1))
    people = draws.forces["people"] * draws.forces["whole"]
    forward = compiled.forces["forward"] == 1
    fates = sum(campaign.values(f"forward_{fate}") for fate in ("destroyed", "withdrawn", "intact"))
    assert np.allclose(people[:, forward].sum(axis=1), fates)
    for side, word in ((0, "blue"), (1, "red")):
        there = people[:, compiled.forces["side"] == side].sum(axis=1)
        assert (campaign.losses(word) + campaign.losses(word, "captured") <= there + 1e-6).all()
