"""What a war costs the defended and those who help them: a price for each thing that it takes.

Red's losses have no price here, and lost credibility has none of its own. The rules that use the
prices stand in `glacis.assess.loss`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from glacis.scenario.fields import (
    Beur,
    BeurPerYear,
    Factor,
    Horizon,
    Id,
    Measured,
    Meur,
    MeurPerDay,
    NationId,
    Record,
    Share,
)
from glacis.scenario.quantity import Quantity


class DayOfWar(Record):
    """What a day of fighting costs, by the council's answer: the forces, and what they destroy."""

    none: Annotated[MeurPerDay, Field(description="if the attacked fight alone")]
    limited: Annotated[MeurPerDay, Field(description="if the others answer short of fighting")]
    full: Annotated[MeurPerDay, Field(description="if the alliance fights")]


class WorldShock(Record):
    """What an attack costs the world's economy in the year that follows."""

    output: Annotated[BeurPerYear, Field(description="output of the world in a year")]
    lost: Annotated[
        Share, Field(description="share of it that is lost if the answer is a limited one")
    ]
    unanswered: Annotated[Factor, Field(description="on that share, if nobody answers")]
    fought: Annotated[Factor, Field(description="on that share, if the alliance fights")]


class Loss(Record):
    """What is lost, in money: prices, and how later years count."""

    above: Id = Field(description="the posture above whose cost other postures' are counted")
    life: Annotated[Meur, Field(description="value of a life")]
    wounded: Annotated[Share, Field(description="value of a wounded person, as a share of a life")]
    civilians_dead: Annotated[Share, Field(description="share of civilian casualties that die")]
    gdp: dict[NationId, BeurPerYear] = Field(
        description="defended nation to what it produces in a year", min_length=1
    )
    idle: Annotated[Share, Field(description="share of what occupied ground produced that is lost")]
    occupied_years: Annotated[
        Quantity,
        Measured("years", at_least=0),
        Field(description="that ground stays occupied which Red holds when the fighting ends"),
    ]
    war: DayOfWar
    munitions: Annotated[
        Beur, Field(description="to replace all munitions of the arsenals, if they are all spent")
    ]
    world: WorldShock
    nuclear: Annotated[Beur, Field(description="all that follows if a nuclear weapon is used")]
    second_theatre: Annotated[Beur, Field(description="a crisis in another theatre")]
    programme: Annotated[Beur, Field(description="a new nuclear programme")]
    discount: Annotated[
        Share, Field(description="by which what comes a year later counts for less")
    ]
    years: Horizon = Field(5.0, description="years over which losses and costs are counted")


__all__ = ["DayOfWar", "Loss", "WorldShock"]
