"""The census: what the arms need to know of the ground forces, counted once a day."""

from __future__ import annotations

from glacis.campaign.state import BLUE, NEVER, RED, SPENT, WAITING, Table, is_afield
from glacis.kernels import rule


@rule
def count(forces: Table, places: Table, scene: Table) -> None:
    """Count both sides' battalions: sent, left, engaged; gathered, opposing, coming, supplied."""
    _clear(scene)
    for f in range(len(forces)):
        force = forces[f]
        afield = is_afield(force)
        if force.set_out:
            scene.sent[force.side] += force.draw.whole
            if afield or force.status == SPENT:
                scene.left[force.side] += force.strength
        if afield:
            scene.strength[force.side] += force.strength
            if force.front >= 0 and places[force.front].contact:
                scene.engaged[force.side] += force.strength
        if force.side == RED:
            if places[force.node].defended and (afield or force.status == SPENT):
                scene.opposing += force.can.power * force.strength
        elif force.reinforces:
            _count_reinforcement(force, afield, scene)
    for side in (BLUE, RED):
        if scene.strength[side] > 0.0:
            scene.engaged[side] /= scene.strength[side]
    scene.ratio = scene.gathered / scene.opposing if scene.opposing > 0.0 else NEVER


@rule
def _clear(scene: Table) -> None:
    for side in (BLUE, RED):
        scene.sent[side] = 0.0
        scene.left[side] = 0.0
        scene.strength[side] = 0.0
        scene.engaged[side] = 0.0
    scene.gathered = 0.0
    scene.opposing = 0.0
    scene.coming = 0
    scene.to_supply = 0.0


@rule
def _count_reinforcement(force: Table, afield: bool, scene: Table) -> None:
    if afield:
        scene.gathered += force.can.power * force.strength
        scene.to_supply += force.passed
    elif force.status == WAITING and force.ready < NEVER:
        scene.coming += 1
