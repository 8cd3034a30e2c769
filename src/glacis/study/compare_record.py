"""A comparison as plain data: what ``glacis assess --json`` and ``compare --json`` write."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from glacis.campaign.statistics import Statistics, conditional, half_width, statistics
from glacis.kernels import Floats
from glacis.scenario.game import ANSWERS

if TYPE_CHECKING:
    import pandas as pd

    from glacis.study.compare import Comparison

CHOICE = (
    "p_attack",
    "p_attack_5y",
    "p_attack_buildup",
    "p_attack_blind",
    "options",
    "attacks",
    "belief_full",
    "outcomes",
    "endings",
    "ground_held_share",
    "area_held_share",
)
"""What is told of the choice and of endings; null where the scenario has no crisis."""
DIFFERENCES = (
    "p_attack",
    "p_attack_5y",
    "expected_loss",
    "loss_without_posture",
    "falls_any",
    "p_second_theatre",
    "new_programmes",
)
"""Variables whose paired differences are told."""


def record_of(study: Comparison) -> dict[str, Any]:
    """The result as plain data."""
    attrs = study.dataset.attrs
    head = {name: attrs[name] for name in attrs}
    return {
        "schema": 1,
        **head,
        "postures": {name: posture_record(study, name) for name in study.postures},
        "differences": {
            f"{name} - {study.postures[0]}": differences(study, name) for name in study.postures[1:]
        },
    }


def differences(study: Comparison, posture: str) -> dict[str, Any]:
    """Paired differences from the first posture; ``low`` to ``high`` is of the mean, 95 %."""
    told = {
        name: _with_interval(study.difference(name, posture))
        for name in DIFFERENCES
        if study.has(name)
    }
    moved = study.displacement(posture) if study.has("acts") else math.nan
    return told | {"displacement": None if math.isnan(moved) else moved}


def _with_interval(values: Floats) -> dict[str, float | None]:
    found, half = statistics(values), half_width(values)
    mean = found["mean"]
    if mean is None or math.isinf(half):
        return {**found, "low": None, "high": None}
    return {**found, "low": mean - half, "high": mean + half}


def posture_record(study: Comparison, posture: str) -> dict[str, Any]:
    """What became of the worlds under one posture."""

    def of(name: str, **at: str | float) -> Floats:
        return study.values(name, posture, **at)

    def along(name: str, dim: str, told: Callable[[Floats], Any] = statistics) -> dict[str, Any]:
        labels = study.dataset[dim].to_numpy()
        return {str(label): told(of(name, **{dim: label})) for label in labels}

    kind = study.scenario.options[study.option].kind
    found: dict[str, Any] = dict.fromkeys((*CHOICE, f"response_if_{kind}"))
    if study.has("p_attack"):
        found |= _choice(study, posture, of, along)
        found[f"response_if_{kind}"] = {
            answer: statistics(of("response", option=study.option, answer=answer))
            for answer in ANSWERS
        }
    if study.has("hours_to"):
        found |= _war(study, of, along, kind)
    found["annual_cost_meur"] = statistics(of("annual_cost"))
    found["one_off_cost_meur"] = statistics(of("one_off_cost"))
    if study.has("expected_loss"):
        found["expected_loss_beur"] = statistics(of("expected_loss"))
        found["loss_without_posture_beur"] = statistics(of("loss_without_posture"))
        found["loss_terms_beur"] = along("loss", "term")
    if study.has("p_second_theatre"):
        found["ripple"] = _ripple(of, along)
    return found


def _choice(
    study: Comparison,
    posture: str,
    of: Callable[..., Floats],
    along: Callable[..., dict[str, Any]],
) -> dict[str, Any]:
    return {
        **{name: statistics(of(name)) for name in CHOICE[:3]},
        "p_attack_blind": study.p_attack_blind[posture],
        "options": along("acts", "act"),
        "attacks": along("p_option", "option"),
        "belief_full": statistics(of("belief_full")),
        "outcomes": {name: one["mean"] for name, one in along("outcomes", "outcome").items()},
        "endings": along("endings", "ending"),
        "ground_held_share": statistics(of("ground_held")),
        "area_held_share": statistics(of("area_held")) if study.has("area_held") else None,
    }


def _war(
    study: Comparison,
    of: Callable[..., Floats],
    along: Callable[..., dict[str, Any]],
    kind: str,
) -> dict[str, Any]:
    return {
        "hours_to": along("hours_to", "objective", conditional),
        f"p_falls_if_{kind}": along("falls", "objective") | {"any": statistics(of("falls_any"))},
        "forward_force_destroyed_share": statistics(of("forward_destroyed")),
        "blue_casualties": statistics(of("blue_casualties")),
        "red_casualties": statistics(of("red_casualties")),
        "civilian_casualties": statistics(of("civilian_casualties")),
        "days_of_munitions": along("run_out", "munitions", conditional)
        if "munitions" in study.dataset.dims
        else {},
        "decision_hours": statistics(of("decision_hours")) if study.has("decision_hours") else None,
    }


def _ripple(of: Callable[..., Floats], along: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    return {
        "p_second_theatre": statistics(of("p_second_theatre")),
        "expected_new_programmes": statistics(of("new_programmes")),
        "credibility_after": statistics(np.asarray(of("credibility_after").mean(axis=1))),
        "credibility_after_by_guarantor": along("credibility_after", "guarantor"),
        "if_attacked": {
            "p_second_theatre": statistics(of("p_second_theatre_attacked")),
        },
    }


def summary_of(study: Comparison) -> pd.DataFrame:
    """A row for each posture and figure: mean, interval of the mean, and spread over worlds."""
    import pandas as pd

    names = [name for name in ("p_attack", "p_attack_5y", *DIFFERENCES[2:]) if study.has(name)]
    rows = {
        (posture, name): _with_interval(study.values(name, posture))
        for posture in study.postures
        for name in names
    }
    found = pd.DataFrame.from_dict(rows, orient="index")
    found.index.names = ["posture", "figure"]
    found.attrs = dict(study.dataset.attrs)
    return found


__all__ = ["DIFFERENCES", "Statistics", "differences", "posture_record", "record_of", "summary_of"]
