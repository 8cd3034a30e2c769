"""Slow studies, as the worker process runs them: each from plain data to plain data."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from glacis.assess.chain import Sparing
from glacis.campaign.run import draw_worlds
from glacis.executor import Runner
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario
from glacis.study.claims import claims
from glacis.study.compare import compare, compared
from glacis.web.phase import inputs_of, phase
from glacis.web.requests import ClaimsParams, CompareParams, GridParams, SensitivityParams
from glacis.web.sensitivity import sensitivity
from glacis.web.state import State, with_mine

Report = Callable[[int, int], None]

TARGETS = {
    "claims": "glacis.web.studies:run_claims",
    "grid": "glacis.web.studies:run_grid",
    "compare": "glacis.web.studies:run_compare",
    "sensitivity": "glacis.web.studies:run_sensitivity",
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
    """The page over two inputs: every figure at each pair of values (`glacis.web.phase`)."""
    state, scenario = State.model_validate(request["state"]), read_scenario(request["folder"])
    asked = GridParams.model_validate(request["params"])
    inputs = inputs_of(scenario, state, (asked.x, asked.y), asked.points)
    runner = Runner(progress=report, cancel=cancel)
    return phase(scenario, state, inputs, worlds=asked.worlds, runner=runner)


def run_sensitivity(
    request: Mapping[str, Any], report: Report, cancel: threading.Event
) -> dict[str, Any]:
    """What drives one figure of the page's posture (`glacis.web.sensitivity`)."""
    state, scenario = _read(request)
    asked = SensitivityParams.model_validate(request["params"])
    posed, mine = with_mine(scenario, state)
    study = compared(
        posed,
        [mine],
        worlds=asked.worlds,
        seed=state.seed,
        runner=Runner(progress=report, cancel=cancel),
        sparing=Sparing(channels=()),
    )
    drawn = draw_worlds(scenario, asked.worlds, state.seed)
    return sensitivity(posed, study.dataset.sel(posture=mine), drawn, figure=asked.figure)


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


__all__ = ["TARGETS", "run_claims", "run_compare", "run_grid", "run_sensitivity"]
