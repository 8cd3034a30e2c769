"""T12: what a small presence in the country does to harm short of war."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from glacis.assess.crisis import crisis_game
from glacis.assess.games import played_with
from glacis.assess.played import acts_of
from glacis.executor import Runner
from glacis.kernels import Floats
from glacis.scenario.model import Scenario
from glacis.study.beds import Presence


def presence_figures(
    scenario: Scenario, bed: Presence, *, worlds: int, seed: int, runner: Runner | None = None
) -> dict[str, Any]:
    """How much more often the grey zone is chosen where assault falls, and what makes it so.

    The level of the posture without the presence is taken as given, so that the presence may
    provoke. Without provocation, Red feels no threat; without displacement, whoever acts chooses
    among the ways of acting as it did without the presence.
    """
    study = crisis_game(
        scenario.replace({"crisis.provocation.above": bed.without}),
        bed.small,
        runs=worlds,
        seed=seed,
        runner=runner,
    )
    assert study.today is not None, "the presence is not what is taken as given"
    calm = replace(study.setting, threat=np.zeros(study.n))
    before, after = study.today.acts(), study.acts()
    unprovoked = acts_of(played_with(calm, study.prospects, study.belief))
    share = before["grey_zone"] / np.maximum(1.0 - before["refrain"], np.finfo(float).tiny)
    fell = before["assault"] - after["assault"] > bed.fall.value
    rises = {
        "rise": after["grey_zone"] - before["grey_zone"],
        "rise_without_provocation": unprovoked["grey_zone"] - before["grey_zone"],
        "rise_without_displacement": (1.0 - after["refrain"]) * share - before["grey_zone"],
    }
    return {
        "worlds": study.n,
        "share_where_assault_falls": float(fell.mean()),
        "grey_zone_without": _mean(before["grey_zone"][fell]),
        "grey_zone_with": _mean(after["grey_zone"][fell]),
        "share_higher": _mean((rises["rise"][fell] > 0).astype(float)),
        **{f"{name}_points": 100 * _mean(one[fell]) for name, one in rises.items()},
    }


def _mean(values: Floats) -> float:
    """The mean; undefined where there is nothing."""
    return float(values.mean()) if len(values) else float("nan")
