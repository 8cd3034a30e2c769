"""Axes of an attack, as the map's arrows show them."""

from __future__ import annotations

from typing import Any

from glacis.scenario.model import Scenario, Thrust, named


def axes_of(scenario: Scenario, option: str) -> list[dict[str, Any]]:
    """The routes of an option's thrusts: along which places, and how many people take each.

    Thrusts that go the same way are one axis. People are those of the thrusts' formations at full
    strength. What is told is the route alone, without the way that a force first takes to it.
    """
    ways: dict[tuple[str, ...], list[Thrust]] = {}
    for thrust in scenario.options[option].thrusts.values():
        ways.setdefault(tuple(thrust.route), []).append(thrust)
    return [
        {
            "names": [thrust.name for thrust in thrusts if thrust.name],
            "route": list(route),
            "people": _people(scenario, thrusts),
        }
        for route, thrusts in ways.items()
    ]


def _people(scenario: Scenario, thrusts: list[Thrust]) -> float:
    forces = dict.fromkeys(name for thrust in thrusts for name in thrust.forces)
    return sum(one.people.value for _, one in named(scenario.forces.red, forces))


__all__ = ["axes_of"]
