"""Hours that the scenario knows from elsewhere: of history, of a game in print, of a claim."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from glacis.assess.expected import headline
from glacis.scenario.claims import Reading
from glacis.scenario.model import Scenario

HOURS = ("hours_to", "answered_hours_to")
"""Variables of a claim that the chart of hours shows."""


def marks_of(scenario: Scenario) -> list[dict[str, Any]]:
    """Lines that the chart of hours draws beside the model's own, each once.

    Of a target the hours that were observed, of a claim the bar that its test sets. ``goals``
    names the rows that a mark belongs to: for a group those of its places too.
    """
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for mark in chain(_of_targets(scenario), _of_claims(scenario)):
        found.setdefault((*mark["goals"], mark["low"], mark["high"]), mark)
    return list(found.values())


def _of_targets(scenario: Scenario) -> Iterator[dict[str, Any]]:
    option = headline(scenario)
    for target in scenario.targets:
        hours = target.observed_hours
        if hours is None or (target.measure, target.option) != ("reached", option):
            continue
        low, high = hours.support
        yield _mark(
            scenario,
            target.place,
            (low, high),
            label=target.name,
            source=hours.source,
            note=hours.note,
        )


def _of_claims(scenario: Scenario) -> Iterator[dict[str, Any]]:
    ledger = {} if scenario.claims is None else scenario.claims.ledger
    for claim in ledger.values():
        reading = claim.test.reading
        hours = claim.test.at_most if claim.test.at_most is not None else claim.test.at_least
        goal = _goal(reading)
        if hours is None or goal is None:
            continue
        yield _mark(
            scenario,
            goal,
            (hours, hours),
            label=claim.statement.rstrip("."),
            source=str(claim.source),
            note=" ".join(claim.notes),
        )


def _goal(reading: Reading | None) -> str | None:
    if reading is None or reading.read not in HOURS:
        return None
    goal = reading.at.get("objective")
    return goal if isinstance(goal, str) else None


def _mark(
    scenario: Scenario, goal: str, hours: tuple[float, float], *, label: str, source: str, note: str
) -> dict[str, Any]:
    rows = [*scenario.objectives.places, *scenario.objectives.groups]
    goals = [one for one in (goal, *scenario.objectives.groups.get(goal, ())) if one in rows]
    return {
        "goals": goals,
        "low": hours[0],
        "high": hours[1],
        "unit": "h",
        "label": label,
        "source": source,
        "note": note,
    }


__all__ = ["marks_of"]
