"""Before H-hour: the alert, who is ready when, and who has already moved."""

from __future__ import annotations

import math

from glacis.campaign.state import (
    BLUE,
    BY_ROAD,
    DESTROYED,
    IN_PLACE,
    MOVING,
    NEVER,
    RED,
    SPENT,
    WAITING,
    Rolls,
    Table,
    Ways,
    is_afield,
    note_arrival,
)
from glacis.kernels import rule
from glacis.streams import Stream, normal, uniform

_ALERT = int(Stream.ALERT)
_READINESS = int(Stream.READINESS)


@rule
def sound_alert(world: Table, scene: Table) -> None:
    """Set the hour of the alert: the warning if it is acted on, H-hour if it is not."""
    luck = uniform(scene.k0, scene.k1, scene.number, _ALERT, 0, 0, 0)
    scene.alert = -24.0 * world.warning.days if luck < world.warning.acted else 0.0


@rule
def set_ready(forces: Table, world: Table, scene: Table) -> None:
    """Set when each formation is ready to move: its notice after the order that concerns it.

    A reinforcement by road then waits for permits, paths and road space.
    """
    for f in range(len(forces)):
        force = forces[f]
        force.ready = ready_hour(
            force.entity,
            force.side,
            force.reinforces,
            force.draw.thrust_delay,
            force.draw.notice_hours,
            world,
            scene,
        )
        if force.reinforces and force.mode == BY_ROAD and scene.lift:
            force.ready += world.lift.clearance_hours


@rule
def ready_hour(
    entity: int,
    side: int,
    reinforces: int,
    thrust_delay: float,
    notice_hours: float,
    world: Table,
    scene: Table,
) -> float:
    """Hour at which a formation or an asset is ready.

    Blue's order is the alert, Red's is its thrust's start, and a reinforcement's is the
    council's answer, which only a reinforced run ever gives.
    """
    drawn = normal(scene.k0, scene.k1, scene.number, _READINESS, 0, entity, 0)
    notice = notice_hours * math.exp(world.warning.notice_spread * drawn)
    if side == RED:
        return thrust_delay + notice
    if not reinforces:
        return scene.alert + notice
    return world.decision_hours + notice if scene.reinforced else NEVER


@rule
def wake(forces: Table, places: Table, ways: Ways, scene: Table, until: float) -> None:
    """Let formations that are ready before `until` get under way or stand to."""
    scene.next_ready = NEVER
    for f in range(len(forces)):
        force = forces[f]
        if force.status not in (WAITING, SPENT) or force.awaits:
            continue  # or it is not on the map yet: `lift` brings it
        if places[force.node].holder != force.side:
            force.status = DESTROYED  # caught before it was ready, or spent and cut off
        elif force.status == SPENT:
            continue
        elif force.ready < until:
            at_post = force.stages == 1 and ways.route[f, 0] == force.node
            force.status = IN_PLACE if at_post else MOVING
            force.since = force.ready
            force.set_out = 1
            if at_post:
                note_arrival(force, force.node, force.ready)
        else:
            scene.next_ready = min(scene.next_ready, force.ready)


@rule
def call_roll(forces: Table, rolls: Rolls, scene: Table) -> None:
    """List who is afield: between two calls formations only drop out."""
    count = 0
    for f in range(len(forces)):
        if is_afield(forces[f]):
            rolls.afield[count] = f
            count += 1
    scene.afield = count


@rule
def march_before_war(forces: Table, roads: Table, ways: Ways, world: Table) -> None:
    """Move what was ready before H-hour as far towards its post as the time allowed."""
    pace = world.movement.own_ground / 24.0
    for f in range(len(forces)):
        force = forces[f]
        if force.side != BLUE or force.status != MOVING:
            continue
        hour, target = force.ready, ways.route[f, 0]
        while hour < 0.0:
            r = -1 if force.node == target else ways.hop[BLUE, force.node, target]
            if r < 0:
                force.status = IN_PLACE
                force.since = hour
                break
            hour += roads[r].draw.km / pace
            if hour <= 0.0:
                force.node = roads[r].toward
            else:
                force.road = r
                force.left = hour * pace
