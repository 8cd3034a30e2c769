"""T14: nuclear use that nobody ordered, where Blue must come back and where it holds.

Shares are expectations over worlds of ``1 - exp(-exposure)``, so that single draws of luck do not
decide a verdict on a few per cent.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from glacis.campaign.joint_record import CAUSES, nuclear_chance
from glacis.campaign.record import Campaign
from glacis.campaign.run import MAX_DAYS, run_campaign
from glacis.executor import Runner
from glacis.kernels import Floats
from glacis.scenario.model import Scenario
from glacis.study.beds import Hazard


def hazard(
    scenario: Scenario, bed: Hazard, *, worlds: int, seed: int, runner: Runner | None = None
) -> dict[str, Any]:
    """Both conditional probabilities, the worlds they rest on, and the exposure by cause."""
    case = {"response": "full", "days": float(MAX_DAYS)}
    quiet = replace(runner, progress=None) if runner is not None else None
    back, held = (
        run_campaign(scenario, posture, runs=worlds, seed=seed, runner=quiet, **case)  # type: ignore[arg-type]  # a TypedDict
        for posture in (bed.back_under, bed.held_under)
    )
    lost = back.falls("any") == 1
    came_back = lost & np.isfinite(back.values("launched_hour"))
    repelled = (held.falls("any") == 0) & (held.values("people_lost") == 0)
    return {
        "given_counter_offensive": _told(back, came_back),
        "given_repelled": _told(held, repelled),
    }


def _told(campaign: Campaign, chosen: Floats) -> dict[str, Any]:
    """Expectation over the chosen worlds, how many they are, and the mean exposure by cause."""
    causes = {cause: campaign.values(f"exposed_{cause}")[chosen] for cause in CAUSES}
    chance = nuclear_chance(campaign)[chosen]
    return {
        "probability": float(chance.mean()) if len(chance) else None,
        "worlds": len(chance),
        "exposure": {
            cause: float(one.mean()) if len(one) else None for cause, one in causes.items()
        },
    }
