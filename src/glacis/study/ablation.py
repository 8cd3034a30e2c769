"""What each arm does: the same worlds with it and without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from glacis.campaign.inventory import arms_of
from glacis.campaign.joint_record import arrived_by, nuclear_chance
from glacis.campaign.record import Campaign
from glacis.campaign.run import MAX_DAYS, run_campaign
from glacis.campaign.state import ARMS
from glacis.executor import Runner
from glacis.kernels import Floats
from glacis.scenario.model import Scenario

if TYPE_CHECKING:
    import pandas as pd

MEASURES: dict[str, Callable[[Campaign], Floats]] = {
    "falls within 10 days": lambda war: _falls_by(war, 10.0),
    "falls within 30 days": lambda war: _falls_by(war, 30.0),
    "battalions there by day 15": lambda war: arrived_by(war, 15.0),
    "battalions there by day 30": lambda war: arrived_by(war, 30.0),
    "all retaken by day 180": lambda war: np.nan_to_num(war.retaken(), nan=1.0),
    "Blue killed and wounded": lambda war: war.losses("blue"),
    "Red killed and wounded": lambda war: war.losses("red"),
    "nuclear use": nuclear_chance,
}
"""What is compared: words, and the value in each world."""


def _falls_by(war: Campaign, day: float) -> Floats:
    """1 where the first of the scenario's first group of objectives has fallen by a day."""
    objectives = war.scenario.objectives
    name = next(iter(objectives.groups), objectives.places[0])
    return (war.hours_to(name, "falls") <= 24.0 * day).astype(np.float64)


@dataclass(frozen=True)
class Ablation:
    """Means with every arm, and paired differences without each.

    Attributes
    ----------
    means
        (measures,) over worlds, with all arms.
    differences, errors
        (arms, measures): without the arm less with it, and the standard error of that.
    """

    arms: tuple[str, ...]
    means: Floats
    differences: Floats
    errors: Floats

    def difference(self, arm: str, measure: str) -> tuple[float, float]:
        """What taking an arm away changes, and the standard error."""
        at = self.arms.index(arm), list(MEASURES).index(measure)
        return float(self.differences[at]), float(self.errors[at])

    def summary(self) -> pd.DataFrame:
        """A row for all arms, then one for each that is taken away; columns are the measures."""
        import pandas as pd

        rows = np.vstack([self.means, self.differences])
        index = ["all arms", *(f"without {arm}" for arm in self.arms)]
        return pd.DataFrame(rows, index=index, columns=list(MEASURES))


def ablate(
    scenario: Scenario,
    posture: str | None = None,
    *,
    worlds: int = 2_000,
    seed: int = 1,
    runner: Runner | None = None,
) -> Ablation:
    """Play the assault to day 180, answered in full, with all arms and without each in turn."""
    has = arms_of(scenario)
    arms = tuple(arm for arm in ARMS if arm in has)

    def values(without: tuple[str, ...]) -> Floats:
        changed = scenario.replace({"campaign.without": without}) if without else scenario
        war = run_campaign(
            changed, posture, runs=worlds, seed=seed, runner=runner, days=float(MAX_DAYS)
        )
        return np.array([measure(war) for measure in MEASURES.values()])

    whole = values(())
    taken = [values((arm,)) - whole for arm in arms]
    return Ablation(
        arms,
        whole.mean(axis=1),
        np.array([one.mean(axis=1) for one in taken]),
        np.array([one.std(axis=1) / np.sqrt(worlds) for one in taken]),
    )
