"""What is no battalion: squadrons, batteries and ship groups, sea lanes, and arsenals."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from glacis.scenario.fields import (
    Aircraft,
    Collection,
    Growth,
    Id,
    Km,
    Measured,
    Mines,
    Missiles,
    MissilesPerDay,
    Months,
    NationId,
    NonNegative,
    Record,
    Rounds,
    RoundsPerDay,
    RoundsPerMonth,
    Share,
    Ships,
    SortiesPerDay,
    Text,
)
from glacis.scenario.quantity import Quantity

SystemArm = Literal[
    "air",
    "air-defence",
    "missiles",
    "coastal-missiles",
    "artillery",
    "helicopters",
    "minehunters",
    "minelayers",
]

#: The numbers that a system of each arm must have; others mean nothing to it.
NEEDS: dict[str, tuple[str, ...]] = {
    "air": ("aircraft", "air_combat", "strike", "suppression"),
    "air-defence": ("worth", "engagements", "reach_km"),
    "missiles": ("salvo", "stock", "reach_km"),
    "coastal-missiles": ("reach_km",),
    "artillery": ("support",),
    "helicopters": ("support",),
    "minehunters": ("ships",),
    "minelayers": ("mines",),
}


class System(Record):
    """A kind of squadron, battery or ship group: its arm, and what one of it can do."""

    name: Text
    symbol: Id = Field("fires", description="unit symbol on maps")
    arm: SystemArm
    aircraft: Annotated[Aircraft | None, Field(description="aircraft of a squadron")] = None
    air_combat: Annotated[
        NonNegative | None,
        Field(description="worth of its sortie in the air; a modern fighter is 1"),
    ] = None
    strike: Annotated[
        NonNegative | None,
        Field(description="worth of its sortie against the ground; a fighter-bomber is 1"),
    ] = None
    suppression: Annotated[
        NonNegative | None,
        Field(description="worth of its sortie against air defence; a specialist is 1"),
    ] = None
    worth: Annotated[
        SortiesPerDay | None,
        Field(description="what a battery weighs in the air, in a fighter's sorties a day"),
    ] = None
    engagements: Annotated[
        MissilesPerDay | None, Field(description="missiles that a battery can engage in a day")
    ] = None
    reach_km: Annotated[Km | None, Field(description="how far it reaches")] = None
    salvo: Annotated[
        MissilesPerDay | None,
        Field(description="missiles fired in a day, reloads included"),
    ] = None
    stock: Annotated[Missiles | None, Field(description="missiles at H-hour")] = None
    dual_capable: Annotated[
        NonNegative | None,
        Field(description="launchers that may carry nuclear warheads, in brigades of twelve"),
    ] = None
    fires: Literal["guns", "rockets"] = Field(
        "guns", description="class of munitions that an artillery battalion fires"
    )
    support: Annotated[
        NonNegative | None,
        Field(description="fire support of ground combat; an artillery battalion is 1"),
    ] = None
    ships: Annotated[Ships | None, Field(description="ships of a group")] = None
    mines: Annotated[Mines | None, Field(description="mines that a group lays in all")] = None


class Lane(Record):
    """A sea lane from a port off the map to a place that has one."""

    start: str = Field(alias="from", description="name of the port where it begins")
    nation: NationId = Field(description="whose port that is; a neutral's is closed to Blue")
    end: Id = Field(alias="to", description="place with a port where it ends")
    length_nm: Annotated[
        Quantity, Measured("nm", above=0), Field(description="great circle between the two")
    ]


class Stock(Record):
    """One class of munitions: what there is, what was given away, how it is used and made."""

    name: Text
    feeds: Literal["guns", "rockets", "anti-tank", "air-strikes", "air-defence"] = Field(
        description="what fights with it"
    )
    stock: Annotated[Rounds, Field(description="held before anything was given away")]
    given: Annotated[Rounds, Field(description="pledged to others before the war")]
    delivered: Annotated[Share, Field(description="share of the pledges that has left the stock")]
    use: Annotated[RoundsPerDay, Field(description="used a day when everything that fires it does")]
    production: Annotated[RoundsPerMonth, Field(description="made in a month at the recent rate")]
    surge: Annotated[Growth, Field(description="times that, once production has grown")]
    surge_months: Annotated[Months, Field(description="months until it has")]
    without: Annotated[Share, Field(description="effect left to what fires it when it has run out")]


class Arsenals(Record):
    """Both sides' munitions by class."""

    red: Annotated[dict[Id, Stock], Collection] = Field(default_factory=dict)
    blue: Annotated[dict[Id, Stock], Collection] = Field(default_factory=dict)
