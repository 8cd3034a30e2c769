"""A campaign's result: its measures by hand, on three small worlds."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import numpy as np

from glacis.campaign.record import Campaign
from glacis.campaign.results import SUMMARY_UNITS, Sizes, new_record
from glacis.campaign.run import run_campaign
from glacis.campaign.state import BLUE, RED
from glacis.campaign.statistics import conditional, statistics
from glacis.scenario.read import read_scenario

NEVER = np.inf


def campaign(**changed: Any) -> Campaign:
    """Three worlds: nothing falls; the town falls; both fall, and the town is taken back."""
    sizes = Sizes(places=2, groups=3, reinforcements=0, ports=0, classes=0, forces=0)
    values = {
        "reached": np.array([[NEVER, NEVER], [9.0, 30.0], [4.0, 20.0]]),
        "falls": np.array([[NEVER, NEVER], [21.0, NEVER], [16.0, 40.0]]),
        "holder": np.array([[BLUE, BLUE], [RED, BLUE], [BLUE, RED]]),
        "casualties": np.array([[1.0, 2.0, 4.0]] * 3),
        "captured": np.array([[0.0, 8.0, 16.0]] * 3),
    }
    record = new_record(3, sizes)._replace(**(values | changed))
    record.summary["first_crossing"] = [0.0, 1.0, 2.0]
    record.summary["forward_destroyed"] = [0.0, 100.0, 300.0]
    record.summary["forward_withdrawn"] = [0.0, 100.0, 100.0]
    record.summary["forward_intact"] = [0.0, 200.0, 0.0]
    scenario = SimpleNamespace(
        objectives=SimpleNamespace(
            places=("town", "capital"), groups={"either": ("town", "capital")}
        ),
        options={"assault": SimpleNamespace(kind="assault", objectives=("capital",))},
    )
    compiled: Any = SimpleNamespace(
        scenario=scenario,
        option="assault",
        network=SimpleNamespace(places=["town", "capital"], index={"town": 0, "capital": 1}),
        groups=((BLUE, "A", "infantry"), (BLUE, "B", "infantry"), (RED, "C", "armour")),
    )
    return Campaign(compiled, record, posture="bare", response="none", seed=1)


def test_statistics_are_over_what_is_defined() -> None:
    assert statistics(np.array([1.0, np.nan, 3.0])) == {
        "mean": 2.0,
        "p05": 1.1,
        "p50": 2.0,
        "p95": 2.9,
    }
    assert set(statistics(np.array([np.nan])).values()) == {None}
    assert set(statistics(np.array([])).values()) == {None}


def test_conditional_statistics_carry_their_share() -> None:
    assert conditional(np.array([10.0, NEVER, 20.0, NEVER]))["share"] == 0.5
    assert conditional(np.array([10.0, NEVER, 20.0, NEVER]))["mean"] == 15.0
    never = conditional(np.array([NEVER, NEVER]))
    assert never["share"] == 0.0
    assert never["p50"] is None


def test_a_group_is_reached_when_the_first_of_it_is() -> None:
    assert campaign().hours_to("either").tolist() == [NEVER, 9.0, 4.0]
    assert campaign().hours_to("capital").tolist() == [NEVER, 30.0, 20.0]
    assert campaign().hours_to("either", "falls").tolist() == [NEVER, 21.0, 16.0]


def test_hours_since_the_crossing() -> None:
    assert campaign().since_crossing("town").tolist() == [NEVER, 8.0, 2.0]


def test_falls_of_a_place_a_group_and_any() -> None:
    assert campaign().falls("town").tolist() == [0.0, 1.0, 1.0]
    assert campaign().falls("capital").tolist() == [0.0, 0.0, 1.0]
    assert campaign().falls("either").tolist() == campaign().falls("any").tolist() == [0, 1, 1]


def test_retaken_is_undefined_where_nothing_fell() -> None:
    holder = np.array([[BLUE, BLUE], [BLUE, BLUE], [BLUE, RED]])
    retaken = campaign(holder=holder).retaken()
    assert np.isnan(retaken[0])
    assert retaken[1:].tolist() == [1.0, 0.0]


def test_losses_are_summed_by_side() -> None:
    assert campaign().losses("blue").tolist() == [3.0] * 3
    assert campaign().losses("red").tolist() == [4.0] * 3
    assert campaign().losses("blue", "captured").tolist() == [8.0] * 3


def test_the_forward_force_has_a_fate_only_where_there_is_one() -> None:
    one = campaign()
    shares = np.array([one.forward_share(fate) for fate in ("destroyed", "withdrawn", "intact")])
    assert np.isnan(shares[:, 0]).all()
    assert shares[:, 1:].T.tolist() == [[0.25, 0.25, 0.5], [0.75, 0.25, 0.0]]


def test_the_record_of_a_war_in_which_nothing_happens_has_nulls_and_no_nan() -> None:
    template = read_scenario("template").replace({"forces.red.*.strength": 0})
    played = run_campaign(template, "bare", runs=8)
    record = json.loads(json.dumps(played.to_record(), allow_nan=False))
    assert record["schema"] == 1
    assert record["overrides"] == {"forces.red.*.strength": "0"}
    for reached in record["hours_to"].values():
        assert reached["share"] == 0.0
        assert reached["p50"] is None
    assert record["retaken"]["mean"] is None
    assert played.summary().loc["hours_to.merrowport", "share"] == 0.0
    assert played.to_dataset() is played.dataset


def test_the_record_names_what_was_run() -> None:
    played = run_campaign(read_scenario("template"), "tripwire", runs=4, seed=9, response="limited")
    record = played.to_record()
    head = ("scenario", "posture", "option", "response", "days", "seed", "worlds", "variants")
    assert [record[key] for key in head] == [
        "template",
        "tripwire",
        "assault",
        "limited",
        30.0,
        9,
        4,
        [],
    ]
    assert len(record["scenario_sha256"]) == 64


def test_measures_need_no_dataset_and_the_dataset_says_the_same() -> None:
    played = run_campaign(read_scenario("template"), "tripwire", runs=12, seed=9)
    played.figures()
    assert "dataset" not in vars(played)
    dataset = played.dataset
    assert played.origin == dataset.attrs
    assert played.places == dataset["place"].to_numpy().tolist()
    assert played.ports == dataset["port"].to_numpy().tolist()
    assert played.munitions == dataset["munitions"].to_numpy().tolist()
    for name, unit in SUMMARY_UNITS.items():
        assert np.array_equal(played.values(name), dataset[name])
        assert dataset[name].attrs["units"] == unit
    for place in played.scenario.objectives.places:
        assert np.array_equal(played.hours_to(place), dataset["reached"].sel(place=place))
    red = dataset["casualties"].where(dataset["side"] == "red", 0.0).sum("group")
    assert np.array_equal(played.losses("red"), red)
