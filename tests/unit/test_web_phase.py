"""The field of two inputs: a cell is what the page says there, its levers as the page has them."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from glacis.errors import Cancelled, InputError, ScenarioError
from glacis.executor import Runner
from glacis.scenario.model import Scenario
from glacis.scenario.read import bundled_names, read_scenario
from glacis.web.levers import levers_of
from glacis.web.library import Library
from glacis.web.live import Desk
from glacis.web.phase import _round_levels, inputs_of, phase, usual_pair
from glacis.web.state import State
from glacis.web.studies import run_grid

WORLDS = 24
BRIGADES, BASE = "lever:heavy-brigade-forward", "set:belief.base"
STATE = State(
    posture="forward", levers={"minehunter": 4}, overrides={"crisis.insight": 0.7}, seed=3
)


@pytest.fixture(scope="module")
def baltic() -> Scenario:
    return read_scenario("baltic")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(Library(tmp_path_factory.mktemp("library")))


@pytest.fixture(scope="module")
def field(baltic: Scenario) -> dict[str, Any]:
    inputs = inputs_of(baltic, STATE, (BRIGADES, BASE), 3)
    return phase(baltic, STATE, inputs, worlds=WORLDS, runner=Runner(workers=2))


def assert_answers(desk: Desk, state: State, found: dict[str, Any], i: int, j: int) -> None:
    """That a cell says of every figure what the desk answers at its state."""
    answer = desk.answer(state, WORLDS)["figures"]
    assert set(found["figures"]) == set(answer)
    for name, own in answer.items():
        for key in ("mean", "half_width"):
            told = found["figures"][name][key][i][j]
            expected = None if own is None else own[key]
            assert told == (None if expected is None else pytest.approx(expected, rel=1e-12))


def test_each_cell_is_what_the_page_says_there(desk: Desk, field: dict[str, Any]) -> None:
    assert field["x"]["values"] == (0, 3, 6)
    assert field["y"]["values"] == (0.22, 0.485, 0.75)
    for i, units in enumerate(field["x"]["values"]):
        for j, base in enumerate(field["y"]["values"]):
            levers = {**STATE.levers, "heavy-brigade-forward": int(units)}
            overrides = {**STATE.overrides, "belief.base": base}
            state = STATE.model_copy(update={"levers": levers, "overrides": overrides})
            assert_answers(desk, state, field, i, j)


def test_two_levers_and_a_preset_s_own_units_agree_with_the_page(
    baltic: Scenario, desk: Desk
) -> None:
    state = State(posture="forward", seed=4)
    inputs = inputs_of(baltic, state, (BRIGADES, "lever:road-capacity"), 3)
    found = phase(baltic, state, inputs, worlds=WORLDS, runner=Runner())
    assert found["x"]["values"][1] == 3
    for i, brigades in enumerate((0, 3, 6)):
        for j, roads in enumerate((0, 2, 4)):
            levers = {"heavy-brigade-forward": brigades, "road-capacity": roads}
            assert_answers(desk, state.model_copy(update={"levers": levers}), found, i, j)


def test_a_war_alone_has_a_field(desk: Desk) -> None:
    scenario = read_scenario("kuwait-1990")
    state = State(scenario="kuwait-1990")
    inputs = inputs_of(scenario, state, (None, None), 2)
    found = phase(scenario, state, inputs, worlds=WORLDS, runner=Runner())
    for i, a in enumerate(inputs[0].values):
        for j, b in enumerate(inputs[1].values):
            assert_answers(desk, inputs[1].set_in(inputs[0].set_in(state, a), b), found, i, j)


def test_figures_say_where_lines_may_be_drawn(field: dict[str, Any]) -> None:
    for one in field["figures"].values():
        means = [mean for row in one["mean"] for mean in row if mean is not None]
        if not means:
            continue
        assert one["low"] <= min(means)
        assert one["high"] >= max(means)
        assert all(min(means) < level < max(means) for level in one["levels"])
    assert field["figures"]["p_attack"]["levels"]
    assert json.loads(json.dumps(field, allow_nan=False))["levers"] == STATE.levers


@pytest.mark.parametrize(
    "low, high, levels",
    [
        (0, 100, [20, 40, 60, 80]),
        (-3.2, 4.1, [-2, 0, 2, 4]),
        (0.011, 0.052, [0.02, 0.03, 0.04, 0.05]),
        (1e9, 1e9 + 3, [1e9 + k / 2 for k in range(1, 6)]),
        (5, 5, []),
    ],
)
def test_levels_are_round_and_few(low: float, high: float, levels: list[float]) -> None:
    assert _round_levels(low, high) == pytest.approx(levels)


def test_an_input_s_range_is_not_narrowed_by_its_own_override(baltic: Scenario) -> None:
    state = State(overrides={"belief.base": 0.5})
    _, base = inputs_of(baltic, state, (BRIGADES, BASE), 5)
    assert (base.values[0], base.values[-1], base.central) == (0.22, 0.75, 0.5)
    assert "base rate of allies" in base.name
    assert inputs_of(baltic, state, (None, None), 5)[1] == base


def test_a_lever_s_range_is_the_page_s(baltic: Scenario) -> None:
    for name, lever in levers_of(baltic).items():
        x, _ = inputs_of(baltic, State(), (f"lever:{name}", BASE), 7)
        assert (x.values[0], x.values[-1], x.tested) == (0, lever.most, lever.tested)
        assert all(value == int(value) for value in x.values)
        assert len(x.values) == min(7, lever.most + 1)


@pytest.mark.parametrize("name", [*bundled_names(), "template"])
def test_every_scenario_has_a_usual_pair(name: str) -> None:
    scenario = read_scenario(name)
    x, y = inputs_of(scenario, State(scenario=name), (None, None), 4)
    assert (x.id, y.id) == usual_pair(scenario)
    if name == "baltic":
        assert (x.id, y.id) == (BRIGADES, BASE)


@pytest.mark.parametrize(
    "x, y, said",
    [
        (BRIGADES, BRIGADES, "both axes"),
        ("lever:nothing", BASE, "no such lever"),
        (BRIGADES, "set:belief.bse", "is no number of baltic's"),
        (BRIGADES, "set:theatre.places.tallinn.lat", "is not in doubt"),
        (BRIGADES, "belief.base", "write lever:MEASURE or set:PATH"),
    ],
)
def test_wrong_inputs_are_refused(baltic: Scenario, x: str, y: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        inputs_of(baltic, State(), (x, y), 3)


def test_a_state_that_does_not_fit_is_refused_before_anything_is_run(baltic: Scenario) -> None:
    inputs = inputs_of(baltic, State(), (BRIGADES, BASE), 2)
    for state in (State(posture="nobody"), State(levers={"minehunter": 99})):
        with pytest.raises(InputError):
            phase(baltic, state, inputs, worlds=4, runner=Runner())
    with pytest.raises(ScenarioError):
        inputs_of(baltic, State(overrides={"crisis.insight": 4}), (BRIGADES, BASE), 2)


def test_the_worker_makes_it_and_can_be_stopped(desk: Desk, field: dict[str, Any]) -> None:
    request = {
        "folder": desk.library.folder("baltic"),
        "state": STATE.model_dump(mode="json"),
        "params": {"x": BRIGADES, "y": BASE, "points": 3, "worlds": WORLDS},
    }
    done: list[float] = []
    report = lambda share, of: done.append(share / of)  # noqa: E731  # a list keeps what is told
    assert run_grid(request, report, threading.Event()) == field
    assert done == sorted(done)
    assert done[-1] == 1
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        run_grid(request, lambda *_: None, cancel)
