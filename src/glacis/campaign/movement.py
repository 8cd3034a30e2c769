"""How formations move: regimes of advance, roads and what they carry, places entered."""

from __future__ import annotations

import math

from glacis.campaign.control import seize
from glacis.campaign.counter import waits
from glacis.campaign.lift import own_flow
from glacis.campaign.state import (
    BLUE,
    IN_PLACE,
    MOVING,
    NEVER,
    REACHED_KM,
    RED,
    Rolls,
    Table,
    Ways,
    note_arrival,
    turn_back,
)
from glacis.kernels import Ints, rule

_EDGE_KM = 1e-9


@rule
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


@rule
def rate_roads(places: Table, roads: Table, world: Table) -> None:
    """At H-hour: every road takes in a brigade at once, then its flow."""
    movement = world.movement
    for r in range(len(roads)):
        road = roads[r]
        road.flow = movement.lane_flow * road.draw.lanes / 2.0 / 24.0
        road.own_flow = NEVER  # until `lift` says what reinforcements find on it
        road.flow_day = -1
        road.attack = 0.0
        road.room = 0.0
        road.on[0] = 0
        road.on[1] = 0
        far = places[road.origin].rail_km > movement.railhead_reach
        road.rail_share = movement.beyond_railhead if far else 1.0
        road.token = max(1.0, movement.free_column)
        road.token_hour = 0.0
        road.open_at = NEVER


@rule
def advance(
    forces: Table,
    places: Table,
    roads: Table,
    ways: Ways,
    rolls: Rolls,
    world: Table,
    scene: Table,
    summary: Table,
    begin: float,
    end: float,
) -> None:
    """Move every formation that is under way from hour `begin` to hour `end`."""
    most = max(1.0, world.movement.free_column)
    for k in range(scene.afield):
        f = rolls.afield[k]
        force = forces[f]
        if force.status != MOVING:
            continue
        hour = max(begin, force.ready)  # it may become ready within the step
        while hour < end:
            if force.road >= 0:
                road = roads[force.road]
                if waits(force, places[road.toward]):
                    turn_back(force, road)
                    road = roads[force.road]
                hour = _along(force, road, places[road.toward], world, scene, summary, hour, end)
                continue
            place = places[force.node]
            if place.holder != force.side and not _enters(force, place, scene, hour):
                break
            r = _next_road(force, ways.hop, ways.route[f])
            if r < 0:
                _stay(force, ways.route[f, force.stages - 1], hour)
                break
            road, target = roads[r], places[roads[r].toward]
            if waits(force, target):
                break
            if roads[r ^ 1].on[1 - force.side] > 0:
                break  # the enemy comes along it
            if scene.lift and force.reinforces:
                _note_own_flow(road, place, target, world, scene)
            at = _admitted(road, target, force, most, hour)
            if at >= end:
                break
            if at > hour:
                hour = at
                continue
            _set_out(force, r, road, place, target, summary, hour)


@rule
def _next_road(force: Table, hop: Ints, route: Ints) -> int:
    """The road to take from where a formation stands, -1 if it has come to its goal."""
    if force.goal >= 0:
        return -1 if force.node == force.goal else hop[force.side, force.node, force.goal]
    while force.stage < force.stages and route[force.stage] == force.node:
        force.stage += 1
    if force.stage >= force.stages:
        return -1
    return hop[force.side, force.node, route[force.stage]]


@rule
def _stay(force: Table, post: int, hour: float) -> None:
    """Let a formation that has nowhere else to go stand where it is."""
    force.status = IN_PLACE
    force.since = hour
    note_arrival(force, post, hour)


@rule
def _enters(force: Table, place: Table, scene: Table, hour: float) -> bool:
    """Whether a formation that has come to an enemy place takes it at once.

    If it is defended, the defence has yielded all its ground, and `breaking.carry` ends it.
    """
    if place.garrison > 0:
        place.carried = 1
        scene.carried = 1
        return False
    seize(place, scene, force.side, hour)
    place.garrison = 1
    return True


@rule
def _note_own_flow(road: Table, place: Table, target: Table, world: Table, scene: Table) -> None:
    """Keep what the road passes for reinforcements this day, the first time that one asks."""
    if road.flow_day != scene.day:
        road.own_flow = own_flow(road, place, target, world, scene)
        road.flow_day = scene.day


@rule
def _admitted(road: Table, target: Table, force: Table, most: float, hour: float) -> float:
    """Hour at which the road has room; on its own ground only reinforcements find it full.

    A road takes in `most` battalions at once, and then as many as its flow allows. Who is told
    `hour` has been let in; who is told a later one asks again then.
    """
    if target.owner == force.side and (not force.reinforces or road.own_flow == NEVER):
        return hour
    elapsed = max(0.0, hour - road.token_hour)
    flow = road.flow * road.rail_share if force.side == RED else road.flow
    if target.owner == force.side:
        flow = road.own_flow
    road.token = min(most, road.token + flow * elapsed)
    road.token_hour += elapsed
    if road.token >= 1.0 - _EDGE_KM:
        road.token -= 1.0
        return hour
    return road.token_hour + (1.0 - road.token) / flow if flow > 0.0 else NEVER


@rule
def _set_out(
    force: Table, r: int, road: Table, place: Table, target: Table, summary: Table, hour: float
) -> None:
    if place.holder == force.side:
        place.garrison -= 1
    force.road = r
    force.left = road.draw.km
    if force.reinforces and road.corridor and not force.passed:
        force.passed = 1
        summary.corridor_passed += 1.0
    # What stood ready at H-hour had closed up to the border; its clock starts at the crossing.
    if force.assembled and target.defended and not place.defended:
        force.left = min(road.draw.km, road.draw.beyond_km)
        summary.first_crossing = min(summary.first_crossing, hour)
    if force.left <= REACHED_KM:
        _reach(force, target, hour)


@rule
def _along(
    force: Table,
    road: Table,
    place: Table,
    world: Table,
    scene: Table,
    summary: Table,
    hour: float,
    end: float,
) -> float:
    """Move a formation along its road towards `place`; returns the hour to which that took."""
    hostile = place.holder != force.side
    beyond = road.draw.beyond_km
    abroad = hostile and (force.side == BLUE or force.left <= beyond)
    if abroad and force.side == RED:
        opened = _opening(road, hour)
        if opened > hour:
            return min(opened, end)
    near = hostile and force.left <= place.depth
    # The approach was weighed at the start of the step if anybody stood on it then.
    engaged = near and place.contact and road.attack > 0.0
    if near and not engaged and place.garrison > 0 and world.movement.blocking > 0.0:
        return end  # come into contact: the fight begins next step
    sprints = force.fresh > 0.0 and abroad and not engaged and place.owner != force.side
    # Behind the spearhead the enemy's country is unopposed, but it is no home ground.
    liberates = hostile and place.owner == force.side
    at_home = place.owner == force.side and not liberates
    at_home = at_home or (force.side == RED and force.left > beyond)
    rate = _rate(road, world, at_home, engaged, sprints) / 24.0
    if not engaged:  # aircraft over the fight itself weigh in its odds
        rate /= scene.drag[force.side]
    stop = _next_stop(force, road, place, world, hostile, abroad)
    hours = min(end - hour, force.fresh) if sprints else end - hour
    before = force.left
    distance = min(rate * hours, before - stop)
    force.left = before - distance
    if sprints:
        force.fresh -= distance / rate
    if abroad and not engaged:  # who fights is counted where losses are
        force.hungry += distance / rate * (1.0 - force.fed)
    if before > REACHED_KM >= force.left:
        _reach(force, place, hour + (before - REACHED_KM) / rate)
    hour += distance / rate
    if force.left <= _EDGE_KM:
        force.road = -1
        force.node = road.toward
        if not hostile:
            place.garrison += 1
    elif stop > 0.0 and force.left <= stop + _EDGE_KM:
        force.left = stop
        if abroad:
            return end  # at the edge of a defended place
        summary.first_crossing = min(summary.first_crossing, hour)
    elif not sprints:
        return end
    return hour


@rule
def _opening(road: Table, hour: float) -> float:
    """Hour at which a road is clear of demolitions: the first column works them off for all."""
    if road.open_at == NEVER:
        road.open_at = hour + road.delay
    return road.open_at


@rule
def _next_stop(
    force: Table, road: Table, place: Table, world: Table, hostile: bool, abroad: bool
) -> float:
    """Kilometres from the end at which something changes: the border, or a defence's edge."""
    if not hostile:
        return 0.0
    if not abroad:
        return road.draw.beyond_km
    depth = place.depth
    blocked = place.garrison > 0 and world.movement.blocking > 0.0
    return depth if blocked and force.left > depth + _EDGE_KM else 0.0


@rule
def _rate(road: Table, world: Table, at_home: bool, engaged: bool, sprints: bool) -> float:
    """Kilometres a day on a road: against a defence, on own ground, fresh, or unopposed."""
    movement = world.movement
    if engaged:
        return road.opposed  # which holds its belts already
    if at_home:
        return movement.own_ground
    if sprints:
        return max(movement.unopposed, 24.0 * movement.march) / road.slow
    return movement.unopposed / road.slow


@rule
def rate_approaches(places: Table, roads: Table, rolls: Rolls, world: Table, scene: Table) -> None:
    """Each step: how fast attackers get on along every approach of a place in contact."""
    movement = world.movement
    regimes = (
        movement.unopposed,
        movement.light_delay,
        movement.organised,
        movement.fortified,
    )
    knots = (movement.light_delay_at, movement.organised_at)
    for k in range(scene.used):
        road = roads[rolls.used[k]]
        if road.attack > 0.0 and places[road.toward].contact:
            place = places[road.toward]
            fort = max(road.belt, place.draw.fortification) if place.holder == BLUE else place.dug
            met = advance_rate(1.0 / place.push, fort, regimes, knots)
            road.opposed = movement.unopposed * (met / movement.unopposed) ** movement.blocking


@rule
def _reach(force: Table, place: Table, hour: float) -> None:
    if force.side == RED and place.defended and place.holder == BLUE:
        place.reached = min(place.reached, hour)
