"""glacis: a laboratory for deterrence postures.

The public names are imported when they are first used, so that ``import glacis`` costs nothing.
"""

from __future__ import annotations

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glacis.assess.council import council
    from glacis.assess.crisis import crisis_game
    from glacis.campaign.replay import replay
    from glacis.campaign.run import run_campaign
    from glacis.crisis.equilibrium import branches, solve
    from glacis.crisis.reading import read_game
    from glacis.errors import GameError, GlacisError, InputError, ScenarioError
    from glacis.scenario.check import check
    from glacis.scenario.model import Scenario
    from glacis.scenario.quantity import Quantity
    from glacis.scenario.read import read_scenario
    from glacis.scenario.schema import scenario_schema
    from glacis.scenario.write import write_scenario
    from glacis.study.backtest import backtest
    from glacis.study.claims import claims
    from glacis.study.compare import compare
    from glacis.study.rebuild import rebuild_years

    __version__: str

logging.getLogger("glacis").addHandler(logging.NullHandler())

__all__ = [
    "GameError",
    "GlacisError",
    "InputError",
    "Quantity",
    "Scenario",
    "ScenarioError",
    "__version__",
    "backtest",
    "branches",
    "check",
    "claims",
    "compare",
    "council",
    "crisis_game",
    "read_game",
    "read_scenario",
    "rebuild_years",
    "replay",
    "run_campaign",
    "scenario_schema",
    "solve",
    "write_scenario",
]

#: Public name to the module that defines it.
_HOMES = {
    "GameError": "glacis.errors",
    "GlacisError": "glacis.errors",
    "InputError": "glacis.errors",
    "Quantity": "glacis.scenario.quantity",
    "Scenario": "glacis.scenario.model",
    "ScenarioError": "glacis.errors",
    "backtest": "glacis.study.backtest",
    "branches": "glacis.crisis.equilibrium",
    "check": "glacis.scenario.check",
    "claims": "glacis.study.claims",
    "compare": "glacis.study.compare",
    "council": "glacis.assess.council",
    "crisis_game": "glacis.assess.crisis",
    "read_game": "glacis.crisis.reading",
    "read_scenario": "glacis.scenario.read",
    "rebuild_years": "glacis.study.rebuild",
    "replay": "glacis.campaign.replay",
    "run_campaign": "glacis.campaign.run",
    "scenario_schema": "glacis.scenario.schema",
    "solve": "glacis.crisis.equilibrium",
    "write_scenario": "glacis.scenario.write",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        value: Any = _version()
    elif name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module 'glacis' has no attribute {name!r}")
    globals()[name] = value
    return value


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("glacis")
    except PackageNotFoundError:  # run from its sources, without being installed
        return "0+source"


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
