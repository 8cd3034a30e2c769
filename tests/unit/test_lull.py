"""A war that nobody fights over any more is over: on the ground nothing is lost by that."""

from __future__ import annotations

import numpy as np
import pytest

from glacis.assess.posed import pose, situation_of
from glacis.assess.wars import fight_chunk
from glacis.campaign.compile import compile_option
from glacis.campaign.filming import Case, film_run
from glacis.campaign.record import Campaign
from glacis.campaign.results import DAY, Record, new_record
from glacis.campaign.run import draw_worlds, run_campaign, run_chunk
from glacis.campaign.state import table
from glacis.errors import ScenarioError
from glacis.executor import Runner
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario

RUNS, DAYS = 48, 180.0
LULL = "campaign.combat.lull_days"


@pytest.fixture(scope="module")
def baltic() -> Scenario:
    return read_scenario("baltic")


def fought(scenario: Scenario, option: str, response: str) -> Campaign:
    return run_campaign(
        scenario,
        "forward",
        runs=RUNS,
        option=option,
        response=response,  # type: ignore[arg-type]  # parametrised below
        days=DAYS,
    )


@pytest.mark.parametrize("response", ["none", "full"])
@pytest.mark.parametrize("option", ["narva", "assault"])
def test_the_ground_is_the_same_and_the_air_war_is_shorter(
    baltic: Scenario, option: str, response: str
) -> None:
    ends = fought(baltic, option, response)
    goes_on = fought(baltic.replace({LULL: DAYS}), option, response)
    for name in ("holder", "reached", "falls"):
        assert np.array_equal(getattr(ends.record, name), getattr(goes_on.record, name))
    for name in ("last_contact", "people_lost", "civilians", "exposed_fighting", "retaken_hour"):
        assert np.array_equal(ends.values(name), goes_on.values(name))
    lost = {name: one.values("aircraft_lost_red") for name, one in (("e", ends), ("g", goes_on))}
    assert (lost["e"] <= lost["g"]).all()
    assert lost["e"].sum() < lost["g"].sum()


def test_within_a_lull_of_days_nothing_changes(baltic: Scenario) -> None:
    short, long = (
        run_campaign(baltic.replace({LULL: lull}), "forward", runs=16, days=30.0)
        for lull in (30, 180)
    )
    for one, other in zip(short.record, long.record, strict=True):
        assert one.tobytes() == other.tobytes()


def test_ground_to_win_back_keeps_a_war_going(baltic: Scenario) -> None:
    hasty = baltic.replace({LULL: 1})
    found = fought(hasty, "assault", "full")
    retaken = found.values("retaken_hour")
    # Between the fall of a capital and the counter-offensive are weeks without a fight.
    assert np.isfinite(retaken).any()
    assert found.values("launched_hour")[np.isfinite(retaken)].max() > 24.0 * 20


def daily(scenario: Scenario) -> Record:
    compiled = compile_option(scenario.posture("forward"), "narva", days=DAYS)
    worlds = draw_worlds(scenario, 8, 1)
    blank = new_record(8, compiled.sizes)
    held = np.zeros((8, compiled.day_count, compiled.sizes.places), dtype=np.int8)
    record = blank._replace(days=table((8, compiled.day_count), DAY), held=held)
    return run_chunk(compiled, worlds, reinforced=True, record=record)


def test_days_after_the_end_are_as_the_last(baltic: Scenario) -> None:
    record = daily(baltic)
    over = int(record.summary["last_contact"].max() / 24.0) + 31
    for day in range(over + 1, record.days.shape[1]):
        assert record.days[:, day].tobytes() == record.days[:, over + 1].tobytes()
        assert np.array_equal(record.held[:, day], record.held[:, over + 1])
    assert (record.days["civilians"][:, -1] > 0).any()


def test_the_film_shows_it_to_the_end(baltic: Scenario) -> None:
    run = film_run(baltic, Case("forward", "narva", "full", DAYS, 3, 1))
    assert run.film.hour[-1] == 24.0 * DAYS
    assert (np.diff(run.film.hour) > 0).all()
    assert np.array_equal(run.film.places["holder"][-1], run.record.holder[0])
    assert np.array_equal(run.film.forces[-1], run.film.forces[-2])


def test_cohesion_reads_days_on_which_the_war_was_over(baltic: Scenario) -> None:
    posed = pose(baltic, baltic.posture("forward"), ["narva"])
    worlds = draw_worlds(baltic, 16, 1).kept()
    situation = situation_of(posed, worlds)
    close = fight_chunk(situation, runner=Runner(workers=1))["narva"]
    end = close.helped_close
    assert (end.hour <= close.helped.values("last_contact") + 24.0 * 180 * end.held.any()).all()


def test_a_lull_has_a_day_at_least(baltic: Scenario) -> None:
    with pytest.raises(ScenarioError, match=r"lull_days: must be >= 1 days"):
        baltic.replace({LULL: 0.5})
