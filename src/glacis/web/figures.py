"""The figures of the page: what each is, and how it is read from what a posture comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from glacis.assess.expected import headline
from glacis.assess.outcome import ENDINGS
from glacis.assess.variables import Variables
from glacis.campaign.statistics import conditional, half_width, statistics
from glacis.figures.words import goal_name
from glacis.kernels import Floats
from glacis.ripple.aftermath import OUTCOMES
from glacis.scenario.game import ANSWERS
from glacis.scenario.model import Scenario
from glacis.study.compare import missing
from glacis.web.price import price_of

BINS = 20


@dataclass(frozen=True)
class Figure:
    """One number of the page."""

    id: str
    name: str
    unit: str
    note: str
    group: str
    """``headline``, ``small`` or ``more``."""
    variable: str
    at: tuple[tuple[str, str], ...] = ()
    """Labels of its further dimensions."""


ATTACK = "a limited grab or a full assault, at a moment of decision: a tendency, no yearly rate"
FIGURES = (
    Figure("p_attack", "Red attacks", "share", ATTACK, "headline", "p_attack"),
    Figure(
        "full",
        "full answer",
        "share",
        "the members answer a full assault with force, given that it comes",
        "small",
        "response",
        (("option", ""), ("answer", "full")),
    ),
    Figure(
        "falls_any",
        "an objective falls",
        "share",
        "Red holds one of the named objectives for twelve hours, given a full assault, to day 180",
        "small",
        "falls_any",
    ),
    Figure(
        "nuclear_use",
        "nuclear use",
        "share",
        "any weapon used, at a moment of decision",
        "small",
        "outcomes",
        (("outcome", "nuclear_use"),),
    ),
    Figure(
        "p_second_theatre",
        "second theatre",
        "share",
        "a crisis in another theatre within {crises} years",
        "small",
        "p_second_theatre",
    ),
    Figure(
        "p_attack_5y",
        "attack within five years",
        "share",
        "at least one, by moments of decision a year",
        "more",
        "p_attack_5y",
    ),
    Figure(
        "belief_full",
        "Red expects a full answer",
        "share",
        "what Red believes, from its register of signals",
        "more",
        "belief_full",
    ),
    Figure(
        "forward_destroyed",
        "forward force destroyed",
        "share",
        "of the people of the guarantors' force, given a full assault",
        "more",
        "forward_destroyed",
    ),
    Figure(
        "blue_casualties",
        "Blue killed and wounded",
        "people",
        "given a full assault",
        "more",
        "blue_casualties",
    ),
    Figure(
        "red_casualties",
        "Red killed and wounded",
        "people",
        "given a full assault",
        "more",
        "red_casualties",
    ),
    Figure(
        "civilian_casualties",
        "civilians killed and wounded",
        "people",
        "in places fought over, given a full assault",
        "more",
        "civilian_casualties",
    ),
    Figure(
        "area_held",
        "land that Red keeps",
        "share",
        "of the defended land, at a moment of decision",
        "more",
        "area_held",
    ),
    Figure(
        "new_programmes",
        "new nuclear programmes",
        "1",
        "of protected states, expected within {programmes} years",
        "more",
        "new_programmes",
    ),
    Figure(
        "expected_loss",
        "expected loss",
        "beur",
        "over {losses} years, the posture's own cost above today's included",
        "more",
        "expected_loss",
    ),
    Figure(
        "loss_without_posture",
        "expected loss without the posture's cost",
        "beur",
        "over {losses} years",
        "more",
        "loss_without_posture",
    ),
)
"""In the order of the page. A scenario has those whose parts it has."""

_OF_CHOICE = frozenset(
    ("p_attack", "p_attack_5y", "response", "outcomes", "belief_full", "area_held")
)
_OF_RIPPLE = frozenset(("p_second_theatre", "new_programmes"))
_OF_LOSS = frozenset(("expected_loss", "loss_without_posture"))


def figures_of(scenario: Scenario) -> list[Figure]:
    """The figures that a scenario has; the first is the headline."""
    gone: set[str] = set()
    if missing(scenario):
        gone |= _OF_CHOICE | _OF_RIPPLE | _OF_LOSS
    if scenario.ripple is None:
        gone |= _OF_RIPPLE
    if scenario.loss is None:
        gone |= _OF_LOSS
    years = _years(scenario)
    found = [
        replace(figure, note=figure.note.format(**years))
        for figure in FIGURES
        if figure.variable not in gone
    ]
    first = found[0]
    if first.group != "headline":
        found[0] = replace(first, group="headline")
    return found


def _years(scenario: Scenario) -> dict[str, str]:
    """The horizons that the scenario counts over."""
    ripple, loss = scenario.ripple, scenario.loss
    return {
        "crises": "" if ripple is None else f"{ripple.years:g}",
        "programmes": "" if ripple is None else f"{ripple.protectees.years:g}",
        "losses": "" if loss is None else f"{loss.years:g}",
    }


def answer_of(scenario: Scenario, posture: str, found: Variables) -> dict[str, Any]:
    """What the page shows of a posture, from what it came to in some worlds."""
    figures = figures_of(scenario)
    values = {figure.id: values_in(scenario, figure, found) for figure in figures}
    known = {name: value for name, value in values.items() if value is not None}
    first = figures[0].id
    answer: dict[str, Any] = {
        "posture": posture,
        "figures": {
            name: None if value is None else told_spread(value) for name, value in values.items()
        },
        "histogram": _histogram(first, known[first]),
        "hours_to": _hours(scenario, found),
        "annual_cost_meur": statistics(found["annual_cost"].values)["mean"],
        "one_off_cost_meur": statistics(found["one_off_cost"].values)["mean"],
        "price": price_of(scenario, found),
    }
    if "outcomes" in found:
        answer["outcomes"] = _means(OUTCOMES, found["outcomes"].values)
        answer["endings"] = _means(ENDINGS, found["endings"].values)
    if "response" in found:
        option = list(scenario.options).index(headline(scenario))
        answer["response"] = _means(ANSWERS, found["response"].values[:, option])
    return answer


def told_spread(values: Floats) -> dict[str, float | None]:
    """A figure over worlds: mean, half width of its 95 % interval, and percentiles."""
    half = half_width(values)
    return {**statistics(values), "half_width": half if np.isfinite(half) else None}


def _means(names: tuple[str, ...], values: Floats) -> dict[str, float]:
    return {name: float(mean) for name, mean in zip(names, values.mean(axis=0), strict=True)}


def values_in(scenario: Scenario, figure: Figure, found: Mapping[Any, Any]) -> Floats | None:
    """(W,) a figure's values; None where there is nothing of it."""
    if figure.variable not in found:
        return None
    values = found[figure.variable].values
    labels = {"option": list(scenario.options), "answer": ANSWERS, "outcome": OUTCOMES}
    for dim, label in figure.at:
        wanted = label or headline(scenario)
        values = values[:, list(labels[dim]).index(wanted)]
    return np.asarray(values, dtype=np.float64)


def _histogram(figure: str, values: Floats) -> dict[str, Any]:
    """Of a share: how many worlds have how much of it."""
    counts, edges = np.histogram(values[np.isfinite(values)], bins=BINS, range=(0.0, 1.0))
    return {
        "figure": figure,
        "edges": np.round(edges, 6).tolist(),
        "counts": counts.tolist(),
    }


def _hours(scenario: Scenario, found: Variables) -> list[dict[str, Any]]:
    """Hours to each objective and group, where it is reached."""
    if "hours_to" not in found:
        return []
    hours = found["hours_to"].values
    names = [*scenario.objectives.places, *scenario.objectives.groups]
    return [
        {"id": name, "name": goal_name(scenario, name), **conditional(hours[:, k])}
        for k, name in enumerate(names)
    ]


def differences(
    scenario: Scenario, first: Mapping[str, Any], found: Mapping[str, Any]
) -> dict[str, Any]:
    """Each figure of a posture less that of the first, world by world."""
    told = {}
    for figure in figures_of(scenario):
        base, own = (values_in(scenario, figure, one) for one in (first, found))
        if base is None or own is None:
            continue
        values = own - base
        mean, half = statistics(values)["mean"], half_width(values)
        if mean is not None and np.isfinite(half):
            told[figure.id] = {"mean": mean, "low": mean - half, "high": mean + half}
    return told


__all__ = [
    "FIGURES",
    "Figure",
    "answer_of",
    "differences",
    "figures_of",
    "told_spread",
    "values_in",
]
