"""The way back: reinforcements gather before lost ground, and attack when they are enough.

While nothing is ordered, a battalion does not drive alone into a place that Red holds: it waits
where the way is still Blue's. When the power gathered is enough, all go for the nearest lost place,
and on from there. The attack itself is fought by the rules of every other. Source: shlapak-2017.
"""

from __future__ import annotations

from glacis.campaign.control import all_casualties, is_ground_lost
from glacis.campaign.state import (
    BLUE,
    CALLED_OFF,
    DESTROYED,
    HALTED,
    IN_PLACE,
    LAUNCHED,
    MOVING,
    NEVER,
    NOT_ORDERED,
    ORDERED,
    RED,
    Reach,
    Table,
    is_afield,
)
from glacis.kernels import rule


@rule
def command(
    forces: Table,
    places: Table,
    reach: Reach,
    world: Table,
    scene: Table,
    summary: Table,
    hour: float,
) -> None:
    """A day's orders: gather, order, launch, press on, halt."""
    if not is_ground_lost(places):
        if scene.offensive == LAUNCHED:
            summary.retaken_hour = hour
            _dismiss(forces, hour)
        if scene.offensive in (ORDERED, LAUNCHED):
            scene.offensive = NOT_ORDERED
        return
    summary.retaken_hour = NEVER
    if scene.offensive == LAUNCHED:
        if _loss(forces) >= world.counter.halt:
            scene.offensive = HALTED
            _dismiss(forces, hour)
        else:
            _send_on(forces, places, reach)
    elif scene.offensive == ORDERED:
        if hour >= scene.ordered_at + 24.0 * world.counter.prepare_days:
            _launch(forces, places, reach, world, scene, summary, hour)
    else:
        more = scene.coming > 0
        waited = hour >= world.decision_hours + 24.0 * world.counter.wait_days
        verdict = weighed(scene.ratio, world.counter.wanted, world.counter.least, more, waited)
        if verdict == ORDERED:
            scene.offensive = ORDERED
            scene.ordered_at = hour
        elif verdict == CALLED_OFF and scene.offensive == NOT_ORDERED:
            scene.offensive = CALLED_OFF
    summary.offensive = max(summary.offensive, float(scene.offensive))


@rule
def weighed(ratio: float, wanted: float, least: float, more: bool, waited: bool) -> int:
    """What is decided of an offensive at a ratio of power gathered over Red's before it.

    Parameters
    ----------
    more
        Whether more reinforcements are still to come.
    waited
        Whether the time is over in which more is waited for.
    """
    if ratio >= wanted or ((waited or not more) and ratio >= least):
        return ORDERED
    return NOT_ORDERED if more else CALLED_OFF


@rule
def waits(force: Table, target: Table) -> bool:
    """Whether a Blue formation stays where it is rather than drive alone into a lost place."""
    if force.side != BLUE or force.strikes or force.goal >= 0:
        return False
    return target.holder == RED and target.owner == BLUE


@rule
def _launch(
    forces: Table,
    places: Table,
    reach: Reach,
    world: Table,
    scene: Table,
    summary: Table,
    hour: float,
) -> None:
    scene.offensive = LAUNCHED
    if summary.launched_hour == NEVER:
        summary.launched_hour = hour
        scene.launched_loss = all_casualties(forces, world, BLUE)
    for f in range(len(forces)):
        force = forces[f]
        if force.side == BLUE and force.reinforces and is_afield(force):
            force.formed = force.strength
    _send_on(forces, places, reach)


@rule
def _send_on(forces: Table, places: Table, reach: Reach) -> None:
    """Give every reinforcement that stands at a place the nearest lost one as its goal."""
    for f in range(len(forces)):
        force = forces[f]
        if force.side != BLUE or not force.reinforces or not is_afield(force) or force.road >= 0:
            continue
        under_way = force.status == MOVING and force.goal >= 0
        if under_way and places[force.goal].holder == RED:
            continue
        best, nearest = -1, NEVER
        for v in range(len(places)):
            lost = places[v].defended and places[v].holder == RED
            if lost and reach.blue_km[force.node, v] < nearest:
                best, nearest = v, reach.blue_km[force.node, v]
        if best >= 0:
            force.goal = best
            force.status = MOVING
            if force.sent <= 0.0:
                force.sent = force.strength


@rule
def _loss(forces: Table) -> float:
    """Share of the force sent to attack that is lost, spent battalions counted as lost."""
    left, sent = 0.0, 0.0
    for f in range(len(forces)):
        force = forces[f]
        sent += force.sent
        if force.sent > 0.0 and is_afield(force):
            left += min(force.strength, force.sent)
    return 1.0 - left / sent if sent > 0.0 else 0.0


@rule
def _dismiss(forces: Table, hour: float) -> None:
    """End the attack: who stands at a place holds it, who is under way turns back."""
    for f in range(len(forces)):
        force = forces[f]
        force.sent = 0.0
        if force.side != BLUE or force.goal < 0:
            continue
        force.goal = -1
        if force.status != DESTROYED and is_afield(force) and force.road < 0:
            force.status = IN_PLACE
            force.since = hour
            force.stage = force.stages
