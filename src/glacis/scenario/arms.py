"""The numbers of the arms that fight beside the ground forces, in each world.

A section becomes, field by field, floats of the engine's tables, as those of
`glacis.scenario.engine` do. An arm whose section a scenario leaves out is not fought with.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from glacis.scenario.fields import (
    Aircraft,
    Battalions,
    BattalionsPerDay,
    Days,
    Factor,
    Growth,
    Hazard,
    Hours,
    Km,
    KmPerHour,
    Measured,
    MinesPerDay,
    NonNegative,
    Record,
    SearchPerDay,
    Share,
    ShareADay,
    Ships,
    SortiesPerDay,
    Trains,
    TrainsPerDay,
)
from glacis.scenario.quantity import Quantity

ArmName = Literal["air", "fires", "sea", "lift", "supply", "arsenals", "counter", "escalation"]

Nm = Annotated[Quantity, Measured("nm", at_least=0)]


class Air(Record):
    """The contest for the air, and what its winner does to the ground."""

    sorties: Annotated[
        SortiesPerDay, Field(description="sorties of one aircraft a day, its base undamaged")
    ]
    loss: Annotated[ShareADay, Field(description="aircraft lost a day at equal odds in the air")]
    exponent: Annotated[
        Quantity,
        Measured("1", at_least=0, at_most=2),
        Field(description="Lanchester exponent of the contest, as that of ground combat"),
    ]
    press_at: Annotated[
        Factor, Field(description="odds in the air below which a side keeps its aircraft back")
    ]
    worst_odds: Annotated[
        Factor, Field(description="odds in the air below which losses grow no further")
    ]
    dispersion: Annotated[
        Quantity,
        Measured("1", at_least=0, at_most=5),
        Field(description="standard deviation of the log quality of the sides' crews"),
    ]
    suppress_days: Annotated[
        Days, Field(description="days of a full effort until air defence is down to a third")
    ]
    suppress_sorties: Annotated[
        SortiesPerDay, Field(description="suppression sorties against one battery: a full effort")
    ]
    hidden: Annotated[
        Share, Field(description="share of air defence that no suppression finds in time")
    ]
    kills: Annotated[
        Battalions,
        Field(description="battalion-equivalents destroyed by a hundred strike sorties"),
    ]
    most_kills: Annotated[
        BattalionsPerDay, Field(description="most that a side's air force destroys in a day")
    ]
    enough_targets: Annotated[
        Quantity,
        Measured("battalions", above=0),
        Field(description="enemy battalions within reach that a full effort needs to be spent on"),
    ]
    unfound: Annotated[
        Share, Field(description="share of a battalion that is never found from the air")
    ]
    dug_in: Annotated[
        Share, Field(description="of those kills, against battalions dug in and not fighting")
    ]
    close_share: Annotated[
        Share, Field(description="share of strike sorties in close support, the rest interdicts")
    ]
    close_support: Annotated[
        Growth, Field(description="factor on the odds from unlimited close support")
    ]
    close_sorties: Annotated[
        SortiesPerDay,
        Field(description="close support sorties a day that give half of what they can"),
    ]
    drag: Annotated[
        Growth, Field(description="times slower on the march under the enemy's full interdiction")
    ]
    displaced: Annotated[
        Share,
        Field(description="share of its sorties that a squadron flies without its base"),
    ]


class Fires(Record):
    """Missiles against bases, ports and railways; guns and helicopters beside the battalions."""

    arrive: Annotated[Share, Field(description="share of missiles that neither fail nor stray")]
    held_back: Annotated[Share, Field(description="share of the missiles that is not fired")]
    intercept: Annotated[Share, Field(description="share of engaged missiles brought down")]
    aim_airfields: Annotated[NonNegative, Field(description="weight of an airfield as a target")]
    aim_ports: Annotated[NonNegative, Field(description="weight of a port as a target")]
    aim_railways: Annotated[NonNegative, Field(description="weight of a railhead as a target")]
    to_close: Annotated[
        Quantity,
        Measured("missiles", above=0),
        Field(description="missiles arrived that leave a third of a place's facilities"),
    ]
    site_squadrons: Annotated[
        Quantity,
        Measured("squadrons", above=0),
        Field(description="squadrons on one site; airfields that serve more are several"),
    ]
    repair_days: Annotated[
        Days, Field(description="days of repair until a third of the damage is left")
    ]
    on_ground: Annotated[
        Aircraft, Field(description="aircraft destroyed on the ground by a missile that arrives")
    ]
    hunt_days: Annotated[
        Days,
        Field(description="days of full control of the air until a third of the launchers is left"),
    ]
    support: Annotated[
        Quantity,
        Measured("1", at_least=0, at_most=3),
        Field(description="exponent on the ratio of the sides' fire support in ground combat"),
    ]
    floor: Annotated[
        Factor, Field(description="fire support within a battalion, in artillery battalions")
    ]
    interdict: Annotated[
        Share, Field(description="flow that a leg loses which lies wholly under the enemy's guns")
    ]


class Sea(Record):
    """Mines and hunters, ports and what may cross to them."""

    laid_before: Annotated[Share, Field(description="share of the mines laid before H-hour")]
    laying_days: Annotated[Days, Field(description="days after H-hour in which the rest is laid")]
    spread: Annotated[
        NonNegative, Field(description="standard deviation of the log of a port's share of mines")
    ]
    channel_width: Annotated[Nm, Field(description="width of the channel that is swept to a port")]
    search: Annotated[SearchPerDay, Field(description="searched by one ship in a day, in peace")]
    clear: Annotated[MinesPerDay, Field(description="mines cleared by one ship in a day, in peace")]
    full_threat: Annotated[
        Quantity,
        Measured("1", above=0),
        Field(description="batteries of coastal missiles within reach that are a full threat"),
    ]
    under_fire: Annotated[
        Share, Field(description="share of that rate left within reach of coastal missiles")
    ]
    surveyed: Annotated[
        Growth, Field(description="times faster on a channel surveyed and swept before the war")
    ]
    enough: Annotated[Share, Field(description="share of the mines cleared before a port opens")]
    crowd: Annotated[Ships, Field(description="ships that can work in one channel")]
    hunters_lost: Annotated[
        ShareADay, Field(description="ships lost a day within reach of coastal missiles")
    ]
    detour: Annotated[Growth, Field(description="a lane as ships go over its great circle")]
    pace: Annotated[KmPerHour, Field(description="a transport's speed")]
    embark_hours: Annotated[Hours, Field(description="loading and landing a battalion")]
    crossing_loss: Annotated[
        Share, Field(description="share of a crossing lost to coastal missiles at full strength")
    ]
    risk_accepted: Annotated[Share, Field(description="the loss above which no transport is sent")]


class Lift(Record):
    """What brings the reinforcements: trains, aircraft, and the roads they share."""

    trains_per_battalion: Annotated[Trains, Field(description="trains that carry one battalion")]
    transload: Annotated[
        TrainsPerDay, Field(description="trains a day that change gauge at a break")
    ]
    airlift: Annotated[
        BattalionsPerDay, Field(description="battalions a day that land at an undamaged airfield")
    ]
    supply_share: Annotated[
        Share, Field(description="flow that one battalion's supply takes up, of moving it in a day")
    ]
    safe_control: Annotated[
        Quantity,
        Measured("share", above=0, at_most=1),
        Field(description="control of the air at which transports fly as freely as in peace"),
    ]
    kept_free: Annotated[
        Share, Field(description="of a road's flow, left to formations however much supply takes")
    ]
    divert_days: Annotated[
        Days, Field(description="days kept waiting at sea or for a flight until it goes by road")
    ]
    clearance_hours: Annotated[
        Hours, Field(description="from ready to under way: permits, paths, road space")
    ]


class Supply(Record):
    """What reaches a force far from its railheads, and under the enemy's air."""

    short_per_100km: Annotated[
        Share, Field(description="share of the need missing for each 100 km beyond reach")
    ]
    blue_reach: Annotated[Km, Field(description="distance from its sources that Blue supplies")]
    restored: Annotated[
        Quantity,
        Measured("km/day", at_least=0),
        Field(description="railway of its own gauge that Red restores behind it"),
    ]
    interdicted: Annotated[
        Share, Field(description="share of supply lost under the enemy's full interdiction")
    ]


class Counter(Record):
    """The way back: when Blue attacks to retake what was lost, and when it stops."""

    wanted: Annotated[
        Factor, Field(description="power gathered over Red's before it, at which it is ordered")
    ]
    least: Annotated[
        Factor,
        Field(description="the same when nobody more is waited for: less, and none is ordered"),
    ]
    wait_days: Annotated[
        Days, Field(description="days after the answer for which more is waited for")
    ]
    prepare_days: Annotated[Days, Field(description="from the order to the attack")]
    halt: Annotated[
        Share, Field(description="loss of the force that attacked at which it is halted")
    ]


class Escalation(Record):
    """Daily hazards of nuclear use that nobody ordered in the game, each at its full extent."""

    use_or_lose: Annotated[
        Hazard, Field(description="while dual-capable launchers are being destroyed")
    ]
    collapse: Annotated[Hazard, Field(description="while Red's force in the theatre collapses")]
    annexed: Annotated[
        Hazard, Field(description="while Blue attacks ground that Red calls its own")
    ]
    fighting: Annotated[
        Hazard, Field(description="while allied and Red's troops fight on allied ground")
    ]
    annexed_after: Annotated[Days, Field(description="days held until Red calls ground its own")]
    collapse_at: Annotated[
        Share, Field(description="loss of Red's force at which it begins to collapse")
    ]
