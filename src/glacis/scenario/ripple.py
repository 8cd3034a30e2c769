"""What an ending sets off elsewhere: other theatres, credibility, weapons of allies' own.

Effects are factors on yearly hazards, or shares. The rules that use them stand in `glacis.ripple`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from glacis.scenario.fields import (
    Collection,
    Factor,
    Horizon,
    Id,
    Ids,
    Measured,
    Months,
    NonNegative,
    Record,
    Share,
    Text,
)
from glacis.scenario.quantity import Quantity

YearlyHazard = Annotated[Quantity, Measured("1/year", at_least=0, at_most=2)]
Rise = Annotated[Quantity, Measured("1", at_least=1, at_most=20)]


class Guarantor(Record):
    """Members whose promise counts as one in the rest of the world."""

    name: Text
    members: Ids = Field(description="the nations that it stands for", min_length=1)
    resolve: Annotated[
        Share, Field(description="how likely it would fight, as those who lean on it hold it")
    ]
    capability: Annotated[
        Share, Field(description="share of what a war elsewhere takes that it can bring there")
    ]
    reliance: Annotated[
        NonNegative, Field(description="weight of its promise among those that protectees lean on")
    ]
    troops: Annotated[
        Quantity | None,
        Measured("people", above=0),
        Field(
            description="people whom it could station anywhere; a posture ties down a share of "
            "them, none if left out"
        ),
    ] = None


class OtherTheatre(Record):
    """A part of the world where a crisis would call on a guarantor's forces."""

    name: Text
    guarantor: Id = Field(description="the guarantor that it leans on")
    hazard: Annotated[
        YearlyHazard, Field(description="of a crisis there, as long as nothing happens here")
    ]
    description: Text = ""


class Effects(Record):
    """What raises the hazard of a crisis in the other theatres: factors on it."""

    distraction: Annotated[
        Rise, Field(description="while the guarantor that the theatre leans on fights here")
    ]
    attention: Annotated[
        Share,
        Field(description="power of that factor that acts on a guarantor that does not fight"),
    ]
    lingers_months: Annotated[
        Months, Field(description="from the end of the fighting until nobody is distracted")
    ]
    munitions: Annotated[
        Rise, Field(description="if the munitions that other theatres need are all spent")
    ]
    refill_years: Annotated[
        Quantity, Measured("years", above=0), Field(description="to make them again, evenly")
    ]
    worn: Annotated[
        Share, Field(description="share of a guarantor's capability that is gone without them")
    ]
    overstretch: Annotated[
        Rise, Field(description="if all that the guarantor has were stationed here in peace")
    ]
    credibility: Annotated[Rise, Field(description="if the guarantor's resolve is all lost")]
    cascade: Annotated[
        Rise, Field(description="for each crisis that goes on elsewhere with the same guarantor")
    ]
    crisis_months: Annotated[
        Quantity,
        Measured("months", at_least=1),
        Field(description="that a crisis elsewhere ties its guarantor down, on average"),
    ]


class Reputation(Record):
    """What is inferred of a guarantor's resolve from what it did here."""

    reading: Annotated[
        Share,
        Field(description="whether past acts tell at all: 0 they do not, 1 they do"),
    ]
    abandonment: Annotated[
        Share, Field(description="share of resolve lost by a guarantor that stood aside")
    ]
    blocked: Annotated[
        Share, Field(description="share of that for one that would have stood and was blocked")
    ]
    limited: Annotated[
        Share, Field(description="share of that if the answer was a limited one and not none")
    ]
    stalemate: Annotated[
        Share, Field(description="share of resolve lost by those that fought to a stalemate")
    ]
    reassured: Annotated[
        Share,
        Field(description="share of the resolve it lacks that the most reassuring posture adds"),
    ]


class Protectees(Record):
    """Protected states that could start a nuclear programme, and what makes them.

    Factors are on the yearly hazard of one of them.
    """

    number: Annotated[
        Quantity, Measured("1", at_least=0, at_most=200), Field(description="how many could")
    ]
    hazard: Annotated[YearlyHazard, Field(description="that one of them starts a programme")]
    abandoned: Annotated[Factor, Field(description="if the promises they lean on are all broken")]
    stalemate: Annotated[Factor, Field(description="if an ally's ground is not won back")]
    won: Annotated[Factor, Field(description="if an attack is repelled or its gains are retaken")]
    deterred: Annotated[Factor, Field(description="if the attack does not come")]
    nuclear_use: Annotated[Factor, Field(description="if a nuclear weapon is used")]
    reassured: Annotated[Factor, Field(description="under the most reassuring posture, in peace")]
    years: Horizon = Field(10.0, description="years over which programmes are counted")


class Ripple(Record):
    """What the ending sets off in the rest of the world."""

    guarantors: Annotated[dict[Id, Guarantor], Collection]
    theatres: Annotated[dict[Id, OtherTheatre], Collection] = Field(default_factory=dict)
    effects: Effects
    reputation: Reputation
    protectees: Protectees
    years: Horizon = Field(5.0, description="years from the attack in which crises are counted")


__all__ = ["Effects", "Guarantor", "OtherTheatre", "Protectees", "Reputation", "Ripple"]
