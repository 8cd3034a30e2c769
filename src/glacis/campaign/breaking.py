"""What becomes of a force that has had enough: spent, away, or destroyed in place."""

from __future__ import annotations

from glacis.campaign.control import seize
from glacis.campaign.state import (
    BLUE,
    DESTROYED,
    IN_PLACE,
    MOVING,
    RED,
    SPENT,
    Table,
    Ways,
    is_afield,
    turn_back,
)
from glacis.kernels import Ints, rule


@rule
def break_off(
    forces: Table,
    places: Table,
    roads: Table,
    ways: Ways,
    engaged: Ints,
    count: int,
    world: Table,
    hour: float,
) -> None:
    """Take every formation in contact that has reached its breakpoint out of the fight."""
    combat = world.combat
    for k in range(count):
        force = forces[engaged[k]]
        v = force.front
        lost = 1.0 - force.strength / force.formed
        limit = combat.breakpoint_blue if force.side == BLUE else combat.breakpoint_red
        if places[v].holder != force.side:
            if lost >= limit:
                force.status = SPENT
                force.spent_at = hour
        elif lost >= limit:
            if not withdraw(force, v, places, roads, ways, world):
                force.status = DESTROYED
                places[v].garrison -= 1
        elif force.delays and lost >= combat.delay_break:
            withdraw(force, v, places, roads, ways, world)


@rule
def carry(
    forces: Table, places: Table, roads: Table, ways: Ways, world: Table, scene: Table, hour: float
) -> None:
    """Take the places that attackers have got through to: who can get away does.

    The rate of advance already holds the defence's resistance, over all the ground that it
    covers. Whoever is still there when that ground is gone leaves, or is lost in place.
    """
    for f in range(len(forces)):
        force = forces[f]
        if not is_afield(force) or force.road >= 0:
            continue
        place = places[force.node]
        lost = place.carried and place.holder == force.side
        if lost and not withdraw(force, force.node, places, roads, ways, world):
            force.status = DESTROYED
            place.garrison -= 1
    for v in range(len(places)):
        if places[v].carried:
            seize(places[v], scene, 1 - places[v].holder, hour)


@rule
def withdraw(force: Table, v: int, places: Table, roads: Table, ways: Ways, world: Table) -> bool:
    """Send a defender of place `v` back, if it can outrun the attackers and a road is open."""
    if force.can.mobility_kmh < world.combat.pursuit * places[v].pace:
        return False
    r = way_out(v, force.side, places, roads, ways)
    if r < 0:
        return False
    places[v].garrison -= 1
    force.status = MOVING
    force.withdrew = 1
    force.formed = force.strength
    force.road = r
    force.left = roads[r].draw.km
    force.stage = force.stages  # its route is done: where it arrives, it stays
    return True


@rule
def way_out(v: int, side: int, places: Table, roads: Table, ways: Ways) -> int:
    """The road from place `v` to the friendly place farthest from the enemy, or -1.

    A road along which the enemy comes is no way out; a place with none is encircled.
    """
    best, depth = -1, -1.0
    for slot in range(ways.out.shape[1]):
        r = ways.out[v, slot]
        if r < 0:
            break
        place = places[roads[r].toward]
        open_road = roads[r].passable[side] and roads[r ^ 1].on[1 - side] == 0
        if open_road and place.holder == side and place.depth_km[side] > depth:
            best, depth = r, place.depth_km[side]
    return best


@rule
def recover(
    forces: Table, places: Table, roads: Table, world: Table, scene: Table, hour: float
) -> None:
    """Each day: let spent attackers that have rested go back and hold ground again.

    Red's attack has culminated with them; Blue's are sent on as long as its offensive lasts.
    """
    for f in range(len(forces)):
        force = forces[f]
        if force.status != SPENT or hour < force.spent_at + 24.0 * world.combat.rest_days:
            continue
        if places[force.node].holder != force.side:
            continue
        force.status = MOVING if force.road >= 0 else IN_PLACE
        if force.road >= 0:
            turn_back(force, roads[force.road])
        force.goal = -1
        force.stage = force.stages  # its way is done: where it comes to, it stays
        force.formed = force.strength
        force.since = hour
        scene.changed = 1


@rule
def dig_in(places: Table, world: Table, hour: float) -> None:
    """Each day: let Red fortify in depth the ground of Blue's that it holds."""
    whole = max(24.0 * world.combat.fortify_days, 1.0)
    for v in range(len(places)):
        place = places[v]
        held = place.defended and place.holder == RED
        place.dug = min(1.0, max(0.0, hour - place.held_since) / whole) if held else 0.0
