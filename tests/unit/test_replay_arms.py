"""A run's log, the arms' part: what they did in the dataset, in the JSON, and in the story."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import glacis
from glacis.campaign.events import Event
from glacis.campaign.filming import Case, Run, film_run
from glacis.campaign.lift import NOTHING, PORT_MINED, REASONS, ROAD_FULL, WAY_LOST
from glacis.campaign.replay import STAGES, Replay
from glacis.campaign.results import Film, Record
from glacis.campaign.state import CALLED_OFF, HALTED, LAUNCHED, NOT_ORDERED, ORDERED
from glacis.campaign.story import KINDS, tell
from glacis.campaign.story_arms import KEEPERS
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario

WORLD, SEED, DAYS = 3, 1, 40.0


@pytest.fixture(scope="module")
def baltic() -> Scenario:
    return read_scenario("baltic")


@pytest.fixture(scope="module")
def run(baltic: Scenario) -> Run:
    return film_run(baltic, Case("forward", "assault", "full", DAYS, SEED, WORLD))


@pytest.fixture(scope="module")
def log(baltic: Scenario) -> Replay:
    return glacis.replay(baltic, "forward", world=WORLD, seed=SEED, days=DAYS)


@pytest.fixture(scope="module")
def joint(log: Replay) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(log.to_json())["joint"]
    return found


def unfolded(course: list[list[Any]], frames: int) -> list[list[Any]]:
    """What a list of changes says of every frame."""
    return [[entry for entry in course if entry[0] <= t][-1][1:] for t in range(frames)]


@pytest.mark.parametrize(
    "name, shot, unit",
    [
        ("air_control", "control", "share of sorties"),
        ("air_defence", "sam", "share not suppressed"),
        ("aircraft", "aircraft", "aircraft"),
        ("air_kills", "kills", "battalions/day"),
        ("support", "support", "factor on the odds"),
    ],
)
def test_the_dataset_holds_each_sides_course(
    run: Run, log: Replay, name: str, shot: str, unit: str
) -> None:
    course = log.dataset[name]
    assert course.dims == ("hour", "belligerent")
    assert course.attrs["units"] == unit
    for index, side in enumerate(("blue", "red")):
        told = course.sel(belligerent=side).to_numpy()
        assert np.array_equal(told, run.film.scene[shot][:, index])
        assert np.ptp(told) > 0.0


def test_the_dataset_holds_places_stocks_and_stages(run: Run, log: Replay) -> None:
    for name in ("damage", "mines"):
        assert np.array_equal(log.dataset[name], run.film.places[name])
    assert log.dataset["swept"].dtype == bool
    assert np.array_equal(log.dataset["rounds"], run.film.stocks)
    names = [f"{side} {key}" for side, key in _classes(log)]
    assert list(log.dataset["munitions"].to_numpy()) == names
    assert log.dataset["offensive"].attrs["meanings"] == list(STAGES)
    kept, sent = log.dataset["kept"], [member.reinforces for member in run.compiled.members]
    assert kept.attrs["meanings"] == list(REASONS)
    assert (kept.to_numpy()[:, np.logical_not(sent)] == -1).all()
    final = kept.to_numpy()[-1, sent]
    assert np.array_equal(final, run.record.stuck[0])


def _classes(log: Replay) -> list[tuple[str, str]]:
    classes = log.dataset["munitions"]
    return list(
        zip(
            map(str, classes["munitions_side"].to_numpy()),
            map(str, classes["munitions_class"].to_numpy()),
            strict=True,
        )
    )


def test_the_json_holds_the_same_courses(log: Replay, joint: dict[str, Any]) -> None:
    frames = log.dataset.sizes["hour"]
    for key, name in (("control", "air_control"), ("kills", "air_kills"), ("support", "support")):
        for side in ("blue", "red"):
            told = np.array(unfolded(joint[key][side], frames))[:, 0]
            course = log.dataset[name].sel(belligerent=side).to_numpy()
            assert told == pytest.approx(course, abs=5.1e-4)
    told = [words for (words,) in unfolded(joint["offensive"], frames)]
    assert told == [STAGES[stage] for stage in log.dataset["offensive"].to_numpy()]
    for side, key in _classes(log):
        one = joint["munitions"][side][key]
        course = log.dataset["rounds"].sel(munitions=f"{side} {key}").to_numpy()
        assert np.array(unfolded(one["rounds"], frames))[:, 0] == pytest.approx(course, abs=0.51)
        assert one["name"] == getattr(log.scenario.arsenals, side)[key].name
    for port, course in joint["ports"].items():
        is_open = [now for _, now in unfolded(course, frames)]
        assert is_open == log.dataset["swept"].sel(place=port).to_numpy().tolist()
        assert not is_open[0]


def test_places_never_hit_are_left_out(log: Replay, joint: dict[str, Any]) -> None:
    worst = log.dataset["damage"].max("hour")
    for place in log.dataset["place"].to_numpy():
        assert (place in joint["damage"]) == (float(worst.sel(place=place)) >= 0.005)


@pytest.mark.parametrize("name", ["template", "kuwait-1990", "georgia-2008", "baltic-2016"])
def test_what_no_arm_did_is_left_out(name: str) -> None:
    log = glacis.replay(read_scenario(name), world=2)
    told, has = log.to_record(), set(log.dataset.attrs["arms"])
    joint = told.get("joint", {})
    assert ("joint" in told) == bool(has & {"air", "fires", "sea", "arsenals"} or joint)
    for key, arm in {
        "control": "air",
        "aircraft": "air",
        "damage": "fires",
        "ports": "sea",
        "munitions": "arsenals",
        "offensive": "counter",
        "nuclear_exposure": "escalation",
    }.items():
        assert (key in joint) == (arm in has), key
    assert ("rounds" in log.dataset) == ("arsenals" in has)
    if name == "template":
        assert "joint" not in told


def told(run: Run, *kinds: str) -> list[Event]:
    return [event for event in tell(run) if event.kind in kinds]


def changed(run: Run, **parts: Any) -> Run:
    """The run with copies of film and record that may be written to, and parts of them set."""
    film = Film(*(part.copy() for part in run.film))
    record = Record(*(part.copy() for part in run.record))
    for path, value in parts.items():
        table, _, name = path.partition("__")
        if table == "summary":
            record.summary[name][0] = value
        elif table == "run_out":
            record.run_out[0] = value
        else:
            getattr(film, table)[name] = value
    return replace(run, film=film, record=record)


def test_the_air_is_won_when_half_of_the_sorties_get_through(run: Run) -> None:
    control = run.film.scene["control"][:, 0]
    first = int(np.argmax(control >= 0.5))
    assert control[first] >= 0.5  # else another world must be filmed
    (won,) = told(run, "air-won")
    assert won.hour == run.film.hour[first - 1]
    assert won.is_major
    assert "half of its sorties" in won.caption
    assert not told(changed(run, summary__air_control_hour=np.inf), "air-won")


def test_a_base_is_shut_and_opens_again(run: Run) -> None:
    damage = np.zeros_like(run.film.places["damage"])
    v = run.compiled.network.places.index("riga")
    damage[9:17, v] = 0.6
    damage[20:, v] = 0.4
    shut, opened = told(changed(run, places__damage=damage), "base-shut", "base-open")
    assert (shut.kind, shut.hour, shut.place) == ("base-shut", run.film.hour[8], "riga")
    assert (opened.kind, opened.hour) == ("base-open", run.film.hour[16])
    assert shut.is_major
    assert "airfield, port and railhead of Riga" in shut.caption


def test_ports_are_mined_and_swept(run: Run) -> None:
    (mined,) = told(run, "mined")
    swept = {event.place: event.hour for event in told(run, "port-open")}
    shots = run.film.places["swept"]
    for v in run.compiled.reach.ports:
        place = run.compiled.network.places[v]
        name = run.compiled.scenario.theatre.places[place].name
        assert (name in mined.caption) == (shots[0, v] == 0)
        if shots[0, v] == 0 and shots[-1, v]:
            assert swept[place] == run.film.hour[int(np.argmax(shots[:, v])) - 1]
        else:
            assert place not in swept


def test_those_kept_waiting_are_told_once_for_each_reason(run: Run) -> None:
    events = told(run, "kept")
    assert events
    seen = [(f, event.caption.partition(": ")[2]) for event in events for f in event.formations]
    assert len(seen) == len(set(seen))
    reasons = {words.partition("{}")[0] for words in KEEPERS.values()}
    for event in events:
        assert any(reason in event.caption for reason in reasons)
    assert events[0].is_major


def test_a_short_wait_is_not_told(run: Run) -> None:
    """Of a formation that waits at a full road for an hour, for a day, and at a mined port."""
    stuck = np.zeros_like(run.film.forces["stuck"])
    status = run.film.forces["status"].copy()
    f = next(i for i, m in enumerate(run.compiled.members) if m.formation.comes_by == "sea")
    status[:, f] = 0
    stuck[2:5, f] = ROAD_FULL  # three steps of three hours
    stuck[10:20, f] = WAY_LOST
    stuck[21:40, f] = PORT_MINED
    stuck[41:60, f] = PORT_MINED
    assert NOTHING == 0
    way, port = told(changed(run, forces__stuck=stuck, forces__status=status), "kept")
    member = run.compiled.members[f]
    assert way.hour == run.film.hour[10]
    assert "in Red hands" in way.caption
    first = run.compiled.scenario.theatre.lanes[member.formation.lanes[0]]
    assert port.place == first.end
    assert port.formations == (member.id,)
    assert "is mined" in port.caption


def test_the_first_through_the_corridor_are_told(run: Run) -> None:
    passed = np.zeros(len(run.film.hour))
    assert not told(changed(run, scene__corridor_passed=passed), "corridor")
    passed[7:], passed[9:] = 2.0, 5.0
    (first,) = told(changed(run, scene__corridor_passed=passed), "corridor")
    assert first.hour == run.film.hour[7]
    assert "first two reinforcing battalions come through the corridor" in first.caption


def test_a_class_that_runs_out_is_named(run: Run) -> None:
    hours = np.full(run.record.run_out.shape[1], np.inf)
    hours[0], hours[-1] = 240.0, 480.0
    blue, red = told(changed(run, run_out__=hours), "ran-out")
    classes = run.compiled.inventory.classes
    assert (blue.hour, red.hour) == (240.0, 480.0)
    assert blue.caption.startswith("Blue")
    assert classes[0][2].name in blue.caption
    assert red.caption.startswith("Red")
    assert classes[-1][2].name in red.caption


def test_the_way_back_is_told_stage_by_stage(run: Run) -> None:
    stages = np.full(len(run.film.hour), NOT_ORDERED, dtype=np.int8)
    for start, stage in (
        (10, CALLED_OFF),
        (30, ORDERED),
        (50, LAUNCHED),
        (60, HALTED),
        (70, ORDERED),
        (80, LAUNCHED),
        (90, NOT_ORDERED),
        (100, ORDERED),
        (110, NOT_ORDERED),
    ):
        stages[start:] = stage
    found = told(
        changed(run, scene__offensive=stages),
        "ordered",
        "launched",
        "halted",
        "called-off",
        "all-retaken",
    )
    assert [(event.kind, event.hour) for event in found] == [
        (kind, run.film.hour[frame - 1])
        for frame, kind in (
            (10, "called-off"),
            (30, "ordered"),
            (50, "launched"),
            (60, "halted"),
            (70, "ordered"),
            (80, "launched"),
            (90, "all-retaken"),
            (100, "ordered"),
        )
    ]
    assert all(event.is_major for event in found)


def test_nuclear_use_is_told(run: Run) -> None:
    assert not told(changed(run, summary__nuclear_hour=np.inf), "nuclear")
    (used,) = told(changed(run, summary__nuclear_hour=96.0), "nuclear")
    assert used.hour == 96.0
    assert used.is_major


def test_every_kind_that_is_told_is_listed(run: Run, log: Replay) -> None:
    assert tell(run) == log.events
    assert {event.kind for event in log.events} <= set(KINDS)
    assert len(set(KINDS)) == len(KINDS)
    text = read_documentation()
    assert not [kind for kind in KINDS if f"`{kind}`" not in text]


def read_documentation() -> str:
    from pathlib import Path

    path = Path(__file__).parents[2] / "docs" / "reference" / "replay.md"
    return path.read_text(encoding="utf-8")


def test_every_key_of_the_joint_log_is_documented(joint: dict[str, Any]) -> None:
    text = read_documentation()
    assert not [key for key in joint if f"| `{key}` |" not in text]
