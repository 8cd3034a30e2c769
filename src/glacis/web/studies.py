"""Slow studies, as the worker process runs them: each from plain data to plain data."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from glacis.errors import InputError
from glacis.executor import Runner
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario
from glacis.study.claims import claims
from glacis.study.compare import compare
from glacis.study.grid import Axis, axis_of, grid
from glacis.web.levers import levers_of, lines_of
from glacis.web.requests import ClaimsParams, CompareParams, GridParams
from glacis.web.state import Levers, State, preset_of, with_mine

Report = Callable[[int, int], None]

TARGETS = {
    "claims": "glacis.web.studies:run_claims",
    "grid": "glacis.web.studies:run_grid",
    "compare": "glacis.web.studies:run_compare",
}
"""By kind, what does it."""


def run_claims(
    request: Mapping[str, Any], report: Report, cancel: threading.Event
) -> dict[str, Any]:
    """The claims ledger, as ``glacis claims --json`` has it."""
    state, scenario = _read(request)
    asked = ClaimsParams.model_validate(request["params"])
    found = claims(
        scenario,
        worlds=asked.worlds,
        seed=state.seed,
        reds=None if asked.reds is None else list(asked.reds),
        runner=Runner(progress=report, cancel=cancel),
    )
    return found.to_record()


def run_grid(request: Mapping[str, Any], report: Report, cancel: threading.Event) -> dict[str, Any]:
    """A posture over two inputs, as ``glacis assess --over --json`` has it."""
    state, scenario = _read(request)
    asked = GridParams.model_validate(request["params"])
    posed, posture = _listed(scenario, state, [asked.x, asked.y])
    x, y = (_axis(posed, posture, one, asked.points) for one in (asked.x, asked.y))
    runner = Runner(progress=report, cancel=cancel)
    found = grid(posed, posture, (x, y), worlds=asked.worlds, seed=state.seed, runner=runner)
    return found.to_record()


def run_compare(
    request: Mapping[str, Any], report: Report, cancel: threading.Event
) -> dict[str, Any]:
    """The scenario's postures and that of the page, as ``glacis compare --json`` has it."""
    state, scenario = _read(request)
    asked = CompareParams.model_validate(request["params"])
    scenario, mine = with_mine(scenario, state)
    postures = list(dict.fromkeys([*(asked.postures or scenario.postures), mine]))
    runner = Runner(progress=report, cancel=cancel)
    found = compare(scenario, postures, worlds=asked.worlds, seed=state.seed, runner=runner)
    return found.to_record()


def _read(request: Mapping[str, Any]) -> tuple[State, Scenario]:
    state = State.model_validate(request["state"])
    return state, state.changed(read_scenario(request["folder"]))


def _listed(scenario: Scenario, state: State, inputs: list[str]) -> tuple[Scenario, str]:
    """The scenario with a posture that has a line for each lever that is an axis.

    Where a measure has several sites, the first of them is what moves; the axis says so.
    """
    levers = [one.partition(":")[2] for one in inputs if one.startswith("lever:")]
    preset = preset_of(scenario, state)
    known = levers_of(scenario)
    for name in levers:
        if name not in known:
            raise InputError(f"lever:{name[:64]}: there is no such lever")
    moved = dict(state.levers)
    lines = lines_of(scenario, preset, moved)
    for name in levers:
        if not any(line.measure == name for line in lines):
            moved[name] = 1
    return with_mine(scenario, Levers(posture=preset, levers=moved))


def _axis(scenario: Scenario, posture: str, asked: str, points: int) -> Axis:
    """An axis by a lever's or a number's name."""
    kind, _, name = asked.partition(":")
    if kind == "set":
        axis = axis_of(scenario, name)
        low, high = axis.values[0], axis.values[-1]
        return axis_of(scenario, f"{name}={low!r}..{high!r}/{points}")
    if kind != "lever":
        raise InputError(f"{asked[:80]}: write lever:MEASURE or set:PATH")
    lines = scenario.postures[posture].measures
    number = next(k for k, line in enumerate(lines) if line.measure == name)
    most = max(2, 2 * lines[number].quantity)
    step = max(1, -(-most // (points - 1)))
    values = ",".join(str(value) for value in range(0, most + 1, step))
    return axis_of(scenario, f"postures.{posture}.measures.{number}.quantity={values}")


__all__ = ["TARGETS", "run_claims", "run_compare", "run_grid"]
