"""Squadrons, batteries and ship groups: the table of what is no battalion, and when it is there."""

from __future__ import annotations

import math

import numpy as np

from glacis.campaign.state import NEVER, Draws, Reach, Table, rule
from glacis.campaign.warning import ready_hour

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
        ("dual", "i8"),  # it may carry nuclear warheads
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
    for a in range(len(assets)):
        asset = assets[a]
        asset.there = 0
        asset.left = asset.draw.whole
        asset.missiles = asset.can.stock * asset.draw.whole
        asset.ready = ready_hour(
            asset.entity, asset.side, asset.reinforces, 0.0, asset.draw.notice_hours, world, scene
        )


@rule
def count_fleet(assets: Table, reach: Reach, side: int) -> float:
    """Aircraft of a side that are left, those not yet there too."""
    aircraft = 0.0
    for a in range(reach.arms[AIR], reach.arms[AIR + 1]):
        asset = assets[a]
        if asset.side == side and asset.ready < NEVER:
            aircraft += asset.can.aircraft * asset.left
    return aircraft


@rule
def worn(share_a_day: float) -> float:
    """What a day leaves of something that loses `share_a_day` of what is left."""
    return math.exp(-share_a_day)
