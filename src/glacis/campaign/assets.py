"""Squadrons, batteries and ship groups: the table of what is no battalion, and when it is there."""

from __future__ import annotations

import math

import numpy as np

from glacis.campaign.state import NEVER, Draws, Reach, Table
from glacis.campaign.warning import ready_hour
from glacis.kernels import rule

# Kinds of systems, in the order in which the table holds them.
AIR, AIR_DEFENCE, MISSILES, COASTAL, ARTILLERY, HELICOPTERS, HUNTERS, LAYERS = range(8)
KINDS = {
    "air": AIR,
    "air-defence": AIR_DEFENCE,
    "missiles": MISSILES,
    "coastal-missiles": COASTAL,
    "artillery": ARTILLERY,
    "helicopters": HELICOPTERS,
    "minehunters": HUNTERS,
    "minelayers": LAYERS,
}

# What the arsenals feed.
GUNS, ROCKETS, ANTI_TANK, AIR_STRIKES, INTERCEPTORS = range(5)
FEEDS = {
    "guns": GUNS,
    "rockets": ROCKETS,
    "anti-tank": ANTI_TANK,
    "air-strikes": AIR_STRIKES,
    "air-defence": INTERCEPTORS,
}

#: The numbers that a system may have, as `glacis.scenario.systems.System` declares them.
SYSTEM_NUMBERS = (
    "aircraft",
    "air_combat",
    "strike",
    "suppression",
    "worth",
    "engagements",
    "reach_km",
    "salvo",
    "stock",
    "support",
    "ships",
    "mines",
    "dual_capable",
)

SYSTEM_DRAW = np.dtype([(name, "f8") for name in SYSTEM_NUMBERS], align=True)
ASSET_DRAW = np.dtype(
    [
        ("whole", "f8"),  # share of full strength at the start
        ("notice_hours", "f8"),
    ],
    align=True,
)
ASSET = np.dtype(
    [
        ("kind", "i8"),
        ("side", "i8"),
        ("home", "i8"),  # place where it is based
        ("reinforces", "i8"),
        ("feed", "i8"),  # what of the arsenals it fires, -1 if nothing runs out
        ("entity", "i8"),  # name for luck
        ("system", "i8"),  # row of what one of its kind can do
        ("draw", ASSET_DRAW),
        ("can", SYSTEM_DRAW),
        ("ready", "f8"),  # hour
        ("there", "i8"),
        ("left", "f8"),  # share of a full one that is left
        ("missiles", "f8"),  # not yet fired
        ("overlooks", "f8"),  # share of the defended states' places within its reach
    ],
    align=True,
)

STOCK_DRAW = np.dtype(
    [
        ("stock", "f8"),
        ("given", "f8"),
        ("delivered", "f8"),
        ("use", "f8"),
        ("production", "f8"),
        ("surge", "f8"),
        ("surge_months", "f8"),
        ("without", "f8"),
    ],
    align=True,
)
STOCK = np.dtype(
    [
        ("side", "i8"),
        ("feeds", "i8"),
        ("draw", STOCK_DRAW),
        ("whole", "f8"),  # rounds at H-hour
        ("left", "f8"),  # rounds
        ("ran_out", "f8"),  # hour
    ],
    align=True,
)


@rule
def deal(w: int, assets: Table, draws: Draws) -> None:
    """Hand one world's draws to the assets."""
    for a in range(len(assets)):
        assets[a].draw = draws.assets[w, a]
        assets[a].can = draws.systems[w, assets[a].system]


@rule
def set_up(assets: Table, world: Table, scene: Table) -> None:
    """Before H-hour: when each asset is ready, and what it has."""
    scene.seized = 0
    scene.next_there = 0.0
    for a in range(len(assets)):
        asset = assets[a]
        asset.there = 0
        asset.left = asset.draw.whole
        asset.missiles = asset.can.stock * asset.draw.whole
        asset.ready = ready_hour(
            asset.entity, asset.side, asset.reinforces, 0.0, asset.draw.notice_hours, world, scene
        )


@rule
def count_fleet(assets: Table, reach: Reach, side: int, called: int) -> float:
    """Aircraft of a side that are left, those not yet there too; reinforcements if `called`."""
    aircraft = 0.0
    for a in range(reach.arms[AIR], reach.arms[AIR + 1]):
        asset = assets[a]
        if asset.side == side and (called or not asset.reinforces):
            aircraft += asset.can.aircraft * asset.left
    return aircraft


@rule
def worn(share_a_day: float) -> float:
    """What a day leaves of something that loses `share_a_day` of what is left."""
    return math.exp(-share_a_day)


@rule
def turn_out(assets: Table, places: Table, reach: Reach, scene: Table, hour: float) -> None:
    """Each day: who takes part, and how many squadrons stand at every place."""
    if scene.seized or hour >= scene.next_there:
        _look_again(assets, places, reach, scene, hour)
        scene.seized = 0
    for v in range(len(places)):
        places[v].squadrons = 0.0
    for a in range(reach.arms[AIR], reach.arms[AIR + 1]):
        if assets[a].there:
            places[assets[a].home].squadrons += assets[a].left


@rule
def _look_again(assets: Table, places: Table, reach: Reach, scene: Table, hour: float) -> None:
    """Who has become ready takes part; who stands on lost ground is lost or has left.

    Aircraft, helicopters and ships leave in time; batteries and guns do not.
    """
    scene.next_there = NEVER
    for a in range(len(assets)):
        asset = assets[a]
        overrun = places[asset.home].holder == 1 - asset.side
        if asset.there:
            if overrun and asset.left > 0.0 and not _gets_away(asset.kind):
                if asset.kind == AIR_DEFENCE:
                    _cover(asset, places, reach, -1.0)
                asset.left = 0.0
        elif asset.ready > hour:
            scene.next_there = min(scene.next_there, asset.ready)
        elif not overrun:
            asset.there = 1
            if asset.kind == AIR_DEFENCE:
                _cover(asset, places, reach, 1.0)


@rule
def _gets_away(kind: int) -> bool:
    return kind in (AIR, HELICOPTERS, HUNTERS)


@rule
def _cover(battery: Table, places: Table, reach: Reach, sign: float) -> None:
    """Share a battery's engagements among the facilities within its reach, or take them away."""
    covered = 0
    for v in range(len(places)):
        covered += _is_covered(battery, places[v], reach.apart[battery.home, v])
    engaged = sign * battery.can.engagements * battery.left / max(1, covered)
    for v in range(len(places)):
        if _is_covered(battery, places[v], reach.apart[battery.home, v]):
            places[v].cover[battery.side] += engaged


@rule
def _is_covered(battery: Table, place: Table, km: float) -> bool:
    """Whether a battery protects the facilities of a place."""
    return place.owner == battery.side and has_facilities(place) and km <= battery.can.reach_km


@rule
def has_facilities(place: Table) -> bool:
    """Whether there is anything at a place that missiles are spent on."""
    return place.draw.airfield > 0.0 or place.draw.port > 0.0 or place.railhead == 1
