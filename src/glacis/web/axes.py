"""Axes of an attack, as the map's arrows show them."""

from __future__ import annotations

from typing import Any

from glacis.scenario.model import Scenario, named


def axes_of(scenario: Scenario, option: str) -> list[dict[str, Any]]:
    """The thrusts of an option: along which places, when, and how many people at full strength.

    A thrust whose forces stand elsewhere than its route begins first drives there; what is told
    is the route alone.
    """
    return [
        {
            "id": key,
            "name": thrust.name or key,
            "route": list(thrust.route),
            "people": _people(scenario, thrust.forces),
            "delay_hours": 0.0 if thrust.delay_hours is None else thrust.delay_hours.value,
        }
        for key, thrust in scenario.options[option].thrusts.items()
    ]


def _people(scenario: Scenario, forces: tuple[str, ...]) -> float:
    return sum(one.people.value for _, one in named(scenario.forces.red, forces))


__all__ = ["axes_of"]
