"""Who meets whom: sums of power by place, and the odds there."""

from __future__ import annotations

from numba import njit

from glacis.campaign.combat import battalion_power, begin_engagement, posture_factor, weigh_odds
from glacis.campaign.state import RED, Table, Ways, is_afield


@njit(nogil=True)
def muster(
    forces: Table,
    places: Table,
    roads: Table,
    ways: Ways,
    world: Table,
    scene: Table,
    hour: float,
) -> None:
    """Count attackers and defenders of every place, and weigh the odds where they meet."""
    _clear(places, roads)
    for f in range(len(forces)):
        if is_afield(forces[f]):
            _count(forces[f], places, roads, world, hour)
    _deploy(places, roads, world)
    for v in range(len(places)):
        place = places[v]
        if place.attack > 0.0 and place.defence > 0.0:
            if not place.contact:
                begin_engagement(place, world, scene)
            fort = _fortification(v, places, roads, ways)
            place.odds = weigh_odds(place, world, scene, fort, hour)
            place.contact = 1
            scene.stirs = 1
        else:
            place.contact = 0


@njit(nogil=True)
def _clear(places: Table, roads: Table) -> None:
    for v in range(len(places)):
        place = places[v]
        place.attack = 0.0
        place.defence = 0.0
        place.pace = 0.0
        place.inside = 0
        place.contained = 0.0
    for r in range(len(roads)):
        road = roads[r]
        road.load = 0.0
        road.power = 0.0
        road.room = 0.0
        road.on[0] = 0
        road.on[1] = 0


@njit(nogil=True)
def _count(force: Table, places: Table, roads: Table, world: Table, hour: float) -> None:
    """Add a formation to the sums of the place where it defends or that it attacks."""
    combat = world.combat
    if force.road < 0:
        place = places[force.node]
        power = battalion_power(force, place, world)
        if place.holder == force.side:
            place.defence += power * posture_factor(
                hour - force.since, combat.hasty, combat.prepared, combat.prepare_hours
            )
        else:
            place.attack += power
            place.inside += 1
            place.pace = max(place.pace, force.draw.mobility_kmh)
        return
    road = roads[force.road]
    place = places[road.toward]
    road.on[force.side] += 1
    if place.holder != force.side and force.left <= world.movement.contact_depth:
        road.load += 1.0
        road.power += battalion_power(force, place, world)
        place.pace = max(place.pace, force.draw.mobility_kmh)


@njit(nogil=True)
def _deploy(places: Table, roads: Table, world: Table) -> None:
    """Let as many battalions fight along each approach as its frontage holds.

    At most about one brigade can fight on seven kilometres. Source: jones-2024.
    """
    for r in range(len(roads)):
        road = roads[r]
        if road.load > 0.0:
            most = max(1.0, road.draw.frontage_km * world.combat.density)
            road.room = min(1.0, most / road.load)
            places[road.toward].attack += road.power * road.room


@njit(nogil=True)
def _fortification(v: int, places: Table, roads: Table, ways: Ways) -> float:
    """Level of fortification the attackers of place `v` meet, 0 to 1.

    That of the place, or of the belts along the approaches, weighed by who comes along them.
    """
    place = places[v]
    if place.holder == RED:
        return 0.0
    belts, total = 0.0, float(place.inside)
    for slot in range(ways.out.shape[1]):
        r = ways.out[v, slot]
        if r < 0:
            break
        approach = roads[r ^ 1]
        belts += approach.load * approach.belt
        total += approach.load
    level = belts / total if total > 0.0 else 0.0
    return max(level, place.draw.fortification)
