"""Supply: what share of a force's need reaches it, by distance and under the enemy's air."""

from __future__ import annotations

from glacis.campaign.state import BLUE, RED, Rolls, Table
from glacis.kernels import rule


@rule
def fed_share(beyond_km: float, short_per_100km: float, lost: float) -> float:
    """Share of the need that arrives, so far beyond reach and with so much lost on the way."""
    short = min(1.0, short_per_100km * max(0.0, beyond_km) / 100.0)
    return (1.0 - short) * (1.0 - lost)


@rule
def deliver(places: Table, world: Table, scene: Table) -> None:
    """Each day: the share of its need that a force of either side would get at every place."""
    supply, movement = world.supply, world.movement
    red_reach = movement.railhead_reach + supply.restored * scene.day
    lost_blue = supply.interdicted * scene.hindrance[BLUE]
    lost_red = supply.interdicted * scene.hindrance[RED]
    for v in range(len(places)):
        place = places[v]
        beyond_blue = place.source_km - supply.blue_reach
        place.fed[BLUE] = fed_share(beyond_blue, supply.short_per_100km, lost_blue)
        beyond_red = place.rail_km - red_reach
        place.fed[RED] = fed_share(beyond_red, supply.short_per_100km, lost_red)


@rule
def feed(forces: Table, places: Table, rolls: Rolls, scene: Table) -> None:
    """Each day: note what reaches every battalion afield; who has all it needs is hungry no more.

    An attacker is supplied from where it came, a defender where it stands.
    """
    for k in range(scene.afield):
        force = forces[rolls.afield[k]]
        behind = places[force.node]
        force.fed = behind.fed[force.side] if behind.supplied[force.side] else 0.0
        if force.fed >= 1.0:
            force.hungry = 0.0
