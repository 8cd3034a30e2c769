"""Who meets whom: sums of power by place, and the odds there."""

from __future__ import annotations

import math

from glacis.campaign.combat import (
    battalion_power,
    begin_engagement,
    posture_factor,
    surprise_factor,
    weigh_odds,
)
from glacis.campaign.state import NEVER, RED, Rolls, Table, Ways, is_afield
from glacis.kernels import Ints, rule

_BRIGADE = 4  # battalions


@rule
def muster(
    forces: Table,
    places: Table,
    roads: Table,
    ways: Ways,
    rolls: Rolls,
    world: Table,
    scene: Table,
    hour: float,
) -> int:
    """Weigh the odds wherever attackers meet defenders; returns how many formations fight.

    Their indices stand first in ``rolls.engaged``.
    """
    _clear(places, roads, rolls, scene)
    combat = world.combat
    is_fought, count = False, 0
    scene.surprise = surprise_factor(hour / 24.0, combat.surprise, combat.surprise_days)
    for k in range(scene.afield):
        force = forces[rolls.afield[k]]
        force.front = -1
        if not is_afield(force):
            continue
        # Only records go into calls from here: handing on whole tables costs more than the rule.
        if force.road < 0:
            force.front = force.node
            places[force.node].garrison += 1
        else:
            road = roads[force.road]
            _list_road(force.road, road, rolls.used, scene)
            is_fought |= _count_on_road(force, road, places[road.toward], world)
    for k in range(scene.afield if is_fought else 0):
        f = rolls.afield[k]
        force = forces[f]
        if force.front < 0:
            continue
        place = places[force.front]
        if place.threatened and place.garrison > 0:
            rolls.engaged[count] = f
            count += 1
            if place.holder == force.side:
                _count_defender(force, place, world, hour)
    for v in range(len(places)):
        place = places[v]
        if place.garrison > 0:
            place.depth = covered_depth(place.garrison, world.movement.contact_depth)
        if not place.threatened or place.garrison == 0:
            place.contact = 0
            continue
        _deploy(v, places, roads, ways, world)
        if not place.contact:
            begin_engagement(place, world, scene)
        fort = _fortification(v, places, roads, ways)
        place.odds = weigh_odds(place, world, scene, fort)
        place.contact = 1
        scene.stirs = 1
    return count


@rule
def _list_road(r: int, road: Table, used: Ints, scene: Table) -> None:
    """Put a road on the list of those driven on, the first time that somebody is on it."""
    if road.on[0] + road.on[1] == 0:
        used[scene.used] = r
        scene.used += 1


@rule
def _clear(places: Table, roads: Table, rolls: Rolls, scene: Table) -> None:
    for v in range(len(places)):
        place = places[v]
        place.garrison = 0
        place.closest = NEVER
        place.threatened = 0
        place.attack = 0.0
        place.defence = 0.0
        place.mass = 0.0
        place.pace = 0.0
        place.carried = 0
    for k in range(scene.used):
        road = roads[rolls.used[k]]
        road.attack = 0.0
        road.room = 0.0
        road.on[0] = 0
        road.on[1] = 0
    scene.used = 0


@rule
def _count_on_road(force: Table, road: Table, place: Table, world: Table) -> bool:
    """Count a formation on its road, and among the attackers of its end once in contact.

    Returns whether it is.
    """
    road.on[force.side] += 1
    if place.holder == force.side or force.left > place.depth:
        return False
    force.front = road.toward
    place.threatened = 1
    place.closest = min(place.closest, force.left)
    road.attack += battalion_power(force, place, world)
    place.pace = max(place.pace, force.can.mobility_kmh)
    return True


@rule
def _count_defender(force: Table, place: Table, world: Table, hour: float) -> None:
    """Add a formation to the power that defends a place, its preparation counted."""
    combat = world.combat
    power = battalion_power(force, place, world)
    place.mass += power
    place.defence += power * posture_factor(
        hour - force.since, combat.hasty, combat.prepared, combat.prepare_hours
    )


@rule
def covered_depth(garrison: int, brigade_depth: float) -> float:
    """Kilometres of its approaches that a garrison of so many battalions covers.

    Depth grows with the root of the force: four battalions cover a brigade's depth, one half
    of it, as manuals give battalions, brigades and divisions.
    """
    return brigade_depth * math.sqrt(max(1, garrison) / _BRIGADE)


@rule
def _deploy(v: int, places: Table, roads: Table, ways: Ways, world: Table) -> None:
    """Let as much power fight along each approach of a place as its frontage holds.

    At most about one brigade can fight on seven kilometres, on either side; those behind it
    relieve it, so that its losses are shared. Source: jones-2024.
    """
    place = places[v]
    front_power = 0.0
    for slot in range(ways.out.shape[1]):
        if ways.out[v, slot] < 0:
            break
        approach = roads[ways.out[v, slot] ^ 1]
        if approach.attack > 0.0:
            most = max(1.0, approach.draw.frontage_km * world.combat.density)
            approach.room = min(1.0, most / approach.attack)
            place.attack += approach.attack * approach.room
            front_power += most
    place.room = min(1.0, front_power / place.mass)
    place.defence *= place.room


@rule
def _fortification(v: int, places: Table, roads: Table, ways: Ways) -> float:
    """Level of fortification the attackers of place `v` meet, 0 to 1.

    That of the place, or of the belts along the approaches, weighed by who comes along them;
    where Red holds Blue's ground, what it has dug since.
    """
    place = places[v]
    if place.holder == RED:
        return place.dug
    belts, total = 0.0, 0.0
    for slot in range(ways.out.shape[1]):
        r = ways.out[v, slot]
        if r < 0:
            break
        approach = roads[r ^ 1]
        belts += approach.attack * approach.belt
        total += approach.attack
    level = belts / total if total > 0.0 else 0.0
    return max(level, place.draw.fortification)
