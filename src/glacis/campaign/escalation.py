"""Escalation: daily hazards of nuclear use that nobody ordered, added up to an exposure.

A world's luck is drawn once: the exposure at which it runs out. What Red's leadership orders as
coercion belongs to the crisis game. Source: elicited.
"""

from __future__ import annotations

import math

from glacis.campaign.state import BLUE, LAUNCHED, NEVER, RED, Table
from glacis.kernels import rule
from glacis.streams import Stream, uniform

_NUCLEAR = int(Stream.NUCLEAR)


@rule
def tempt(scene: Table) -> None:
    """Before H-hour: draw the exposure that this world stands."""
    luck = uniform(scene.k0, scene.k1, scene.number, _NUCLEAR, 0, 0, 0)
    scene.threshold = -math.log(luck)
    scene.dual = 0.0


@rule
def expose(places: Table, world: Table, scene: Table, summary: Table, hour: float) -> None:
    """Add a day's hazards to the exposure, by cause."""
    escalation = world.escalation
    if not _is_at_war(places):
        return
    if scene.answered:
        # Launchers lost while the enemy controls the air over them: used or lost.
        summary.exposed_use_or_lose += escalation.use_or_lose * scene.control[BLUE] * scene.dual
    loss = 1.0 - scene.left[RED] / scene.sent[RED] if scene.sent[RED] > 0.0 else 0.0
    summary.exposed_collapse += escalation.collapse * collapsed(loss, escalation.collapse_at)
    if scene.offensive == LAUNCHED and _annexed_is_attacked(places, escalation, hour):
        summary.exposed_annexed += escalation.annexed
    if _is_fought_over(places):
        summary.exposed_fighting += escalation.fighting
    if summary.nuclear_hour == NEVER and exposure(summary) > scene.threshold:
        summary.nuclear_hour = hour


@rule
def exposure(summary: Table) -> float:
    """The exposure so far, of all causes."""
    return (
        summary.exposed_use_or_lose
        + summary.exposed_collapse
        + summary.exposed_annexed
        + summary.exposed_fighting
    )


@rule
def collapsed(loss: float, begins_at: float) -> float:
    """How far a force that has lost so much has collapsed, 0 to 1."""
    if loss <= begins_at or begins_at >= 1.0:
        return 0.0
    return (loss - begins_at) / (1.0 - begins_at)


@rule
def _is_at_war(places: Table) -> bool:
    """Whether anything is fought over, or Red still holds ground of Blue's."""
    for v in range(len(places)):
        if places[v].contact or (places[v].defended and places[v].holder == RED):
            return True
    return False


@rule
def _annexed_is_attacked(places: Table, escalation: Table, hour: float) -> bool:
    """Whether Blue attacks ground that Red has held so long that it calls it its own."""
    for v in range(len(places)):
        place = places[v]
        long_held = place.held_since <= hour - 24.0 * escalation.annexed_after
        if place.defended and place.holder == RED and place.contact and long_held:
            return True
    return False


@rule
def _is_fought_over(places: Table) -> bool:
    for v in range(len(places)):  # noqa: SIM110 - numba compiles no generator here
        if places[v].defended and places[v].contact:
            return True
    return False
