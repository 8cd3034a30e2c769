"""The rules of combat: effective odds, losses, tempo.

The kernel uses them for every place in contact; the test beds of `glacis.study` use the
very same functions for single engagements.
"""

from __future__ import annotations

import math

import numpy as np

from glacis.campaign.state import BLUE, RED, Rolls, Table
from glacis.kernels import Floats, rule
from glacis.streams import Stream, normal

_ENGAGEMENT = int(Stream.ENGAGEMENT)
_QUALITY = int(Stream.QUALITY)


@rule
def loss_rates(
    odds: float, attacker_loss: float, defender_loss: float, exponent: float
) -> tuple[float, float]:
    """Shares of the attacker and of the defender lost in a day of pressed attack.

    Helmbold's form of Lanchester's laws: the share a side loses goes with the odds against
    it to the power `exponent`, so that 0 is the logarithmic law, 1/2 the linear and 1 the
    square law. Source: helmbold-1965, lucas-turkes-2004.
    """
    tilt = odds**exponent
    return attacker_loss / tilt, defender_loss * tilt


@rule
def tempo(days: float, surge_days: float, sustained: float) -> float:
    """Share of the time in which an attack is pressed, after `days` in contact.

    It falls from 1 to `sustained` as the surge is spent: troops tire and supply runs down.
    """
    if surge_days <= 0.0:
        return sustained
    return sustained + (1.0 - sustained) * math.exp(-days / surge_days)


@rule
def intensity(odds: float, press_at: float, share: float) -> float:
    """How hard an attack is pressed: its tempo, less where the odds are below `press_at`."""
    return share * min(1.0, odds / press_at)


@rule
def posture_factor(hours: float, hasty: float, prepared: float, prepare_hours: float) -> float:
    """A defender's factor after `hours` in place, from hasty to prepared. Source: dupuy-1987."""
    if prepare_hours <= 0.0 or hours >= prepare_hours:
        return prepared
    return hasty + (prepared - hasty) * max(0.0, hours) / prepare_hours


@rule
def surprise_factor(days: float, surprise: float, decay_days: float) -> float:
    """The attacker's factor from surprise, decaying to 1 from H-hour on. Source: dupuy-1987."""
    if decay_days <= 0.0:
        return 1.0
    return 1.0 + (surprise - 1.0) * math.exp(-days / decay_days)


def luck_spreads(dispersion: Floats, luck_share: Floats) -> tuple[Floats, Floats]:
    """Standard deviations of each side's quality and of an engagement's luck, world by world.

    The variance of the log effective ratio is split: `luck_share` of it is drawn once an
    engagement, the rest is the two sides' quality, drawn once a world.
    """
    luck = dispersion * np.sqrt(luck_share)
    quality = dispersion * np.sqrt((1.0 - luck_share) / 2.0)
    return quality, luck


#: The same of one world, within the kernel.
luck_spread = rule(luck_spreads)


@rule
def draw_quality(world: Table, scene: Table) -> None:
    """Set both sides' quality for this world."""
    quality, _ = luck_spread(world.combat.dispersion, world.combat.luck_share)
    for side in (BLUE, RED):
        drawn = normal(scene.k0, scene.k1, scene.number, _QUALITY, 0, side, 0)
        scene.quality[side] = math.exp(quality * drawn)


@rule
def battalion_power(force: Table, place: Table, world: Table) -> float:
    """Combat power of a formation at a place: type, terrain, strength, supply."""
    power = force.can.power * force.strength
    if place.close:
        power *= force.can.close_terrain
    if force.hungry > 24.0 * world.combat.supply_days:
        alone = world.combat.isolated_power
        power *= alone + (1.0 - alone) * force.fed
    return power


@rule
def weigh_odds(place: Table, world: Table, scene: Table, fort: float) -> float:
    """Effective power of a place's attackers over that of its defenders."""
    combat = world.combat
    defender = place.holder
    cover = 1.0 + (combat.fortified / combat.prepared - 1.0) * fort
    odds = place.attack / (place.defence * cover * place.draw.ground)
    odds *= scene.support[1 - defender] / scene.support[defender]
    if defender == BLUE:
        odds *= scene.surprise
    chance = scene.quality[1 - defender] / scene.quality[defender] * place.luck
    # Observed rates of advance hold most of what chance does to them.
    place.push = odds * chance**world.movement.dispersed
    return odds * chance


@rule
def begin_engagement(place: Table, world: Table, scene: Table) -> None:
    """Draw the luck of a new engagement at a place: once, and for its whole length."""
    _, luck = luck_spread(world.combat.dispersion, world.combat.luck_share)
    drawn = normal(
        scene.k0, scene.k1, scene.number, _ENGAGEMENT, place.engagements, place.entity, 0
    )
    # Luck is Red's: the same draw favours Red whether it attacks or defends there.
    place.luck = math.exp(luck * drawn if place.holder == BLUE else -luck * drawn)
    place.engagements += 1
    place.contact_hours = 0.0


@rule
def rate_losses(place: Table, world: Table, hours: float) -> None:
    """Work out what this step costs the two sides of a place in contact."""
    combat = world.combat
    share = tempo(place.contact_hours / 24.0, combat.surge_days, combat.sustained_tempo)
    pressed = intensity(place.odds, combat.press_at, share) * hours / 24.0
    attacker, defender = loss_rates(
        place.odds, combat.attacker_loss, combat.defender_loss, combat.exponent
    )
    place.attacker_rate = attacker * pressed
    place.defender_keeps = math.exp(-defender * place.room * pressed)


@rule
def suffer(
    forces: Table,
    places: Table,
    roads: Table,
    rolls: Rolls,
    count: int,
    world: Table,
    scene: Table,
    hours: float,
) -> None:
    """Take this step's losses from the formations in contact."""
    for v in range(len(places)):
        if places[v].contact:
            rate_losses(places[v], world, hours)
    for k in range(scene.used):
        road = roads[rolls.used[k]]
        if road.room > 0.0:
            road.keeps = math.exp(-places[road.toward].attacker_rate * road.room)
    for k in range(count):
        force = forces[rolls.engaged[k]]
        place = places[force.front]
        if place.holder == force.side:
            force.strength *= place.defender_keeps
        else:
            force.strength *= roads[force.road].keeps
        behind = places[force.node]  # whence it is supplied, as `supply.feed` has it
        force.fed = behind.fed[force.side] if behind.supplied[force.side] else 0.0
        if force.fed >= 1.0:
            force.hungry = 0.0
        else:
            force.hungry += hours * (1.0 - force.fed)
