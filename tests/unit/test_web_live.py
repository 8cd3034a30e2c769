"""The desk: its answers are those of a comparison, and what is kept changes none of them."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from glacis.errors import Cancelled, InputError
from glacis.executor import Runner
from glacis.scenario.read import bundled_names
from glacis.study.compare import compare
from glacis.web.hall import Hall
from glacis.web.library import Library
from glacis.web.live import MOST_WORLDS, Desk
from glacis.web.pool import Pool
from glacis.web.state import Levers, State, Where

WORLDS = 24


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(Library(tmp_path_factory.mktemp("library")))


def test_an_answer_is_that_of_a_comparison(desk: Desk) -> None:
    study = compare("baltic", ["tripwire", "forward"], worlds=WORLDS, seed=5)
    for posture in study.postures:
        answer = desk.answer(State(posture=posture, seed=5), WORLDS)
        for name in ("p_attack", "falls_any", "p_second_theatre", "expected_loss", "area_held"):
            assert answer["figures"][name]["mean"] == pytest.approx(
                float(np.mean(study.values(name, posture))), rel=1e-12
            )
        outcomes = study.values("outcomes", posture).mean(axis=0)
        assert list(answer["outcomes"].values()) == pytest.approx(outcomes.tolist())
        full = study.values("response", posture, option="assault", answer="full").mean()
        assert answer["response"]["full"] == pytest.approx(full)
        assert sum(answer["histogram"]["counts"]) == WORLDS


def test_threads_and_what_was_asked_before_change_nothing(desk: Desk, tmp_path: Path) -> None:
    state = State(posture="forward", levers={"minehunter": 2}, overrides={"crisis.insight": 0.9})
    desk.answer(State(posture="porcupine"), WORLDS)
    one = desk.answer(state, WORLDS, Runner(workers=1))
    two = Desk(Library(tmp_path)).answer(state, WORLDS, Runner(workers=2))
    assert {**one, "ms": 0} == {**two, "ms": 0}


def test_a_lever_moves_the_answer_and_says_when_it_is_untested(desk: Desk) -> None:
    base = desk.answer(State(posture="forward"), WORLDS)
    more = desk.answer(State(posture="forward", levers={"heavy-brigade-forward": 6}), WORLDS)
    assert base["untested"] == []
    assert more["untested"] == ["heavy-brigade-forward"]
    assert more["posture"] == "mine"
    assert more["annual_cost_meur"] > base["annual_cost_meur"]
    assert more["figures"]["falls_any"]["mean"] <= base["figures"]["falls_any"]["mean"]


def test_columns_are_told_less_the_first(desk: Desk) -> None:
    asked = [("now", Levers(posture="tripwire")), ("mine", Levers(levers={"minehunter": 4}))]
    found = desk.compare(Where(), asked, WORLDS, Runner())
    assert [one["name"] for one in found["columns"]] == ["now", "mine"]
    (less,) = found["differences"]
    means = [one["result"]["figures"]["p_attack"]["mean"] for one in found["columns"]]
    told = less["figures"]["p_attack"]
    assert told["mean"] == pytest.approx(means[1] - means[0])
    assert told["low"] <= told["mean"] <= told["high"]


@pytest.mark.parametrize("name", bundled_names())
def test_every_bundled_scenario_has_an_answer(desk: Desk, name: str) -> None:
    answer = desk.answer(State(scenario=name), 16)
    first = next(iter(answer["figures"].values()))
    assert 0 <= first["mean"] <= 1
    assert ("outcomes" in answer) == (name == "baltic")
    assert answer["hours_to"]


def test_the_median_run_is_played(desk: Desk) -> None:
    state = State(posture="forward")
    log = desk.replay(state, option="", response="full", run="median", days=10)
    assert log["option"] == "assault"
    assert log["posture"] == "forward"
    assert log["hours"][0] == 0
    assert log["hours"][-1] == 240
    assert log["events"]


def test_it_refuses_and_can_be_stopped(desk: Desk) -> None:
    with pytest.raises(InputError, match="worlds: must be 1 to"):
        desk.answer(State(), MOST_WORLDS + 1)
    with pytest.raises(InputError, match="no scenario 'nowhere'"):
        desk.answer(State(scenario="nowhere"), 8)
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        desk.answer(State(posture="surge", seed=99), 8, Runner(cancel=cancel))


def test_work_for_nobody_is_given_up() -> None:
    begun = threading.Event()

    class Asker:
        """Who waits until the work has begun, and no longer."""

        async def is_disconnected(self) -> bool:
            return begun.is_set()

    def work(runner: Runner) -> None:
        begun.set()
        assert runner.cancel is not None
        assert runner.cancel.wait(10)
        runner.check()

    pool = Pool(1, is_patient=True)
    hall: Any = SimpleNamespace(pool=pool)
    asker: Any = Asker()
    with pytest.raises(Cancelled):
        asyncio.run(Hall.patiently(hall, asker, work))
    pool.close()
