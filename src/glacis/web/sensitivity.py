"""Which uncertain numbers drive a figure of the page, and which way: read off worlds once run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from glacis.campaign.statistics import CERTAIN
from glacis.errors import InputError
from glacis.kernels import Floats
from glacis.scenario.model import Scenario
from glacis.scenario.quantity import Quantity
from glacis.scenario.wording import words_of
from glacis.study.importance import conditional_means, importance
from glacis.web.figures import Figure, figures_of, values_in
from glacis.worlds import Worlds

__all__ = ["SHOWN", "sensitivity"]

SHOWN = 10
"""Numbers that are told, at most."""
STEPS, ENDS = 6, 3
"""Classes of the line that is drawn, and those whose outer ones tell the direction."""


def sensitivity(
    scenario: Scenario, found: Mapping[Any, Any], worlds: Worlds, *, figure: str = ""
) -> dict[str, Any]:
    """The numbers that explain most of a figure's spread over worlds, the largest share first.

    Parameters
    ----------
    found
        What a posture came to in these worlds (`glacis.assess.variables`).
    figure
        Its id; the headline if left out.

    Returns
    -------
    dict
        ``noise`` is the share up to which the largest of all may be chance; of each driver,
        ``share`` of the variance with its 95 % interval, whether it ``stands_out`` of that noise,
        and whether more of it ``raises`` or ``lowers`` the figure, or neither (``mixed``).

    Raises
    ------
    InputError
        If there is no such figure.
    """
    shown = _figure(scenario, figure)
    output = values_in(scenario, shown, found)
    head = {"figure": shown.id, "seed": worlds.seed, "worlds": len(worlds), "of": len(worlds.paths)}
    if output is None or not worlds.paths:
        return head | {"noise": 1.0, "drivers": []}
    places = np.column_stack([worlds.probabilities(path) for path in worlds.paths])
    explained = importance(places, output)
    order = np.argsort(-explained.share, kind="stable")[:SHOWN]
    quantities = dict(scenario.quantities())
    drivers = [
        {
            **_named(scenario, worlds.paths[k], quantities[worlds.paths[k]]),
            "share": float(explained.share[k]),
            **_interval(float(explained.share[k]), float(explained.error[k])),
            "stands_out": bool(explained.share[k] > explained.noise),
            **_course(quantities[worlds.paths[k]], places[:, k], output),
        }
        for k in order
        if explained.share[k] > 0
    ]
    return head | {"noise": float(explained.noise), "drivers": drivers}


def _figure(scenario: Scenario, name: str) -> Figure:
    known = {figure.id: figure for figure in figures_of(scenario)}
    if name and name not in known:
        raise InputError(f"figure: there is no {name[:64]!r}; choose among: {', '.join(known)}")
    return known[name] if name else next(iter(known.values()))


def _named(scenario: Scenario, path: str, one: Quantity) -> dict[str, Any]:
    return {
        "path": path,
        "name": words_of(scenario, path),
        "unit": one.unit,
        "source": one.source,
        "confidence": one.confidence,
        "note": one.note,
    }


def _interval(share: float, error: float) -> dict[str, float]:
    return {"low": max(0.0, share - CERTAIN * error), "high": min(1.0, share + CERTAIN * error)}


def _course(one: Quantity, place: Floats, output: Floats) -> dict[str, Any]:
    """How the figure's mean runs over a number's range, and what that says in a word."""
    line, ends = (conditional_means(place, output, classes=k) for k in (STEPS, ENDS))
    rise = float(ends.mean[-1] - ends.mean[0])
    doubt = CERTAIN * float(np.hypot(ends.error[0], ends.error[-1]))
    is_clear = len(ends.mean) > 1 and np.isfinite(doubt) and abs(rise) > doubt
    at = one.quantile(np.clip(line.place, 1e-12, 1 - 1e-12))
    return {
        "direction": ("raises" if rise > 0 else "lowers") if is_clear else "mixed",
        "ends": [float(ends.mean[0]), float(ends.mean[-1])],
        "course": [[float(x), float(y)] for x, y in zip(at, line.mean, strict=True)],
    }
