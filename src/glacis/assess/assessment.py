"""An assessment: what became of every world under every posture, in one dataset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from glacis.assess.variables import Variables, coordinates
from glacis.campaign.record import Campaign
from glacis.scenario.model import Scenario

if TYPE_CHECKING:
    import xarray as xr


def assembled(
    scenario: Scenario,
    war: Campaign,
    postures: Sequence[str],
    chunks: Iterable[Mapping[str, Variables]],
    *,
    seed: int,
) -> xr.Dataset:
    """One dataset of dimensions posture, world and what each variable has besides.

    Parameters
    ----------
    war
        Any of the headline option: it names places, ports and munitions.
    postures
        Those to keep, in this order.
    chunks
        In the order of the worlds.
    """
    import xarray as xr

    kept: dict[str, list[list[Any]]] = {}
    forms: dict[str, tuple[tuple[str, ...], str]] = {}
    worlds = 0
    for chunk in chunks:
        for name, one in chunk[postures[0]].items():
            forms[name] = (one.dims, one.unit)
            rows = [chunk[posture][name].values for posture in postures]
            kept.setdefault(name, []).append(rows)
        worlds += len(rows[0])
    data = {}
    for name, parts in kept.items():
        dims, unit = forms[name]
        joined = np.stack([np.concatenate(rows) for rows in zip(*parts, strict=True)])
        data[name] = (("posture", "world", *dims), joined, {"units": unit})
    return xr.Dataset(data, coords=_coordinates(scenario, war, postures, data)).assign_attrs(
        origin_of(scenario, seed=seed, worlds=worlds)
    )


def _coordinates(
    scenario: Scenario, war: Campaign, postures: Sequence[str], data: Mapping[str, Any]
) -> dict[str, Any]:
    used = {dim for dims, *_ in data.values() for dim in dims}
    found = {name: along for name, along in coordinates(scenario, war).items() if name in used}
    return {"posture": list(postures), **found}


def origin_of(scenario: Scenario, *, seed: int, worlds: int) -> dict[str, Any]:
    """Where a result comes from: enough to make it again."""
    from glacis import __version__

    document = scenario.document
    return {
        "glacis": __version__,
        "scenario": document.name,
        "scenario_sha256": document.sha256,
        "variants": list(document.variants),
        "overrides": dict(document.overrides),
        "seed": seed,
        "worlds": worlds,
    }


__all__ = ["assembled", "origin_of"]
