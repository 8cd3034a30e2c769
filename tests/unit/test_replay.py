"""A run's log: the same run as in the study, told in frames, events and compact JSON."""

from __future__ import annotations

import itertools
import json
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import glacis
from glacis.campaign.filming import Case, film_run
from glacis.campaign.record import Campaign
from glacis.campaign.replay import (
    STATUSES,
    Replay,
    choose_world,
    replay,
    replay_of,
)
from glacis.campaign.replay_record import COLUMNS
from glacis.campaign.results import Sizes, new_record
from glacis.campaign.run import run_campaign
from glacis.campaign.state import DESTROYED, IN_PLACE, WAITING
from glacis.campaign.story import KINDS, tell
from glacis.errors import InputError
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario

RUNS, SEED = 200, 3
WORLDS = (0, 1, 17, 101, 199)


@pytest.fixture(scope="module")
def merrow() -> Scenario:
    return read_scenario("template")


@pytest.fixture(scope="module")
def study(merrow: Scenario) -> Campaign:
    return run_campaign(merrow, runs=RUNS, seed=SEED)


@pytest.fixture(scope="module")
def logs(merrow: Scenario, study: Campaign) -> dict[int, Replay]:
    return {world: replay_of(study, merrow, world=world) for world in WORLDS}


every_world = pytest.mark.parametrize("world", WORLDS)


@every_world
def test_a_replay_is_the_run_of_the_study(
    study: Campaign, logs: dict[int, Replay], world: int
) -> None:
    log, run = logs[world].dataset, study.dataset.isel(world=world)
    for measure in ("reached", "falls"):
        assert np.array_equal(log[measure], run[measure])
    assert np.array_equal(log["holder"][-1], run["holder"])
    for side, kind in itertools.product(("blue", "red"), ("casualties", "captured")):
        told = logs[world].losses(side, kind)
        assert told[-1] == pytest.approx(study.losses(side, kind)[world], rel=1e-5, abs=1e-3)
        assert (np.diff(told) > -1e-3).all()


@pytest.mark.parametrize("option, response", [("limited", "full"), ("assault", "none")])
def test_so_it_is_under_other_options_and_answers(
    merrow: Scenario, option: str, response: Any
) -> None:
    study = run_campaign(merrow, option=option, response=response, runs=20, seed=1, days=9)
    log = replay(merrow, option=option, response=response, world=13, seed=1, days=9)
    for measure in ("reached", "falls"):
        assert np.array_equal(log.dataset[measure], study.dataset[measure][13])


def test_the_same_seed_gives_the_same_bytes(merrow: Scenario) -> None:
    one, two = (glacis.replay(merrow, runs=40, seed=5).to_json() for _ in range(2))
    assert one == two
    assert one != glacis.replay(merrow, runs=40, seed=6).to_json()


@every_world
def test_json_holds_every_frame(logs: dict[int, Replay], world: int) -> None:
    log = logs[world]
    record = json.loads(log.to_json())
    assert record["schema"] == 1
    assert record["world"] == world
    assert record["track_columns"] == list(COLUMNS)
    assert record["statuses"] == list(STATUSES)
    frames = len(record["hours"])
    assert frames == log.dataset.sizes["hour"]
    for name, formation in record["formations"].items():
        one = log.dataset.sel(formation=name)
        track = formation["track"]
        assert track[0][0] == 0
        for t in range(frames):
            _, at, km, lat, lon, strength, status = [e for e in track if e[0] <= t][-1]
            assert at == one["at"][t].item()
            assert (km is None) == bool(np.isnan(one["km"][t]))
            assert lat == pytest.approx(float(one["lat"][t]), abs=1e-4)
            assert lon == pytest.approx(float(one["lon"][t]), abs=1e-4)
            assert strength == pytest.approx(float(one["strength"][t]), abs=1e-3)
            assert status == int(one["status"][t])
    for name, control in record["control"].items():
        words = {0: "blue", 1: "red", -1: "closed"}
        holders = [words[int(side)] for side in log.dataset["holder"].sel(place=name)]
        told = [[e for e in control if e[0] <= t][-1][1] for t in range(frames)]
        assert told == holders
    assert len(record["contacts"]) == int(log.dataset["contact"].sum())


@every_world
def test_formations_are_on_the_map(merrow: Scenario, logs: dict[int, Replay], world: int) -> None:
    log = logs[world].dataset
    places, legs = merrow.theatre.places, merrow.theatre.legs
    for at, km, lat, lon in zip(
        *(log[name].to_numpy().ravel() for name in ("at", "km", "lat", "lon")), strict=True
    ):
        ends = [at] if at in places else [legs[at].start, legs[at].end]
        assert np.isnan(km) == (at in places)
        assert at in places or 0 <= km <= legs[at].km.support[1] + 1e-3
        for value, name in ((lat, "lat"), (lon, "lon")):
            among = [getattr(places[end], name).value for end in ends]
            assert min(among) - 1e-9 <= value <= max(among) + 1e-9


def test_the_opening_shows_everybody_whole(logs: dict[int, Replay]) -> None:
    for log in logs.values():
        first = log.dataset.isel(hour=0)
        assert log.hours[0] == 0.0
        assert (np.diff(log.hours) > 0).all()
        assert not (first["status"] == DESTROYED).any()
        assert float(first["casualties"].sum()) == pytest.approx(0.0, abs=1e-3)
        assert not log.dataset["odds"].where(~log.dataset["contact"]).notnull().any()


@every_world
def test_events_agree_with_the_log(merrow: Scenario, logs: dict[int, Replay], world: int) -> None:
    run = film_run(merrow, Case("tripwire", "assault", "full", 30.0, SEED, world))
    events = tell(run)
    assert events == logs[world].events
    hours = [event.hour for event in events]
    assert hours == sorted(hours)
    assert {event.kind for event in events} <= set(KINDS)
    assert {"alert", "h-hour", "crossing"} <= {event.kind for event in events}

    def told(kind: str) -> set[str]:
        return {name for event in events if event.kind == kind for name in event.formations}

    ids = np.array([member.id for member in run.compiled.members])
    status = run.film.forces["status"]
    assert told("destroyed") == set(ids[(status[-1] == DESTROYED) & (status[0] != DESTROYED)])
    assert told("withdrew") == set(ids[run.forces["withdrew"] == 1])
    late = np.array([member.formation.joins == "reinforced" for member in run.compiled.members])
    assert told("under-way") == set(ids[late & (status[-1] != WAITING) & (status[0] == WAITING)])
    assert told("arrived") == set(ids[late & (status == IN_PLACE).any(axis=0)])
    for kind, measure in (("reached", "reached"), ("fell", "falls")):
        found = {event.place: event.hour for event in events if event.kind == kind}
        log = logs[world].dataset[measure]
        assert found == {
            str(place): float(log.sel(place=place))
            for place in log["place"].to_numpy()
            if np.isfinite(log.sel(place=place))
        }


def test_captions_are_single_lines_that_name_names(
    merrow: Scenario, logs: dict[int, Replay]
) -> None:
    for event in itertools.chain.from_iterable(log.events for log in logs.values()):
        assert event.caption
        assert "\n" not in event.caption
        if event.place in merrow.theatre.places:
            assert merrow.theatre.places[event.place].name in event.caption


@pytest.mark.parametrize(
    "response, words", [("none", "no answer"), ("limited", "nobody is sent"), ("full", "in full")]
)
def test_the_decision_is_told(merrow: Scenario, response: Any, words: str) -> None:
    log = replay(merrow, response=response, world=4, seed=SEED)
    (decision,) = [event for event in log.events if event.kind == "decision"]
    assert words in decision.caption


def played(hours: list[float], lost: list[float], kind: str = "assault") -> Any:
    """A campaign with nothing but what choosing a run looks at."""
    sizes = Sizes(places=2, groups=0, reinforcements=0, ports=0, classes=0, forces=0)
    record = new_record(len(hours), sizes)
    record.reached[:, 0] = hours
    record.reached[:, 1] = 0.0
    record.summary["people_lost"] = lost
    scenario = SimpleNamespace(
        options={"it": SimpleNamespace(kind=kind, objectives=("village",))},
        objectives=SimpleNamespace(groups={"first": ("capital",)}, places=("capital",)),
    )
    network = SimpleNamespace(places=["capital", "village"], index={"capital": 0, "village": 1})
    compiled: Any = SimpleNamespace(scenario=scenario, option="it", network=network)
    return Campaign(compiled, record, posture="bare", response="none", seed=SEED)


def test_the_median_and_the_worst_tenth_are_found() -> None:
    hours = [float(hour) for hour in (50, 10, 30, 20, 40, 70, 60, 110, 90, 100, 80)]
    one = played(hours, [0.0] * 11)
    assert hours[choose_world(one, "median")] == 60.0
    assert hours[choose_world(one, "worst-tenth")] == 20.0


def test_among_runs_in_which_it_never_comes_lost_ground_counts() -> None:
    never = float("inf")
    one = played([never, never, never, never, 5.0], [0.1, 0.4, 0.2, 0.3, 0.0])
    assert choose_world(one, "median") == 3  # 5 h; then 0.4, 0.3 of the people on lost ground
    assert choose_world(one, "worst-tenth") == 4


def test_a_limited_grab_is_judged_by_its_own_objective() -> None:
    one = played([9.0, 1.0, 5.0], [0.1, 0.2, 0.3], kind="limited")
    assert choose_world(one, "median") == 1  # all alike in the village: lost ground decides


def test_the_choice_is_kept_in_the_log(merrow: Scenario, study: Campaign) -> None:
    log = replay_of(study, merrow, world="worst-tenth")
    assert log.dataset.attrs["chosen"] == "worst-tenth"
    assert log.dataset.attrs["of_worlds"] == RUNS
    assert log.dataset.attrs["world"] == choose_world(study, "worst-tenth")
    assert log.to_dataset() is log.dataset


@pytest.mark.parametrize("world", [-1, "best"])
def test_wrong_worlds_are_told(merrow: Scenario, world: Any) -> None:
    with pytest.raises(InputError):
        replay(merrow, world=world, runs=5)
