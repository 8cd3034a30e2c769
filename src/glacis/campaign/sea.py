"""Sea: mines in the approaches of ports, ships that hunt them, and missiles along the coast.

A channel is open once it has been searched and enough of its mines are cleared. Ships work on the
largest port first, as many as have room there, the rest on the next; so more ships never open a
port later. Source: kaushal-2024, err-2023, naval-today-2019.
"""

from __future__ import annotations

import math

from glacis.campaign.assets import COASTAL, HUNTERS, LAYERS, worn
from glacis.campaign.results import Record
from glacis.campaign.state import BLUE, NEVER, RED, Reach, Table
from glacis.kernels import rule
from glacis.streams import Stream, normal

_MINES = int(Stream.MINES)


@rule
def lay(assets: Table, places: Table, reach: Reach, world: Table, scene: Table) -> None:
    """Before H-hour: how many mines each approach will have, and its channel to be swept."""
    sea, total, shares = world.sea, 0.0, 0.0
    for a in range(reach.arms[LAYERS], reach.arms[LAYERS + 1]):
        if assets[a].side == RED:
            total += assets[a].can.mines * assets[a].draw.whole
    for k in range(len(reach.ports)):
        place = places[reach.ports[k]]
        place.share = 0.0
        if place.protege and place.draw.channel_nm > 0.0:
            drawn = normal(scene.k0, scene.k1, scene.number, _MINES, 0, place.entity, 0)
            place.share = place.draw.port * math.exp(sea.spread * drawn)
            shares += place.share
    for k in range(len(reach.ports)):
        place = places[reach.ports[k]]
        place.laid = total * place.share / shares if shares > 0.0 else 0.0
        place.mines = place.laid * sea.laid_before
        mined = place.laid > 0.0
        place.unsearched = place.draw.channel_nm * sea.channel_width if mined else 0.0
        place.swept = NEVER if mined else 0.0


@rule
def work(
    assets: Table, places: Table, reach: Reach, world: Table, scene: Table, record: Record, w: int
) -> None:
    """A day at sea: mines laid, ships at work, ships lost, channels opened."""
    sea = world.sea
    _reach_out(assets, places, reach, sea)
    ships = 0.0
    for a in range(reach.arms[HUNTERS], reach.arms[HUNTERS + 1]):
        if assets[a].there and assets[a].side == BLUE:
            ships += assets[a].can.ships * assets[a].left
    free, risk, at_work = ships, 0.0, 0.0
    for k in range(len(reach.ports)):
        place = places[reach.ports[k]]
        if place.swept != NEVER:
            continue
        after = (1.0 - sea.laid_before) * place.laid
        place.mines += after * laid_on(float(scene.day), sea.laying_days)
        if place.holder == RED:
            continue
        record.mined_days[w, k] += 1.0
        here = min(free, sea.crowd)
        free -= here
        at_work += here
        risk += here * place.threat
        pace = sweeping_pace(place.threat, sea.under_fire) * sea.surveyed
        place.unsearched = max(0.0, place.unsearched - here * sea.search * pace)
        place.mines = max(0.0, place.mines - here * sea.clear * pace)
        laid_out = scene.day + 1.0 >= sea.laying_days
        if laid_out and is_open(place.unsearched, place.mines, place.laid, sea.enough):
            place.swept = 24.0 * (scene.day + 1.0)
    if at_work > 0.0:
        left = worn(sea.hunters_lost * risk / at_work)
        for a in range(reach.arms[HUNTERS], reach.arms[HUNTERS + 1]):
            if assets[a].there and assets[a].side == BLUE:
                assets[a].left *= left


@rule
def laid_on(day: float, laying_days: float) -> float:
    """Share of the mines laid after H-hour that are laid on one day, counted from 0."""
    if laying_days <= 0.0:
        return 1.0 if day == 0.0 else 0.0
    return min(1.0, max(0.0, laying_days - day)) / laying_days


@rule
def _reach_out(assets: Table, places: Table, reach: Reach, sea: Table) -> None:
    """Set how much of a full threat Red's coastal missiles are to each approach."""
    for k in range(len(reach.ports)):
        places[reach.ports[k]].threat = 0.0
    for a in range(reach.arms[COASTAL], reach.arms[COASTAL + 1]):
        battery = assets[a]
        if battery.side != RED or not battery.there:
            continue
        for k in range(len(reach.ports)):
            v = reach.ports[k]
            if reach.apart[battery.home, v] <= battery.can.reach_km:
                places[v].threat += battery.left
    for k in range(len(reach.ports)):
        place = places[reach.ports[k]]
        place.threat = min(1.0, place.threat / sea.full_threat)


@rule
def sweeping_pace(threat: float, under_fire: float) -> float:
    """Share of the peacetime rate at which ships work under so much of a threat."""
    return 1.0 - threat * (1.0 - under_fire)


@rule
def is_open(unsearched: float, mines: float, laid: float, enough: float) -> bool:
    """Whether a channel is searched, and so many of its mines are cleared that ships may pass."""
    return unsearched <= 0.0 and mines <= (1.0 - enough) * laid
