"""How formations move: regimes of advance, roads and what they carry, places entered."""

from __future__ import annotations

import math

from numba import njit

from glacis.campaign.control import seize
from glacis.campaign.state import (
    BLUE,
    IN_PLACE,
    MOVING,
    NEVER,
    REACHED_KM,
    RED,
    Floats,
    Table,
    Ways,
)

_EDGE_KM = 1e-9
_MOST_PLACES = 64  # a formation passes in one step; a guard, never met in practice


@njit(nogil=True)
def advance_rate(
    resistance: float,
    fort: float,
    rates: tuple[float, float, float, float],
    knots: tuple[float, float],
) -> float:
    """Rate of advance against a defence, km a day.

    Parameters
    ----------
    resistance
        Effective power of the defender over the attacker's.
    fort
        Level of fortification, 0 to 1.
    rates
        The observed regimes: unopposed, light delay, organised defence, deep fortification.
    knots
        Resistances at which light delay is felt and a defence counts as organised.

    Notes
    -----
    The regimes are observed; between them the log rate is interpolated: linearly in the
    resistance up to light delay, in its logarithm up to organised defence, and beyond that
    the rate falls with the resistance. Fortification moves the organised rate towards the
    fortified one. Source: jones-mccabe-2025, jones-2023b.
    """
    unopposed, light, organised, fortified = rates
    light_at, organised_at = knots
    organised = min(organised, light)
    held = organised ** (1.0 - fort) * min(fortified, organised) ** fort
    if organised_at <= light_at:
        organised_at = light_at * 1.001
    if resistance <= light_at:
        return float(unopposed * (min(light, unopposed) / unopposed) ** (resistance / light_at))
    if resistance < organised_at:
        along = math.log(resistance / light_at) / math.log(organised_at / light_at)
        return float(light ** (1.0 - along) * held**along)
    return float(held * organised_at / resistance)


@njit(nogil=True)
def open_roads(places: Table, roads: Table, world: Table, hours: float) -> None:
    """Let each road take in more battalions: a brigade at once, then its flow."""
    movement = world.movement
    most = max(1.0, movement.free_column)
    for r in range(len(roads)):
        road = roads[r]
        flow = movement.lane_flow * road.draw.lanes / 2.0
        if places[road.origin].rail_km > movement.railhead_reach:
            flow *= movement.beyond_railhead
        road.token = min(most, road.token + flow * hours / 24.0)


@njit(nogil=True)
def move(
    f: int,
    forces: Table,
    places: Table,
    roads: Table,
    ways: Ways,
    world: Table,
    scene: Table,
    reached: Floats,
    summary: Table,
    begin: float,
    end: float,
) -> None:
    """Move formation `f` from hour `begin` to hour `end`.

    `reached` takes the hours at which Red's columns come within 10 km of places.
    """
    force, hour = forces[f], begin
    for _ in range(_MOST_PLACES):
        if hour >= end or force.status != MOVING:
            return
        if force.road >= 0:
            hour = _along(force, places, roads, world, reached, summary, hour, end)
        elif not _leave(f, forces, places, roads, ways, world, scene, reached, summary, hour):
            return


@njit(nogil=True)
def _leave(
    f: int,
    forces: Table,
    places: Table,
    roads: Table,
    ways: Ways,
    world: Table,
    scene: Table,
    reached: Floats,
    summary: Table,
    hour: float,
) -> bool:
    """Take the next road out of the place a formation is in, if there is one and it is open."""
    force = forces[f]
    side, v = force.side, force.node
    place = places[v]
    if place.holder != side:
        if place.defence > 0.0:
            if not _passes(force, place, world):
                return False
        else:
            seize(place, scene, side, hour)
            if side == RED and place.defended:
                reached[v] = min(reached[v], hour)
    while force.stage < force.stages and ways.route[f, force.stage] == v:
        force.stage += 1
    r = -1
    if force.stage < force.stages:
        r = ways.hop[side, v, ways.route[f, force.stage]]
    if r < 0:
        if place.holder == side:
            force.status = IN_PLACE
            force.since = hour
        return False
    if roads[r ^ 1].on[1 - side] > 0 or not _admitted(roads[r], places, side):
        return False
    _enter(force, r, places, roads, reached, summary, hour)
    return True


@njit(nogil=True)
def _passes(force: Table, place: Table, world: Table) -> bool:
    """Whether a formation may go on past a place that is still defended.

    Columns much stronger than a defence leave enough behind to contain it and drive on.
    """
    movement = world.movement
    if movement.blocking > 0.0:
        if not place.contact or place.odds < movement.bypass_at:
            return False
        if place.contained < movement.containment * place.defence:
            place.contained += force.draw.power * force.strength
            return False
    return True


@njit(nogil=True)
def _admitted(road: Table, places: Table, side: int) -> bool:
    """Whether the road has room; on the way to friendly places there always is."""
    if places[road.toward].holder == side:
        return True
    if road.token < 1.0:
        return False
    road.token -= 1.0
    return True


@njit(nogil=True)
def _enter(
    force: Table,
    r: int,
    places: Table,
    roads: Table,
    reached: Floats,
    summary: Table,
    hour: float,
) -> None:
    road = roads[r]
    force.road = r
    force.left = road.draw.km
    # What stood ready at H-hour had closed up to the border; its clock starts at the crossing.
    if force.assembled and places[road.toward].defended and not places[road.origin].defended:
        force.left = min(road.draw.km, road.draw.beyond_km)
        summary.first_crossing = min(summary.first_crossing, hour)
    if force.left <= REACHED_KM:
        _reach(force, places[road.toward], reached, road.toward, hour)


@njit(nogil=True)
def _along(
    force: Table,
    places: Table,
    roads: Table,
    world: Table,
    reached: Floats,
    summary: Table,
    hour: float,
    end: float,
) -> float:
    """Move a formation along its road; returns the hour to which that took."""
    road = roads[force.road]
    place = places[road.toward]
    hostile = place.holder != force.side
    abroad = hostile and (force.side == BLUE or force.left <= road.draw.beyond_km)
    if abroad and force.side == RED:
        opened = _opening(road, hour)
        if opened > hour:
            return min(opened, end)
    engaged = hostile and place.contact and force.left <= world.movement.contact_depth
    sprints = force.fresh > 0.0 and abroad and not engaged
    rate = _rate(road, place, world, abroad, engaged, sprints) / 24.0
    stop = _next_stop(force, road, place, world, hostile, abroad)
    hours = min(end - hour, force.fresh) if sprints else end - hour
    before = force.left
    distance = min(rate * hours, before - stop)
    force.left = before - distance
    if sprints:
        force.fresh -= distance / rate
    if before > REACHED_KM >= force.left:
        _reach(force, place, reached, road.toward, hour + (before - REACHED_KM) / rate)
    hour += distance / rate
    if force.left <= _EDGE_KM:
        force.road = -1
        force.node = road.toward
    elif stop > 0.0 and force.left <= stop + _EDGE_KM:
        force.left = stop
        if abroad:
            return end  # at the edge of a defended place: the fight begins next step
        summary.first_crossing = min(summary.first_crossing, hour)
    return hour


@njit(nogil=True)
def _opening(road: Table, hour: float) -> float:
    """Hour at which a road is clear of demolitions: the first column works them off for all."""
    if road.open_at == NEVER:
        road.open_at = hour + road.delay
    return road.open_at


@njit(nogil=True)
def _next_stop(
    force: Table, road: Table, place: Table, world: Table, hostile: bool, abroad: bool
) -> float:
    """Kilometres from the end at which something changes: the border, or a defence's edge."""
    if not hostile:
        return 0.0
    if not abroad:
        return road.draw.beyond_km
    depth = world.movement.contact_depth
    blocked = place.defence > 0.0 and world.movement.blocking > 0.0
    return depth if blocked and force.left > depth + _EDGE_KM else 0.0


@njit(nogil=True)
def _rate(
    road: Table, place: Table, world: Table, abroad: bool, engaged: bool, sprints: bool
) -> float:
    """Kilometres a day on a road: on friendly ground, unopposed, fresh, or against a defence."""
    movement = world.movement
    if not abroad:
        return movement.own_ground
    rate = movement.unopposed
    if engaged:
        fort = max(road.belt, place.draw.fortification)
        regimes = (
            movement.unopposed,
            movement.light_delay,
            movement.organised,
            movement.fortified,
        )
        knots = (movement.light_delay_at, movement.organised_at)
        met = advance_rate(1.0 / place.odds, fort, regimes, knots)
        rate *= (met / rate) ** movement.blocking
    elif sprints:
        rate = max(rate, 24.0 * movement.march)
    return rate / road.slow


@njit(nogil=True)
def _reach(force: Table, place: Table, reached: Floats, v: int, hour: float) -> None:
    if force.side == RED and place.defended and place.holder == BLUE:
        reached[v] = min(reached[v], hour)
