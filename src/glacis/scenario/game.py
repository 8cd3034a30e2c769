"""A game as it is declared: who moves at which stage, what follows, who sees it, what it pays."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from glacis.scenario.fields import Id, Ids, Number, Record, Share, Text

#: What a draw of a crisis may be bound to: Red's type, the attack up to the council's decision,
#: and the council's answer.
Event = Literal["insecure", "gained", "none", "limited", "full"]

ANSWERS = ("none", "limited", "full")
"""What the council may answer."""

CHANCE = "chance"
"""Who moves at a stage where lots are drawn."""


class Case(Record):
    """What is paid besides, if the game has come along a certain way."""

    when: dict[Id, Ids] = Field(
        description="stage to the actions of which one was taken there; all stages must fit",
        min_length=1,
    )
    pays: dict[Id, Number] = Field(default_factory=dict)
    wins: dict[Id, Number] = Field(default_factory=dict)


class Move(Record):
    """One thing that can be done, or happen, at a stage.

    What is bound to the war (forecast, believed, war, keeps) is for the crisis of a scenario.
    """

    then: Id | None = Field(None, description="the stage that follows; the game ends if left out")
    probability: Share | None = Field(
        None, description="of a draw; one draw of a stage leaves it out and takes the rest"
    )
    pays: dict[Id, Number] = Field(
        default_factory=dict,
        description="what players get by it (a crisis: attributes); payments on a way add up",
    )
    cases: tuple[Case, ...] = Field((), description="what they get besides, by what went before")
    forecast: Event | None = Field(
        None, description="instead of a probability: what is forecast or believed of the war"
    )
    believed: Share | None = Field(
        None, description="what the challenger takes the probability for, if it errs"
    )
    war: Literal["decision", "end", "abandoned"] | None = Field(
        None,
        description="until when the war goes on this way: the council's decision; its end; or its "
        "end without the help that the council decided on",
    )
    wins: dict[Id, Number] = Field(
        default_factory=dict,
        description="what is paid besides, by the share of what the attack aims at that the "
        "challenger keeps",
    )
    keeps: Share | None = Field(
        None, description="share of the ground it then holds that the challenger keeps"
    )


class Stage(Record):
    """A point of the game where one player moves, or chance draws."""

    name: Text = ""
    player: Id = Field(description="who moves; chance draws lots")
    actions: dict[Id, Move] = Field(description="what can be done here, by id", min_length=1)
    seen_by: Ids | None = Field(
        None, description="who learns of it, besides the mover; all players if left out"
    )


class Form(Record):
    """A finite game in extensive form: stages that follow one another, never in a circle.

    What a player knows when it moves is all that it has seen: its information sets follow from
    that, and it forgets nothing.
    """

    players: Ids = Field(description="in the order in which their payoffs are told", min_length=1)
    start: Id | None = Field(None, description="the first stage; the first written if left out")
    stages: dict[Id, Stage] = Field(min_length=1)


class GameFile(Form):
    """A game that stands in a file of its own."""

    format: Literal[1]
    title: Text
    description: Text
    solution: Text = Field("", description="what is known of its equilibrium")
