from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from glacis.campaign.compile import compile_option
from glacis.errors import InputError
from glacis.executor import Runner
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario
from glacis.study.backtest import Backtest, backtest
from glacis.study.rows import Spread, bar_of, reading, rows_of, without_blue

WORLDS = 48


@pytest.fixture(scope="module")
def everything() -> Backtest:
    return backtest(worlds=WORLDS)


@pytest.fixture(scope="module")
def kuwait() -> Scenario:
    return read_scenario("kuwait-1990")


def target(result: Backtest, name: str) -> dict[str, object]:
    (found,) = [one for one in result.to_record()["targets"] if one["id"] == name]
    return found


def test_record_has_the_stable_shape(everything: Backtest) -> None:
    record = everything.to_record()
    assert list(record) == ["targets"]
    assert [one["id"] for one in record["targets"]] == [
        "T1",
        "T2",
        "T3",
        "T5",
        "T6",
        "T7",
        "T8",
        "T9",
        "T10",
        "T11",
        "T12",
        "T13",
        "T14",
    ]
    for one in record["targets"]:
        assert list(one) == ["id", "kind", "measured", "bar", "met", "source"]
        assert isinstance(one["met"], bool)
        assert all(isinstance(one[key], str) and one[key] for key in ("kind", "bar", "source"))
    assert json.loads(json.dumps(record, allow_nan=False)) == record


def test_kinds(everything: Backtest) -> None:
    kinds = {one.id: one.kind for one in everything.targets}
    assert kinds == {
        "T1": "replication",
        "T2": "replication",
        "T3": "calibration",
        "T5": "calibration",
        "T6": "validation",
        "T7": "calibration",
        "T8": "consistency",
        "T9": "validation",
        "T10": "consistency",
        "T11": "numerics",
        "T12": "consistency",
        "T13": "consistency",
        "T14": "consistency",
    }


def test_t1_has_its_companions(everything: Backtest) -> None:
    measured = target(everything, "T1")["measured"]
    assert isinstance(measured, dict)
    taken_away = {"no_blue", "no_demolitions", "no_road_capacity"}
    observed = {f"observed_speeds_{name}" for name in taken_away}
    assert set(measured["companions"]) == {*taken_away, *observed, "observed_speeds"}
    for one in measured["companions"].values():
        assert list(one) == ["median_hours", "p10_hours", "p90_hours"]
    assert "travel time" in measured["reading"]
    assert measured["share_under"]["hours"] == 96


def test_t2_is_met_by_few_or_by_many(everything: Backtest) -> None:
    measured = target(everything, "T2")["measured"]
    assert isinstance(measured, dict)
    weak, strong = measured["rows"]
    assert weak["share_under"]["hours"] == strong["share_under_most"]["hours"] == 240
    assert weak["share_under"]["share"] > strong["share_under_most"]["share"]
    assert weak["met"] == (weak["share_under"]["share"] >= 0.85)
    assert strong["met"] == (strong["share_under_most"]["share"] <= 0.15)
    assert weak["observed_hours"] is None


def test_t14_counts_the_worlds_that_it_rests_on(everything: Backtest) -> None:
    found = target(everything, "T14")
    measured = found["measured"]
    assert isinstance(measured, dict)
    bars = {"given_counter_offensive": (0.03, 0.2), "given_repelled": (0.005, 0.05)}
    inside = []
    for name, (low, high) in bars.items():
        one = measured[name]
        assert one["worlds"] > 0
        total = sum(one["exposure"].values())
        # The mean of 1 - exp(-H) is below that of the mean H, and both are small.
        assert 0 < one["probability"] <= total
        inside.append(low <= one["probability"] <= high)
    assert found["met"] is all(inside)


def test_t6_holds_a_row_for_each_observation(everything: Backtest) -> None:
    measured = target(everything, "T6")["measured"]
    assert isinstance(measured, dict)
    rows = measured["rows"]
    assert {row["scenario"] for row in rows} == {"georgia-2008", "kuwait-1990"}
    assert measured["rows_in_all"] == len(rows) == 6
    assert measured["rows_met"] == sum(row["met"] for row in rows)
    for row in rows:
        low, high = row["observed_hours"]
        upper = math.inf if row["p90_hours"] is None else row["p90_hours"]
        assert row["inside"] == (row["p10_hours"] <= (low + high) / 2 <= upper)
        narrow = row["p90_over_p10"] is not None and row["p90_over_p10"] <= 4
        assert row["met"] == (row["inside"] and narrow)


def test_summary_is_a_row_a_target(everything: Backtest) -> None:
    frame = everything.summary()
    told = "T1 T2 T3 T5 T6 T7 T8 T9 T10 T11 T12 T13 T14"
    assert list(frame.index) == told.split()
    assert list(frame.columns) == ["kind", "name", "measured", "bar", "met", "source"]
    assert frame["measured"].str.len().min() > 0


def test_hours_show_rows_and_companions(everything: Backtest) -> None:
    frame = everything.hours()
    assert list(frame.index) == ["T1"] * 8 + ["T2"] * 8 + ["T6"] * 6
    first = frame.iloc[0]
    assert (first["from"], first["to"]) == (36, 60)
    assert list(frame["what"][1:4]) == ["no blue", "no demolitions", "no road capacity"]
    assert frame["met"][1:8].isna().all()
    assert frame.loc["T6", "met"].notna().all()


def test_same_seed_same_record(kuwait: Scenario) -> None:
    one, other = (
        backtest(kuwait, worlds=WORLDS, runner=Runner(workers=workers, chunk=16)).to_record()
        for workers in (1, 2)
    )
    assert one == other
    assert one != backtest(kuwait, worlds=WORLDS, seed=2).to_record()


def test_a_scenario_brings_its_own_targets_only() -> None:
    result = backtest("georgia-2008", worlds=8)
    assert [one.id for one in result.targets] == ["T6"]
    assert result.targets[0].name == "Georgia 2008"


def test_a_scenario_without_targets_is_told() -> None:
    with pytest.raises(InputError, match="baltic has no targets; "):
        backtest("baltic", worlds=8)


def test_a_bad_battle_file_is_told_before_anything_runs(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"bad\.csv:1:1: lacks the columns"):
        backtest(cdb90=path, worlds=10**9)


def test_a_target_somewhere_else_is_told(kuwait: Scenario) -> None:
    moved = kuwait.targets[0].model_copy(update={"place": "basra-airport"})
    elsewhere = kuwait.model_copy(update={"targets": (moved,)})
    elsewhere._document = kuwait.document
    with pytest.raises(InputError, match="no place or group 'basra-airport'"):
        backtest(elsewhere, worlds=4)


@pytest.mark.parametrize("most, met", [(1.0, True), (-0.1, False)])
def test_a_target_that_nobody_saw_is_held_to_its_shares(
    kuwait: Scenario, most: float, met: bool
) -> None:
    changes = {
        "observed_hours": None,
        "max_spread": None,
        "share_under_most": (240.0, most),
        "source": "elicited",
    }
    game = kuwait.targets[0].model_copy(update=changes)
    played = kuwait.model_copy(update={"targets": (game,)})
    played._document = kuwait.document
    result = backtest(played, worlds=4)
    (verdict,) = result.targets
    assert bar_of(game) == f"at most {100 * most:g} % under 240 h"
    assert (verdict.met, verdict.source) == (met, "elicited")
    assert verdict.measured["observed_hours"] is verdict.measured["inside"] is None
    assert "% under 240 h" in verdict.headline
    assert result.hours()["from"].isna().all()


def test_t9_and_t10_show_their_rows(everything: Backtest) -> None:
    mines, rounds = (target(everything, name) for name in ("T9", "T10"))
    assert mines["met"] == (mines["measured"]["inside"] >= 5 and mines["measured"]["near"] >= 4)  # type: ignore[index]
    rows = rounds["measured"]["rows"]  # type: ignore[index]
    assert [row["observed_years"] for row in rows] == [5, 5.5, 8, 6.5, 18]
    for row in rows:
        assert row["met"] == (row["p25_years"] <= row["observed_years"] <= row["p75_years"])
    assert rounds["met"] == all(row["met"] for row in rows)


def test_progress_counts_all_campaigns() -> None:
    told: list[tuple[int, int]] = []
    backtest(
        "baltic-2016",
        worlds=8,
        runner=Runner(chunk=8, progress=lambda done, total: told.append((done, total))),
    )
    assert told == [(8 * (n + 1), 120) for n in range(15)]


def test_without_blue_nobody_stands() -> None:
    scenario = without_blue(read_scenario("baltic-2016"))
    for posture in scenario.postures:
        compiled = compile_option(scenario.posture(posture), "assault")
        blue = [member.formation for member in compiled.members if member.side == 0]
        assert blue
        assert {formation.strength.value for formation in blue} == {0.0}


def test_rows_of_one_plan_share_a_campaign(kuwait: Scenario) -> None:
    keys = {row.case.key for row in rows_of(kuwait)}
    assert len(keys) == 1 < len(kuwait.targets)


def test_bars_in_words(kuwait: Scenario) -> None:
    assert bar_of(kuwait.targets[0]) == "observed within 10-90 %; P90/P10 at most 4"
    (first, *_) = read_scenario("baltic-2016").targets
    assert bar_of(first) == "median 36 to 72 h; at least 80 % under 96 h"


def test_spread_with_hours_that_never_come() -> None:
    hours = np.array([1.0] * 3 + [2.0] * 4 + [np.inf] * 3)
    assert Spread.of(hours) == (1.0, 2.0, np.inf)
    assert Spread.of(hours).ratio == np.inf
    assert Spread.of(np.full(5, np.inf)).ratio == np.inf
    assert Spread(2.0, 3.0, 5.0).ratio == 2.5


@pytest.mark.parametrize(
    "median, without_blue_median, told",
    [
        (50.0, 46.0, "a travel time: without any Blue the median moves by 8.0 %"),
        (50.0, 40.0, "more than a travel time: without any Blue the median moves by 20.0 %"),
        (math.inf, 40.0, "not a travel time: it is not reached in most worlds"),
    ],
)
def test_reading(median: float, without_blue_median: float, told: str) -> None:
    assert reading(median, without_blue_median) == told
