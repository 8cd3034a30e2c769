"""Air: a contest over days, and what its state lets either side do to the other's ground forces.

Source: jones-2024, bronk-2023.
"""

from __future__ import annotations

import math

from glacis.campaign.assets import AIR, AIR_DEFENCE, AIR_STRIKES, INTERCEPTORS, worn
from glacis.campaign.combat import intensity, loss_rates
from glacis.campaign.state import BLUE, MOVING, NEVER, RED, Reach, Rolls, Table, is_afield
from glacis.kernels import rule
from glacis.streams import Stream, normal

_CREWS = int(Stream.CREWS)
_NOBODY = 1e-6  # keeps the odds of an empty sky finite


@rule
def man(world: Table, scene: Table) -> None:
    """Before H-hour: the quality of both sides' crews in this world."""
    for side in (BLUE, RED):
        drawn = normal(scene.k0, scene.k1, scene.number, _CREWS, 0, side, 0)
        scene.crews[side] = math.exp(world.air.dispersion * drawn / math.sqrt(2.0))
        scene.sam[side] = 1.0


@rule
def contest(
    assets: Table, places: Table, reach: Reach, world: Table, scene: Table, summary: Table
) -> None:
    """A day in the air: who gets through, who loses what, which air defence is suppressed.

    At odds below `press_at` a side keeps its aircraft back, in proportion.
    """
    air = world.air
    _take_off(assets, places, reach, world, scene)
    _count_air_defence(assets, reach, scene)
    for side in (BLUE, RED):
        scene.pressed[side] = intensity(_odds(side, scene), air.press_at, 1.0)
    for side in (BLUE, RED):
        for task in (scene.sorties, scene.strikes, scene.hunters):
            task[side] *= scene.pressed[side]
    for side in (BLUE, RED):
        odds = _odds(side, scene)
        scene.control[side] = odds / (1.0 + odds) if scene.sorties[side] > 0.0 else 0.0
        rate, _ = loss_rates(max(odds, air.worst_odds), air.loss, air.loss, air.exponent)
        # Nobody is shot down by an enemy who is hardly there.
        scene.downed[side] = rate * scene.pressed[side] * min(1.0, 1.0 / max(odds, _NOBODY))
    for side in (BLUE, RED):
        _suppress(side, air, scene)
        _to_the_ground(side, air, scene)
    left = worn(scene.downed[BLUE]), worn(scene.downed[RED])
    for a in range(reach.arms[AIR], reach.arms[AIR + 1]):
        if assets[a].there:
            assets[a].left *= left[assets[a].side]
    if scene.control[BLUE] >= 0.5 and summary.air_control_hour == NEVER:
        summary.air_control_hour = 24.0 * scene.day


@rule
def _odds(side: int, scene: Table) -> float:
    """A side's sorties over what the other has against them, in the air and on the ground."""
    against = scene.sorties[1 - side] + scene.defended[1 - side]
    return max(scene.sorties[side], _NOBODY) / max(against, _NOBODY)


@rule
def _take_off(assets: Table, places: Table, reach: Reach, world: Table, scene: Table) -> None:
    """Add up both sides' sorties of the day, by what they are worth at each task."""
    air = world.air
    for side in (BLUE, RED):
        scene.aircraft[side] = 0.0
        scene.sorties[side] = 0.0
        scene.strikes[side] = 0.0
        scene.hunters[side] = 0.0
    for a in range(reach.arms[AIR], reach.arms[AIR + 1]):
        squadron = assets[a]
        if not squadron.there:
            continue
        side = squadron.side
        scene.aircraft[side] += squadron.can.aircraft * squadron.left
        flown = air.sorties * squadron.can.aircraft * squadron.left
        flown *= base_factor(places[squadron.home], side, air.displaced)
        scene.sorties[side] += flown * squadron.can.air_combat * scene.crews[side]
        scene.strikes[side] += flown * squadron.can.strike
        scene.hunters[side] += flown * squadron.can.suppression


@rule
def base_factor(place: Table, side: int, displaced: float) -> float:
    """Share of its sorties that a squadron flies: less from a damaged, crowded or lost base."""
    if place.holder != side:
        return displaced
    room = min(1.0, place.draw.airfield / max(place.squadrons, 1.0))
    return max((1.0 - place.damage) * room, displaced)


@rule
def _count_air_defence(assets: Table, reach: Reach, scene: Table) -> None:
    """Add up what both sides' air defence weighs over the defended states, and its batteries.

    A battery counts by the share of the defended states' places within its reach.
    """
    for side in (BLUE, RED):
        scene.defended[side] = 0.0
        scene.batteries[side] = 0.0
        scene.capacity[side] = 0.0
    for a in range(reach.arms[AIR_DEFENCE], reach.arms[AIR_DEFENCE + 1]):
        battery = assets[a]
        if battery.there and battery.left > 0.0:
            side = battery.side
            fit = scene.sam[side] * scene.stocked[side, INTERCEPTORS]
            counted = battery.left * battery.overlooks
            scene.defended[side] += battery.can.worth * counted * fit
            scene.batteries[side] += counted
            scene.capacity[side] += battery.can.engagements * battery.left


@rule
def look_out(assets: Table, places: Table, reach: Reach) -> None:
    """Before H-hour: the share of the defended states' places within reach of each battery."""
    for a in range(reach.arms[AIR_DEFENCE], reach.arms[AIR_DEFENCE + 1]):
        battery = assets[a]
        reached, fought_over = 0.0, 0.0
        for v in range(len(places)):
            if places[v].protege:
                fought_over += 1.0
                reached += 1.0 if reach.apart[battery.home, v] <= battery.can.reach_km else 0.0
        battery.overlooks = reached / fought_over if fought_over > 0.0 else 1.0


@rule
def count_strikes(assets: Table, reach: Reach, world: Table, scene: Table) -> None:
    """Before H-hour: what both sides' whole fleets would be worth against the ground in a day."""
    for side in (BLUE, RED):
        scene.fleet[side] = 0.0
    for a in range(reach.arms[AIR], reach.arms[AIR + 1]):
        squadron = assets[a]
        whole = squadron.can.aircraft * squadron.draw.whole
        scene.fleet[squadron.side] += world.air.sorties * whole * squadron.can.strike


@rule
def _suppress(side: int, air: Table, scene: Table) -> None:
    """Wear down the enemy's air defence; Blue's only once the alliance has answered in full."""
    enemy = 1 - side
    if scene.batteries[enemy] <= 0.0 or (side == BLUE and not scene.answered):
        return
    needed = scene.batteries[enemy] * max(air.suppress_sorties, _NOBODY)
    effort = min(1.0, scene.hunters[side] * scene.control[side] / needed)
    found = max(0.0, scene.sam[enemy] - air.hidden)
    scene.sam[enemy] -= found * (1.0 - worn(effort / max(air.suppress_days, 0.1)))


@rule
def _to_the_ground(side: int, air: Table, scene: Table) -> None:
    """What the strike sorties that get through do: close support, and interdiction."""
    through = scene.strikes[side] * scene.control[side] * scene.stocked[side, AIR_STRIKES]
    close = air.close_share * through
    share = close / (close + max(air.close_sorties, _NOBODY))
    scene.close[side] = 1.0 + (air.close_support - 1.0) * share
    scene.kills[side] = min(air.most_kills, air.kills * (through - close) / 100.0)
    full = scene.kills[side] / air.most_kills if air.most_kills > 0.0 else 0.0
    scene.hindrance[1 - side] = full
    scene.drag[1 - side] = 1.0 + (air.drag - 1.0) * full


@rule
def interdict(
    forces: Table, places: Table, rolls: Rolls, air: Table, scene: Table, summary: Table
) -> None:
    """Spread the day's kills over the enemy's battalions within reach, less over those dug in.

    Within reach are those on the march, those fought over, and those on the other's ground.
    """
    for side in (BLUE, RED):
        scene.exposed[side] = 0.0
        scene.destroyed[side] = 0.0
    found = 0
    for k in range(scene.afield):
        f = rolls.afield[k]
        force = forces[f]
        if _visibility(force, places[force.node], air.dug_in) > 0.0:
            scene.exposed[force.side] += force.strength
            rolls.found[found] = f
            found += 1
    for side in (BLUE, RED):
        scene.targets[side] = min(1.0, scene.exposed[1 - side] / air.enough_targets)
    if scene.kills[BLUE] <= 0.0 and scene.kills[RED] <= 0.0:
        return
    in_the_open = _share_killed(BLUE, 1.0, scene), _share_killed(RED, 1.0, scene)
    under_cover = _share_killed(BLUE, air.dug_in, scene), _share_killed(RED, air.dug_in, scene)
    for k in range(found):
        force = forces[rolls.found[k]]
        visibility = _visibility(force, places[force.node], air.dug_in)
        share = in_the_open[force.side] if visibility == 1.0 else under_cover[force.side]
        lost = force.strength * share
        lost = min(lost, max(0.0, force.strength - air.unfound * force.draw.whole))
        force.strength -= lost
        scene.destroyed[1 - force.side] += lost
    summary.air_kills_blue += scene.destroyed[BLUE]
    summary.air_kills_red += scene.destroyed[RED]


@rule
def _share_killed(side: int, visibility: float, scene: Table) -> float:
    """Share of a side's battalion that the day's kills take, if aircraft find it so well."""
    if scene.exposed[side] <= 0.0:
        return 0.0
    return 1.0 - math.exp(-scene.kills[1 - side] * visibility / scene.exposed[side])


@rule
def _visibility(force: Table, place: Table, dug_in: float) -> float:
    """How well aircraft find a battalion: on the move or fighting 1, dug in less, at home 0.

    `place` is where it is, or that it left.
    """
    if not is_afield(force):
        return 0.0
    if force.status == MOVING and force.road >= 0:
        return 1.0
    if place.contact:
        return 1.0
    return dug_in if place.owner != force.side else 0.0
