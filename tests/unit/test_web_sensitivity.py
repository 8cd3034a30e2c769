"""Drivers of a figure: the shares are those of `glacis.study.importance`, the way is right."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from glacis.campaign.run import draw_worlds
from glacis.errors import InputError
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario
from glacis.study.compare import compare
from glacis.study.importance import importance
from glacis.web.library import Library
from glacis.web.live import Desk
from glacis.web.sensitivity import SHOWN, sensitivity
from glacis.web.state import State
from glacis.web.studies import run_sensitivity

WORLDS = 96


class Made:
    """A variable as the chain gives it."""

    def __init__(self, values: np.ndarray) -> None:
        self.values = values


@pytest.fixture(scope="module")
def baltic() -> Scenario:
    return read_scenario("baltic")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(Library(tmp_path_factory.mktemp("library")))


def test_what_drives_a_made_figure_is_found_with_its_direction(baltic: Scenario) -> None:
    worlds = draw_worlds(baltic, 600, 3)
    base, insight, precision = (
        worlds.probabilities(path) for path in ("belief.base", "crisis.insight", "crisis.precision")
    )
    values = 0.5 - 0.3 * base + 0.2 * insight + 0.35 * np.abs(precision - 0.5)
    found = sensitivity(baltic, {"p_attack": Made(values)}, worlds)
    told = {one["path"]: one for one in found["drivers"] if one["stands_out"]}
    assert list(told) == ["belief.base", "crisis.insight", "crisis.precision"]
    assert [one["direction"] for one in told.values()] == ["lowers", "raises", "mixed"]
    first = told["belief.base"]
    assert first["low"] < first["share"] < first["high"]
    assert first["share"] == pytest.approx(0.09 / (0.09 + 0.04 + 0.1225 / 4), abs=0.05)
    assert first["ends"][0] > first["ends"][1]
    values_at = [at for at, _ in first["course"]]
    assert values_at == sorted(values_at)
    assert 0.22 < values_at[0] < values_at[-1] < 0.75
    assert first["name"].startswith("Belief, base: Red's base rate")
    assert (first["unit"], first["confidence"]) == ("share", "medium")


def test_shares_are_those_of_the_study(desk: Desk) -> None:
    state = State(posture="forward", seed=5)
    scenario, worlds, found = desk.found(state, WORLDS)
    told = sensitivity(scenario, found, worlds, figure="falls_any")
    study = compare(scenario, ["forward"], worlds=WORLDS, seed=5)
    places = np.column_stack([worlds.probabilities(path) for path in worlds.paths])
    own = importance(places, study.values("falls_any", "forward"))
    assert len(told["drivers"]) == SHOWN
    assert told["noise"] == own.noise
    for one in told["drivers"]:
        assert one["share"] == own.share[worlds.paths.index(one["path"])]
    shares = [one["share"] for one in told["drivers"]]
    assert shares == sorted(shares, reverse=True)


def test_a_number_that_is_set_drives_nothing(desk: Desk) -> None:
    scenario, worlds, found = desk.found(State(overrides={"belief.base": 0.5}), WORLDS)
    told = sensitivity(scenario, found, worlds)
    assert "belief.base" not in worlds.paths
    assert told["of"] == len(worlds.paths)


def test_the_worker_finds_what_the_desk_finds(desk: Desk) -> None:
    state = State(posture="forward", levers={"minehunter": 3}, seed=2)
    scenario, worlds, found = desk.found(state, WORLDS)
    request = {
        "folder": desk.library.folder("baltic"),
        "state": state.model_dump(mode="json"),
        "params": {"figure": "nuclear_use", "worlds": WORLDS},
    }
    told = run_sensitivity(request, lambda *_: None, threading.Event())
    assert told == sensitivity(scenario, found, worlds, figure="nuclear_use")


@pytest.mark.parametrize("name", ["kuwait-1990", "georgia-2008"])
def test_a_war_alone_has_drivers_too(desk: Desk, name: str) -> None:
    scenario, worlds, found = desk.found(State(scenario=name), 48)
    told = sensitivity(scenario, found, worlds)
    assert told["figure"] == "falls_any"
    assert all(0 < one["share"] <= 1 for one in told["drivers"])


def test_what_never_varies_is_driven_by_nothing(baltic: Scenario) -> None:
    worlds = draw_worlds(baltic, 50, 1)
    for values in (np.full(50, 0.3), np.full(50, np.nan)):
        found = sensitivity(baltic, {"p_attack": Made(values)}, worlds)
        assert (found["drivers"], found["noise"]) == ([], 1.0)
    assert sensitivity(baltic, {}, worlds)["drivers"] == []


def test_an_unknown_figure_is_refused(baltic: Scenario) -> None:
    with pytest.raises(InputError, match="no 'p_atack'; choose among: p_attack"):
        sensitivity(baltic, {}, draw_worlds(baltic, 2, 1), figure="p_atack")


def test_an_answer_given_at_rest_is_not_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, run = Desk(Library(tmp_path)), []
    whole = Desk._found
    monkeypatch.setattr(
        Desk, "_found", lambda self, *given: run.append(given) or whole(self, *given)
    )
    desk.answer(State(seed=8), 48)
    desk.found(State(seed=8), 48)
    assert len(run) == 1
