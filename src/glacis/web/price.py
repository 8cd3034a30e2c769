"""The one number by which postures are told cheap or dear."""

from __future__ import annotations

from glacis.assess.variables import Variables
from glacis.campaign.statistics import statistics
from glacis.scenario.model import Scenario


def price_view(scenario: Scenario) -> dict[str, str]:
    """Unit and meaning of a scenario's price."""
    loss = scenario.loss
    if loss is None:
        return {"unit": "meur", "note": "a year, without what it costs to buy"}
    above = scenario.postures[loss.above].name
    return {
        "unit": "beur",
        "note": f"above {above}, bought and kept for {loss.years:g} years, at present value",
    }


def price_of(scenario: Scenario, found: Variables) -> float | None:
    """What a posture costs, over its worlds; of a scenario without losses its cost a year."""
    if scenario.loss is None:
        return statistics(found["annual_cost"].values)["mean"]
    cost = found["expected_loss"].values - found["loss_without_posture"].values
    return statistics(cost)["mean"]


__all__ = ["price_of", "price_view"]
