"""Each arm, taken away, moves the war the way that its page in the docs says."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from glacis.campaign.inventory import arms_of
from glacis.campaign.run import run_campaign
from glacis.errors import ScenarioError
from glacis.scenario.read import read_scenario
from glacis.study.ablation import MEASURES, Ablation, ablate

EARLY, LATE = "falls within 10 days", "falls within 30 days"
THERE, BACK = "battalions there by day 30", "all retaken by day 180"


@cache
def ablated(posture: str) -> Ablation:
    return ablate(read_scenario("baltic"), posture, worlds=400, seed=2)


@pytest.mark.parametrize(
    "arm, posture, measure, sign",
    [
        ("air", "forward", LATE, +1),  # Blue's aircraft hold up the second half of the month
        ("air", "tripwire", BACK, -1),
        ("fires", "forward", EARLY, -1),  # Red has the guns
        ("fires", "tripwire", "nuclear use", -1),  # launchers are no longer hunted
        ("sea", "forward", THERE, +1),
        ("lift", "tripwire", THERE, +1),
        ("lift", "forward", THERE, +1),
        ("counter", "tripwire", BACK, -1),
        ("escalation", "tripwire", "nuclear use", -1),
    ],
)
def test_an_arm_does_what_is_said_of_it(arm: str, posture: str, measure: str, sign: int) -> None:
    difference, error = ablated(posture).difference(arm, measure)
    assert sign * difference > 2 * error, f"{difference:+.4f} (+- {error:.4f})"


def test_spearheads_that_go_short_are_late() -> None:
    """By the scenario's numbers few do; with lorries that hardly reach the border the arm bites."""
    short = {"campaign.supply.short_per_100km": 0.9, "campaign.movement.railhead_reach": 20}
    scarce = read_scenario("baltic").replace(short)
    without = scarce.replace({"campaign.without": "supply"})
    horizon, runs = 30 * 24, 1_000
    fell = [
        np.minimum(
            run_campaign(one, "forward", runs=runs, seed=2, response="none").hours_to(
                "vilnius", "falls"
            ),
            horizon,
        )
        for one in (scarce, without)
    ]
    late = fell[0] - fell[1]
    assert late.mean() > 2 * late.std() / np.sqrt(runs)


def test_munitions_that_run_out_are_missed() -> None:
    """By the scenario's stocks hardly anything does; with a tenth of them the arm bites."""
    scarce = read_scenario("baltic").replace(
        {
            "arsenals.blue.air-weapons.stock": 4_000,
            "arsenals.blue.air-weapons.production": 10,
        }
    )
    without = scarce.replace({"campaign.without": "arsenals"})
    killed = [
        run_campaign(one, "tripwire", runs=300, seed=2, days=60).values("air_kills_blue")
        for one in (scarce, without)
    ]
    gain = killed[1] - killed[0]
    assert gain.mean() > 2 * gain.std() / np.sqrt(300)


def test_the_table_has_a_row_for_each_arm() -> None:
    found = ablated("tripwire")
    frame = found.summary()
    assert set(found.arms) == arms_of(read_scenario("baltic"))
    assert list(frame.columns) == list(MEASURES)
    assert len(frame) == 1 + len(found.arms)
    assert np.isfinite(frame.to_numpy()).all()


def test_an_arm_that_there_is_not_cannot_be_switched_off() -> None:
    with pytest.raises(ScenarioError, match="without"):
        read_scenario("baltic").replace({"campaign.without": "artillery"})


def test_without_every_arm_nothing_of_them_is_left() -> None:
    baltic = read_scenario("baltic")
    bare = baltic.replace({"campaign.without": tuple(arms_of(baltic))})
    war = run_campaign(bare, "tripwire", runs=60, seed=2)
    assert war.dataset.attrs["arms"] == []
    for name in ("air_kills_blue", "missiles_arrived", "exposed_fighting", "aircraft_lost_red"):
        assert war.values(name).sum() == 0, name
    assert war.dataset["mined_days"].sum() == 0
