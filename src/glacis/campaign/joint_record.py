"""What the arms did, as measures of the record: air, bases and ports, arrivals, the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from glacis.campaign.lift import REASONS
from glacis.campaign.state import CALLED_OFF, HALTED
from glacis.campaign.statistics import Statistics, conditional, statistics
from glacis.kernels import Floats

if TYPE_CHECKING:
    from glacis.campaign.record import Campaign

ARRIVAL_DAYS = (5, 10, 15, 20, 30, 60, 90, 120, 180)
CAUSES = ("use_or_lose", "collapse", "annexed", "fighting")


def arms_figures(campaign: Campaign) -> dict[str, Any]:
    """The measures of the arms that were fought with, each as statistics over worlds."""
    has = campaign.arms
    found: dict[str, Any] = {"axis_power_ratio": statistics(axis_power_ratio(campaign))}
    if "air" in has:
        found |= _air(campaign)
    if "fires" in has:
        found["missiles_arrived"] = statistics(campaign.values("missiles_arrived"))
        found["airfield_days_closed"] = statistics(campaign.values("bases_closed_days"))
    if "sea" in has:
        days = campaign.values("mined_days")
        found["port_days_closed_by_mines"] = {
            port: statistics(days[:, k]) for k, port in enumerate(campaign.ports)
        }
    if campaign.record.arrival.shape[1]:
        found |= _arrivals(campaign)
    if "arsenals" in has:
        found["days_of_munitions"] = days_of_munitions(campaign)
    if "counter" in has:
        found["counter_offensive"] = _way_back(campaign)
    if "escalation" in has:
        found["p_nuclear_use"] = statistics(nuclear_use(campaign))
        found["nuclear_exposure"] = {
            cause: statistics(campaign.values(f"exposed_{cause}")) for cause in CAUSES
        }
    return found


def axis_power_ratio(campaign: Campaign) -> Floats:
    """Power of all that Red sends over that of the guarantors' forward force; NaN without one."""
    red, forward = campaign.values("red_power"), campaign.values("forward_power")
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(forward > 0, red / forward, np.nan)


def _air(campaign: Campaign) -> dict[str, Any]:
    return {
        "hours_to_air_control": conditional(campaign.values("air_control_hour")),
        "aircraft_lost": {
            side: statistics(campaign.values(f"aircraft_lost_{side}")) for side in ("blue", "red")
        },
        "battalions_destroyed_from_the_air": {
            side: statistics(campaign.values(f"air_kills_{side}")) for side in ("blue", "red")
        },
    }


def arrived_by(campaign: Campaign, day: float) -> Floats:
    """Reinforcing battalions at their posts by a day, in each world."""
    return (campaign.record.arrival <= 24.0 * day).sum(axis=1).astype(np.float64)


def _arrivals(campaign: Campaign) -> dict[str, Any]:
    last = campaign.days
    stuck = campaign.record.stuck
    kept = {
        reason: statistics((stuck == number).sum(axis=1).astype(np.float64))
        for number, reason in enumerate(REASONS)
        if number > 0
    }
    return {
        "reinforcing_battalions_by_day": {
            str(day): statistics(arrived_by(campaign, day)) for day in ARRIVAL_DAYS if day <= last
        },
        "reinforcing_battalions_kept": {reason: one for reason, one in kept.items() if one["mean"]},
        "reinforcing_battalions_arrived": statistics(arrived_by(campaign, last)),
        "battalions_through_the_corridor": statistics(campaign.values("corridor_passed")),
        "battalions_shipped": statistics(campaign.values("shipped")),
        "battalions_flown": statistics(campaign.values("flown")),
    }


def days_of_munitions(campaign: Campaign) -> dict[str, Statistics]:
    """Days until each class of munitions ran out, over the worlds in which it did."""
    run_out = campaign.values("run_out") / 24.0
    return {name: conditional(run_out[:, k]) for k, name in enumerate(campaign.munitions)}


def launched(campaign: Campaign) -> Floats:
    """1 where a counter-offensive was launched."""
    return np.isfinite(campaign.values("launched_hour")).astype(np.float64)


def _way_back(campaign: Campaign) -> dict[str, Any]:
    was_launched = launched(campaign) == 1
    back = np.isfinite(campaign.values("retaken_hour")) & was_launched
    offensive = campaign.values("offensive")
    cost = np.where(was_launched, campaign.values("offensive_casualties"), np.nan)
    return {
        "p_launched": statistics(was_launched.astype(np.float64)),
        "p_retaken": statistics(back.astype(np.float64)),
        "p_halted": statistics(((offensive == HALTED) & ~back).astype(np.float64)),
        "p_called_off": statistics(((offensive == CALLED_OFF) & ~was_launched).astype(np.float64)),
        "days_to_launch": conditional(campaign.values("launched_hour") / 24.0),
        "days_to_retake": conditional(
            np.where(back, campaign.values("retaken_hour") / 24.0, np.inf)
        ),
        "blue_casualties": statistics(cost),
    }


def nuclear_chance(campaign: Campaign) -> Floats:
    """Probability of nuclear use by each world's exposure, before its luck is drawn."""
    exposed = (campaign.values(f"exposed_{cause}") for cause in CAUSES)
    return -np.expm1(-sum(exposed, np.zeros(campaign.worlds)))


def nuclear_use(campaign: Campaign) -> Floats:
    """1 where a nuclear weapon was used that nobody had ordered in the game."""
    return np.isfinite(campaign.values("nuclear_hour")).astype(np.float64)
