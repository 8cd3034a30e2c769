"""The census: what the arms need to know of the ground forces, counted once a day."""

from __future__ import annotations

from glacis.campaign.state import (
    BLUE,
    IN_PLACE,
    NEVER,
    RED,
    SPENT,
    WAITING,
    Table,
    is_afield,
    rule,
)

_SPENT_COUNTS = 0.5  # of its strength, in whether Red's force collapses


@rule
def count(forces: Table, places: Table, scene: Table) -> None:
    """Count both sides' battalions: whole, left, engaged; gathered, opposing, coming, supplied."""
    _clear(scene)
    for f in range(len(forces)):
        force = forces[f]
        afield = is_afield(force)
        if afield:
            scene.whole[force.side] += force.draw.whole
            scene.strength[force.side] += force.strength
            if force.front >= 0 and places[force.front].contact:
                scene.engaged[force.side] += force.strength
        if force.side == RED:
            _count_red(force, places[force.node], afield, scene)
        elif force.reinforces:
            _count_reinforcement(force, afield, scene)
    for side in (BLUE, RED):
        if scene.strength[side] > 0.0:
            scene.engaged[side] /= scene.strength[side]
    scene.ratio = scene.gathered / scene.opposing if scene.opposing > 0.0 else NEVER


@rule
def _clear(scene: Table) -> None:
    for side in (BLUE, RED):
        scene.whole[side] = 0.0
        scene.strength[side] = 0.0
        scene.engaged[side] = 0.0
    scene.red_sent = 0.0
    scene.red_left = 0.0
    scene.gathered = 0.0
    scene.opposing = 0.0
    scene.coming = 0
    scene.to_supply = 0.0


@rule
def _count_red(force: Table, place: Table, afield: bool, scene: Table) -> None:
    if force.set_out and force.status != WAITING:
        scene.red_sent += force.draw.whole
        if afield:
            scene.red_left += force.strength
        elif force.status == SPENT:
            scene.red_left += _SPENT_COUNTS * force.strength
    if place.defended and (afield or force.status == SPENT):
        scene.opposing += force.can.power * force.strength


@rule
def _count_reinforcement(force: Table, afield: bool, scene: Table) -> None:
    if afield:
        scene.gathered += force.can.power * force.strength
    elif force.status == WAITING and force.ready < NEVER:
        scene.coming += 1
    if force.status == IN_PLACE and force.arrived < NEVER:
        scene.to_supply += 1.0
