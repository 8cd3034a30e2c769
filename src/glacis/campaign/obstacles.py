"""The first arm: demolitions that hold up the first column, and belts that slow every one.

Like every arm it has two faces: what it is given comes in the draws, and the functions
below read the state and write modifiers of roads. Movement and combat know nothing of it.
"""

from __future__ import annotations

from glacis.campaign.state import Table
from glacis.kernels import rule
from glacis.streams import Stream, uniform

_OBSTACLE = int(Stream.OBSTACLE)


@rule
def lay(roads: Table, world: Table, scene: Table) -> None:
    """At H-hour: belts as built, and which demolitions will be fired if they are prepared."""
    obstacles = world.obstacles
    scene.prepared = -1.0
    for r in range(len(roads)):
        road = roads[r]
        luck = uniform(scene.k0, scene.k1, scene.number, _OBSTACLE, 0, road.entity, 0)
        hours = road.draw.demolition_hours * obstacles.engineers
        road.full_delay = hours if luck < obstacles.fired else 0.0
        belt_km = min(road.draw.fortified_km, road.draw.km)
        road.slow = 1.0 + (obstacles.belt - 1.0) * belt_km / road.draw.km
        road.belt = min(1.0, belt_km / world.movement.contact_depth)


@rule
def prepare(roads: Table, world: Table, scene: Table, hour: float) -> None:
    """Each step: the delay that stands ready on every road."""
    share = readiness(hour - scene.alert, world.obstacles.prepare_hours)
    if share == scene.prepared:
        return
    scene.prepared = share
    for r in range(len(roads)):
        roads[r].delay = roads[r].full_delay * share


@rule
def readiness(worked_hours: float, prepare_hours: float) -> float:
    """Share of the demolitions prepared after `worked_hours`: work begins at the alert."""
    if worked_hours >= prepare_hours:
        return 1.0
    return max(0.0, worked_hours / prepare_hours)
