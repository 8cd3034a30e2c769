"""Fires: missiles against bases, ports and railways, and the guns beside the battalions.

A missile that arrives damages a place's facilities and what stands on its airfield. Air defence
engages as many as it can over the places it covers. Guns and helicopters weigh in the odds of
ground combat by how much of them there is for each battalion.
"""

from __future__ import annotations

import math

from glacis.campaign.assets import (
    AIR,
    ARTILLERY,
    COASTAL,
    HELICOPTERS,
    INTERCEPTORS,
    MISSILES,
    worn,
)
from glacis.campaign.state import BLUE, RED, Reach, Table
from glacis.kernels import rule


@rule
def strike(
    assets: Table, places: Table, reach: Reach, world: Table, scene: Table, summary: Table
) -> None:
    """A day's missiles of both sides: fired, engaged, arrived; and a day's repairs.

    Until the alliance has answered in full, its own ground is no target and it fires at none.
    """
    for side in (BLUE, RED):
        if side == RED or scene.answered:
            scene.engaged_missiles[1 - side] = 0.0
            if _salvo(side, assets, places, reach, world, scene):
                _arrive(1 - side, assets, places, reach, world, scene, summary)
    mended = worn(1.0 / max(world.fires.repair_days, 0.1))
    for v in range(len(places)):
        places[v].damage *= mended
        if places[v].damage > 0.5 and places[v].draw.airfield > 0.0:
            summary.bases_closed_days += 1.0 if places[v].owner == BLUE else 0.0


@rule
def _salvo(
    side: int, assets: Table, places: Table, reach: Reach, world: Table, scene: Table
) -> bool:
    """Fire each launcher's missiles of the day at what is within its reach, by weight.

    Returns whether any was fired.
    """
    is_fired = False
    for a in range(reach.arms[MISSILES], reach.arms[MISSILES + 1]):
        launcher = assets[a]
        if launcher.side != side or not launcher.there:
            continue
        reserve = world.fires.held_back * launcher.can.stock * launcher.draw.whole
        fired = min(launcher.can.salvo * launcher.left, launcher.missiles - reserve)
        if fired <= 0.0:
            continue
        weights = 0.0
        for v in range(len(places)):
            if reach.apart[launcher.home, v] <= launcher.can.reach_km:
                weights += target_weight(places[v], side, world, scene)
        if weights <= 0.0:
            continue
        if not is_fired:
            is_fired = True
            for v in range(len(places)):
                places[v].incoming = 0.0
        launcher.missiles -= fired
        for v in range(len(places)):
            if reach.apart[launcher.home, v] <= launcher.can.reach_km:
                weight = target_weight(places[v], side, world, scene)
                places[v].incoming += fired * world.fires.arrive * weight / weights
    return is_fired


@rule
def target_weight(place: Table, side: int, world: Table, scene: Table) -> float:
    """How much a place draws a side's missiles."""
    if place.owner != 1 - side or place.holder == side:
        return 0.0
    if side == RED and not (place.protege or scene.answered):
        return 0.0
    fires, weight = world.fires, 0.0
    if place.draw.airfield > 0.0:
        weight += fires.aim_airfields
    if place.draw.port > 0.0:
        weight += fires.aim_ports
    if place.railhead:
        weight += fires.aim_railways
    return weight


@rule
def leakers(incoming: float, engaged: float, intercept: float) -> float:
    """Missiles that get through, of those incoming, if so many are engaged."""
    return incoming - intercept * min(incoming, engaged)


@rule
def _arrive(
    side: int,
    assets: Table,
    places: Table,
    reach: Reach,
    world: Table,
    scene: Table,
    summary: Table,
) -> None:
    """What gets through to a side's places: facilities damaged, aircraft lost on the ground."""
    fires, engaged_in_all = world.fires, 0.0
    fit = scene.sam[side] * scene.stocked[side, INTERCEPTORS]
    for v in range(len(places)):
        place = places[v]
        if place.incoming <= 0.0:
            continue
        engaged = min(place.incoming, place.cover[side] * fit)
        engaged_in_all += engaged
        through = leakers(place.incoming, engaged, fires.intercept)
        sites = max(1.0, place.draw.airfield / fires.site_squadrons)
        spared = math.exp(-through / (fires.to_close * sites))
        place.damage = 1.0 - (1.0 - place.damage) * spared
        place.incoming = through
        summary.missiles_arrived += through if side == BLUE else 0.0
    scene.engaged_missiles[side] = engaged_in_all
    for a in range(reach.arms[AIR], reach.arms[AIR + 1]):
        squadron = assets[a]
        place = places[squadron.home]
        if squadron.side != side or not squadron.there or place.incoming <= 0.0:
            continue
        caught = fires.on_ground * place.incoming / max(place.squadrons, 1.0)
        squadron.left *= math.exp(-caught / max(squadron.can.aircraft, 1.0))


@rule
def hunt(assets: Table, reach: Reach, world: Table, scene: Table) -> None:
    """Destroy Red's launchers while Blue controls the air, once it has answered in full."""
    control = scene.control[BLUE] if scene.answered else 0.0
    left = worn(control / max(world.fires.hunt_days, 0.1))
    scene.dual = 0.0
    for kind in (MISSILES, COASTAL):
        for a in range(reach.arms[kind], reach.arms[kind + 1]):
            launcher = assets[a]
            if launcher.side == RED and launcher.there:
                launcher.left *= left
                scene.dual += launcher.left * launcher.can.dual_capable


@rule
def support(side: int, assets: Table, reach: Reach, world: Table, scene: Table) -> float:
    """A side's factor on the odds from its guns and helicopters, by how many there are a battalion.

    They share the fate of the battalions that went to war with them, so their number for each
    battalion stays what it was.
    """
    guns = 0.0
    for kind in (ARTILLERY, HELICOPTERS):
        for a in range(reach.arms[kind], reach.arms[kind + 1]):
            asset = assets[a]
            if asset.side == side and asset.there:
                fit = scene.stocked[side, asset.feed] if asset.feed >= 0 else 1.0
                guns += asset.can.support * asset.left * fit
    density = guns / scene.sent[side] if scene.sent[side] > 0.0 else 0.0
    return (world.fires.floor + density) ** world.fires.support
