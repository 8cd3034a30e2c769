"""The alliance: who sits on the council, what each weighs, and the council's rule.

Leanings are log odds: what a member does is as likely as the sum of its terms makes it.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from glacis.scenario.fields import (
    Collection,
    Days,
    Ids,
    Measured,
    NationId,
    NonNegative,
    Number,
    People,
    Record,
    Share,
    Text,
)
from glacis.scenario.quantity import Quantity

Step = Annotated[Quantity, Measured("1", above=0)]
Bandwagon = Annotated[Quantity, Measured("1", at_least=0, at_most=8)]
Shock = Annotated[Quantity, Measured("1", at_least=0, at_most=2)]
Base = Annotated[Quantity, Measured("share", at_least=0.3, at_most=0.75)]
Points = Annotated[Quantity, Measured("share", at_least=0, at_most=0.24)]
Doubtful = Annotated[Quantity, Measured("share", at_least=0.01, at_most=0.4)]
OpenShare = Annotated[Quantity, Measured("share", at_least=0.01, at_most=0.99)]


class Member(Record):
    """One state of the alliance, as it stands before the crisis."""

    name: Text
    sits: bool = Field(True, description="whether it sits on the council")
    support: Annotated[
        OpenShare, Field(description="share of its public for using force for an ally, as polled")
    ]
    executive: Annotated[
        Number,
        Field(description="log odds by which its government by itself is for a full answer"),
    ]
    capability: Annotated[Share, Field(description="share of what all members spend on defence")]
    exposure: Annotated[Share, Field(description="how near it feels the threat, 0 to 1")]
    populism: Annotated[Share, Field(description="weight of populists in its politics, 0 to 1")]
    isolationism: Annotated[Share, Field(description="weight of those who would stay out, 0 to 1")]
    trust: Annotated[Share, Field(description="how far it trusts its allies to stand too, 0 to 1")]
    ties: Annotated[Share, Field(description="energy and trade that it has with Red, 0 to 1")]


class Public(Record):
    """What moves the public of a member once an ally is attacked.

    Effects are measured as points of support at one base; they become log odds.
    """

    base: Annotated[Base, Field(description="support at which the effects were measured")]
    wording: Annotated[
        NonNegative, Field(description="log odds that a kinder wording of the question adds")
    ]
    presence_gain: Annotated[Points, Field(description="points if allied troops stand there")]
    deaths_gain: Annotated[Points, Field(description="points if many of them have died")]
    killed: Annotated[Share, Field(description="share of casualties that die")]
    deaths_half: Annotated[
        People, Field(description="dead allied troops at which half of those points are gained")
    ]
    even_loss: Annotated[
        Points, Field(description="points lost at even odds of success, not certain")
    ]
    doubtful_loss: Annotated[
        Points, Field(description="points lost where success is doubtful, against near certainty")
    ]
    horizon_days: Annotated[
        Days, Field(description="days from the answer within which success must come to count")
    ]
    doubtful_odds: Annotated[
        Doubtful, Field(description="probability of success that the public calls doubtful")
    ]


class Government(Record):
    """Weights of what moves a member's government, in log odds."""

    gain: Annotated[NonNegative, Field(description="how far it follows its public's log odds")]
    odds: Annotated[NonNegative, Field(description="from even odds of success to certain success")]
    exposure: Annotated[NonNegative, Field(description="from no exposure to the nearest")]
    trust: Annotated[NonNegative, Field(description="from no trust in allies to full trust")]
    populism: Annotated[
        NonNegative, Field(description="from no populists to nothing else: against")
    ]
    isolationism: Annotated[NonNegative, Field(description="the same of those who would stay out")]
    ties: Annotated[NonNegative, Field(description="from no ties with Red to the closest, against")]
    own_troops: Annotated[NonNegative, Field(description="if its own troops stand there")]
    own_dead: Annotated[NonNegative, Field(description="if many of its own troops have died")]
    own_dead_half: Annotated[
        People, Field(description="own dead at which half of that weight is felt")
    ]
    cost: Annotated[NonNegative, Field(description="if many casualties are expected: against")]
    cost_half: Annotated[
        People, Field(description="casualties expected at which half of that weight is felt")
    ]
    nuclear: Annotated[
        NonNegative, Field(description="for each tenth of a probability of nuclear use, against")
    ]
    stakes: Annotated[
        NonNegative, Field(description="if next to nothing of the defended states is at stake")
    ]
    stakes_half: Annotated[
        Share, Field(description="share of their people at stake at which half of that is felt")
    ]
    step: Annotated[
        Step, Field(description="log odds by which a limited answer is easier than a full one")
    ]


class Council(Record):
    """How leanings become one answer."""

    pivotal: Ids = Field(description="members without whom there is no full answer", min_length=1)
    coalition: Annotated[
        int, Field(ge=1, le=40, description="willing members that are enough, the pivotal included")
    ]
    abstain: Annotated[
        Share,
        Field(description="probability that a member that leans to nothing abstains, not blocks"),
    ]
    shock: Annotated[
        Shock,
        Field(description="standard deviation of log odds that all share by luck"),
    ]
    bandwagon: Annotated[
        Bandwagon,
        Field(description="log odds from half of the alliance being willing to all of it"),
    ]
    delay_days: Annotated[Days, Field(description="from H-hour to an answer if nobody hesitates")]
    hesitation_days: Annotated[
        Days, Field(description="more for each member expected to lean to less than a full answer")
    ]


class Cohesion(Record):
    """What a long war costs the alliance's will, in log odds of those that carry it."""

    felt_from: Annotated[
        Quantity, Measured("people", above=0), Field(description="dead from which losses are felt")
    ]
    losses: Annotated[NonNegative, Field(description="for each doubling of the dead past those")]
    months: Annotated[NonNegative, Field(description="for each month of war")]
    empty: Annotated[NonNegative, Field(description="for each class of munitions that has run out")]
    reserve: Annotated[
        Number, Field(description="what the will is above giving up once the answer is full")
    ]
    spread: Annotated[
        NonNegative, Field(description="standard deviation of that reserve from war to war")
    ]


class Alliance(Record):
    """The alliance and its council."""

    members: Annotated[dict[NationId, Member], Collection]
    public: Public
    government: Government
    council: Council
    cohesion: Cohesion


__all__ = ["Alliance", "Cohesion", "Council", "Government", "Member", "Public"]
