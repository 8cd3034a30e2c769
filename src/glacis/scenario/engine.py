"""The numbers of the ground campaign: what the engine's rules are given in each world.

Each class below becomes, field by field, a NamedTuple of arrays with one value per world
(`glacis.campaign.compile`). The rules that use them stand in `glacis.campaign`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from glacis.scenario.arms import Air, ArmName, Counter, Escalation, Fires, Lift, Sea, Supply
from glacis.scenario.fields import (
    Battalions,
    BattalionsPerDay,
    BattalionsPerKm,
    Days,
    Factor,
    Hours,
    Km,
    KmPerDay,
    KmPerHour,
    Measured,
    NonNegative,
    PerThousandADay,
    Record,
    Share,
    ShareADay,
    one_or_many,
)
from glacis.scenario.quantity import Quantity


class Movement(Record):
    """How fast columns advance, by regime, and what roads carry."""

    unopposed: Annotated[KmPerDay, Field(description="advance against nobody")]
    light_delay: Annotated[KmPerDay, Field(description="advance against a light delay or screen")]
    organised: Annotated[KmPerDay, Field(description="advance against an organised defence")]
    fortified: Annotated[KmPerDay, Field(description="advance through deep fortification")]
    light_delay_at: Annotated[
        Factor, Field(description="defender over attacker power at which light delay is felt")
    ]
    organised_at: Annotated[
        Factor, Field(description="defender over attacker power that makes a defence organised")
    ]
    blocking: Annotated[
        Share, Field(description="share of the resistance that slows columns; 0 is none")
    ]
    dispersed: Annotated[
        Share,
        Field(description="share of combat's dispersion, in logs, that shows in rates of advance"),
    ]
    march: Annotated[KmPerHour, Field(description="pace of a fresh column on an open road")]
    fresh_hours: Annotated[
        Hours, Field(description="hours a fresh column keeps that pace before the day's rate")
    ]
    own_ground: Annotated[KmPerDay, Field(description="day's road march on friendly ground")]
    lane_flow: Annotated[
        BattalionsPerDay,
        Field(description="battalions a day one lane passes beyond the first brigade"),
    ]
    free_column: Annotated[
        Battalions, Field(description="battalions that share a road without delay: a brigade")
    ]
    railhead_reach: Annotated[
        Km, Field(description="distance from the attacker's railhead at which flow falls")
    ]
    beyond_railhead: Annotated[Share, Field(description="share of the flow left beyond it")]
    contact_depth: Annotated[
        Quantity,
        Measured("km", above=0),
        Field(description="depth to which a brigade in a place covers its approaches"),
    ]


class TerrainDefence(Record):
    """Factor on a defender's power by terrain."""

    open: Factor
    mixed: Factor
    forest: Factor
    marsh: Factor
    urban: Factor
    desert: Factor
    mountain: Factor


class Combat(Record):
    """How battalions in contact wear each other down, and when they break."""

    attacker_loss: Annotated[
        ShareADay, Field(description="attacker's loss a day, pressed, at equal effective power")
    ]
    defender_loss: Annotated[
        ShareADay, Field(description="defender's loss a day, pressed, at equal effective power")
    ]
    exponent: Annotated[
        Quantity,
        Measured("1", at_least=0, at_most=2),
        Field(description="Lanchester exponent: 0 logarithmic, 0.5 linear, 1 square law"),
    ]
    dispersion: Annotated[
        Quantity,
        Measured("1", at_least=0, at_most=10),
        Field(description="standard deviation of the log effective ratio"),
    ]
    luck_share: Annotated[
        Quantity,
        Measured("share", at_least=0, at_most=0.5),
        Field(description="share of that variance drawn once an engagement; the rest is quality"),
    ]
    surge_days: Annotated[Days, Field(description="time constant of the first, full effort")]
    sustained_tempo: Annotated[
        Share, Field(description="share of time an attack is pressed once the surge is spent")
    ]
    press_at: Annotated[
        Factor, Field(description="attacker over defender power below which it is not pressed")
    ]
    breakpoint_red: Annotated[Share, Field(description="loss at which a Red battalion is spent")]
    breakpoint_blue: Annotated[Share, Field(description="loss at which a Blue battalion breaks")]
    hasty: Annotated[Factor, Field(description="defender's factor without preparation")]
    prepared: Annotated[Factor, Field(description="defender's factor in a prepared position")]
    fortified: Annotated[Factor, Field(description="defender's factor in fortification")]
    prepare_hours: Annotated[Hours, Field(description="hours in place that make it prepared")]
    terrain: TerrainDefence
    surprise: Annotated[Factor, Field(description="attacker's factor at H-hour")]
    surprise_days: Annotated[Days, Field(description="days over which surprise decays")]
    density: Annotated[
        BattalionsPerKm,
        Field(description="power that a kilometre of front holds, in full armoured battalions"),
    ]
    supply_days: Annotated[Days, Field(description="days of fighting on what a force carries")]
    isolated_power: Annotated[
        Quantity,
        Measured("share", above=0, at_most=1),
        Field(description="power left to a force out of supply"),
    ]
    pursuit: Annotated[Factor, Field(description="mobility over the pursuer's needed to get away")]
    delay_break: Annotated[
        Share, Field(description="loss at which a force ordered to delay goes back")
    ]
    rest_days: Annotated[Days, Field(description="days after which a spent battalion fights again")]
    fortify_days: Annotated[
        Days, Field(description="days in which Red fortifies in depth a place that it holds")
    ]
    lull_days: Annotated[
        Quantity,
        Measured("days", at_least=1),
        Field(description="days without fighting that end a war with no ground to win back"),
    ]


class WarningTime(Record):
    """What comes before H-hour, and how long the council takes."""

    days: Annotated[Days, Field(description="warning before H-hour")]
    acted: Annotated[Share, Field(description="probability that it is acted on at once")]
    notice_spread: Annotated[
        NonNegative, Field(description="standard deviation of the log of notice kept over given")
    ]
    decision_days: Annotated[Days, Field(description="from H-hour to the council's answer")]


class Obstacles(Record):
    """Demolitions and belts."""

    prepare_hours: Annotated[Hours, Field(description="from alert to demolitions prepared")]
    fired: Annotated[Share, Field(description="probability that a prepared one is fired in time")]
    engineers: Annotated[Factor, Field(description="delay met over the delay given for the leg")]
    belt: Annotated[
        Quantity,
        Measured("1", at_least=1),
        Field(description="times slower through belts alone, without a defender"),
    ]


class Losses(Record):
    """What becomes of people."""

    captured: Annotated[
        Share, Field(description="share of a destroyed battalion's remaining people captured")
    ]
    civilians: Annotated[
        PerThousandADay, Field(description="civilian dead and wounded in a fought-over place")
    ]


class Campaign(Record):
    """All numbers of the campaign: those of the ground war, and of the arms that there are."""

    movement: Movement
    combat: Combat
    warning: WarningTime
    obstacles: Obstacles
    losses: Losses
    air: Air | None = None
    fires: Fires | None = None
    sea: Sea | None = None
    lift: Lift | None = None
    supply: Supply | None = None
    counter: Counter | None = None
    escalation: Escalation | None = None
    without: Annotated[
        tuple[ArmName, ...],
        BeforeValidator(one_or_many, json_schema_input_type=str | tuple[str, ...]),
        Field(description="arms that are switched off, to see what they do"),
    ] = ()
