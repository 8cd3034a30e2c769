"""Lift: how reinforcements come, and what keeps them: airfields, ports, gauges, one corridor.

A formation flown in or shipped is not on the map until a place lets it in. On Blue's own ground a
reinforcement shares the roads and railways with all others; elsewhere nothing is in its way.
"""

from __future__ import annotations

from glacis.campaign.state import BLUE, BY_AIR, IN_PLACE, MOVING, NEVER, WAITING, Reach, Table, Ways
from glacis.kernels import rule

# What keeps a reinforcement.
(
    NOTHING,
    NOT_READY,
    AIRFIELD_LOST,
    AIRFIELD_SHUT,
    AIR_UNSAFE,
    PORT_LOST,
    PORT_MINED,
    PORT_SHUT,
    SEA_UNSAFE,
    ROAD_FULL,
    WAY_LOST,
    ON_THE_WAY,
    GATHERED,
    LOST,
    ELSEWHERE,
) = range(15)
REASONS = (
    "in place",
    "not ready",
    "airfield in Red hands",
    "airfield full or damaged",
    "air not safe enough",
    "port in Red hands",
    "port mined",
    "port full or damaged",
    "sea not safe enough",
    "road and railway full",
    "way in Red hands",
    "on the way",
    "in the counter-offensive",
    "destroyed",
    "holds another place",
)


@rule
def open_ways(places: Table, world: Table, scene: Table) -> None:
    """A day's room at Blue's airfields and ports."""
    lift, scene.safe = world.lift, 1.0
    if scene.air:
        scene.safe = min(1.0, scene.control[BLUE] / lift.safe_control)
    for v in range(len(places)):
        place = places[v]
        whole = 1.0 - place.damage
        # What is not used is kept, up to a day's worth or the next battalion's.
        bank = max(1.0, place.draw.port)
        place.berths = min(bank, place.berths + place.draw.port * whole)
        if place.draw.airfield > 0.0:
            bank = max(1.0, lift.airlift)
            place.landings = min(bank, place.landings + lift.airlift * whole * scene.safe)


@rule
def own_flow(road: Table, start: Table, end: Table, world: Table, scene: Table) -> float:
    """Battalions an hour that a road and its railway pass on Blue's own ground, this day.

    What supplies those who came through the corridor is not there for others. A railway of another
    gauge than Blue's trains carries what can change trains at the break.
    """
    lift = world.lift
    kept = 1.0 - road.draw.exposed * world.fires.interdict if scene.fires else 1.0
    trains = road.draw.trains if road.gauge_fits else min(road.draw.trains, lift.transload)
    whole = 1.0 - max(start.damage, end.damage)
    flow = kept * (24.0 * road.flow + trains / lift.trains_per_battalion * whole)
    if road.corridor:
        supplies = lift.supply_share * scene.to_supply / max(1, scene.corridors)
        flow = max(lift.kept_free * flow, flow - supplies)
    return flow / scene.drag[BLUE] / 24.0


@rule
def bring(
    forces: Table,
    places: Table,
    reach: Reach,
    world: Table,
    scene: Table,
    summary: Table,
    hour: float,
) -> None:
    """Let those that are to be flown in or shipped come, the strongest first, or say why not."""
    for f in range(len(forces)):
        force = forces[f]
        if not force.awaits or force.status != WAITING:
            continue
        if force.ready > hour:
            force.stuck = NOT_READY
        elif force.mode == BY_AIR:
            _fly(force, places[force.start], scene, summary, hour)
        else:
            _ship(f, force, places, reach, world, scene, summary, hour)
        if force.awaits and force.ready <= hour:
            _keep_waiting(force, world, hour)
        if not force.awaits:
            scene.next_ready = min(scene.next_ready, force.ready)


@rule
def _keep_waiting(force: Table, world: Table, hour: float) -> None:
    """Count a day of waiting; after too many it goes by road, if there is a way round."""
    force.kept_days += 1.0
    if force.overland >= 0 and force.kept_days >= world.lift.divert_days:
        force.node = force.overland
        force.awaits = 0
        force.ready = hour


@rule
def _fly(force: Table, place: Table, scene: Table, summary: Table, hour: float) -> None:
    if place.holder != BLUE:
        force.stuck = AIRFIELD_LOST
    elif place.landings < 1.0:
        force.stuck = AIR_UNSAFE if scene.safe < 1.0 - place.damage else AIRFIELD_SHUT
    else:
        place.landings -= 1.0
        force.awaits = 0
        force.stuck = NOTHING
        force.ready = hour
        summary.flown += 1.0


@rule
def _ship(
    f: int,
    force: Table,
    places: Table,
    reach: Reach,
    world: Table,
    scene: Table,
    summary: Table,
    hour: float,
) -> None:
    """Send a formation by the best of its lanes that is open; what keeps it is the first's."""
    force.stuck = NOTHING
    for k in range(reach.lanes.shape[1]):
        v = reach.lanes[f, k]
        if v < 0:
            break
        reason = lane_closed(places[v], world, scene)
        if reason == NOTHING:
            place = places[v]
            place.berths -= 1.0
            if scene.sea:
                force.strength *= 1.0 - world.sea.crossing_loss * place.threat
            force.node = v
            force.awaits = 0
            force.stuck = NOTHING
            force.ready = hour + crossing_hours(reach.crossing[f, k], world, scene)
            summary.shipped += 1.0
            return
        if force.stuck == NOTHING:
            force.stuck = reason
    if force.stuck == NOTHING:
        force.stuck = PORT_LOST  # no lane of it is open to Blue at all


@rule
def lane_closed(place: Table, world: Table, scene: Table) -> int:
    """What keeps ships from a port, `NOTHING` if they may come."""
    if place.holder != BLUE:
        return PORT_LOST
    if scene.sea and place.swept == NEVER:
        return PORT_MINED
    if scene.sea and world.sea.crossing_loss * place.threat > world.sea.risk_accepted:
        return SEA_UNSAFE
    if place.berths < 1.0:
        return PORT_SHUT
    return NOTHING


@rule
def crossing_hours(km: float, world: Table, scene: Table) -> float:
    """Hours from sailing to landed."""
    if not scene.sea:
        return 0.0
    return world.sea.embark_hours + km * world.sea.detour / world.sea.pace


@rule
def what_keeps(force: Table, roads: Table, places: Table, ways: Ways, f: int) -> int:
    """Why a reinforcement is not at its post at the end."""
    if force.arrived < NEVER:
        return NOTHING
    if force.status == WAITING:
        return force.stuck if force.awaits else NOT_READY
    if force.status not in (MOVING, IN_PLACE):
        return LOST
    if force.goal >= 0:
        return GATHERED
    if force.road >= 0:
        return ON_THE_WAY
    if force.status == IN_PLACE:
        return ELSEWHERE
    r = -1
    if force.stages > 0:
        r = ways.hop[BLUE, force.node, ways.route[f, force.stages - 1]]
    if r < 0 or places[roads[r].toward].holder != BLUE or roads[r ^ 1].on[1 - BLUE] > 0:
        return WAY_LOST
    return ROAD_FULL
