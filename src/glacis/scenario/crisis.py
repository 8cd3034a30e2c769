"""A scenario's crisis: the game that its challenger plays, and what its ends are worth to whom.

Its chance is bound to forecasts of the war and to the council's answer. The rules that bind them
stand in `glacis.crisis.binding`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from glacis.scenario.fields import (
    Collection,
    Factor,
    Id,
    Km,
    Measured,
    NonNegative,
    Number,
    Record,
    Share,
    Text,
)
from glacis.scenario.game import Form
from glacis.scenario.quantity import Quantity

SMALLEST_SCALE = 1e-3
"""Worth of a full success, by the unit of weights, below which scaling means nothing."""

REFRAIN = "refrain"
"""The action by which the challenger leaves things as they are."""
GREY_ZONE = "grey-zone"
"""The action by which it harms its rival short of an armed attack."""

Measure = Literal["ground", "red-losses", "blue-losses", "nuclear", "threat"]
"""What the war, or the posture, says of an end.

``ground``: share of the defended states' people on ground that Red keeps. Losses: share of a
side's people killed or wounded. ``nuclear``: probability of a use that nobody ordered. ``threat``:
offensive capability near Red above a posture's, 0 to 1, felt where Red refrains.
"""


class Attribute(Record):
    """One thing that an end of the crisis brings, for whom it matters to."""

    name: Text
    measure: Measure | None = Field(
        None, description="what the war says of it, besides what moves pay"
    )


class Temper(Record):
    """A type of a player: what it cares about."""

    name: Text
    player: Id
    weights: dict[Id, Number] = Field(
        description="attribute to what one of it is worth; nothing if left out", min_length=1
    )


class Provocation(Record):
    """What counts as a threat to Red: offensive capability within reach of its ground."""

    above: Id = Field(description="the posture whose level is taken as given")
    within_km: Annotated[Km, Field(description="distance from Red's nearest place")]
    weights: dict[Id, NonNegative] = Field(
        description="type or system to what one at full strength counts; nothing if left out"
    )
    half: Annotated[
        Quantity,
        Measured("1", above=0),
        Field(description="capability above that level at which half of the threat is felt"),
    ]


class Crisis(Form):
    """The crisis as a game: who decides what, and what every end is worth."""

    challenger: Id = Field(description="the player that is Red")
    attributes: Annotated[dict[Id, Attribute], Collection]
    types: Annotated[dict[Id, Temper], Collection] = Field(
        description="of players; drawn by chance where a player has several"
    )
    success: dict[Id, Number] = Field(
        description="attributes of an uncontested full success, which is worth 1 to each of "
        "Red's types; the status quo is worth 0",
        min_length=1,
    )
    precision: Annotated[Factor, Field(description="of choice, by the worth of that success")]
    optimism: Annotated[
        Factor, Field(description="what Red takes its effectiveness for, over what it is")
    ]
    insight: Annotated[
        Share,
        Field(
            description="how far Red foresees that the answer hangs on what the members will see"
        ),
    ]
    occasions_per_year: Annotated[
        Quantity,
        Measured("1/year", at_least=0),
        Field(description="moments of decision a year"),
    ]
    provocation: Provocation
    holding: Annotated[
        Share | None,
        Field(
            description="share of what an attack aims at from which Red counts as holding ground "
            "in the end; any, if left out"
        ),
    ] = None
