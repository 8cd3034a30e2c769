"""What each part of a posture contributes: Shapley shares of the fall in expected loss.

A part's share is the mean of what it adds to any set of the others, over all orders in which they
could be bought. All sets of parts are assessed, over the first worlds only: thirty-two for five.
"""

from __future__ import annotations

import numpy as np

from glacis.errors import InputError
from glacis.executor import Runner
from glacis.kernels import Floats
from glacis.scenario.claims import Reading
from glacis.study.cases import Cases
from glacis.study.shapley import coalitions, shapley

PART_SHARE = "part_share"
WORLDS = 96
"""Worlds over which sets of parts are assessed at most."""
LOSS = "loss_without_posture"


def part_shares(cases: Cases, reading: Reading, red: str, runner: Runner | None) -> Floats:
    """(W,) a part's share of the fall in expected loss, the posture's own cost left out.

    NaN in worlds where all parts together bring no fall.

    Raises
    ------
    InputError
        If the posture has no such part.
    """
    values = part_values(cases, reading.posture, red, runner)
    part = reading.at.get("part")
    if not isinstance(part, str) or part not in values:
        raise InputError(f"{PART_SHARE}: needs `at: {{part: ...}}`, one of {', '.join(values)}")
    fall = sum(values.values(), np.zeros(len(values[part])))
    return np.where(fall > 0, values[part] / np.where(fall > 0, fall, 1.0), np.nan)


def part_values(cases: Cases, posture: str, red: str, runner: Runner | None) -> dict[str, Floats]:
    """(W,) EUR bn of the fall in expected loss that each part brings."""
    key = (red, posture)
    if key not in cases.parts:
        cases.parts[key] = _assessed(cases, posture, red, runner)
    return cases.parts[key]


def _assessed(cases: Cases, posture: str, red: str, runner: Runner | None) -> dict[str, Floats]:
    section = cases.scenario.claims
    parts = tuple({} if section is None else section.parts.get(posture, {}))
    if not parts:
        raise InputError(f"claims.parts.{posture}: names no parts; name them to weigh them")
    sets = {
        own: cases.changed(posture, [p for p in parts if p not in own]) for own in coalitions(parts)
    }
    where = cases.where(Reading(read=PART_SHARE, posture=posture), red)
    cases.whole.add(where)
    study = cases.assessed(
        where, dict(sets.values()), min(WORLDS, cases.worlds), runner or Runner()
    )
    lost = {own: -study.values(LOSS, name) for own, (name, _) in sets.items()}
    return shapley(lost, parts)


__all__ = ["PART_SHARE", "WORLDS", "part_shares", "part_values"]
