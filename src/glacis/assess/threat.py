"""How far Red feels threatened by what stands near it: a level, not a presence."""

from __future__ import annotations

import numpy as np

from glacis.assess.posed import crisis_of
from glacis.campaign.inventory import apart_km
from glacis.kernels import Floats
from glacis.scenario.crisis import Provocation
from glacis.scenario.model import Scenario
from glacis.worlds import Worlds


def threat(posed: Scenario, given: Scenario, worlds: Worlds) -> Floats:
    """(W,) threat felt, 0 to 1: a half at `Provocation.half` above what is taken as given.

    Parameters
    ----------
    posed
        The scenario under a posture; it has a crisis.
    given
        The same under the posture whose level is taken as given.

    Notes
    -----
    What counts, and how much, is the scenario's; that it saturates is ours. Source: elicited.
    """
    provocation = crisis_of(posed).provocation
    level = capability(posed, provocation, worlds)
    excess = np.maximum(level - capability(given, provocation, worlds), 0.0)
    return np.asarray(excess / (excess + worlds.values(provocation.half)))


def capability(posed: Scenario, provocation: Provocation, worlds: Worlds) -> Floats:
    """(W,) offensive capability of Blue that stands within reach of Red's ground from the start."""
    near = _near(posed, provocation.within_km.value)
    found = np.zeros(len(worlds))
    for formation in posed.forces.blue.values():
        weight = provocation.weights.get(formation.type)
        if weight is not None and formation.joins == "in-place" and formation.start in near:
            found += worlds.values(weight) * worlds.values(formation.strength)
    return found


def _near(posed: Scenario, within_km: float) -> set[str]:
    """Places within a distance of Red's nearest place."""
    names = list(posed.theatre.places)
    places = list(posed.theatre.places.values())
    is_red = np.array([posed.nations[place.nation].side == "red" for place in places])
    nearest = apart_km(places)[:, is_red].min(axis=1, initial=np.inf)
    return {name for name, km in zip(names, nearest, strict=True) if km <= within_km}
